import Vocabulary

/// What a card signs, as lines of a text: each field on one of its own, each line ended by a line feed, the heading first. Equal texts mean
/// equal fields: a byte outside printable ASCII, a space or a `%` in a field is written as `%XX`, so no field can end its line.
enum SignedText {
    static func lines(heading: String, _ fields: [(name: String, value: String)]) -> [UInt8] {
        var text = Array((heading + "\n").utf8)
        for (name, value) in fields {
            text += name.utf8
            text += [0x3a, 0x20]
            for byte in value.utf8 { write(byte, to: &text) }
            text.append(0x0a)
        }
        return text
    }

    private static func write(_ byte: UInt8, to text: inout [UInt8]) {
        guard (0x21...0x7e).contains(byte), byte != 0x25 else {
            text.append(0x25)
            text += Hexadecimal.encode([byte]).utf8
            return
        }
        text.append(byte)
    }
}
