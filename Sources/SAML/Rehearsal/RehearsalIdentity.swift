import Cryptography
package import Vocabulary

/// The identity provider of test logins: like the real one in everything but its name and its key, which nobody trusts. INVARIANT: neither is
/// the real one's, so that nothing that is made in a rehearsal is worth anything outside (decision 0061).
package struct RehearsalIdentity: Sendable {
    let identityProvider: IdentityProvider

    /// Nil where the name or the key is one of the real one's.
    package init?(like real: IdentityProvider, named entityID: MemberID, key: SAMLSigningKey) {
        let own = real.signingKeys.keys + (real.metadataKeys?.keys ?? [])
        guard !entityID.text.hasSameBytes(as: real.entityID.text), !own.contains(where: { $0.publicKey == key.key.publicKey }) else {
            return nil
        }
        identityProvider = IdentityProvider(
            entityID: entityID, endpoints: real.endpoints, signingKeys: SigningKeys(key), details: real.details,
            wantAuthnRequestsSigned: real.wantAuthnRequestsSigned, skew: real.skew, lifetimes: real.lifetimes, limits: real.limits)
    }

    package var entityID: MemberID { identityProvider.entityID }

    /// A login that this service asks for. Throws what the door would: metadata that is over, encryption that cannot be.
    package func request(
        of provider: ServiceProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(SAMLRefusal) -> RehearsedAuthnRequest {
        RehearsedAuthnRequest(identity: self, verified: try plainRequest(of: provider, at: now, using: &random))
    }
}
