import ArgumentParser
import SAML
import Settings
import TrustFramework
import Upkeep
import Vocabulary

struct MetadataDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What waits for approval and what would change, before it takes effect; or what has changed, from the history.",
        discussion: """
            Without a name: everything that waits. With a source's name: what waits there, and for a source that was rolled back what its
            newest document would change. With the entityID of a member of Metadata/members: its file against the state in use, or against
            FILE. Lines begin with + (comes), - (goes) or ~ (changes); `!` marks what touches the member's security.
            """)

    @Argument(help: "A source's name, or an entityID.") var name: String?
    @Argument(help: "Other metadata for a member of Metadata/members.") var file: String?
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Print the last N changes that took effect or were held instead.") var history: Int?
    @Flag(help: "Print lines of JSON instead.") var json = false

    func run() throws {
        let desk = try MetadataDesk(deployment)
        if let history { return past(desk, history) }
        guard let name else {
            for source in desk.sources { try waiting(desk, source) }
            for member in desk.configuration.federation.members { try changed(desk, member.id.text, quiet: true) }
            return
        }
        if let source = desk.source(name) { return try waiting(desk, source) }
        guard let (id, path) = desk.member(name) else {
            let waits = desk.sources.flatMap { source in desk.disk.waiting(source).filter { $0.entity == name } }
            guard !waits.isEmpty else { throw ValidationError("`\(name)` is no source, and nothing of such a member waits") }
            for item in waits { say(item.entity, item.changes) }
            return
        }
        guard let file else { return try changed(desk, name, quiet: false) }
        let changes = MemberHistory.changes(
            try desk.bytes(desk.configuration.folder + "/" + path), try desk.bytes(file), of: id, development: desk.isDevelopment)
        say(name, changes)
    }

    private func waiting(_ desk: MetadataDesk, _ source: MetadataSource) throws {
        for item in desk.disk.waiting(source) { say(item.entity, item.changes, note: source.name + (item.isPinned ? ", rolled back" : "")) }
        guard desk.disk.shelf(source).record?.pause != nil else { return }
        switch desk.disk.candidate(source, at: SystemClock.now()) {
        case .success(let differences):
            for difference in differences { say(difference.entity, difference.changes, note: source.name + ", newest document") }
        case .failure(let refusal):
            Console.error("\(source.name): \(refusal.code): \(refusal)")
            throw ExitCode(1)
        }
    }

    /// A file that was changed by hand, and that a running server has not been told of.
    private func changed(_ desk: MetadataDesk, _ name: String, quiet: Bool) throws {
        guard let (id, path) = desk.member(name) else { return }
        let bytes = try desk.bytes(desk.configuration.folder + "/" + path)
        guard let latest = desk.history.latest(id) else {
            if !quiet { print("no earlier state of \(name) is known") }
            return
        }
        let changes = MemberHistory.changes(latest, bytes, of: id, development: desk.isDevelopment)
        if !quiet || !changes.isEmpty { say(name, changes, note: path) }
    }

    private func past(_ desk: MetadataDesk, _ most: Int) {
        let isSource = name.map { desk.source($0) != nil } ?? false
        let entries = desk.disk.journal.read(most: max(most, 1)) { entry in
            name.map { isSource ? entry.source == $0 : entry.entity == $0 } ?? true
        }
        for entry in entries {
            let why = entry.why.map { " – " + $0 } ?? ""
            say(entry.entity ?? entry.source, entry.changes, note: "\(entry.at.text) \(entry.event.rawValue), \(entry.source)\(why)")
        }
    }

    private func say(_ entity: String, _ changes: [MetadataChange], note: String? = nil) {
        if json {
            print(
                JSON.object([
                    ("entity", .string(entity)), ("note", note.map { .string($0) } ?? .null), ("changes", .array(changes.map(\.json))),
                ]).text)
            return
        }
        print(Explanation.redacted(entity) + (note.map { " (" + $0 + ")" } ?? ""))
        if changes.isEmpty, history == nil { print("    no difference that means anything") }
        for change in changes { print((change.isSecurityRelevant ? "  ! " : "    ") + change.line) }
    }
}

