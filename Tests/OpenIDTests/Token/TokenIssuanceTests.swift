import JOSE
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// The same list for a code and for a refresh token; device, CIBA and exchange go through the same function and have suites of their own.
@Suite struct `Every path to a token judges the login again (checklist E18, H6, H10)` {
    enum Path: CaseIterable, Sendable { case code, refresh }

    struct Change: CustomTestStringConvertible, Sendable {
        let name: String
        /// Nil: it stays good.
        let code: String?
        var member: (@Sendable (Member) -> Member)?
        var policy: (@Sendable (Policy) -> Policy)?
        var testDescription: String { name }
    }

    static let changes = [
        Change(name: "nothing", code: nil),
        Change(name: "the member is suspended", code: "openid.token.member.suspended", member: { $0.with(.suspended) }),
        Change(name: "the member has withdrawn", code: "openid.token.member.withdrawn", member: { $0.with(.withdrawn) }),
        Change(name: "the member is examined anew", code: "openid.token.member.not-accredited", member: { $0.with(.examined) }),
        Change(name: "the purpose is no longer accredited", code: "openid.token.purpose", member: { $0.with(purposes: ["procedure"]) }),
        Change(
            name: "another purpose is the default now", code: nil,
            member: { $0.with(purposes: ["points", "procedure"], standard: "procedure") }),
        Change(name: "the context left the ladder", code: "openid.token.context", policy: { $0.with(ladder: $0.ladder.without("pin")) }),
        Change(
            name: "the context wants another mode now", code: "openid.token.level",
            policy: { $0.with(ladder: $0.ladder.without("pin", adding: [Self.pin(modes: [.face])])) }),
        Change(
            name: "the ladder grew", code: nil,
            policy: { $0.with(ladder: AssuranceLadder($0.ladder.contexts + [Self.pin("higher", modes: [.face])])) }),
        Change(name: "a rule forbids the member", code: "openid.token.level", policy: { $0.adding(.forbid) }),
        Change(name: "no rule permits it", code: "openid.token.level", policy: { $0.with(rules: []) }),
        Change(name: "the floor was raised above the login", code: "openid.token.level", policy: { $0.with(floor: "higher") }),
        Change(
            name: "the revocation data of then is too old for the rule of now", code: "openid.token.level", policy: { $0.with(age: -1) }),
    ]

    static func pin(_ name: String = "pin", modes: Set<CardMode>) -> AssuranceContext {
        AssuranceContext(
            name: name, samlClasses: ["urn:x:" + name], acrValues: ["urn:x:acr:" + name] + (name == "pin" ? ["aal3"] : []),
            amr: ["pin", "sc"],
            proofingLevel: 3, authenticationLevel: 3, modes: modes, carriers: [.card, .phone], needsStatement: true)
    }

    @Test(arguments: changes, Path.allCases)
    func `whatever changed since the login holds at once`(change: Change, path: Path) throws {
        let federation = try Federation(refreshTokens: true)
        let client = try federation.client(scopes: ["openid", "offline_access"], refreshTokens: true)
        let member = try federation.member()
        let (code, record) = try federation.code([("scope", "openid offline_access")], client: client)
        let redeem = Federation.tokenBody(code, Federation.credential(try federation.assertion()))
        let first = try federation.tokens(record, redeem, client: client)
        let refresh = try #require(first.refreshToken)
        let credential = Federation.credential(try federation.assertion()).map { ($0.0, $0.1 ?? "") }
        let token = try #require(first.body["refresh_token"]?.string)
        let exchange = Array(Federation.form([("grant_type", "refresh_token"), ("refresh_token", token)] + credential).utf8)
        var random = SystemRandomNumberGenerator()
        let (nowMember, nowPolicy) = (change.member?(member) ?? member, change.policy?(federation.policy) ?? federation.policy)
        let refusal = try Federation.refusal {
            switch path {
            case .code:
                _ = try federation.authenticated(redeem, client: client).tokens(
                    for: record, member: nowMember, policy: nowPolicy, at: federation.provider, at: Federation.now, using: &random)
            case .refresh:
                _ = try federation.authenticated(exchange, client: client).tokens(
                    refreshing: refresh, member: nowMember, policy: nowPolicy, at: federation.provider, at: Federation.now, using: &random)
            }
        }
        #expect(refusal?.explanation.code == change.code)
        #expect(refusal == nil || refusal?.error == .invalidGrant)
    }

