import JOSE
import OpenID
import Testing
import Vocabulary

/// The audience war (checklist O8): what `aud` may say, by profile and by the endpoint it is sent to.
@Suite struct `The audience and the time of a client assertion (checklist O8, E16)` {
    enum Endpoint: String, CaseIterable { case token, par, introspection, mutualTLSToken }

    struct Case: CustomTestStringConvertible, Sendable {
        let audience: JSON
        /// Where a client of `core` or of デジタル認証アプリ is heard.
        let core: Set<Endpoint>
        /// Where one of FAPI 2.0 is heard.
        let fapi: Set<Endpoint>
        var testDescription: String { audience.text }
    }

    static let everywhere = Set(Endpoint.allCases)
    static let issuer = JSON.string(Federation.issuer)
    static let token = JSON.string(Federation.issuer + "/openid/token")
    static let par = JSON.string(Federation.issuer + "/openid/par")
    static let alias = JSON.string("https://mtls.login.example/openid/token")
    static let cases = [
        Case(audience: issuer, core: everywhere, fapi: everywhere),
        Case(audience: .array([issuer]), core: everywhere, fapi: []),
        Case(audience: .array([issuer, "https://other.example"]), core: everywhere, fapi: []),
        Case(audience: token, core: everywhere, fapi: []),
        Case(audience: .array([token, par]), core: everywhere, fapi: []),
        Case(audience: par, core: [.par], fapi: []),
        Case(audience: alias, core: [.mutualTLSToken], fapi: []),
        Case(audience: .string(Federation.issuer + "/"), core: [], fapi: []),
        Case(audience: .string(Federation.issuer + "/openid/token?x=1"), core: [], fapi: []),
        Case(audience: "https://login.example.evil.example", core: [], fapi: []),
        Case(audience: "HTTPS://login.example", core: [], fapi: []),
        Case(audience: "shop", core: [], fapi: []),
        Case(audience: .array([]), core: [], fapi: []),
        Case(audience: "", core: [], fapi: []),
    ]

    private func refusal(
        _ changes: [(String, JSON?)], _ profile: ClientProfile, _ endpoint: Endpoint = .token, skew: Int64 = 10
    ) throws -> TokenRefusal? {
        let world = try TLSWorld.shared.get()
        let keys = world.federation.keys
        let provider = Provider(issuer: Federation.issuer, signingKeys: [keys.providerES256], skew: skew)
            .with(mutualTLS: MutualTLSAddresses(base: "https://mtls.login.example"))
        let address =
            switch endpoint {
            case .token: provider.tokenEndpoint
            case .par: provider.pushedAuthorizationEndpoint
            case .introspection: provider.introspectionEndpoint
            case .mutualTLSToken: "https://mtls.login.example/openid/token"
            }
        let assertion = Federation.credential(try world.federation.assertion(changes))
        let form = Federation.form(assertion.compactMap { name, value in value.map { (name, $0) } })
        let client = try world.client(.privateKeyJWT, profile)
        do throws(TokenRefusal) {
            _ = try UnverifiedClient(FormParameters(body: Array(form.utf8)), ClientEvidence(address: address))
                .authenticated(as: client, at: provider, at: Federation.now)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: cases, ClientProfile.allCases)
    func `each profile hears the audiences it names, at each endpoint`(one: Case, profile: ClientProfile) throws {
        for endpoint in Endpoint.allCases {
            let heard = (profile.isFAPI ? one.fapi : one.core).contains(endpoint)
            let refusal = try refusal([("aud", one.audience)], profile, endpoint)
            #expect((refusal == nil) == heard, "at \(endpoint)")
            guard !heard else { continue }
            #expect(refusal?.error == .invalidClient)
            #expect(refusal?.explanation.code == "openid.client.assertion-aud")
        }
    }

    /// §1.10 of the checklist, FAPI 2.0 Security Profile §5.3.2.1-13: whatever the deployment thinks of clocks.
    @Test(arguments: ClientProfile.allCases, [0, 10, 60] as [Int64])
    func `eight seconds ahead is accepted, more than sixty refused`(profile: ClientProfile, skew: Int64) throws {
        let audience = ("aud", JSON?.some(Self.issuer))
        for claim in ["nbf", "iat"] {
            #expect(try refusal([audience, (claim, .integer(Federation.now.seconds + 8))], profile, skew: skew) == nil)
            let refused = try refusal([audience, (claim, .integer(Federation.now.seconds + 61))], profile, skew: skew)
            #expect(refused?.explanation.code == "openid.client.assertion-" + claim)
        }
    }

    @Test(arguments: ClientProfile.allCases)
    func `five minutes in the past is over, and no sub is nobody`(profile: ClientProfile) throws {
        let audience = ("aud", JSON?.some(Self.issuer))
        let late = try refusal([audience, ("exp", .integer(Federation.now.seconds - 300))], profile)
        #expect(late?.explanation.code == "openid.client.assertion-exp")
        #expect(try refusal([audience, ("sub", nil)], profile)?.explanation.code == "openid.client.assertion-sub")
        #expect(try refusal([audience, ("jti", nil)], profile)?.explanation.code == "openid.client.assertion-jti")
    }
}
