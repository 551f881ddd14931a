import HTTPTypes
import Hummingbird
import NIOCore
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The citizen's whole ledger as a file: read and sent page by page, so that neither memory nor the writer waits for a long life.
struct LedgerDownload: Sendable {
    enum Format: String, Sendable { case json, csv }

    /// Entries read at once.
    static let page = 200
    /// More entries than a person causes in a hundred years: where a file of theirs ends, and says so.
    static let most = 1_000_000

    let format: Format
    let subject: SubjectID
    let settings: Configuration
    let now: Timestamp
    let words: Language

    private var last: LedgerPlace?
    private var count = 0
    private var stage = Stage.start

    private enum Stage { case start, entries, over }

    init(format: Format, subject: SubjectID, settings: Configuration, now: Timestamp, words: Language) {
        self.format = format
        self.subject = subject
        self.settings = settings
        self.now = now
        self.words = words
    }

    /// The next piece in order; nil behind the last. `read` gives the entries behind a place.
    mutating func next(reading read: (LedgerPlace?, Int) async throws -> [LedgerEntry]) async throws -> ByteBuffer? {
        switch stage {
        case .start:
            stage = .entries
            return ByteBuffer(bytes: start)
        case .entries:
            let entries = count < Self.most ? try await read(last, min(Self.page, Self.most - count)) : []
            guard let end = entries.last else {
                stage = .over
                return ByteBuffer(bytes: self.end)
            }
            last = LedgerPlace(end)
            var piece: [UInt8] = []
            for entry in entries {
                piece += format == .csv ? row(entry) : (count == 0 ? [] : [0x2c, 0x0a]) + json(entry)
                count += 1
            }
            return ByteBuffer(bytes: piece)
        case .over: return nil
        }
    }

    var type: String { format == .csv ? "text/csv; charset=utf-8; header=present" : "application/json" }

    private var start: [UInt8] {
        switch format {
        // The mark at the front tells spreadsheets that the text is UTF-8.
        case .csv: [0xef, 0xbb, 0xbf] + line(Self.columns)
        case .json:
            Array(
                ("{\"made\":" + JSON.string(now.text).text + ",\"kept-days\":" + (settings.care.ledgerDays.map { String($0) } ?? "null")
                    + ",\"entries\":[\n").utf8)
        }
    }

    private var end: [UInt8] {
        switch format {
        case .csv: []
        case .json: Array(("\n],\"count\":" + String(count) + ",\"complete\":" + (count < Self.most ? "true" : "false") + "}\n").utf8)
        }
    }

    private static let columns = [
        "at", "service", "service-name", "told", "purpose", "rules", "basis", "policy-version", "protocol", "path", "consented-at",
        "reference",
    ]

    private func values(_ entry: LedgerEntry) -> [String] {
        [
            entry.at.text, entry.member.text, CitizenPages.name(entry.member, settings)(words), entry.told.sorted().joined(separator: " "),
            entry.purpose.text, entry.rules.joined(separator: " "), entry.bases.joined(separator: " / "), entry.policyVersion,
            entry.protocolName, entry.path.rawValue, entry.consentedAt?.text ?? "", entry.reference.text,
        ]
    }

    private func row(_ entry: LedgerEntry) -> [UInt8] { line(values(entry)) }

    /// RFC 4180, every value in quotes. What a spreadsheet would take for a formula gets an apostrophe in front: names of services and rules
    /// are other people's words.
    private func line(_ values: [String]) -> [UInt8] {
        var line: [UInt8] = []
        for (place, value) in values.enumerated() {
            if place > 0 { line.append(0x2c) }
            line.append(0x22)
            if let first = value.utf8.first, Self.formulas.contains(first) { line.append(0x27) }
            for byte in value.utf8 {
                if byte == 0x22 { line.append(0x22) }
                line.append(byte)
            }
            line.append(0x22)
        }
        return line + [0x0d, 0x0a]
    }

    /// `= + - @`, tabulator and carriage return.
    private static let formulas: Set<UInt8> = [0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d]

    private func json(_ entry: LedgerEntry) -> [UInt8] {
        func texts(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }
        return JSON.object([
            ("at", .string(entry.at.text)), ("service", .string(entry.member.text)),
            ("service-name", .string(CitizenPages.name(entry.member, settings)(words))), ("told", texts(entry.told.sorted())),
            ("purpose", .string(entry.purpose.text)), ("rules", texts(entry.rules)), ("basis", texts(entry.bases)),
            ("policy-version", .string(entry.policyVersion)), ("protocol", .string(entry.protocolName)),
            ("path", .string(entry.path.rawValue)), ("consented-at", entry.consentedAt.map { .string($0.text) } ?? .null),
            ("reference", .string(entry.reference.text)),
        ]).bytes
    }
}

extension Platform {
    /// `GET /me/ledger.json`, `GET /me/ledger.csv`
    func ledgerDownload(_ request: Request, as format: LedgerDownload.Format) async throws -> Response {
        try await atOwnPage(request, .told) { desk in
            let download = LedgerDownload(
                format: format, subject: desk.subject, settings: desk.settings, now: desk.now, words: .current)
            let stores = self.stores
            var answer = Answer.bytes([], type: download.type)
            if let name = HTTPField.Name("Content-Disposition") {
                answer.headers[name] = "attachment; filename=\"sekisho-ledger." + format.rawValue + "\""
            }
            answer.body = ResponseBody { writer in
                var pieces = download
                while let piece = try await pieces.next(reading: {
                    try await stores.entries(of: download.subject, after: $0, limit: $1)
                }) {
                    try await writer.write(piece)
                }
                try await writer.finish(nil)
            }
            return answer
        }
    }
}
