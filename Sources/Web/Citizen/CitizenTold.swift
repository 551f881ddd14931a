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
        page.heading(2, Words("伝えたこと", "What was told"))
        if entries.isEmpty { page.paragraph(Words("記録はありません。", "There is no entry.")) }
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
        page.facts([(Words("伝えた内容", "What was told"), told(entry.told)), (Words("目的", "Purpose"), .code(entry.purpose.text))])
        page.details(Words("理由と規則", "Why, and under which rule", easy: "どうして 伝えましたか")) { page in
            var facts: [(Words, Cell)] = [
                (Words("規則", "Rules"), .list(entry.rules.map { Words(verbatim: $0) })),
                (Words("根拠", "Basis"), .list(entry.bases.map { Words(verbatim: $0) })),
                (Words("規則の版", "Version of the rules"), .code(entry.policyVersion)),
                (Words("方法", "How"), .text(entry.protocolName + ", " + entry.path.rawValue)),
            ]
            if let consented = entry.consentedAt { facts.append((Words("あなたの同意", "Your consent"), .time(consented))) }
            facts.append((Words("記録番号", "Entry"), .code(entry.reference.text)))
            page.facts(facts)
            guard !isDisavowed else { return }
            page.button(
                to: "/me/told/not-me", fields: [(mark, desk.mark), ("entry", entry.reference.text)],
                Words("これは私ではありません", "This was not me", easy: "これは 私では ありません"), kind: .danger)
        }
        if isDisavowed {
            page.paragraph(
                Words("「これは私ではありません」と伝えていただきました。", "You told us that this was not you.", easy: "「私ではありません」と 聞きました。"))
        }
    }

    static func downloads(_ page: inout Markup) {
        page.heading(2, Words("記録を持ち帰る", "Take your record with you", easy: "記録を ダウンロードする"))
        page.paragraph(
            Words(
                "すべての記録をファイルで保存できます。表計算ソフトにはCSV、プログラムにはJSONが向いています。",
                "All entries in one file: CSV for a spreadsheet, JSON for programs."))
        page.list([("/me/ledger.csv", "CSV"), ("/me/ledger.json", "JSON")]) { item, page in
            page.link(item.0, Words(verbatim: item.1))
        }
    }
}
