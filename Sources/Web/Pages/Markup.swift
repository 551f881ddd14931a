import Vocabulary

/// HTML under construction. Text and attribute values are escaped by construction; raw markup comes only from literals in this room
/// (checklist H12).
struct Markup: Sendable {
    private(set) var bytes: [UInt8] = []

    init() {}

    init(_ literal: StaticString) { raw(literal) }

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func raw(_ literal: StaticString) { bytes += String(describing: literal).utf8 }

    /// A message in Base64, which has nothing to escape.
    mutating func base64(_ message: [UInt8]) { Base64.encode(message, into: &bytes) }

    mutating func text(_ text: String) {
        // Most texts have nothing to escape: copied whole, then looked through as an array.
        let start = bytes.count
        bytes += text.utf8
        guard let special = bytes[start...].firstIndex(where: Self.isSpecial) else { return }
        let tail = Array(bytes[special...])
        bytes.removeLast(tail.count)
        for byte in tail {
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

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == 0x26 || byte == 0x3c || byte == 0x3e || byte == 0x22 || byte == 0x27
    }

    mutating func element(_ start: StaticString, _ text: String, _ end: StaticString) {
        raw(start)
        self.text(text)
        raw(end)
    }

    mutating func append(_ other: Markup) { bytes += other.bytes }
}
