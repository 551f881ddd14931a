package import Vocabulary

/// Who acts for the citizen, and for whom that one acts (RFC 8693 §4.1): the service that presents the token first.
package struct ActorChain: Hashable, Sendable {
    /// Never empty; the one that acts now is the first.
    package let members: [MemberID]

    /// More than any procedure hands on; bounds the reading too.
    static let longest = 8

    /// The one that acts now first. Nil when there is nobody, or the chain grows too long.
    init?(_ members: [MemberID]) {
        guard (1...Self.longest).contains(members.count) else { return nil }
        self.members = members
    }

    /// Reads an `act` of ours back.
    package init?(act: JSON) {
        var members: [MemberID] = []
        var next: JSON? = act
        while let actor = next {
            guard members.count < Self.longest, let id = actor["sub"]?.string.flatMap({ MemberID($0) }) else { return nil }
            members.append(id)
            next = actor["act"]
        }
        guard !members.isEmpty else { return nil }
        self.members = members
    }

    /// Nested, as the claim `act` has it.
    package var act: JSON {
        members.reversed().reduce(JSON.null) { inner, member in
            .object([("sub", .string(member.text))] + (inner == .null ? [] : [("act", inner)]))
        }
    }

    /// For the audit trail, in the order in which the citizen's matter was handed on.
    package var text: String { members.reversed().map(\.text).joined(separator: " > ") }
}

extension AccessTokenRecord {
    /// Who acts with this token, the one that presents it first; nobody when it is the service's own.
    package var actors: [MemberID] { act.flatMap { ActorChain(act: $0) }?.members ?? [] }
}
