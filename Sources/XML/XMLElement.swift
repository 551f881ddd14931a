import CLibXML2

/// A place in an immutable document. A copy is cheap and keeps the document alive.
///
/// A *view* (`view(hiding:)`) is what a signature verifier hands out: it cannot climb above its own apex and does not
/// show the enveloped signature, so that exactly the signed content can be read through it (A1, A6).
///
/// `@unchecked Sendable`: see `XMLTree`, which is never mutated after parsing.
@safe package struct XMLElement: @unchecked Sendable {
    private let tree: XMLTree
    let node: UnsafeMutablePointer<xmlNode>
    private let apex: UnsafeMutablePointer<xmlNode>?
    private let hidden: UnsafeMutablePointer<xmlNode>?

    init(rootOf tree: XMLTree) {
        self.tree = tree
        unsafe node = tree.root
        unsafe apex = nil
        unsafe hidden = nil
    }

    private init(_ node: UnsafeMutablePointer<xmlNode>, seenFrom other: XMLElement) {
        tree = other.tree
        unsafe self.node = node
        unsafe apex = other.apex
        unsafe hidden = other.hidden
    }

    private init(apex other: XMLElement, hiding: XMLElement?) {
        tree = other.tree
        unsafe node = other.node
        unsafe apex = other.node
        unsafe hidden = hiding?.node
    }

    // MARK: Name and attributes

    package var name: XMLName { unsafe XMLName(XMLElement.namespace(node.pointee.ns), XMLElement.text(node.pointee.name)) }

    /// As `name ==`, without allocating.
    package func isNamed(_ name: XMLName) -> Bool { unsafe XMLElement.isNamed(name, node.pointee.name, node.pointee.ns) }

    package func attribute(_ local: String, namespace: String = "") -> String? {
        let name = XMLName(namespace, local)
        var next = unsafe node.pointee.properties
        while let attribute = unsafe next {
            if unsafe XMLElement.isNamed(name, attribute.pointee.name, attribute.pointee.ns) {
                return unsafe XMLElement.value(attribute)
            }
            unsafe next = attribute.pointee.next
        }
        return nil
    }

    /// All attributes in document order, namespace declarations excluded.
    package var attributes: [XMLAttribute] {
        var found: [XMLAttribute] = []
        var next = unsafe node.pointee.properties
        while let attribute = unsafe next {
            let name = unsafe XMLName(XMLElement.namespace(attribute.pointee.ns), XMLElement.text(attribute.pointee.name))
            found.append(XMLAttribute(name: name, value: unsafe XMLElement.value(attribute)))
            unsafe next = attribute.pointee.next
        }
        return found
    }

    /// How many attributes of this element, in any namespace, have one of these local names and exactly this value.
    package func count(attributes locals: [String], valued value: String) -> Int {
        var count = 0
        var next = unsafe node.pointee.properties
        while let attribute = unsafe next {
            if let name = unsafe attribute.pointee.name, locals.contains(where: { unsafe XMLTree.equal(name, $0) }),
                unsafe XMLElement.value(attribute).utf8.elementsEqual(value.utf8)
            {
                count += 1
            }
            unsafe next = attribute.pointee.next
        }
        return count
    }

    /// What a prefix means here, for qualified names in content such as `xsi:type="xs:string"`. Empty prefix: the default.
    package func namespace(ofPrefix prefix: String) -> String? {
        if prefix == "xml" { return "http://www.w3.org/XML/1998/namespace" }
        var current: UnsafeMutablePointer<xmlNode>? = unsafe node
        while let element = unsafe current, unsafe element.pointee.type == XML_ELEMENT_NODE {
            var next = unsafe element.pointee.nsDef
            while let declaration = unsafe next {
                if unsafe XMLElement.text(declaration.pointee.prefix) == prefix {
                    return unsafe XMLElement.text(declaration.pointee.href)
                }
                unsafe next = declaration.pointee.next
            }
            unsafe current = element.pointee.parent
        }
        return nil
    }

    // MARK: Kin

    /// Child elements in document order.
    package var children: [XMLElement] {
        var found: [XMLElement] = []
        var next = unsafe firstChild
        while let child = unsafe next {
            found.append(unsafe XMLElement(child, seenFrom: self))
            unsafe next = elementAtOrAfter(child.pointee.next)
        }
        return found
    }

    /// The first child of that name. Where the schema allows one, compare `children(_:)` with one instead (A21).
    package func child(_ name: XMLName) -> XMLElement? {
        var next = unsafe firstChild
        while let child = unsafe next {
            let element = unsafe XMLElement(child, seenFrom: self)
            if element.isNamed(name) { return element }
            unsafe next = elementAtOrAfter(child.pointee.next)
        }
        return nil
    }

    package func children(_ name: XMLName) -> [XMLElement] {
        children.filter { $0.isNamed(name) }
    }

    /// Nil at the root and at the apex of a verified view.
    package var parent: XMLElement? {
        guard unsafe node != apex, unsafe node != tree.root, let parent = unsafe node.pointee.parent,
            unsafe parent.pointee.type == XML_ELEMENT_NODE
        else { return nil }
        return unsafe XMLElement(parent, seenFrom: self)
    }

    /// This element and everything below it, in document order; not recursive.
    package func forEachInSubtree<E: Error>(_ body: (XMLElement) throws(E) -> Void) throws(E) {
        var next: UnsafeMutablePointer<xmlNode>? = unsafe node
        while let current = unsafe next {
            let isHidden = unsafe current == hidden
            if !isHidden, unsafe current.pointee.type == XML_ELEMENT_NODE {
                try unsafe body(XMLElement(current, seenFrom: self))
            }
            unsafe next = XMLTree.following(current, within: node, descending: !isHidden)
        }
    }

    // MARK: Text

    /// All character data directly inside this element, CDATA included, whatever comments stand between: it never stops at the
    /// first node (A7, A8). Text of child elements is not part of it; ask `hasOnlyText` where none may be.
    package var text: String {
        var found = ""
        var next = unsafe node.pointee.children
        while let child = unsafe next {
            if unsafe child.pointee.type == XML_TEXT_NODE || child.pointee.type == XML_CDATA_SECTION_NODE {
                found += unsafe XMLElement.text(child.pointee.content)
            }
            unsafe next = child.pointee.next
        }
        return found
    }

    /// No child elements and no comments: what a value that decides something must look like.
    package var hasOnlyText: Bool {
        var next = unsafe node.pointee.children
        while let child = unsafe next {
            guard unsafe child.pointee.type == XML_TEXT_NODE || child.pointee.type == XML_CDATA_SECTION_NODE else {
                return false
            }
            unsafe next = child.pointee.next
        }
        return true
    }

    /// Some character other than white space stands directly between the children.
    package var hasStrayText: Bool {
        text.utf8.contains { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 }
    }

    // MARK: Identity and views

    /// The same node of the same document, not merely an equal one.
    package func isSame(as other: XMLElement) -> Bool { unsafe node == other.node }

    package var isDocumentRoot: Bool { unsafe node == tree.root }

    /// How many attributes of the whole document have one of these local names and exactly this value. It sees past the limits of
    /// a view, and gives away no more than the number (A2).
    package func countInDocument(attributes locals: [String], valued value: String) -> Int {
        var count = 0
        XMLElement(rootOf: tree).forEachInSubtree { count += $0.count(attributes: locals, valued: value) }
        return count
    }

    /// A view that begins here and does not show `hidden`.
    package func view(hiding hidden: XMLElement?) -> XMLElement { XMLElement(apex: self, hiding: hidden) }

    var document: UnsafeMutablePointer<xmlDoc> { unsafe tree.document }

    // MARK: C

    private var firstChild: UnsafeMutablePointer<xmlNode>? { unsafe elementAtOrAfter(node.pointee.children) }

    private func elementAtOrAfter(_ start: UnsafeMutablePointer<xmlNode>?) -> UnsafeMutablePointer<xmlNode>? {
        var next = unsafe start
        while let node = unsafe next, unsafe node.pointee.type != XML_ELEMENT_NODE || node == hidden {
            unsafe next = node.pointee.next
        }
        return unsafe next
    }

    private static func isNamed(
        _ name: XMLName, _ local: UnsafePointer<xmlChar>?, _ namespace: UnsafeMutablePointer<xmlNs>?
    ) -> Bool {
        guard let local = unsafe local, unsafe XMLTree.equal(local, name.local) else { return false }
        guard let uri = unsafe namespace?.pointee.href else { return name.namespace.isEmpty }
        return unsafe XMLTree.equal(uri, name.namespace)
    }

    private static func namespace(_ namespace: UnsafeMutablePointer<xmlNs>?) -> String {
        unsafe text(namespace?.pointee.href)
    }

    private static func value(_ attribute: UnsafeMutablePointer<xmlAttr>) -> String {
        var found = ""
        var next = unsafe attribute.pointee.children
        while let child = unsafe next {
            found += unsafe text(child.pointee.content)
            unsafe next = child.pointee.next
        }
        return found
    }

    private static func text(_ bytes: UnsafePointer<xmlChar>?) -> String {
        guard let bytes = unsafe bytes else { return "" }
        return unsafe String(cString: bytes)
    }
}
