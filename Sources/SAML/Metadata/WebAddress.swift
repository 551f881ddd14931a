/// An address that a browser may be sent to.
enum WebAddress {
    /// `https`, or `http` where the deployment is a development one, then a host; printable ASCII without what could end an attribute
    /// or begin a script; no fragment, no user information. `javascript:` and `data:` have no way in (checklist A26).
    static func isAllowed(_ text: String, development: Bool) -> Bool {
        guard (10...1024).contains(text.utf8.count) else { return false }
        guard let rest = remainder(of: text, development: development), let first = rest.utf8.first else { return false }
        guard first.isASCIILetterOrDigit || first == 0x5b else { return false }
        guard rest.utf8.allSatisfy({ isURLByte($0) }) else { return false }
        let host = rest.utf8.prefix { $0 != 0x2f && $0 != 0x3f }
        return !host.contains(0x40)
    }

    private static func remainder(of text: String, development: Bool) -> Substring? {
        if text.hasPrefix("https://") { return text.dropFirst(8) }
        if development, text.hasPrefix("http://") { return text.dropFirst(7) }
        return nil
    }

    private static func isURLByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x23, 0x27, 0x3c, 0x3e, 0x5c, 0x5e, 0x60, 0x7b...0x7d: false
        default: (0x21...0x7e).contains(byte)
        }
    }
}

extension UInt8 {
    fileprivate var isASCIILetterOrDigit: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: false
        }
    }
}
