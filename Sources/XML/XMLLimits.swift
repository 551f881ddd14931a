/// What a stranger's document may cost (checklist C5, C6, D1). Every limit is enforced while the bytes are read, before the
/// first node is allocated, so a refused document never becomes a tree.
package struct XMLLimits: Sendable {
    /// Length of the document in bytes.
    package let bytes: Int
    /// Elements open at one time, the root counted.
    package let depth: Int
    package let elements: Int
    /// Attributes and namespace declarations of one element. libxml2 compares them pairwise, so this bounds a square.
    package let attributesPerElement: Int
    /// Namespace declarations in force at one place. Canonicalization searches them linearly.
    package let namespacesInScope: Int
    /// Bytes of one attribute value, comment, or run of text.
    package let textBytes: Int

    package init(
        bytes: Int, depth: Int, elements: Int, attributesPerElement: Int, namespacesInScope: Int, textBytes: Int
    ) {
        self.bytes = bytes
        self.depth = depth
        self.elements = elements
        self.attributesPerElement = attributesPerElement
        self.namespacesInScope = namespacesInScope
        self.textBytes = textBytes
    }

    /// A protocol message. Real ones are 1–30 KB, 10 deep, a few hundred elements; 256 KiB leaves room for long attribute lists.
    package static let message = XMLLimits(
        bytes: 262_144, depth: 40, elements: 8_000, attributesPerElement: 64, namespacesInScope: 128, textBytes: 131_072)

    /// A federation's metadata aggregate, read by the night shift. eduGAIN is near 100 MB and about 2 million elements.
    package static let metadata = XMLLimits(
        bytes: 134_217_728, depth: 40, elements: 8_000_000, attributesPerElement: 64, namespacesInScope: 128,
        textBytes: 4_194_304)
}
