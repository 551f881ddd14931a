import Vocabulary

/// What the citizen is told: first what happened, then the rules' own sentences, then what helps.
struct CitizenReasons {
    let decision: Decision
    let rules: [Rule]
    let words: Words

    var sentences: [String] {
        switch decision.outcome {
        case .permit: permitted
        case .authenticate(let acceptable): stepUp(acceptable)
        case .deny(let denial): denied(denial)
        }
    }

    private var permitted: [String] {
        [words("このサービスの利用は、定められた規則で認められています。", "The rules allow this service to ask.")] + says + duties
    }

    private func stepUp(_ acceptable: [AssuranceContext]) -> [String] {
        if decision.needsSignature {
            return [
                words(
                    "このサービスでは、署名用電子証明書の提示が必要です。", "This service needs you to present your signature certificate."
                )
            ] + says
        }
        let modes = acceptable.reduce(into: Set<CardMode>()) { $0.formUnion($1.modes) }
        let how =
            switch (modes.contains(.presence), modes.contains(.face)) {
            case (true, _): words("カードをかざしてください。", "Please present your card.")
            case (false, true):
                words(
                    "カードと顔の確認、または暗証番号によるログインが必要です。",
                    "You need to log in with your card and a face check, or with its PIN.")
            case (false, false):
                words("カードと暗証番号によるログインが必要です。", "You need to log in with your card and its PIN.")
            }
        let before =
            decision.question.facts == nil
            ? [] : [words("今のログインの方法では、このサービスを利用できません。", "The way you are logged in is not enough for this service.")]
        return before + [how] + says
    }

    private func denied(_ denial: Decision.Denial) -> [String] {
        let what =
            switch denial {
            case .standing:
                words(
                    "このサービスは現在、マイナンバーカードによる確認を受けられない状態です。", "This service may not ask about citizens at present.")
            case .purposeNotAccredited, .attributesNotAccredited, .modeNotAccredited, .permissionMissing:
                words(
                    "このサービスは、この内容を求めることを認められていません。", "This service is not approved to ask for this.")
            case .forbidden: words("この利用は、規則で禁止されています。", "The rules forbid this use.")
            case .noPermit: words("この利用を認める規則がありません。", "No rule allows this use.")
            case .contextOutOfReach:
                words(
                    "このサービスが求めるログインの方法は、ここでは利用できません。", "The kind of login that this service asks for is not available here.")
            }
        let nothingTold = words("あなたの情報は送られていません。", "Nothing about you was sent.")
        let remedy = words(
            "お困りのときは、サービスの窓口にお問い合わせください。", "If you need help, please contact the service.")
        return [what] + (denial == .forbidden ? says : []) + [nothingTold, remedy]
    }

    private var says: [String] { rules.compactMap { words.of($0.says) } }

    private var duties: [String] {
        let obligations = decision.obligations
        var told: [String] = []
        if !obligations.consent.isEmpty {
            told.append(
                words("送る前に、あなたの同意をうかがいます。", "You will be asked to agree before anything is sent."))
        }
        if !obligations.derived.isEmpty {
            told.append(
                words(
                    "必要な範囲に絞った情報だけが送られます。", "Only what is needed is sent, in place of the whole."))
        }
        if obligations.writesLedger {
            told.append(words("この提供は記録され、あなたが確認できます。", "This is written down, and you can look it up."))
        }
        return told
    }
}
