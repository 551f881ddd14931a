import ArgumentParser
import Web

struct CodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain a code that a page, a response or a verdict showed.",
        discussion: """
            A running server answers the same at /help/CODE. Without a code, all of them are
            listed. Exit status: 0 known, 1 unknown.
            """)

    @Argument(help: "A code such as saml.request.destination, or words to look for.") var code: String?

    func run() throws {
        guard let code else {
            for entry in Catalogue.entries { Console.say("\(entry.code)  \(entry.summary)") }
            return
        }
        guard let entry = Catalogue.entry(code) else {
            Console.error("there is no code `\(code)`")
            for near in Catalogue.near(code) { Console.error("  \(near.code)  \(near.summary)") }
            throw ExitCode(1)
        }
        Console.say("\(code)\n  \(entry.summary)\n  \(entry.japanese)\nclause\n  \(entry.clause)\nwhat to do\n  \(entry.remedy)")
    }
}
