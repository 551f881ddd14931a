import Vocabulary

/// Where a key lies in a PKCS#11 token: a URI of RFC 7512, the part of it that can name one private key.
///
///     pkcs11:token=Sekisho;object=openid-es256;id=%01?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/sekisho/pin
///
/// A PIN never stands in it: `pin-value` is refused, because a URI is written into files, shown in lists and put into logs.
package struct TokenURI: Hashable, Sendable {
    package let token: String?
    package let manufacturer: String?
    package let model: String?
    package let serial: String?
    package let slot: UInt?
    /// CKA_LABEL.
    package let object: String?
    /// CKA_ID.
    package let id: [UInt8]?
    package let modulePath: String?
    /// As written: `file:…` or `env:…`; what it means is its reader's affair.
    package let pinSource: String?

    package enum Refusal: Error, Hashable, Sendable {
        /// Does not begin with `pkcs11:`, is longer than 1,024 bytes, or has bytes that a URI has not.
        case malformed
        /// Unknown, twice, empty, or not what its value may be. What we do not understand would name another key than was meant.
        case attribute(String)
        case pinInside
        /// No word about which token.
        case anyToken
    }

    package init(_ text: String) throws(Refusal) {
        let prefix = "pkcs11:"
        guard text.utf8.count <= 1024, text.lowercased().hasPrefix(prefix), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw .malformed
        }
        let halves = text.dropFirst(prefix.count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var values: [String: [UInt8]] = [:]
        for (half, mark, known) in [(halves.first, ";" as Character, Self.path), (halves.dropFirst().first, "&", Self.query)] {
            for part in (half ?? "").split(separator: mark, omittingEmptySubsequences: true) {
                let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = String(pair[0])
                guard name != "pin-value" else { throw .pinInside }
                guard pair.count == 2, known.contains(name), values[name] == nil, let value = Self.decoded(pair[1]), !value.isEmpty else {
                    throw .attribute(String(name.prefix(32)))
                }
                values[name] = value
            }
        }
        func string(_ name: String, atMost limit: Int) throws(Refusal) -> String? {
            guard let bytes = values[name] else { return nil }
            guard bytes.count <= limit, !bytes.contains(where: { $0 < 0x20 }), let text = String(validating: bytes, as: UTF8.self) else {
                throw .attribute(name)
            }
            return text
        }
        // As long as CK_TOKEN_INFO has room for.
        token = try string("token", atMost: 32)
        manufacturer = try string("manufacturer", atMost: 32)
        model = try string("model", atMost: 16)
        serial = try string("serial", atMost: 16)
        object = try string("object", atMost: 255)
        modulePath = try string("module-path", atMost: 512)
        pinSource = try string("pin-source", atMost: 512)
        id = values["id"]
        guard (id?.count ?? 1) <= 255 else { throw .attribute("id") }
        if let kind = try string("type", atMost: 32), kind != "private" { throw .attribute("type") }
        if let number = try string("slot-id", atMost: 20) {
            guard let number = UInt(number) else { throw .attribute("slot-id") }
            slot = number
        } else {
            slot = nil
        }
        guard token != nil || serial != nil || slot != nil else { throw .anyToken }
    }

    private init(_ other: TokenURI, object: String?, id: [UInt8]?, keepsQuery: Bool = true) {
        (token, manufacturer, model, serial, slot) = (other.token, other.manufacturer, other.model, other.serial, other.slot)
        (modulePath, pinSource) = keepsQuery ? (other.modulePath, other.pinSource) : (nil, nil)
        (self.object, self.id) = (object, id)
    }

    /// The same token, another object in it.
    package func naming(object: String?, id: [UInt8]?) -> TokenURI { TokenURI(self, object: object, id: id) }

    /// The token alone.
    var tokenOnly: TokenURI { TokenURI(self, object: nil, id: nil, keepsQuery: false) }

    package var namesObject: Bool { object != nil || id != nil }

    /// In one spelling.
    package var text: String {
        var path: [String] = []
        func add(_ name: String, _ value: String?) { if let value { path.append(name + "=" + Self.encoded(Array(value.utf8))) } }
        add("token", token)
        add("manufacturer", manufacturer)
        add("model", model)
        add("serial", serial)
        if let slot { path.append("slot-id=\(slot)") }
        add("object", object)
        if let id { path.append("id=" + id.map { "%" + Self.hexadecimal($0) }.joined()) }
        let query = [("module-path", modulePath), ("pin-source", pinSource)].compactMap { name, value in
            value.map { name + "=" + Self.encoded(Array($0.utf8), also: "/") }
        }
        return "pkcs11:" + path.joined(separator: ";") + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    private static let path: Set<String> = ["token", "manufacturer", "model", "serial", "slot-id", "object", "id", "type"]
    private static let query: Set<String> = ["module-path", "pin-source"]
    private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:".utf8)

    private static func encoded(_ bytes: [UInt8], also more: String = "") -> String {
        bytes.map { plain.contains($0) || more.utf8.contains($0) ? String(UnicodeScalar($0)) : "%" + hexadecimal($0) }.joined()
    }

    private static func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }

    private static func decoded(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Hexadecimal.value), let low = rest.popFirst().flatMap(Hexadecimal.value) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
