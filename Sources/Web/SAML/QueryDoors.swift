import Hummingbird
import SAML
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Attribute queries of members' servers (SAML Profiles §6; checklist S12): the citizen is not here, so that nothing is told which a sign-on
/// would not tell now, and nothing without a session that this member takes part in.
extension Platform {
    /// `POST /saml/attributes`
    func queryAttributes(_ request: Request) async throws -> Response {
        try await soap(request, AttributeQuery.name, to: \.attributeQuery, signature: AttributeQuery.signature) { message, settings, now in
            var random = SystemRandomNumberGenerator()
            let query: VerifiedAttributeQuery
            do throws(SAMLRefusal.Reason) {
                if let reason = settings.refusal(ofSAML: message.sender.entityID, at: now) { throw reason }
                query = try VerifiedAttributeQuery(reading: message, at: settings.identityProvider, at: now)
            } catch {
                try await recordQuery(error.explanation, of: message.sender.entityID, at: now)
                return try QueryResponse.refusing(error, to: message, from: settings.identityProvider, at: now, using: &random)
            }
            return try await answer(query, message, settings, at: now)
        }
    }

    private func answer(
        _ query: VerifiedAttributeQuery, _ message: ProvenMessage, _ settings: Configuration, at now: Timestamp
    ) async throws -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        let identityProvider = settings.identityProvider
        switch try await permit(query, settings, at: now) {
        case .none: break
        case .refused(let refusal):
            try await recordQuery(
                refusal.explanation, of: query.sender.entityID, at: now, refusal: refusal, of: query.ask(at: now), settings)
            return try query.response(refusing: refusal, from: identityProvider, at: now, using: &random)
        case .found(let grant, let name, let general):
            let answer = try query.response(
                for: grant, named: name, general: general, from: identityProvider, at: now, using: &random)
            // Made before the gate, sent behind it: a logout that came in between stops it here.
            let key = query.replayKey
            let ledger = answer.told.isEmpty ? nil : grant.ledgerEntry(telling: answer.told, at: now, using: &random)
            switch try await stores.claim(
                key.key, scope: key.scope, until: key.until, at: now,
                recording: record(of: grant, answer, query, at: now).adding(ledger.map { [$0.fact] } ?? []),
                joining: grant.joining(as: name, at: now, ledger: ledger))
            {
            case .first: return answer.envelope
            case .taken:
                let reason = SAMLRefusal.Reason.replayed(query.id)
                try await recordQuery(reason.explanation, of: query.sender.entityID, at: now)
                return try QueryResponse.refusing(reason, to: message, from: identityProvider, at: now, using: &random)
            case .sessionEnded: break
            }
        }
        try await recordQuery(SAMLRefusal.Reason.queryPrincipal.explanation, of: query.sender.entityID, at: now)
        return try query.unknownPrincipal(from: identityProvider, at: now, using: &random)
    }

    private enum Permission {
        case none
        case refused(SignOnRefusal)
        case found(Grant, MemberName, general: PairwiseID?)
    }

    /// The youngest session that the query means and that policy permits to tell of.
    private func permit(_ query: VerifiedAttributeQuery, _ settings: Configuration, at now: Timestamp) async throws -> Permission {
        guard let asked = query.name, let member = settings.federation.member(query.sender.entityID) else { return .none }
        let ask = query.ask(at: now)
        var refusal: SignOnRefusal?
        let named = try await stores.participations(of: member.id, named: asked.text).filter(query.names)
        for participation in named.sorted(by: { $0.joinedAt > $1.joinedAt }) {
            guard let session = try await stores.session(in: participation.thread, at: now),
                session.isAlive(at: now, under: settings.sessions), session.subject == participation.subject
            else { continue }
            switch try await step(for: ask, by: member, in: session, settings, at: now) {
            case .permit(let permit):
                do {
                    let pairwise = try await known(permit.subject, sector: member.sector, at: now)
                    let general =
                        query.sender.takesGeneralIdentifier
                        ? try? await known(permit.subject, sector: GeneralIdentifier.sector, at: now) : nil
                    return .found(try permit.grant(to: pairwise, for: ask), participation.name, general: general)
                } catch let failure as SignOnRefusal {
                    refusal = refusal ?? failure
                }
            case .refuse(let failure): refusal = refusal ?? failure
            case .authenticate, .refreshStatus, .lookUpCustomers, .presentSignature, .consent:
                refusal = refusal ?? .passive(sessionExists: true)
            }
        }
        return refusal.map(Permission.refused) ?? .none
    }

    /// An identifier that is there already: a query makes none.
    private func known(_ subject: SubjectID, sector: String, at now: Timestamp) async throws -> PairwiseID {
        try await stores.pairwise(subject, sector: sector, orElse: Self.noPairwise(), at: now)
    }

    @Sendable private static func noPairwise() throws -> PairwiseID { throw SignOnRefusal.noIdentifier }

    private func recordQuery(_ explanation: Explanation, of member: MemberID, at now: Timestamp) async throws {
        try await stores.append(
            Record("attributes.refused", at: now, [("member", .string(member.text)), ("code", .string(explanation.code))]))
    }

    /// A refusal that may be policy's.
    private func recordQuery(
        _ explanation: Explanation, of member: MemberID, at now: Timestamp, refusal: SignOnRefusal, of ask: Ask,
        _ settings: Configuration
    ) async throws {
        let facts: [(name: String, value: JSON)] = [
            ("member", .string(member.text)), ("code", .string(explanation.code)),
            ("policy-version", .string(settings.policy.version)),
        ]
        try await stores.append(
            Record("attributes.refused", at: now, facts + traced(refusal, of: ask, settings, beside: facts, at: now)))
    }

    private func record(of grant: Grant, _ answer: QueryAnswer, _ query: VerifiedAttributeQuery, at now: Timestamp) -> Record {
        let facts: [(name: String, value: JSON)] =
            [
                ("protocol", "saml"), ("member", .string(grant.member.id.text)), ("purpose", .string(grant.purpose.text)),
                ("subject", .string(grant.subject.text)), ("context", .string(grant.context.name)),
                ("authenticated-at", .string(grant.facts.authenticatedAt.text)),
                ("rules", .array(grant.decision.determining.map { .string($0) })),
                ("policy-version", .string(grant.decision.policyVersion)), ("request", .string(query.id)),
            ] + answer.record
        return Record(
            "attributes.released", at: now, facts + [traced(grant.decision, of: grant.question, beside: facts, at: now)])
    }
}
