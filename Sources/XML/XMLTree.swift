import CLibXML2

/// Owner of a libxml2 document.
///
/// `@unchecked Sendable`: the tree is complete when `init` returns and nothing mutates it afterwards. Accessors only follow
/// pointers. Canonicalization allocates its own state; the one lazy write libxml2 knows, the declaration of the `xml` prefix
/// in `xmlDoc.oldNs`, is forced in `init`.
@safe final class XMLTree: @unchecked Sendable {
    let document: UnsafeMutablePointer<xmlDoc>
    let root: UnsafeMutablePointer<xmlNode>

    /// With `isWrapped`, the tree's root is the one element inside the document's own, which only declares namespaces.
    init(parsing bytes: [UInt8], limits: XMLLimits, isWrapped: Bool = false) throws(XMLRefusal) {
        let elements = try Prescan.count(bytes, limits: limits)
        LibXML2.prepareThread()
        guard let context = unsafe xmlNewParserCtxt() else { throw .notWellFormed(line: 0) }
        // Owned here; the document it made is taken below or freed.
        defer { unsafe xmlFreeParserCtxt(context) }
        let parsed = unsafe bytes.withUnsafeBytes { buffer in
            unsafe xmlCtxtReadMemory(
                context, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count), nil, "UTF-8",
                LibXML2.options(forBytes: buffer.count))
        }
        guard let parsed = unsafe parsed else { throw unsafe .notWellFormed(line: LibXML2.errorLine(of: context)) }
        var accepted = false
        defer { if !accepted { unsafe xmlFreeDoc(parsed) } }
        // Undeclared prefixes, names with two colons and the like leave `wellFormed` set (Namespaces in XML §7).
        guard unsafe context.pointee.wellFormed == 1, unsafe context.pointee.nsWellFormed == 1 else {
            throw unsafe .notWellFormed(line: LibXML2.errorLine(of: context))
        }
        guard unsafe parsed.pointee.intSubset == nil, unsafe parsed.pointee.extSubset == nil else { throw .doctype }
        guard let root = unsafe xmlDocGetRootElement(parsed) else { throw .notWellFormed(line: 0) }
        try unsafe XMLTree.inspect(root, expecting: elements)
        if bytes.contains(Byte.ampersand) { unsafe XMLTree.escapeNamespaces(below: root) }
        _ = unsafe xmlSearchNs(parsed, root, "xml")
        guard let root = unsafe isWrapped ? XMLTree.onlyElement(in: root) : root else { throw .notWellFormed(line: 0) }
        unsafe self.document = parsed
        unsafe self.root = root
        accepted = true
    }

    deinit { unsafe xmlFreeDoc(document) }

    /// Defence in depth behind the prescan: the tree holds elements, text and comments only, as many elements as were counted,
    /// and nothing that another tool might expand.
    private static func inspect(_ root: UnsafeMutablePointer<xmlNode>, expecting: Int) throws(XMLRefusal) {
        var elements = 0
        var next: UnsafeMutablePointer<xmlNode>? = unsafe root
        while let node = unsafe next {
            switch unsafe node.pointee.type {
            case XML_ELEMENT_NODE:
                elements += 1
                if let namespace = unsafe node.pointee.ns?.pointee.href, unsafe equal(namespace, "http://www.w3.org/2001/XInclude") {
                    throw .inclusion
                }
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE, XML_COMMENT_NODE: break
            case XML_PI_NODE: throw .processingInstruction
            default: throw .entity
            }
            unsafe next = following(node, within: root)
        }
        guard elements == expecting else { throw .notWellFormed(line: 0) }
    }

    /// Where it replaces no entities, libxml2 keeps `&` in the name of a namespace as `&#38;`, and its canonicalizer prints that name as it
    /// stands; Canonical XML §2.3 wants `&amp;`, which is as long. Written in place: every declaration owns its name, and nobody else has
    /// the tree yet.
    private static func escapeNamespaces(below root: UnsafeMutablePointer<xmlNode>) {
        var next: UnsafeMutablePointer<xmlNode>? = unsafe root
        while let node = unsafe next {
            if unsafe node.pointee.type == XML_ELEMENT_NODE {
                var declaration = unsafe node.pointee.nsDef
                while let current = unsafe declaration {
                    if let name = unsafe current.pointee.href { unsafe escapeAmpersands(in: UnsafeMutablePointer(mutating: name)) }
                    unsafe declaration = current.pointee.next
                }
            }
            unsafe next = following(node, within: root)
        }
    }

    private static func escapeAmpersands(in name: UnsafeMutablePointer<xmlChar>) {
        let count = unsafe Int(xmlStrlen(name))
        let escape: [UInt8] = Array("&amp;".utf8)
        var index = 0
        while index < count {
            guard unsafe name[index] == Byte.ampersand && Escapes.isAmpersand(name + index, count - index) else {
                index += 1
                continue
            }
            for (offset, byte) in escape.enumerated() { unsafe name[index + offset] = byte }
            index += escape.count
        }
    }

    /// The only element of `wrapper`, which holds nothing else but white space and comments.
    private static func onlyElement(in wrapper: UnsafeMutablePointer<xmlNode>) -> UnsafeMutablePointer<xmlNode>? {
        var found: UnsafeMutablePointer<xmlNode>?
        var next = unsafe wrapper.pointee.children
        while let node = unsafe next {
            switch unsafe node.pointee.type {
            case XML_ELEMENT_NODE:
                guard unsafe found == nil else { return nil }
                unsafe found = node
            case XML_COMMENT_NODE: break
            default: guard unsafe xmlIsBlankNode(node) == 1 else { return nil }
            }
            unsafe next = node.pointee.next
        }
        return unsafe found
    }

    /// Document order, without recursion: the next node of the subtree, nil at its end.
    static func following(
        _ node: UnsafeMutablePointer<xmlNode>, within apex: UnsafeMutablePointer<xmlNode>, descending: Bool = true
    ) -> UnsafeMutablePointer<xmlNode>? {
        if descending, unsafe node.pointee.type == XML_ELEMENT_NODE, let child = unsafe node.pointee.children {
            return unsafe child
        }
        var current = unsafe node
        while unsafe current != apex {
            if let sibling = unsafe current.pointee.next { return unsafe sibling }
            guard let parent = unsafe current.pointee.parent else { return nil }
            unsafe current = parent
        }
        return nil
    }

    /// Compares without allocating a `String`.
    static func equal(_ text: UnsafePointer<xmlChar>, _ other: String) -> Bool {
        var cursor = unsafe text
        for byte in other.utf8 {
            guard byte != 0, unsafe cursor.pointee == byte else { return false }
            unsafe cursor += 1
        }
        return unsafe cursor.pointee == 0
    }
}

/// The library as a whole: initialised once, silent, and never on the network.
enum LibXML2 {
    private static let initialised: Void = xmlInitParser()

    /// Error handlers of libxml2 that have no context are per thread; this one swallows them, so nothing reaches standard error.
    static func prepareThread() {
        initialised
        unsafe xmlSetStructuredErrorFunc(nil) { _, _ in }
    }

    /// No network, no DTD loading, no entity substitution (XML_PARSE_NOENT is absent), no XInclude, no recovery.
    /// CDATA becomes text, as canonical XML wants (§2.1). Above 10 MB only the night shift's `metadata` limits lead here, and
    /// the library's own ceilings are lifted because ours, already enforced, are tighter.
    static func options(forBytes count: Int) -> Int32 {
        var options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_NOCDATA.rawValue | XML_PARSE_COMPACT.rawValue | XML_PARSE_IGNORE_ENC.rawValue
        if count > 8_000_000 { options |= XML_PARSE_HUGE.rawValue }
        return Int32(options)
    }

    static func errorLine(of context: UnsafeMutablePointer<xmlParserCtxt>) -> Int {
        unsafe Int(context.pointee.lastError.line)
    }
}
