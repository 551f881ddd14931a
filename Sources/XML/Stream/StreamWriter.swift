import CLibXML2

/// The canonical form of a document (Exclusive XML Canonicalization 1.0, without comments), written as its events arrive.
///
/// Hot: each byte of an aggregate passes here once. Nothing is copied into a `String` or hashed; see `InternedName`.
@safe struct StreamWriter: ~Copyable {
    /// How long the two stacks were when an element began.
    private struct Frame {
        let rendered: Int
        let declared: Int
    }

    /// Where the parts of a start tag stand in the output.
    struct Place {
        let attributes: Int
        let end: Int
    }

    /// What has been written and not yet been shown.
    var out = ByteBuffer(capacity: 1 << 17)
    /// Bindings that the canonical form has declared in open elements, innermost last. An entry needs a declaration in scope that differs
    /// from what the output had, so there are about as many as `namespacesInScope` allows.
    private var rendered: [StreamBinding] = unsafe []
    /// Bindings that the document has declared in open elements, innermost last.
    private var declared: [StreamBinding] = unsafe []
    private var frames: [Frame] = []
    /// Declarations of the start tag being written.
    private var fresh: [StreamBinding] = unsafe []
    private var order: [Int] = []
    private let xml: InternedName?

    /// The root's start tag waits for the PrefixList: its declarations in `fresh`, its name, and its attributes and the text behind it here.
    private(set) var isRootPending = false
    private var pendingName = ByteBuffer(capacity: 256)
    private var pendingRest = ByteBuffer(capacity: 4_096)
    /// What waits with the root's start tag.
    var pendingCount: Int { pendingRest.count }
    private var inclusive: [InternedName?] = unsafe []

    /// An attribute had a reference that must not be there.
    private(set) var isBroken = false

    init(xml: InternedName?) { unsafe self.xml = xml }

    // MARK: Elements

    /// Every element begins with this, in the canonical form or not.
    @inline(__always) mutating func enter(_ tag: StreamTag) {
        frames.append(Frame(rendered: unsafe rendered.count, declared: unsafe declared.count))
        if unsafe tag.declarations.count > 0 { unsafe tag.forEachDeclaration { unsafe declared.append($0) } }
    }

    @inline(__always) mutating func leave() {
        guard let frame = frames.popLast() else { return }
        if unsafe rendered.count > frame.rendered { unsafe rendered.removeLast(rendered.count - frame.rendered) }
        if unsafe declared.count > frame.declared { unsafe declared.removeLast(declared.count - frame.declared) }
    }

    mutating func start(_ tag: StreamTag) -> Place {
        out.append(Byte.less)
        unsafe out.append(prefix: tag.prefix, local: tag.local)
        unsafe utilize(tag)
        if unsafe tag.declarations.count > 0 { utilizeInclusive() }
        renderFresh()
        let attributes = out.count
        if unsafe !out.append(attributesOf: tag, &order) { isBroken = true }
        out.append(UInt8(ascii: ">"))
        return Place(attributes: attributes, end: out.count)
    }

    mutating func end(_ prefix: InternedName?, _ local: InternedName) {
        out.append("</")
        unsafe out.append(prefix: prefix, local: local)
        out.append(UInt8(ascii: ">"))
    }

    @inline(__always) mutating func text(_ bytes: InternedName, _ count: Int) {
        if isRootPending {
            unsafe Escapes.append(bytes, count, .text, to: &pendingRest)
        } else {
            unsafe Escapes.append(bytes, count, .text, to: &out)
        }
    }

    // MARK: The root

    mutating func startRoot(_ tag: StreamTag) {
        isRootPending = true
        pendingName.append(Byte.less)
        unsafe pendingName.append(prefix: tag.prefix, local: tag.local)
        unsafe utilize(tag)
        if unsafe !pendingRest.append(attributesOf: tag, &order) { isBroken = true }
        pendingRest.append(UInt8(ascii: ">"))
    }

