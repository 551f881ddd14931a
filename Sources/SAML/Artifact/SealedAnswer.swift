import Cryptography
package import Vocabulary

/// An answer that waits until its artifact is resolved, as the store keeps it: found by a digest of the artifact's handle and encrypted under
/// a key that is derived from the handle and the member, neither of which a thief of the store can compute from it.
package struct SealedAnswer: Hashable, Sendable {
    /// What it is found by: 32 bytes.
    package let digest: [UInt8]
    /// The only one that it is given to.
    package let member: MemberID
    package let sealed: [UInt8]
    package let expiresAt: Timestamp

    /// From the store.
    package init(digest: [UInt8], member: MemberID, sealed: [UInt8], expiresAt: Timestamp) {
        self.digest = digest
        self.member = member
        self.sealed = sealed
        self.expiresAt = expiresAt
    }

    /// Seconds that an artifact can be resolved: one redirect and one request of the member's server, which follow each other at once. An
    /// assertion lives longer, but who comes later than this is not the one it was meant for (Bindings §3.6.5.2: "short-lived").
    package static let lifetime: Int64 = 60

    /// Nil when libcrypto cannot do it.
    init?(_ message: [UInt8], for member: MemberID, under artifact: Artifact, at now: Timestamp) {
        // A key that seals one message only may have a constant nonce.
        guard let sealed = try? AES.sealGCM(message, key: Self.key(of: artifact, for: member), nonce: Self.nonce) else { return nil }
        self.init(
            digest: Self.digest(of: artifact), member: member, sealed: sealed, expiresAt: now.adding(seconds: Self.lifetime))
    }

    /// The message; nil when `artifact` is another one or somebody changed the store.
    func message(under artifact: Artifact) -> [UInt8]? {
        guard ConstantTime.equal(digest, Self.digest(of: artifact)) else { return nil }
        return (try? AES.openGCM(sealed, key: Self.key(of: artifact, for: member), nonce: Self.nonce)) ?? nil
    }

    package static func digest(of artifact: Artifact) -> [UInt8] {
        HMAC.sha256(key: artifact.handle, Array("sekisho artifact 1 digest".utf8))
    }

    private static func key(of artifact: Artifact, for member: MemberID) -> Secret {
        Secret(copying: HMAC.sha256(key: artifact.handle, Array(("sekisho artifact 1 key " + member.text).utf8)).span)
    }

    private static let nonce = [UInt8](repeating: 0, count: AES.nonce)
}
