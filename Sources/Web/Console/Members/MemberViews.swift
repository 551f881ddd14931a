import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What a registrar looks at before signing: the report, the difference, and what the member would receive.
enum MemberViews {
    static func report(_ report: MemberReport, _ page: inout Markup) {
        page.heading(2, Words("検証結果", "Validation report"), id: "report")
        page.table(
            caption: Words("検証結果", "Validation report"), head: [Words("項目", "Item"), Words("内容", "Value"), Words("判定", "Result")],
            rows: report.lines.map { line in
                [.words(Words(line.title.ja, line.title.en)), .words(Words(line.value.ja, line.value.en)), .words(line.mark.words)]
            })
    }

    static func difference(_ edit: MemberEdit, _ page: inout Markup) {
        page.heading(2, Words("変更点", "Changes"), id: "difference")
        page.open("pre", [("class", "wide"), ("tabindex", "0")])
        page.text(edit.difference.joined(separator: "\n"))
        page.close("pre")
    }

    /// Under today's policy, for each purpose: which logins are accepted, and what would be told after each.
    static func preview(
        _ member: Member, _ protocol: RequestProtocol?, _ policy: Policy, at now: Timestamp,
        named: (Purpose) -> Words = { PurposeWords.of($0) }, _ page: inout Markup
    ) {
        page.heading(2, Words("現在の規則で提供される内容", "What it receives under the current policy"), id: "preview")
        for purpose in member.accreditation.purposes.sorted(by: { $0.text < $1.text }) {
            page.raw("<h3>")
            page.words(named(purpose))
            page.raw(" ")
            page.code(purpose.text)
            page.raw("</h3>")
            let question = Question(
                member: member, purpose: purpose, facts: nil, requirement: nil, now: now, request: RequestFacts(protocol: `protocol`),
                circumstances: policy.circumstances)
            guard case .authenticate(let acceptable) = policy.decide(question).outcome else {
                page.note(.fault) { page in
                    for sentence in told(policy.decide(question), policy) { page.paragraph(Words(verbatim: sentence)) }
                }
                continue
            }
            page.table(
                caption: Words("受け入れるログインの水準と提供する属性", "Accepted logins and attributes sent"),
                head: [Words("認証の水準", "Level"), Words("提供する属性", "Attributes sent"), Words("理由と条件", "Reasons and obligations")],
                rows: acceptable.map { context in row(context, question, policy, now) })
        }
    }

    private static func row(_ context: AssuranceContext, _ question: Question, _ policy: Policy, _ now: Timestamp) -> [Cell] {
        guard let mode = [CardMode.pin, .face, .presence].first(where: context.modes.contains),
            let carrier = Carrier.allCases.first(where: context.carriers.contains),
            let door = Door.allCases.first(where: context.doors.contains),
            let source = StatusSource.allCases.first(where: context.statusSources.contains)
        else { return [level(context), .empty, .empty] }
        let facts = AssuranceFacts(
            mode: mode, modeIsStated: true, carrier: carrier, door: door, statusSource: source, statusAt: now, authenticatedAt: now)
        let decision = policy.decide(question.with(facts))
        guard case .permit(_, let release) = decision.outcome else {
            return [level(context), .words(Words("ほかの条件が必要です", "needs more than this")), .list(lines(decision, policy))]
        }
        let words = release.sorted { $0.rawValue < $1.rawValue }.map(\.phrase)
        return [
            level(context), words.isEmpty ? .words(Words("専用の識別子のみ", "its own identifier only")) : .list(words),
            .list(lines(decision, policy)),
        ]
    }

    /// What the ladder says of a level, and its name.
    private static func level(_ context: AssuranceContext) -> Cell {
        context.says.isEmpty ? .code(context.name) : .named(RuleWords.words(context.says), context.name)
    }

    private static func lines(_ decision: Decision, _ policy: Policy) -> [Words] { told(decision, policy).map { Words(verbatim: $0) } }

    private static func told(_ decision: Decision, _ policy: Policy) -> [String] {
        decision.told(to: .auditor, in: Language.current == .english ? "en" : "ja", policy)
    }

    /// Somebody of one member reads what is wrong with its own files, and of the rest of the folder only that something is (checklist H17).
    static func problems(_ problems: SettingsProblems, of edit: MemberEdit? = nil, _ desk: Desk, _ page: inout Markup) {
        let shown = desk.onlyMember == nil ? problems.problems : problems.problems.filter { edit?.files.contains($0.file) == true }
        guard !shown.isEmpty else {
            return page.note(
                Words(
                    "現在、設定のほかの部分に問題があるため確認できません。運用担当者に連絡してください。",
                    "This cannot be checked at present, because something else in the settings is wrong. Please tell the operators."))
        }
        page.note(.fault) { page in
            page.paragraph(Words("この内容では登録できません。", "This cannot be registered as it is."))
            page.list(Array(shown.prefix(50))) { problem, page in
                page.value(problem.message)
                page.raw("<br>")
                page.words(Words("対処：", "What to do: "))
                page.value(problem.remedy)
                page.raw(" ")
                page.code(problem.code + (problem.line.map { ":" + String($0) } ?? ""))
            }
        }
    }
}

extension MemberReport.Line.Mark {
    fileprivate var words: Words {
        switch self {
        case .fact: Words("正常", "fine")
        case .notice: Words("注意", "notice")
        case .problem: Words("問題", "problem")
        }
    }
}

extension Standing {
    var words: Words {
        switch self {
        case .inForce: Words("有効", "in force")
        case .notYet: Words("開始前", "not begun")
        case .expired: Words("期間終了", "expired")
        case .suspended: Words("停止中", "suspended")
        case .withdrawn: Words("取消し", "withdrawn")
        case .operatorNotInForce: Words("事業者が無効", "its operator is not in force")
        case .notAccredited: Words("認定前", "not accredited")
        }
    }
}
