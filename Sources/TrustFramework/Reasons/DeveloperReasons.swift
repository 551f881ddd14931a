import Vocabulary

/// What the developer of the member is told: its own request, standing and accreditation, the rules and their bases, and the way out.
struct DeveloperReasons {
    let decision: Decision
    let rules: [(id: String, rule: Rule?)]
    let words: Words
    let policy: Policy

    var sentences: [String] { outcome + byRules + missing + lesser }

    private var outcome: [String] {
        let question = decision.question
        switch decision.outcome {
        case .permit(let context, let release):
            let names = release.isEmpty ? words("なし", "nothing") : list(release.map(\.rawValue))
            return [
                words(
                    "許可: 認証コンテキスト \(context.name)、提供できる属性: \(names)",
                    "permitted in the context \(context.name); may be told: \(names)")
            ] + duties
        case .authenticate(let acceptable):
            let values = acceptable.compactMap(\.acrValues.first)
            let first = words(
                "認証が必要: \(list(acceptable.map(\.name))) のいずれか (acr: \(list(values)))",
                "a login is needed that reaches one of \(list(acceptable.map(\.name))) (acr: \(list(values)))")
            guard decision.needsSignature else { return [first] }
            return [
                first,
                words(
                    "現在のログインに加えて、目的 \(question.purpose.text) のための署名用電子証明書の提示があれば許可されます",
                    "the present login would do beside a signature certificate presented for the purpose \(question.purpose.text)"),
            ]
        case .deny(let denial): return [denied(denial, question)]
        }
    }

    private func denied(_ denial: Decision.Denial, _ question: Question) -> String {
        switch denial {
        case .standing(let standing):
            words("拒否: 認定の状態が \(standing.rawValue)", "denied: the member's standing is \(standing.rawValue)")
        case .purposeNotAccredited:
            words(
                "拒否: 目的 \(question.purpose.text) は認定の範囲外", "denied: the purpose \(question.purpose.text) is not in the accreditation")
        case .attributesNotAccredited(let missing):
            words(
                "拒否: 属性 \(list(missing.map(\.rawValue))) は認定の範囲外",
                "denied: the attributes \(list(missing.map(\.rawValue))) are not in the accreditation")
        case .modeNotAccredited(let mode):
            words(
                "拒否: カードの利用方法 \(mode.rawValue) は認定の範囲外", "denied: the mode \(mode.rawValue) is not in the accreditation")
        case .permissionMissing(let permission):
            words(
                "拒否: 個別の許可 \(permission.rawValue) がない", "denied: the accreditation lacks the permission \(permission.rawValue)")
        case .forbidden: words("拒否: 禁止の規則に該当", "denied: a rule forbids this")
        case .noPermit:
            words(
                "拒否: 種別 \(question.member.kind.rawValue)、目的 \(question.purpose.text) を許可する規則がない",
                "denied: no rule permits the purpose \(question.purpose.text) to a member of kind \(question.member.kind.rawValue)")
        case .contextOutOfReach:
            words(
                "拒否: 要求と規則の両方を満たす認証コンテキストがない",
                "denied: no context satisfies both the request and the rules")
        }
    }

    private var byRules: [String] {
        rules.map { id, rule in
            let sentence = rule.flatMap { words.of($0.says) }.map { words(" 「\($0)」", ": " + $0) } ?? ""
            let basis = rule.map { words("、根拠: \($0.basis)", "; basis: \($0.basis)") } ?? ""
            return words("規則 \(id)\(sentence)\(basis)", "rule \(id)\(sentence)\(basis)")
        }
    }

    /// What the request left unsaid, as far as rules turned on it.
    private var missing: [String] {
        guard !decision.erring.isEmpty else { return [] }
        return [
            words(
                "判断に必要な事実が不明なため適用されなかった (禁止の場合は適用された) 規則: \(list(decision.erring))",
                "rules that turned on a fact that is not known (permits did not count, forbids did): \(list(decision.erring))")
        ]
    }

    /// The way out of having asked for too much.
    private var lesser: [String] {
        guard let lesser = LesserRequest(decision, policy) else { return [] }
        let names = list(lesser.without.map(\.rawValue))
        let rules = lesser.decision.determining
        let by = rules.isEmpty ? words("規則", "the rules") : words("規則 \(list(rules))", "the rule \(list(rules))")
        if case .authenticate(let acceptable) = lesser.decision.outcome {
            let contexts = list(acceptable.map(\.name))
            return [
                words(
                    "属性 \(names) を求めなければ、\(by) により、\(contexts) のログインで許可されます",
                    "without asking for \(names), \(by) would permit it after a login that reaches \(contexts)")
            ]
        }
        return [words("属性 \(names) を求めなければ、\(by) により許可されます", "without asking for \(names), \(by) would permit it")]
    }

    private var duties: [String] {
        let obligations = decision.obligations
        guard !obligations.isEmpty else { return [] }
        return [words("義務: \(obligations.json.text)", "obligations: \(obligations.json.text)")]
    }

    private func list(_ texts: [String]) -> String { texts.isEmpty ? words("なし", "none") : texts.sorted().joined(separator: words.comma) }
}
