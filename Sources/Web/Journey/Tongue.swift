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
    /// A client waits for the citizen elsewhere.
    case awaited(AwaitedGrant, Ask)
    /// Our own page asks; no member learns of it.
    case own(OwnLogin)

    var ask: Ask {
        switch self {
        case .saml(let request): request.ask
        case .openID(let request): request.ask
        case .awaited(_, let ask): ask
        case .own(let login): login.ask
        }
    }

    var name: String {
        switch self {
        case .saml: "saml"
        case .openID: "openid"
        case .awaited(let grant, _): grant.kind.rawValue
        case .own: "own-page"
        }
    }
}

/// A request that could not be verified: the answer goes to the peer where its address is proven, else onto a page.
struct TongueRefusal: Error {
    let explanation: Explanation
    let response: Response
    /// What the SAML member is told in place of `response`, where its address is proven.
    var answer: SAMLAnswer?
}

extension Platform {
    /// Proves a paused request once more, from the bytes that came and at the moment they came.
    func reread(_ transaction: Transaction, _ settings: Configuration) async throws -> Tongue {
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
        case .samlArtifact:
            return .saml(try verified(artifact: transaction.message, settings, at: transaction.receivedAt))
        case .samlUnsolicited:
            return .saml(try unsolicited(transaction.message, settings, at: transaction.receivedAt))
        case .openID:
            return .openID(try verified(paused: transaction.message, settings, at: transaction.receivedAt))
        case .device: return try await awaited(transaction, .device)
        case .backchannel: return try await awaited(transaction, .backchannel)
        case .approval, .ledger, .linking, .console: return try ownLogin(transaction, settings)
        }
    }

    /// Nothing is made for a member that wants nothing new, nor only to find that it is not whom the member expects.
    @Sendable static func freshPairwise(for ask: Ask) throws -> PairwiseID {
        if ask.expected != nil { throw SignOnRefusal.otherCitizen }
        if ask.forbidsNewIdentifier { throw SignOnRefusal.noIdentifier }
        return try freshPairwise()
    }

    @Sendable private static func freshPairwise() throws -> PairwiseID {
        var random = SystemRandomNumberGenerator()
        guard let fresh = PairwiseID.fresh(using: &random) else { throw StoreRefusal() }
        return fresh
    }

    /// The grant, to the identifier that the member's sector knows the citizen by; made here when there was none.
    func granted(_ permit: Permit, for ask: Ask, at now: Timestamp) async throws -> Grant {
        let pairwise = try await stores.pairwise(
            permit.subject, sector: permit.member.sector, orElse: Self.freshPairwise(for: ask), at: now)
        return try permit.grant(to: pairwise, for: ask)
    }

    /// Answers with what was granted. The store's gates come first; what cannot be recorded is not said.
    func answer(_ tongue: Tongue, with permit: Permit, _ settings: Configuration, at now: Timestamp) async throws -> Response {
        var random = SystemRandomNumberGenerator()
        let ask = tongue.ask
        let grant: Grant
        do {
            grant = try await granted(permit, for: ask, at: now)
        } catch let refusal as SignOnRefusal {
            return try await answer(tongue, refusing: refusal, settings, at: now)
        }
        observe(grant.decision, grant.question)
        switch tongue {
        case .saml(let request):
            let replay = request.replayKey
            // A second copy may have been paused just before it went stale: the claim outlives that pause too.
            let until = replay.until.adding(seconds: settings.transactionLifetime)
            // Made before the gate, sent behind it: claim and record are one commit.
            let general =
                request.serviceProvider.takesGeneralIdentifier
                ? try await stores.pairwise(permit.subject, sector: GeneralIdentifier.sector, orElse: Self.freshPairwise(), at: now) : nil
            let answer = try request.response(for: grant, general: general, from: settings.identityProvider, at: now, using: &random)
            guard let name = answer.name else { throw StoreRefusal() }
            let ledger = grant.ledgerEntry(telling: answer.released, at: now, using: &random)
            switch try await send(
                answer, claiming: ReplayKey(scope: replay.scope, key: replay.key, until: until),
                joining: grant.joining(as: name, at: now, ledger: ledger),
                recording: Record(
                    "signon.granted", at: now,
                    Self.facts(of: grant, tongue, released: answer.released, ledger) + [("answer", .string(answer.id))]), settings, at: now)
            {
            case .sent(let response):
                let key = settings.identityProvider.signingKey(for: request.serviceProvider, at: now)
                witness.answered(grant.member.id, key.fingerprint, index: grant.sessionIndex, at: now)
                return response
            case .taken: return try await refuse(Self.replayed(request.id), at: now, member: grant.member.id)
            case .sessionEnded: return try await refuse(SignOnRefusal.sessionEnded.explanation, at: now, member: grant.member.id)
            }
        case .openID(let request):
            let code: CodeRecord
            let carried: AuthorizationAnswer
            do throws(AnswerRefusal) {
                (code, carried) = try request.code(for: grant, at: settings.openIDProvider, at: now, using: &random)
            } catch {
                return try await refuse(error.explanation, at: now, member: grant.member.id)
            }
            let told = request.told(of: grant).sources
            let ledger = grant.ledgerEntry(telling: told, at: now, using: &random)
            let joining = grant.joining(as: .subject(grant.pairwise.text), at: now, ledger: ledger)
            let record = Record(
                "signon.granted", at: now,
                Self.facts(of: grant, tongue, released: told, ledger) + [Self.answered(by: code.codeDigest)])
            guard let pushed = request.pushed else {
                guard try await stores.issue(code, recording: record, joining: joining) else {
                    return try await refuse(SignOnRefusal.sessionEnded.explanation, at: now, member: grant.member.id)
                }
                return Answer.carrying(carried)
            }
            // A pushed request may wait in several tabs; the first that completes uses it up.
            switch try await stores.issue(code, recording: record, joining: joining, finishing: pushed, at: now) {
            case .issued: return Answer.carrying(carried)
            case .finished: return try await refuse(Explanation.pushedFinished, at: now, member: grant.member.id)
            case .sessionEnded: return try await refuse(SignOnRefusal.sessionEnded.explanation, at: now, member: grant.member.id)
            }
        // They go through a page of ours first (`arrived`), and are granted by its button only.
        case .awaited, .own: throw StoreRefusal()
        }
    }

    func answer(
        _ tongue: Tongue, refusing refusal: SignOnRefusal, _ settings: Configuration, at now: Timestamp
    ) async throws -> Response {
        var random = SystemRandomNumberGenerator()
        let facts: [(name: String, value: JSON)] =
            [
                ("protocol", .string(tongue.name)), ("member", .string(tongue.ask.member.text)),
                ("code", .string(refusal.explanation.code)), ("policy-version", .string(settings.policy.version)),
            ] + tongue.reference
        let record = Record(
            "signon.refused", at: now, facts + traced(refusal, of: tongue.ask, settings, beside: facts, at: now))
        switch tongue {
        case .saml(let request):
            let answer = try request.response(refusing: refusal, from: settings.identityProvider, at: now, using: &random)
            return try await send(answer, recording: record.adding([("answer", .string(answer.id))]), settings, at: now)
        case .openID(let request):
            let carried: AuthorizationAnswer
            do throws(AnswerRefusal) {
                carried = try request.answer(refusing: refusal, at: settings.openIDProvider, at: now, using: &random)
            } catch {
                return try await refuse(error.explanation, at: now, member: tongue.ask.member)
            }
            if let pushed = request.pushed {
                // A refusal is an answer too: the same request gets no second one.
                guard try await stores.finish(pushed, recording: record, at: now) else {
                    return try await refuse(Explanation.pushedFinished, at: now, member: tongue.ask.member)
                }
            } else {
                try await stores.append(record)
            }
            return Answer.carrying(carried)
        case .awaited(let grant, _): return try await deny(grant, by: nil, because: refusal, settings, at: now)
        case .own(let login):
            try await stores.append(record)
            guard !login.isUnderPolicy || refusal == .cancelled else {
                return Answer.page(Pages.refusal(refusal.explanation), status: .forbidden)
            }
            return Answer.redirect(settings.baseURL + login.page)
        }
    }

    /// A refusal with nowhere proven to send it.
    func refuse(
        _ explanation: Explanation, at now: Timestamp, member: MemberID? = nil, words: [String: [String]] = [:]
    ) async throws -> Response {
        try await stores.append(
            Record(
                "request.refused", at: now,
                [("code", .string(explanation.code)), ("member", member.map { .string($0.text) } ?? .null)]))
        return Answer.page(Pages.refusal(explanation, words: words), status: .badRequest)
    }

    private static func replayed(_ id: String) -> Explanation {
        Explanation(
            "saml.request.replayed", "a request with this ID was answered before", compared: [.init("ID", id)],
            clause: "SAML Core §1.3.4", remedy: "send a new request with a new ID")
    }

    static func facts(
        of grant: Grant, _ tongue: Tongue, released: [String], _ ledger: LedgerEntry?
    ) -> [(name: String, value: JSON)] {
        let facts: [(name: String, value: JSON)] =
            [
                ("protocol", .string(tongue.name)), ("member", .string(grant.member.id.text)), ("purpose", .string(grant.purpose.text)),
                ("subject", .string(grant.subject.text)), ("context", .string(grant.context.name)),
                ("mode", .string(grant.facts.mode.rawValue)), ("mode-stated", .bool(grant.facts.modeIsStated)),
                ("carrier", .string(grant.facts.carrier.rawValue)), ("door", .string(grant.facts.door.rawValue)),
                ("authenticated-at", .string(grant.facts.authenticatedAt.text)),
                ("status-source", .string(grant.facts.statusSource.rawValue)), ("status-at", .string(grant.facts.statusAt.text)),
                ("released", .array(released.map { .string($0) })),
                ("rules", .array(grant.decision.determining.map { .string($0) })),
                ("policy-version", .string(grant.decision.policyVersion)),
            ] + tongue.reference + tongue.granted + (ledger.map { [$0.fact] } ?? [])
        return facts + [Platform.trace(grant.decision, of: grant.question, beside: facts, at: grant.question.now)]
    }
}

/// A store gave something that cannot be.
struct StoreRefusal: Error {}
