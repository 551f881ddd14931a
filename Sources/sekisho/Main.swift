import ArgumentParser

@main
struct Sekisho: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sekisho",
        abstract: "Government authentication platform: a card login becomes a SAML assertion or OpenID tokens.",
        subcommands: [Init.self, Check.self, Serve.self, MemberCommand.self, AuditCommand.self, Demo.self])
}
