package import JOSE
package import Vocabulary

/// What an officer may sign for.
package enum OfficerRole: String, Sendable, Hashable, CaseIterable {
    /// Members: who comes in, is suspended, goes.
    case registrar
    /// Policy bundles.
    case policyOfficer = "policy-officer"
    /// Whom we believe: anchors, lists, and which card is whose in this office.
    case trustOfficer = "trust-officer"
    /// Keeps the platform running: sessions, keys, health.
    case `operator`
    /// Reads the trail, and changes nothing.
    case auditor
    /// Somebody of a member, who sees that member and nothing else (checklist H17).
    case developer
}

/// Somebody whose signature makes a change count: `Keys/officers/ID.yaml`. The private half is never here.
package struct Officer: Hashable, Sendable {
    /// The file's name without `.yaml`; the `kid` of what the officer signs.
    package let id: String
    /// For people: in histories, in the audit trail, in answers of `sekisho policy status`.
    package let name: String
    package let roles: Set<OfficerRole>
    /// Nil: this officer approves in the console only.
    package let key: JWK?
    /// Which citizen's card opens the console for this officer. Nil: none, or not yet.
    package let card: SubjectID?
    /// The one member that a developer belongs to; nil for everybody else.
    package let member: MemberID?
    /// The term. Signatures made in it go on counting when it is over.
    package let notBefore: Timestamp
    package let notAfter: Timestamp
    /// The key was lost or stolen: none of its signatures counts, whenever it was made.
    package let isRevoked: Bool

    package init(
        id: String, name: String, roles: Set<OfficerRole>, key: JWK?, card: SubjectID? = nil, member: MemberID? = nil, notBefore: Timestamp,
        notAfter: Timestamp, isRevoked: Bool = false
    ) {
        self.id = id
        self.name = name
        self.roles = roles
        self.key = key
        self.card = card
        self.member = member
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.isRevoked = isRevoked
    }

    /// This officer, less what `now` says is taken away, or, with nil, out of office; what it gives beyond that is not given.
    func narrowed(to now: Officer?) -> Officer {
        let said = now ?? self
        return Officer(
            id: id, name: name, roles: member == said.member ? roles.intersection(said.roles) : [],
            key: key?.thumbprint == said.key?.thumbprint ? key : nil, card: card == said.card ? card : nil, member: member,
            notBefore: max(notBefore, said.notBefore), notAfter: min(notAfter, said.notAfter),
            isRevoked: isRevoked || now?.isRevoked ?? true)
    }

    package func isInOffice(at moment: Timestamp) -> Bool { notBefore <= moment && moment <= notAfter }

    /// Has a key, or a card for the console.
    package var canApprove: Bool { key != nil || card != nil }

    package static func == (left: Officer, right: Officer) -> Bool {
        left.id == right.id && left.name == right.name && left.roles == right.roles && left.key?.thumbprint == right.key?.thumbprint
            && left.card == right.card && left.member == right.member
            && left.notBefore == right.notBefore && left.notAfter == right.notAfter && left.isRevoked == right.isRevoked
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// All officers of a deployment; no two share a name, a key or a card.
package struct Officers: Hashable, Sendable {
    package let all: [Officer]
    /// The console's own keys, whose word it is that an officer approved there with the card: `Keys/officers/console.pem`. None: nothing that
    /// was approved in a console counts here.
    package let attestors: [JWK]

    package init(_ all: [Officer] = [], attestors: [JWK] = []) {
        self.all = all
        self.attestors = attestors
    }

    package subscript(id: String) -> Officer? { all.first { $0.id.hasSameBytes(as: id) } }

    /// Whose card this citizen's is, in the console.
    package func holder(of subject: SubjectID) -> Officer? { all.first { $0.card == subject } }

    /// How many could sign for `role` at a moment.
    package func count(_ role: OfficerRole, at moment: Timestamp) -> Int {
        all.count { $0.roles.contains(role) && $0.isInOffice(at: moment) && !$0.isRevoked && $0.canApprove }
    }

    package static func == (left: Officers, right: Officers) -> Bool {
        left.all == right.all && left.attestors.map(\.thumbprint) == right.attestors.map(\.thumbprint)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(all) }
}
