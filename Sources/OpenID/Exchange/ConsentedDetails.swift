import Vocabulary

/// What the citizen agreed to at the portal's login, read by agency: the authorization details that name its resource in `locations`
/// (RFC 9396 §2.2), as the page of that login showed them.
///
/// A detail without `locations` is about the portal itself and hands nothing on. `onward` of a detail lists the resources that the agency may
/// hand the matter on to: a move reported to a town that tells the pension office.
struct ConsentedDetails: Sendable {
    private let details: [JSON]

    init(_ details: JSON?) { self.details = details?.array ?? [] }

    /// The details for one resource, each without the other agencies' addresses; empty when the citizen did not agree to it. `agency`: the
    /// resource is one that the agency with these audiences may hand on to, by a detail that is about itself.
    func concerning(_ resource: String, handedOnBy agency: Set<String>? = nil) -> [JSON] {
        details.compactMap { detail in
            guard let members = detail.members, Self.names(resource, detail[agency == nil ? Self.locations : Self.onward]),
                agency.map({ $0.contains { Self.names($0, detail[Self.locations]) } }) ?? true
            else { return nil }
            let onward = (detail[Self.onward]?.strings ?? []).filter { !$0.hasSameBytes(as: resource) }
            return .object(
                members.compactMap { name, value in
                    switch name {
                    case Self.locations: (name, .texts([resource]))
                    case Self.onward: onward.isEmpty ? nil : (name, .texts(onward))
                    default: (name, value)
                    }
                })
        }
    }

    /// What a resource server may see of them: those for its own resources and those that name none, without the addresses of others.
    func visible(to audiences: Set<String>) -> [JSON] {
        details.compactMap { detail in
            guard let members = detail.members else { return nil }
            guard let locations = detail[Self.locations]?.strings else { return detail }
            let own = locations.filter { location in audiences.contains { $0.hasSameBytes(as: location) } }
            guard !own.isEmpty else { return nil }
            return .object(members.map { name, value in name == Self.locations ? (name, .texts(own)) : (name, value) })
        }
    }

    /// Whether any detail lets the agency hand on.
    var handsOn: Bool { details.contains { !($0[Self.onward]?.strings ?? []).isEmpty } }

    private static let locations = "locations"
    private static let onward = "onward"

    private static func names(_ resource: String, _ list: JSON?) -> Bool {
        (list?.strings ?? []).contains { $0.hasSameBytes(as: resource) }
    }
}
