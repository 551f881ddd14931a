import CLibXML2

/// What the callbacks of one reading share. The first failure is kept and stops the parser; nothing is done after it.
@safe struct StreamState: ~Copyable {
    let context: UnsafeMutablePointer<xmlParserCtxt>
    private let dictionary: OpaquePointer
    private var source: StreamSource
    private let limits: XMLStreamLimits
    private let visitor: any XMLStreamVisitor
    private var writer: StreamWriter
    private var failure: (any Error)?

    /// Of the open elements, outermost first.
    private var choices: [StreamChoice] = []
    private var elements = 0

    /// Elements open inside the withheld one, itself counted.
    private var withheld = 0
    private var side = ByteBuffer(capacity: 4_096)

    private var part: Part?
    /// The element being captured: where it stands, its start tag for itself, and where its content begins in the output.
    private struct Part {
        let depth: Int
        let head: [UInt8]
        let start: Int
        var isTooLong = false
    }

    private let identifiers: [InternedName]
    private var identifier: [UInt8]?
    private var identifierCount = 0
    private let inclusion: InternedName?

    /// Output that has not been shown yet is shown when there is this much of it.
    private static let portion = 65_536

    init(
        _ context: UnsafeMutablePointer<xmlParserCtxt>, _ dictionary: OpaquePointer, _ source: StreamSource, _ limits: XMLStreamLimits,
        _ identifiers: [String], _ visitor: any XMLStreamVisitor
    ) {
        unsafe self.context = context
        unsafe self.dictionary = dictionary
        self.source = source
        self.limits = limits
        self.visitor = visitor
        unsafe self.identifiers = identifiers.compactMap { unsafe Self.interned($0, dictionary) }
        unsafe inclusion = Self.interned("http://www.w3.org/2001/XInclude", dictionary)
        writer = unsafe StreamWriter(xml: Self.interned("xml", dictionary))
    }

