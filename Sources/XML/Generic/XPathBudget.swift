import CLibXML2

/// The work that all XPath filters of one signature may do together, in operations of libxml2.
package final class XPathBudget {
    private(set) var remaining: Int

    package init(_ operations: Int) { remaining = operations }

    func spend(_ operations: Int) throws(XPathRefusal) {
        guard operations <= remaining else {
            remaining = 0
            throw .budget
        }
        remaining -= operations
    }
}

/// What it takes to make the texts of a document, in operations of libxml2: to go to a node is a quarter of one, and 64 octets are one.
struct XPathWeights {
    /// The document's text, made once.
    let whole: Int
    /// The text of each of its nodes, made once: what stands deep is made as often as it is deep.
    let every: Int
    /// The longest attribute, name, or name of a namespace.
    let value: Int
    let nodes: Int

    init(of document: UnsafeMutablePointer<xmlDoc>) {
        var (nodes, octets, deepNodes, deepOctets, longest) = (0, 0, 0, 0, 0)
        var depth = 1
        var next = unsafe document.pointee.children
        while let node = unsafe next {
            let isElement = unsafe node.pointee.type == XML_ELEMENT_NODE
            let length = unsafe isElement ? 0 : Int(xmlStrlen(node.pointee.content))
            nodes += 1
            deepNodes += depth
            octets += length
            deepOctets += depth * length
            if isElement { longest = max(longest, unsafe XPathWeights.longest(of: node)) }
            if isElement, let child = unsafe node.pointee.children {
                unsafe next = child
                depth += 1
                continue
            }
            var current = unsafe node
            while unsafe current.pointee.next == nil, let parent = unsafe current.pointee.parent,
                unsafe parent.pointee.type == XML_ELEMENT_NODE
            {
                unsafe current = parent
                depth -= 1
            }
            unsafe next = current.pointee.next
        }
        self.nodes = nodes
        value = 1 + longest / 64
        whole = value + nodes / 4 + octets / 64
        every = value + deepNodes / 4 + deepOctets / 64
    }

    private static func longest(of element: UnsafeMutablePointer<xmlNode>) -> Int {
        var longest = unsafe Int(xmlStrlen(element.pointee.name))
        var declaration = unsafe element.pointee.nsDef
        while let current = unsafe declaration {
            longest = max(longest, unsafe Int(xmlStrlen(current.pointee.href)))
            unsafe declaration = current.pointee.next
        }
        var attribute = unsafe element.pointee.properties
        while let current = unsafe attribute {
            longest = max(longest, unsafe Int(xmlStrlen(current.pointee.name)))
            var length = 0
            var part = unsafe current.pointee.children
            while let text = unsafe part {
                length += unsafe Int(xmlStrlen(text.pointee.content))
                unsafe part = text.pointee.next
            }
            longest = max(longest, length)
            unsafe attribute = current.pointee.next
        }
        return longest
    }
}
