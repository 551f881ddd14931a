import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The introspection endpoint.
extension Platform {
    /// `POST /openid/introspect` (RFC 7662 §2, RFC 9701)
    func introspect(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        let provider = settings.openIDProvider
        var named: MemberID?
        do {
            let form = try await clientForm(request)
            named = (try? UnverifiedClient(form, request.evidence(at: provider.introspectionEndpoint, context)))?.clientID
            let client = try await authenticated(form, request, context, endpoint: provider.introspectionEndpoint, settings, at: now)
            guard let member = settings.federation.member(client.clientID) else { throw TokenRefusal.noMember(client.clientID) }
            let introspection = try client.introspecting(TokenReference(form), member, at: now)
            let found = try await introspected(introspection.digest, settings, at: now)
            let answer: JSON
            let isShown = try await isShown(found, settings, at: now)
            if let active = introspection.active(found, under: settings.policy, showing: isShown, at: now),
                let subject = try await identifier(of: active.pairwise, in: active.sector, at: now)
            {
                // What cannot be written down is not told.
                try await noteIntrospected(found, by: member, isShown: isShown, settings, at: now)
                answer = active.answer(subject: subject, at: provider)
            } else {
                answer = Introspection.inactive
            }
            var random = SystemRandomNumberGenerator()
            return Self.sealed(
                try introspection.sealed(answer, accept: request.headers[.accept], at: provider, at: now, using: &random),
                type: Introspection.mediaType)
        } catch let refusal as TokenRefusal {
            return try await refused(refusal, named, door: "introspection", at: now)
        }
    }

    private func isShown(_ token: IntrospectedToken?, _ settings: Configuration, at now: Timestamp) async throws -> Bool {
        guard let record = token?.restingOnCertificate, let member = settings.federation.member(record.client) else { return true }
        return try await citizenSide(nil, of: record.pairwise, record.assurance, member, settings, at: now).word.isShown
    }

    /// A server of another member than the token's own learns who holds it, and how he logged in: an entry of the citizen's ledger, one for
    /// each token and member that looked, where the rules of the login write it down. A member that looks at its own token learns nothing.
    private func noteIntrospected(
        _ found: IntrospectedToken?, by server: Member, isShown: Bool, _ settings: Configuration, at now: Timestamp
    ) async throws {
        guard case .access(let record, _, let client?, _) = found, client.id != server.id, let assurance = record.assurance else { return }
        let question = assurance.question(by: client, on: .introspection, under: settings.policy, showing: isShown, at: now)
        let decision = settings.policy.decide(question)
        let name = "introspection " + server.id.text + " " + Base64url.encode(record.tokenDigest)
        guard decision.obligations.writesLedger, let reference = LedgerReference(digest: Ticket.digest(of: name)),
            try await !stores.hasEntry(reference), let owner = try await stores.owner(of: record.pairwise)
        else { return }
        let entry = LedgerEntry(
            reference: reference, subject: owner.subject, member: server.id, purpose: assurance.purpose, told: [],
            rules: decision.determining, bases: decision.bases, policyVersion: decision.policyVersion, protocolName: "openid",
            path: .introspection, consentedAt: nil, at: now)
        let facts: [(name: String, value: JSON)] = [
            ("member", .string(server.id.text)), ("client", .string(client.id.text)), ("purpose", .string(assurance.purpose.text)),
            ("policy-version", .string(decision.policyVersion)), entry.fact,
        ]
        _ = try await stores.note(
            entry, recording: Record("introspection.told", at: now, facts + [traced(decision, of: question, beside: facts, at: now)]))
    }

    private func introspected(
        _ digest: [UInt8], _ settings: Configuration, at now: Timestamp
    ) async throws -> IntrospectedToken? {
        if let record = try await stores.living(digest, at: now) {
            return .access(
                record, settings.federation.client(record.client), settings.federation.member(record.client),
                actors: record.actors.map { settings.federation.member($0) })
        }
        guard let record = try await stores.refresh(digest, at: now) else { return nil }
        return .refresh(record, fresh: try await stores.isFresh(refreshToken: digest, at: now))
    }

    /// The same citizen's identifier in this sector, made when there was none; nil when nobody goes by `pairwise` any more.
    func identifier(of pairwise: PairwiseID, in sector: String, at now: Timestamp) async throws -> PairwiseID? {
        guard let owner = try await stores.owner(of: pairwise) else { return nil }
        if owner.sector == sector { return pairwise }
        return try await stores.pairwise(owner.subject, sector: sector, orElse: Self.newPairwise(), at: now)
    }

    @Sendable private static func newPairwise() throws -> PairwiseID {
        var random = SystemRandomNumberGenerator()
        guard let fresh = PairwiseID.fresh(using: &random) else { throw StoreRefusal() }
        return fresh
    }

    /// The form of an endpoint where clients authenticate.
    func clientForm(_ request: Request) async throws -> FormParameters {
        guard Self.isForm(request), let body = try await request.collected(upTo: 32_768) else { throw TokenRefusal.noForm }
        return try FormParameters(body: body)
    }

    /// A refusal, with its trace.
    func refused(_ refusal: TokenRefusal, _ named: MemberID?, door: String, at now: Timestamp) async throws -> Response {
        try await stores.append(
            Record(
                "request.refused", at: now,
                [("protocol", "openid"), ("door", .string(door)), ("code", .string(refusal.explanation.code)), Self.calledItself(named)]))
        return Self.answer(refusal)
    }
}
