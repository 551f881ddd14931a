import TrustFramework
import Vocabulary

/// A small federation as values: the standard ladder, members of two kinds, and rules like the ones that are shipped.
enum Fixture {
    static let now = Timestamp(milliseconds: 1_795_233_600_000)  // 2026-11-21T04:00:00Z

    static func context(
        _ name: String, _ modes: Set<CardMode>, level: Int, carriers: Set<Carrier> = [.card, .phone], needsStatement: Bool = false,
        aliases: [String] = []
    ) -> AssuranceContext {
        AssuranceContext(
            name: name, samlClasses: ["urn:x-sekisho:ac:" + name] + aliases.map { "urn:example:class:" + $0 },
            acrValues: ["urn:x-sekisho:ac:" + name] + aliases, amr: ["sc"], proofingLevel: 3, authenticationLevel: level, modes: modes,
            carriers: carriers, needsStatement: needsStatement)
    }

    static let presence = context("card-presence", [.presence], level: 1, aliases: ["aal1"])
    static let face = context("card-face", [.face], level: 2, carriers: [.card], needsStatement: true, aliases: ["aal2"])
    static let pin = context("card-pin", [.pin], level: 3, aliases: ["aal3"])
    static let ladder = AssuranceLadder([presence, face, pin])

    static func purpose(_ text: String) throws(Missing) -> Purpose {
        guard let purpose = Purpose(text) else { throw Missing(what: text) }
        return purpose
    }

    static func memberID(_ text: String) throws(Missing) -> MemberID {
        guard let id = MemberID(text) else { throw Missing(what: text) }
        return id
    }

    static func member(
        _ kind: MemberKind = .ministry, id: String = "https://ministry.example/sp", state: Accreditation.State = .accredited,
        from: Timestamp = now.adding(seconds: -86_400), until: Timestamp = now.adding(seconds: 86_400), purposes: [String] = ["procedure"],
        sector: String? = nil
    ) throws(Missing) -> Member {
        var covered: Set<Purpose> = []
        for text in purposes { covered.insert(try purpose(text)) }
        return Member(
            id: try memberID(id), kind: kind, displayName: ["en": "Member"],
            accreditation: Accreditation(state: state, notBefore: from, notAfter: until, purposes: covered), sector: sector,
            defaultPurpose: try purpose(purposes.first ?? "procedure"))
    }

    static func facts(
        _ mode: CardMode, stated: Bool = true, carrier: Carrier = .card, door: Door = .challenge, source: StatusSource = .crl,
        statusAge: Int64 = 600, at moment: Timestamp = now
    ) -> AssuranceFacts {
        AssuranceFacts(
            mode: mode, modeIsStated: stated, carrier: carrier, door: door, statusSource: source,
            statusAt: moment.adding(seconds: -statusAge), authenticatedAt: moment)
    }

    static func policy(_ rules: [Rule]) -> Policy { Policy(rules: rules, ladder: ladder, version: "test") }

    static func permit(
        _ id: String = "permit", kinds: Set<MemberKind>? = nil, members: Set<MemberID>? = nil, purposes: Set<Purpose>? = nil,
        floor: String? = nil, maximumStatusAge: Int64? = nil, release: Set<AttributeSource> = []
    ) -> Rule {
        Rule(
            id: id, effect: .permit, kinds: kinds, members: members, purposes: purposes, floor: floor, maximumStatusAge: maximumStatusAge,
            release: release, basis: "basis of " + id)
    }

    static func forbid(
        _ id: String = "forbid", kinds: Set<MemberKind>? = nil, members: Set<MemberID>? = nil, purposes: Set<Purpose>? = nil
    ) -> Rule {
        Rule(id: id, effect: .forbid, kinds: kinds, members: members, purposes: purposes, basis: "basis of " + id)
    }

    static func question(
        _ member: Member, _ purpose: String = "procedure", facts: AssuranceFacts?, requirement: ContextRequirement? = nil,
        at moment: Timestamp = now
    ) throws(Missing) -> Question {
        Question(member: member, purpose: try self.purpose(purpose), facts: facts, requirement: requirement, now: moment)
    }
}

struct Missing: Error {
    let what: String
}

extension Decision.Outcome {
    /// A flat picture of an outcome, to compare and to read in a failing test.
    var picture: String {
        switch self {
        case .permit(let context, let release):
            "permit " + context.name + release.map(\.rawValue).sorted().map { " +" + $0 }.joined()
        case .authenticate(let acceptable): "authenticate " + acceptable.map(\.name).joined(separator: ", ")
        case .deny(let denial): "deny \(denial)"
        }
    }
}

extension Decision {
    var picture: String { outcome.picture + " by " + determining.joined(separator: ", ") }
}
