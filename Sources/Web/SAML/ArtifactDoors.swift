import HTTPTypes
import Hummingbird
import SAML
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// HTTP-Artifact (SAML Bindings §3.6): answers that members fetch from us, and requests that we fetch from members.
extension Platform {
    /// `POST /saml/artifact`: a member's server comes for what its artifact stands for.
    func resolveArtifact(_ request: Request) async throws -> Response {
        try await soap(request, ArtifactResolve.name, to: \.artifactResolution, signature: ArtifactResolve.signature) {
            message, settings, now in
            var random = SystemRandomNumberGenerator()
            let question: ArtifactResolve
            do throws(SAMLRefusal.Reason) {
                // What was sealed while the member was in force stays sealed when it is not any more.
                if let reason = settings.refusal(ofSAML: message.sender.entityID, at: now) { throw reason }
                question = try ArtifactResolve(reading: message, limits: settings.identityProvider.limits)
            } catch {
                try await recordArtifact("artifact.refused", message, [("code", .string(error.explanation.code))], at: now)
                return try ArtifactResponse.refusing(error, to: message, from: settings.identityProvider, at: now, using: &random)
            }
            let digest = SealedAnswer.digest(of: question.artifact)
            let member = message.sender.entityID
            let taken = try await stores.take(digest, for: member, claiming: ReplayKey(message.replayKey), at: now) { taking in
                Self.record(taking, of: member, at: now)
            }
            var answer: SealedAnswer?
            if case .answer(let sealed) = taken { answer = sealed }
            return try question.response(with: answer, from: settings.identityProvider, at: now, using: &random)
        }
    }

    private func recordArtifact(
        _ event: String, _ message: ProvenMessage, _ facts: [(name: String, value: JSON)], at now: Timestamp
    ) async throws {
        try await stores.append(Record(event, at: now, [("member", .string(message.sender.entityID.text))] + facts))
    }

    private static func record(_ taking: ArtifactTaking, of member: MemberID, at now: Timestamp) -> Record {
        let asker: [(name: String, value: JSON)] = [("member", .string(member.text))]
        switch taking {
        case .answer(let sealed): return Record("artifact.resolved", at: now, asker + [("artifact", .string(sealed.name))])
        case .unknown: return Record("artifact.refused", at: now, asker + [("code", "saml.artifact.unknown")])
        case .otherMember(let other):
            return Record(
                "artifact.refused", at: now, asker + [("code", "saml.artifact.other-member"), ("meant-for", .string(other.text))])
        case .replayed: return Record("artifact.refused", at: now, asker + [("code", "saml.request.replayed")])
        }
    }
}

extension Platform {
    /// `GET` or `POST /saml/sso` with an artifact in place of a request: the one SAML request that waits for a member's server, within the
    /// roof's budget of time and size (docs/decisions/0036).
    func samlArtifact(_ request: Request, _ sent: [UInt8]) async throws -> Response {
        let asked = clock()
        let settings = configuration.current
        let resolved: ResolvedArtifact
        do {
            let message = try ArtifactMessage(reading: sent, limits: settings.identityProvider.limits)
            let issuer = await settings.federation.learn(artifactsFrom: message.artifact.source)
            var random = SystemRandomNumberGenerator()
            let question = try message.question(
                to: settings.federation.serviceProvider(issuer), at: settings.identityProvider, on: asked, using: &random)
            resolved = ResolvedArtifact(question: question, relayState: message.relayState, envelope: try await fetch(question))
        } catch let reason as SAMLRefusal.Reason {
            return try await refuse(reason.explanation, at: asked)
        }
        let now = clock()
        let bytes = resolved.bytes
        do {
            let verified = try verified(artifact: bytes, settings, at: now)
            return try await enter(.saml(verified), origin: .samlArtifact, message: bytes, request, settings, at: now)
        } catch let refusal as TongueRefusal {
            return try await tell(refusal, settings, at: now)
        }
    }

    /// Proves what was fetched, also once more after a pause.
    func verified(artifact bytes: [UInt8], _ settings: Configuration, at moment: Timestamp) throws -> VerifiedAuthnRequest {
        guard let resolved = ResolvedArtifact(bytes: bytes) else { throw StoreRefusal() }
        return try verified(
            { () throws(SAMLRefusal) in
                try UnverifiedAuthnRequest.artifact(
                    resolved, by: settings.federation.serviceProvider(resolved.member), at: settings.identityProvider, on: moment)
            }, settings, at: moment)
    }
}

/// What became of an answer at the gate.
enum Sending {
    case sent(Response)
    /// The request was answered before.
    case taken
    /// The session ended meanwhile.
    case sessionEnded
}

extension Platform {
    /// Lets an answer about a citizen out: claim, record, participation, and the message itself where the member comes for it, in one
    /// commit; only then anything is said.
    func send(
        _ answer: SAMLAnswer, claiming claim: ReplayKey, joining: Joining, recording record: Record, _ settings: Configuration,
        at now: Timestamp
    ) async throws -> Sending {
        let outcome: JoinedClaim
        let response: Response
        if answer.binding != .artifact {
            outcome = try await stores.claim(
                claim.key, scope: claim.scope, until: claim.until, at: now, recording: record, joining: joining)
            response = samlPage(answer)
        } else {
            var random = SystemRandomNumberGenerator()
            let delivery = try answer.byArtifact(from: settings.identityProvider, at: now, using: &random)
            outcome = try await stores.keep(
                delivery.sealed, claiming: claim, joining: joining, recording: record.adding(delivery.record), at: now)
            response = page(delivery)
        }
        switch outcome {
        case .first: return .sent(response)
        case .taken: return .taken
        case .sessionEnded: return .sessionEnded
        }
    }

    /// Sends an error, which tells nothing of anybody.
    func send(_ answer: SAMLAnswer, recording record: Record, _ settings: Configuration, at now: Timestamp) async throws -> Response {
        guard answer.binding == .artifact else {
            try await stores.append(record)
            return samlPage(answer)
        }
        var random = SystemRandomNumberGenerator()
        let delivery = try answer.byArtifact(from: settings.identityProvider, at: now, using: &random)
        _ = try await stores.keep(delivery.sealed, claiming: nil, joining: nil, recording: record.adding(delivery.record), at: now)
        return page(delivery)
    }

    private func page(_ delivery: ArtifactDelivery) -> Response {
        if let location = delivery.location { return Answer.redirect(location) }
        return Answer.carrier(Pages.post(to: delivery.destination, delivery.fields.map { ($0.name, $0.value) }))
    }
}
