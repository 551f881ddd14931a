import XML

/// A visitor that keeps everything: the canonical form, what it was asked, and the parts it wanted.
final class Recorder: XMLStreamVisitor {
    var inclusivePrefixes: [String] = []
    var identifier: String?
    var wanted: (StreamedElement) -> StreamChoice = { _ in [] }
    private(set) var output: [UInt8] = []
    private(set) var asked: [String] = []
    private(set) var parts: [[UInt8]?] = []
    private(set) var ends = 0

    init(prefixes: [String] = [], wanted: @escaping (StreamedElement) -> StreamChoice = { _ in [] }) {
        inclusivePrefixes = prefixes
        self.wanted = wanted
    }

    func start(_ element: StreamedElement) throws -> StreamChoice {
        asked.append(element.name.local)
        return wanted(element)
    }

    func end() throws { ends += 1 }
    func part(_ bytes: [UInt8]?) throws { parts.append(bytes) }
    func canonical(_ bytes: Span<UInt8>) { for index in bytes.indices { output.append(bytes[index]) } }

    var text: String { String(decoding: output, as: UTF8.self) }
    var texts: [String] { parts.map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "too long" } }
}

/// A source of pieces of `size` bytes.
func pieces(_ bytes: [UInt8], of size: Int) -> () throws -> [UInt8] {
    var position = 0
    return {
        let end = min(bytes.count, position + size)
        defer { position = end }
        return Array(bytes[position..<end])
    }
}

@discardableResult
func stream(
    _ bytes: [UInt8], pieces size: Int = 65_536, limits: XMLStreamLimits = .aggregate, identifiers: [String] = [], to recorder: Recorder
) throws -> XMLStream.Summary {
    try XMLStream.read(pieces(bytes, of: size), limits: limits, identifiers: identifiers, visitor: recorder)
}

func streamRefusal(_ bytes: [UInt8], pieces size: Int = 65_536, limits: XMLStreamLimits = .aggregate) -> XMLRefusal? {
    do {
        try stream(bytes, pieces: size, limits: limits, to: Recorder())
        return nil
    } catch let error as XMLRefusal {
        return error
    } catch {
        return .notWellFormed(line: -1)
    }
}

/// Documents that nobody wrote: namespaces declared, changed and taken away at random, attributes and text with everything that is
/// escaped, CDATA, comments, references.
struct DocumentMaker {
    private var random: SplitMix
    private let prefixes = ["", "a", "b", "c", "xs"]
    private let names = ["urn:1", "urn:2", "http://x.example/?q=1", "http://x.example/?q=1&amp;r=2", "urn:3"]

    init(seed: UInt64) { random = SplitMix(state: seed) }

    mutating func make() -> String {
        let spaces = ["", "\n", "<!-- before -->"]
        return spaces[pick(3)] + element(scope: [:], depth: 0) + spaces[pick(3)]
    }

    private mutating func element(scope: [String: String], depth: Int) -> String {
        var scope = scope
        var tag = ""
        for prefix in prefixes where pick(depth == 0 ? 2 : 5) == 0 {
            let isTaken = prefix.isEmpty && pick(3) == 0
            let name = isTaken ? "" : names[pick(names.count)]
            tag += prefix.isEmpty ? " xmlns='\(name)'" : " xmlns:\(prefix)=\"\(name)\""
            scope[prefix] = name.isEmpty ? nil : name
        }
        var taken: Set<String> = []
        for local in ["z", "y", "ID", "x"] where pick(3) == 0 {
            let usable = ["", "xml"] + scope.keys.filter { !$0.isEmpty }.sorted()
            let prefix = usable[pick(usable.count)]
            guard taken.insert((prefix == "xml" ? prefix : scope[prefix] ?? prefix) + "|" + local).inserted else { continue }
            let quote = pick(2) == 0 ? "'" : "\""
            tag += (pick(4) == 0 ? "\n  " : " ") + (prefix.isEmpty ? local : prefix + ":" + local) + " = " + quote + value(quote) + quote
        }
        let usable = [""] + scope.keys.filter { !$0.isEmpty }.sorted()
        let prefix = usable[pick(usable.count)]
        let name = (prefix.isEmpty ? "" : prefix + ":") + ["e", "f", "Signature"][pick(3)]
        var content = ""
        for _ in 0..<pick(depth > 4 ? 1 : 5) {
            content += pick(2) == 0 ? text() : element(scope: scope, depth: depth + 1)
        }
        return content.isEmpty && pick(2) == 0 ? "<\(name)\(tag)/>" : "<\(name)\(tag) >\(content)</\(name)\n>"
    }

    private mutating func text() -> String {
        [
            "t", "\r\n \t", "&#13;&#10;", "&lt;&gt;&amp;&quot;&apos;", "<![CDATA[<&>]]]>", "<!-- - c -->", "戸籍 \u{1F30A}", "> ' \"",
            "&#x20AC;", "\r",
        ][
            pick(10)]
    }

    private mutating func value(_ quote: String) -> String {
        (0..<pick(3)).map { _ in
            ["v", "&amp;", "&#38;", "&lt;", "&quot;&apos;", "&#9;&#10;&#13;", "\r\n\t", ">", "籍", "&#x26;amp;", "  "][pick(11)]
        }.joined()
    }

    private mutating func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
}

/// Repeatable chance.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
