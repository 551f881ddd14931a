import Credentials
import Cryptography
import Settings
import Trust
import Upkeep
import Vocabulary

/// `sekisho trust status`: what the folder and the disk say, whether or not a server is running.
struct TrustOverview {
    struct Authority {
        let profiles: [String]
        let certificate: Certificate
        let isSimulated: Bool
        /// Days until it ends, negative when it has.
        let days: Int64
        let isSoon: Bool
    }

    struct List {
        enum State: String {
            case fresh, stale, absent
        }

        let source: String
        let facts: ListFacts?
        let state: State
        let now: Timestamp
    }

    let authorities: [Authority]
    let lists: [List]
    let responders: [(role: String, url: String)]
    let unknown: [UnknownIssuers.Row]
    /// What the running server says of itself; nil when none has written for a minute.
    let health: JSON?
    let now: Timestamp

    init(_ configuration: Configuration, soon: Int, at now: Timestamp) {
        self.now = now
        var profiles: [Certificate: [String]] = [:]
        var simulated: [Certificate: Bool] = [:]
        func note(_ anchors: [TrustAnchor], _ name: String) {
            for anchor in anchors where profiles[anchor.certificate]?.contains(name) != true {
                profiles[anchor.certificate, default: []].append(name)
                simulated[anchor.certificate] = anchor.isSimulated
            }
        }
        note(configuration.cards.anchorList, "card")
        for profile in configuration.profiles.all { note(profile.store.anchors, profile.name) }
        authorities = profiles.map { certificate, names in
            let days = certificate.notAfter.seconds(since: now) / 86_400
            return Authority(
                profiles: names.sorted(), certificate: certificate, isSimulated: simulated[certificate] ?? false, days: days,
                isSoon: days < Int64(soon))
        }.sorted { ($0.certificate.notAfter, $0.certificate.subject.text) < ($1.certificate.notAfter, $1.certificate.subject.text) }
        let disk = TrustDisk(configuration)
        let records = disk.current
        let revocation = configuration.cards.revocation
        var sources = revocation.lists.map { list in
            switch list {
            case .file(let path): path
            case .url(let url): url
            }
        }
        for record in records where !sources.contains(record.source) { sources.append(record.source) }
        lists = sources.map { source in
            guard let facts = records.first(where: { $0.source == source })?.facts else {
                return List(source: source, facts: nil, state: .absent, now: now)
            }
            let isStale = facts.nextUpdate.map { $0 < now } ?? false || now.seconds(since: facts.thisUpdate) > revocation.ages.list
            return List(source: source, facts: facts, state: isStale ? .stale : .fresh, now: now)
        }
        responders =
            revocation.onLine.map { onLine in
                [("first", onLine.url ?? "the address in the certificate")] + (onLine.fallback.map { [("fall-back", $0)] } ?? [])
            } ?? []
        unknown = UnknownIssuers.read(disk.folder)
        health = disk.health.flatMap { health in
            let at = health["at"]?.string.flatMap { Timestamp($0) }
            return at.map { now.seconds(since: $0) <= 4 * WatchBook.pace } ?? false ? health : nil
        }
    }

    var isWell: Bool {
        lists.allSatisfy { $0.state == .fresh } && authorities.allSatisfy { !$0.isSoon }
            && health.map { $0["state"]?.string == "ok" } ?? true
    }

    var text: String {
        var lines = ["authorities"]
        for authority in authorities {
            let end = authority.certificate.notAfter.text
            let word =
                authority.days < 0
                ? "EXPIRED " + end : (authority.isSoon ? "EXPIRES SOON, " : "") + "until \(end) (\(authority.days) days)"
            lines.append("  \(authority.certificate.subject.text)\(authority.isSimulated ? " (simulated)" : "")")
            lines.append("    \(word); for \(authority.profiles.joined(separator: ", "))")
            lines.append("    SHA-256 \(Hexadecimal.encode(authority.certificate.fingerprint))")
        }
        if authorities.isEmpty { lines.append("  none") }
        lines.append("revocation lists")
        for list in lists {
            guard let facts = list.facts else {
                lines.append("  ABSENT \(list.source)")
                continue
            }
            lines.append("  \(list.state == .fresh ? "fresh" : "STALE") \(list.source)")
            let next = facts.nextUpdate.map { "next due \($0.text)" } ?? "no next update named"
            let minutes = now.seconds(since: facts.thisUpdate) / 60
            lines.append("    made \(facts.thisUpdate.text), \(minutes) minutes ago; \(next)")
            lines.append("    \(facts.entries) entries; number \(facts.number ?? "-")")
        }
        if lists.isEmpty { lines.append("  none configured") }
        lines.append("responders")
        for responder in responders { lines.append("  \(responder.role): \(responder.url)") }
        if responders.isEmpty { lines.append("  on-line status is off") }
        lines += serverLines
        let attempts = unknown.reduce(0) { sum, row in sum.addingReportingOverflow(row.count).overflow ? .max : sum + row.count }
        if attempts > 0 { lines.append("\(attempts) attempts with \(unknown.count) unknown authorities: see `sekisho trust unknown`") }
        return lines.joined(separator: "\n")
    }

    private var serverLines: [String] {
        guard let health else { return ["server: none has written anything for a minute"] }
        var lines = ["server: \(health["state"]?.string ?? "?"), \(health["at"]?.string ?? "?")"]
        for reason in health["reasons"]?.array ?? [] {
            lines.append("  \(reason["state"]?.string ?? "") \(reason["code"]?.string ?? ""): \(reason["subject"]?.string ?? "")")
        }
        for responder in health["responders"]?.array ?? [] {
            let age = responder["age"]?.integer.map { "newest answer \($0) s old" } ?? "no answer yet"
            lines.append("  responder \(responder["name"]?.string ?? ""): asked \(responder["asked"]?.integer ?? 0) times, \(age)")
        }
        return lines
    }

    var json: JSON {
        .object([
            ("at", .string(now.text)), ("well", .bool(isWell)),
            (
                "authorities",
                .array(
                    authorities.map { authority in
                        .object([
                            ("subject", .string(authority.certificate.subject.text)),
                            ("sha256", .string(Hexadecimal.encode(authority.certificate.fingerprint))),
                            ("not_after", .string(authority.certificate.notAfter.text)), ("days", .integer(authority.days)),
                            ("soon", .bool(authority.isSoon)), ("simulated", .bool(authority.isSimulated)),
                            ("profiles", .array(authority.profiles.map { .string($0) })),
                        ])
                    })
            ),
            (
                "lists",
                .array(
                    lists.map { list in
                        var members: [(String, JSON)] = [("source", .string(list.source)), ("state", .string(list.state.rawValue))]
                        if let facts = list.facts {
                            members += [
                                ("issuer", .string(facts.issuer)), ("this_update", .string(facts.thisUpdate.text)),
                                ("next_update", facts.nextUpdate.map { .string($0.text) } ?? .null),
                                ("age", .integer(now.seconds(since: facts.thisUpdate))), ("entries", .integer(Int64(facts.entries))),
                                ("number", facts.number.map { .string($0) } ?? .null), ("digest", .string(facts.digest)),
                            ]
                        }
                        return .object(members)
                    })
            ),
            ("responders", .array(responders.map { .object([("role", .string($0.role)), ("url", .string($0.url))]) })),
            ("unknown", .array(unknown.map(\.json))), ("server", health ?? .null),
        ])
    }
}
