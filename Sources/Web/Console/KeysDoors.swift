import Hummingbird
import Settings
import Vocabulary

extension Platform {
    /// `GET /console/keys`: our keys, and everything that ends by itself.
    func consoleKeys(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.keys.roles) { desk in
            let deadlines = console.deadlines()
            return Answer.page(
                Console.document(title: ConsolePart.keys.title, desk: desk, in: ConsolePart.keys.path) { page in
                    page.heading(2, Words("期限", "Expiry dates"))
                    page.paragraph(
                        Words(
                            "期限の30日前、14日前、3日前に、ログと「概要」の警報でお知らせします。",
                            "You are reminded 30, 14 and 3 days before, in the log and by the alarms of the overview."))
                    Self.deadlineTable(Array(deadlines.prefix(500)), at: desk.now, &page)
                    page.heading(2, Words("このプラットフォームの鍵", "Keys of this platform"))
                    page.table(
                        caption: Words("鍵", "Keys"),
                        head: [
                            Words("名前", "Name"), Words("用途", "Use"), Words("状態", "State"), Words("証明書の有効期限", "Certificate expires"),
                            Words("最後に使った日時", "Last used"),
                        ],
                        rows: desk.settings.keys.map { key in
                            [
                                .text(key.entry.name), .words(key.entry.use.words), KeyUse.state(key.state(at: desk.now)),
                                key.certificateEnds.map { .day($0) } ?? .empty, key.used.map { .time($0) } ?? .empty,
                            ]
                        })
                })
        }
    }

    static func deadlineTable(_ deadlines: [Deadline], at now: Timestamp, _ page: inout Markup) {
        guard !deadlines.isEmpty else { return page.paragraph(Words("期限のあるものはありません。", "Nothing expires.")) }
        page.table(
            caption: Words("期限の近い順", "Soonest first"),
            head: [Words("期限", "Expires"), Words("種類", "Kind"), Words("名前", "Name"), Words("残り日数", "Days left"), Words("通知", "Reminder")],
            rows: deadlines.map { deadline in
                let days = Int(deadline.at.seconds(since: now) / 86_400)
                return [
                    .day(deadline.at), .words(deadline.kind.words), .text(deadline.name), .number(max(0, days)),
                    deadline.reminder(at: now).map { .words(Self.reminder($0)) } ?? .empty,
                ]
            })
    }

    private static func reminder(_ days: Int64) -> Words {
        days == 0 ? Words("期限切れ", "expired") : Words("\(days)日以内", "within \(days) days")
    }
}

extension Deadline.Kind {
    var words: Words {
        switch self {
        case .accreditation: Words("参加機関の認定", "accreditation")
        case .memberKey: Words("参加機関の証明書", "member's certificate")
        case .metadata: Words("参加機関のメタデータ", "member's metadata")
        case .ownKey: Words("このプラットフォームの鍵", "key of this platform")
        case .officer: Words("担当者の任期", "officer's term")
        }
    }
}
