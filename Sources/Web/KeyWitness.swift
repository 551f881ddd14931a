import OpenID
import SAML
package import Settings
import SignOn
import Synchronization
import Vocabulary

/// Sees what members do with our keys' signatures, for `sekisho keys report`. In memory; the roof writes it down now and then, so that no
/// request waits for a disk.
package final class KeyWitness: Sendable {
    private struct State {
        var evidence: KeyEvidence
        var isNews = false
        /// When a session was last answered, by its index, which names session and member: the latest ones, and those before them.
        var recent: [String: Timestamp] = [:]
        var older: [String: Timestamp] = [:]
        var turned = Timestamp(milliseconds: .min)
    }

    /// Within this many seconds of an answer nobody asks again whose service believed it.
    private static let patience: Int64 = 60
    private static let mostAnswers = 4096

    private let state: Mutex<State>

    package init(_ evidence: KeyEvidence = KeyEvidence()) { state = Mutex(State(evidence: evidence)) }

    package var evidence: KeyEvidence { state.withLock { $0.evidence } }

    /// What is to be written down, once.
    package func news(told: KeyEvidence) -> KeyEvidence? {
        state.withLock { state in
            state.evidence.merge(told: told)
            defer { state.isNews = false }
            return state.isNews ? state.evidence : nil
        }
    }

    func fetched(_ member: MemberID, _ keys: [String], at now: Timestamp) {
        state.withLock { state in
            state.evidence.note(member.text) { $0.fetched = (now, keys) }
            state.isNews = true
        }
    }

    /// An answer signed with `key` went to the member, in the session that it knows by `index`.
    func answered(_ member: MemberID, _ key: String, index: String, at now: Timestamp) {
        state.withLock { state in
            let last = state.recent[index] ?? state.older[index]
            let isAgain = last.map { now.seconds(since: $0) < Self.patience } ?? false
            if state.recent.count >= Self.mostAnswers || now.seconds(since: state.turned) >= Self.patience {
                // Two halves, so that forgetting costs nothing per answer.
                state.older = state.recent
                state.recent = [:]
                state.turned = now
            }
            state.recent[index] = now
            state.evidence.note(member.text) { line in
                KeyEvidence.add(key, to: &line.answered, at: now)
                if isAgain { KeyEvidence.add(key, to: &line.again, at: now) }
            }
            state.isNews = true
        }
    }

    /// The member used what it can only have from an answer signed with `key`.
    func accepted(_ member: MemberID, _ key: String, at now: Timestamp) {
        state.withLock { state in
            state.evidence.note(member.text) { KeyEvidence.add(key, to: &$0.accepted, at: now) }
            state.isNews = true
        }
    }
}

extension Platform {
    /// A logout request that names a session by its index: the member can only have that from an answer in the session, which it believed. The
    /// first of these answers counts, so that what is said of a new key is never too much. A request by name alone proves nothing: names last.
    func noteAcceptance(
        shownBy logout: SAML.VerifiedLogoutRequest, among named: [Participation], _ settings: Configuration, at now: Timestamp
    ) {
        let member = logout.sender.entityID
        guard let provider = settings.federation.serviceProvider(member) else { return }
        for participation in named where logout.sessionIndexes.contains(where: { $0.hasSameBytes(as: participation.sessionIndex) }) {
            let key = settings.identityProvider.signingKey(for: provider, at: participation.joinedAt)
            witness.accepted(member, key.fingerprint, at: now)
        }
    }

    /// A client used the access token that came with an ID token at `issuedAt`. Where tokens are refreshed, no ID token may have come with it.
    func noteTokenUse(by member: MemberID, issuedAt: Timestamp, _ settings: Configuration, at now: Timestamp) {
        guard let client = settings.federation.client(member), !client.refreshTokens,
            let key = settings.openIDProvider.signingKeyID(for: client, at: issuedAt)
        else { return }
        witness.accepted(member, key, at: now)
    }
}
