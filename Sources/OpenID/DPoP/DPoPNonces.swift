import Cryptography
import SignOn
package import Vocabulary

/// The server's nonces for DPoP proofs (RFC 9449 §8): nothing is stored. A nonce is the HMAC of a window of time under a secret that all
/// processes of a deployment share, so that one issues what another accepts.
package struct DPoPNonces: Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// Proofs must carry a nonce; one without is told a nonce.
        case required
        /// Answers carry a nonce; a proof may carry it, and a wrong one is refused.
        case offered
        case off
    }

    package let mode: Mode
    private let key: [UInt8]

    /// Seconds of one window. A nonce is good in its window and the next: 60 to 120 s.
    package static let window: Int64 = 60

    /// `secret`: at least 32 bytes, the same on every process of the deployment.
    package init(_ mode: Mode, secret: [UInt8]) {
        self.mode = mode
        // A key of its own: the secret may serve other ends too.
        key = HMAC.sha256(key: secret, Array("sekisho dpop nonce".utf8))
    }

    private init() {
        mode = .off
        key = []
    }

    package static let off = DPoPNonces()

    /// The nonce to send along now; nil when the deployment has none.
    package func current(at now: Timestamp) -> String? { mode == .off ? nil : nonce(of: Self.window(at: now)) }

    func accepts(_ nonce: String, at now: Timestamp) -> Bool {
        let window = Self.window(at: now)
        let given = Array(nonce.utf8)
        return [window, window - 1].contains { ConstantTime.equal(given, Array(self.nonce(of: $0).utf8)) }
    }

    private static func window(at now: Timestamp) -> Int64 { now.seconds / window }

    private func nonce(of window: Int64) -> String {
        Base64url.encode(HMAC.sha256(key: key, Array(String(window).utf8)).prefix(24))
    }
}
