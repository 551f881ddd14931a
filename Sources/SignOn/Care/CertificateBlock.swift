package import Credentials
import Cryptography
package import Vocabulary

/// A certificate that logs nobody in here until the block is lifted, whatever its authority says of it: its citizen told us that card or
/// phone is lost before the lists can know (R27).
package struct CertificateBlock: Hashable, Sendable {
    /// Why, in the words that a citizen or an officer chooses from.
    package enum Reason: String, Sendable, CaseIterable {
        case lost, stolen
        /// "This was not me": somebody else used it.
        case misused
    }

    package let certificate: CertificateIdentity
    package let subject: SubjectID
    package let reason: Reason
    /// `citizen`, or `officer:` with the officer's id.
    package let by: String
    package let at: Timestamp
    /// How often somebody tried to log in with it since, and when last.
    package let uses: Int
    package let lastUse: Timestamp?

    package init(
        certificate: CertificateIdentity, subject: SubjectID, reason: Reason, by: String, at: Timestamp, uses: Int = 0,
        lastUse: Timestamp? = nil
    ) {
        self.certificate = certificate
        self.subject = subject
        self.reason = reason
        self.by = by
        self.at = at
        self.uses = uses
        self.lastUse = lastUse
    }
}

/// The name of a certificate on pages, in forms, in records and on an operator's terminal: 96 bits of a digest over the citizen and the
/// certificate, because the serial number itself must never leave the platform (`CertificateIdentity`).
package struct CertificateHandle: Identifier {
    package let text: String

    package init?(_ text: String) {
        guard text.utf8.count == 24, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else { return nil }
        self.text = text
    }

    package init(_ certificate: CertificateIdentity, of subject: SubjectID) {
        let bytes = Array(("sekisho certificate handle 1\n" + subject.text + "\n" + certificate.issuer + "\n" + certificate.serial).utf8)
        text = Hexadecimal.encode(Digest.sha256(bytes).prefix(12))
    }

    /// The first four digits, for people to tell two cards apart.
    package var short: String { String(text.prefix(4)).uppercased() }
}

/// A card or phone of a citizen, as far as we know it.
package struct LinkedCertificate: Hashable, Sendable {
    package let identity: CertificateIdentity
    package let subject: SubjectID
    /// Since when it opens this citizen's sessions.
    package let linkedAt: Timestamp
    /// Nil before it was used under this version.
    package let carrier: Carrier?
    /// The day of its last use here by Japan's calendar, at midnight in UTC: a day is what its citizen recognises, and no more is kept.
    package let lastUsed: Timestamp?
    package let block: CertificateBlock?
    /// When it was replaced or ended with the card it belongs to: it logs in no more, whatever is lifted.
    package let endedAt: Timestamp?

    package init(
        identity: CertificateIdentity, subject: SubjectID, linkedAt: Timestamp, carrier: Carrier?, lastUsed: Timestamp?,
        block: CertificateBlock?, endedAt: Timestamp? = nil
    ) {
        self.identity = identity
        self.subject = subject
        self.linkedAt = linkedAt
        self.carrier = carrier
        self.lastUsed = lastUsed
        self.block = block
        self.endedAt = endedAt
    }

    package var handle: CertificateHandle { CertificateHandle(identity, of: subject) }
}
