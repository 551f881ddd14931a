import CLibXML2

/// The escapes of Canonical XML §2.3 on bytes that libxml2 has already judged: no forbidden character can be among them.
enum Escapes {
    enum Kind {
        case text
        /// An attribute's value as libxml2 tells it when it replaces no entities: `&` itself comes as `&#38;`, the only reference left.
        case value
    }

    /// False when a `value` has a reference other than that one.
    @discardableResult
    static func append(_ bytes: UnsafePointer<xmlChar>, _ count: Int, _ kind: Kind, to buffer: inout ByteBuffer) -> Bool {
        // Room for the whole, so that runs between escapes are copied without asking again.
        buffer.reserve(count)
        var start = 0
        while true {
            let index = unsafe kind == .text ? special(inText: bytes, start, count) : special(inValue: bytes, start, count)
            unsafe buffer.append(bytes + start, index - start)
            guard index < count else { return true }
            let byte = unsafe bytes[index]
            buffer.append(replacement(byte))
            start = index + 1
            if kind == .value, byte == Byte.ampersand {
                guard unsafe isAmpersand(bytes + index, count - index) else { return false }
                start += 4
            }
        }
    }

    /// `&#38;` stands here.
    static func isAmpersand(_ bytes: UnsafePointer<xmlChar>, _ count: Int) -> Bool {
        guard count >= 5 else { return false }
        return unsafe bytes[1] == UInt8(ascii: "#") && bytes[2] == UInt8(ascii: "3") && bytes[3] == UInt8(ascii: "8")
            && bytes[4] == UInt8(ascii: ";")
    }

    /// Where the next of & < > CR is, or `count`.
    private static func special(inText bytes: UnsafePointer<xmlChar>, _ from: Int, _ count: Int) -> Int {
        var index = from
        while count - index >= 8 {
            let word = unsafe EightBytes(UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self))
            // With bit 1 set, < and > are one.
            let found = word.equal(to: 0x26) | word.setting(0x02).equal(to: 0x3e) | word.equal(to: 0x0d)
            if found != 0 { return index + EightBytes.first(in: found) }
            index += 8
        }
        while index < count {
            switch unsafe bytes[index] {
            case 0x26, 0x3c, 0x3e, 0x0d: return index
            default: index += 1
            }
        }
        return count
    }

    /// Where the next of & < " TAB LF CR is, or `count`.
    private static func special(inValue bytes: UnsafePointer<xmlChar>, _ from: Int, _ count: Int) -> Int {
        var index = from
        while count - index >= 8 {
            let word = unsafe EightBytes(UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self))
            // With bit 2 set, " and & are one, and so are TAB and CR.
            let paired = word.setting(0x04)
            let found = paired.equal(to: 0x26) | paired.equal(to: 0x0d) | word.equal(to: 0x0a) | word.equal(to: 0x3c)
            if found != 0 { return index + EightBytes.first(in: found) }
            index += 8
        }
        while index < count {
            switch unsafe bytes[index] {
            case 0x26, 0x3c, 0x22, 0x09, 0x0a, 0x0d: return index
            default: index += 1
            }
        }
        return count
    }

    private static func replacement(_ byte: UInt8) -> StaticString {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case 0x09: "&#x9;"
        case 0x0a: "&#xA;"
        default: "&#xD;"
        }
    }
}
