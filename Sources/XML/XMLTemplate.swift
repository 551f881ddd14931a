/// A message whose shape is known in advance: rendered once, filled for each answer. Filling copies bytes and escapes values; it builds
/// no tree, orders no attributes and looks up no namespaces.
package struct XMLTemplate: Sendable {
    private enum Gap: Sendable {
        case value(Int, Escape)
        case inner
        case place
    }

    private struct Piece: Sendable {
        /// What stands before the gap, since the gap before.
        let literal: [UInt8]
        let gap: Gap
    }

    private let pieces: [Piece]
    private let end: [UInt8]
    private let size: Int
    /// Every prefix declared in it.
    package let prefixes: [String]

    /// How many values a template can have.
    package static let most = 62

    /// Stands for value number `index` of `filled`, 0 to 61, inside a text or an attribute's value.
    package static func slot(_ index: Int) -> String { mark(min(max(index, 0), most - 1)) }

    /// As a text: where an element is put that is there in bytes, with its own namespace declarations. None of its prefixes may be in scope
    /// there, or its canonical form would be another one.
    package static let inner = mark(most)

    /// As a text: stands for nothing. `Filled.place` tells where it is.
    package static let place = mark(most + 1)

    /// From `?` on, because none of these has an escape.
    private static let firstMark: UInt8 = 0x3f

    private static func mark(_ index: Int) -> String {
        "\u{F8F0}" + String(UnicodeScalar(firstMark + UInt8(truncatingIfNeeded: index))) + "\u{F8F1}"
    }

    /// The canonical form of `tag`, as `XMLTag.canonicalBytes()` gives it, with its slots open.
    package init(_ tag: XMLTag) {
        var serializer = CanonicalSerializer()
        serializer.write(tag)
        self.init(rendered: serializer.bytes, prefixes: serializer.prefixes)
    }

    private init(rendered: [UInt8], prefixes: [String]) {
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        var isInTag = false
        var isQuoted = false
        var place = rendered.startIndex
        while place < rendered.endIndex {
            if let index = XMLTemplate.mark(at: place, in: rendered) {
                let gap: Gap =
                    switch index {
                    case XMLTemplate.most: .inner
                    case XMLTemplate.most + 1: .place
                    default: .value(index, isQuoted ? .attribute : .text)
                    }
                pieces.append(Piece(literal: literal, gap: gap))
                literal = []
                place += XMLTemplate.markLength
                continue
            }
            // Canonical form: attribute values stand in double quotes, and neither they nor texts hold a raw `<`.
            switch rendered[place] {
            case UInt8(ascii: "<"): isInTag = true
            case UInt8(ascii: ">") where !isQuoted: isInTag = false
            case UInt8(ascii: "\"") where isInTag: isQuoted.toggle()
            default: break
            }
            literal.append(rendered[place])
            place += 1
        }
        self.pieces = pieces
        end = literal
        size = rendered.count
        self.prefixes = prefixes
    }

    private static let markLength = 7

    private static func mark(at place: Int, in bytes: [UInt8]) -> Int? {
        guard bytes[place] == 0xef, bytes.count - place >= markLength, bytes[place + 1] == 0xa3, bytes[place + 2] == 0xb0,
            (firstMark...0x7e).contains(bytes[place + 3]), bytes[place + 4...place + 6] == [0xef, 0xa3, 0xb1]
        else { return nil }
        return Int(bytes[place + 3] - firstMark)
    }

    package struct Filled: Sendable {
        package fileprivate(set) var bytes: [UInt8] = []
        /// The offset of `XMLTemplate.place`; where it came to stand last.
        package fileprivate(set) var place: Int?
    }

    /// The canonical bytes with `values` in their slots and the bytes of `inner` where it is put; a slot without a value stays empty. Linear.
    package func filled(_ values: [String], around inner: [UInt8] = []) -> Filled {
        var filled = Filled()
        filled.bytes.reserveCapacity(size + inner.count + values.reduce(0) { $0 + $1.utf8.count })
        for piece in pieces {
            filled.bytes += piece.literal
            switch piece.gap {
            case .value(let index, let escape): if index < values.count { escape.append(values[index], to: &filled.bytes) }
            case .inner: filled.bytes += inner
            case .place: filled.place = filled.bytes.count
            }
        }
        filled.bytes += end
        return filled
    }
}
