package import Cryptography
package import Vocabulary

/// Why a list or an answer about revocation was not believed, or did not count for the certificate in question.
package enum RevocationRefusal: Error, Hashable, Sendable {
    case list(RevocationListRefusal)
    case answer(OCSPRefusal)
    /// Made by another authority than the one it is held against (names, key identifier).
    case issuer
    /// The authority's key may not sign lists (keyUsage without cRLSign).
    case issuerUsage
    case signature
    case future(thisUpdate: Timestamp, now: Timestamp)
    case stale(nextUpdate: Timestamp?, now: Timestamp)
    /// Older than the reader allows, whatever its own nextUpdate says. Seconds.
    case aged(thisUpdate: Timestamp, maximumAge: Int64)
    /// The answer holds no word about the certificate that was asked for.
    case otherCertificate
    case nonce
    /// producedAt does not fit thisUpdate, the certificate's validity or the present.
    case producedAt(Timestamp, now: Timestamp)
    /// Signed neither by the authority nor by a responder it appointed.
    case responder

    // The rules of RFC 5280 §6.3.3 about one certificate and one list.

    /// For users' certificates only, or for authorities' only, and this is the other kind.
    case otherKind
    /// For other distribution points than the certificate's.
    case otherPoint
    /// The certificate sends its readers to lists of another issuer.
    case elsewhere
    /// A delta whose complete list is not at hand, or that cannot be combined with it (§5.2.4).
    case withoutBase
    /// The list's signer has no valid path to the certificate's anchor (§6.3.3 (f)).
    case signerPath(TrustRefusal)
    /// The list's signer is revoked itself, or nobody can say.
    case signerStatus(StatusVerdict)
    /// The signer is certified by other authorities than the certificate itself: same name, perhaps not the same authority.
    case signerKin
    /// The signer's own status hangs on the list that it signed.
    case circular
    /// An allowance ran out: too many lists, signatures or signers to look at.
    case budget(String)
}
