import ArgumentParser
import Cryptography
import Foundation
import SAML
import Vocabulary

struct SAMLDecode: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Explain any pasted SAML message: what it is, what it says, who signed it, what would be refused.",
        discussion: """
            Takes what a browser, a log or a file shows: the address or query of a redirect, the
            value or body of a form, a page that posts itself, Base64 with line breaks, XML, a SOAP
            envelope, metadata, an artifact.

            Names, attribute values and the like are shown by their length; --reveal shows them.
            With --deployment the message is judged as that platform would judge it; without one,
            by its form and by the certificate inside it, which proves nothing about its sender.
            Exit status: 0 decoded, 2 nothing of SAML found.
            """)

    @Argument(help: "A file, or the message itself; - or nothing reads standard input.") var message: String = "-"
    @Option(help: "A deployment folder: its members, keys and addresses.") var deployment: String?
    @Option(help: "The moment to judge at (RFC 3339); otherwise now.") var at: String?
    @Flag(help: "Show names, attribute values and session names.") var reveal = false
    @Flag(help: "Only the XML, exactly as it was sent.") var raw = false

    func run() throws {
        let bytes = try Paste.read(message, upTo: PastedMessage.largest)
        let pasted: PastedMessage
        do { pasted = try PastedMessage(bytes) } catch {
            ExplainedText.lines(error.explanation).forEach(Console.error)
            throw ExitCode(2)
        }
        if raw {
            Console.write(pasted.xml)
            return
        }
        var now = SystemClock.now()
        if let at {
            guard let moment = Timestamp(at) else { throw ValidationError("`\(at)` is not RFC 3339") }
            now = moment
        }
        let inspection = MessageInspection(pasted, revealing: reveal)
        var page = DecodedPage(reveal: reveal)
        page.describe(pasted, inspection)
        let rules = try DecodeRules(pasted, inspection, deployment: deployment)
        page.judge(rules.verdict(on: pasted, at: now), inspection, basis: rules.basis)
        Console.say(page.text)
    }
}
