import ArgumentParser
import OpenID
import SQLiteStores
import Settings
import TrustFramework
import Vocabulary

/// `sekisho client list`: the clients that registered themselves.
struct ClientList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Print the clients that registered themselves, youngest first: id, registered, last used, standing, sponsor, name.")

    @Argument(help: "The deployment folder.") var folder: String
    @Option(help: "The most clients to print.") var limit: Int = 100
    @Option(help: "Clients to pass over.") var skip: Int = 0

    func run() async throws {
        let deployment = try ClientStore(folder)
        let now = SystemClock.now()
        for (record, used) in try await deployment.store.registrations(limit: max(limit, 0), skip: max(skip, 0)) {
            let names = record.names
            print(
                record.id.text, record.registeredAt.text, used.text, deployment.standing(of: record, at: now), record.terms.sponsor.text,
                Explanation.redacted(names["ja"] ?? names["und"] ?? names["en"] ?? ""), separator: "\t")
        }
    }
}

/// `sekisho client show`: one of them, with everything but what only the client knows.
struct ClientShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a client that registered itself: metadata, terms, keys, standing.")

    @Argument(help: "The deployment folder.") var folder: String
    @Argument(help: "The client's id, as `sekisho client list` prints it.") var client: String

    func run() async throws {
        let deployment = try ClientStore(folder)
        let now = SystemClock.now()
        guard let record = try deployment.registration(client) else {
            Console.error("no client of this id registered itself here")
            throw ExitCode(1)
        }
        let provider = deployment.settings.openIDProvider
        let verdict: JSON
        do throws(RegistrationRefusal) {
            guard let rules = provider.registration else { throw RegistrationRefusal.closed }
            verdict = .string(try record.client(under: rules, at: provider, at: now).summary)
        } catch {
            verdict = .array(error.explanations.map { .string($0.code + ": " + $0.summary) })
        }
        print(
            JSON.object([
                ("client_id", .string(record.id.text)), ("registered", .string(record.registeredAt.text)),
                ("updated", .string(record.updatedAt.text)), ("standing", .string(deployment.standing(of: record, at: now))),
                ("client", verdict), ("terms", record.terms.json), ("metadata", record.metadata),
                ("secret-expires", record.secretExpiresAt.map { .string($0.text) } ?? .null),
                ("keys-fetched", record.keysAt.map { .string($0.text) } ?? .null), ("keys", record.keys ?? .null),
            ]).text)
    }
}

/// `sekisho client revoke`: ends one at once, with its tokens.
struct ClientRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract:
            "Remove a client that registered itself. Its tokens are worth nothing from then on; a running server sees it within a second.")

    @Argument(help: "The deployment folder.") var folder: String
    @Argument(help: "The client's id, as `sekisho client list` prints it.") var client: String
    @Option(help: "For the trail.") var reason = ""

    func run() async throws {
        let deployment = try ClientStore(folder)
        let now = SystemClock.now()
        guard let record = try deployment.registration(client),
            try await deployment.store.remove(
                record.id, knowing: nil,
                recording: Record(
                    "client.revoked", at: now,
                    [("member", .string(record.id.text)), ("reason", .string(Explanation.redacted(reason)))]), at: now)
        else {
            Console.error("no client of this id registered itself here")
            throw ExitCode(1)
        }
        print("\(record.id.text) is removed")
    }
}

extension ClientStore {
    func registration(_ text: String) throws -> RegistrationRecord? {
        try MemberID(text).flatMap { RegistrationRecord.isDynamic($0) ? try store.registration($0) : nil }
    }

    func standing(of record: RegistrationRecord, at now: Timestamp) -> String {
        let sponsor = settings.federation.member(record.terms.sponsor)
        guard let member = record.member(sponsor: sponsor, at: now)?.resolved(with: { settings.federation.member($0) }) else {
            return "no-sponsor"
        }
        return member.standing(at: now).rawValue
    }
}
