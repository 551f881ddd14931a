import ArgumentParser
import SAML
import Settings
import TrustFramework
import Upkeep
import Vocabulary

struct MetadataStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Each source: how old, how many members, what waits. Exit 1 when something has to be done.")

    @Option(help: "The deployment folder.") var deployment: String = "."
    @Flag(help: "Print one object of JSON instead.") var json = false
    @Flag(help: "Also name entities that were left out because they cannot be used.") var unusable = false

    func run() throws {
        let desk = try MetadataDesk(deployment), now = SystemClock.now()
        let gauges = desk.disk.gauges(desk.sources, at: now)
        let server = desk.disk.health(at: now)
        let health = MetadataHealth(at: now, sources: gauges)
        let isWell = health.state == .ok && server.map { $0["state"]?.string == "ok" } ?? true
        if json {
            print(
                JSON.object([
                    ("at", .string(now.text)), ("well", .bool(isWell)),
                    ("members-folder", .integer(Int64(desk.configuration.federation.members.count))),
                    ("disk", health.json), ("server", server ?? .null),
                ]).text)
        } else {
            print("members folder: \(desk.configuration.federation.members.count) members")
            for gauge in gauges { print(text(gauge)) }
            if unusable { for source in desk.sources { printUnusable(desk, source) } }
            if desk.sources.isEmpty { return print("no sources: nothing to watch") }
            guard let server else {
                print("server: none has written anything for a minute")
                if !isWell { throw ExitCode(1) }
                return
            }
            print("server: \(server["state"]?.string ?? "?"), \(server["at"]?.string ?? "?")")
            for row in server["sources"]?.array ?? [] where row["failure"]?.string != nil {
                print("  \(row["source"]?.string ?? "?"): \(row["failure"]?.string ?? "") (\(row["detail"]?.string ?? ""))")
            }
        }
        guard isWell else { throw ExitCode(1) }
    }

    private func text(_ gauge: SourceGauge) -> String {
        var lines = ["\(gauge.source) (\(gauge.kind.rawValue)): \(gauge.state.rawValue)"]
        if gauge.kind == .mdq {
            lines.append("  \(gauge.entities) entities on the disk, \(gauge.held) held for approval")
        } else if gauge.state != .absent {
            lines.append("  \(gauge.entities) members of \(gauge.documentEntities) entities, \(gauge.held) held for approval")
            lines.append("  valid until \(gauge.validUntil?.text ?? "-"); published \(gauge.published?.text ?? "-")")
            lines.append("  signed by key SHA-256 \(gauge.signer ?? "- (nobody)")")
            if !gauge.left.isEmpty {
                lines.append("  left out: " + gauge.left.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
            }
        }
        if let pause = gauge.pause { lines.append("  ROLLED BACK \(pause.at.text): \(pause.why)") }
        if let last = gauge.lastSuccess { lines.append("  last success \(last.text)") }
        return lines.joined(separator: "\n")
    }

    private func printUnusable(_ desk: MetadataDesk, _ source: MetadataSource) {
        for row in desk.disk.index(source)?.facts.unusable ?? [] {
            print("  \(source.name): \(Explanation.redacted(row.entity)): \(row.summary) [\(row.code)]")
        }
    }
}

struct MetadataShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One member as it is answered now: where it comes from, its keys and addresses, its terms.")

    @Argument(help: "The entityID.") var entity: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Flag(help: "Print its metadata instead, as it was signed.") var xml = false
    @Flag(help: "Print one object of JSON instead.") var json = false

    func run() throws {
        let desk = try MetadataDesk(deployment)
        guard let id = MemberID(entity) else { throw ValidationError("`\(entity)` is no entityID") }
        if let (_, file) = desk.member(entity), let registration = desk.configuration.federation.registration(id) {
            if xml { return Console.say(String(decoding: try desk.bytes(desk.configuration.folder + "/" + file), as: UTF8.self)) }
            return show(registration, from: file, isHeld: false)
        }
        guard let found = desk.disk.find(id, in: desk.sources, at: SystemClock.now()) else {
            Console.error("nobody of this name is a member here")
            throw ExitCode(1)
        }
        if xml { return Console.say(String(decoding: found.bytes, as: UTF8.self)) }
        guard let registration = found.registration else {
            Console.error("\(found.source) has the entity, but its `take` leaves it out")
            throw ExitCode(1)
        }
        show(registration, from: found.source, isHeld: found.isHeld)
    }

    private func show(_ registration: Registration, from place: String, isHeld: Bool) {
        let member = registration.member
        guard case .saml(let provider) = registration.speech else { return }
        let lines = provider.lines
        if json {
            let pairs: [(String, JSON)] = [
                ("entity", .string(member.id.text)), ("from", .string(place)), ("held", .bool(isHeld)),
                ("kind", .string(member.kind.rawValue)), ("state", .string(member.accreditation.state.rawValue)),
                ("names", .object(member.displayName.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
                ("purposes", .array(member.accreditation.purposes.map(\.text).sorted().map { .string($0) })),
                ("valid-until", provider.validUntil.map { .string($0.text) } ?? .null),
                ("registration-authority", provider.registrationAuthority.map { .string($0) } ?? .null),
                ("metadata", .array(lines.map { .string($0) })),
            ]
            print(JSON.object(pairs).text)
            return
        }
        print("\(member.id.text)\n  from \(place)\(isHeld ? "; ANOTHER STATE WAITS FOR APPROVAL" : "")")
        print(
            "  \(member.kind.rawValue), \(member.accreditation.state.rawValue), for "
                + member.accreditation.purposes.map(\.text).sorted().joined(separator: ", "))
        print("  valid until \(provider.validUntil?.text ?? "- (not said)")")
        for line in lines { print("  " + line) }
    }
}

struct MetadataSearch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Members from sources whose entityID, names or registrar have all the words.")

    @Argument(help: "Words.") var words: [String]
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "At most this many.") var most: Int = 50
    @Flag(help: "Print lines of JSON instead.") var json = false

    func run() throws {
        let desk = try MetadataDesk(deployment)
        let found = desk.disk.search(words, in: desk.sources, most: max(most, 1))
        for row in found {
            let names = row.entity.provider?.displayNames ?? [:]
            let name = names["ja"] ?? names["en"] ?? names.values.sorted().first ?? ""
            if json {
                print(
                    JSON.object([
                        ("entity", .string(row.entity.entityID.text)), ("source", .string(row.source)), ("name", .string(name)),
                        ("registration-authority", row.entity.provider?.registrationAuthority.map { .string($0) } ?? .null),
                        ("held", .bool(row.isHeld)),
                    ]).text)
            } else {
                print(
                    [row.source, row.entity.entityID.text, name, row.entity.provider?.registrationAuthority ?? "-"].joined(separator: "\t"))
            }
        }
        if found.isEmpty {
            if !json { print("nobody") }
            throw ExitCode(1)
        }
    }
}
