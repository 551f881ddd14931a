import Credentials
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// Consents, ledger entries, and logins that are used up with an answer.
enum Yes {
    static func consent(
        _ member: String = "bank", purpose: String = "account-opening", given: Set<AttributeSource> = [.name, .address],
        declined: Set<AttributeSource> = [.sex], meaning: Int = 1, at moment: Timestamp = F.now
    ) throws(Missing) -> Consent {
        Consent(
            subject: try F.subject(), member: try F.some(MemberID(member), member), purpose: try F.some(Purpose(purpose), purpose),
            given: given, declined: declined, meaning: F.bytes(meaning, "meaning"), policyVersion: "v1", at: moment)
    }

    static func entry(
        _ number: Int = 1, of citizen: Int = 1, told: [String] = ["name", "address"], at moment: Timestamp = F.now
    ) throws(Missing) -> LedgerEntry {
        LedgerEntry(
            reference: try F.some(LedgerReference(digest: F.bytes(number, "ledger")), "reference"), subject: try F.subject(citizen),
            member: try F.some(MemberID("bank"), "bank"), purpose: try F.some(Purpose("account-opening"), "purpose"), told: told,
            rules: ["a rule", "規則 \"b\""], bases: ["犯収法"], policyVersion: "v1", protocolName: "openid", path: .refresh,
            consentedAt: F.now, at: moment)
    }

    static func joining(
        _ session: Session, ledger: LedgerEntry? = nil, spending: Spending? = nil, member: String = "bank"
    ) throws(Missing) -> Joining {
        let plain = try Leave.joining(session, member, .subject("pairwise-00000001"))
        return Joining(
            tie: plain.tie, subject: plain.subject, member: plain.member, name: plain.name, sessionIndex: plain.sessionIndex, at: plain.at,
            expiresAt: plain.expiresAt, ledger: ledger, spending: spending)
    }

    static func spending(_ session: Session) -> Spending {
        Spending(session: session.id, before: session.authentications, after: session.authentications.map(\.spent))
    }
}

