import Hummingbird
import Settings
import Vocabulary

extension Platform {
    /// `GET /console/trust`: the trust store as `sekisho trust status` has it.
    func consoleTrust(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.trust.roles) { desk in
            let trust = console.trust()
            return Answer.page(
                Console.document(title: ConsolePart.trust.title, desk: desk, in: ConsolePart.trust.path) { page in
                    guard let trust else {
                        page.note(Words("信頼ストアは監視されていません。", "Nobody watches the trust store here."))
                        return
                    }
                    Self.trustState(trust, &page)
                    Self.lists(trust, &page)
                    Self.authorities(trust, &page)
                    Self.responders(trust, &page)
                    Self.unknown(trust, &page)
                    Self.feed(trust, &page)
                })
        }
    }

    private static func rows(_ json: JSON?, _ build: (JSON) -> [Cell]) -> [[Cell]] { (json?.array ?? []).prefix(500).map(build) }

    private static func text(_ json: JSON?) -> Cell {
        switch json {
        case .string(let text)?: .text(text)
        case .integer(let number)?: .text(String(number))
        default: .empty
        }
    }

    private static func moment(_ json: JSON?) -> Cell { json?.string.flatMap { Timestamp($0) }.map { .time($0) } ?? .empty }

    private static func trustState(_ trust: JSON, _ page: inout Markup) {
        let server = trust["server"]
        page.facts([
            (Words("状態", "State"), .code(server?["state"]?.string ?? (trust["well"]?.bool == true ? "ok" : "degraded"))),
            (Words("確認した時刻", "As of"), moment(trust["at"])),
        ])
        let reasons = rows(server?["reasons"]) { [text($0["state"]), text($0["code"]), text($0["subject"])] }
        if !reasons.isEmpty {
            page.table(
                caption: Words("対応が必要なこと", "What needs somebody"),
                head: [Words("重さ", "State"), Words("コード", "Code"), Words("対象", "Subject")], rows: reasons)
        }
    }

    private static func lists(_ trust: JSON, _ page: inout Markup) {
        page.heading(2, Words("失効リスト", "Revocation lists"))
        page.table(
            caption: Words("失効リスト", "Revocation lists"),
            head: [
                Words("入手先", "Source"), Words("状態", "State"), Words("作られた時刻", "Made"), Words("次の予定", "Next due"),
                Words("経過（分）", "Age in minutes"), Words("件数", "Entries"), Words("番号", "Number"),
            ],
            rows: rows(trust["lists"]) { list in
                [
                    text(list["source"]), text(list["state"]), moment(list["this_update"]), moment(list["next_update"]),
                    list["age"]?.integer.map { .number(Int($0 / 60)) } ?? .empty, text(list["entries"]), text(list["number"]),
                ]
            })
    }

    private static func authorities(_ trust: JSON, _ page: inout Markup) {
        page.heading(2, Words("認証局", "Authorities"))
        page.table(
            caption: Words("信頼する認証局", "Authorities that are trusted"),
            head: [
                Words("名前", "Name"), Words("用途", "Profiles"), Words("終わる日", "Ends"), Words("あと何日", "Days left"),
                Words("指紋（SHA-256）", "SHA-256"),
            ],
            rows: rows(trust["authorities"]) { authority in
                [
                    text(authority["subject"]), .text((authority["profiles"]?.strings ?? []).joined(separator: ", ")),
                    authority["not_after"]?.string.flatMap { Timestamp($0) }.map { .day($0) } ?? .empty, text(authority["days"]),
                    .code(authority["sha256"]?.string ?? ""),
                ]
            })
    }

    private static func responders(_ trust: JSON, _ page: inout Markup) {
        page.heading(2, Words("オンライン照会", "On-line status"))
        page.table(
            caption: Words("照会先", "Responders"), head: [Words("役割", "Role"), Words("アドレス", "Address")],
            rows: rows(trust["responders"]) { [text($0["role"]), text($0["url"])] })
    }

    private static func unknown(_ trust: JSON, _ page: inout Markup) {
        page.heading(2, Words("知らない認証局", "Unknown issuers"))
        let unknown = rows(trust["unknown"]) { row in
            [text(row["issuer"]), text(row["count"]), moment(row["first"]), moment(row["last"])]
        }
        guard !unknown.isEmpty else { return page.paragraph(Words("使われていません。", "Nobody used one.")) }
        page.table(
            caption: Words("カードを発行したのが知らない認証局だった試み", "Attempts with cards of authorities that are unknown here"),
            head: [Words("認証局", "Issuer"), Words("回数", "Attempts"), Words("最初", "First"), Words("最後", "Last")], rows: unknown)
    }

    private static func feed(_ trust: JSON, _ page: inout Markup) {
        page.heading(2, Words("変更の記録", "Feed of changes"))
        let lines = trust["feed"]?.array ?? []
        guard !lines.isEmpty else { return page.paragraph(Words("記録はありません。", "There is no entry.")) }
        page.table(
            caption: Words("新しいものから", "Newest first"),
            head: [Words("時刻", "At"), Words("できごと", "Event"), Words("対象", "About")],
            rows: lines.prefix(100).map { [moment($0["at"]), text($0["event"]), text($0["about"])] })
    }
}
