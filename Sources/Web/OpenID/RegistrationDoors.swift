import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import Vocabulary

/// Dynamic registration and its management.
extension Platform {
    /// `POST /openid/register` (RFC 7591 §3, OpenID Connect Dynamic Registration §3)
    func register(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        let provider = settings.openIDProvider
        var isStranger = true
        do {
            guard let rules = provider.registration, !rules.ways.isEmpty else { throw RegistrationRefusal.closed }
            let unverified = try await unverifiedRegistration(request)
            let authority = try await authority(for: unverified, request, rules, settings, at: now)
            isStranger = false
            let documents = await documents(unverified.errands(by: authority, under: rules))
            var random = SystemRandomNumberGenerator()
            let registration = try unverified.verified(
                by: authority, with: documents, under: rules, at: provider, at: now, using: &random)
            let record = Record("client.registered", at: now, Self.facts(registration.record) + authority.facts)
            switch try await stores.register(
                registration.record, using: authority.token?.digest, within: rules.bounds, recording: record, at: clock())
            {
            case .registered: return Answer.json(registration.body, status: .created)
            case .tokenSpent: throw RegistrationRefusal.spentToken
            case .full(let most): throw RegistrationRefusal.full(most)
            case .tooFast(let seconds): throw RegistrationRefusal.tooFast(wait: seconds)
            }
        } catch let refusal as RegistrationRefusal {
            return try await registrationRefused(refusal, nil, toStranger: isStranger, at: now)
        }
    }

    /// `GET /openid/register/{client}` (RFC 7592 §2.1)
    func readRegistration(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        do {
            let (managed, rules, settings) = try managed(request, context)
            let client = try managed.record.client(under: rules, at: settings.openIDProvider, at: now)
            return Answer.json(managed.record.body(of: client, at: settings.openIDProvider, showing: request.headers[.authorization]))
        } catch let refusal as RegistrationRefusal {
            return try await registrationRefused(refusal, context, at: now)
        }
    }

    /// `PUT /openid/register/{client}` (RFC 7592 §2.2). The answer has another registration access token; the old one is worth nothing.
    func updateRegistration(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        do {
            let (managed, rules, settings) = try managed(request, context)
            let provider = settings.openIDProvider
            let unverified = try await unverifiedRegistration(request)
            let authority = try unverified.authority(
                changing: managed, under: rules, at: provider, sponsor: { settings.federation.member($0) }, at: now)
            let documents = await documents(unverified.errands(by: authority, under: rules))
            var random = SystemRandomNumberGenerator()
            let registration = try unverified.verified(
                changing: managed.record, by: authority, with: documents, under: rules, at: provider, at: now, using: &random)
            let record = Record("client.updated", at: now, Self.facts(registration.record))
            guard try await stores.replace(registration.record, knowing: managed.record.accessDigest, recording: record, at: clock()) else {
                throw RegistrationRefusal.unknownAccess
            }
            return Answer.json(registration.body)
        } catch let refusal as RegistrationRefusal {
            return try await registrationRefused(refusal, context, at: now)
        }
    }

    /// `DELETE /openid/register/{client}` (RFC 7592 §2.3). Its tokens are worth nothing from the next request on.
    func deleteRegistration(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        do {
            let (managed, _, _) = try managed(request, context)
            let record = Record("client.deleted", at: now, [("member", .string(managed.record.id.text))])
            guard try await stores.remove(managed.record.id, knowing: managed.record.accessDigest, recording: record, at: now) else {
                throw RegistrationRefusal.unknownAccess
            }
            return Answer.bytes([], type: "application/json", status: .noContent)
        } catch let refusal as RegistrationRefusal {
            return try await registrationRefused(refusal, context, at: now)
        }
    }

    private func managed(
        _ request: Request, _ context: DoorContext
    ) throws -> (ManagedRegistration, RegistrationRules, Configuration) {
        let settings = configuration.current
        guard let rules = settings.openIDProvider.registration else { throw RegistrationRefusal.closed }
        let unverified = UnverifiedManagement(id: context.parameters.get("client"), authorization: request.headers[.authorization])
        let record = try unverified.id.flatMap { try stores.registration($0) }
        return (try unverified.verified(for: record), rules, settings)
    }

