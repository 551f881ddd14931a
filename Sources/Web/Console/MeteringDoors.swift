import Hummingbird
import Settings
import SignOn
import Vocabulary

/// What members used, by month, with the costs of the checks (R24). Counted from the audit trail, so that the last minute may be missing.
extension Platform {
    /// `GET /console/metering?month=2026-11`
    func consoleMetering(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.metering.roles) { desk in
            let usage = try await console.store?.usage(month: nil, member: desk.onlyMember) ?? []
            let months = Array(Set(usage.map(\.month))).sorted(by: >)
            let asked = Self.query(request).text("month")
            let month = asked.flatMap { Self.isMonth($0) ? $0 : nil } ?? months.first ?? Self.month(of: desk.now)
            return Answer.page(
                meteringPage(desk, MeteringTable(usage.filter { $0.month == month }, desk.settings.metering), month, months, usage))
        }
    }

    /// `GET /console/metering.csv?month=2026-11`: the same as `sekisho metering --csv`; without a month, every one.
    func consoleMeteringCSV(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.metering.roles) { desk in
            let month = Self.query(request).text("month").flatMap { Self.isMonth($0) ? $0 : nil }
            let usage = try await console.store?.usage(month: month, member: desk.onlyMember) ?? []
            try await stores.append(
                Record("console.metering-taken", at: desk.now, desk.facts + [("month", month.map { .string($0) } ?? .null)]))
            return Answer.bytes(Array(MeteringTable.csv(usage, desk.settings.metering).utf8), type: "text/csv; charset=utf-8")
        }
    }

    static func isMonth(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 7 && bytes[4] == 0x2d && (bytes[..<4] + bytes[5...]).allSatisfy { (0x30...0x39).contains($0) }
    }

    static func month(of now: Timestamp) -> String { String(now.dateInJapan.prefix(7)) }

    private func meteringPage(
        _ desk: Desk, _ table: MeteringTable, _ month: String, _ months: [String], _ all: [Usage]
    ) -> Markup {
        Console.document(
            title: ConsolePart.metering.title + Words("：", ": ") + month, desk: desk, in: ConsolePart.metering.path
        ) { page in
            page.open("form", [("method", "get"), ("action", ConsolePart.metering.path)])
            page.field(
                FormField(
                    "month", Words("月", "Month"),
                    kind: .choice((months.isEmpty ? [month] : months).map { ($0, Words(verbatim: $0)) }, isOpen: false),
                    value: month))
            page.submit(Words("表示する", "Show"))
            page.close("form")
            func name(_ member: MemberID) -> Words {
                let id = Words(verbatim: member.text)
                return desk.settings.federation.anyMember(member).map { $0.words + " (" + id + ")" } ?? id
            }
            page.table(
                caption: Words("参加機関ごとの利用量と費用", "Usage and costs by member"),
                head: [Words("参加機関", "Member")] + UsageKind.allCases.map(\.words)
                    + [Words("費用（\(table.currency)）", "Cost, " + table.currency)],
                rows: table.rows.map { row in
                    [.words(name(row.member))] + UsageKind.allCases.map { .number(Int(clamping: row.counts[$0] ?? 0)) }
                        + [.text(Money.text(row.cost))]
                }
                    + [
                        [.words(Words("合計", "Total"))] + UsageKind.allCases.map { .number(Int(clamping: table.total($0))) }
                            + [.text(Money.text(table.cost))]
                    ])
            page.heading(2, Words("月ごとの費用", "Costs by month"))
            MeteringChart(all, desk.settings.metering).draw(&page)
            page.linkLine("/console/metering.csv?month=" + month, Words("この月をCSVで保存", "This month as CSV"))
            page.linkLine("/console/metering.csv", Words("すべての月をCSVで保存", "Every month as CSV"))
        }
    }
}

extension UsageKind {
    var words: Words {
        switch self {
        case .cardLogin: Words("カードによるログイン", "card logins")
        case .sessionLogin: Words("シングルサインオン", "single sign-ons")
        case .signature: Words("署名用電子証明書の確認", "signature certificates")
        case .statusAgain: Words("失効情報の再照会", "revocation checks repeated")
        case .attributes: Words("属性の提供", "attributes sent")
        case .refusal: Words("拒否", "refusals")
        }
    }
}
