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
        [words("このサービスの利用は、定められた規則で認められています。", "The rules allow this service to ask.", easy: "この サービスは あなたの ことを 聞いて いいです。")] + says + duties
    }

    private func stepUp(_ acceptable: [AssuranceContext]) -> [String] {
        if decision.needsSignature {
            return [
                words(
                    "このサービスでは、署名用電子証明書の提示が必要です。", "This service needs you to present your signature certificate.",
                    easy: "「署名用」の 証明書を 見せてください。")
            ] + says
        }
        let modes = acceptable.reduce(into: Set<CardMode>()) { $0.formUnion($1.modes) }
        let how =
            switch (modes.contains(.presence), modes.contains(.face)) {
            case (true, _): words("カードをかざしてください。", "Please hold your card to the reader.", easy: "カードを 機械に 置いてください。")
            case (false, true):
                words(
                    "カードと顔認証、またはカードと暗証番号によるログインが必要です。", "You need to log in with your card and a face check, or with its PIN.",
                    easy: "カードと 顔か、カードと 暗証番号で ログインしてください。")
            case (false, false):
                words("カードと暗証番号によるログインが必要です。", "You need to log in with your card and its PIN.", easy: "カードと 暗証番号で ログインしてください。")
            }
        let before =
            decision.question.facts == nil
            ? []
            : [
                words(
                    "現在のログインの方法では、このサービスを利用できません。", "The way you are logged in is not enough for this service.",
                    easy: "いまの ログインでは、この サービスを 使えません。")
            ]
        return before + [how] + says
    }

    private func denied(_ denial: Decision.Denial) -> [String] {
        let what =
            switch denial {
            case .standing:
                words(
                    "このサービスは現在、マイナンバーカードによるログインを利用できません。", "This service cannot use logins with the My Number Card at present.",
                    easy: "この サービスは いま マイナンバーカードを 使えません。")
            case .purposeNotAccredited, .attributesNotAccredited, .modeNotAccredited, .permissionMissing:
                words("このサービスは、この内容を求めることを認められていません。", "This service is not approved to ask for this.", easy: "この サービスは この ことを 聞けません。")
            case .forbidden: words("この利用は、規則で禁止されています。", "The rules forbid this use.", easy: "きまりで できません。")
            case .noPermit: words("この利用を認める規則がありません。", "No rule allows this use.", easy: "きまりで できません。")
            case .contextOutOfReach:
                words(
                    "このサービスが求めるログインの方法は、ここでは利用できません。", "The kind of login that this service asks for is not available here.",
                    easy: "この サービスの ログインは、ここでは できません。")
            }
        let nothingTold = words("あなたの情報は、サービスに何も伝えていません。", "Nothing about you was sent.", easy: "あなたの ことは 何も 伝えていません。")
        let remedy = words("お困りのときは、サービスの窓口にお問い合わせください。", "If you need help, please contact the service.", easy: "わからない ときは、サービスに 聞いてください。")
        // Out of reach here: what the rules would take says where to go.
        return [what] + (denial == .forbidden || denial == .contextOutOfReach ? says : []) + [nothingTold, remedy]
    }

    private var says: [String] { rules.compactMap { words.of($0.says) } }

    private var duties: [String] {
        let obligations = decision.obligations
        var told: [String] = []
        if !obligations.consent.isEmpty {
            told.append(
                words("情報を伝える前に、あなたの同意を確認します。", "You will be asked for your consent before anything is sent.", easy: "伝える 前に、いいか 聞きます。"))
        }
        if !obligations.derived.isEmpty {
            told.append(
                words("必要な範囲の情報だけを伝えます。", "Only what is needed is sent.", easy: "いる ことだけ 伝えます。"))
        }
        if obligations.writesLedger {
            told.append(
                words(
                    "伝えた内容は記録され、「あなたのページ」で確認できます。", "What is sent is recorded; you can see it on your page.",
                    easy: "伝えた ことは、あとで 見る ことが できます。"))
        }
        return told
    }
}