    private func unverifiedRegistration(_ request: Request) async throws -> UnverifiedRegistration {
        guard Self.isJSON(request) else { throw RegistrationRefusal.contentType }
        guard let body = try await request.collected(upTo: UnverifiedRegistration.longest) else { throw RegistrationRefusal.tooLarge }
        return try UnverifiedRegistration(body: body)
    }

    private func authority(
        for unverified: UnverifiedRegistration, _ request: Request, _ rules: RegistrationRules, _ settings: Configuration, at now: Timestamp
    ) async throws -> RegistrationAuthority {
        let header = request.headers[.authorization]
        var token: InitialAccess?
        if let digest = RegistrationBearer.digest(of: header) { token = try await stores.initialAccess(digest, at: now) }
        return try unverified.authorized(
            by: token, bearsToken: header != nil, under: rules, at: settings.openIDProvider, sponsor: { settings.federation.member($0) },
            at: now)
    }

    /// One after the other: a registration makes at most one connection at a time.
    private func documents(_ errands: RegistrationErrands) async -> RegistrationDocuments {
        var documents = RegistrationDocuments()
        if let address = errands.keys { documents.keys = await fetchDocument(address, RegistrationDocuments.longestKeys) }
        if let address = errands.sector { documents.sector = await fetchDocument(address, RegistrationDocuments.longestSector) }
        return documents
    }

    private func registrationRefused(
        _ refusal: RegistrationRefusal, _ context: DoorContext?, toStranger isStranger: Bool = false, at now: Timestamp
    ) async throws -> Response {
        let named = context?.parameters.get("client").flatMap { MemberID($0) }.flatMap { RegistrationRecord.isDynamic($0) ? $0 : nil }
        // Strangers whom nobody let in leave no trace: they would fill the trail.
        if !isStranger, refusal.status != 404, refusal.status != 401 {
            try await stores.append(
                Record(
                    "request.refused", at: now,
                    [
                        ("protocol", "openid"), ("door", "register"), ("code", .string(refusal.explanation.code)), Self.calledItself(named),
                    ]))
        }
        var answer = Answer.json(refusal.body, status: .init(code: refusal.status))
        if let challenge = refusal.authenticateHeader { answer.headers[.wwwAuthenticate] = challenge }
        if let seconds = refusal.retryAfter { answer.headers[.retryAfter] = String(seconds) }
        return answer
    }

    private static func facts(_ record: RegistrationRecord) -> [(name: String, value: JSON)] {
        [
            ("member", .string(record.id.text)), ("sponsor", .string(record.terms.sponsor.text)), ("terms", record.terms.json),
            ("redirect-hosts", .string(record.hosts)), ("authentication", record.metadata["token_endpoint_auth_method"] ?? .null),
        ]
    }
}

extension Platform {
    /// The registration of a client that authenticates; of one that publishes its keys elsewhere, with its newest when it signed with another.
    /// `isReceiver`: where members of SAML ask too, who are clients for their security events only.
    func client(for unverified: UnverifiedClient, isReceiver: Bool = false, _ settings: Configuration) async -> Client? {
        let client =
            isReceiver ? settings.federation.receiver(unverified.clientID) : settings.federation.client(unverified.clientID)
        guard unverified.wantsNewKeys(of: client) else { return client }
        return await clientWithNewKeys(unverified.clientID, settings)
    }

    /// The same at the authorization endpoint, where a request object is the only thing signed.
    func client(for unverified: UnverifiedAuthorizationRequest, _ settings: Configuration) async -> Client? {
        let client = settings.federation.client(unverified.clientID)
        guard unverified.wantsNewKeys(of: client) else { return client }
        return await clientWithNewKeys(unverified.clientID, settings)
    }

    private func clientWithNewKeys(_ id: MemberID, _ settings: Configuration) async -> Client? {
        await learnKeys(id)
        return settings.federation.client(id)
    }
}
