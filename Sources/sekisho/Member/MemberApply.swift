import ArgumentParser
import Cryptography
import Foundation
import Settings
import TrustFramework
import Vocabulary

struct MemberApply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Take an application in: a member's file in the state `applied`, and the address at which the applicant sees its state.",
        discussion: """
            How the service connects (`saml`, `openid`) may follow later: write it into the file, or `sekisho member add --replace`. Of a member
            that was withdrawn only the id and the reason are needed. The address is printed once; nothing but its digest is kept.
            """)

    @Argument(help: "The member's id: entityID or client_id.") var id: String
    @Option(help: "What it is in law: \(MemberKind.allCases.map(\.rawValue).joined(separator: ", ")).") var kind: String?
    @Option(name: .customLong("name-ja"), help: "What citizens will read.") var nameJapanese: String?
    @Option(name: .customLong("name-en"), help: "The same in English.") var nameEnglish: String?
    @Option(name: .customLong("technical-contact"), help: "NAME <mail>.") var technical: String?
    @Option(name: .customLong("security-contact"), help: "NAME <mail>.") var security: String?
    @Option(help: "The file's name in Metadata/members, without .yaml.") var file: String?
    @OptionGroup var scope: MemberScopeOptions
    @OptionGroup var options: MemberChangeOptions

    func run() async throws {
        let desk = try MemberDesk(options.deployment)
        let now = SystemClock.now()
        if let id = MemberID(id), desk.configuration.federation.anyMember(id) != nil {
            let act = MemberAct(.apply, at: now, by: try options.decider(), reason: options.reason, scope: scope.scope())
            let edit = try MemberDesk.telling { () throws(SettingsProblems) in
                try Settings.edit(act, of: id, in: options.deployment, environment: MemberDesk.environment, at: now)
            }
            return try await desk.carry(edit, options, at: now)
        }
        guard let id = MemberID(id) else { throw ValidationError("`\(Explanation.redacted(id))` is no member's id") }
        guard let kind = kind.flatMap({ MemberKind(rawValue: $0) }) else {
            throw ValidationError("say what it is in law, with --kind: " + MemberKind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        var random = SystemRandom()
        let reference = Base64url.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        let application = MemberApplication(
            id: id, kind: kind, names: ["ja": nameJapanese, "en": nameEnglish].compactMapValues(\.self),
            contacts: try [("technical", technical), ("security", security)].compactMap { role, text in
                try text.map { try contact(role, $0) }
            },
            scope: scope.scope(), applicantDigest: Digest.sha256(Array(reference.utf8)), file: file)
        let decider = try options.decider()
        let edit = try MemberDesk.telling { () throws(SettingsProblems) in
            try Settings.edit(
                application, in: options.deployment, by: decider, reason: options.reason,
                environment: MemberDesk.environment, at: now)
        }
        try await desk.carry(edit, options, at: now)
        print("\(edit.file) holds the application")
        print("the applicant sees its state at \(desk.configuration.baseURL)/applicants/\(reference)")
    }

    /// `Yamada Taro <yamada@example.jp>`
    private func contact(_ role: String, _ text: String) throws -> MemberContact {
        guard let role = MemberContact.Role(rawValue: role), let open = text.firstIndex(of: "<"), text.hasSuffix(">") else {
            throw ValidationError("write a contact as `NAME <mail>`")
        }
        let name = String(text[..<open]).trimmingCharacters(in: .whitespaces)
        return MemberContact(role: role, name: name, mail: String(text[text.index(after: open)...].dropLast()), telephone: nil)
    }
}
