import Cryptography
package import Vocabulary

/// A certificate whose key somebody just proved to hold: in the handshake of this very connection, or to a proxy that we trust. Whose it
/// is, and who vouches for it, is not known yet.
package struct PresentedCertificate: Sendable {
    /// What the trust store says about a certificate.
    package enum Verdict: Hashable, Sendable {
        case trusted
        /// The words are for the client's developer: product words, no name of a person.
        case refused(String)
    }

    /// Judges a certificate with what came along, under the named trust profile, at a moment.
    package typealias Judge = @Sendable (_ certificate: [UInt8], _ others: [[UInt8]], _ profile: String, _ now: Timestamp) -> Verdict

    package let der: [UInt8]
    /// What came with it, to build a chain from.
    package let others: [[UInt8]]
    /// `x5t#S256`: SHA-256 of the DER, Base64url (RFC 8705 §3.1).
    package let thumbprint: String
    private let judge: Judge

    /// `judge` is asked only for clients whose registration is a name in a certificate.
    package init(
        der: [UInt8], others: [[UInt8]] = [], judge: @escaping Judge = { _, _, _, _ in .refused("nobody judges certificates here") }
    ) {
        self.der = der
        self.others = others
        thumbprint = Self.thumbprint(of: der)
        self.judge = judge
    }

    package static func thumbprint(of der: [UInt8]) -> String { Base64url.encode(Digest.sha256(der)) }

    func verdict(under profile: String, at now: Timestamp) -> Verdict { judge(der, others, profile, now) }
}