struct MetadataAccept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Let through what waits for approval; or give a member of Metadata/members another metadata file.",
        discussion: "Look at `sekisho metadata diff` first: a new key or address is how somebody else becomes the member.")

    @Argument(help: "A source's name, or the entityID of a member of Metadata/members.") var name: String
    @Argument(help: "For a source: the entityIDs to let through. For a member: its new metadata file.") var items: [String] = []
    @Flag(help: "Let everything of the source through.") var all = false
    @Option(help: "Why, for the history.") var reason: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 60

    func validate() throws { try refuseEmptyReason(reason) }

    func run() async throws {
        let desk = try MetadataDesk(deployment)
        if let member = desk.member(name), desk.source(name) == nil {
            guard let file = items.first, items.count == 1 else { throw ValidationError("name the member's new metadata file") }
            let bytes = try desk.bytes(file)
            let before = try desk.bytes(desk.configuration.folder + "/" + member.file)
            let changes = MemberHistory.changes(before, bytes, of: member.id, development: desk.isDevelopment)
            for change in changes { print((change.isSecurityRelevant ? "! " : "  ") + change.line) }
            let now = SystemClock.now()
            // What is replaced was in use, whether or not a server has ever written it down.
            try desk.history.note(before, of: member.id, development: desk.isDevelopment, at: now)
            try await desk.replace(member, with: bytes, deployment: deployment, wait: wait)
            try desk.disk.journal.append([
                .init(at: now, source: member.file, entity: name, event: .accepted, changes: changes, why: reason)
            ])
            return
        }
        let source = try desk.source(named: name)
        guard all != !items.isEmpty else { throw ValidationError("name entities, or say --all") }
        try await desk.order(
            MetadataOrder(source: source.name, act: .accept(items), why: reason), deployment: deployment, wait: wait)
    }
}

struct MetadataRollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Back to the state before: of one member, or of a whole source.",
        discussion: """
            A member that was rolled back stays so, whatever its source publishes, until `sekisho metadata accept SOURCE ENTITY`. A source that
            was rolled back is still fetched and proven, but nothing new takes effect until `sekisho metadata accept SOURCE --all`. Its own
            validUntil goes on counting.
            """)

    @Argument(help: "A source's name, or the entityID of a member of Metadata/members.") var name: String
    @Argument(help: "One entity of the source; without it the whole source goes back.") var entity: String?
    @Option(help: "Why, for the history.") var reason: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 60

    func validate() throws { try refuseEmptyReason(reason) }

    func run() async throws {
        let desk = try MetadataDesk(deployment)
        if let member = desk.member(name), desk.source(name) == nil {
            let before = try desk.bytes(desk.configuration.folder + "/" + member.file)
            let now = SystemClock.now()
            // What goes back was in use, whether or not a server has ever written it down.
            try desk.history.note(before, of: member.id, development: desk.isDevelopment, at: now)
            guard let bytes = desk.history.earlier(member.id) else {
                Console.error("no earlier state of \(name) is kept")
                throw ExitCode(1)
            }
            let changes = MemberHistory.changes(before, bytes, of: member.id, development: desk.isDevelopment)
            for change in changes { print((change.isSecurityRelevant ? "! " : "  ") + change.line) }
            try await desk.replace(member, with: bytes, deployment: deployment, wait: wait)
            try desk.disk.journal.append([
                .init(at: now, source: member.file, entity: name, event: .rolledBack, changes: changes, why: reason)
            ])
            return
        }
        let source = try desk.source(named: name)
        try await desk.order(
            MetadataOrder(source: source.name, act: .rollback(entity: entity), why: reason), deployment: deployment, wait: wait)
    }
}

struct MetadataRefresh: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Look at a source now, whether or not it is due. A running server does it; without one it is done here.")

    @Argument(help: "The source's name; without it all of them.") var name: String?
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 300

    func run() async throws {
        let desk = try MetadataDesk(deployment)
        let sources = try name.map { [try desk.source(named: $0)] } ?? desk.sources
        if sources.isEmpty { print("there is no source; see Metadata/README.md") }
        var hasFailed = false
        for source in sources {
            do {
                try await desk.order(MetadataOrder(source: source.name, act: .refresh, why: "asked"), deployment: deployment, wait: wait)
            } catch is ExitCode { hasFailed = true }
        }
        if hasFailed { throw ExitCode(1) }
    }
}
