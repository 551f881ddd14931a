/// HTML under construction. Text and attribute values are escaped by construction; raw markup comes only from literals in this room
/// (checklist H12).
struct Markup: Sendable {
    private(set) var bytes: [UInt8] = []

    init() {}

    init(_ literal: StaticString) { raw(literal) }

    mutating func raw(_ literal: StaticString) { bytes += String(describing: literal).utf8 }

    mutating func text(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case 0x26: bytes += "&amp;".utf8
            case 0x3c: bytes += "&lt;".utf8
            case 0x3e: bytes += "&gt;".utf8
            case 0x22: bytes += "&quot;".utf8
            case 0x27: bytes += "&#39;".utf8
            default: bytes.append(byte)
            }
        }
    }

    mutating func element(_ start: StaticString, _ text: String, _ end: StaticString) {
        raw(start)
        self.text(text)
        raw(end)
    }

    mutating func append(_ other: Markup) { bytes += other.bytes }
}
