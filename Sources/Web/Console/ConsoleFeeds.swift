package import Settings
package import SignOn
package import Vocabulary

/// What the roof gives the console: its store, the folder's writer, the platform's word under approvals, and pictures of what runs beside the
/// doors. The command line stands on the same functions.
package struct ConsoleFeeds: Sendable {
    /// The platform's word that an officer approved. Throws `OfficerRefusal`.
    package typealias Attest =
        @Sendable (
            _ kind: ChangeKind, _ digest: [UInt8], _ reason: String, _ officer: Officer, _ console: ConsoleApproval, _ now: Timestamp
        ) throws(OfficerRefusal) -> SignedChange

    /// Nil: this server has no console.
    package var store: (any ConsoleStore)?
    package var attest: Attest = { (_, _, _, _, _, _) throws(OfficerRefusal) in throw OfficerRefusal.key }
    /// What `Settings.load` and `Settings.take` are to know of the process.
    package var environment: [String: String] = [:]
    /// Has the server read its folder anew, and waits until it did; false where it kept the old state, whose reasons `problems` tells.
    package var reload: @Sendable () async -> Bool = { false }
    /// What is wrong with the folder, where the old state goes on.
    package var problems: @Sendable () -> [Problem] = { [] }
    /// The trust store in full, as `sekisho trust status --json` prints it.
    package var trust: @Sendable () -> JSON? = { nil }
    /// What ends by itself, as of the last look, soonest first.
    package var deadlines: @Sendable () -> [Deadline] = { [] }
    /// How many of them are near or over: counts for `/health`, no names.
    package var deadlineSummary: @Sendable () -> JSON? = { nil }
    /// The differences that the version in the shadow would have made, as `sekisho policy status --json` prints them.
    package var shadow: @Sendable () -> JSON? = { nil }
    /// A name and keys for one test login at this member, as the settings have it. Nil: it speaks no protocol.
    package var rehearse: @Sendable (_ settings: Configuration, _ member: MemberID, _ now: Timestamp) async throws -> RehearsalParty? = {
        _, _, _ in nil
    }
    /// The rules in `Policies/` as one bundle. Throws `SettingsProblems`.
    package var draft: @Sendable () async throws -> PolicyBundle = { throw OfficerRefusal.key }
    /// What the audit trail knows of versions that decided here.
    package var activations: @Sendable () async throws -> [Activation] = { [] }
    /// What changes when this bundle takes the place of what decides; nil lines where that was not found out.
    package var impact: @Sendable (PolicyBundle) async -> [String]? = { _ in nil }
    /// Lets a version decide, with the whole deployment read with it first; what is wrong, or nothing.
    package var activate: @Sendable (PolicyOrder) async -> [Problem] = { _ in [] }
    /// Why a recorded decision came out so, under the policy of its day, in this language.
    package var explain: @Sendable (_ sequence: Int64, _ language: String) async -> DecisionExplained = { _, _ in
        DecisionExplained(lines: [], trouble: "nothing is explained here")
    }

    package init() {}
}

/// What the console wants done with a version of the policy.
package struct PolicyOrder: Sendable {
    package enum Act: String, Sendable, CaseIterable {
        case activate, rollback, shadow
    }

    package let act: Act
    /// With the officers' signatures.
    package let bundle: PolicyBundle
    package let at: Timestamp
    package let by: String
    package let reason: String

    package init(act: Act, bundle: PolicyBundle, at: Timestamp, by: String, reason: String) {
        self.act = act
        self.bundle = bundle
        self.at = at
        self.by = by
        self.reason = reason
    }
}

/// A recorded decision, asked once more.
package struct DecisionExplained: Sendable, Hashable {
    package let lines: [String]
    /// Why nothing is explained, or what the replay came to otherwise; nil: the same answer.
    package let trouble: String?

    package init(lines: [String], trouble: String?) {
        self.lines = lines
        self.trouble = trouble
    }
}
