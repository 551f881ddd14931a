package import Cryptography
package import JOSE
package import Trust
package import Vocabulary

/// Why a card's evidence was not believed: facts for the record. What the world is told is `explanation`.
package enum CredentialRefusal: Error, Hashable, Sendable {
    /// What of a challenge belongs to somebody else.
    package enum Binding: String, Hashable, Sendable, CaseIterable { case transaction, origin, purpose }

    case certificateMalformed(CertificateRefusal)
    /// 署名用電子証明書 sent as a login.
    case signatureCertificate
    case authorityCertificate
    /// nil when the extension is absent.
    case keyUsage(KeyUsage?)
    case policy([String])
    case notYetValid(notBefore: Timestamp, now: Timestamp)
    case expired(notAfter: Timestamp, now: Timestamp)
    case keyAlgorithm(KeyKind)
    case untrusted(TrustRefusal)
    /// A trusted authority, but not one that issues logins.
    case authority(String)
    case simulatedAuthority(String)

    case revoked(RevocationReason, Timestamp)
    case statusUnknown
    case statusStale(thisUpdate: Timestamp, now: Timestamp, oldest: Int64)

    case challengeElsewhere(Binding)
    case challengeFuture(issuedAt: Timestamp, now: Timestamp)
    case challengeExpired(expiresAt: Timestamp, now: Timestamp)
    case signatureMissing
    case signatureWrong(CardAlgorithm)

    case statementMalformed(JWSRefusal)
    case statementType(String?)
    case terminalUnknown(String?)
    case statementForged(TerminalID, JWSRefusal)
    case terminalOutOfTime(TerminalID, now: Timestamp)
    case statementClaim(String)
    case terminalMayNot(TerminalID, CardMode)
}
