/// Where an element stands in the bytes that a document was read from. Only for text that `XMLDocument` has accepted: it relies on
/// there being no document type and no processing instruction.
package enum SourceRange {
    /// The bytes of element number `index` in document order, from `<` to behind the last `>`.
    package static func ofElement(_ index: Int, in bytes: [UInt8]) -> Range<Int>? {
        var position = 0
        var count = -1
        var depth = 0
        var start: Int?
        while let open = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
            let rest = bytes[open...]
            if rest.starts(with: Array("<!--".utf8)) {
                guard let end = find("-->", in: bytes, from: open + 4) else { return nil }
                position = end
            } else if rest.starts(with: Array("<![CDATA[".utf8)) {
                guard let end = find("]]>", in: bytes, from: open + 9) else { return nil }
                position = end
            } else if rest.starts(with: Array("<?".utf8)) {
                guard let end = find("?>", in: bytes, from: open + 2) else { return nil }
                position = end
            } else {
                guard let end = endOfTag(in: bytes, from: open) else { return nil }
                position = end
                let isEnd = rest.starts(with: Array("</".utf8))
                let isEmpty = bytes[end - 2] == UInt8(ascii: "/")
                if !isEnd {
                    count += 1
                    if count == index { start = open }
                }
                if start != nil {
                    depth += isEnd ? -1 : (isEmpty ? 0 : 1)
                    if depth == 0, let start { return start..<end }
                }
            }
        }
        return nil
    }

    /// Behind the `>` that closes the tag; one inside a quoted value does not.
    private static func endOfTag(in bytes: [UInt8], from start: Int) -> Int? {
        var quote: UInt8?
        for index in start..<bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return index + 1
            }
        }
        return nil
    }

    private static func find(_ text: String, in bytes: [UInt8], from start: Int) -> Int? {
        let pattern = Array(text.utf8)
        var index = start
        while index + pattern.count <= bytes.count {
            if bytes[index..<(index + pattern.count)].elementsEqual(pattern) { return index + pattern.count }
            index += 1
        }
        return nil
    }
}
