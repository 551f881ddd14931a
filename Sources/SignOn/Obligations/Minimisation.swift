package import TrustFramework

/// What a member asks to be told, whatever its protocol calls it. What it is told is never more than this, the rules and its accreditation
/// have in common.
package enum ReleaseWish: Hashable, Sendable {
    /// It names nothing but perhaps attributes of the person: facts of the login are told as the rules release them, the person's only
    /// where they are named.
    case facts(and: Set<AttributeSource>)
    /// Exactly these.
    case only(Set<AttributeSource>)
    /// The operator's word for this member: whatever the rules release, what is personal too.
    case all

    package static let unsaid = ReleaseWish.facts(and: [])

    /// What it names expressly, as a fact of the request; nil where only the rules could say.
    package var named: Set<AttributeSource>? {
        switch self {
        case .facts(and: let named), .only(let named): named
        case .all: nil
        }
    }

    func isFor(_ source: AttributeSource) -> Bool {
        switch self {
        case .facts(and: let named): !source.isPersonal || named.contains(source)
        case .only(let named): named.contains(source)
        case .all: true
        }
    }
}

/// What is left of a release.
struct Told: Sendable {
    let sources: Set<AttributeSource>
    let personal: Set<AttributeSource>
    /// Told → asked for, where a derived form stands in the place of more.
    let originals: [AttributeSource: AttributeSource]

    /// Nothing of it says anything of the person.
    var isPlain: Bool { personal.isEmpty }
}

extension ReleaseWish {
    /// `derived`: asked for → told instead. Whoever asks for the whole gets the part; whoever asks for the part gets it too.
    func told(of release: Set<AttributeSource>, derived: [AttributeSource: AttributeSource]) -> Told {
        var (sources, personal): (Set<AttributeSource>, Set<AttributeSource>) = ([], [])
        var originals: [AttributeSource: AttributeSource] = [:]
        for source in release {
            let form = derived[source] ?? source
            guard isFor(form) || form != source && isFor(source) else { continue }
            if form != source, !release.contains(form) || derived[form] != nil { originals[form] = source }
            sources.insert(form)
            if form.isPersonal { personal.insert(form) }
        }
        return Told(sources: sources, personal: personal, originals: originals)
    }
}
