package import Credentials
package import TrustFramework
package import Vocabulary

/// What stores and responders know beside the session. A login that no obligation touches needs none of it; the shell looks a part up when a
/// step names it, and asks again.
package struct Given: Sendable {
    /// The citizen's standing yes for the member and purpose that are asked about.
    package var consent: Consent?
    /// From a signature certificate, for that member and purpose.
    package var record: IdentityRecord?
    /// The member's own numbers of the citizen; nil: nobody looked.
    package var customers: [CustomerID]?
    /// Words on the certificates of the session that came in for this answer.
    package var refreshed: [CertificateIdentity: RefreshedStatus]

    package init(
        consent: Consent? = nil, record: IdentityRecord? = nil, refreshed: [CertificateIdentity: RefreshedStatus] = [:]
    ) {
        self.consent = consent
        self.record = record
        self.refreshed = refreshed
    }

    package static let nothing = Given()
}

/// What asking on line came to.
package enum RefreshedStatus: Hashable, Sendable {
    /// Good at this moment, by that source.
    case good(StatusSource, at: Timestamp)
    case revoked
    /// Nobody could say; never a kind of good.
    case unknown
}

/// A status that has to be asked on line before the answer.
package struct StatusNeed: Sendable {
    package let certificate: CertificateIdentity
    /// The certificate as it was shown.
    package let der: [UInt8]
    /// Seconds.
    package let maximumAge: Int64
}

/// A signature certificate that has to be presented for a purpose.
package struct SignatureNeed: Sendable {
    package let subject: SubjectID
    package let member: Member
    package let purpose: Purpose
    /// What would be told out of it; empty: a rule wants the certificate and nothing of it is told.
    package let attributes: Set<AttributeSource>
}

/// Why an obligation to name a mandate is not met (R15, R16).
package enum MandateFault: Hashable, Sendable {
    /// The request does not say for whom the citizen acts.
    case unnamed
    /// It does, and no mandate is on record here that would prove it.
    case unproven(ActingFor)

    /// Who says that he acts for another is not believed for saying so: until mandates are on record each is refused.
    init?(_ request: RequestFacts) { self = request.actingFor == .nobody ? .unnamed : .unproven(request.actingFor) }
}
