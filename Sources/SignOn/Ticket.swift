import Cryptography
package import Vocabulary

/// A value that opens something: 256 random bits in the holder's hands, their SHA-256 in ours. A stolen store opens nothing.
package struct Ticket: Sendable {
    package let text: String
    package let digest: [UInt8]

    package static func fresh(using random: inout some RandomNumberGenerator) -> Ticket {
        let text = random.word(32)
        return Ticket(text: text, digest: digest(of: text))
    }

    package static func digest(of text: String) -> [UInt8] { Digest.sha256(Array(text.utf8)) }

    /// Whether `text` is the ticket with this digest, in time that does not tell how nearly.
    package static func matches(_ text: String, _ digest: [UInt8]) -> Bool {
        ConstantTime.equal(self.digest(of: text), digest)
    }
}

extension SubjectID {
    package static func fresh(using random: inout some RandomNumberGenerator) -> SubjectID? {
        SubjectID(random.word(24))
    }
}

extension PairwiseID {
    /// 160 random bits in lower-case base32: stored, not computed, so that it can be ended and never follows from another (checklist S45).
    package static func fresh(using random: inout some RandomNumberGenerator) -> PairwiseID? {
        PairwiseID(Base32.encode(random.bytes(20)))
    }
}

extension TransactionID {
    package static func fresh(using random: inout some RandomNumberGenerator) -> TransactionID? {
        TransactionID(random.word(24))
    }
}
