/// A message whose shape is known in advance: rendered once, filled for each answer. Filling copies bytes and escapes values; it builds
/// no tree, orders no attributes and looks up no namespaces.
package struct XMLTemplate: Sendable {
    private struct Slot: Sendable {
        /// What stands before it, since the slot before.
        let literal: [UInt8]
        let index: Int
        let escape: Escape
    }

    private let slots: [Slot]
    private let end: [UInt8]
    private let size: Int
    /// Every prefix declared in it.
    package let prefixes: [String]

    /// Stands for value number `index` of `filled`, 0 to 25, inside a text or an attribute's value.
    package static func slot(_ index: Int) -> String {
        "\u{F8F0}" + String(UnicodeScalar(UInt8(0x61 + min(max(index, 0), 25)))) + "\u{F8F1}"
    }

    /// The canonical form of `tag`, as `XMLTag.canonicalBytes()` gives it, with its slots open.
    package init(_ tag: XMLTag) {
        var serializer = CanonicalSerializer()
        serializer.write(tag)
        self.init(rendered: serializer.bytes, prefixes: serializer.prefixes)
    }

    private init(rendered: [UInt8], prefixes: [String]) {
        var slots: [Slot] = []
        var literal: [UInt8] = []
        var isInTag = false
        var isQuoted = false
        var place = rendered.startIndex
        while place < rendered.endIndex {
            if let index = XMLTemplate.slot(at: place, in: rendered) {
                slots.append(Slot(literal: literal, index: index, escape: isQuoted ? .attribute : .text))
                literal = []
                place += XMLTemplate.slotLength
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
        self.slots = slots
        end = literal
        size = rendered.count
        self.prefixes = prefixes
    }

    private static let slotLength = 7

    private static func slot(at place: Int, in bytes: [UInt8]) -> Int? {
        guard bytes[place] == 0xef, bytes.count - place >= slotLength, bytes[place + 1] == 0xa3, bytes[place + 2] == 0xb0,
            (0x61...0x7a).contains(bytes[place + 3]), bytes[place + 4...place + 6] == [0xef, 0xa3, 0xb1]
        else { return nil }
        return Int(bytes[place + 3] - 0x61)
    }

    /// The canonical bytes with `values` in their slots; a slot without a value stays empty. Linear.
    package func filled(_ values: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        fill(values, into: &bytes)
        return bytes
    }

    /// Appends what `filled` gives.
    package func fill(_ values: [String], into bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + size + values.reduce(0) { $0 + $1.utf8.count })
        for slot in slots {
            bytes += slot.literal
            if slot.index < values.count { slot.escape.append(values[slot.index], to: &bytes) }
        }
        bytes += end
    }
}
