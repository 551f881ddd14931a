import Settings
import SignOn
import TrustFramework
import Vocabulary

extension Platform {
    /// `form`: what was typed and not taken.
    func policiesPage(_ desk: Desk, notice: Words?, fault: Words?, form: ConsoleForm = .empty) async throws -> Markup {
        let asks = try await console.store?.asks(.policy, at: desk.now) ?? []
        let activations = try await console.activations()
        let set = Settings.policySet(desk.settings.policies.bundle)
        let draft = desk.may([.policyOfficer]) ? Settings.draft(in: desk.settings.folder) : nil
        let differences = desk.settings.policies.shadow == nil ? nil : console.shadow()
        return Console.document(
            title: ConsolePart.policies.title, desk: desk, in: ConsolePart.policies.path, notice: notice, fault: fault
        ) { page in
            Self.inForce(desk, &page)
            if let differences { Self.shadow(differences, &page) }
            page.heading(2, Words("承認待ち", "Waiting for approval"))
            if asks.isEmpty { page.paragraph(Words("ありません。", "None.")) }
            for ask in asks { Self.ask(ask, desk, form, &page) }
            Self.cases(set, &page)
            if desk.may([.policyOfficer]) { Self.proposal(desk, activations, draft, form, &page) }
            Self.versions(desk, activations, &page)
        }
    }

    private static func inForce(_ desk: Desk, _ page: inout Markup) {
        let state = desk.settings.policies
        page.heading(2, Words("有効な規則", "Policy in force"))
        let origin: Words =
            switch state.origin {
            case .folder: Words("Policies フォルダー", "the folder Policies/")
            case .bundle(let signers):
                Words("署名された版：", "a signed bundle, by ") + signers.map(\.officer.name).joined(separator: ", ")
            }
        var facts: [(Words, Cell)] = [
            (Words("版", "Version"), .code(desk.settings.policy.version)), (Words("出どころ", "From"), .words(origin)),
            (Words("規則の数", "Rules"), .number(desk.settings.policy.rules.count)),
            (Words("設定が求める署名の数", "Signatures the deployment demands"), .number(state.demanded)),
            (Words("コンソールで必要な承認の数", "Approvals needed in the console"), .number(policyOfficers(desk.settings))),
        ]
        if let entry = state.entry {
            facts.append((Words("有効になった日時", "Since"), .time(entry.at)))
            facts.append((Words("理由", "Reason"), .text(entry.reason)))
        }
        if let draft = state.draft { facts.append((Words("フォルダーにある未適用の版", "Different version in the folder"), .code(draft))) }
        if let next = state.next { facts.append((Words("次の切替予定", "Scheduled from"), .time(next.at))) }
        if let shadow = state.shadow { facts.append((Words("試行中の版（回答には使わない）", "Version on trial"), .code(shadow.bundle.version))) }
        page.facts(facts)
    }

    private static func shadow(_ report: JSON, _ page: inout Markup) {
        page.heading(2, Words("試行の結果", "Result of the trial"))
        page.facts([
            (Words("比較した判断の数", "Compared"), .text(String(report["decided"]?.integer ?? 0))),
            (Words("結果が異なった判断の数", "Different"), .text(String(report["different"]?.integer ?? 0))),
        ])
        let kinds = report["kinds"]?.array ?? []
        guard !kinds.isEmpty else { return }
        page.table(
            caption: Words("差異の多い順", "The commonest differences"),
            head: [Words("回数", "Count"), Words("サービス", "Service"), Words("利用目的", "Purpose"), Words("差異", "Difference")],
            rows: kinds.prefix(50).map { kind in
                let differences = (kind["differences"]?.array ?? []).map {
                    Words(verbatim: "\($0["what"]?.string ?? "-"): \($0["in-force"]?.string ?? "-") → \($0["shadow"]?.string ?? "-")")
                }
                return [
                    .text(String(kind["count"]?.integer ?? 0)), .text(kind["member"]?.string ?? "-"), .text(kind["purpose"]?.string ?? "-"),
                    .list(differences),
                ]
            })
    }

    static func cases(_ set: PolicySet, _ page: inout Markup) {
        let faults = set.cases.filter { $0.fault != nil }
        page.heading(2, Words("規則のテスト", "Tests"))
        page.facts([
            (Words("テストの数", "Cases"), .number(set.cases.count)), (Words("期待と異なるもの", "Different from expected"), .number(faults.count)),
        ])
        guard !faults.isEmpty else { return }
        page.table(
            caption: Words("期待と異なるテスト", "Cases different from expected"),
            head: [Words("場所", "Place"), Words("内容", "Case"), Words("期待", "Expected"), Words("結果", "Result")],
            rows: faults.prefix(200).map { one in
                [
                    .text(one.file + ":" + String(one.line)), .text(one.says), .text(one.fault?.expected ?? ""),
                    .text(one.fault?.came ?? ""),
                ]
            })
    }

