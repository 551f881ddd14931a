package import Cryptography
package import Trust
package import Vocabulary

/// Why a presented signature certificate was not believed: facts for the record, and nothing of the person among them. What the world is
/// told is `explanation`.
package enum IdentityRefusal: Error, Hashable, Sendable {
    package enum Binding: String, Hashable, Sendable, CaseIterable { case transaction, origin, purpose, session }

    case certificateMalformed(CertificateRefusal)
    /// 利用者証明用電子証明書 sent as a signature certificate.
    case loginCertificate
    case authorityCertificate
    /// nil when the extension is absent.
    case keyUsage(KeyUsage?)
    case policy([String])
    /// Not yet valid, or expired.
    case time(CredentialRefusal)
    case keyAlgorithm(KeyKind)
    case untrusted(TrustRefusal)
    case authority(String)
    case simulatedAuthority(String)
    case attributes(CertifiedFault)

    /// Revoked, unknown, or a word that is too old: of either certificate.
    case status(CredentialRefusal)

    case elsewhere(Binding)
    case challengeTime(issuedAt: Timestamp, expiresAt: Timestamp, now: Timestamp)
    case signatureWrong(CardAlgorithm)

    case loginMissing
    case loginTooOld(at: Timestamp, now: Timestamp, oldest: Int64)
    case loginCertificateMissing
    case loginSignatureMissing
    case loginSignatureWrong(CardAlgorithm)
    /// The login certificate beside it is not of this session's citizen.
    case otherCitizen
    /// The login certificate beside it is none.
    case besideIt(CredentialRefusal)
    case statement(CredentialRefusal)
    case tieTooWeak(IdentityTie, needed: IdentityTie)
    /// The birth date differs from that of a record which the same citizen presented before.
    case otherPerson
}
