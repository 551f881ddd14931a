/// Reads a document of any size once, from the beginning to the end, without a tree: its exclusive canonical form passes by in pieces, and
/// the parts that a visitor asks for are handed out whole.
///
/// As strict as `XMLDocument`: the prescan's rules hold for every byte before libxml2 sees it, and libxml2's own ceilings stay in
/// force. libxml2 reads through a callback, so it runs the same grammar here as there (A9), not its other one for pushed pieces.
package enum XMLStream {
    /// What passed.
    package struct Summary: Sendable {
        package let bytes: Int
        package let elements: Int
        /// Attributes named as one of `identifiers`, in any namespace, whose value is the visitor's `identifier`.
        package let identifierCount: Int
    }

    /// `next` gives the next bytes, none at the end. Throws an `XMLRefusal`, or what `next` or the visitor threw, as it was.
    package static func read(
        _ next: () throws -> [UInt8], limits: XMLStreamLimits = .aggregate, identifiers: [String] = [], visitor: some XMLStreamVisitor
    ) throws -> Summary {
        try withoutActuallyEscaping(next) { next in
            try StreamReader.read(next, limits, identifiers, visitor)
        }
    }
}

/// Who looks at a stream. Asked about the root and about the children of elements it entered; told what it asked for.
package protocol XMLStreamVisitor: AnyObject {
    /// What is to be done with `element`.
    func start(_ element: StreamedElement) throws -> StreamChoice
    /// The end of an element entered.
    func end() throws
    /// The end of an element captured or withheld: its bytes, or nil for a captured one that is longer than the limit (a withheld one that is
    /// ends the reading). When it was entered too, `end` comes first.
    func part(_ bytes: [UInt8]?) throws
    /// The next bytes of the canonical form.
    func canonical(_ bytes: Span<UInt8>)
    /// The PrefixList of the canonical form. Asked once: when the root's first child begins, or ends if that is withheld, or else
    /// when the root ends.
    var inclusivePrefixes: [String] { get }
    /// Asked once, after `start` of the root.
    var identifier: String? { get }
}

/// The start of an element, as far as a visitor decides by it.
package struct StreamedElement: Sendable {
    package let name: XMLName
    /// In document order, namespace declarations excluded.
    package let attributes: [XMLAttribute]
    /// The root is at 0.
    package let depth: Int

    package func attribute(_ local: String) -> String? {
        attributes.first { $0.name.local == local && $0.name.namespace.isEmpty }?.value
    }
}

/// What is to be done with an element.
package struct StreamChoice: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Ask about its children too.
    package static let enter = StreamChoice(rawValue: 1)
    /// Hand it out as a document of its own: its bytes of the canonical form, with the declarations made further out repeated on it.
    /// Inside a part there is no other.
    package static let capture = StreamChoice(rawValue: 2)
    /// Hand it out as a document of its own, comments and every namespace in scope included, and leave it out of the canonical form.
    package static let withhold = StreamChoice(rawValue: 4)
}
