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
                        page.note(Words("この環境では、信頼ストアは監視されていません。", "The trust store is not monitored here."))
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

    /// What an authority calls itself, and its whole name as certificates have it.
    private static func authorityName(_ json: JSON?) -> Cell {
        guard let name = json?.string else { return .empty }
        let parts = name.split(separator: ",").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        func values(_ type: String) -> [String] { parts.filter { $0.count == 2 && $0[0] == type }.map { $0[1] } }
        let own = values("CN").first ?? values("OU").last
        guard let own, !name.contains("\\") else { return .code(name) }
        return .named(Words(verbatim: own + (values("O").first.map { " (" + $0 + ")" } ?? "")), name)
    }

    private static func word(_ json: JSON?) -> Cell { json?.string.map(MachineWords.trust) ?? .empty }

    private static func moment(_ json: JSON?) -> Cell { json?.string.flatMap { Timestamp($0) }.map { .time($0) } ?? .empty }

    private static func trustState(_ trust: JSON, _ page: inout Markup) {
        let server = trust["server"]
        page.facts([
            (Words("状態", "State"), MachineWords.trust(server?["state"]?.string ?? (trust["well"]?.bool == true ? "ok" : "degraded"))),
            (Words("確認日時", "As of"), moment(trust["at"])),
        ])
        let reasons = rows(server?["reasons"]) { [word($0["state"]), text($0["code"]), text($0["subject"])] }
        if !reasons.isEmpty {
            page.table(
                caption: Words("対応が必要な事項", "Needs attention"),
                head: [Words("重要度", "Severity"), Words("コード", "Code"), Words("対象", "Subject")], rows: reasons)
        }
    }

    private static func lists(_ trust: JSON, _ page: inout Markup) {
        page.heading(2, Words("失効リスト", "Revocation lists"))
        page.table(
            caption: Words("失効リスト", "Revocation lists"),
            head: [
                Words("配布元", "Source"), Words("状態", "State"), Words("作成日時", "Made"), Words("次回の予定", "Next due"),
                Words("経過時間（分）", "Age in minutes"), Words("件数", "Entries"), Words("番号", "Number"),
            ],
            rows: rows(trust["lists"]) { list in
                [
                    text(list["source"]), word(list["state"]), moment(list["this_update"]), moment(list["next_update"]),
                    list["age"]?.integer.map { .number(Int($0 / 60)) } ?? .empty, text(list["entries"]), text(list["number"]),
                ]
            })
    }

    private static func authorities(_ trust: JSON, _ page: inout Markup) {
        page.heading(2, Words("認証局", "Authorities"))
        page.table(
            caption: Words("信頼する認証局", "Authorities that are trusted"),
            head: [
                Words("名前", "Name"), Words("用途", "Profiles"), Words("有効期限", "Expires"), Words("残り日数", "Days left"),
                Words("フィンガープリント（SHA-256）", "SHA-256"),
            ],
            rows: rows(trust["authorities"]) { authority in
                [
                    authorityName(authority["subject"]), .list((authority["profiles"]?.strings ?? []).map(MachineWords.profile)),
                    authority["not_after"]?.string.flatMap { Timestamp($0) }.map { .day($0) } ?? .empty, text(authority["days"]),
                    .code(authority["sha256"]?.string ?? ""),
                ]
            })
    }

    private static func responders(_ trust: JSON, _ page: inout Markup) {
        page.heading(2, Words("オンライン照会（OCSP）", "On-line status (OCSP)"))
        page.table(
            caption: Words("照会先", "Responders"), head: [Words("役割", "Role"), Words("アドレス", "Address")],
            rows: rows(trust["responders"]) {
                [.words(MachineWords.role($0["role"]?.string ?? "")), .words(MachineWords.responder($0["url"]?.string ?? ""))]
            })
    }

    private static func unknown(_ trust: JSON, _ page: inout Markup) {
        page.heading(2, Words("登録されていない認証局", "Unknown authorities"))
        let unknown = rows(trust["unknown"]) { row in
            [authorityName(row["issuer"]), text(row["count"]), moment(row["first"]), moment(row["last"])]
        }
        guard !unknown.isEmpty else { return page.paragraph(Words("使用された記録はありません。", "None has been used.")) }
        page.table(
            caption: Words("登録されていない認証局が発行したカードによるログインの試み", "Attempts with cards issued by unknown authorities"),
            head: [Words("認証局", "Issuer"), Words("回数", "Attempts"), Words("最初の日時", "First"), Words("最後の日時", "Last")], rows: unknown)
    }

    private static func feed(_ trust: JSON, _ page: inout Markup) {
        page.heading(2, Words("変更の記録", "Feed of changes"))
        let lines = trust["feed"]?.array ?? []
        guard !lines.isEmpty else { return page.paragraph(Words("記録はありません。", "There are no entries.")) }
        page.table(
            caption: Words("新しい順", "Newest first"),
            head: [Words("日時", "Time"), Words("イベント", "Event"), Words("対象", "About")],
            rows: lines.prefix(100).map { [moment($0["at"]), word($0["event"]), text($0["about"])] })
    }
}
