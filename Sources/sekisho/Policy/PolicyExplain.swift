import ArgumentParser
import Cryptography
import SQLiteStores
import Settings
import TrustFramework
import Vocabulary

struct PolicyExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract:
            "Decide a recorded decision once more under the version of its day, and say why it came out so. Exit 1 when it does not come out the same.",
        discussion: """
            Takes the number of a record of the audit trail (`sekisho audit show`), the ID of a SAML request or answer, the reference of an
            entry in a citizen's ledger, or an OpenID code or token as the client got it (compared by its digest, never kept). --code takes the
            code on the citizen's page, such as policy.forbidden, and explains the newest record with it. The texts of the version come out of
            the archive and are proven against the digest in the trail: a version that is missing or was changed is told, loudly, and nothing
            is explained by it. What begins with a hyphen goes behind `--`.
            """)

    enum Reader: String, CaseIterable, ExpressibleByArgument {
        case developer, citizen, auditor
        var audience: Audience {
            switch self {
            case .developer: .developer
            case .citizen: .citizen
            case .auditor: .auditor
            }
        }
    }

    @Argument(help: "A record's number, or an ID.") var what: String?
    @Option(help: "The code that the citizen was shown.") var code: String?
    @Option(name: .customLong("for"), help: "developer, citizen or auditor.") var reader: Reader =
        .auditor
    @Option(help: "ja or en. Default: ja for citizens, else en.") var language: String?
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Flag(help: "Print JSON instead.") var json = false

    func validate() throws {
        guard (what == nil) != (code == nil) else {
            throw ValidationError("name a record, an ID, or a --code")
        }
        if let language, !["ja", "en"].contains(language) {
            throw ValidationError("--language is ja or en")
        }
    }

    func run() async throws {
        let desk = try PolicyDesk(deployment)
        let trail = try await PolicyTrail(desk)
        let record = try await found(trail)
        let page: ExplainedDecision
        do throws(RecordExplanation.Trouble) {
            page = try RecordExplanation.page(record, trail, desk.archive)
        } catch {
            guard error.isOfNoDecision else { try refuse(error.why, record) }
            Console.error(error.why)
            throw ExitCode(2)
        }
        let language = language ?? (reader == .citizen ? "ja" : "en")
        print(
            json
                ? page.json(for: reader.audience, in: language).text
                : page.text(for: reader.audience, in: language))
        guard page.replay.differences.isEmpty else {
            Console.error("THE REPLAY DIFFERS from what was recorded:")
            for one in page.replay.differences {
                Console.error("  \(one.what): recorded \(one.recorded), replayed \(one.replayed)")
            }
            throw ExitCode(1)
        }
    }

    private func refuse(_ why: String, _ record: SQLiteStore.FoundRecord) throws -> Never {
        Console.error("NOT EXPLAINED: " + why)
        throw ExitCode(1)
    }

    private func found(_ trail: PolicyTrail) async throws -> SQLiteStore.FoundRecord {
        if let what, let sequence = Int64(what) {
            guard let record = try await trail.store.audit(at: sequence) else {
                throw ValidationError("the trail has no record \(sequence)")
            }
            return record
        }
        let wanted: [String]
        if let code {
            wanted = ["\"code\":" + JSON.string(code).text]
        } else {
            let text = what ?? ""
            let digest = String(Hexadecimal.encode(Digest.sha256(Array(text.utf8))).prefix(32))
            wanted =
                ["\"request\":", "\"answer\":", "\"ledger\":"].map { $0 + JSON.string(text).text } + [
                    "\"answer\":\"" + digest + "\""
                ]
        }
        let sequences = try await trail.store.audit(holding: wanted, limit: 20)
        var others = 0
        var best: SQLiteStore.FoundRecord?
        // The newest that was decided by policy, else the newest.
        for sequence in sequences {
            guard let record = try await trail.store.audit(at: sequence) else { continue }
            if best == nil { best = record }
            if let body = try? JSON(reading: record.body, limit: 1 << 20),
                DecisionTrace(record: body) != nil
            {
                best = record
                break
            }
            others += 1
        }
        guard let best else {
            throw ValidationError(
                "no record of the trail is about `\(Explanation.redacted(code ?? what ?? ""))`")
        }
        if sequences.count > 1 {
            Console.error(
                "\(sequences.count)\(sequences.count == 20 ? " or more" : "") records are about it; this is \(best.sequence)"
            )
        }
        return best
    }
}
