package import Vocabulary

extension CardChallenge {
    /// Clocks of our own nodes and of registered terminals may differ by this many seconds.
    package static let skew: Int64 = 60

    /// Says whether this challenge was made for this visit at all, before anything else of the answer is looked at: one taken from
    /// another visit, another deployment or another purpose is refused by name (`jpki.md` §3.5: a nonce kept for a second step).
    package func expected(
        origin: String, transaction: TransactionID, purpose: ChallengePurpose
    ) throws(CredentialRefusal) {
        guard self.transaction == transaction else { throw .challengeElsewhere(.transaction) }
        guard self.origin == origin else { throw .challengeElsewhere(.origin) }
        guard self.purpose == purpose else { throw .challengeElsewhere(.purpose) }
    }

    /// Refuses a challenge whose time has not come or is over; the last moment is outside.
    func open(at now: Timestamp) throws(CredentialRefusal) {
        guard issuedAt <= now.adding(seconds: Self.skew) else { throw .challengeFuture(issuedAt: issuedAt, now: now) }
        guard now < expiresAt else { throw .challengeExpired(expiresAt: expiresAt, now: now) }
    }
}
