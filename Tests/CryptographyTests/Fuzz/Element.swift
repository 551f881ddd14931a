/// Where an element stands in a message: also one inside an OCTET STRING or BIT STRING, where extensions and keys are.
struct Element {
    /// Of the identifier octet.
    let start: Int
    let content: Int
    let end: Int
    /// Elements around it, the outermost first, by their place in the list.
    let parents: [Int]
}

/// The elements of a message, in the order of their beginnings. Knows one-byte tags and definite lengths, which is all that DER here has.
struct ElementMap {
    private(set) var elements: [Element] = []

    init(_ bytes: [UInt8]) { _ = read(bytes, 0, bytes.count, []) }

    /// Whether the range is elements from end to end.
    private mutating func read(_ bytes: [UInt8], _ start: Int, _ end: Int, _ parents: [Int]) -> Bool {
        var position = start
        while position < end {
            guard let (content, stop) = Self.header(bytes, position, end) else { return false }
            let own = elements.count
            elements.append(Element(start: position, content: content, end: stop, parents: parents))
            let tag = bytes[position]
            // A string of either kind may hold elements; whether it does, it shows.
            let inside = tag == 0x03 ? content + 1 : content
            if parents.count < 24, inside < stop, tag & 0x20 != 0 || tag == 0x04 || tag == 0x03 && bytes[content] == 0 {
                let kept = elements.count
                if !read(bytes, inside, stop, parents + [own]), tag & 0x20 == 0 { elements.removeLast(elements.count - kept) }
            }
            position = stop
        }
        return position == end
    }

    private static func header(_ bytes: [UInt8], _ start: Int, _ end: Int) -> (content: Int, end: Int)? {
        guard start + 2 <= end, bytes[start] & 0x1f != 0x1f else { return nil }
        let first = bytes[start + 1]
        guard first & 0x80 != 0 else { return start + 2 + Int(first) <= end ? (start + 2, start + 2 + Int(first)) : nil }
        let width = Int(first & 0x7f)
        guard (1...4).contains(width), start + 2 + width <= end else { return nil }
        let length = bytes[(start + 2)..<(start + 2 + width)].reduce(0) { $0 << 8 | Int($1) }
        return start + 2 + width + length <= end ? (start + 2 + width, start + 2 + width + length) : nil
    }

    /// The message with one element's bytes replaced and the lengths around it set right: what such a change is for lies deeper.
    func replacing(_ index: Int, with replacement: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        let element = elements[index]
        var inner = replacement
        var old = (element.start, element.end)
        for parent in element.parents.reversed().map({ elements[$0] }) {
            let content = Array(bytes[parent.content..<old.0]) + inner + bytes[old.1..<parent.end]
            inner = [bytes[parent.start]] + Self.length(content.count) + content
            old = (parent.start, parent.end)
        }
        return Array(bytes[..<old.0]) + inner + bytes[old.1...]
    }

    static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        let digits = Array((0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }.drop { $0 == 0 })
        return [0x80 | UInt8(digits.count)] + digits
    }
}
