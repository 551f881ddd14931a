import Cryptography
package import Vocabulary

/// What a citizen signs with the signature key to show who he is: a declaration, since that key signs under law. It says in words what it
/// is and what it is not, for whom and for what, and binds itself to this platform, visit, session and moment.
///
/// One use is the store's promise (`consume`), not this value's.
package struct IdentityChallenge: Hashable, Sendable, Codable {
    package let id: ChallengeID
    /// 256 random bits, Base64url.
    package let nonce: String
    /// The platform's own public origin from configuration.
    package let origin: String
    package let transaction: TransactionID
    package let member: MemberID
    /// The purpose that the member is accredited for and asked with.
    package let purpose: String
    /// Lower-case hexadecimal SHA-256 of the application document that the member had the citizen read; nil without one.
    package let document: String?
    /// Digest of the session and the nonce: a declaration made in one session counts in no other.
    package let session: String
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp

    /// Makes a fresh challenge. `lifetime` is in seconds and is held within 1…`CardChallenge.longestLifetime`; `document` is 32 bytes.
    /// Nil only for random bytes that are no identifier, which there are none of.
    package static func issue(
        origin: String, transaction: TransactionID, member: MemberID, purpose: String, document: [UInt8]? = nil, session: [UInt8],
        at now: Timestamp, lifetime: Int64, using random: inout some RandomNumberGenerator
    ) -> IdentityChallenge? {
        guard let id = ChallengeID(Base64url.encode(random.bytes(16))), document.map({ $0.count == 32 }) ?? true else { return nil }
        let nonce = Base64url.encode(random.bytes(32))
        return IdentityChallenge(
            id: id, nonce: nonce, origin: origin, transaction: transaction, member: member, purpose: purpose,
            document: document.map(Hexadecimal.encode), session: binding(session, nonce), issuedAt: now,
            expiresAt: now.adding(seconds: min(max(lifetime, 1), CardChallenge.longestLifetime)))
    }

    /// Session ids are unguessable, so their digest names nothing to whoever reads it.
    private static func binding(_ session: [UInt8], _ nonce: String) -> String {
        Base64url.encode(Digest.sha256(Array("sekisho-identity-session\n".utf8) + session + Array(nonce.utf8)))
    }

    /// The first line of every declaration: no login challenge begins so.
    package static let domain = "SEKISHO-IDENTITY-1"
    /// What is declared. The key signs under law, so the text says that it is no application.
    package static let statement =
        "I show my signature certificate to the service named below, for the purpose named below. This is no application and no contract."

    /// The bytes whose digest the card signs, as `SignedText` writes them: the domain and the statement first.
    package var signedText: [UInt8] {
        var fields: [(String, String)] = [
            ("purpose", "identity"), ("origin", origin), ("transaction", transaction.text), ("challenge", id.text), ("nonce", nonce),
            ("issued", issuedAt.text), ("expires", expiresAt.text), ("service", member.text), ("for", purpose), ("session", session),
        ]
        if let document { fields.append(("document-sha256", document)) }
        return SignedText.lines(heading: Self.domain + "\n" + Self.statement, fields)
    }

    /// Says whether this challenge was made for this visit at all, before anything else of the answer is looked at.
    package func expected(
        origin: String, transaction: TransactionID, member: MemberID, purpose: String, session: [UInt8]
    ) throws(IdentityRefusal) {
        guard self.transaction == transaction else { throw .elsewhere(.transaction) }
        guard self.origin == origin else { throw .elsewhere(.origin) }
        guard self.member == member, self.purpose == purpose else { throw .elsewhere(.purpose) }
        guard ConstantTime.equal(Array(self.session.utf8), Array(Self.binding(session, nonce).utf8)) else { throw .elsewhere(.session) }
    }

    /// Refuses a challenge whose time has not come or is over; the last moment is outside.
    func open(at now: Timestamp) throws(IdentityRefusal) {
        guard issuedAt <= now.adding(seconds: CardChallenge.skew), now < expiresAt else {
            throw .challengeTime(issuedAt: issuedAt, expiresAt: expiresAt, now: now)
        }
    }
}

package protocol IdentityChallengeStore: Sendable {
    func issue(_ challenge: IdentityChallenge) async throws
    /// Takes the challenge out; of two callers one gets it. Nil when unknown, used or expired.
    func consume(identity id: ChallengeID, at now: Timestamp) async throws -> IdentityChallenge?
}
