package import OpenID
package import SAML
package import TrustFramework
package import Vocabulary

/// A member as it is registered: its accreditation, and how it speaks to us.
package struct Registration: Sendable {
    package enum Speech: Sendable {
        case saml(ServiceProvider)
        case openID(Client)
    }

    package let member: Member
    package let speech: Speech
    /// The member's file, relative to the deployment folder.
    package let file: String
    /// What stands beside it and is read with it: SAML metadata, or a key set.
    package let companion: String?

    package init(member: Member, speech: Speech, file: String, companion: String? = nil) {
        self.member = member
        self.speech = speech
        self.file = file
        self.companion = companion
    }
}

/// Whom we answer: an immutable value, replaced as a whole when a member comes or goes.
package struct Federation: Sendable {
    private var registrations: [MemberID: Registration] = [:]
    /// Who is which resource, by its address.
    private var resources: [String: MemberID] = [:]
    /// Members of the metadata sources.
    var book: (any MemberBook)?
    /// Clients that registered themselves.
    var clients: (any ClientBook)?

    /// Where more members come from: `Metadata/sources/`.
    package let sources: [MetadataSource]

    package init(_ registrations: [Registration] = [], sources: [MetadataSource] = []) {
        self.sources = sources
        for registration in registrations { add(registration) }
    }

    private mutating func add(_ registration: Registration) {
        registrations[registration.member.id] = registration
        if !resources.isEmpty { resources = resources.filter { $0.value != registration.member.id } }
        guard case .openID(let client) = registration.speech else { return }
        for audience in client.audiences { resources[audience] = client.id }
    }

    /// Those of the members folder; the sources' are too many to list.
    package var members: [Member] { registrations.values.map(\.member).sorted { $0.id.text < $1.id.text } }

    /// Those of the members folder, in no order.
    var registered: some Sequence<MemberID> { registrations.keys }

    package func registration(_ id: MemberID) -> Registration? {
        registrations[id] ?? clients?.registration(id) ?? book?.registration(id)
    }

    package func member(_ id: MemberID) -> Member? { registrations[id]?.member ?? registration(id)?.member }

    package func serviceProvider(_ id: MemberID?) -> ServiceProvider? {
        guard let id else { return nil }
        if case .saml(let provider)? = registrations[id]?.speech { return provider }
        guard registrations[id] == nil, case .saml(let provider)? = book?.registration(id)?.speech else { return nil }
        return provider
    }

    package func client(_ id: MemberID?) -> Client? {
        guard let id else { return nil }
        if case .openID(let client)? = registrations[id]?.speech { return client }
        guard registrations[id] == nil, case .openID(let client)? = registration(id)?.speech else { return nil }
        return client
    }

    /// The member that is this resource: by the resource's address, or by its own id.
    package func resourceServer(for audience: String) -> Client? {
        guard let server = client(resources[audience] ?? MemberID(audience)), server.isResourceServer else { return nil }
        return server
    }

    package func serviceProvider(_ entityID: String) -> ServiceProvider? { serviceProvider(MemberID(entityID)) }

    package func client(_ id: String) -> Client? { client(MemberID(id)) }

    /// With one member more, or another in the place of the one with the same id.
    package func adding(_ registration: Registration) -> Federation {
        var copy = self
        copy.add(registration)
        return copy
    }

    package func removing(_ id: MemberID) -> Federation {
        var copy = self
        copy.registrations[id] = nil
        copy.resources = copy.resources.filter { $0.value != id }
        return copy
    }

    /// Files beside the members' own that members other than `id` name.
    func companions(besides id: MemberID) -> Set<String> {
        Set(registrations.values.filter { $0.member.id != id }.compactMap(\.companion).map { MemberFile.folder + "/" + $0 })
    }
}
