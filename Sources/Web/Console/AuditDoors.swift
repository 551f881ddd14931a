import Hummingbird
import OpenID
import Settings
import SignOn
import Vocabulary

/// The audit trail, for auditors: search, pages, the chain, and why a decision came out so. Who looked for what is in the trail itself.
extension Platform {
    static let recordsOnPage = 50

    /// `GET /console/audit?event=&text=&from=&until=&before=`
    func consoleAudit(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.audit.roles) { desk in
            let form = Self.query(request)
            var faults: [String: Words] = [:]
            let question = Self.question(form, &faults)
            var found: TrailPage?
            if faults.isEmpty {
                // Every page of it: a place to go on from may be made up by anybody. Opening the newest ones says nothing of anybody.
                if form.all.contains(where: { !$0.value.isEmpty }) { try await stores.append(Self.searched(question, desk)) }
                found = try await console.store?.records(question)
            }
            return Answer.page(
                auditPage(desk, form, found, nil, faults: faults), status: faults.isEmpty ? .ok : .badRequest)
        }
    }

    private static let noRecord = Words("該当する記録が見つかりません。番号を確認してください。", "No record was found. Please check the number.")
    private static let noNewRecord = Words(
        "新しい記録の中には見つかりません。古い記録は、期間を指定して検索してください。",
        "Not found among the newest records. Look for older ones by their days, in the search.")

    /// `POST /console/audit/find`: by the ID of a request or answer, a code or token (compared by its digest, never kept), or a ledger
    /// reference. By POST, so that none of them stands in an address.
    func consoleAuditFind(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: ConsolePart.audit.roles, limit: 16_384) { desk, form in
            guard let store = console.store else { throw StoreRefusal() }
            let text = form.text("id") ?? ""
            let digest = String(Hexadecimal.encode(Ticket.digest(of: text)).prefix(32))
            let wanted =
                ["request", "answer", "ledger", "order", "ask"].map { "\"\($0)\":" + JSON.string(text).text } + [
                    "\"answer\":\"" + digest + "\""
                ]
            // What was looked for by its digest: a token stands in no record.
            if !text.isEmpty {
                try await stores.append(
                    Record("console.audit-searched", at: desk.now, desk.facts + [("about", "id"), ("digest", .string(digest))]))
            }
            var isWhole = true
            for one in wanted where !text.isEmpty {
                let found = try await store.records(TrailQuestion(holding: [one], limit: 1))
                if let row = found.rows.first {
                    return Answer.redirect(desk.settings.baseURL + ConsolePart.audit.path + "/" + String(row.sequence))
                }
                if found.next != nil { isWhole = false }
            }
            return Answer.page(
                auditPage(
                    desk, .empty, nil, nil,
                    faults: ["id": isWhole ? Self.noRecord : Self.noNewRecord]),
                status: .badRequest)
        }
    }

    /// `POST /console/audit/chain`: walks the whole chain, and compares it with a head that was kept elsewhere.
    func consoleAuditChain(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: ConsolePart.audit.roles, limit: 8_192) { desk, form in
            guard let store = console.store else { throw StoreRefusal() }
            var kept: (records: Int64, hash: String)?
            if let head = form.text("head") {
                let parts = head.split(whereSeparator: { " ,:".contains($0) })
                guard parts.count == 2, let records = parts.first.flatMap({ Int64($0) }), let hash = parts.last, hash.utf8.count == 64
                else {
                    return Answer.page(
                        auditPage(
                            desk, form, nil, nil,
                            faults: ["head": Words("「件数 ハッシュ値」の形式で入力してください。", "Enter the number of records, a space, and the hash.")]),
                        status: .badRequest)
                }
                kept = (records, hash.lowercased())
            }
            let verdict = try await store.chain(expecting: kept)
            let word: String = if case .holds = verdict { "holds" } else { "broken" }
            try await stores.append(Record("console.chain-checked", at: desk.now, desk.facts + [("verdict", .string(word))]))
            return Answer.page(auditPage(desk, .empty, nil, verdict, faults: [:]))
        }
    }

    /// `GET /console/audit/{record}`: one record, its place in the chain, and the decision asked once more.
    func consoleAuditRecord(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.audit.roles) { desk in
            guard let sequence = context.parameters.get("record").flatMap({ Int64($0) }),
                let row = try await console.store?.record(at: sequence)
            else { return Answer.redirect(desk.settings.baseURL + ConsolePart.audit.path) }
            try await stores.append(Record("console.audit-read", at: desk.now, desk.facts + [("record", .integer(sequence))]))
            let body = try? JSON(reading: Array(row.body.utf8), limit: 1 << 20)
            var explained: DecisionExplained?
            if body?["decision"] != nil { explained = await console.explain(sequence, Language.current == .english ? "en" : "ja") }
            return Answer.page(recordPage(desk, row, body, explained))
        }
    }

    private static func question(_ form: ConsoleForm, _ faults: inout [String: Words]) -> TrailQuestion {
        func moment(_ name: String, end: Bool) -> Timestamp? {
            guard let text = form.text(name) else { return nil }
            let found =
                Timestamp(text) ?? (text.utf8.count == 10 ? Timestamp(text + "T00:00:00+09:00")?.adding(seconds: end ? 86_400 : 0) : nil)
            if found == nil { faults[name] = Words("「2026-11-21」の形式で入力してください。", "Enter a day such as 2026-11-21.") }
            return found
        }
        let event = form.text("event")
        if let event, !event.utf8.allSatisfy({ (0x61...0x7a).contains($0) || $0 == 0x2d || $0 == 0x2e }) || event.utf8.count > 64 {
            faults["event"] = Words("イベント名は、英小文字・ピリオド・ハイフンで入力してください。", "An event name has lower-case letters, dots and hyphens.")
        }
        // As JSON writes it, without the quotation marks: what looks like the text's own end is not.
        let texts = (form.text("text") ?? "").split(separator: " ").prefix(8).map {
            String(JSON.string(String($0)).text.dropFirst().dropLast())
        }
        return TrailQuestion(
            event: event, holding: texts, before: form.text("before").flatMap { Int64($0) }, from: moment("from", end: false),
            until: moment("until", end: true), limit: recordsOnPage)
    }

    private static func searched(_ question: TrailQuestion, _ desk: Desk) -> Record {
        Record(
            "console.audit-searched", at: desk.now,
            desk.facts + [
                ("about", question.event.map { .string($0) } ?? .null), ("texts", .array(question.holding.map { .string($0) })),
                ("from", question.from.map { .string($0.text) } ?? .null), ("until", question.until.map { .string($0.text) } ?? .null),
                ("before", question.before.map { .integer($0) } ?? .null),
            ])
    }

    // MARK: Pages

    private func auditPage(
        _ desk: Desk, _ form: ConsoleForm, _ found: TrailPage?, _ verdict: TrailVerdict?, faults: [String: Words]
    ) -> Markup {
        Console.document(
            title: ConsolePart.audit.title, desk: desk, in: ConsolePart.audit.path,
            fault: faults.isEmpty ? nil : Words("入力内容に誤りがあります。印の付いた項目を確認してください。", "Please correct the fields marked below.")
        ) { page in
            if let verdict { Self.verdict(verdict, &page) }
            page.heading(2, Words("検索", "Search"))
            page.open("form", [("method", "get"), ("action", ConsolePart.audit.path)])
            for (name, label, hint) in Self.searchFields {
                page.field(FormField(name, label, value: form[name] ?? "", hint: hint, error: faults[name], maximum: 256))
            }
            page.submit(Words("検索", "Search"))
            page.close("form")
            page.heading(2, Words("番号で検索", "Find by identifier"))
            Console.form(to: "/console/audit/find", [], desk, &page) { page in
                page.field(
                    FormField(
                        "id", Words("リクエスト・応答・提供記録の番号", "Identifier of a request, an answer or a ledger entry"),
                        hint: Words(
                            "認可コードやトークンでも検索できます。入力した値は保存しません。", "Codes and tokens can be searched for too; what you enter is not stored."),
                        error: faults["id"], isRequired: true, maximum: 8_192))
                page.submit(Words("検索", "Search"))
            }
            if let found { Self.records(found, form, &page) }
            page.heading(2, Words("記録の連鎖（改ざん検知）", "Integrity of the chain"))
            Console.form(to: "/console/audit/chain", [], desk, &page) { page in
                page.field(
                    FormField(
                        "head", Words("控えておいた先頭値（件数とハッシュ値）", "A head that was kept elsewhere: records and hash"),
                        value: form["head"] ?? "", hint: Words("空欄でも検証できます。", "May be left empty."), error: faults["head"], maximum: 128))
                page.submit(Words("連鎖を検証する", "Check the chain"))
            }
        }
    }

    private static let searchFields: [(String, Words, Words?)] = [
        (
            "event", Words("イベント", "Event"),
            Words(
                "例：signon.granted。「card.」のようにピリオドで終えると、その種類のすべてを検索します。",
                "For example signon.granted; `card.` finds every event of the kind.")
        ),
        ("text", Words("含まれる語句", "Contains"), Words("空白で区切ると、すべてを含む記録を検索します。", "Separate words with spaces; all of them must occur.")),
        ("from", Words("開始日", "From"), nil), ("until", Words("終了日", "To"), nil),
    ]

    private static func records(_ found: TrailPage, _ form: ConsoleForm, _ page: inout Markup) {
        page.heading(2, Words("記録", "Records"))
        if found.rows.isEmpty { page.paragraph(Words("条件に合う記録はありません。", "No records match.")) }
        if !found.rows.isEmpty {
            page.table(
                caption: Words("新しい順", "Newest first"),
                head: [
                    Words("番号", "Number"), Words("日時", "Time"), Words("イベント", "Event"), Words("サービス", "Service"), Words("コード", "Code"),
                    Words("連鎖の検証", "Chain"),
                ],
                rows: found.rows.map { row in
                    let body = try? JSON(reading: Array(row.body.utf8), limit: 1 << 20)
                    return [
                        .link(ConsolePart.audit.path + "/" + String(row.sequence), Words(verbatim: String(row.sequence))),
                        body?["at"]?.string.flatMap { Timestamp($0) }.map { .time($0) } ?? .empty,
                        body?["event"]?.string.map(MachineWords.event) ?? .empty, .text(body?["member"]?.string ?? "-"),
                        .text(body?["code"]?.string ?? "-"),
                        .words(row.isLinked ? Words("正常", "intact") : Words("異常", "BROKEN")),
                    ]
                })
        }
        guard let next = found.next else { return }
        var query = form.all.filter { $0.name != "before" && !$0.value.isEmpty && $0.name != Desk.markField }.map { ($0.name, $0.value) }
        query.append(("before", String(next)))
        page.linkLine(
            ConsolePart.audit.path + "?" + query.map { $0.0 + "=" + PercentEncoding.encode($0.1) }.joined(separator: "&"),
            Words("これより前の記録", "Earlier records"))
    }

    private static func verdict(_ verdict: TrailVerdict, _ page: inout Markup) {
        switch verdict {
        case .holds(let records, let head):
            page.note(.done) { page in
                page.paragraph(Words("連鎖は正常です。", "The chain is intact."))
                page.facts([
                    (Words("件数", "Records"), .number(Int(records))), (Words("先頭値のハッシュ値", "Hash of the head"), .code(head)),
                    (Words("控えとして保管する値", "Keep elsewhere"), .code(String(records) + " " + head)),
                ])
            }
        case .broken(let sequence, let why):
            page.note(.fault) { page in
                page.paragraph(Words("連鎖に異常があります。記録番号：", "The chain is broken at record ") + String(sequence))
                page.paragraph(Words(verbatim: why))
            }
        }
    }

    private func recordPage(_ desk: Desk, _ row: TrailPage.Row, _ body: JSON?, _ explained: DecisionExplained?) -> Markup {
        Console.document(
            title: Words("監査記録 ", "Audit record ") + String(row.sequence), desk: desk, in: ConsolePart.audit.path,
            fault: row.isLinked ? nil : Words("この記録、または直前の記録が改変されています。", "This record, or the one before it, has been changed.")
        ) { page in
            if let explained {
                page.heading(2, Words("この判断の理由", "Why this was decided"))
                if let trouble = explained.trouble {
                    page.note(Words("説明できないか、当時と異なる結果になりました：", "Not explained, or the decision would now differ: ") + trouble, kind: .fault)
                }
                page.list(explained.lines) { line, page in page.value(line) }
            }
            page.heading(2, Words("記録の内容", "The record"))
            if case .object(let members)? = body {
                page.facts(
                    members.filter { $0.0 != "decision" }.map { name, value in
                        (RecordWords.name(name), RecordWords.value(name, value, purpose: desk.settings.words(for:)))
                    })
            }
            page.details(Words("記録の原文", "As written")) { page in
                page.paragraph { $0.code(row.body) }
            }
        }
    }
}
