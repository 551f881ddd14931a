import Cryptography
import Vocabulary

/// What a member calls its customer: the member's own word, opaque to us, told to nobody but that member.
package struct CustomerID: Identifier {
    package let text: String

    /// 1 to 128 UTF-8 bytes of visible characters and single spaces between them: a customer number is read aloud and put into letters.
    package init?(_ text: String) {
        guard (1...128).contains(text.utf8.count), !text.hasPrefix(" "), !text.hasSuffix(" ") else { return nil }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        guard isPlain else { return nil }
        self.text = text
    }
}

/// What a service prints into a letter, so that whoever holds the letter and the card can link himself: 60 bits in twelve characters that
/// are not mistaken for one another. Derived from a secret of the deployment and a number kept with the proposal, so that the same code can
/// be had again when an import was cut off, and a stolen store shows none.
package struct LinkCode: Hashable, Sendable {
    /// `XXXX-XXXX-XXXX`, capitals and digits.
    package let text: String

    /// As a person types it: any case, spaces and hyphens anywhere, wide characters, `O` for `0`, `I` and `L` for `1`.
    package init?(typed: String) {
        guard typed.utf8.count <= 64 else { return nil }
        var letters: [UInt8] = []
        for scalar in typed.unicodeScalars {
            let narrow = (0xff01...0xff5e).contains(scalar.value) ? scalar.value - 0xfee0 : scalar.value
            switch narrow {
            case 0x20, 0x09, 0x2d, 0x3000, 0x2010...0x2015, 0x2212, 0x30fc, 0xff70: continue
            case 0x61...0x7a: letters.append(Self.plain(UInt8(narrow - 0x20)))
            case 0x30...0x39, 0x41...0x5a: letters.append(Self.plain(UInt8(narrow)))
            default: return nil
            }
        }
        guard letters.count == 12, letters.allSatisfy(Self.alphabet.contains) else { return nil }
        text = Self.grouped(letters)
    }

    /// The code of the proposal that bears this number. `secret` is the deployment's for link codes, `nonce` 16 random bytes.
    package init(secret: [UInt8], nonce: [UInt8]) {
        let bytes = HMAC.sha256(key: secret, Array("sekisho link code 1\n".utf8) + nonce)
        text = Self.grouped(bytes.prefix(12).map { Self.alphabet[Int($0 & 31)] })
    }

    /// What the store keeps of it.
    package var digest: [UInt8] { Digest.sha256(Array(("sekisho link code " + text).utf8)) }

    /// Crockford's base 32.
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private static func plain(_ letter: UInt8) -> UInt8 {
        switch letter {
        case 0x4f: 0x30
        case 0x49, 0x4c: 0x31
        default: letter
        }
    }

    private static func grouped(_ letters: [UInt8]) -> String {
        [letters.prefix(4), letters.dropFirst(4).prefix(4), letters.dropFirst(8)].map { String(decoding: $0, as: UTF8.self) }
            .joined(separator: "-")
    }
}
