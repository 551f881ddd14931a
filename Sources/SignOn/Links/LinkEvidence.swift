package import Credentials
import Cryptography
package import Vocabulary

/// Why a certificate is a citizen's. A citizen's evidence is a chain: each piece covers the one before it.
package struct LinkEvidence: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Nobody had it before, and the citizen had no other, by his own word or by J-LIS's.
        case first
        /// Both certificates logged in, with the PIN, in one journey.
        case bothSeen = "both-seen"
        /// J-LIS says which certificate came before it.
        case correspondence
        /// A signature certificate with the four attributes of the record that is kept.
        case signature = "signature-certificate"
        /// J-LIS says to which card the phone belongs.
        case phone = "phone-of-card"
        /// With its citizen, who was found to be the same person.
        case merged
        case undone
        /// Good for no login any more.
        case ended
    }

    package let kind: Kind
    package let subject: SubjectID
    package let certificate: CertificateIdentity?
    /// The one that was known before.
    package let earlier: CertificateIdentity?
    package let at: Timestamp
    /// What it rests on, in words of ours: no name, no serial.
    package let basis: JSON
    /// The signed word of another, as it came; kept, never printed.
    package let source: [UInt8]?

    package init(
        _ kind: Kind, of subject: SubjectID, certificate: CertificateIdentity?, earlier: CertificateIdentity? = nil, at now: Timestamp,
        basis: JSON = [:], source: [UInt8]? = nil
    ) {
        self.kind = kind
        self.subject = subject
        self.certificate = certificate
        self.earlier = earlier
        at = now
        self.basis = basis
        self.source = source
    }
}

/// One piece of evidence as an auditor sees it: certificates by labels that say "the same one" and nothing else.
package struct KeptEvidence: Hashable, Sendable {
    package let number: Int64
    package let subject: SubjectID
    package let body: String
    package let previous: [UInt8]
    package let hash: [UInt8]

    package init(number: Int64, subject: SubjectID, body: String, previous: [UInt8], hash: [UInt8]) {
        self.number = number
        self.subject = subject
        self.body = body
        self.previous = previous
        self.hash = hash
    }

    /// Whether it is what was kept, behind `previous`.
    package var holds: Bool { hash == Self.link(previous, body) }

    package static func link(_ previous: [UInt8], _ body: String) -> [UInt8] {
        Digest.sha256(Array("sekisho link evidence 1\n".utf8) + previous + Array(body.utf8))
    }

    /// What the first piece of a citizen's chain stands behind.
    package static func start(_ subject: SubjectID) -> [UInt8] { Digest.sha256(Array(("sekisho link evidence " + subject.text).utf8)) }
}

/// Where a citizen's certificate stands.
package struct CertificateLink: Hashable, Sendable {
    package let certificate: CertificateIdentity
    package let subject: SubjectID
    package let since: Timestamp
    /// Nil: it logs in.
    package let endedAt: Timestamp?
    package let endedBecause: EndReason?
    /// The card that a phone belongs to.
    package let card: CertificateIdentity?

    package enum EndReason: String, Sendable, CaseIterable {
        /// The phone's card ended.
        case cardEnded = "card-ended"
        /// Another took its place.
        case renewed
    }

    package init(
        certificate: CertificateIdentity, subject: SubjectID, since: Timestamp, endedAt: Timestamp? = nil, endedBecause: EndReason? = nil,
        card: CertificateIdentity? = nil
    ) {
        self.certificate = certificate
        self.subject = subject
        self.since = since
        self.endedAt = endedAt
        self.endedBecause = endedBecause
        self.card = card
    }
}
