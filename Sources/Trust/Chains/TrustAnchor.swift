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

    /// The generations of one authority, in the order of configuration.
    package func anchors(named name: DistinguishedName) -> [TrustAnchor] { byName[name] ?? [] }

    func hasAnchor(named name: DistinguishedName) -> Bool { byName[name] != nil }

    /// Whether a certificate is an anchor's own.
    func holds(_ certificate: Certificate) -> Bool {
        byName[certificate.subject]?.contains { $0.certificate == certificate } ?? false
    }
}
