import ArgumentParser
import Settings
import TrustFramework
import Vocabulary

struct MemberList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The members of the folder, those who have applied too: id, kind, standing, until when, operator, file.")

    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "As of that day or moment instead of now.") var at: MomentArgument?
    @Option(help: "Only those of this standing.") var standing: String?
    @Flag(help: "Print lines of JSON instead.") var json = false

    func validate() throws {
        guard let standing, Standing(rawValue: standing) == nil else { return }
        throw ValidationError("--standing is one of " + Standing.allCases.map(\.rawValue).joined(separator: ", "))
    }

    func run() throws {
        let desk = try MemberDesk(deployment)
        let moment = at?.moment ?? SystemClock.now()
        for entry in desk.configuration.memberFiles(at: moment) {
            let reason = entry.member.standingReason(at: moment)
            if let standing, reason.standing.rawValue != standing { continue }
            if json {
                print(MemberPicture.json(entry.member, reason, file: entry.file).text)
            } else {
                print(
                    entry.member.id.text, entry.member.kind.rawValue, reason.standing.rawValue, reason.until?.text ?? "",
                    entry.member.operatedBy?.text ?? "", entry.file, separator: "\t")
            }
        }
    }
}

struct MemberStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "The standing of a member now, or as of any past day, with the reason; exit 1 when it is not in force.")

    @Argument(help: "The member's id.") var id: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "As of that day (its end, in Japan) or moment instead of now.") var at: MomentArgument?
    @Flag(help: "What the applicant sees: the state, what is missing, the next step.") var forApplicant = false
    @Option(help: "ja or en, for --for-applicant.") var language: String = "en"
    @Flag(help: "Print JSON instead.") var json = false

    func validate() throws {
        guard ["ja", "en"].contains(language) else { throw ValidationError("--language is ja or en") }
    }

    func run() throws {
        let desk = try MemberDesk(deployment)
        let member = try desk.member(id)
        let moment = at?.moment ?? SystemClock.now()
        if forApplicant {
            guard let view = desk.configuration.applicantView(of: member.id, at: moment) else {
                throw ValidationError("`\(id)` comes from a metadata source; only members with a file have applied here")
            }
            for line in MemberPicture.lines(view, language) { print(line) }
            return
        }
        let reason = member.standingReason(at: moment)
        if json {
            print(MemberPicture.json(member, reason, file: nil).text)
        } else {
            for line in MemberPicture.lines(reason, of: member) { print(line) }
            if let at, at.isDay {
                for event in member.accreditation.history where at.first <= event.at && event.at <= moment {
                    print("on that day: " + MemberPicture.line(event))
                }
            }
        }
        if reason.standing != .inForce { throw ExitCode(1) }
    }
}

struct MemberEvents: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Every step of a member's accreditation, oldest first: when, what it became, by whom, why; or the versions of its file.",
        discussion: """
            --versions lists the versions of the member's file that counted here, newest first: number, digest, since when, who signed, and which
            one it put back. --diff VERSION shows what is different in the present file. `sekisho member rollback` returns to one of them.
            """)

    @Argument(help: "The member's id.") var id: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Flag(help: "The versions of its file instead.") var versions = false
    @Option(help: "What the present file has otherwise than this version: its number, or 8 characters of its digest.") var diff: String?
    @Flag(help: "Print lines of JSON instead.") var json = false

    func run() throws {
        let desk = try MemberDesk(deployment)
        let member = try desk.member(id)
        if versions || diff != nil {
            let entries = desk.configuration.memberVersions(of: member.id, at: SystemClock.now())
            if let diff { return try VersionLines.show(diff, in: entries) }
            for entry in entries { print(json ? VersionLines.json(entry).text : VersionLines.line(entry)) }
            return
        }
        let history = member.accreditation.history
        if history.isEmpty { Console.error("the member's file has no history: it begins with the first `sekisho member` that changes it") }
        for event in history { print(json ? MemberPicture.json(event).text : MemberPicture.line(event)) }
    }
}

struct MemberShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "All that is known of a member: standing, scope, documents, contacts, operators, officers' signatures.")

    @Argument(help: "The member's id.") var id: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "As of that day or moment instead of now.") var at: MomentArgument?

    func run() throws {
        let desk = try MemberDesk(deployment)
        let member = try desk.member(id)
        let federation = desk.configuration.federation
        let moment = at?.moment ?? SystemClock.now()
        let entry = desk.configuration.memberFiles(at: moment).first { $0.member.id == member.id }
        print("id\t\(member.id)")
        print("kind\t\(member.kind.rawValue)")
        for (tag, name) in member.displayName.sorted(by: { $0.key < $1.key }) { print("name (\(tag))\t\(name)") }
        for line in MemberPicture.lines(member.standingReason(at: moment), of: member) { print("standing\t\(line)") }
        for line in MemberPicture.scope(member) { print(line) }
        for contact in federation.paper(of: member.id)?.contacts ?? [] {
            print(
                "contact\t"
                    + [contact.role.rawValue, contact.name, contact.mail, contact.telephone].compactMap(\.self).joined(separator: ", "))
        }
        do throws(OperatorFault) {
            for provider in try member.operators(with: federation.anyMember) {
                print("operator\t\(provider.id), \(provider.standing(at: moment).rawValue)")
            }
        } catch { print("operator\tcannot be followed: \(error)") }
        print(
            "protocol\t\(federation.client(member.id) != nil ? "openid" : federation.serviceProvider(member.id) != nil ? "saml" : "none yet")"
        )
        if let entry {
            print("file\t\(entry.file)")
            print("digest\t\(entry.digest)")
            if !entry.officers.isEmpty { print("signed by\t\(entry.officers.joined(separator: ", "))") }
        }
    }
}
