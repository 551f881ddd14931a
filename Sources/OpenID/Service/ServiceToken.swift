import Cryptography
import SignOn
package import TrustFramework
package import Vocabulary

/// An access token that a client has for its own business with us: setting up streams of security events. It stands for no citizen, so that no
/// door that tells of citizens knows it.
package struct ServiceTokenRecord: Hashable, Sendable {
    /// SHA-256 of the token.
    package let digest: [UInt8]
    package let client: MemberID
    package let scopes: [String]
    /// Nil: a bearer token.
    package let binding: TokenBinding?
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp

    fileprivate init(
        digest: [UInt8], client: MemberID, scopes: [String], binding: TokenBinding?, issuedAt: Timestamp, expiresAt: Timestamp
    ) {
        self.digest = digest
        self.client = client
        self.scopes = scopes
        self.binding = binding
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}

/// Every verb is one atomic gate.
package protocol ServiceTokenStore: Sendable {
    /// Keeps the token, takes what proved the client, and appends `record`, in one step; the claim that was taken before, and nothing is kept.
    func issue(_ token: ServiceTokenRecord, claiming claims: [AssertionClaim], recording record: Record, at now: Timestamp) async throws
        -> AssertionClaim?
    /// Nil when unknown, expired or ended.
    func serviceToken(_ digest: [UInt8], at now: Timestamp) async throws -> ServiceTokenRecord?
    /// Ends it. False, and nothing is recorded, when this client has no such token.
    func end(serviceToken digest: [UInt8], of client: MemberID, recording record: Record) async throws -> Bool
}

/// What goes out and what must be kept first.
package struct ServiceTokenAnswer: Sendable {
    package let body: JSON
    package let token: ServiceTokenRecord
    package let facts: [(name: String, value: JSON)]
}

extension GrantReader {
    /// RFC 6749 §4.4.2.
    static let clientCredentials = GrantReader(type: .clientCredentials) { parameters, client, _ throws(TokenRefusal) in
        guard client.grants.contains(.clientCredentials) else {
            throw TokenRefusal(.unauthorizedClient, .grantTypeUnregistered(GrantType.clientCredentials.rawValue))
        }
        return .service(parameters["scope"]?.words)
    }
}

extension AuthenticatedTokenRequest {
    /// The scopes it asks for with this grant; nil for another grant. An empty list: all that it may have.
    package var serviceScopes: [String]? {
        guard case .service(let scopes) = grant else { return nil }
        return scopes ?? []
    }

    /// A token for the client itself. `offered`: the scopes that exist for it. What binds its other tokens binds this one.
    package func serviceToken(
        offering offered: [String], _ member: Member, at provider: Provider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(TokenRefusal) -> ServiceTokenAnswer {
        guard let asked = serviceScopes else { throw TokenRefusal(.unsupportedGrantType, .grantType("")) }
        if let fault = Explanation.memberFault(member, client.id, now) { throw TokenRefusal(.unauthorizedClient, fault) }
        if let unmet = client.unmetConstraint(by: binding) { throw unmet }
        if let unknown = asked.first(where: { !offered.contains($0) }) { throw TokenRefusal(.invalidScope, .serviceScope(unknown)) }
        let scopes = asked.isEmpty ? offered : offered.filter(asked.contains)
        let ticket = Ticket.fresh(using: &random)
        let record = ServiceTokenRecord(
            digest: ticket.digest, client: client.id, scopes: scopes, binding: binding, issuedAt: now,
            expiresAt: now.adding(seconds: provider.lifetimes.accessToken))
        let body: JSON = .object([
            ("access_token", .string(ticket.text)), ("token_type", .string(binding?.tokenType ?? "Bearer")),
            ("expires_in", .integer(provider.lifetimes.accessToken)), ("scope", .string(scopes.joined(separator: " "))),
        ])
        return ServiceTokenAnswer(
            body: body, token: record,
            facts: [
                ("grant", .string(GrantType.clientCredentials.rawValue)),
                ("client-authentication", .string(client.authentication.method)), ("scopes", .texts(scopes)),
            ] + (binding.map { [("bound", .string($0.kind))] } ?? []))
    }
}

/// Proof that whoever asks holds such a token, in the way that it is bound. When it was shown with a DPoP proof, `replay` has to be claimed
/// before anything is answered.
package struct VerifiedServiceRequest: Sendable {
    package let client: Client
    package let scopes: [String]
    package let replay: AssertionClaim?

    fileprivate init(client: Client, scopes: [String], replay: AssertionClaim?) {
        self.client = client
        self.scopes = scopes
        self.replay = replay
    }
}

extension PresentedToken {
    /// `record` is what the store found under `digest`; `client` and `member` are those that the record names, nil when they are gone. `allows`
    /// says whether the scopes suffice.
    package func verified(
        as record: ServiceTokenRecord?, of client: Client?, _ member: Member?, with evidence: ClientEvidence, nonces: DPoPNonces,
        allowing allows: ([String]) -> Bool, at now: Timestamp
    ) throws(ResourceRefusal) -> VerifiedServiceRequest {
        guard let record, let client, let member, client.id == record.client, ConstantTime.equal(digest, record.digest),
            now < record.expiresAt, client.grants.contains(.clientCredentials)
        else { throw .tokenUnknown(self) }
        let replay = try possession(of: record.binding, with: evidence, nonces: nonces, at: now)
        if let fault = Explanation.memberFault(member, client.id, now) { throw ResourceRefusal(.invalidToken, fault, by: scheme) }
        guard allows(record.scopes) else { throw ResourceRefusal(.insufficientScope, .serviceScopeMissing, by: scheme) }
        return VerifiedServiceRequest(client: client, scopes: record.scopes, replay: replay)
    }
}

extension ServiceTokenRecord {
    package var json: JSON {
        .object(
            [
                ("digest", .string(Base64url.encode(digest))), ("client", .string(client.text)), ("scopes", .texts(scopes)),
                ("issued", .moment(issuedAt)), ("expires", .moment(expiresAt)),
            ] + (binding.map { [("cnf", $0.cnf)] } ?? []))
    }

    /// Nil when anything is missing or malformed.
    package init?(json: JSON) {
        guard let digest = json.digest("digest"), let client = json["client"]?.string.flatMap({ MemberID($0) }),
            let scopes = json["scopes"]?.strings, let issued = json.moment("issued"), let expires = json.moment("expires")
        else { return nil }
        let binding = json["cnf"].flatMap { TokenBinding(cnf: $0) }
        guard (json["cnf"] == nil) == (binding == nil) else { return nil }
        self.init(digest: digest, client: client, scopes: scopes, binding: binding, issuedAt: issued, expiresAt: expires)
    }
}

extension Explanation {
    static func serviceScope(_ sent: String) -> Explanation {
        Explanation(
            "openid.service.scope", "a client cannot have this scope for itself", compared: [.init("scope", sent)],
            clause: "RFC 6749 §4.4.2, §5.2", remedy: "ask for ssf.read or ssf.manage, or leave scope out")
    }

    static let serviceScopeMissing = Explanation(
        "openid.service.scope-missing", "the access token lacks the scope for this", clause: "RFC 6750 §3.1",
        remedy: "ask for ssf.manage")
}
