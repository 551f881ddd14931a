/// A name in an X.500 directory: who issued, who is named. Two names are equal when RFC 5280 §7.1 says so: string types, letter case
/// and runs of spaces do not matter. `der` keeps the bytes as they came, because CertIDs hash them.
package struct DistinguishedName: Hashable, Sendable {
    package let der: [UInt8]
    private let canonical: [UInt8]

    /// One RDNSequence, nothing behind it.
    package init(der: [UInt8]) throws(DERError) {
        var reader = DERReader(der)
        let element = try reader.expect(DERTag.sequence)
        try reader.finish()
        try self.init(element)
    }

    init(_ element: DERElement) throws(DERError) {
        try self.init(der: element.encoded, parts: Self.parts(of: element))
    }

    private init(der: [UInt8], parts: [[NameAttribute]]) {
        self.der = der
        canonical = DERWriter.build { writer in
            for part in parts {
                writer.setOf(part.map { attribute in DERWriter.build { $0.sequence(attribute.writeCanonical) } })
            }
        }
    }

    /// A name of single attributes in the order of their encoding, country first: countries as PrintableString, all others as UTF8String,
    /// which is how JPKI writes them.
    package init(_ attributes: [(NameAttribute.Kind, String)]) {
        let written = attributes.map { NameAttribute($0.0, $0.1) }
        let der = DERWriter.build { writer in
            writer.sequence { writer in
                for attribute in written { writer.set { $0.sequence(attribute.write) } }
            }
        }
        self.init(der: der, parts: written.map { [$0] })
    }

    package var isEmpty: Bool { canonical.isEmpty }

    /// Whether this name lies in the subtree of another: its first relative names are that one's (RFC 5280 §7.1). The canonical form is a
    /// row of whole DER elements, so one that begins with another's bytes begins with its elements.
    package func isWithin(_ base: DistinguishedName) -> Bool {
        canonical.starts(with: base.canonical)
    }

    /// The texts of one attribute, wherever it stands in the name.
    package func texts(of kind: ObjectIdentifier) -> [String] {
        guard let sequence = try? DERReader.whole(der), let parts = try? Self.parts(in: sequence) else { return [] }
        return parts.joined().compactMap { $0.text(of: kind) }
    }

    /// RFC 4514: the last part first, `CN=…,OU=…,C=JP`.
    package var text: String {
        guard let sequence = try? DERReader.whole(der), let parts = try? Self.parts(in: sequence) else { return "" }
        return parts.reversed().map { $0.map(\.text).joined(separator: "+") }.joined(separator: ",")
    }

    /// This name with one more relative name behind it (RFC 5280 §4.2.1.13, nameRelativeToCRLIssuer).
    func appending(relative content: DERElement) throws(DERError) -> DistinguishedName {
        let own = try DERReader.whole(der)
        var rest = own
        var elements: [UInt8] = []
        while !rest.isAtEnd { elements += try rest.next().encoded }
        return try DistinguishedName(
            der: DERWriter.build { writer in
                writer.sequence {
                    $0.raw(elements)
                    $0.element(DERTag.set, content.content)
                }
            })
    }

    package static func == (left: DistinguishedName, right: DistinguishedName) -> Bool { left.canonical == right.canonical }
    package func hash(into hasher: inout Hasher) { hasher.combine(canonical) }

    private static func parts(of element: DERElement) throws(DERError) -> [[NameAttribute]] {
        try parts(in: element.reader)
    }

    private static func parts(in sequence: DERReader) throws(DERError) -> [[NameAttribute]] {
        var sequence = sequence
        var parts: [[NameAttribute]] = []
        while !sequence.isAtEnd {
            var set = try sequence.expect(DERTag.set).reader
            var attributes: [NameAttribute] = []
            repeat { attributes.append(try NameAttribute(set.expect(DERTag.sequence))) } while !set.isAtEnd
            parts.append(attributes)
        }
        return parts
    }
}
