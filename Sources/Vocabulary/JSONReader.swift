/// Why a text is not the JSON we accept.
package enum JSONRefusal: Error, Hashable, Sendable {
    case tooLarge(limit: Int)
    case tooDeep(limit: Int)
    case duplicateMember(String)
    case notUTF8
    case syntax(at: Int)
}

extension JSON {
    /// Reads exactly one value, strictly by RFC 8259: UTF-8 without a mark, no comments, no trailing bytes, no duplicate members, no
    /// lone surrogates. Work is linear in `limit`, the most bytes accepted; `depth` bounds nesting.
    package init(reading bytes: [UInt8], limit: Int = 65_536, depth: Int = 32) throws(JSONRefusal) {
        guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        var reader = JSONReader(bytes: bytes, deepest: depth)
        self = try reader.document()
    }

    package init(reading text: String, limit: Int = 65_536, depth: Int = 32) throws(JSONRefusal) {
        try self.init(reading: Array(text.utf8), limit: limit, depth: depth)
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    let deepest: Int
    var position = 0

    init(bytes: [UInt8], deepest: Int) {
        self.bytes = bytes
        self.deepest = deepest
    }

    mutating func document() throws(JSONRefusal) -> JSON {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw .syntax(at: position) }
        return value
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    private mutating func expect(_ byte: UInt8) throws(JSONRefusal) {
        guard next == byte else { throw .syntax(at: position) }
        position += 1
    }

    private mutating func value(depth: Int) throws(JSONRefusal) -> JSON {
        guard depth < deepest else { throw .tooDeep(limit: deepest) }
        skipSpace()
        switch next {
        case 0x7b: return try object(depth: depth)
        case 0x5b: return try array(depth: depth)
        case 0x22: return .string(try string())
        case 0x74: return try word("true", .bool(true))
        case 0x66: return try word("false", .bool(false))
        case 0x6e: return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ text: String, _ value: JSON) throws(JSONRefusal) -> JSON {
        for byte in text.utf8 { try expect(byte) }
        return value
    }

    private mutating func object(depth: Int) throws(JSONRefusal) -> JSON {
        try expect(0x7b)
        var members: [(String, JSON)] = []
        var names: Set<String> = []
        skipSpace()
        if next == 0x7d {
            position += 1
            return .object([])
        }
        while true {
            skipSpace()
            let name = try string()
            guard names.insert(name).inserted else { throw .duplicateMember(name) }
            skipSpace()
            try expect(0x3a)
            members.append((name, try value(depth: depth + 1)))
            skipSpace()
            if next == 0x7d {
                position += 1
                return .object(members)
            }
            try expect(0x2c)
        }
    }

    private mutating func array(depth: Int) throws(JSONRefusal) -> JSON {
        try expect(0x5b)
        var items: [JSON] = []
        skipSpace()
        if next == 0x5d {
            position += 1
            return .array([])
        }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if next == 0x5d {
                position += 1
                return .array(items)
            }
            try expect(0x2c)
        }
    }

    private mutating func string() throws(JSONRefusal) -> String {
        try expect(0x22)
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case 0x22: return String(decoding: text, as: UTF8.self)
            case 0x5c: try escape(into: &text)
            case 0..<0x20: throw .syntax(at: position - 1)
            default: text.append(byte)
            }
        }
        throw .syntax(at: position)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONRefusal) {
        guard let byte = next else { throw .syntax(at: position) }
        position += 1
        switch byte {
        case 0x22, 0x5c, 0x2f: text.append(byte)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0c)
        case 0x6e: text.append(0x0a)
        case 0x72: text.append(0x0d)
        case 0x74: text.append(0x09)
        case 0x75:
            var scalar = try hexadecimal()
            if (0xd800..<0xdc00).contains(scalar) {
                try expect(0x5c)
                try expect(0x75)
                let low = try hexadecimal()
                guard (0xdc00..<0xe000).contains(low) else { throw .syntax(at: position) }
                scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let character = Unicode.Scalar(scalar) else { throw .syntax(at: position) }
            text += String(Character(character)).utf8
        default: throw .syntax(at: position - 1)
        }
    }

    private mutating func hexadecimal() throws(JSONRefusal) -> UInt32 {
        guard position + 4 <= bytes.count else { throw .syntax(at: position) }
        guard let pair = Hexadecimal.decode(String(decoding: bytes[position..<position + 4], as: UTF8.self)) else {
            throw .syntax(at: position)
        }
        position += 4
        return UInt32(pair[0]) << 8 | UInt32(pair[1])
    }

    private mutating func number() throws(JSONRefusal) -> JSON {
        let start = position
        if next == 0x2d { position += 1 }
        let leading = next
        let whole = digits()
        guard whole > 0, whole == 1 || leading != 0x30 else { throw .syntax(at: start) }
        var isWhole = true
        if next == 0x2e {
            isWhole = false
            position += 1
            guard digits() > 0 else { throw .syntax(at: position) }
        }
        if next == 0x65 || next == 0x45 {
            isWhole = false
            position += 1
            if next == 0x2b || next == 0x2d { position += 1 }
            guard digits() > 0 else { throw .syntax(at: position) }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw .syntax(at: start) }
        return .number(value)
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        return position - start
    }
}
