/// One extension as it stands in a certificate, a list, a list's entry or an OCSP message.
struct RawExtension: Sendable {
    let identifier: ObjectIdentifier
    let isCritical: Bool
    /// What stands in the OCTET STRING.
    let value: DERReader

    /// Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension, no identifier twice (RFC 5280 §4.2). `critical FALSE` is never written
    /// (X.690 §11.5).
    static func list(_ element: DERElement) throws(DERError) -> [RawExtension] {
        guard element.tag == DERTag.sequence else { throw .tag(element.tag) }
        var reader = element.reader
        var list: [RawExtension] = []
        var seen: Set<ObjectIdentifier> = []
        repeat {
            var fields = try reader.expect(DERTag.sequence).reader
            let identifier = try fields.expect(DERTag.objectIdentifier).objectIdentifier()
            let critical = try fields.take(DERTag.boolean)?.boolean()
            guard critical != false else { throw .value }
            let value = try fields.expect(DERTag.octetString)
            try fields.finish()
            guard seen.insert(identifier).inserted else { throw .value }
            list.append(RawExtension(identifier: identifier, isCritical: critical == true, value: value.reader))
        } while !reader.isAtEnd
        return list
    }

    /// The one element the value is.
    func element(_ tag: UInt8) throws(DERError) -> DERElement {
        var reader = value
        let element = try reader.expect(tag)
        try reader.finish()
        return element
    }

    /// The inside of the one SEQUENCE the value is.
    func sequence() throws(DERError) -> DERReader {
        try element(DERTag.sequence).reader
    }

    /// The first critical extension in a list that is none of `known`: whoever reads on must refuse.
    static func unknownCritical(in list: [RawExtension], besides known: Set<ObjectIdentifier>) -> ObjectIdentifier? {
        list.first { $0.isCritical && !known.contains($0.identifier) }?.identifier
    }
}
