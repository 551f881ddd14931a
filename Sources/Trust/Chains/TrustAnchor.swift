package import Cryptography

/// An authority the operator has chosen to believe.
package struct TrustAnchor: Hashable, Sendable {
    package let certificate: Certificate
    /// From a simulator or a test hierarchy: never believed outside development.
    package let isSimulated: Bool

    package init(certificate: Certificate, isSimulated: Bool) {
        self.certificate = certificate
        self.isSimulated = isSimulated
    }
}

/// The anchors of a deployment. Names are no keys here: all generations of a JPKI authority share one (jpki.md §1.1).
package struct TrustStore: Sendable {
    package let anchors: [TrustAnchor]
    private let byName: [DistinguishedName: [TrustAnchor]]

    package init(anchors: [TrustAnchor]) {
        self.anchors = anchors
        byName = Dictionary(grouping: anchors) { $0.certificate.subject }
    }

    /// The anchors that can have issued one of these certificates, the likeliest first: those whose key identifier a certificate names,
    /// then those of its issuer's name in the order of configuration. The identifier is a hint, the signature the proof.
    func candidates(for certificates: [Certificate]) -> [TrustAnchor] {
        var likely: [TrustAnchor] = []
        var possible: [TrustAnchor] = []
        for certificate in certificates {
            for anchor in byName[certificate.issuer, default: []] {
                let named = certificate.authorityKeyIdentifier
                let isNamed = named != nil && named == anchor.certificate.subjectKeyIdentifier
                if isNamed { likely.append(anchor) } else { possible.append(anchor) }
            }
        }
        var seen: Set<TrustAnchor> = []
        return (likely + possible).filter { seen.insert($0).inserted }
    }
}
