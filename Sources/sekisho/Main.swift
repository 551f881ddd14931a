import ArgumentParser
import EventLoops
import Foundation

@main
struct Sekisho: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sekisho",
        abstract: "Government authentication platform: a card login becomes a SAML assertion or OpenID tokens.",
        subcommands: [
            Init.self, Check.self, Serve.self, Backup.self, MemberCommand.self, ClientCommand.self, KeysCommand.self, MetadataCommand.self,
            AuditCommand.self,
            SessionCommand.self, LinkCommand.self, AdminCommand.self, MeteringCommand.self, SignalCommand.self, LedgerCommand.self,
            CareCommand.self, TrustCommand.self, PolicyCommand.self,
            SAMLCommand.self, XMLCommand.self, JOSECommand.self, CodeCommand.self, Demo.self,
        ])

    static func main() async {
        await EventLoops.carry { await answer() }
    }

    /// As the parser's own `main`, except that lost output is a failure.
    @concurrent private static func answer() async {
        var failure: (any Error)?
        do {
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch { failure = error }
        // What stands in half of its place is not to be taken for an answer, whatever the answer was. Other failures say so themselves.
        if Console.hasLostOutput, failure.map({ $0 is ExitCode }) ?? true {
            Console.error("not all of the output could be written")
            failure = ExitCode(EX_IOERR)
        }
        if let failure { exit(withError: failure) }
    }
}
