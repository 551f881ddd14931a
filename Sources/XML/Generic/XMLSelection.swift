import CLibXML2

/// The canonical forms: Canonical XML 1.0 and 1.1, Exclusive Canonical XML 1.0 with its PrefixList.
package enum CanonicalForm: Hashable, Sendable {
    case inclusive10, inclusive11
    case exclusive(prefixes: [String])
}

/// A set of nodes of one document, as XML Signature hands it from transform to transform (§4.4.3). For plain XML signatures only:
/// SAML's verifier knows subtrees and nothing finer.
@safe package struct XMLSelection {
    /// What a filter left over; nil for all.
    private var kept: KeptNodes?
    private var removed: [UnsafeMutablePointer<xmlNode>] = unsafe []
    private let apex: UnsafeMutablePointer<xmlNode>?
    private let hasComments: Bool
    // Keeps the document alive.
    private let element: XMLElement

    /// The whole document, what stands before and after its root included.
    package init(of document: XMLDocument, comments: Bool) {
        element = document.root
        unsafe apex = nil
        hasComments = comments
    }

    /// `element` and everything below it.
    package init(of element: XMLElement, comments: Bool) {
        self.element = element
        unsafe apex = element.node
        hasComments = comments
    }

    /// Without the subtree of `element`: the enveloped signature transform.
    package func removing(_ element: XMLElement) -> XMLSelection {
        var smaller = self
        unsafe smaller.removed.append(element.node)
        return smaller
    }

    /// Canonical bytes; comments only where the selection has them.
    package func canonical(_ form: CanonicalForm, withComments: Bool) throws(XMLRefusal) -> [UInt8] {
        let scope = unsafe SelectionScope(apex: apex, removed: removed, kept: kept)
        let (mode, prefixes): (xmlC14NMode, [String]) =
            switch form {
            case .inclusive10: (XML_C14N_1_0, [])
            case .inclusive11: (XML_C14N_1_1, [])
            case .exclusive(let prefixes): (XML_C14N_EXCLUSIVE_1_0, prefixes)
            }
        // The scope outlives the call, which ends here.
        return try withExtendedLifetime(scope) { () throws(XMLRefusal) in
            try unsafe Canonical.write(
                element.document, mode, prefixes: prefixes, withComments: withComments && hasComments,
                // A filter may leave nothing over.
                mayBeEmpty: kept != nil,
                { data, node, parent in
                    guard let data = unsafe data, let node = unsafe node else { return 0 }
                    return unsafe Unmanaged<SelectionScope>.fromOpaque(data).takeUnretainedValue().shows(node, of: parent) ? 1 : 0
                }, Unmanaged.passUnretained(scope).toOpaque())
        }
    }

    /// Text of all elements of the selection, in document order: what the Base64 transform decodes.
    package var text: String {
        var text = ""
        let scope = unsafe SelectionScope(apex: apex, removed: removed, kept: kept)
        unsafe forEachNode { node in
            let isText = unsafe node.pointee.type == XML_TEXT_NODE || node.pointee.type == XML_CDATA_SECTION_NODE
            if isText, unsafe scope.shows(node, of: node.pointee.parent), let content = unsafe node.pointee.content {
                unsafe text += String(cString: content)
            }
        }
        return text
    }

    /// The nodes for which an XPath 1.0 expression is true (XML Signature §6.6.3, without `here()`). Prefixes mean what they mean
    /// at `place`, the element that holds the expression. `budget` bounds the work, for an expression can be quadratic by itself.
    package func filtered(
        by expression: String, at place: XMLElement, within budget: XPathBudget
    ) throws(XPathRefusal) -> XMLSelection {
        let filter = try unsafe XPathFilter(
            expression, at: place.node, in: element.document, within: budget)
        let scope = unsafe SelectionScope(apex: apex, removed: removed, kept: kept)
        let found = KeptNodes()
        var refusal: XPathRefusal?
        unsafe forEachNode { node in
            guard refusal == nil else { return }
            do throws(XPathRefusal) {
                try unsafe filter.keep(node, in: scope, found)
            } catch { refusal = error }
        }
        if let refusal { throw refusal }
        var smaller = self
        smaller.kept = found
        return smaller
    }

    /// Elements, texts, comments of the document in document order.
    private func forEachNode(_ body: (UnsafeMutablePointer<xmlNode>) -> Void) {
        var top = unsafe element.document.pointee.children
        while let start = unsafe top {
            var next: UnsafeMutablePointer<xmlNode>? = unsafe start
            while let node = unsafe next {
                unsafe body(node)
                unsafe next = XMLTree.following(node, within: start)
            }
            unsafe top = start.pointee.next
        }
    }
}

/// Nodes by address; a namespace node by its element and its declaration, for libxml2 has one declaration for a whole subtree.
final class KeptNodes {
    struct Namespace: Hashable {
        let element: UInt
        let declaration: UInt
    }

    var nodes: Set<UInt> = []
    var namespaces: Set<Namespace> = []
}

/// What of a document is shown to the canonicalizer.
@safe final class SelectionScope {
    private let apex: UnsafeMutablePointer<xmlNode>?
    private let removed: [UnsafeMutablePointer<xmlNode>]
    private let kept: KeptNodes?

    init(apex: UnsafeMutablePointer<xmlNode>?, removed: [UnsafeMutablePointer<xmlNode>], kept: KeptNodes?) {
        unsafe self.apex = apex
        unsafe self.removed = unsafe removed
        self.kept = kept
    }

    /// Attributes and namespace nodes follow `parent`; an `xmlNs` has no parent pointer of its own.
    func shows(_ node: UnsafeMutablePointer<xmlNode>, of parent: UnsafeMutablePointer<xmlNode>?) -> Bool {
        let type = unsafe node.pointee.type
        if let kept {
            let address = UInt(bitPattern: UnsafeRawPointer(node))
            if type == XML_NAMESPACE_DECL {
                let element = UInt(bitPattern: unsafe parent.map { UnsafeRawPointer($0) })
                guard kept.namespaces.contains(.init(element: element, declaration: address)) else { return false }
            } else {
                guard kept.nodes.contains(address) else { return false }
            }
        }
        // Every way up ends at the document. Asked of each namespace of each element, the walk would cost their depth.
        if unsafe apex == nil && removed.isEmpty { return true }
        var current = unsafe type == XML_ATTRIBUTE_NODE || type == XML_NAMESPACE_DECL ? parent : node
        while let candidate = unsafe current {
            if unsafe removed.contains(candidate) { return false }
            if unsafe candidate == apex { return true }
            unsafe current = candidate.pointee.parent
        }
        return unsafe apex == nil
    }
}
