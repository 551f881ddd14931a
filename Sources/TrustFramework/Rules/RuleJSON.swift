package import Vocabulary

// What rules say, in one form whatever their files look like: for the digest that names a policy's version, and for whoever keeps them.

extension Rule {
    /// Rules that use no more than the first version of the language knew are written as they were then, so that their policy keeps its
    /// version: what is new stands behind, and only where it is used.
    package var json: JSON {
        var old: [Fact: JSON] = [:]
        var rest = condition
        for fact in [Fact.kind, .member, .purpose] {
            guard case .among(let words) = condition[fact] else { continue }
            old[fact] = .list(words.sorted())
            rest[fact] = nil
        }
        if case .includes(let names) = condition[.floor], names.count == 1, let name = names.first {
            old[.floor] = .string(name)
            rest[.floor] = nil
        }
        if case .range(let least, let most) = condition[.maximumStatusAge], least == .min {
            old[.maximumStatusAge] = .integer(most)
            rest[.maximumStatusAge] = nil
        }
        var members: [(String, JSON)] = [
            ("id", .string(id)), ("effect", .string(effect.rawValue)), ("kinds", old[.kind] ?? .null),
            ("members", old[.member] ?? .null), ("purposes", old[.purpose] ?? .null), ("floor", old[.floor] ?? .null),
            ("age", old[.maximumStatusAge] ?? .null), ("release", .list(release.map(\.rawValue).sorted())), ("basis", .string(basis)),
        ]
        if !rest.domains.isEmpty { members.append(("when", rest.json)) }
        if !exceptions.isEmpty { members.append(("unless", .array(exceptions.map(\.json).sorted { $0.text < $1.text }))) }
        if !obligations.isEmpty { members.append(("obligations", obligations.json)) }
        if !says.isEmpty { members.append(("says", .object(says.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))) }
        return .object(members)
    }
}

extension Condition {
    package var json: JSON { .object(facts.compactMap { fact in domains[fact].map { (fact.rawValue, $0.json) } }) }
}

extension Domain {
    package var json: JSON {
        switch self {
        case .among(let words): ["among": .list(words.sorted())]
        case .besides(let words): ["not": .list(words.sorted())]
        case .range(let least, let most): ["least": .integer(least), "most": .integer(most)]
        case .includes(let words): ["includes": .list(words.sorted())]
        case .only(let words): ["only": .list(words.sorted())]
        case .between(let least, let most): ["includes": .list(least.sorted()), "only": .list(most.sorted())]
        }
    }
}

extension Obligations {
    /// Only those there are, by the keys they are written under.
    package var json: JSON {
        func names(_ sources: Set<AttributeSource>) -> JSON { .list(sources.map(\.rawValue).sorted()) }
        var members: [(String, JSON)] = []
        if let again = authenticateAgain {
            members.append(("authenticate-again", ["mode": .string(again.mode.rawValue), "within": .integer(again.within)]))
        }
        if let refreshStatus { members.append(("refresh-status", .integer(refreshStatus))) }
        if !consent.isEmpty { members.append(("consent", names(consent))) }
        if !optOut.isEmpty { members.append(("opt-out", names(optOut))) }
        if !derived.isEmpty {
            let pairs = derived.map { ($0.key.rawValue, JSON.string($0.value.rawValue)) }.sorted { $0.0 < $1.0 }
            members.append(("derive", .object(pairs)))
        }
        if let session {
            var limits: [(String, JSON)] = []
            if let island = session.island { limits.append(("island", .string(island))) }
            if let lifetime = session.lifetime { limits.append(("lifetime", .integer(lifetime))) }
            if session.once { limits.append(("once", true)) }
            members.append(("session", .object(limits)))
        }
        if namesMandate { members.append(("name-mandate", true)) }
        if writesLedger { members.append(("ledger", true)) }
        return .object(members)
    }
}

extension JSON {
    static func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
}