    /// The PrefixList is known. INVARIANT: no element but the root is open.
    mutating func releaseRoot(_ prefixes: [InternedName?]) {
        isRootPending = false
        unsafe inclusive = prefixes
        out.append(pendingName, 0..<pendingName.count)
        utilizeInclusive()
        renderFresh()
        out.append(pendingRest, 0..<pendingRest.count)
        pendingRest.removeAll()
    }

    // MARK: Parts

    /// The start tag at `place`, the last one written, as it stands at the top of a document of its own.
    func standalone(_ tag: StreamTag, _ place: Place) -> [UInt8] {
        var head = ByteBuffer(capacity: 512)
        head.append(Byte.less)
        unsafe head.append(prefix: tag.prefix, local: tag.local)
        unsafe head.append(declarations: Self.inForce(rendered))
        head.append(out, place.attributes..<place.end)
        return head.array([], 0)
    }

    /// A start tag with what it declares, and at the top with what its ancestors declare too.
    mutating func start(withheld tag: StreamTag, isTop: Bool, in side: inout ByteBuffer) {
        side.append(Byte.less)
        unsafe side.append(prefix: tag.prefix, local: tag.local)
        var own: [StreamBinding] = unsafe []
        unsafe tag.forEachDeclaration { unsafe own.append($0) }
        unsafe side.append(declarations: isTop ? Self.inForce(declared) : own)
        if unsafe !side.append(attributesOf: tag, &order) { isBroken = true }
        side.append(UInt8(ascii: ">"))
    }

    // MARK: Namespaces

    /// Collects the bindings that the tag makes visible use of and the output does not have yet (exc-c14n §3).
    @inline(__always) private mutating func utilize(_ tag: StreamTag) {
        unsafe utilize(tag.prefix, tag.namespace)
        var index = 0
        while unsafe index + 4 < tag.attributes.count {
            if let prefix = unsafe tag.attributes[index + 1] { unsafe utilize(prefix, tag.attributes[index + 2]) }
            index += 5
        }
    }

    @inline(__always) private mutating func utilize(_ prefix: InternedName?, _ namespace: InternedName?) {
        if unsafe prefix != nil && prefix == xml { return }
        var index = unsafe rendered.count
        while index > 0 {
            index -= 1
            guard unsafe rendered[index].prefix == prefix else { continue }
            if unsafe rendered[index].namespace == namespace { return }
            return unsafe render(prefix, namespace)
        }
        if unsafe namespace == nil { return }
        unsafe render(prefix, namespace)
    }

    private mutating func render(_ prefix: InternedName?, _ namespace: InternedName?) {
        unsafe rendered.append(StreamBinding(prefix: prefix, namespace: namespace))
        unsafe fresh.append(StreamBinding(prefix: prefix, namespace: namespace))
    }

    /// The prefixes of the PrefixList: what is in scope counts as used (exc-c14n §3). Only an element that declares something, or the root, can
    /// have changed what they stand for.
    private mutating func utilizeInclusive() {
        var index = 0
        while unsafe index < inclusive.count {
            let prefix = unsafe inclusive[index]
            index += 1
            guard let binding = unsafe declared.last(where: { unsafe $0.prefix == prefix }) else { continue }
            unsafe utilize(prefix, binding.namespace)
        }
    }

    @inline(__always) private mutating func renderFresh() {
        if unsafe fresh.isEmpty { return }
        unsafe out.append(declarations: fresh)
        unsafe fresh.removeAll(keepingCapacity: true)
    }

    /// The innermost binding of each prefix; the default only when it stands for something.
    private static func inForce(_ stack: [StreamBinding]) -> [StreamBinding] {
        var found: [StreamBinding] = unsafe []
        var index = unsafe stack.count
        while index > 0 {
            index -= 1
            let binding = unsafe stack[index]
            if unsafe !found.contains(where: { unsafe $0.prefix == binding.prefix }) { unsafe found.append(binding) }
        }
        return unsafe found.filter { unsafe $0.namespace != nil }
    }
}
