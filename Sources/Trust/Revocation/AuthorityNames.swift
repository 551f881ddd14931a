import Cryptography

/// The authorities of a path by their names, the anchor first, the keys and generations of one authority as one.
///
/// RFC 5280 §6.3.3 (f) asks only that a list's signer and the certificate have one anchor. Below one anchor two authorities may bear one
/// name, and whoever may certify authorities could make such a twin and sign lists for it. So the signer must stand where the
/// certificate's own authority stands.
struct AuthorityNames: Equatable {
    private let names: [DistinguishedName]

    /// `path` runs from somebody to an anchor.
    init(of path: some BidirectionalCollection<Certificate>) {
        names = path.reversed().map(\.subject).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    /// Whether a signer with these names may speak for a certificate issued by the last of `authorities`: the same authority by all names,
    /// or a list issuer that one of them certified.
    func maySpeak(under authorities: AuthorityNames) -> Bool {
        names.last == authorities.names.last ? self == authorities : authorities.names.starts(with: names.dropLast())
    }
}

extension VerifiedRevocationList {
    /// Whether one of the authorities that are proven already signed it: nothing more is to be asked.
    func isSigned(byOneOf authorities: [Certificate]) -> Bool {
        authorities.contains { $0.publicKey == issuer.publicKey && $0.subject == issuer.subject }
    }

    /// RFC 5280 §6.3.3 (f) for a signer that stands beside the certificate's own path: its path ends at the same anchor and comes by the
    /// same authorities. `authorities` run from the certificate's issuer to the anchor.
    func refuseOtherSigner(for certificate: Certificate, under authorities: [Certificate]) throws(RevocationRefusal) {
        if issuer == certificate {
            // A list issuer that its authority sent to its own list (a distribution point that names it as issuer) vouches for itself there:
            // the authority chose that (PKITS 4.14.30). Nobody else does.
            guard certificate.crlDistributionPoints.contains(where: { $0.issuers.contains(certificate.subject) }) else { throw .circular }
        }
        guard path.count > 1, path.last == authorities.last else { throw .issuer }
        guard AuthorityNames(of: path).maySpeak(under: AuthorityNames(of: authorities)) else { throw .signerKin }
    }
}
