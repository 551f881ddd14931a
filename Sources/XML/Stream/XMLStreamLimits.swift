/// What a document read as a stream may cost. Memory is bounded by one part, one run of text and the names, not by `document.bytes`.
package struct XMLStreamLimits: Sendable {
    package let document: XMLLimits
    /// Bytes of one element's or attribute's name as written, prefix included.
    package let nameBytes: Int
    /// Different local names, prefixes and namespace names in the whole document; they are kept to its end.
    package let names: Int
    /// Bytes of one part handed out whole.
    package let partBytes: Int

    package init(document: XMLLimits, nameBytes: Int, names: Int, partBytes: Int) {
        self.document = document
        self.nameBytes = nameBytes
        self.names = names
        self.partBytes = partBytes
    }

    /// A federation's metadata aggregate. eduGAIN of 2025 is near 100 MB, 2 million elements and a thousand names.
    package static let aggregate = XMLStreamLimits(
        document: XMLLimits(
            bytes: 1 << 30, depth: 40, elements: 40_000_000, attributesPerElement: 64, namespacesInScope: 128, textBytes: 1_048_576),
        nameBytes: 256, names: 16_384, partBytes: 4_194_304)
}
