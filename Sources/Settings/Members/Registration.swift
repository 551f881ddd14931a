import Cryptography
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
    /// What only people read: contacts, and how the applicant sees its state.
    package let paper: MemberPaper
    /// The credential by which a member of SAML has its security events; an OpenID client has its own.
    package let receiver: Client?

    package init(
        member: Member, speech: Speech, file: String, companion: String? = nil, paper: MemberPaper = MemberPaper(), receiver: Client? = nil
    ) {
        self.member = member
        self.speech = speech
        self.file = file
        self.companion = companion
        self.paper = paper
        self.receiver = receiver
    }

    /// With its operators looked up.
    func resolved(with find: (MemberID) -> Member?) -> Registration {
        guard member.operatedBy != nil else { return self }
        return Registration(
            member: member.resolved(with: find), speech: speech, file: file, companion: companion, paper: paper, receiver: receiver)
    }
}

/// Whom we answer: an immutable value, replaced as a whole when a member comes or goes.
package struct Federation: Sendable {
    private var registrations: [MemberID: Registration] = [:]
    /// Who is which resource, by its address.
    private var resources: [String: MemberID] = [:]
    /// Who sees its state behind which reference, by the reference's SHA-256.
    private var references: [[UInt8]: MemberID] = [:]
    /// Members of the metadata sources.
    var book: (any MemberBook)?
    /// Clients that registered themselves.
    var clients: (any ClientBook)?

    /// Where more members come from: `Metadata/sources/`.
    package let sources: [MetadataSource]

    /// Those who have applied and do not speak any protocol yet: nobody answers them but the page for applicants.
    package let applicants: [Applicant]

    package init(_ registrations: [Registration] = [], sources: [MetadataSource] = [], applicants: [Applicant] = []) {
        self.sources = sources
        self.applicants = applicants
        for registration in registrations { add(registration) }
        for applicant in applicants {
            if let digest = applicant.paper.applicantDigest { references[digest] = applicant.member.id }
        }
    }

    private mutating func add(_ registration: Registration) {
        registrations[registration.member.id] = registration
        if let digest = registration.paper.applicantDigest { references[digest] = registration.member.id }
        if !resources.isEmpty { resources = resources.filter { $0.value != registration.member.id } }
        guard case .openID(let client) = registration.speech else { return }
        for audience in client.audiences { resources[audience] = client.id }
    }

    /// Those of the members folder; the sources' are too many to list.
    package var members: [Member] { registrations.values.map { standing($0.member) }.sorted { $0.id.text < $1.id.text } }

    /// Those of the members folder, in no order.
    var registered: some Sequence<MemberID> { registrations.keys }

    /// Whoever has a file in the members folder, applicants too; sorted.
    var inFolder: [MemberID] { (Array(registrations.keys) + applicants.map(\.member.id)).sorted { $0.text < $1.text } }

    package func registration(_ id: MemberID) -> Registration? { found(id)?.resolved(with: { found($0)?.member }) }

    /// With whoever verifies on its behalf, so that it stands and falls with its operator.
    package func member(_ id: MemberID) -> Member? { (registrations[id]?.member ?? found(id)?.member).map(standing) }

    /// Known whatever the metadata sources say.
    func isOurs(_ id: MemberID) -> Bool { registrations[id] != nil || clients?.registration(id) != nil }

    private func found(_ id: MemberID) -> Registration? {
        registrations[id] ?? clients?.registration(id) ?? book?.registration(id)
    }

    /// Members without an operator, nearly all, pay a comparison.
    private func standing(_ member: Member) -> Member {
        member.operatedBy == nil ? member : member.resolved(with: { found($0)?.member })
    }

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

    /// The client as which a member asks for its security events. For a member of SAML it is good for nothing else.
    package func receiver(_ id: MemberID?) -> Client? { client(id) ?? id.flatMap { registrations[$0]?.receiver } }

    /// The member that is this resource: by the resource's address, or by its own id.
    package func resourceServer(for audience: String) -> Client? {
        guard let server = client(resources[audience] ?? MemberID(audience)), server.isResourceServer else { return nil }
        return server
    }

    /// Whether it has a file of its own in `Metadata/members`: others are changed by the terms of their source.
    package func isOfFolder(_ id: MemberID) -> Bool { place(of: id) != nil }

    /// Which protocol it is registered for; nil when for none yet.
    package func speech(of id: MemberID) -> RequestProtocol? {
        serviceProvider(id) != nil ? .saml : client(id) != nil ? .openid : nil
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
        copy.references = copy.references.filter { $0.value != id }
        copy.resources = copy.resources.filter { $0.value != id }
        return copy
    }

    /// A member of the folder, answered or only applied, with its operators.
    package func anyMember(_ id: MemberID) -> Member? { member(id) ?? applicants.first { $0.member.id == id }?.member }

    /// What of a member's file of the folder is for people.
    package func paper(of id: MemberID) -> MemberPaper? {
        registrations[id]?.paper ?? applicants.first { $0.member.id == id }?.paper
    }

    /// Who sees its state behind this reference: at least 128 random bits, of which nothing but the digest is kept.
    package func applicant(behind reference: String) -> MemberID? {
        guard (22...128).contains(reference.utf8.count) else { return nil }
        return references[Digest.sha256(Array(reference.utf8))]
    }

    /// Where a member of the folder stands, and what it names beside its file: also of one who has only applied.
    func place(of id: MemberID) -> (file: String, companion: String?)? {
        if let registration = registrations[id] { return (registration.file, registration.companion) }
        return applicants.first { $0.member.id == id }.map { ($0.file, nil) }
    }

    /// Files beside the members' own that members other than `id` name.
    func companions(besides id: MemberID) -> Set<String> {
        Set(registrations.values.filter { $0.member.id != id }.compactMap(\.companion).map { MemberFile.folder + "/" + $0 })
    }
}