extension Promise {
    static let consents = [
        Promise("a consent comes back as it was given, for its citizen, member and purpose alone") { (store) async throws in
            let given = try Yes.consent()
            try await store.give(given, recording: F.record(1))
            #expect(try await store.consent(of: given.subject, member: given.member, purpose: given.purpose) == given)
            #expect(try await store.consent(of: try F.subject(2), member: given.member, purpose: given.purpose) == nil)
            let other = try Yes.consent("shop", purpose: "points")
            #expect(try await store.consent(of: given.subject, member: other.member, purpose: given.purpose) == nil)
            #expect(try await store.consent(of: given.subject, member: given.member, purpose: other.purpose) == nil)
        },
        Promise("a new consent takes the place of the old one") { (store) async throws in
            try await store.give(try Yes.consent(), recording: F.record(1))
            let newer = try Yes.consent(given: [.name], declined: [], meaning: 2, at: F.later)
            try await store.give(newer, recording: F.record(2))
            #expect(try await store.consents(of: newer.subject) == [newer])
        },
        Promise("a consent is taken back once") { (store) async throws in
            let given = try Yes.consent()
            try await store.give(given, recording: F.record(1))
            #expect(
                try await store.withdraw(of: given.subject, member: given.member, purpose: given.purpose, recording: F.record(2)) == true)
            #expect(try await store.consent(of: given.subject, member: given.member, purpose: given.purpose) == nil)
            #expect(
                try await store.withdraw(of: given.subject, member: given.member, purpose: given.purpose, recording: F.record(3)) == false)
        },
        Promise("consents are listed latest first") { (store) async throws in
            let all = try [Yes.consent("a", at: F.now), Yes.consent("b", at: F.later)]
            for consent in all { try await store.give(consent, recording: F.record(1)) }
            #expect(try await store.consents(of: try F.subject()) == all.reversed())
            #expect(try await store.consents(of: try F.subject(2)) == [])
        },
    ]

    static let ledgers = [
        Promise("an entry is kept once, and found by its reference") { (store) async throws in
            let entry = try Yes.entry()
            #expect(try await store.hasEntry(entry.reference) == false)
            #expect(try await store.note(entry, recording: F.record(1)) == true)
            #expect(try await store.note(entry, recording: F.record(2)) == false)
            #expect(try await store.hasEntry(entry.reference) == true)
            #expect(try await store.entry(entry.reference) == entry)
        },
        Promise("a citizen's entries are his own, latest first, page by page") { (store) async throws in
            var all: [LedgerEntry] = []
            for number in 1...5 {
                all.append(try Yes.entry(number, at: F.now.adding(seconds: Int64(number))))
            }
            for entry in all + [try Yes.entry(9, of: 2)] { _ = try await store.note(entry, recording: F.record(1)) }
            let first = try await store.entries(of: try F.subject(), before: F.later, limit: 3)
            #expect(first == all.reversed().prefix(3).map { $0 })
            let last = try F.some(first.last, "a last entry")
            #expect(try await store.entries(of: try F.subject(), before: last.at, limit: 3) == [all[1], all[0]])
        },
        Promise("counts say how much was told, to nobody of whom") { (store) async throws in
            for number in 1...3 { _ = try await store.note(try Yes.entry(number, of: number), recording: F.record(1)) }
            _ = try await store.note(try Yes.entry(4, told: []), recording: F.record(1))
            let counts = try await store.counts(from: F.now, until: F.later)
            #expect(counts.map(\.entries) == [1, 3])
            #expect(counts.map(\.told) == [[], ["name", "address"]])
            #expect(try await store.counts(from: F.later, until: F.afterwards) == [])
        },
        Promise("entries are forgotten from before a moment, the oldest first") { (store) async throws in
            for number in 1...3 {
                _ = try await store.note(try Yes.entry(number, at: F.now.adding(seconds: Int64(number))), recording: F.record(1))
            }
            let moment = F.now.adding(seconds: 3)
            #expect(try await store.forget(before: moment, limit: 1) { F.record($0) } == 1)
            #expect(try await store.hasEntry(try Yes.entry(1).reference) == false)
            #expect(try await store.forget(before: moment, limit: 9) { F.record($0) } == 1)
            #expect(try await store.forget(before: moment, limit: 9) { F.record($0) } == 0)
            #expect(try await store.hasEntry(try Yes.entry(3).reference) == true)
        },
        Promise("an answer and its entry are one step") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            let entry = try Yes.entry()
            #expect(try await store.issue(try F.code(), recording: F.record(1), joining: try Yes.joining(session, ledger: entry)) == true)
            #expect(try await store.entry(entry.reference) == entry)
        },
        Promise("an answer to a member that joined before has its entry too") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            _ = try await store.session(session.id, at: F.now)
            for number in 1...3 {
                let entry = try Yes.entry(number)
                let claimed = try await store.claim(
                    "request \(number)", scope: "saml", until: F.later, at: F.now, recording: F.record(number),
                    joining: try Yes.joining(session, ledger: entry))
                #expect(claimed == .first)
                #expect(try await store.hasEntry(entry.reference) == true)
            }
        },
        Promise("an answer that is not given leaves no entry") { (store) async throws in
            let session = try F.session()
            let entry = try Yes.entry()
            // The session never began.
            #expect(try await store.issue(try F.code(), recording: F.record(1), joining: try Yes.joining(session, ledger: entry)) == false)
            #expect(try await store.hasEntry(entry.reference) == false)
        },
        Promise("a refreshed token and its entry are one step, and a reused one leaves none") { (store) async throws in
            try await store.issue(try F.code())
            try await store.issueRefresh(try F.refresh())
            let (first, second) = (try Yes.entry(1), try Yes.entry(2))
            let issued = IssuedTokens(access: try F.access(), refresh: try F.refresh(2), record: F.record(1), ledger: first)
            #expect(try await store.exchange(F.bytes(1, "refresh"), claiming: [], for: issued, within: 0, at: F.now) == .rotated)
            #expect(try await store.entry(first.reference) == first)
            let again = IssuedTokens(access: try F.access(2), refresh: try F.refresh(3), record: F.record(2), ledger: second)
            #expect(try await store.exchange(F.bytes(1, "refresh"), claiming: [], for: again, within: 0, at: F.now) == .reused)
            #expect(try await store.hasEntry(second.reference) == false)
        },
        Promise("a login for one answer is used up with it, and by one of 50 only") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            _ = try await store.session(session.id, at: F.now)
            let outcomes = try await atOnce(50) { number in
                try await store.claim(
                    "request \(number)", scope: "saml", until: F.later, at: F.now, recording: F.record(number),
                    joining: try Yes.joining(session, spending: Yes.spending(session)))
            }
            #expect(outcomes.filter { $0 == .first }.count == 1)
            #expect(outcomes.filter { $0 == .sessionEnded }.count == 49)
            let now = try F.some(try await store.session(session.id, at: F.now), "the session, for its logout")
            #expect(now.authentications.map(\.isSpent) == [true, true])
        },
        Promise("islands, certificates and used-up logins of a session come back") { (store) async throws in
            let plain = try F.session(logins: [.pin])
            let login = try F.some(plain.authentications.first, "a login")
            let session = Session(
                id: plain.id, subject: plain.subject, authentications: [login.on("health", keeping: [0x30, 0]), login.spent, login],
                createdAt: F.now, lastSeenAt: F.now, indexSeed: plain.indexSeed)
            try await store.start(session, replacing: nil, expires: F.later)
            #expect(try await store.session(session.id, at: F.now) == session)
        },
    ]
}
