import Hummingbird
import OpenID
import SAML
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// A verified request in either tongue: what the journey needs of it, and how it is answered.
enum Tongue: Sendable {
    case saml(VerifiedAuthnRequest)
    case openID(VerifiedAuthorizationRequest)

    var ask: Ask {
        switch self {
        case .saml(let request): request.ask
        case .openID(let request): request.ask
        }
    }

    var name: String {
        switch self {
        case .saml: "saml"
        case .openID: "openid"
        }
    }
}

/// A request that could not be verified: the answer goes to the peer where its address is proven, else onto a page.
struct TongueRefusal: Error {
    let explanation: Explanation
    let response: Response
}

extension Platform {
    /// Proves a paused request once more, from the bytes that came and at the moment they came.
    func reread(_ transaction: Transaction, _ settings: Configuration) throws -> Tongue {
        switch transaction.origin {
        case .samlRedirect:
            return .saml(
                try verified(
                    { () throws(SAMLRefusal) in
                        try UnverifiedAuthnRequest.redirect(query: String(decoding: transaction.message, as: UTF8.self))
                    }, settings, at: transaction.receivedAt))
        case .samlPost:
            return .saml(
                try verified(
                    { () throws(SAMLRefusal) in try UnverifiedAuthnRequest.post(form: transaction.message) }, settings,
                    at: transaction.receivedAt))
        case .openID:
            return .openID(
                try verified(String(decoding: transaction.message, as: UTF8.self), settings, at: transaction.receivedAt))
        }
    }

    @Sendable private static func freshPairwise() throws -> PairwiseID {
        var random = SystemRandomNumberGenerator()
        guard let fresh = PairwiseID.fresh(using: &random) else { throw StoreRefusal() }
        return fresh
    }

    /// Answers with what was granted. The store's gates come first; what cannot be recorded is not said.
    func answer(_ tongue: Tongue, with permit: Permit, _ settings: Configuration, at now: Timestamp) async throws -> Response {
        var random = SystemRandomNumberGenerator()
        let pairwise = try await stores.pairwise(permit.subject, sector: permit.member.sector, orElse: Self.freshPairwise(), at: now)
        let grant: Grant
        do throws(SignOnRefusal) {
            grant = try permit.grant(to: pairwise, for: tongue.ask)
        } catch {
            return try await answer(tongue, refusing: error, settings, at: now)
        }
        let record = Record("signon.granted", at: now, Self.facts(of: grant, tongue))
        switch tongue {
        case .saml(let request):
            let replay = request.replayKey
            // A second copy may have been paused just before it went stale: the claim outlives that pause too.
            let until = replay.until.adding(seconds: settings.transactionLifetime)
            // Made before the gate, sent behind it: claim and record are one commit.
            let answer = try request.response(for: grant, from: settings.identityProvider, at: now, using: &random)
            guard try await stores.claim(replay.key, scope: replay.scope, until: until, at: now, recording: record) else {
                return try await refuse(Self.replayed(request.id), at: now, member: grant.member.id)
            }
            return samlPage(answer)
        case .openID(let request):
            let (code, location) = request.code(for: grant, at: settings.openIDProvider, at: now, using: &random)
            try await stores.issue(code, recording: record)
            return Answer.redirect(location)
        }
    }

    func answer(
        _ tongue: Tongue, refusing refusal: SignOnRefusal, _ settings: Configuration, at now: Timestamp
    ) async throws -> Response {
        var random = SystemRandomNumberGenerator()
        try await stores.append(
            Record(
                "signon.refused", at: now,
                [
                    ("protocol", .string(tongue.name)), ("member", .string(tongue.ask.member.text)),
                    ("code", .string(refusal.explanation.code)), ("policy-version", .string(settings.policy.version)),
                ]))
        switch tongue {
        case .saml(let request):
            return samlPage(try request.response(refusing: refusal, from: settings.identityProvider, at: now, using: &random))
        case .openID(let request):
            return Answer.redirect(request.location(refusing: refusal, at: settings.openIDProvider))
        }
    }

    /// A refusal with nowhere proven to send it.
    func refuse(_ explanation: Explanation, at now: Timestamp, member: MemberID? = nil) async throws -> Response {
        try await stores.append(
            Record(
                "request.refused", at: now,
                [("code", .string(explanation.code)), ("member", member.map { .string($0.text) } ?? .null)]))
        return Answer.page(Pages.refusal(explanation), status: .badRequest)
    }

    private static func replayed(_ id: String) -> Explanation {
        Explanation(
            "saml.request.replayed", "a request with this ID was answered before", compared: [.init("ID", id)],
            clause: "SAML Core §1.3.4", remedy: "send a new request with a new ID")
    }

    private static func facts(of grant: Grant, _ tongue: Tongue) -> [(name: String, value: JSON)] {
        [
            ("protocol", .string(tongue.name)), ("member", .string(grant.member.id.text)), ("purpose", .string(grant.purpose.text)),
            ("subject", .string(grant.subject.text)), ("context", .string(grant.context.name)),
            ("mode", .string(grant.facts.mode.rawValue)), ("mode-stated", .bool(grant.facts.modeIsStated)),
            ("carrier", .string(grant.facts.carrier.rawValue)), ("door", .string(grant.facts.door.rawValue)),
            ("authenticated-at", .string(grant.facts.authenticatedAt.text)),
            ("status-source", .string(grant.facts.statusSource.rawValue)), ("status-at", .string(grant.facts.statusAt.text)),
            ("released", .array(grant.attributes.map { .string($0.source.rawValue) })),
            ("rules", .array(grant.decision.determining.map { .string($0) })),
            ("policy-version", .string(grant.decision.policyVersion)),
        ]
    }
}

/// A store gave something that cannot be.
struct StoreRefusal: Error {}
