import CLibXML2

/// Why an XPath filter was not applied.
package enum XPathRefusal: Error, Hashable, Sendable {
    /// Not an XPath 1.0 expression, or longer than 4 KiB.
    case expression
    /// More work than the caller allows.
    case budget
}

/// One XPath expression, asked of node after node. libxml2's core functions only: none of them opens anything.
@safe final class XPathFilter {
    private let context: UnsafeMutablePointer<xmlXPathContext>
    private let compiled: OpaquePointer
    /// Prefixes of the expression; libxml2 looks them up here. Owned by us, pointing into the document.
    private let prefixes: UnsafeMutableBufferPointer<UnsafeMutablePointer<xmlNs>?>
    private let budget: XPathBudget
    private let charge: (evaluation: Int, operation: Int)

    /// Prefixes mean what they mean at `place`, the element that holds the expression.
    init(
        _ expression: String, at place: UnsafeMutablePointer<xmlNode>, in document: UnsafeMutablePointer<xmlDoc>, within budget: XPathBudget
    ) throws(XPathRefusal) {
        LibXML2.prepareThread()
        guard expression.utf8.count <= 4096 else { throw .expression }
        let cost = XPathCost(expression)
        guard cost.callsOnlyKnown else { throw .expression }
        var charge = (evaluation: 0, operation: 1)
        if cost.makesTexts {
            let weights = unsafe XPathWeights(of: document)
            try budget.spend(weights.nodes)
            charge = cost.charge(weights)
        }
        guard let context = unsafe xmlXPathNewContext(document) else { throw .expression }
        let declarations = unsafe XPathFilter.declarations(inForceAt: place)
        unsafe prefixes = .allocate(capacity: unsafe declarations.count)
        for index in unsafe declarations.indices { unsafe prefixes.initializeElement(at: index, to: declarations[index]) }
        unsafe context.pointee.namespaces = prefixes.baseAddress
        unsafe context.pointee.nsNr = Int32(unsafe declarations.count)
        guard let compiled = unsafe xmlXPathCtxtCompile(context, expression) else {
            unsafe xmlXPathFreeContext(context)
            unsafe prefixes.deallocate()
            throw .expression
        }
        unsafe self.context = context
        unsafe self.compiled = compiled
        self.budget = budget
        self.charge = charge
    }

    deinit {
        unsafe xmlXPathFreeCompExpr(compiled)
        unsafe xmlXPathFreeContext(context)
        unsafe prefixes.deallocate()
    }

    /// The innermost declaration of each prefix.
    private static func declarations(inForceAt element: UnsafeMutablePointer<xmlNode>) -> [UnsafeMutablePointer<xmlNs>] {
        var found: [UnsafeMutablePointer<xmlNs>] = unsafe []
        var current: UnsafeMutablePointer<xmlNode>? = unsafe element
        while let node = unsafe current, unsafe node.pointee.type == XML_ELEMENT_NODE {
            var next = unsafe node.pointee.nsDef
            while let declaration = unsafe next {
                let isShadowed = unsafe found.contains { unsafe xmlStrEqual($0.pointee.prefix, declaration.pointee.prefix) == 1 }
                if !isShadowed { unsafe found.append(declaration) }
                unsafe next = declaration.pointee.next
            }
            unsafe current = node.pointee.parent
        }
        return unsafe found
    }

    /// Asks `node` and, for an element, its attributes and the namespaces in force there.
    func keep(_ node: UnsafeMutablePointer<xmlNode>, in scope: SelectionScope, _ found: KeptNodes) throws(XPathRefusal) {
        try budget.spend(1)
        if unsafe scope.shows(node, of: node.pointee.parent), try unsafe isTrue(of: node) {
            found.nodes.insert(UInt(bitPattern: UnsafeRawPointer(node)))
        }
        guard unsafe node.pointee.type == XML_ELEMENT_NODE else { return }
        var attribute = unsafe node.pointee.properties
        while let current = unsafe attribute {
            let asNode = unsafe UnsafeMutableRawPointer(current).assumingMemoryBound(to: xmlNode.self)
            try budget.spend(1)
            if unsafe scope.shows(asNode, of: node), try unsafe isTrue(of: asNode) {
                found.nodes.insert(UInt(bitPattern: UnsafeRawPointer(current)))
            }
            unsafe attribute = current.pointee.next
        }
        let declarations = unsafe XPathFilter.declarations(inForceAt: node)
        for index in unsafe declarations.indices {
            let declaration = unsafe declarations[index]
            let asNode = unsafe UnsafeMutableRawPointer(declaration).assumingMemoryBound(to: xmlNode.self)
            try budget.spend(1)
            guard unsafe scope.shows(asNode, of: node) else { continue }
            // libxml2's namespace node is a copy whose `next` leads to its element.
            var copy = unsafe declaration.pointee
            unsafe copy.next = UnsafeMutableRawPointer(node).assumingMemoryBound(to: xmlNs.self)
            let isKept = try unsafe withUnsafeMutablePointer(to: &copy) { (copy) throws(XPathRefusal) in
                try unsafe isTrue(of: UnsafeMutableRawPointer(copy).assumingMemoryBound(to: xmlNode.self))
            }
            if isKept {
                found.namespaces.insert(
                    .init(
                        element: UInt(bitPattern: UnsafeRawPointer(node)),
                        declaration: UInt(bitPattern: UnsafeRawPointer(declaration))))
            }
        }
    }

    private func isTrue(of node: UnsafeMutablePointer<xmlNode>) throws(XPathRefusal) -> Bool {
        try budget.spend(1 + charge.evaluation)
        // To merge, to sort and to compare sets takes the square of what made them; libxml2 counts that once.
        let limit = min(budget.remaining / charge.operation, 32 * Int(Double(budget.remaining).squareRoot()), 1 << 24)
        guard limit > 0 else { throw .budget }
        unsafe context.pointee.opLimit = UInt(limit)
        unsafe context.pointee.opCount = 0
        unsafe context.pointee.node = node
        unsafe context.pointee.contextSize = 1
        unsafe context.pointee.proximityPosition = 1
        let answer = unsafe xmlXPathCompiledEvalToBoolean(compiled, context)
        // The node may be a copy that ends with this call.
        unsafe context.pointee.node = nil
        let done = min(limit, Int(clamping: unsafe context.pointee.opCount))
        guard answer >= 0 else { throw done < limit ? .expression : .budget }
        try budget.spend(done * charge.operation + done * done / 1024)
        return answer == 1
    }
}
