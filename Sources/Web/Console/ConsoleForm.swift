import Vocabulary

/// A form of the console as it came: `application/x-www-form-urlencoded`, or `multipart/form-data` (RFC 7578) where a file may be uploaded.
/// Values are UTF-8; a name that came twice has its first value, as `all` has every one.
struct ConsoleForm: Sendable {
    /// In the order they came; file parts have the file's text.
    let all: [(name: String, value: String)]

    /// Fields of one form; more is an attack.
    static let most = 256
    private static let longestHead = 1_024

    subscript(name: String) -> String? { all.first { $0.name == name }?.value }

    /// The value without blanks at its ends; nil where nothing is left.
    func text(_ name: String) -> String? {
        guard let value = self[name] else { return nil }
        let part = value.drop { $0.isWhitespace }
        guard let last = part.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(part[...last])
    }

    static let empty = ConsoleForm(all: [])

    private init(all: [(name: String, value: String)]) { self.all = all }

    /// Nil: another content type, not UTF-8, or too many fields.
    init?(_ bytes: [UInt8], type: String) {
        let parts = type.split(separator: ";").map { $0.drop { $0 == " " } }
        switch parts.first?.lowercased() {
        case "application/x-www-form-urlencoded":
            guard let fields = Self.urlencoded(bytes) else { return nil }
            all = fields
        case "multipart/form-data":
            guard let mark = parts.dropFirst().first(where: { $0.hasPrefix("boundary=") }) else { return nil }
            let boundary = mark.dropFirst(9).filter { $0 != "\"" }
            guard (1...70).contains(boundary.utf8.count), let fields = Self.multipart(bytes, Array(("--" + boundary).utf8)) else {
                return nil
            }
            all = fields
        default: return nil
        }
    }

    /// Nil where it is not UTF-8, or has too many fields.
    static func urlencoded(_ bytes: [UInt8]) -> [(name: String, value: String)]? {
        var fields: [(name: String, value: String)] = []
        for piece in bytes.split(separator: 0x26) {
            guard fields.count < most else { return nil }
            let separator = piece.firstIndex(of: 0x3d)
            guard let name = decoded(piece[..<(separator ?? piece.endIndex)]),
                let value = decoded(separator.map { piece[piece.index(after: $0)...] } ?? [])
            else { return nil }
            fields.append((name, value))
        }
        return fields
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case 0x2b: result.append(0x20)
            case 0x25:
                guard let high = rest.popFirst().flatMap(Hexadecimal.value), let low = rest.popFirst().flatMap(Hexadecimal.value) else {
                    return nil
                }
                result.append(high << 4 | low)
            default: result.append(byte)
            }
        }
        return String(validating: result, as: UTF8.self)
    }

    /// Parts between boundaries; of each only the name and the octets are looked at.
    private static func multipart(_ bytes: [UInt8], _ boundary: [UInt8]) -> [(name: String, value: String)]? {
        var fields: [(name: String, value: String)] = []
        var starts: [Int] = []
        var index = 0
        while let found = position(of: boundary, in: bytes, from: index) {
            // A boundary stands at the beginning of a line.
            if found == 0 || bytes[found - 1] == 0x0a { starts.append(found) }
            index = found + boundary.count
            guard starts.count <= most + 1 else { return nil }
        }
        for (start, end) in zip(starts, starts.dropFirst()) {
            let part = bytes[(start + boundary.count)..<end]
            guard let split = position(of: [0x0d, 0x0a, 0x0d, 0x0a], in: bytes, from: part.startIndex), split + 4 <= end else { return nil }
            // The name of a field; longer is an attack on whoever reads it letter by letter, and nobody has logged in yet.
            guard split - part.startIndex <= longestHead else { return nil }
            let head = String(decoding: bytes[part.startIndex..<split], as: UTF8.self)
            guard let name = name(in: head) else { return nil }
            var body = bytes[(split + 4)..<end]
            if body.last == 0x0a { body.removeLast() }
            if body.last == 0x0d { body.removeLast() }
            guard let value = String(validating: body, as: UTF8.self) else { return nil }
            fields.append((name, value))
        }
        return fields
    }

    private static func name(in head: String) -> String? {
        guard let line = head.split(whereSeparator: \.isNewline).first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
            let start = line.range(ofText: " name=\"")
        else { return nil }
        let rest = line[start...]
        guard let end = rest.firstIndex(of: "\""), rest.distance(from: rest.startIndex, to: end) <= 128 else { return nil }
        return String(rest[..<end])
    }

    private static func position(of needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = needle.first, bytes.count >= needle.count else { return nil }
        var index = start
        while index <= bytes.count - needle.count {
            guard let next = bytes[index...].firstIndex(of: first), next <= bytes.count - needle.count else { return nil }
            if bytes[next..<(next + needle.count)].elementsEqual(needle) { return next }
            index = next + 1
        }
        return nil
    }
}

extension Substring {
    /// Where `text` ends when it stands in here.
    fileprivate func range(ofText text: String) -> Index? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return self.index(index, offsetBy: text.count, limitedBy: endIndex) }
            index = self.index(after: index)
        }
        return nil
    }
}
