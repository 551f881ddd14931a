import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What a registrar looks at before signing: the report, the difference, and what the member would receive.
enum MemberViews {
    static func report(_ report: MemberReport, _ page: inout Markup) {
        page.heading(2, Words("確かめた結果", "Report"), id: "report")
        page.table(
            caption: Words("確かめた結果", "Report"), head: [Words("項目", "What"), Words("内容", "Value"), Words("判定", "Verdict")],
            rows: report.lines.map { line in
                [.words(Words(line.title.ja, line.title.en)), .text(line.value), .words(line.mark.words)]
            })
    }

    static func difference(_ edit: MemberEdit, _ page: inout Markup) {
        page.heading(2, Words("変わるところ", "What changes"), id: "difference")
        page.open("pre", [("class", "wide"), ("tabindex", "0")])
        page.text(edit.difference.joined(separator: "\n"))
        page.close("pre")
    }

    /// Under today's policy, for each purpose: which logins are accepted, and what would be told after each.
    static func preview(_ member: Member, _ protocol: RequestProtocol?, _ policy: Policy, at now: Timestamp, _ page: inout Markup) {
        page.heading(2, Words("いまの規則で受け取るもの", "What it receives under today's policy"), id: "preview")
        for purpose in member.accreditation.purposes.sorted(by: { $0.text < $1.text }) {
            page.heading(3, Words(verbatim: purpose.text))
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
                caption: Words("受け入れるログインと伝えること", "Accepted logins and what is told"),
                head: [Words("水準", "Level"), Words("伝えること", "Told"), Words("理由と義務", "Reasons and obligations")],
                rows: acceptable.map { context in row(context, question, policy, now) })
        }
    }

    private static func row(_ context: AssuranceContext, _ question: Question, _ policy: Policy, _ now: Timestamp) -> [Cell] {
        guard let mode = [CardMode.pin, .face, .presence].first(where: context.modes.contains),
            let carrier = Carrier.allCases.first(where: context.carriers.contains),
            let door = Door.allCases.first(where: context.doors.contains),
            let source = StatusSource.allCases.first(where: context.statusSources.contains)
        else { return [.code(context.name), .empty, .empty] }
        let facts = AssuranceFacts(
            mode: mode, modeIsStated: true, carrier: carrier, door: door, statusSource: source, statusAt: now, authenticatedAt: now)
        let decision = policy.decide(question.with(facts))
        guard case .permit(_, let release) = decision.outcome else {
            return [.code(context.name), .words(Words("ほかの条件が要ります", "takes more than this")), .list(lines(decision, policy))]
        }
        let words = release.sorted { $0.rawValue < $1.rawValue }.map(\.phrase)
        return [
            .code(context.name), words.isEmpty ? .words(Words("専用の番号だけ", "its own identifier only")) : .list(words),
            .list(lines(decision, policy)),
        ]
    }

    private static func lines(_ decision: Decision, _ policy: Policy) -> [Words] { told(decision, policy).map { Words(verbatim: $0) } }

    private static func told(_ decision: Decision, _ policy: Policy) -> [String] {
        decision.told(to: .auditor, in: Language.current == .english ? "en" : "ja", policy)
    }

    static func problems(_ problems: SettingsProblems, _ page: inout Markup) {
        page.note(.fault) { page in
            page.paragraph(Words("このままでは登録できません。", "It cannot be registered like this."))
            page.list(Array(problems.problems.prefix(50))) { problem, page in
                page.value(problem.message)
                page.raw("<br>")
                page.words(Words("直し方: ", "What to do: "))
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
        case .fact: Words("よい", "fine")
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