    static func at(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<StreamState>? {
        unsafe context?.assumingMemoryBound(to: StreamState.self)
    }

    // MARK: Bytes in

    /// For libxml2's read callback: it must not be stopped in here, only told that there is nothing more.
    mutating func read(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int32 {
        guard failure == nil, unsafe context.pointee.wellFormed == 1, unsafe context.pointee.nsWellFormed == 1 else { return -1 }
        do {
            return Int32(clamping: try unsafe source.read(into: buffer))
        } catch {
            failure = error
            return -1
        }
    }

    // MARK: Events

    mutating func start(_ tag: StreamTag) {
        guard failure == nil else { return }
        do {
            try unsafe judge(tag)
            let isAsked = withheld == 0 && (choices.last?.contains(.enter) ?? true)
            let choice = isAsked ? try visitor.start(unsafe element(tag)) : []
            if withheld > 0 {
                unsafe writer.enter(tag)
                unsafe writer.start(withheld: tag, isTop: false, in: &side)
                withheld += 1
            } else if choices.isEmpty {
                identifier = visitor.identifier.map { Array($0.utf8) }
                unsafe countIdentifiers(tag)
                unsafe writer.enter(tag)
                unsafe writer.startRoot(tag)
                if choice.contains(.capture) { part = Part(depth: 0, head: [], start: 0) }
            } else {
                if !choice.contains(.withhold) { releaseRoot() }
                unsafe writer.enter(tag)
                if choice.contains(.withhold) {
                    withheld = 1
                    unsafe writer.start(withheld: tag, isTop: true, in: &side)
                } else {
                    let place = unsafe writer.start(tag)
                    if choice.contains(.capture), part == nil {
                        part = unsafe Part(depth: choices.count, head: writer.standalone(tag, place), start: place.end)
                    }
                }
            }
            choices.append(choice)
            try measure()
        } catch { fail(error) }
    }

    mutating func end(_ local: InternedName, _ prefix: InternedName?) {
        guard failure == nil, let choice = choices.popLast() else { return }
        do {
            if withheld > 0 {
                side.append("</")
                unsafe side.append(prefix: prefix, local: local)
                side.append(UInt8(ascii: ">"))
                writer.leave()
                withheld -= 1
                if withheld == 0 { try endWithheld() }
                return
            }
            releaseRoot()
            unsafe writer.end(prefix, local)
            writer.leave()
            if choice.contains(.enter) { try visitor.end() }
            if let part, part.depth == choices.count { try end(part) }
            try measure()
        } catch { fail(error) }
    }

    mutating func text(_ bytes: InternedName, _ count: Int) {
        guard failure == nil else { return }
        if withheld > 0 {
            unsafe Escapes.append(bytes, count, .text, to: &side)
        } else {
            unsafe writer.text(bytes, count)
        }
        measureText()
    }

    /// The canonical form has none; what is withheld is shown as it is (A7).
    mutating func comment(_ text: InternedName) {
        guard failure == nil, withheld > 0 else { return }
        side.append("<!--")
        unsafe side.append(cString: text)
        side.append("-->")
        measureText()
    }

    mutating func fail(_ error: any Error) {
        if failure == nil { failure = error }
        unsafe xmlStopParser(context)
    }

    mutating func finish() throws -> XMLStream.Summary {
        if let failure { throw failure }
        guard unsafe context.pointee.wellFormed == 1, unsafe context.pointee.nsWellFormed == 1 else {
            throw unsafe XMLRefusal.notWellFormed(line: LibXML2.errorLine(of: context))
        }
        // What libxml2 did not ask for must not be there: it has to have seen the very end.
        var rest = [UInt8](repeating: 0, count: 1)
        let more = try unsafe rest.withUnsafeMutableBufferPointer { unsafe try source.read(into: $0) }
        guard more == 0, choices.isEmpty, elements == source.elements else { throw XMLRefusal.notWellFormed(line: 0) }
        show()
        return XMLStream.Summary(bytes: source.bytes, elements: elements, identifierCount: identifierCount)
    }

    // MARK: Rules

    private mutating func judge(_ tag: StreamTag) throws(XMLRefusal) {
        elements += 1
        guard unsafe xmlDictSize(dictionary) <= Int32(clamping: limits.names) else { throw .tooManyNames }
        if unsafe tag.namespace != nil && tag.namespace == inclusion { throw .inclusion }
        // Namespaces in XML §7; libxml2 reports an undeclared prefix but goes on.
        if unsafe tag.prefix != nil && tag.namespace == nil { throw .notWellFormed(line: line) }
        var index = 0
        while unsafe index + 4 < tag.attributes.count {
            if unsafe tag.attributes[index + 1] != nil && tag.attributes[index + 2] == nil { throw .notWellFormed(line: line) }
            index += 5
        }
        index = 1
        while unsafe index < tag.declarations.count {
            guard let name = unsafe tag.declarations[index], unsafe Self.isAbsolute(name) else { throw .canonicalization }
            index += 2
        }
        if identifier != nil { unsafe countIdentifiers(tag) }
    }

    private mutating func countIdentifiers(_ tag: StreamTag) {
        guard let identifier else { return }
        var index = 0
        while unsafe index + 4 < tag.attributes.count {
            if let name = unsafe tag.attributes[index], unsafe identifiers.contains(name), let start = unsafe tag.attributes[index + 3],
                let end = unsafe tag.attributes[index + 4],
                unsafe identifier.elementsEqual(UnsafeBufferPointer(start: start, count: end - start))
            {
                identifierCount += 1
            }
            index += 5
        }
    }

    /// Empty, or with a scheme (RFC 3986 §3.1): a relative namespace name has no canonical form (Canonical XML §1.3). Whether the rest is a
    /// URI libxml2 has judged.
    private static func isAbsolute(_ name: InternedName) -> Bool {
        var cursor = unsafe name
        while true {
            switch unsafe cursor.pointee {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                if unsafe cursor == name { return false }
            case UInt8(ascii: ":"): return unsafe cursor != name
            case 0: return unsafe cursor == name
            default: return false
            }
            unsafe cursor += 1
        }
    }

    private var line: Int { unsafe Int(context.pointee.input?.pointee.line ?? 0) }

    // MARK: Parts

    private mutating func endWithheld() throws {
        let bytes = side.array([], 0)
        side.removeAll()
        try visitor.part(bytes)
        releaseRoot()
    }

    private mutating func end(_ part: Part) throws {
        self.part = nil
        guard !part.isTooLong else { return try visitor.part(nil) }
        try visitor.part(writer.out.array(part.head, part.start))
    }

    /// Shows the output when it is enough, and gives up a part that is too long.
    private mutating func measure() throws(XMLRefusal) {
        guard !writer.isBroken else { throw .entity }
        guard max(side.count, writer.pendingCount) <= limits.partBytes else { throw .tooLarge }
        if let current = part, !current.isTooLong {
            guard writer.out.count - current.start > limits.partBytes else { return }
            part?.isTooLong = true
        }
        if writer.out.count >= Self.portion { show() }
    }

    /// Runs of text with comments between them have no end of their own.
    @inline(__always) private mutating func measureText() {
        guard writer.out.count >= Self.portion || withheld > 0 || writer.isRootPending else { return }
        do { try measure() } catch { fail(error) }
    }

    private mutating func show() {
        writer.out.withSpan { visitor.canonical($0) }
        writer.out.removeAll()
    }

    private mutating func releaseRoot() {
        guard writer.isRootPending else { return }
        let prefixes = visitor.inclusivePrefixes
        unsafe writer.releaseRoot(
            prefixes.filter { $0 != "xml" }.map { unsafe $0 == "#default" ? nil : Self.interned($0, dictionary) })
    }

    // MARK: Names

    private static func interned(_ text: String, _ dictionary: OpaquePointer) -> InternedName? {
        var bytes = Array(text.utf8)
        let count = Int32(clamping: bytes.count)
        bytes.append(0)
        return unsafe xmlDictLookup(dictionary, bytes, count)
    }

    private func element(_ tag: StreamTag) -> StreamedElement {
        var attributes: [XMLAttribute] = []
        var index = 0
        while unsafe index + 4 < tag.attributes.count {
            if let local = unsafe tag.attributes[index], let start = unsafe tag.attributes[index + 3],
                let end = unsafe tag.attributes[index + 4]
            {
                let name = unsafe XMLName(Self.string(tag.attributes[index + 2]), Self.string(local))
                attributes.append(XMLAttribute(name: name, value: unsafe Self.value(start, end - start)))
            }
            index += 5
        }
        return unsafe StreamedElement(
            name: XMLName(Self.string(tag.namespace), Self.string(tag.local)), attributes: attributes, depth: choices.count)
    }

    private static func string(_ text: InternedName?) -> String {
        guard let text = unsafe text else { return "" }
        return unsafe String(cString: text)
    }

    /// An attribute's value as a reader wants it; see `Escapes.Kind.value`.
    private static func value(_ start: InternedName, _ count: Int) -> String {
        let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
        guard unsafe bytes.contains(Byte.ampersand) else { return unsafe String(decoding: bytes, as: UTF8.self) }
        var plain: [UInt8] = []
        var index = 0
        while index < count {
            plain.append(unsafe start[index])
            index += unsafe start[index] == Byte.ampersand && Escapes.isAmpersand(start + index, count - index) ? 5 : 1
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
