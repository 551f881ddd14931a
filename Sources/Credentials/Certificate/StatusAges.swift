import Trust
import Vocabulary

/// How old the word about revocation may be, in seconds, by where it came from. Nobody gets in on no word at all, or on one that is too old.
package struct StatusAges: Hashable, Sendable {
    package let list: Int64
    package let answer: Int64

    /// JPKI lists are made daily, on-line answers rest on data of every 15 minutes (`jpki.md` §1.4): a list may miss half a day, an
    /// answer three rounds.
    package static let daily = StatusAges(list: 36 * 3600, answer: 3600)

    package init(list: Int64, answer: Int64) {
        self.list = list
        self.answer = answer
    }

    /// Gives back when the word was made.
    @discardableResult
    func admits(_ status: CertificateStatus, at now: Timestamp) throws(CredentialRefusal) -> Timestamp {
        if case .revoked(let reason, let moment) = status.verdict { throw .revoked(reason, moment) }
        guard status.verdict == .good, let made = status.thisUpdate else { throw .statusUnknown }
        let oldest: Int64
        switch status.source {
        case .crl: oldest = list
        case .ocsp: oldest = answer
        case .none: throw .statusUnknown
        }
        guard now.seconds(since: made) <= oldest, now.seconds(since: made) >= -CardChallenge.skew else {
            throw .statusStale(thisUpdate: made, now: now, oldest: oldest)
        }
        // A word whose own time is over is no word, however young our rule would have it.
        if let next = status.nextUpdate, now > next { throw .statusStale(thisUpdate: made, now: now, oldest: next.seconds(since: made)) }
        return made
    }
}