    @Test func `a requirement of the request is judged by the ladder of today`() throws {
        let federation = try Federation()
        let (code, record) = try federation.code([("claims", #"{"id_token":{"acr":{"essential":true,"values":["aal3"]}}}"#)])
        #expect(record.entitlement.assurance?.requirement?.values == ["aal3"])
        // `aal3` has become the name of another, higher context; the one that was reached is still there under its own.
        let moved = AssuranceLadder(
            federation.policy.ladder.contexts.map { context in
                guard context.name == "pin" else { return context }
                return AssuranceContext(
                    name: "pin", samlClasses: context.samlClasses, acrValues: ["urn:x:acr:pin"], amr: context.amr, proofingLevel: 3,
                    authenticationLevel: 3, modes: context.modes, carriers: context.carriers, needsStatement: true)
            } + [Self.pin("higher", modes: [.face])])
        let body = Federation.tokenBody(code, Federation.credential(try federation.assertion()))
        var random = SystemRandomNumberGenerator()
        for (ladder, accepted) in [(federation.policy.ladder, true), (moved, false)] {
            let refusal = try Federation.refusal {
                _ = try federation.authenticated(body).tokens(
                    for: record, member: federation.member(), policy: federation.policy.with(ladder: ladder), at: federation.provider,
                    at: Federation.now, using: &random)
            }
            #expect((refusal == nil) == accepted)
        }
    }

    @Test func `nothing comes of a session that is over, nor outlives it`() throws {
        let federation = try Federation(lifetimes: .init(accessToken: 3_600))
        let (code, fresh) = try federation.code()
        let record = try #require(
            CodeRecord(json: fresh.json.with("session", .integer(Federation.now.adding(seconds: 30).milliseconds))))
        let body = Federation.tokenBody(code, Federation.credential(try federation.assertion()))
        let answer = try federation.tokens(record, body)
        #expect(answer.accessToken.expiresAt == Federation.now.adding(seconds: 30))
        #expect(answer.body["expires_in"]?.integer == 30)
        let refusal = try Federation.refusal { _ = try federation.tokens(record, body, at: Federation.now.adding(seconds: 30)) }
        #expect(refusal?.explanation.code == "openid.token.session-over")
    }

    @Test func `a grant type that is not registered is unauthorized_client`() throws {
        let federation = try Federation()
        let (code, record) = try federation.code()
        let client = try federation.optionsClient(refreshTokens: false) {
            $0.grants = [.ciba]; $0.ciba = BackchannelRegistration()
        }
        let refusal = try Federation.refusal {
            _ = try federation.tokens(record, Federation.tokenBody(code, Federation.credential(federation.assertion())), client: client)
        }
        #expect(refusal?.error == .unauthorizedClient)
        #expect(refusal?.explanation.code == "openid.token.grant-type-unregistered")
    }
}

extension Member {
    fileprivate func with(_ state: Accreditation.State) -> Member {
        with(
            Accreditation(
                state: state, notBefore: accreditation.notBefore, notAfter: accreditation.notAfter, purposes: accreditation.purposes),
            defaultPurpose)
    }

    fileprivate func with(purposes: Set<String>, standard: String? = nil) -> Member {
        with(
            Accreditation(
                state: .accredited, notBefore: accreditation.notBefore, notAfter: accreditation.notAfter,
                purposes: Set(purposes.compactMap { Purpose($0) })), standard.flatMap { Purpose($0) } ?? defaultPurpose)
    }

    private func with(_ accreditation: Accreditation, _ purpose: Purpose) -> Member {
        Member(id: id, kind: kind, displayName: displayName, accreditation: accreditation, sector: sector, defaultPurpose: purpose)
    }
}

extension AssuranceLadder {
    fileprivate func without(_ name: String, adding: [AssuranceContext] = []) -> AssuranceLadder {
        AssuranceLadder(contexts.filter { $0.name != name } + adding)
    }
}

extension Policy {
    fileprivate func with(rules: [Rule]? = nil, ladder: AssuranceLadder? = nil) -> Policy {
        Policy(rules: rules ?? self.rules, ladder: ladder ?? self.ladder, version: "2")
    }

    fileprivate func with(floor: String? = nil, age: Int64? = nil) -> Policy {
        with(
            rules: rules.map {
                Rule(id: $0.id, effect: $0.effect, floor: floor, maximumStatusAge: age, release: $0.release, basis: $0.basis)
            })
    }

    fileprivate func adding(_ effect: Rule.Effect) -> Policy { with(rules: rules + [Rule(id: "new", effect: effect, basis: "a test")]) }
}
