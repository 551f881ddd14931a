package import Vocabulary

/// How long things hold, in seconds.
package struct SAMLLifetimes: Hashable, Sendable {
    /// How old an AuthnRequest may be, skew not counted. The Shibboleth identity provider has the same.
    package var request: Int64 = 180
    /// Until when an assertion may be presented (SAML Profiles §4.1.4.2: "minutes").
    package var assertion: Int64 = 300
    /// How far `NotBefore` lies back, for service providers without tolerance (S43).
    package var backdating: Int64 = 60
    /// `validUntil` of our metadata. Two days lock peers out at every long weekend (M2); two weeks do not.
    package var metadata: Int64 = 14 * 86_400
    /// `cacheDuration` of our metadata.
    package var metadataCache: Int64 = 6 * 3600

    package init() {}
}

/// We, as service providers see us.
package struct IdentityProvider: Sendable {
    package let entityID: MemberID
    /// Published addresses, compared byte for byte with `Destination`: never made from a Host header (S21, checklist H11).
    package let singleSignOnRedirect: String
    package let singleSignOnPost: String
    package let signingKey: SAMLSigningKey
    /// DER of further certificates to publish behind the one that signs: the next key ahead of time (IIP-MD07, M3).
    package let upcomingCertificates: [[UInt8]]
    package let wantAuthnRequestsSigned: Bool
    /// IIP-G01 asks for 3 to 5 minutes.
    package let skew: Int64
    package let lifetimes: SAMLLifetimes
    package let limits: MessageLimits

    package init(
        entityID: MemberID, singleSignOnRedirect: String, singleSignOnPost: String, signingKey: SAMLSigningKey,
        upcomingCertificates: [[UInt8]] = [], wantAuthnRequestsSigned: Bool = false, skew: Int64 = 180,
        lifetimes: SAMLLifetimes = SAMLLifetimes(), limits: MessageLimits = .standard
    ) {
        self.entityID = entityID
        self.singleSignOnRedirect = singleSignOnRedirect
        self.singleSignOnPost = singleSignOnPost
        self.signingKey = signingKey
        self.upcomingCertificates = upcomingCertificates
        self.wantAuthnRequestsSigned = wantAuthnRequestsSigned
        self.skew = skew
        self.lifetimes = lifetimes
        self.limits = limits
    }
}
