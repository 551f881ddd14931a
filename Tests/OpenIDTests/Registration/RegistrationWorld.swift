import Cryptography
import JOSE
import OpenID
import TrustFramework
import Vocabulary

/// A deployment that takes registrations: by token, and by statements of its registrar.
struct RegistrationWorld {
    static let now = Federation.now
    static let registrarName = "https://registrar.example"
    static let callback = "https://shop.example/cb"

    let keys: Keys
    let provider: Provider
    let rules: RegistrationRules
    let sponsor: Member

    init(
        ways: Set<RegistrationRules.Way> = [.token, .statement], refreshTokens: Bool = true, development: Bool = false,
        open: RegistrationTerms? = nil, mutualTLS: Bool = false, certificateProfile: String? = "members",
        state: Accreditation.State = .accredited, secretLifetime: Int64 = 86_400
    ) throws {
        keys = try Keys.shared.get()
        rules = RegistrationRules(
            ways: ways, registrar: .init(issuer: Self.registrarName, keys: try keys.set([keys.strangerES256])), open: open,
            secretLifetime: secretLifetime, certificateProfile: mutualTLS ? certificateProfile : nil, isDevelopment: development)
        provider = Provider(
            issuer: Federation.issuer, signingKeys: [keys.providerES256, keys.providerRS256],
            scopes: ["openid", "profile", "offline_access"],
            refreshTokens: refreshTokens
        ).with(mutualTLS: mutualTLS ? MutualTLSAddresses(base: "https://mtls.example") : nil, registration: rules)
        sponsor = try Self.sponsor(state: state)
    }

    static func sponsor(
        kind: MemberKind = .privateVerifier, state: Accreditation.State = .accredited, until: Int64 = 86_400 * 30,
        purposes: [String] = ["points", "identity-check"]
    ) throws -> Member {
        let purposes = purposes.compactMap { Purpose($0) }
        guard let first = purposes.first else { throw Missing() }
        return Member(
            id: try Federation.memberID("sponsor"), kind: kind, displayName: ["ja": "見本商事", "en": "Sample Trading"],
            accreditation: Accreditation(
                state: state, notBefore: now.adding(seconds: -86_400), notAfter: now.adding(seconds: until), purposes: Set(purposes)),
            defaultPurpose: first)
    }

    static func terms(
        _ change: (inout RegistrationTerms) -> Void = { _ in }, kind: MemberKind = .privateVerifier, purposes: [String] = ["points"]
    )
        throws -> RegistrationTerms
    {
        let purposes = purposes.compactMap { Purpose($0) }
        guard let first = purposes.first else { throw Missing() }
        var terms = RegistrationTerms(
            sponsor: try Federation.memberID("sponsor"), kind: kind, purposes: Set(purposes), defaultPurpose: first)
        change(&terms)
        return terms
    }

    static func token(_ terms: RegistrationTerms? = nil, uses: Int = 1, expires: Int64 = 600) throws -> InitialAccess {
        InitialAccess(
            digest: Digest.sha256([1]), terms: try terms ?? self.terms(), uses: uses, madeAt: now, expiresAt: now.adding(seconds: expires))
    }

    /// What a client with a key asks, with members replaced, added, or (nil) left out.
    func metadata(_ changes: [(String, JSON?)] = []) throws -> JSON {
        let plain: [(String, JSON)] = [
            ("redirect_uris", [.string(Self.callback)]), ("client_name", "見本"), ("token_endpoint_auth_method", "private_key_jwt"),
            ("jwks", try keys.set([keys.shopES256]).json), ("id_token_signed_response_alg", "ES256"),
        ]
        var members = plain.filter { name, _ in !changes.contains { $0.0 == name } }
        for (name, value) in changes { if let value { members.append((name, value)) } }
        return .object(members)
    }

    func authority(_ json: JSON, token: InitialAccess? = nil) throws -> RegistrationAuthority {
        try UnverifiedRegistration(body: json.bytes).authorized(
            by: token, bearsToken: token != nil, under: rules, at: provider, sponsor: { $0 == sponsor.id ? sponsor : nil }, at: Self.now)
    }

    func registered(
        _ json: JSON, terms: RegistrationTerms? = nil, documents: RegistrationDocuments = .init()
    ) throws -> VerifiedRegistration {
        var random = SystemRandom()
        return try UnverifiedRegistration(body: json.bytes).verified(
            by: authority(json, token: Self.token(terms)), with: documents, under: rules, at: provider, at: Self.now, using: &random)
    }

    /// The refusal of a registration, or nil when it is taken.
    func refusal(
        _ json: JSON, terms: RegistrationTerms? = nil, documents: RegistrationDocuments = .init()
    ) throws -> RegistrationRefusal? {
        do {
            _ = try registered(json, terms: terms, documents: documents)
            return nil
        } catch let refusal as RegistrationRefusal {
            return refusal
        }
    }

    /// As the registrar signs it.
    func statement(
        _ metadata: [(String, JSON)] = [], terms: JSON? = nil, changes: [(String, JSON?)] = [], key: SigningKey? = nil,
        type: String? = "JWT"
    ) throws -> JSON {
        let plain: [(String, JSON)] = [
            ("iss", .string(Self.registrarName)), ("iat", .integer(Self.now.seconds)), ("exp", .integer(Self.now.seconds + 3_600)),
            ("jti", "statement-1"), ("federation_terms", try terms ?? Self.terms().json),
        ]
        var claims = (plain + metadata).filter { name, _ in !changes.contains { $0.0 == name } }
        for (name, value) in changes { if let value { claims.append((name, value)) } }
        return .string(try (key ?? keys.strangerES256).signed(.object(claims), type: type))
    }

    func change(
        _ registration: VerifiedRegistration, _ json: JSON, access: String? = nil, documents: RegistrationDocuments = .init(),
        at now: Timestamp = now
    ) throws -> VerifiedRegistration {
        let managed = try UnverifiedManagement(
            id: registration.record.id.text,
            authorization: "Bearer " + (try access ?? registration.accessToken())
        ).verified(for: registration.record)
        let unverified = try UnverifiedRegistration(body: json.bytes)
        let authority = try unverified.authority(
            changing: managed, under: rules, at: provider, sponsor: { $0 == sponsor.id ? sponsor : nil }, at: now)
        var random = SystemRandom()
        return try unverified.verified(
            changing: managed.record, by: authority, with: documents, under: rules, at: provider, at: now, using: &random)
    }
}

extension VerifiedRegistration {
    func accessToken() throws -> String {
        guard let text = body["registration_access_token"]?.string else { throw Missing() }
        return text
    }
}
