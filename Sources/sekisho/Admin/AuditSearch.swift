import ArgumentParser
import SQLiteStores
import Settings
import SignOn
import Vocabulary

struct AuditSearch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Records by event, texts and days, newest first, as the console finds them; one line of JSON each.",
        discussion: """
            Exit 1 when a record that was found does not follow from the one before: run `sekisho audit verify`. The last line names where to go
            on with --before when the trail has not been read to its beginning.
            """)

    @Argument(help: "The deployment folder.") var folder: String
    @Option(help: "A whole event (signon.granted), or a kind of events with its dot (card.).") var event: String?
    @Option(parsing: .upToNextOption, help: "Texts that have to stand in the record, all of them; eight at most.") var text: [String] = []
    @Option(help: "From this moment or day (Japan) on.") var from: String?
    @Option(help: "Until this moment, or to the end of this day (Japan).") var until: String?
    @Option(help: "Records before this one only.") var before: Int?
    @Option(help: "The most records to print.") var limit: Int = 50

    func validate() throws {
        guard (1...10_000).contains(limit), text.count <= 8 else {
            throw ValidationError("--limit is 1 to 10000, --text eight words at most")
        }
    }

    func run() async throws {
        let store = try SQLiteStore(path: try Deployment.load(folder, tokens: .none).store.path, durability: .normal)
        let page = try await store.records(
            TrailQuestion(
                event: event, holding: text.map { String(JSON.string($0).text.dropFirst().dropLast()) }, before: before.map(Int64.init),
                from: try from.map { try Moment.read($0, endOfDay: false) }, until: try until.map { try Moment.read($0, endOfDay: true) },
                limit: limit))
        for row in page.rows { print("\(row.sequence)\t\(row.isLinked ? "" : "BROKEN ")\(row.body)") }
        if let next = page.next { Console.error("goes on with --before \(next)") }
        if page.rows.contains(where: { !$0.isLinked }) { throw ExitCode(1) }
    }
}
