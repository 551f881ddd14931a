import Cryptography
import Synchronization
import Vocabulary

/// Which authorities the trust store held when somebody last looked (`authorities.json`), so that every change of it is told, also one
/// that was made while nothing ran. Whoever makes a change tells the feed itself, or gives the reason in `reasons.jsonl` and leaves the
/// telling to this book.
final class AuthorityBook: Sendable {
    struct Entry: Hashable, Sendable {
        let fingerprint: String
        let subject: String
        let kind: AuthorityGauge.Kind
        let notAfter: Timestamp
    }

    static let name = "authorities.json"
    static let reasons = "reasons.jsonl"
    private static let longest = 4 << 20

    private struct State {
        /// nil: the book could not be read yet.
        var known: Set<Entry>?
        var isFirst = true
    }

    private let folder: DiskFolder
    private let feed: TrustFeed
    private let state = Mutex(State())

    init(folder: DiskFolder, feed: TrustFeed) {
        self.folder = folder
        self.feed = feed
    }

    /// Tells what came and went since the last look. The feed is written before the book: after a crash between the two a change is told
    /// twice, never not at all.
    func look(_ plan: ListPlan, at now: Timestamp) throws(DiskTrouble) {
        let present = Set(
            plan.anchors.map { Self.entry($0, .anchor) } + plan.intermediates.map { Self.entry($0, .intermediate) })
        let (known, isFirst) = state.withLock { ($0.known, $0.isFirst) }
        let before: Set<Entry>
        if let known { before = known } else { before = try read() }
        if present != before {
            let reasons = try stated()
            let told = lastTold()
            let seen = isFirst ? "seen at start" : "seen at reload"
            let changes =
                before.subtracting(present).map { ($0, $0.kind == .anchor ? TrustFeed.Change.Event.anchorRemoved : .intermediateRemoved) }
                + present.subtracting(before).map { ($0, $0.kind == .anchor ? TrustFeed.Change.Event.anchorAdded : .intermediateAdded) }
            for (entry, event) in changes.sorted(by: { ($0.0.subject, $0.0.fingerprint) < ($1.0.subject, $1.0.fingerprint) }) {
                // Whoever made the change may have told it.
                guard told[entry.fingerprint] != event else { continue }
                let why = reasons[event.rawValue + " " + entry.fingerprint] ?? reasons[entry.fingerprint] ?? seen
                try feed.append(TrustFeed.Change(at: now, event: event, subject: entry.subject, digest: entry.fingerprint, why: why))
            }
            try write(present)
        }
        state.withLock { state in
            state.known = present
            state.isFirst = false
        }
    }

    private static func entry(_ certificate: Certificate, _ kind: AuthorityGauge.Kind) -> Entry {
        Entry(
            fingerprint: Hexadecimal.encode(certificate.fingerprint), subject: certificate.subject.text, kind: kind,
            notAfter: certificate.notAfter)
    }

    private func read() throws(DiskTrouble) -> Set<Entry> {
        guard let bytes = try folder.read(Self.name, limit: Self.longest) else { return [] }
        guard let items = (try? JSON(reading: bytes, limit: Self.longest))?["authorities"]?.array else {
            throw DiskTrouble("authorities.json is damaged: remove it, and all authorities are told anew")
        }
        return Set(items.compactMap { Self.entry($0) })
    }

    private static func entry(_ json: JSON) -> Entry? {
        guard let fingerprint = json["fingerprint"]?.string, let subject = json["subject"]?.string,
            let kind = json["kind"]?.string.flatMap({ AuthorityGauge.Kind(rawValue: $0) }),
            let end = json["not-after"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        return Entry(fingerprint: fingerprint, subject: subject, kind: kind, notAfter: end)
    }

    private func write(_ entries: Set<Entry>) throws(DiskTrouble) {
        let items = entries.sorted { ($0.subject, $0.fingerprint) < ($1.subject, $1.fingerprint) }.map { entry in
            JSON.object([
                ("fingerprint", .string(entry.fingerprint)), ("subject", .string(entry.subject)), ("kind", .string(entry.kind.rawValue)),
                ("not-after", .string(entry.notAfter.text)),
            ])
        }
        try folder.write(Self.name, JSON.object([("format", 1), ("authorities", .array(items))]).bytes)
    }

    /// What the feed said last of each certificate.
    private func lastTold() -> [String: TrustFeed.Change.Event] {
        var last: [String: TrustFeed.Change.Event] = [:]
        for change in TrustFeed.read(folder) { if let digest = change.digest { last[digest] = change.event } }
        return last
    }

    /// The last word about each fingerprint, and about each fingerprint with its event.
    private func stated() throws(DiskTrouble) -> [String: String] {
        guard let bytes = try folder.read(Self.reasons, limit: Self.longest) else { return [:] }
        var stated: [String: String] = [:]
        for line in bytes.split(separator: 0x0a) {
            guard let json = try? JSON(reading: Array(line)), let fingerprint = json["fingerprint"]?.string, let why = json["why"]?.string
            else { continue }
            stated[(json["event"]?.string.map { $0 + " " } ?? "") + fingerprint.lowercased()] = why
        }
        return stated
    }
}
