import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The citizen's ledger (R18): who was told what, when, why and under which rule. Never a value.
extension Platform {
    static let entriesOnPage = 50

    /// `GET /me/told`, `GET /ledger`; `after` continues behind an entry.
    func citizenTold(_ request: Request, _ place: CitizenPlace) async throws -> Response {
        try await atOwnPage(request, place) { desk in
            let entries = try await stores.entries(
                of: desk.subject, after: Self.place(in: desk.query), limit: Self.entriesOnPage + 1)
            let shown = Array(entries.prefix(Self.entriesOnPage))
            let disavowed = Set(try await stores.disavowals(of: desk.subject, limit: 1_000).map(\.what))
            let consents = place == .ledger ? try await stores.consents(of: desk.subject) : []
            return Answer.page(
                CitizenPages.document(place, desk) { page in
                    if desk.done == .disavowed { CitizenPages.afterDisavowal(nil, &page) }
                    if place == .ledger { CitizenPages.consents(consents, desk, door: "/ledger/withdraw", &page) }
                    CitizenPages.told(shown, disavowed, desk, &page)
                    if entries.count > shown.count, let last = shown.last {
                        page.linkLine(
                            place.rawValue + "?after=" + LedgerPlace(last).text, Words("これより前の記録", "Earlier entries", easy: "もっと 前の 記録"))
                    }
                    CitizenPages.downloads(&page)
                    CitizenPages.retention(desk.settings, &page)
                })
        }
    }

    /// `before`, a moment in milliseconds, is how links of an older version said it.
    private static func place(in query: FormParameters?) -> LedgerPlace? {
        if let place = query?["after"].flatMap({ LedgerPlace($0) }) { return place }
        guard let moment = query?["before"].flatMap({ Int64($0) }), let least = LedgerReference(String(repeating: "f", count: 32)) else {
            return nil
        }
        return LedgerPlace(at: Timestamp(milliseconds: moment), reference: least)
    }
}

extension CitizenPages {
    static func told(_ entries: [LedgerEntry], _ disavowed: Set<Disavowal.Of>, _ desk: CitizenDesk, _ page: inout Markup) {
        page.heading(2, Words("伝えた記録", "Record of what was sent", easy: "サービスに 伝えた こと"))
        if entries.isEmpty { page.paragraph(Words("記録はありません。", "There are no entries.", easy: "何も ありません。")) }
        for entry in entries {
            page.section { page in self.entry(entry, isDisavowed: disavowed.contains(.entry(entry.reference)), desk, &page) }
        }
    }

    private static func entry(_ entry: LedgerEntry, isDisavowed: Bool, _ desk: CitizenDesk, _ page: inout Markup) {
        page.raw("<h3>")
        page.time(entry.at)
        page.raw(" ")
        page.strong(name(entry.member, desk.settings))
        page.raw("</h3>")
        page.facts([
            (Words("伝えた内容", "What was sent", easy: "伝えた こと"), told(entry.told)),
            (Words("利用目的", "Purpose", easy: "何の ため"), .words(desk.settings.words(for: entry.purpose))),
        ])
        page.details(Words("理由と規則", "Why, and under which rule", easy: "どうして 伝えたか")) { page in
            var facts: [(Words, Cell)] = [
                (
                    Words("規則", "Rules", easy: "きまり"),
                    .named(entry.rules.map { (desk.settings.policy.rule($0).map { RuleWords.words($0.says) } ?? Words(verbatim: ""), $0) })
                ),
                (Words("根拠となる法令など", "Legal basis", easy: "法律など"), .list(entry.bases.map { Words(verbatim: $0) })),
                (Words("規則の版", "Version of the rules", easy: "きまりの 版"), .code(entry.policyVersion)),
                (
                    Words("伝えた方法", "How", easy: "伝えた しかた"),
                    .words(
                        entry.path.words + Words("（", " (")
                            + (RequestProtocol(rawValue: entry.protocolName)?.words ?? Words(verbatim: entry.protocolName))
                            + Words("）", ")"))
                ),
            ]
            if let consented = entry.consentedAt {
                facts.append((Words("あなたが同意した日時", "Your consent", easy: "「いいです」と 言った 時間"), .time(consented)))
            }
            facts.append((Words("記録番号", "Entry number", easy: "記録の 番号"), .code(entry.reference.text)))
            page.facts(facts)
            guard !isDisavowed else { return }
            page.button(
                to: "/me/told/not-me", fields: [(mark, desk.mark), ("entry", entry.reference.text)],
                Words("これは私ではありません", "This was not me", easy: "これは 私では ありません"), kind: .danger)
        }
        if isDisavowed {
            page.paragraph(
                Words("「これは私ではありません」とのお知らせを受け付けています。", "You have told us that this was not you.", easy: "「これは 私では ありません」と 聞きました。"))
        }
    }

    static func downloads(_ page: inout Markup) {
        page.heading(2, Words("記録を保存する", "Download your record", easy: "記録を ダウンロードする"))
        page.paragraph(
            Words(
                "すべての記録をファイルに保存できます。表計算ソフトで開くときはCSV、プログラムで使うときはJSONを選んでください。",
                "You can save all entries in a file: CSV for a spreadsheet, JSON for programs.",
                easy: "ぜんぶの 記録を ファイルに します。Excelなどで 見る 人は CSVを 選んでください。"))
        page.list([("/me/ledger.csv", "CSV"), ("/me/ledger.json", "JSON")]) { item, page in
            page.link(item.0, Words(verbatim: item.1))
        }
    }
}
