import Cryptography
import Vocabulary

extension TLSSubject.Name {
    /// A subject as `tls_client_auth_subject_dn` writes it (RFC 4514): the last relative name first, `CN=…,OU=…,C=JP`. Nil when the text is
    /// no such name, or has an attribute that we have no name for and that is not written as an object identifier.
    package init?(distinguishedName text: String) {
        guard let name = DistinguishedName(text: text) else { return nil }
        self = .distinguishedName(name)
    }

    /// `tls_client_auth_san_ip`: an address in either notation. Compared as bytes, so that its spelling does not matter.
    package init?(address text: String) {
        guard let bytes = IPAddressText.bytes(text) else { return nil }
        self = .address(bytes)
    }
}

extension DistinguishedName {
    /// Bytes of the longest name that is read.
    private static let longest = 1_024

    fileprivate init?(text: String) {
        guard (1...Self.longest).contains(text.utf8.count) else { return nil }
        var reader = NameText(text)
        var relatives: [[(ObjectIdentifier, NameText.Value)]] = []
        repeat {
            var attributes: [(ObjectIdentifier, NameText.Value)] = []
            repeat {
                guard let attribute = reader.attribute() else { return nil }
                attributes.append(attribute)
            } while reader.take("+")
            relatives.append(attributes)
        } while reader.take(",")
        guard reader.isAtEnd else { return nil }
        let der = DERWriter.build { writer in
            writer.sequence { writer in
                for attributes in relatives.reversed() {
                    writer.setOf(
                        attributes.map { kind, value in
                            DERWriter.build { writer in
                                writer.sequence { writer in
                                    writer.objectIdentifier(kind)
                                    switch value {
                                    case .text(let text): writer.utf8String(text)
                                    case .der(let bytes): writer.raw(bytes)
                                    }
                                }
                            }
                        })
                }
            }
        }
        guard let name = try? DistinguishedName(der: der) else { return nil }
        self = name
    }
}

/// Reads the string form of names, strictly: what RFC 4514 §3 does not allow is no name.
private struct NameText {
    enum Value {
        case text(String)
        case der([UInt8])
    }

    private static let names: [String: String] = [
        "CN": "2.5.4.3", "SN": "2.5.4.4", "SERIALNUMBER": "2.5.4.5",
        "C": "2.5.4.6", "L": "2.5.4.7", "ST": "2.5.4.8",
        "STREET": "2.5.4.9", "O": "2.5.4.10", "OU": "2.5.4.11",
        "TITLE": "2.5.4.12", "GN": "2.5.4.42", "GIVENNAME": "2.5.4.42",
        "ORGANIZATIONIDENTIFIER": "2.5.4.97", "UID": "0.9.2342.19200300.100.1.1",
        "DC": "0.9.2342.19200300.100.1.25", "EMAILADDRESS": "1.2.840.113549.1.9.1",
        "E": "1.2.840.113549.1.9.1",
    ]

    private var rest: ArraySlice<UInt8>

    init(_ text: String) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ mark: Character) -> Bool {
        guard let byte = mark.asciiValue, rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    /// `type=value`. Spaces around either are written by many programs (RFC 2253 had them) and mean nothing.
    mutating func attribute() -> (ObjectIdentifier, Value)? {
        let name = rest.prefix { $0 != 0x3d }
        guard name.count < rest.count else { return nil }
        rest = rest.dropFirst(name.count + 1)
        let type = String(decoding: name, as: UTF8.self).split(separator: " ").joined()
        guard !type.isEmpty, let kind = ObjectIdentifier(Self.names[type.uppercased()] ?? type), let value = value() else { return nil }
        return (kind, value)
    }

    private mutating func value() -> Value? {
        while rest.first == 0x20 { rest.removeFirst() }
        if take("#") {
            let digits = rest.prefix { $0 != 0x2c && $0 != 0x2b }
            rest = rest.dropFirst(digits.count)
            guard let der = Hexadecimal.decode(String(decoding: digits, as: UTF8.self)), !der.isEmpty else { return nil }
            return .der(der)
        }
        var bytes: [UInt8] = []
        // Trailing spaces count only when they were escaped.
        var kept = 0
        while let byte = rest.first, byte != 0x2c, byte != 0x2b {
            rest.removeFirst()
            switch byte {
            case 0x5c:
                guard let escaped = escaped() else { return nil }
                bytes.append(escaped)
                kept = bytes.count
            case 0x20: bytes.append(byte)
            case 0x22, 0x3b, 0x3c, 0x3e, 0x00: return nil
            default:
                bytes.append(byte)
                kept = bytes.count
            }
        }
        guard let text = String(validating: bytes.prefix(kept), as: UTF8.self), !text.isEmpty else { return nil }
        return .text(text)
    }

    private mutating func escaped() -> UInt8? {
        guard let first = rest.popFirst() else { return nil }
        if Array(" \"#+,;<=>\\".utf8).contains(first) { return first }
        guard let second = rest.popFirst() else { return nil }
        return Hexadecimal.decode(String(decoding: [first, second], as: UTF8.self))?.first
    }
}
