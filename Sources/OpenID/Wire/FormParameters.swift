package import Vocabulary

/// Parameters in `application/x-www-form-urlencoded`, a query or a body, read strictly: what two readers could read differently is refused
/// or has no value.
///
/// A parameter without a value counts as left out, and a repeated one has no value at all (RFC 6749 §3.1): `repeated` tells about it.
package struct FormParameters: Sendable {
    /// Bytes of the raw text; a request with a large `claims` and an `id_token_hint` needs about 5,000.
    static let largest = 32_768
    /// Parameters, repetitions included; the richest request of OpenID Connect Core has about 20.
    static let most = 64

    /// Names that came more than once, in the order of their second coming.
    package let repeated: [String]
    /// Names that came without `=`.
    let bare: [String]
    private let values: [String: String]
    /// Every value of a name that came more than once, in their order.
    private let several: [String: [String]]

    package init(_ raw: [UInt8]) throws(FormRefusal) {
        guard raw.count <= Self.largest else { throw .tooLarge(limit: Self.largest) }
        var values: [String: String] = [:]
        var repeated: [String] = []
        var bare: [String] = []
        var several: [String: [String]] = [:]
        var count = 0
        for piece in raw.split(separator: 0x26) {
            count += 1
            guard count <= Self.most else { throw .tooMany(limit: Self.most) }
            let separator = piece.firstIndex(of: 0x3d)
            let name = try Self.decoded(piece[..<(separator ?? piece.endIndex)])
            let value = try separator.map { index throws(FormRefusal) in try Self.decoded(piece[(index + 1)...]) }
            if value == nil { bare.append(name) }
            if let first = values.updateValue(value ?? "", forKey: name) {
                if !repeated.contains(name) { repeated.append(name) }
                several[name, default: [first]].append(value ?? "")
            }
        }
        for name in repeated { values[name] = "" }
        self.values = values
        self.several = several
        self.repeated = repeated
        self.bare = bare
    }

    /// The value that came exactly once and is not empty.
    package subscript(_ name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    /// For the few parameters that may come more than once, such as `resource` (RFC 8707 §2): all values that are not empty.
    package func all(_ name: String) -> [String] {
        several[name]?.filter { !$0.isEmpty } ?? self[name].map { [$0] } ?? []
    }

    /// `+` is a space, `%XX` a byte, the whole UTF-8; anything but printable ASCII must have been encoded.
    static func decoded(_ raw: ArraySlice<UInt8>) throws(FormRefusal) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var index = raw.startIndex
        while index < raw.endIndex {
            let byte = raw[index]
            switch byte {
            case 0x2b: bytes.append(0x20)
            case 0x25:
                guard index + 2 < raw.endIndex, let high = Hexadecimal.value(of: raw[index + 1]),
                    let low = Hexadecimal.value(of: raw[index + 2])
                else { throw .malformed(at: index) }
                bytes.append(high << 4 | low)
                index += 2
            case 0x21...0x7e: bytes.append(byte)
            default: throw .malformed(at: index)
            }
            index += 1
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        return text
    }
}

extension FormParameters {
    /// What may be named several times in a token request (RFC 8707 §2, RFC 8693 §2.1).
    package static let repeatable: Set<String> = ["resource", "audience"]

    /// The body of a client's request: any other parameter that came more than once refuses it (RFC 6749 §3.2).
    package init(body: [UInt8]) throws(TokenRefusal) {
        do throws(FormRefusal) {
            try self.init(body)
        } catch {
            throw TokenRefusal(.invalidRequest, error.explanation)
        }
        if let name = repeated.first(where: { !Self.repeatable.contains($0) }) { throw TokenRefusal(.invalidRequest, .repeated(name)) }
    }
}

/// Why a text is no form.
package enum FormRefusal: Error, Hashable {
    case tooLarge(limit: Int)
    case tooMany(limit: Int)
    case malformed(at: Int)
    case notUTF8
}

extension FormRefusal {
    package var explanation: Explanation {
        switch self {
        case .tooLarge(let limit):
            Explanation(
                "openid.form.too-large", "the request is too long", compared: [.init("limit-bytes", String(limit))],
                clause: "RFC 6749 §3.1", remedy: "send a smaller request")
        case .tooMany(let limit):
            Explanation(
                "openid.form.too-many", "the request has too many parameters", compared: [.init("limit", String(limit))],
                clause: "RFC 6749 §3.1", remedy: "send only the parameters that OpenID Connect Core defines")
        case .malformed(let position):
            Explanation(
                "openid.form.malformed", "the parameters are not form-encoded", compared: [.init("byte", String(position))],
                clause: "RFC 6749 appendix B", remedy: "encode every byte but letters, digits and - . _ ~ as %XX")
        case .notUTF8:
            Explanation(
                "openid.form.not-utf-8", "a parameter is not UTF-8", clause: "RFC 6749 appendix B",
                remedy: "write the values in UTF-8 before encoding them")
        }
    }
}
