import CLibXML2

/// One namespace declaration that is in force somewhere.
package struct XMLNamespace: Hashable, Sendable {
    /// Empty for the default namespace.
    package let prefix: String
    package let name: String

    package init(prefix: String, name: String) {
        self.prefix = prefix
        self.name = name
    }
}

extension XMLElement {
    /// What every prefix means here, the innermost declaration of each; the `xml` prefix is left out.
    package var namespacesInScope: [XMLNamespace] {
        var found: [String: String] = [:]
        var current: UnsafeMutablePointer<xmlNode>? = unsafe node
        while let element = unsafe current, unsafe element.pointee.type == XML_ELEMENT_NODE {
            var next = unsafe element.pointee.nsDef
            while let declaration = unsafe next {
                let prefix = unsafe declaration.pointee.prefix.map { unsafe String(cString: $0) } ?? ""
                if found[prefix] == nil {
                    // `XMLTree` keeps it escaped, as the canonicalizer wants it.
                    let name = unsafe declaration.pointee.href.map { unsafe String(cString: $0) } ?? ""
                    found[prefix] = name.replacing("&amp;", with: "&")
                }
                unsafe next = declaration.pointee.next
            }
            unsafe current = element.pointee.parent
        }
        return found.filter { !$0.value.isEmpty && $0.key != "xml" }.map { XMLNamespace(prefix: $0.key, name: $0.value) }
            .sorted { $0.prefix.utf8.lexicographicallyPrecedes($1.prefix.utf8) }
    }
}

extension XMLDocument {
    /// Reads one element as if it stood where `namespaces` are in force: what was encrypted is read in the place of its
    /// encryption (XML Encryption §4.5.2), so that a prefix declared outside keeps its meaning. The result is a document of its own;
    /// its root has no parent. A text with a byte order mark or an XML declaration is a whole document already and is read as one.
    package init(
        fragment bytes: [UInt8], amid namespaces: [XMLNamespace], limits: XMLLimits = .message
    ) throws(XMLRefusal) {
        guard bytes.count <= limits.bytes else { throw .tooLarge }
        if namespaces.isEmpty || bytes.starts(with: [0xef, 0xbb, 0xbf]) || bytes.starts(with: Array("<?xml".utf8)) {
            try self.init(parsing: bytes, limits: limits)
            return
        }
        var wrapped = Array("<w".utf8)
        for namespace in namespaces {
            wrapped += Array((namespace.prefix.isEmpty ? " xmlns=\"" : " xmlns:\(namespace.prefix)=\"").utf8)
            Escape.attribute.append(namespace.name, to: &wrapped)
            wrapped.append(UInt8(ascii: "\""))
        }
        wrapped.append(UInt8(ascii: ">"))
        let added = wrapped.count + 4
        // A fragment that closes the wrapper and opens another makes two roots, which is not well-formed.
        wrapped += bytes + Array("</w>".utf8)
        // The wrapper is ours and must not use up what the fragment may cost.
        let room = XMLLimits(
            bytes: limits.bytes + added, depth: limits.depth + 1, elements: limits.elements + 1,
            attributesPerElement: max(limits.attributesPerElement, namespaces.count),
            namespacesInScope: limits.namespacesInScope + namespaces.count, textBytes: limits.textBytes)
        self.init(tree: try XMLTree(parsing: wrapped, limits: room, isWrapped: true))
    }
}
