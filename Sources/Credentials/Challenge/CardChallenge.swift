import Cryptography
package import Vocabulary

/// Names one challenge in the store and in the answer; 16 to 64 letters of the Base64url alphabet.
package struct ChallengeID: Identifier {
    package let text: String

    package init?(_ text: String) {
        guard (16...64).contains(text.utf8.count), text.utf8.allSatisfy(\.isBase64url) else { return nil }
        self.text = text
    }

    /// 128 random bits.
    fileprivate init(using random: inout some RandomNumberGenerator) {
        text = Base64url.encode(random.bytes(16))
    }
}

/// What the person is asked to sign for. A signature for one purpose never serves another.
package enum ChallengePurpose: String, Sendable, Codable, CaseIterable {
    case login
    case stepUp = "step-up"
}

/// What the card is asked to sign, once. The card signs any bytes it is handed (`jpki.md` §3.3), so everything that binds the signature
/// to us stands in the signed text: domain, purpose, origin, visit, a fresh nonce and the time it holds.
///
/// One use is the store's promise (`consume`), not this value's.
package struct CardChallenge: Hashable, Sendable, Codable {
    package let id: ChallengeID
    /// 256 random bits, Base64url.
    package let nonce: String
    /// The platform's own public origin from configuration, never a header of the request (checklist H11).
    package let origin: String
    package let transaction: TransactionID
    package let purpose: ChallengePurpose
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp

    /// The longest a challenge may live; a person needs seconds to hold a card, and the store keeps it no longer.
    package static let longestLifetime: Int64 = 600

    /// Makes a fresh challenge. `lifetime` is in seconds and is held within 1…`longestLifetime`.
    package static func issue(
        origin: String, transaction: TransactionID, purpose: ChallengePurpose, at now: Timestamp, lifetime: Int64,
        using random: inout some RandomNumberGenerator
    ) -> CardChallenge {
        CardChallenge(
            id: ChallengeID(using: &random), nonce: Base64url.encode(random.bytes(32)), origin: origin, transaction: transaction,
            purpose: purpose, issuedAt: now, expiresAt: now.adding(seconds: min(max(lifetime, 1), longestLifetime)))
    }

    /// The bytes whose digest the card signs: one field per line, each line ended by a line feed, the domain first. Equal texts mean
    /// equal challenges: a byte outside printable ASCII, a space or a `%` in a field is written as `%XX`, so no field can end its line.
    package var signedText: [UInt8] {
        let lines: [(String, String)] = [
            ("purpose", purpose.rawValue), ("origin", origin), ("transaction", transaction.text), ("challenge", id.text),
            ("nonce", nonce), ("issued", issuedAt.text), ("expires", expiresAt.text),
        ]
        var text = Array("SEKISHO-CARD-LOGIN-1\n".utf8)
        for (name, value) in lines {
            text += name.utf8
            text += [0x3a, 0x20]
            for byte in value.utf8 { Self.write(byte, to: &text) }
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
