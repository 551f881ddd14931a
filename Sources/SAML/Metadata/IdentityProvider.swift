package import Cryptography
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
    /// `cacheDuration` of our metadata: how long a new key is published before it may sign.
    package var metadataCache: Int64 = 6 * 3600

    package init() {}
}

/// We, as service providers see us.
package final class IdentityProvider: Sendable {
    package let entityID: MemberID
    package let endpoints: Endpoints
    package let signingKeys: SigningKeys
    /// Keys for our metadata where they differ from those for messages (M20).
    package let metadataKeys: SigningKeys?
    /// What others may encrypt for us to, whatever has become of it.
    package let encryption: [DecryptionKey]
    package let details: PublishedDetails
    package let wantAuthnRequestsSigned: Bool
    /// IIP-G01 asks for 3 to 5 minutes.
    package let skew: Int64
    package let lifetimes: SAMLLifetimes
    package let limits: MessageLimits

    package init(
        entityID: MemberID, endpoints: Endpoints, signingKeys: SigningKeys, metadataKeys: SigningKeys? = nil,
        encryption: [DecryptionKey] = [], details: PublishedDetails = PublishedDetails(), wantAuthnRequestsSigned: Bool = false,
        skew: Int64 = 180, lifetimes: SAMLLifetimes = SAMLLifetimes(), limits: MessageLimits = .standard
    ) {
        self.entityID = entityID
        self.endpoints = endpoints
        self.signingKeys = signingKeys
        self.metadataKeys = metadataKeys
        self.encryption = encryption
        self.details = details
        self.wantAuthnRequestsSigned = wantAuthnRequestsSigned
        self.skew = skew
        self.lifetimes = lifetimes
        self.limits = limits
    }

    /// Each is tried in turn: during a roll-over there are at least two, the next and the retiring ones among them (IIP-MD08).
    package func decryptionKeys(at now: Timestamp) -> [PrivateKey] {
        encryption.filter { $0.life.revoked == nil && $0.life.isPublished(at: now) }.map(\.key)
    }

    package var singleSignOnRedirect: String { endpoints.singleSignOnRedirect }
    package var singleSignOnPost: String { endpoints.singleSignOnPost }

    /// The key for messages to this member: its pin if it has one, else the first current key that it can verify.
    package func signingKey(for provider: ServiceProvider, at now: Timestamp) -> SAMLSigningKey {
        signingKeys.signer(for: provider.signingWish, at: now)
    }

    /// The key for messages to nobody in particular.
    package func signingKey(at now: Timestamp) -> SAMLSigningKey { signingKeys.signer(at: now) }

    /// What subject-id and pairwise-id are qualified by; nil when the deployment has no scope.
    package var scope: String? { details.scopes.first }
}
