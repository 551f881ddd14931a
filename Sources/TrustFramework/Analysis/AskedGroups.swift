/// Attributes that no rule and no accreditation tells apart: a request asks for none of them, for some, or for all.
struct AskedGroup: Hashable, Sendable {
    enum State: Hashable, Sendable {
        case none, some, all
        /// Nobody looked at what the request asks for; then so it is of every group.
        case unknown
    }

    let attributes: [AttributeSource]
    let states: [State]

    /// No groups at all where no rule speaks of what is asked for.
    static func groups(_ mentioned: Mentioned, scopes: Set<Set<AttributeSource>>) -> [AskedGroup] {
        guard mentioned.facts.contains(.asksFor) else { return [] }
        let sets = Array(mentioned.sets) + scopes.map { Set($0.map(\.rawValue)) }
        var groups: [[Bool]: [AttributeSource]] = [:]
        for attribute in AttributeSource.allCases {
            groups[sets.map { $0.contains(attribute.rawValue) }, default: []].append(attribute)
        }
        return groups.values.map { attributes in
            AskedGroup(attributes: attributes, states: attributes.count > 1 ? [.none, .some, .all, .unknown] : [.none, .all, .unknown])
        }.sorted { $0.attributes[0].rawValue < $1.attributes[0].rawValue }
    }

    /// What a request in this state asks for; nil when that is not known.
    func asked(_ state: State) -> [AttributeSource]? {
        switch state {
        case .none: []
        case .some: Array(attributes.prefix(1))
        case .all: attributes
        case .unknown: nil
        }
    }

    /// The states in which a condition holds, as far as this group is concerned; with what cannot be known when `doubtful` counts.
    func states(in domain: Domain, doubtful: Bool) -> Set<State> {
        let names = Set(attributes.map(\.rawValue))
        let (least, most): (Set<String>, Set<String>?) =
            switch domain {
            case .includes(let words): (words, nil)
            case .only(let words): ([], words)
            case .between(let least, let most): (least, most)
            // A condition for single words never holds for several.
            case .among, .besides, .range: (names, [])
            }
        var states = Set(states)
        if !names.isDisjoint(with: least) { states = states.intersection([.all, .unknown]) }
        if let most, !names.isSubset(of: most) { states = states.intersection([.none, .unknown]) }
        if !doubtful { states.remove(.unknown) } else { states.insert(.unknown) }
        return states
    }
}
