import ArgumentParser
import Settings
import TrustFramework
import Vocabulary

struct MemberProposalList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proposals", abstract: "Changes of members that wait for a second officer; with a name, what would change.")

    @Argument(help: "A proposal's name.") var name: String?
    @Option(help: "The deployment folder.") var deployment: String = "."

    func run() throws {
        let (proposals, broken) = MemberProposals.all(in: deployment)
        for file in broken { Console.error("\(file): this is no proposal; remove it") }
        guard let name else {
            for proposal in proposals {
                let signed = proposal.signed.map { "\($0.claimedOfficer) \($0.claimedAt.text)" }.joined(separator: ", ")
                print(proposal.name, proposal.edit.act, proposal.edit.member.text, signed, separator: "\t")
            }
            return
        }
        let proposal = try MemberProposalList.find(name, in: proposals)
        print("# SHA-256 \(proposal.edit.seal)")
        for change in proposal.signed { print("# \(change.claimedOfficer), \(change.claimedAt.text): \(change.claimedReason)") }
        for line in proposal.edit.difference { print(line) }
    }

    static func find(_ name: String, in proposals: [MemberProposal]) throws -> MemberProposal {
        // By its name, or by more of the digest that it begins.
        guard let proposal = proposals.first(where: { name.utf8.count >= 12 && $0.edit.seal.hasPrefix(name) }) else {
            throw ValidationError("nothing waits under `\(Explanation.redacted(name))`; `sekisho member proposals` shows what does")
        }
        return proposal
    }
}

struct MemberApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "The second officer signs: only then the member's file changes.",
        discussion: """
            Look at `sekisho member proposals NAME` first: what it shows is what is signed, byte by byte. Give the SHA-256 that it prints in place
            of the name, and nothing else can be signed.
            """)

    @Argument(help: "The proposal's name.") var name: String
    @OptionGroup var officer: OfficerKey
    @Option(help: "Why, for the signature.") var reason: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 10

    func run() async throws {
        let desk = try MemberDesk(deployment)
        let now = SystemClock.now()
        let proposal = try MemberProposalList.find(name, in: MemberProposals.all(in: deployment).proposals)
        let (held, refused) = MemberApprovals(proposal.signed).counting(
            proposal.edit.digest, by: desk.configuration.officers, within: MemberProposals.lifetime, at: now)
        for refusal in refused { Console.error("a signature does not count: \(refusal) [\(refusal.code)]") }
        guard !held.contains(where: { $0.officer.id == officer.officer }) else {
            throw ValidationError("`\(officer.officer)` has signed already; another officer has to")
        }
        let signed = proposal.signed.filter { change in held.contains { $0.officer.id == change.claimedOfficer } }
        let mine = try desk.sign(proposal.edit, reason, as: officer.officer, with: try officer.key(), at: now)
        try await desk.carry(proposal.edit, signed: signed + [mine], wait: wait, at: now)
    }
}

struct MemberReject: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "reject", abstract: "Take back a change that waits for a second officer.")

    @Argument(help: "The proposal's name.") var name: String
    @Option(help: "The deployment folder.") var deployment: String = "."

    func run() throws {
        let proposal = try MemberProposalList.find(name, in: MemberProposals.all(in: deployment).proposals)
        MemberProposals.remove(proposal.name, from: deployment)
        print("\(proposal.edit.act) of \(proposal.edit.member) waits no longer; nothing was changed")
    }
}

struct MemberSign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract:
            "Put an officer's signature beside members' files as they are: before `changes: two-people` is switched on, and when an officer's key was lost."
    )

    @Argument(help: "Members' ids; none with --all.") var ids: [String] = []
    @Flag(help: "Every file of Metadata/members.") var all = false
    @OptionGroup var officer: OfficerKey
    @Option(help: "Why, for the signature.") var reason: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 10

    func run() async throws {
        guard all != !ids.isEmpty else { throw ValidationError("name members, or say --all") }
        let key = try officer.key()
        let done = try MemberDesk.telling { () throws(SettingsProblems) in
            try Settings.sign(
                members: all ? nil : Set(ids.compactMap { MemberID($0) }), in: deployment, reason: reason, as: officer.officer, with: key,
                environment: MemberDesk.environment, at: SystemClock.now())
        }
        for file in done { print("\(file): signed by \(officer.officer)") }
        if done.isEmpty { throw ValidationError("none of them is in \(deployment)") }
        try await MemberDesk(deployment).tell(wait: wait)
    }
}