    private static func ask(_ waiting: OfficeAsk, _ desk: Desk, _ form: ConsoleForm, _ page: inout Markup) {
        guard let ask = PolicyAsk(waiting.body) else { return }
        let signed = waiting.changes
        page.section { page in
            page.heading(3, ask.act.words + ": " + ask.bundle.version)
            page.facts([
                (Words("番号", "Number"), .code(waiting.name)), (Words("提案", "Proposed"), .time(waiting.askedAt)),
                (Words("開始日", "From"), ask.at.map { .time($0) } ?? .words(Words("承認後すぐ", "as soon as it is approved"))),
                (Words("理由", "Reason"), .text(ask.reason)),
                (Words("承認した担当者", "Approved by"), .text(signed.map(\.claimedOfficer).joined(separator: ", "))),
                (
                    Words("内容とテスト", "Contents and tests"),
                    .link(ConsolePart.policies.path + "/" + ask.bundle.fileName, Words(verbatim: ask.bundle.version))
                ),
            ])
            guard desk.may([.policyOfficer]) else { return }
            let isSigned = signed.contains { $0.claimedOfficer == desk.officer.id }
            // Enough have signed, and it waits all the same: the last step failed, and anybody may try it again.
            if !isSigned || signed.count >= policyOfficers(desk.settings) {
                Console.form(to: "/console/policies/approve", [("name", waiting.name), ("sha256", ask.seal)], desk, &page) { page in
                    if !isSigned { Console.reason(waiting.name, typed: form["name"] == waiting.name ? form["reason"] ?? "" : "", &page) }
                    page.submit(isSigned ? Words("もう一度有効にする", "Try to put it in force again") : Words("承認する", "Approve"))
                }
            }
            Console.form(to: "/console/policies/reject", [("name", waiting.name)], desk, &page) { page in
                page.submit(Words("取り下げる", "Withdraw"), kind: .danger)
            }
        }
    }

    private static func proposal(
        _ desk: Desk, _ activations: [Activation], _ draft: PolicyBundle?, _ form: ConsoleForm, _ page: inout Markup
    ) {
        let typed = form["bundle"] == nil ? .empty : form
        page.heading(2, Words("別の版を提案する", "Propose another version"))
        if let draft {
            page.facts([
                (
                    Words("Policies フォルダーの内容", "Policies/ as it stands"),
                    .link(ConsolePart.policies.path + "/" + draftName, Words(verbatim: draft.version))
                )
            ])
        }
        var choices: [(value: String, label: Words)] = [(draftName, Words("Policies フォルダーの内容", "Policies/ as it stands"))]
        for name in desk.settings.policies.archive.names.sorted().prefix(200) {
            let version = String(name.prefix { $0 != "." })
            let last = activations.last { $0.fileName == name }
            choices.append((name, Words(verbatim: version) + (last.map { " (" + $0.at.shown(in: .current) + ")" } ?? "")))
        }
        Console.form(to: "/console/policies/propose", draft.map { [("draft", $0.fingerprint)] } ?? [], desk, &page) { page in
            page.field(
                FormField(
                    "bundle", Words("版", "Version"), kind: .choice(choices, isOpen: false), value: typed["bundle"] ?? draftName,
                    isRequired: true))
            page.field(
                FormField(
                    "act", Words("操作", "What to do"),
                    kind: .choice(PolicyOrder.Act.allCases.map { ($0.rawValue, $0.words) }, isOpen: true),
                    value: typed["act"] ?? PolicyOrder.Act.activate.rawValue,
                    isRequired: true))
            page.field(
                FormField(
                    "at", Words("開始日（空欄なら承認後すぐ）", "From (empty: as soon as it is approved)"),
                    value: typed["at"] ?? "", hint: Words("例：2026-12-01", "For example 2026-12-01"), maximum: 40))
            Console.reason("proposal", typed: typed["reason"] ?? "", &page)
            page.submit(Words("提案する", "Propose"))
        }
    }

    private static func versions(_ desk: Desk, _ activations: [Activation], _ page: inout Markup) {
        page.heading(2, Words("これまでの版", "Earlier versions"))
        guard !activations.isEmpty else { return page.paragraph(Words("記録はありません。", "There are no entries.")) }
        page.table(
            caption: Words("新しい順", "Newest first"),
            head: [
                Words("日時", "Time"), Words("版", "Version"), Words("出どころ", "From"), Words("実施者", "By"), Words("署名", "Signed by"),
                Words("理由", "Reason"),
            ],
            rows: activations.suffix(100).reversed().map { one in
                [
                    .time(one.at), .link(ConsolePart.policies.path + "/" + one.fileName, Words(verbatim: one.version)),
                    .words(MachineWords.source(one.source) + (one.isRollback ? Words("（以前の版に戻す）", " (rolled back)") : Words("", ""))),
                    .text(one.by),
                    .text(one.officers.joined(separator: ", ")), .text(one.reason ?? ""),
                ]
            })
    }
}

extension PolicyOrder.Act {
    var words: Words {
        switch self {
        case .activate: Words("この版を有効にする", "put it in force")
        case .rollback: Words("この版に戻す", "go back to it")
        case .shadow: Words("試行する（回答には使わない）", "try it without using it")
        }
    }
}
