import ArgumentParser
import Foundation
import JOSE
import Vocabulary

struct JOSEDecode: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Explain any pasted token: what it is, what it says, and what would be refused.",
        discussion: """
            Takes what a browser, a log or a file shows: a token, an Authorization
            header, the address or body it stands in, a token response, with line breaks
            or without.

            Claims about a person are shown by their length; --reveal shows them.
            Without keys a token is judged by its form alone. --keys judges by the keys
            that are given, --deployment by those of the platform and of its clients; an
            encrypted token is opened with --decryption-key, or with the platform's own.
            Exit status: 0 decoded, 2 no token found.
            """)

    @Argument(help: "A file, or the text itself; - or nothing reads standard input.") var text: String = "-"
    @Option(help: "A file with keys whose signatures count: a JWK set, a JWK, PEM; may be given several times.") var keys: [String] = []
    @Option(help: "A file with a private key, a JWK or PEM; may be given several times.") var decryptionKey: [String] = []
    @Option(help: "A deployment folder: its keys, its clients and theirs.") var deployment: String?
    @Option(help: "The moment to judge at (RFC 3339); otherwise now.") var at: String?
    @Flag(help: "Show claims about persons too.") var reveal = false
    @Flag(help: "Only the token, exactly as it was sent.") var raw = false

    func run() throws {
        let pasted: PastedToken
        do { pasted = try PastedToken(Paste.read(text, upTo: PastedToken.largest)) } catch let refusal as PastedTokenRefusal {
            ExplainedText.lines(refusal.explanation).forEach(Console.error)
            throw ExitCode(2)
        }
        if raw { return Console.say(pasted.text) }
        var now = SystemClock.now()
        if let at {
            guard let moment = Timestamp(at) else { throw ValidationError("`\(at)` is not RFC 3339") }
            now = moment
        }
        let basis: TokenBasis
        do { basis = try TokenBasis(pasted, keys: keys, decryptionKeys: decryptionKey, deployment: deployment) } catch let refusal
            as JobRefusal
        {
            throw ValidationError(refusal.detail)
        } catch let finding as TokenFinding {
            throw ValidationError(finding.explanation.summary)
        }
        var page = TokenPage(reveal: reveal, now: now)
        page.describe(pasted, basis)
        Console.say(page.text)
    }
}
