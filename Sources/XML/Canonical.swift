import CLibXML2

/// Exclusive XML Canonicalization 1.0 of a subtree, by libxml2.
package enum Canonical {
    /// The canonical bytes of `element` and its descendants, minus the subtree of `excluding`.
    ///
    /// `inclusivePrefixes` is the PrefixList of exc-c14n §4 (`#default` for the default namespace). An error is an error: there
    /// is no empty or partial result (A10). Cost: one pass over the document, each node asking for at most `depth` ancestors.
    package static func exclusive(
        _ element: XMLElement, inclusivePrefixes: [String] = [], withComments: Bool = false, excluding: XMLElement? = nil
    ) throws(XMLRefusal) -> [UInt8] {
        var scope = unsafe CanonicalScope(apex: element.node, excluded: excluding?.node)
        return try unsafe write(
            element.document, XML_C14N_EXCLUSIVE_1_0, prefixes: inclusivePrefixes, withComments: withComments, isVisible, &scope)
    }

    /// What libxml2 writes of the nodes that `isVisible` shows it. Nothing at all is refused, unless nothing can be right: the digest
    /// of an empty text would fit anything that was lost on the way (A10).
    static func write(
        _ document: UnsafeMutablePointer<xmlDoc>, _ mode: xmlC14NMode, prefixes: [String], withComments: Bool,
        mayBeEmpty: Bool = false, _ isVisible: xmlC14NIsVisibleCallback, _ data: UnsafeMutableRawPointer
    ) throws(XMLRefusal) -> [UInt8] {
        LibXML2.prepareThread()
        guard let buffer = unsafe xmlAllocOutputBuffer(nil) else { throw .canonicalization }
        // Owned here until the return.
        defer { _ = unsafe xmlOutputBufferClose(buffer) }
        let written = unsafe withPrefixList(prefixes) { prefixes in
            unsafe xmlC14NExecute(document, isVisible, data, Int32(mode.rawValue), prefixes, withComments ? 1 : 0, buffer)
        }
        guard written >= 0, let content = unsafe xmlOutputBufferGetContent(buffer) else { throw .canonicalization }
        let count = Int(unsafe xmlOutputBufferGetSize(buffer))
        guard count > 0 || mayBeEmpty, unsafe buffer.pointee.error == 0 else { throw .canonicalization }
        return unsafe Array(UnsafeBufferPointer(start: content, count: count))
    }

    /// A NULL-terminated array of C strings that lives as long as the call; nil when there are no prefixes.
    private static func withPrefixList(
        _ prefixes: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<xmlChar>?>?) -> Int32
    ) -> Int32 {
        guard !prefixes.isEmpty else { return body(nil) }
        var starts: [Int] = []
        var names: [UInt8] = []
        for prefix in prefixes {
            starts.append(names.count)
            names += Array(prefix.utf8) + [0]
        }
        return unsafe names.withUnsafeMutableBufferPointer { names in
            var pointers = unsafe starts.map { start in unsafe names.baseAddress.map { unsafe $0 + start } }
            unsafe pointers.append(nil)
            return unsafe pointers.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress) }
        }
    }
}

/// Borrowed from the two elements, which outlive the call.
@unsafe private struct CanonicalScope {
    let apex: UnsafeMutablePointer<xmlNode>
    let excluded: UnsafeMutablePointer<xmlNode>?
}

/// Visible: inside the apex and not inside the excluded subtree. Attributes and namespace nodes follow their element, which
/// libxml2 passes as `parent`; an `xmlNs` has no parent pointer of its own, so `node` must not be asked.
private func isVisible(
    _ data: UnsafeMutableRawPointer?, _ node: UnsafeMutablePointer<xmlNode>?, _ parent: UnsafeMutablePointer<xmlNode>?
) -> Int32 {
    guard let scope = unsafe data?.assumingMemoryBound(to: CanonicalScope.self).pointee, let node = unsafe node else {
        return 0
    }
    let type = unsafe node.pointee.type
    var current = unsafe type == XML_ATTRIBUTE_NODE || type == XML_NAMESPACE_DECL ? parent : node
    while let candidate = unsafe current {
        if unsafe candidate == scope.excluded { return 0 }
        if unsafe candidate == scope.apex { return 1 }
        unsafe current = candidate.pointee.parent
    }
    return 0
}
