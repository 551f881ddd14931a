import ArgumentParser
import Settings
import Trust
import Upkeep
import Vocabulary

struct TrustStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Whom we believe, how old the lists are, who expires soon. Exit 1 when something has to be done.")

    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Days before its end from which an authority is said to expire soon.") var soon: Int = 180
    @Flag(help: "Print one object of JSON instead.") var json = false

    func run() throws {
        let configuration = try Deployment.load(deployment)
        let overview = TrustOverview(configuration, soon: soon, at: SystemClock.now())
        print(json ? overview.json.text : overview.text)
        guard overview.isWell else { throw ExitCode(1) }
    }
}

struct TrustFeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed", abstract: "What changed in what we believe: dated, with the reason, the oldest first.")

    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Only changes from this moment or day (Japan) on.") var since: String?
    @Flag(help: "Print lines of JSON instead.") var json = false

    func run() throws {
        let start = try since.map { try Moment.read($0, endOfDay: false) }
        for change in TrustDisk(try Deployment.load(deployment)).changes where start.map({ change.at >= $0 }) ?? true {
            if json {
                print(change.json.text)
            } else {
                print([change.at.text, change.event.rawValue, change.subject, change.digest ?? "-", change.why].joined(separator: "\t"))
            }
        }
    }
}

struct TrustUnknown: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unknown", abstract: "Authorities that somebody tried to use and nobody here believes, the most frequent first.")

    @Option(help: "The deployment folder.") var deployment: String = "."
    @Flag(help: "Print lines of JSON instead.") var json = false

    func run() throws {
        let disk = TrustDisk(try Deployment.load(deployment))
        let rows = UnknownIssuers.read(disk.folder).sorted { ($0.count, $0.last) > ($1.count, $1.last) }
        for row in rows {
            if json {
                print(row.json.text)
            } else {
                print("\(row.count)\t\(row.first.text)\t\(row.last.text)\t\(row.issuer)\tkey \(row.key ?? "-")")
            }
        }
        if rows.isEmpty, !json { print("nobody used an authority that is unknown here") }
    }
}

struct TrustAccept: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Let a running server take a revocation list that it refused because it is unlike the one before.",
        discussion:
            "`sekisho trust feed` and `trust status` show the digest. Look first: a list that shrank or went back is how an attack looks.")

    @Argument(help: "SHA-256 of the list, 64 hexadecimal digits.") var digest: String
    @Option(help: "Why; kept until the list is taken.") var reason: String
    @Option(help: "The deployment folder.") var deployment: String = "."

    func run() throws {
        let digest = digest.lowercased()
        guard digest.utf8.count == 64, Hexadecimal.decode(digest) != nil else {
            throw ValidationError("`\(self.digest)` is no SHA-256 digest")
        }
        do { try TrustDisk(try Deployment.load(deployment)).accept(list: digest, why: reason) } catch let trouble as DiskTrouble {
            Console.error(trouble.what)
            throw ExitCode(1)
        }
        print("the list \(digest) is taken at the keeper's next look, if it is truly signed")
    }
}

/// A moment on the command line: RFC 3339, or a date, which is a day in Japan.
enum Moment {
    static func read(_ text: String, endOfDay: Bool) throws -> Timestamp {
        if let moment = Timestamp(text) { return moment }
        if text.utf8.count == 10, let start = Timestamp(text + "T00:00:00+09:00") {
            return endOfDay ? start.adding(milliseconds: 86_399_999) : start
        }
        throw ValidationError("`\(text)` is no moment: write 2026-04-01 (a day in Japan) or 2026-04-01T09:00:00+09:00")
    }
}
