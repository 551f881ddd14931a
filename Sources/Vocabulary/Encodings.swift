/// Base64url without padding (RFC 4648 §5, as JOSE uses it). Decoding is strict: no padding, no white space, no spare bits.
package enum Base64url {
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Base64Alphabet.url.encode(bytes, padded: false)
    }

    package static func decode(_ text: String) -> [UInt8]? {
        Base64Alphabet.url.decode(Array(text.utf8), padded: false)
    }
}

/// Base64 with padding (RFC 4648 §4). `decode` is strict; `decodeLenient` skips XML white space, which `xs:base64Binary` and the
/// HTTP-POST binding allow (SAML Bindings §3.5.4).
package enum Base64 {
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Base64Alphabet.standard.encode(bytes, padded: true)
    }

    /// Appends what `encode` gives.
    package static func encode(_ bytes: [UInt8], into text: inout [UInt8]) {
        Base64Alphabet.standard.encode(bytes, padded: true, into: &text)
    }

    package static func decode(_ text: String) -> [UInt8]? {
        Base64Alphabet.standard.decode(Array(text.utf8), padded: true)
    }

    package static func decodeLenient(_ text: String) -> [UInt8]? {
        let bytes = text.utf8.filter { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 }
        return Base64Alphabet.standard.decode(bytes, padded: true)
    }
}

/// Hexadecimal digits, lower case out, either case in.
package enum Hexadecimal {
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        // Of an array nothing is looked up at run time, whichever module calls.
        let bytes = Array(bytes)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    package static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(of: digits[index]), let low = value(of: digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// Nil: no digit.
    package static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x57
        case 0x41...0x46: digit - 0x37
        default: nil
        }
    }
}

/// RFC 4648 base32 without padding, lower case: identifiers that must not differ only by case (Kantara IIP-IDP21).
package enum Base32 {
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xffff
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> bits & 31)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << (5 - bits) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }
}

private struct Base64Alphabet: Sendable {
    static let standard = Base64Alphabet("+/")
    static let url = Base64Alphabet("-_")

    private let digits: [UInt8]
    private let values: [UInt8]

    private init(_ lastTwo: String) {
        digits = Array(("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + lastTwo).utf8)
        var values = [UInt8](repeating: 255, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        self.values = values
    }

    func encode(_ bytes: some Sequence<UInt8>, padded: Bool) -> String {
        var text: [UInt8] = []
        encode(Array(bytes), padded: padded, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    func encode(_ bytes: [UInt8], padded: Bool, into text: inout [UInt8]) {
        let rest = bytes.count % 3
        let length = bytes.count / 3 * 4 + (rest == 0 ? 0 : padded ? 4 : rest + 1)
        var index = 0
        var place = text.count
        // What the digits below do not reach stays padding.
        text.append(contentsOf: repeatElement(0x3d, count: length))
        while index + 2 < bytes.count {
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            text[place] = digits[Int(group >> 18)]
            text[place + 1] = digits[Int(group >> 12 & 63)]
            text[place + 2] = digits[Int(group >> 6 & 63)]
            text[place + 3] = digits[Int(group & 63)]
            index += 3
            place += 4
        }
        if rest > 0 {
            let group = UInt32(bytes[index]) << 16 | (rest == 2 ? UInt32(bytes[index + 1]) << 8 : 0)
            text[place] = digits[Int(group >> 18)]
            text[place + 1] = digits[Int(group >> 12 & 63)]
            if rest == 2 { text[place + 2] = digits[Int(group >> 6 & 63)] }
        }
    }

    func decode(_ text: [UInt8], padded: Bool) -> [UInt8]? {
        var end = text.count
        if padded {
            guard end.isMultiple(of: 4) else { return nil }
            if end > 0, text[end - 1] == 0x3d { end -= 1 }
            if end > 0, text.count - end == 1, text[end - 1] == 0x3d { end -= 1 }
        }
        guard end % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end / 4 * 3 + 2)
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for index in 0..<end {
            let value = values[Int(text[index])]
            guard value != 255 else { return nil }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(buffer >> bits & 255))
            }
            buffer &= 0xffff
        }
        guard buffer & ((1 << bits) - 1) == 0 else { return nil }
        return bytes
    }
}

/// Every byte but the unreserved ones of RFC 3986 §2.3 as `%XX`.
package enum PercentEncoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    package static func encode(_ text: String) -> String {
        var out: [UInt8] = []
        write(text, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    package static func write(_ text: String, to out: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: out.append(byte)
            default: out += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
