/// nameConstraints (RFC 5280 §4.2.1.10): the bases of the subtrees that an authority's names must lie in, and must not.
package struct NameConstraints: Hashable, Sendable {
    package let permitted: [GeneralName]
    package let excluded: [GeneralName]

    init(_ reader: DERReader) throws(DERError) {
        var reader = reader
        let permitted = try reader.take(DERTag.contextConstructed(0))
        let excluded = try reader.take(DERTag.contextConstructed(1))
        try reader.finish()
        guard permitted != nil || excluded != nil else { throw .value }
        self.permitted = try permitted.map { trees throws(DERError) in try Self.bases(trees.reader) } ?? []
        self.excluded = try excluded.map { trees throws(DERError) in try Self.bases(trees.reader) } ?? []
    }

    private static func bases(_ reader: DERReader) throws(DERError) -> [GeneralName] {
        var trees = reader
        var bases: [GeneralName] = []
        repeat {
            var tree = try trees.expect(DERTag.sequence).reader
            bases.append(try GeneralName(tree.next(), masks: true))
            // minimum is zero and so not written; maximum is absent.
            try tree.finish()
        } while !trees.isAtEnd
        return bases
    }
}
