package import Credentials
package import TrustFramework
import Vocabulary

extension IdentityRecord {
    /// From evidence just proven; the only way a new one comes to be. `keptFor` is in seconds. Nil when the purpose of the declaration is
    /// none, which no challenge of ours has.
    package init?(_ presented: PresentedIdentity, keptFor lifetime: Int64) {
        guard let purpose = Purpose(presented.purpose) else { return nil }
        self.init(
            restored: presented.attributes, place: presented.place, certificate: presented.certificateDigest, carrier: presented.carrier,
            tie: presented.tie, presentedFor: purpose, member: presented.member, at: presented.at, statusAt: presented.statusAt,
            expiresAt: presented.at.adding(seconds: lifetime))
    }
}

extension SessionLogin {
    package init(_ authentication: SessionAuthentication) {
        self.init(
            certificate: authentication.certificate, mode: authentication.facts.mode, at: authentication.facts.authenticatedAt,
            isProof: authentication.isProof)
    }
}
