import Vocabulary

/// What the auditor is told: the developer's words, and beside them the place of each rule, every fact that mattered with its value, and
/// the version under which it can be asked again.
struct AuditorReasons {
    let decision: Decision
    let rules: [(id: String, rule: Rule?)]
    let words: Words
    let policy: Policy

    var sentences: [String] {
        let question = decision.question
        let who = words(
            "\(question.now.text) に \(question.member.id.text) (\(question.member.kind.rawValue)、\(question.standing.rawValue)) が目的 \(question.purpose.text) のために照会",
            "asked at \(question.now.text) by \(question.member.id.text) (\(question.member.kind.rawValue), \(question.standing.rawValue)) for the purpose \(question.purpose.text)"
        )
        return [who] + DeveloperReasons(decision: decision, rules: rules, words: words, policy: policy).sentences + places + facts + [
            version
        ]
    }

    private var places: [String] {
        rules.compactMap { id, rule in
            guard let rule, let place = rule.place else { return nil }
            let effect =
                switch rule.effect {
                case .permit: words("許可", "permit")
                case .forbid: words("禁止", "forbid")
                }
            return words(
                "規則 \(id) (\(effect)) の所在: \(place.file):\(place.line)", "rule \(id) (\(effect)) stands in \(place.file):\(place.line)")
        }
    }

    private var facts: [String] {
        decision.mattered.map { fact, value in
            let name = words(fact.nameInJapanese, fact.rawValue)
            return words("判断を左右した事実: \(name) = \(shown(value, of: fact))", "what mattered: \(name) = \(shown(value, of: fact))")
        }
    }

    private func shown(_ value: FactValue, of fact: Fact) -> String {
        switch value {
        case .word(let word): word
        case .words(let several): several.isEmpty ? words("なし", "none") : several.sorted().joined(separator: words.comma)
        case .unknown: decision.question.facts == nil && fact.isEvidence ? words("ログイン前", "before any login") : words("不明", "not known")
        case .number(let number):
            switch fact {
            case .date: decision.question.now.dateInJapan
            case .hours: clock(number)
            case .maximumStatusAge, .maximumLoginAge: words("\(number) 秒", "\(number) s")
            default: String(number)
            }
        }
    }

    private func clock(_ minute: Int64) -> String {
        func padded(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
        return padded(minute / 60) + ":" + padded(minute % 60)
    }

    private var version: String {
        words("規則の版: \(decision.policyVersion)", "policy version: \(decision.policyVersion)")
    }
}

extension Fact {
    package var nameInJapanese: String {
        switch self {
        case .kind: "加盟者の種別"
        case .member: "加盟者"
        case .sector: "分野"
        case .operator: "プラットフォーム事業者"
        case .permission: "個別の許可"
        case .purpose: "目的"
        case .protocol: "プロトコル"
        case .path: "経路"
        case .asksFor: "求める属性"
        case .levelAsked: "求める保証"
        case .actingFor: "誰のために"
        case .mode: "カードの利用方法"
        case .carrier: "媒体"
        case .door: "入口"
        case .terminal: "端末の区分"
        case .modeStated: "利用方法の証明"
        case .floor: "達した認証コンテキスト"
        case .proofingLevel: "身元確認の水準"
        case .authenticationLevel: "当人認証の水準"
        case .upstream: "上流の認証者"
        case .statusSource: "失効情報の出所"
        case .maximumStatusAge: "失効情報の古さ"
        case .maximumLoginAge: "ログインからの経過"
        case .signatureCertificate: "署名用電子証明書の提示"
        case .date: "日付"
        case .hours: "時刻"
        case .weekday: "曜日"
        case .load: "負荷の状態"
        }
    }
}
