package import Vocabulary

/// A one-time code that makes a card the first officer's. Only its digest is kept.
package struct OfficerCode: Hashable, Sendable {
    /// SHA-256 of what the operator's terminal showed.
    package let digest: [UInt8]
    package let officer: String
    package let expiresAt: Timestamp

    package init(digest: [UInt8], officer: String, expiresAt: Timestamp) {
        self.digest = digest
        self.officer = officer
        self.expiresAt = expiresAt
    }
}

/// Something that waits in the console for officers who approve it.
package struct OfficeAsk: Hashable, Sendable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A card for an officer.
        case officer
        /// A version of the policy that is to decide.
        case policy
    }

    /// Bytes of a body, and of its signatures: a version of the policy as large as a folder may be fits, unless its texts are control
    /// characters.
    package static let largest = 16_777_216

    /// What people type and read: the beginning of the digest that is signed.
    package let name: String
    package let kind: Kind
    /// Who asked: an officer, or for a card the citizen who brought it.
    package let by: String
    /// What is asked, as the room that asks writes it.
    package let body: JSON
    /// Signatures so far, one compact JWS each.
    package let signed: [String]
    package let askedAt: Timestamp
    package let expiresAt: Timestamp

    package init(
        name: String, kind: Kind, by: String, body: JSON, signed: [String] = [], askedAt: Timestamp, expiresAt: Timestamp
    ) {
        self.name = name
        self.kind = kind
        self.by = by
        self.body = body
        self.signed = signed
        self.askedAt = askedAt
        self.expiresAt = expiresAt
    }
}

/// Records of the trail that an auditor looks for.
package struct TrailQuestion: Hashable, Sendable {
    /// The whole event, or its beginning up to a dot: `card.`; nil is every event.
    package let event: String?
    /// Texts that have to stand in the record as JSON writes them, all of them; eight at most are looked at.
    package let holding: [String]
    /// Records before this one, newest first; nil: from the end.
    package let before: Int64?
    package let from: Timestamp?
    package let until: Timestamp?
    package let limit: Int

    package init(
        event: String? = nil, holding: [String] = [], before: Int64? = nil, from: Timestamp? = nil, until: Timestamp? = nil, limit: Int
    ) {
        self.event = event
        self.holding = holding
        self.before = before
        self.from = from
        self.until = until
        self.limit = limit
    }
}

package struct TrailPage: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package let sequence: Int64
        package let body: String
        /// False: this record, or the one before it, was changed.
        package let isLinked: Bool

        package init(sequence: Int64, body: String, isLinked: Bool) {
            self.sequence = sequence
            self.body = body
            self.isLinked = isLinked
        }
    }

    /// Newest first.
    package let rows: [Row]
    /// Where to go on; nil when the beginning of the trail was reached.
    package let next: Int64?

    package init(rows: [Row], next: Int64?) {
        self.rows = rows
        self.next = next
    }
}

/// Whether the trail is whole.
package enum TrailVerdict: Hashable, Sendable {
    case holds(records: Int64, head: String)
    case broken(at: Int64, String)
}

/// What a member used in one month of Japan's calendar, by kind of check.
package struct Usage: Hashable, Sendable {
    package let member: MemberID
    /// `2026-11`
    package let month: String
    package let kind: UsageKind
    package let count: Int64

    package init(member: MemberID, month: String, kind: UsageKind, count: Int64) {
        self.member = member
        self.month = month
        self.kind = kind
        self.count = count
    }
}

/// The kinds of check that are counted, each with a cost of its own (R24).
package enum UsageKind: String, Sendable, Hashable, CaseIterable {
    /// A card was used for the member: its certificate's status was looked up.
    case cardLogin = "card-login"
    /// A citizen who was logged in entered without a card.
    case sessionLogin = "session-login"
    /// A signature certificate was presented and checked.
    case signature
    /// A status was asked on line again without the card.
    case statusAgain = "status-again"
    /// Attributes were told behind the login: UserInfo, attribute query, introspection, tokens.
    case attributes
    /// A request was refused.
    case refusal
}

/// What the administrators' console keeps and reads.
package protocol ConsoleStore: Sendable {
    /// Keeps the code in the place of an older one.
    func offer(_ code: OfficerCode) async throws
    /// Takes the code out and appends `record`, in one step; of two callers one gets it. Nil when unknown, used or expired.
    func redeem(_ digest: [UInt8], recording record: @escaping @Sendable (OfficerCode) -> Record, at now: Timestamp) async throws
        -> OfficerCode?

    /// Keeps the ask and appends `record`, in one step; an ask of the same name stays as it is, and an older one of the same asker and kind
    /// gives way. Where `most` of the kind wait already: with `displacing` the oldest that nobody signed gives way too; else, or when there is
    /// none, false, and nothing happens.
    func ask(_ ask: OfficeAsk, most: Int, displacing: Bool, recording record: Record, at now: Timestamp) async throws -> Bool
    /// Oldest first.
    func asks(_ kind: OfficeAsk.Kind, at now: Timestamp) async throws -> [OfficeAsk]
    /// Adds a signature and appends `record`, in one step; nil when the ask is gone. The same line twice is there once.
    func sign(_ name: String, _ kind: OfficeAsk.Kind, with line: String, recording record: Record, at now: Timestamp) async throws
        -> OfficeAsk?
    /// Takes the ask out and appends `record`, in one step; false when it is gone.
    func close(_ name: String, _ kind: OfficeAsk.Kind, recording record: Record) async throws -> Bool

    func records(_ question: TrailQuestion) async throws -> TrailPage
    func record(at sequence: Int64) async throws -> TrailPage.Row?
    /// Walks the whole chain. `kept`: how long it was and what its head was, at some moment, as somebody kept it elsewhere.
    func chain(expecting kept: (records: Int64, hash: String)?) async throws -> TrailVerdict

    /// Counts what came into the trail since the last count, `limit` records at most, in one step with where it stands. Returns how many were
    /// looked at.
    func meter(limit: Int) async throws -> Int
    /// By member, month and kind. `month`: `2026-11`; nil is every one.
    func usage(month: String?, member: MemberID?) async throws -> [Usage]
}

extension ConsoleStore {
    /// Nothing that waits gives way.
    package func ask(_ ask: OfficeAsk, most: Int, recording record: Record, at now: Timestamp) async throws -> Bool {
        try await self.ask(ask, most: most, displacing: false, recording: record, at: now)
    }
}
