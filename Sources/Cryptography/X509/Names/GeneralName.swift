/// The choices of GeneralName (RFC 5280 §4.2.1.6).
package enum GeneralName: Hashable, Sendable {
    /// The value is the whole DER element inside the `[0]`.
    case otherName(ObjectIdentifier, value: [UInt8])
    case email(String)
    case dns(String)
    case directory(DistinguishedName)
    case uri(String)
    /// Four or sixteen bytes; in name constraints twice that, with the mask.
    case address([UInt8])
    case registered(ObjectIdentifier)
    /// x400Address and ediPartyName, which nobody reads.
    case other(tag: UInt8)

    /// `masks` doubles the length of addresses, for name constraints.
    init(_ element: DERElement, masks: Bool = false) throws(DERError) {
        switch element.tag {
        case 0xa0:
            var reader = element.reader
            let kind = try reader.expect(DERTag.objectIdentifier).objectIdentifier()
            guard let value = try reader.takeExplicit(0) else { throw .value }
            try reader.finish()
            self = .otherName(kind, value: value.encoded)
        case 0x81: self = .email(try element.ia5String())
        case 0x82: self = .dns(try element.ia5String())
        case 0x86: self = .uri(try element.ia5String())
        case 0xa4:
            var reader = element.reader
            let name = try reader.expect(DERTag.sequence)
            try reader.finish()
            self = .directory(try DistinguishedName(name))
        case 0x87:
            let bytes = element.content
            guard bytes.count == (masks ? 8 : 4) || bytes.count == (masks ? 32 : 16) else { throw .value }
            self = .address(bytes)
        case 0x88: self = .registered(try element.objectIdentifier())
        case 0xa3, 0xa5: self = .other(tag: element.tag)
        default: throw .tag(element.tag)
        }
    }

    /// The content of GeneralNames: one name at least, none of them empty text.
    static func list(_ reader: DERReader) throws(DERError) -> [GeneralName] {
        var reader = reader
        var names: [GeneralName] = []
        repeat {
            let element = try reader.next()
            guard !element.isEmpty else { throw .value }
            names.append(try GeneralName(element))
        } while !reader.isAtEnd
        return names
    }
}
