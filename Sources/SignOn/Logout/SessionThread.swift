import Cryptography
package import Vocabulary

/// What stays of a session while its id is renewed at every login: the knot that members are tied to. Derived from the session's seed,
/// which it does not betray.
package struct SessionThread: Hashable, Sendable {
    package let bytes: [UInt8]

    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Of the session with this seed.
    package init(seed: [UInt8]) { bytes = Digest.sha256(Self.label + seed) }

    /// For operators: enough to tell sessions apart, lower-case hexadecimal.
    package var text: String { Hexadecimal.encode(bytes) }

    private static let label = Array("sekisho session thread 1".utf8)
}

/// What binds one session to its members: every name that a member learns for it is derived here from the session's secret seed, differs
/// from member to member (checklist S44) and stays the same as long as the session lives, so that none of them is stored to be repeated.
package struct SessionTie: Hashable, Sendable {
    package let session: SessionID
    private let seed: [UInt8]

    init(session: SessionID, seed: [UInt8]) {
        self.session = session
        self.seed = seed
    }

    package var thread: SessionThread { SessionThread(seed: seed) }

    /// SAML's `SessionIndex` and OpenID's `sid`: 128 bits.
    package func index(for member: MemberID) -> String { name("", member, bytes: 16) }

    /// A transient NameID (SAML Core §8.3.8): 160 bits, an `xs:NCName`.
    package func transientName(for member: MemberID) -> String { name("transient ", member, bytes: 20) }

    private func name(_ label: String, _ member: MemberID, bytes: Int) -> String {
        "_" + Hexadecimal.encode(HMAC.sha256(key: seed, Array((label + member.text).utf8)).prefix(bytes))
    }
}

extension Session {
    package var tie: SessionTie { SessionTie(session: id, seed: indexSeed) }
    package var thread: SessionThread { tie.thread }
}
