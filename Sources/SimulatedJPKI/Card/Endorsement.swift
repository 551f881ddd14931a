package import Cryptography
import Vocabulary

/// "This key belongs to …", signed by whoever makes the cards or permits the terminals. Stands for the card-verifiable certificates of
/// the real card, whose layout is under NDA (`jpki.md` §2.2); chips have no clock, so it has no dates.
package struct Endorsement: Hashable, Sendable {
    package enum Role: String, Sendable {
        /// A terminal that may open a card's user key without a PIN.
        case terminal
        /// A genuine chip.
        case card
    }

    package let role: Role
    package let holder: String
    package let key: PublicKey
    package let signature: [UInt8]

    private static let algorithm = SignatureAlgorithm.ecdsa(.sha256)

    private static func text(_ role: Role, _ holder: String, _ key: PublicKey) -> [UInt8] {
        Array("JPKI-SIMULATED-ENDORSEMENT-1\n\(role.rawValue)\n\(Base64url.encode(holder.utf8))\n\(Base64url.encode(key.spki))\n".utf8)
    }

    /// Endorses `key` with the authority's P-256 key.
    package init(_ role: Role, of holder: String, key: PublicKey, by authority: PrivateKey) throws(KeyError) {
        self.role = role
        self.holder = holder
        self.key = key
        signature = try authority.sign(Self.text(role, holder, key), Self.algorithm)
    }

    package func isGood(as role: Role, by authority: PublicKey) -> Bool {
        self.role == role && authority.verifies(signature, over: Self.text(role, holder, key), Self.algorithm)
    }

    /// The domain of a challenge that the endorsed key answers: it never signs bare bytes of the other side.
    package static func proof(_ role: Role, answering challenge: [UInt8]) -> [UInt8] {
        Array("JPKI-SIMULATED-PROOF-1\n\(role.rawValue)\n".utf8) + challenge
    }
}
