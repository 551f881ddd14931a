import ArgumentParser
import Settings
import TrustFramework
import Vocabulary

/// One step in the life of an accreditation, done to one member.
private func step(
    _ step: MemberAct.Step, _ id: String, _ options: MemberChangeOptions, since: MomentArgument? = nil, scope: MemberScope = MemberScope()
) async throws {
    let desk = try MemberDesk(options.deployment)
    let now = SystemClock.now()
    let member = try desk.member(id)
    let at = since?.first ?? now
    guard at <= now else { throw ValidationError("--since lies in the future; a term begins later by --from") }
    let act = MemberAct(step, at: at, by: try options.decider(), reason: options.reason, scope: scope)
    let edit = try MemberDesk.telling { () throws(SettingsProblems) in
        try Settings.edit(act, of: member.id, in: options.deployment, environment: MemberDesk.environment, at: now)
    }
    try await desk.carry(edit, options, at: now)
}

struct MemberExamine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "examine", abstract: "An application was examined; the digests of its documents are kept.")

    @Argument(help: "The member's id.") var id: String
    @Option(name: .customLong("document"), help: "TITLE=FILE; repeat it. The file stays where it is.") var documents: [DocumentArgument] =
        []
    @Option(help: "When it was decided, if not now: a day or a moment.") var since: MomentArgument?
    @OptionGroup var options: MemberChangeOptions

    func run() async throws {
        var scope = MemberScope()
        scope.documents = try documents.map { try $0.document(at: SystemClock.now()) }
        try await step(.examine, id, options, since: since, scope: scope)
    }
}

struct MemberSendBack: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send-back", abstract: "The examination found something missing: the application goes back to the applicant.")

    @Argument(help: "The member's id.") var id: String
    @OptionGroup var options: MemberChangeOptions

    func run() async throws { try await step(.sendBack, id, options) }
}

struct MemberAccredit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accredit",
        abstract: "Accredit an examined applicant; or renew an accredited member, or change what its accreditation covers.")

    @Argument(help: "The member's id.") var id: String
    @Option(name: .customLong("from"), help: "The first day of the term.") var notBefore: MomentArgument?
    @Option(name: .customLong("until"), help: "The last day of the term.") var notAfter: MomentArgument?
    @Option(help: "When it was decided, if not now: a day or a moment.") var since: MomentArgument?
    @OptionGroup var scope: MemberScopeOptions
    @OptionGroup var options: MemberChangeOptions

    func run() async throws {
        var wanted = scope.scope()
        wanted.notBefore = notBefore?.text
        wanted.notAfter = notAfter?.text
        try await step(.accredit, id, options, since: since, scope: wanted)
    }
}

struct MemberSuspend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Stop a member at once: refused on every path in both protocols, tokens and sessions included, until it is reinstated.")

    @Argument(help: "The member's id.") var id: String
    @Option(help: "When it was decided, if not now: a day or a moment.") var since: MomentArgument?
    @OptionGroup var options: MemberChangeOptions

    func run() async throws { try await step(.suspend, id, options, since: since) }
}

struct MemberReinstate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "reinstate", abstract: "End a suspension; the term goes on as it was.")

    @Argument(help: "The member's id.") var id: String
    @Option(help: "When it was decided, if not now: a day or a moment.") var since: MomentArgument?
    @OptionGroup var options: MemberChangeOptions

    func run() async throws { try await step(.reinstate, id, options, since: since) }
}

struct MemberWithdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "End an accreditation, or an application, for good. Its file and its history stay.")

    @Argument(help: "The member's id.") var id: String
    @Option(help: "When it was decided, if not now: a day or a moment.") var since: MomentArgument?
    @OptionGroup var options: MemberChangeOptions

    func run() async throws { try await step(.withdraw, id, options, since: since) }
}
