package import JOSE
package import Vocabulary

/// What an officer may sign for.
package enum OfficerRole: String, Sendable, Hashable, CaseIterable {
    /// Members: who comes in, is suspended, goes.
    case registrar
    /// Policy bundles.
    case policyOfficer = "policy-officer"
}

/// Somebody whose signature makes a change count: `Keys/officers/ID.yaml`. The private half is never here.
package struct Officer: Hashable, Sendable {
    /// The file's name without `.yaml`; the `kid` of what the officer signs.
    package let id: String
    /// For people: in histories, in the audit trail, in answers of `sekisho policy status`.
    package let name: String
    package let roles: Set<OfficerRole>
    package let key: JWK
    /// The term. Signatures made in it go on counting when it is over.
    package let notBefore: Timestamp
    package let notAfter: Timestamp
    /// The key was lost or stolen: none of its signatures counts, whenever it was made.
    package let isRevoked: Bool

    package init(
        id: String, name: String, roles: Set<OfficerRole>, key: JWK, notBefore: Timestamp, notAfter: Timestamp, isRevoked: Bool = false
    ) {
        self.id = id
        self.name = name
        self.roles = roles
        self.key = key
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.isRevoked = isRevoked
    }

    func isInOffice(at moment: Timestamp) -> Bool { notBefore <= moment && moment <= notAfter }

    package static func == (left: Officer, right: Officer) -> Bool {
        left.id == right.id && left.name == right.name && left.roles == right.roles && left.key.thumbprint == right.key.thumbprint
            && left.notBefore == right.notBefore && left.notAfter == right.notAfter && left.isRevoked == right.isRevoked
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// All officers of a deployment; no two share a name or a key.
package struct Officers: Hashable, Sendable {
    package let all: [Officer]

    package init(_ all: [Officer] = []) { self.all = all }

    package subscript(id: String) -> Officer? { all.first { $0.id.hasSameBytes(as: id) } }

    /// How many could sign for `role` at a moment.
    package func count(_ role: OfficerRole, at moment: Timestamp) -> Int {
        all.count { $0.roles.contains(role) && $0.isInOffice(at: moment) && !$0.isRevoked }
    }
}
