/// One attribute of a distinguished name: what kind, which value.
package struct NameAttribute: Sendable {
    package enum Kind: Sendable, CaseIterable {
        case country, stateOrProvince, locality, organization, organizationalUnit, commonName, serialNumber

        package var objectIdentifier: ObjectIdentifier {
            switch self {
            case .commonName: ObjectIdentifier(2, 5, 4, 3)
            case .serialNumber: ObjectIdentifier(2, 5, 4, 5)
            case .country: ObjectIdentifier(2, 5, 4, 6)
            case .locality: ObjectIdentifier(2, 5, 4, 7)
            case .stateOrProvince: ObjectIdentifier(2, 5, 4, 8)
            case .organization: ObjectIdentifier(2, 5, 4, 10)
            case .organizationalUnit: ObjectIdentifier(2, 5, 4, 11)
            }
        }
    }

    private let kind: ObjectIdentifier
    private let tag: UInt8
    private let value: [UInt8]
    /// The value as text; nil for a type that is no text.
    private let string: String?

    init(_ kind: Kind, _ text: String) {
        self.kind = kind.objectIdentifier
        tag = kind == .country ? DERTag.printableString : DERTag.utf8String
        value = Array(text.utf8)
        string = text
    }

    init(_ element: DERElement) throws(DERError) {
        var reader = element.reader
        kind = try reader.expect(DERTag.objectIdentifier).objectIdentifier()
        let value = try reader.next()
        try reader.finish()
        tag = value.tag
        self.value = value.content
        string = try value.directoryString()
    }

    func write(to writer: inout DERWriter) {
        writer.objectIdentifier(kind)
        writer.element(tag, value)
    }

    /// The form names are compared in: UTF-8, letters small, what RFC 4518 calls space trimmed and single, what it maps to nothing left
    /// out (RFC 5280 §7.1). Of the compatibility forms (NFKC) only full-width letters, as Japanese keyboards write them, are made narrow.
    func writeCanonical(to writer: inout DERWriter) {
        writer.objectIdentifier(kind)
        guard let string else { return writer.element(tag, value) }
        var folded: [UInt8] = []
        folded.reserveCapacity(string.utf8.count)
        func space() { if let last = folded.last, last != 0x20 { folded.append(0x20) } }
        if string.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) {
            for byte in string.utf8 {
                if byte == 0x20 { space() } else { folded.append((0x41...0x5a).contains(byte) ? byte + 0x20 : byte) }
            }
        } else {
            for scalar in string.unicodeScalars {
                switch scalar.properties.generalCategory {
                case _ where scalar.properties.isWhitespace: space()
                case .control, .format: continue
                default: folded += Self.narrow(scalar).properties.lowercaseMapping.utf8
                }
            }
        }
        if folded.last == 0x20 { folded.removeLast() }
        writer.element(DERTag.utf8String, folded)
    }

    private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard ("\u{ff01}"..."\u{ff5e}").contains(scalar) else { return scalar }
        return Unicode.Scalar(scalar.value - 0xfee0) ?? scalar
    }

    /// The value, when the attribute is of this kind and a text.
    func text(of kind: ObjectIdentifier) -> String? { self.kind == kind ? string : nil }

    /// `CN=value` (RFC 4514 §2.3, §2.4).
    var text: String {
        let name = Self.shortNames[kind] ?? kind.dotted
        guard let string else {
            let der = DERWriter.build { $0.element(tag, value) }
            return name + "=#" + der.map { Self.hexadecimal($0) }.joined()
        }
        var escaped = ""
        let last = string.unicodeScalars.count - 1
        for (index, scalar) in string.unicodeScalars.enumerated() {
            switch scalar {
            case ",", "+", "\"", "\\", "<", ">", ";": escaped += "\\" + String(scalar)
            case "#" where index == 0: escaped += "\\#"
            case " " where index == 0 || index == last: escaped += "\\ "
            case "\u{0}"..."\u{1f}", "\u{7f}": escaped += "\\" + Self.hexadecimal(UInt8(scalar.value))
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return name + "=" + escaped
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    private static let shortNames: [ObjectIdentifier: String] = [
        ObjectIdentifier(2, 5, 4, 3): "CN", ObjectIdentifier(2, 5, 4, 6): "C", ObjectIdentifier(2, 5, 4, 7): "L",
        ObjectIdentifier(2, 5, 4, 8): "ST", ObjectIdentifier(2, 5, 4, 9): "STREET", ObjectIdentifier(2, 5, 4, 10): "O",
        ObjectIdentifier(2, 5, 4, 11): "OU", ObjectIdentifier(0, 9, 2342, 19200300, 100, 1, 1): "UID",
        ObjectIdentifier(0, 9, 2342, 19200300, 100, 1, 25): "DC",
    ]
}
