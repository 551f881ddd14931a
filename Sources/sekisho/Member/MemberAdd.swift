import ArgumentParser
import Settings

struct MemberAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Check a member's file together with the whole deployment, copy it in, and tell a running server.",
        discussion: "Where changes need two people, the first officer's signature keeps it as a proposal that a second one approves.")

    @Argument(help: "The member's YAML file; the files it names lie beside it.") var file: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Flag(help: "Replace the member if it is registered already.") var replace = false
    @Option(help: "Why, for the signature of an officer.") var reason: String = "registered"
    @Option(name: .customLong("as"), help: "The officer who signs: a file's name in Keys/officers, without .yaml.") var officer: String?
    @Option(name: .customLong("key"), help: "The officer's private key, PEM.") var key: String?
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 10

    func validate() throws {
        guard (officer == nil) == (key == nil) else { throw ValidationError("--as and --key go together") }
    }

    func run() async throws {
        let desk = try MemberDesk(deployment)
        let now = SystemClock.now()
        let edit = try MemberDesk.telling { () throws(SettingsProblems) in
            try Settings.edit(adding: file, to: deployment, replacing: replace, environment: MemberDesk.environment, at: now)
        }
        var signed: [SignedChange] = []
        if let officer, let key { signed = [try desk.sign(edit, reason, as: officer, with: try OfficerKey.read(key), at: now)] }
        try await desk.carry(edit, signed: signed, wait: wait, at: now)
        if signed.count >= edit.signatures(under: desk.configuration.members) { print("\(edit.member) is registered in \(deployment)") }
    }
}
