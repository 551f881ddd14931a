/// A document read once, under limits, that never changes (style rule 2). UTF-8 only; no document type, entities, network,
/// processing instructions or XInclude (checklist C1–C3, C5, C6, A12). One parser makes the one tree that both the signature
/// verifier and the readers use (A9).
package struct XMLDocument: Sendable {
    private let tree: XMLTree

    /// Refuses before allocating when `limits` are exceeded. Cost is linear in `bytes`.
    package init(parsing bytes: [UInt8], limits: XMLLimits = .message) throws(XMLRefusal) {
        tree = try XMLTree(parsing: bytes, limits: limits)
    }

    init(tree: XMLTree) { self.tree = tree }

    package var root: XMLElement { XMLElement(rootOf: tree) }
}
