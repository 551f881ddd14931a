import Vocabulary

extension Decision {
    /// The reasons in one reader's words, a sentence each, the most important first; never empty. `language`: `ja`, everything else is
    /// English. `policy` is the one that decided; with another one rules it does not have are told by their ids.
    package func told(to audience: Audience, in language: String, _ policy: Policy) -> [String] {
        let words = Words(language)
        let rules = determining.map { id in (id, policy.rule(id)) }
        return switch audience {
        case .citizen: CitizenReasons(decision: self, rules: rules.compactMap(\.1), words: words).sentences
        case .developer: DeveloperReasons(decision: self, rules: rules, words: words, policy: policy).sentences
        case .auditor: AuditorReasons(decision: self, rules: rules, words: words, policy: policy).sentences
        }
    }
}

extension Policy {
    /// The rule of this id.
    package func rule(_ id: String) -> Rule? {
        var low = 0
        var high = index.rules.count
        while low < high {
            let middle = (low + high) / 2
            if index.rules[middle].id < id { low = middle + 1 } else { high = middle }
        }
        guard low < index.rules.count, index.rules[low].id == id else { return nil }
        return index.rules[low]
    }
}
