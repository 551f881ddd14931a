import ArgumentParser
import EventLoops

@main
struct Sekisho: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sekisho",
        abstract: "Government authentication platform: a card login becomes a SAML assertion or OpenID tokens.",
        subcommands: [
            Init.self, Check.self, Serve.self, MemberCommand.self, ClientCommand.self, KeysCommand.self, MetadataCommand.self,
            AuditCommand.self,
            SessionCommand.self, LinkCommand.self, AdminCommand.self, MeteringCommand.self, SignalCommand.self, LedgerCommand.self,
            CareCommand.self, TrustCommand.self, PolicyCommand.self,
            SAMLCommand.self, XMLCommand.self, JOSECommand.self, CodeCommand.self, Demo.self,
        ])

    @MainActor static func main() async {
        // Where the runtime does not know the hook, Swift's own threads do the same work.
        _ = EventLoops.carryTasks()
        await main(nil)
    }
}
