import Cryptography
import Vocabulary

/// Which characters a device shows. A remote control has digits; a keyboard has letters, and they are fewer to type.
package enum UserCodeForm: String, Sendable, CaseIterable {
    /// Eight of twenty letters: no vowels, so that no words come about, and nothing that looks like another (RFC 8628 §6.1). 34.5 bits.
    case letters
    /// Twelve digits, 39.8 bits.
    case digits

    var alphabet: [UInt8] {
        switch self {
        case .letters: Array("BCDFGHJKLMNPQRSTVWXZ".utf8)
        case .digits: Array("0123456789".utf8)
        }
    }

    var count: Int {
        switch self {
        case .letters: 8
        case .digits: 12
        }
    }
}

/// What the citizen types. `text` has no separators; `shown` groups it by four.
package struct UserCode: Hashable, Sendable {
    package let text: String

    private init(_ text: String) { self.text = text }

    package var shown: String {
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: 4).map { start in
            String(decoding: bytes[start..<min(start + 4, bytes.count)], as: UTF8.self)
        }.joined(separator: "-")
    }

    package var digest: [UInt8] { Digest.sha256(Array(("user code " + text).utf8)) }

    package static func fresh(_ form: UserCodeForm, using random: inout some RandomNumberGenerator) -> UserCode {
        let alphabet = form.alphabet
        let bytes = (0..<form.count).compactMap { _ in alphabet.randomElement(using: &random) }
        return UserCode(String(decoding: bytes, as: UTF8.self))
    }

    /// As somebody typed it: either case, full-width letters and digits as a Japanese keyboard makes them, and any spaces, hyphens and
    /// dashes between them. Nil when it is no code of either form; at most 64 characters are read.
    package init?(typed: String) {
        guard typed.utf8.count <= 256, typed.unicodeScalars.count <= 64 else { return nil }
        var bytes: [UInt8] = []
        for scalar in typed.unicodeScalars {
            guard !Self.isSeparator(scalar) else { continue }
            // U+FF01…U+FF5E are ASCII's printable characters, wide.
            let value = (0xff01...0xff5e).contains(scalar.value) ? scalar.value - 0xfee0 : scalar.value
            guard let byte = UInt8(exactly: value), byte < 0x80 else { return nil }
            bytes.append((0x61...0x7a).contains(byte) ? byte - 0x20 : byte)
        }
        guard UserCodeForm.allCases.contains(where: { form in bytes.count == form.count && bytes.allSatisfy(form.alphabet.contains) })
        else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .dashPunctuation, .control: true
        // The long vowel mark and the minus sign are what some keyboards give for a hyphen.
        default: scalar.value == 0x30fc || scalar.value == 0xff70 || scalar.value == 0x2212
        }
    }
}
