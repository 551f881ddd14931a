/// Writes exclusive canonical XML into one byte array. Hot: each answer of the identity provider passes through it once.
struct CanonicalSerializer {
    private(set) var bytes: [UInt8] = []
    /// Every prefix declared anywhere in the output.
    private(set) var prefixes: [String] = []
    /// Declarations rendered by the open elements, innermost last.
    private var scope: [(prefix: String, namespace: String)] = []
    private var depth = 0

    init() { bytes.reserveCapacity(4_096) }

    /// For a child of `parent`, which stands at the top of its document.
    init(inside parent: XMLTag) {
        bytes.reserveCapacity(2_048)
        declareUtilized(parent) { _, _ in }
        depth = 1
    }

    mutating func write(_ tag: XMLTag) { _ = write(tag, notingPlaceOfChild: nil) }

    /// The offset at which child number `place` begins (or would begin).
    @discardableResult
    mutating func write(_ tag: XMLTag, notingPlaceOfChild place: Int?) -> Int {
        if place == nil, let frozen = tag.frozen, isUntouched(by: frozen.prefixes) {
            bytes += frozen.bytes
            for prefix in frozen.prefixes { note(prefix) }
            return bytes.count
        }
        let outer = scope.count
        bytes.append(UInt8(ascii: "<"))
        append(tag.prefix, tag.local)
        openingNamespaces(tag)
        for attribute in tag.attributes {
            bytes.append(UInt8(ascii: " "))
            append(attribute.prefix, attribute.local)
            appendQuoted(attribute.value)
        }
        bytes.append(UInt8(ascii: ">"))
        var offset = bytes.count
        depth += 1
        for (index, child) in tag.children.enumerated() {
            if index == place { offset = bytes.count }
            if let frozen = tag.frozen, index == frozen.place { write(frozen.inserted()) }
            switch child {
            case .text(let text): Escape.text.append(text, to: &bytes)
            case .element(let element): write(element)
            }
        }
        if let place, place >= tag.children.count { offset = bytes.count }
        if let frozen = tag.frozen, frozen.place >= tag.children.count { write(frozen.inserted()) }
        depth -= 1
        bytes.append(UInt8(ascii: "<"))
        bytes.append(UInt8(ascii: "/"))
        append(tag.prefix, tag.local)
        bytes.append(UInt8(ascii: ">"))
        scope.removeLast(scope.count - outer)
        return offset
    }

    // MARK: Namespaces

    /// Declarations of visibly utilized prefixes that the output ancestors do not already have (exc-c14n §3), by prefix.
    private mutating func openingNamespaces(_ tag: XMLTag) {
        var fresh: [(prefix: String, namespace: String)] = []
        declareUtilized(tag) { fresh.append(($0, $1)) }
        if fresh.count > 1 { fresh.sort { $0.prefix.utf8.lexicographicallyPrecedes($1.prefix.utf8) } }
        for (prefix, namespace) in fresh {
            bytes.append(contentsOf: prefix.isEmpty ? " xmlns".utf8 : " xmlns:".utf8)
            appendName(prefix)
            appendQuoted(namespace)
        }
    }

    private mutating func declareUtilized(_ tag: XMLTag, _ fresh: (String, String) -> Void) {
        declare(tag.prefix, tag.namespace, fresh)
        for attribute in tag.attributes where !attribute.prefix.isEmpty && attribute.prefix != "xml" {
            declare(attribute.prefix, attribute.namespace, fresh)
        }
        for declaration in tag.declared where !declaration.prefix.isEmpty { declare(declaration.prefix, declaration.namespace, fresh) }
    }

    private mutating func declare(_ prefix: String, _ namespace: String, _ fresh: (String, String) -> Void) {
        let current = scope.last { $0.prefix == prefix }?.namespace ?? ""
        guard current != namespace else { return }
        scope.append((prefix, namespace))
        note(prefix)
        fresh(prefix, namespace)
    }

    private mutating func note(_ prefix: String) {
        if !prefixes.contains(prefix) { prefixes.append(prefix) }
    }

    /// Bytes with declarations of `prefixes` stay canonical here: none of them, and no default namespace, is in force.
    func isUntouched(by prefixes: [String]) -> Bool {
        !scope.contains { $0.prefix.isEmpty || prefixes.contains($0.prefix) }
    }

    // MARK: Bytes

    private mutating func append(_ prefix: String, _ local: String) {
        if !prefix.isEmpty {
            appendName(prefix)
            bytes.append(UInt8(ascii: ":"))
        }
        appendName(local)
    }

    private mutating func appendName(_ name: String) {
        let start = bytes.count
        bytes.append(contentsOf: name.utf8)
        for index in start..<bytes.count where !CanonicalSerializer.isNameByte(bytes[index]) {
            bytes[index] = UInt8(ascii: "_")
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x80...0xff:
            true
        default: false
        }
    }

    private mutating func appendQuoted(_ value: String) {
        bytes.append(UInt8(ascii: "="))
        bytes.append(UInt8(ascii: "\""))
        Escape.attribute.append(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }
}

/// The escapes of Canonical XML §2.3, for text nodes and attribute values.
struct Escape: Sendable {
    static let text = Escape(["&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"])
    static let attribute = Escape(["&": "&amp;", "<": "&lt;", "\"": "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"])

    /// 0: copy; 1: needs a look; per byte.
    private let special: [Bool]
    private let replacements: [[UInt8]]

    private init(_ table: [Unicode.Scalar: String]) {
        var special = [Bool](repeating: false, count: 256)
        var replacements = [[UInt8]](repeating: [], count: 128)
        let forbidden = Array("\u{FFFD}".utf8)
        for control in 0..<0x20 where ![0x09, 0x0a, 0x0d].contains(control) {
            special[control] = true
            replacements[control] = forbidden
        }
        for (scalar, text) in table {
            special[Int(scalar.value & 127)] = true
            replacements[Int(scalar.value & 127)] = Array(text.utf8)
        }
        special[0xef] = true  // U+FFFE and U+FFFF begin so
        self.special = special
        self.replacements = replacements
    }

    func append(_ text: String, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        var index = start
        while index < bytes.count, !special[Int(bytes[index])] { index += 1 }
        guard index < bytes.count else { return }
        let tail = Array(bytes[index...])
        bytes.removeLast(tail.count)
        appendEscaped(tail, to: &bytes)
    }

    private func appendEscaped(_ tail: [UInt8], to bytes: inout [UInt8]) {
        var index = 0
        while index < tail.count {
            let byte = tail[index]
            if byte == 0xef, tail.count - index > 2, tail[index + 1] == 0xbf, tail[index + 2] >= 0xbe {
                bytes.append(contentsOf: "\u{FFFD}".utf8)
                index += 3
                continue
            }
            if byte < 0x80, special[Int(byte)] { bytes += replacements[Int(byte)] } else { bytes.append(byte) }
            index += 1
        }
    }
}
