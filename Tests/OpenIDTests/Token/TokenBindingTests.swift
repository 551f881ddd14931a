import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Sender-constrained tokens (RFC 9449 §5, §10, RFC 8705 §3; checklist O6, O7)` {
    private let federation: Federation
    private let maker: ProofMaker

    init() throws {
        federation = try Federation(refreshTokens: true)
        maker = try ProofMaker()
    }

    private func redeemed(
        _ client: Client, dpop: [String] = [], certificate: PresentedCertificate? = nil, bound: TokenBinding? = nil
    ) throws -> TokenAnswer {
        let (code, record) = try federation.code([("scope", "openid offline_access")], client: client)
        let json = bound.map { record.json.with("cnf", $0.cnf) } ?? record.json
        let kept = try #require(CodeRecord(json: json))
        var random = SystemRandomNumberGenerator()
        return try federation.authenticated(
            Federation.tokenBody(code, Federation.credential(federation.assertion())), client: client, dpop: dpop, certificate: certificate
        ).tokens(
            for: kept, member: federation.member(), policy: federation.policy, at: federation.provider, at: Federation.now, using: &random)
    }

    private static let certificate = PresentedCertificate(der: [0x30, 0x00])

    private static func client(_ federation: Federation, _ constraint: SenderConstraint) throws -> Client {
        try federation.optionsClient { $0.senderConstraint = constraint }
    }

    @Test(
        arguments: [
            (SenderConstraint.none, false, false, nil), (.none, true, false, "DPoP"), (.none, false, true, nil),
            (.dpop, true, false, "DPoP"),
            (.dpop, true, true, "DPoP"), (.mtls, false, true, "Bearer"), (.either, true, false, "DPoP"), (.either, false, true, "Bearer"),
            (.either, true, true, "DPoP"),
        ] as [(SenderConstraint, Bool, Bool, String?)])
    func `what the request shows binds the token as the registration wants it`(
        constraint: SenderConstraint, dpop: Bool, mtls: Bool, type: String?
    ) throws {
        let answer = try redeemed(
            try Self.client(federation, constraint), dpop: dpop ? [try maker.proof()] : [], certificate: mtls ? Self.certificate : nil)
        #expect(answer.body["token_type"]?.string == type ?? "Bearer")
        switch type {
        case nil: #expect(answer.accessToken.binding == nil)
        case "DPoP": #expect(answer.accessToken.binding == .dpop(jkt: maker.thumbprint))
        default: #expect(answer.accessToken.binding == .certificate(x5tS256: Self.certificate.thumbprint))
        }
        #expect(!JSON.object(answer.facts.map { ($0.name, $0.value) }).text.contains(maker.thumbprint), "the trail names no key")
    }

    @Test(arguments: [(SenderConstraint.dpop, false), (.dpop, true), (.mtls, false), (.either, false)])
    func `without the key that is registered there is no token`(constraint: SenderConstraint, mtls: Bool) throws {
        let refusal = try Federation.refusal {
            _ = try redeemed(try Self.client(federation, constraint), certificate: mtls ? Self.certificate : nil)
        }
        #expect(refusal?.error == .invalidRequest)
        #expect(refusal?.explanation.code == "openid.token.sender-constraint")
    }

    @Test func `a client that shows DPoP where mutual TLS is registered is refused`() throws {
        let proof = try maker.proof()
        let refusal = try Federation.refusal {
            _ = try redeemed(try Self.client(federation, .mtls), dpop: [proof], certificate: Self.certificate)
        }
        #expect(refusal?.explanation.code == "openid.token.sender-constraint")
    }

    @Test func `a code that was bound by dpop_jkt is redeemed with that key only`() throws {
        let client = try Self.client(federation, .none)
        let bound = TokenBinding.dpop(jkt: maker.thumbprint)
        #expect(try redeemed(client, dpop: [maker.proof()], bound: bound).body["token_type"]?.string == "DPoP")
        let other = try ProofMaker(ProofMaker.other)
        for dpop in [[], [try other.proof()]] {
            let refusal = try Federation.refusal { _ = try redeemed(client, dpop: dpop, bound: bound) }
            #expect(refusal?.error == .invalidGrant)
            #expect(refusal?.explanation.code == "openid.token.binding")
        }
    }

    @Test func `a faulty proof is refused wherever it comes, and both claims are to be taken`() throws {
        let client = try Self.client(federation, .none)
        let body = Federation.tokenBody("c", Federation.credential(try federation.assertion()))
        let refusal = try Federation.refusal {
            _ = try federation.authenticated(body, client: client, dpop: [maker.proof([("htm", "GET")])])
        }
        #expect(refusal?.error == .invalidDPoPProof)
        let request = try federation.authenticated(body, client: client, dpop: [maker.proof([("jti", "p")])])
        #expect(request.claims.map(\.kind) == [.clientAssertion, .dpopProof])
        #expect(request.claims.map(\.key) == ["jti-1", "p"])
    }

    @Test func `required nonces are asked for at the token endpoint`() throws {
        let provider = federation.provider.with(nonces: DPoPNonces(.required, secret: [UInt8](repeating: 1, count: 32)))
        let client = try Self.client(federation, .dpop)
        let body = Federation.tokenBody("c", Federation.credential(try federation.assertion()))
        let refusal = try Federation.refusal {
            _ = try federation.authenticated(body, client: client, dpop: [maker.proof()], provider: provider)
        }
        #expect(refusal?.error == .useDPoPNonce)
        let nonce = try #require(refusal?.nonce)
        let request = try federation.authenticated(
            body, client: client, dpop: [maker.proof([("nonce", .string(nonce))])], provider: provider)
        #expect(request.binding == .dpop(jkt: maker.thumbprint))
    }

    // MARK: Refresh

    private func refreshed(_ first: TokenAnswer, _ client: Client, dpop: [String] = [], certificate: PresentedCertificate? = nil) throws
        -> TokenAnswer
    {
        let (token, old) = (try #require(first.body["refresh_token"]?.string), try #require(first.refreshToken))
        let credential = Federation.credential(try federation.assertion()).map { ($0.0, $0.1 ?? "") }
        let body = Array(Federation.form([("grant_type", "refresh_token"), ("refresh_token", token)] + credential).utf8)
        var random = SystemRandomNumberGenerator()
        return try federation.authenticated(body, client: client, dpop: dpop, certificate: certificate).tokens(
            refreshing: old, member: federation.member(), policy: federation.policy, at: federation.provider, at: Federation.now,
            using: &random)
    }

    @Test func `a family that began bound stays bound; the key may change, for the client authenticates (RFC 9449 §5)`() throws {
        let client = try Self.client(federation, .none)
        let first = try redeemed(client, dpop: [maker.proof()])
        let other = try ProofMaker(ProofMaker.other)
        #expect(try refreshed(first, client, dpop: [maker.proof()]).accessToken.binding == .dpop(jkt: maker.thumbprint))
        #expect(try refreshed(first, client, dpop: [other.proof()]).accessToken.binding == .dpop(jkt: other.thumbprint))
        let refusal = try Federation.refusal { _ = try refreshed(first, client) }
        #expect(refusal?.error == .invalidGrant)
        #expect(refusal?.explanation.code == "openid.token.binding")
        // And so does the successor.
        let second = try refreshed(first, client, dpop: [other.proof()])
        #expect(try Federation.refusal { _ = try refreshed(second, client) }?.explanation.code == "openid.token.binding")
    }

    @Test func `a family that began with a certificate needs one again`() throws {
        let client = try Self.client(federation, .either)
        let first = try redeemed(client, certificate: Self.certificate)
        #expect(try refreshed(first, client, certificate: Self.certificate).accessToken.binding != nil)
        #expect(try Federation.refusal { _ = try refreshed(first, client) } != nil)
        #expect(try Federation.refusal { _ = try refreshed(first, client, dpop: [maker.proof()]) }?.error == .invalidGrant)
    }
}
