import Cryptography
import JOSE
import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// What the tests of device codes and back-channel requests ask with.
extension Federation {
    func waitingClient(
        _ id: String = "shop", grants: Set<GrantType> = [.deviceCode, .ciba, .refreshToken], ciba: BackchannelRegistration? = .init(),
        profile: ClientProfile = .core, resources: Set<String> = [], contexts: [String] = [], maximumAge: Int64? = nil
    ) throws -> Client {
        var options = ClientOptions()
        options.grants = grants
        options.ciba = grants.contains(.ciba) ? ciba : nil
        options.resources = resources
        options.defaultContexts = contexts
        options.defaultMaximumAge = maximumAge
        options.profile = profile
        return try Client(
            id: Self.memberID(id), redirectURIs: [],
            authentication: .privateKeyJWT(keys.set([keys.shopES256, keys.shopPS256, keys.shopRS256])),
            scopes: ["openid", "profile", "offline_access"], options: options)
    }

    func form(_ fields: [(String, String)]) throws -> FormParameters { try FormParameters(Array(Self.form(fields).utf8)) }

    /// The client, as any endpoint for clients proves it.
    func proven(_ client: Client, at now: Timestamp = now) throws -> AuthenticatedClient {
        let assertion = try assertion(
            [("exp", .integer(now.seconds + 60)), ("iat", .integer(now.seconds)), ("aud", .string(provider.issuer))], client: client.id.text
        )
        let form = try form(Self.credential(assertion).compactMap { name, value in value.map { (name, $0) } })
        return try UnverifiedClient(form, ClientEvidence()).authenticated(as: client, at: provider, at: now)
    }

    func deviceRequest(_ fields: [(String, String)], client: Client? = nil) throws -> VerifiedDeviceRequest {
        try UnverifiedDeviceRequest(try form(fields)).verified(for: try proven(client ?? waitingClient()), at: provider)
    }

    func backchannelRequest(
        _ fields: [(String, String)], client: Client? = nil, at now: Timestamp = now
    ) throws -> VerifiedBackchannelRequest {
        try UnverifiedBackchannelRequest(try form(fields)).verified(
            for: try proven(client ?? waitingClient(), at: now), at: provider, at: now)
    }

    /// Why it is refused; nil when it is not.
    func refusal(_ body: () throws -> Void) throws -> TokenRefusal? {
        do {
            try body()
            return nil
        } catch let refusal as TokenRefusal {
            return refusal
        }
    }

    static let hint = ("login_hint", pairwise)
    static let openid = ("scope", "openid")

    /// A signed authentication request, with some claims replaced, added, or (nil) left out.
    func object(
        _ changes: [(String, JSON?)] = [], key: SigningKey? = nil, type: String? = nil, client: String = "shop", at now: Timestamp = now
    ) throws -> String {
        let plain: [(String, JSON)] = [
            ("iss", .string(client)), ("aud", .string(Self.issuer)), ("exp", .integer(now.seconds + 300)), ("iat", .integer(now.seconds)),
            ("nbf", .integer(now.seconds)), ("jti", "request-1"), ("scope", "openid"), ("login_hint", .string(Self.pairwise)),
        ]
        var members = plain.filter { name, _ in !changes.contains { $0.0 == name } }
        for (name, value) in changes { if let value { members.append((name, value)) } }
        return try (key ?? keys.shopES256).signed(.object(members), type: type)
    }

    func begun(_ request: VerifiedDeviceRequest, from address: String? = nil, at now: Timestamp = now) -> (
        grant: AwaitedGrant, answer: JSON
    ) {
        var random = SystemRandom()
        return request.begun(at: provider, from: address, at: now, using: &random)
    }

    func begun(_ request: VerifiedBackchannelRequest, at now: Timestamp = now) -> (grant: AwaitedGrant, answer: JSON) {
        var random = SystemRandom()
        return request.begun(sector: "shop", at: provider, from: nil, at: now, using: &random)
    }
}
