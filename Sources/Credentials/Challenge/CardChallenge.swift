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

    /// The bytes whose digest the card signs, as `SignedText` writes them.
    package var signedText: [UInt8] {
        SignedText.lines(
            heading: "SEKISHO-CARD-LOGIN-1",
            [
                ("purpose", purpose.rawValue), ("origin", origin), ("transaction", transaction.text), ("challenge", id.text),
                ("nonce", nonce), ("issued", issuedAt.text), ("expires", expiresAt.text),
            ])
    }
}
