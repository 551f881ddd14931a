import TrustFramework
package import Vocabulary

/// Proof that a service may act for the citizen at an agency. The citizen's identifier is still missing: it is that of the agency's sector,
/// which only the store can tell, and which the service never sees.
package struct VerifiedExchange: Sendable {
    let question: ExchangeCheck.Question
    /// The agency's level for this login.
    let context: AssuranceContext
    let scopes: [String]
    let details: JSON
    let actors: ActorChain

    fileprivate init(
        question: ExchangeCheck.Question, context: AssuranceContext, scopes: [String], details: JSON, actors: ActorChain
    ) {
        self.question = question
        self.context = context
        self.scopes = scopes
        self.details = details
        self.actors = actors
    }

    /// Whose identifier of the citizen the token will have.
    package var sector: String { question.parties.targetMember.sector }
}

extension VerifiedExchange {
    static func proven(_ question: ExchangeCheck.Question) throws(TokenRefusal) -> VerifiedExchange {
        for check in ExchangeCheck.inOrder {
            if let refusal = check.fault(question) { throw refusal.decided(question.answered) }
        }
        guard case .permit(let context, _) = question.decision?.outcome,
            let actors = ActorChain([question.requester.id] + question.parent.earlierActors(than: question.requester.id))
        else { throw TokenRefusal(.invalidRequest, .subjectTokenUnknown) }
        return VerifiedExchange(
            question: question, context: context, scopes: try scopes(question), details: try details(question), actors: actors)
    }

    /// Fewer than the subject token has, never more, and none that is the portal's alone.
    private static func scopes(_ question: ExchangeCheck.Question) throws(TokenRefusal) -> [String] {
        let most = question.parent.scopes.filter { !ExchangeCheck.ownScopes.contains($0) }
        guard let asked = question.exchange.scopes else { return most }
        guard asked.allSatisfy(most.contains) else {
            throw TokenRefusal(
                .invalidScope,
                .value("scope", asked.joined(separator: " "), accepted: most.joined(separator: " "), "RFC 8693 §2.1; RFC 6749 §6"))
        }
        var seen: Set<String> = []
        return asked.filter { seen.insert($0).inserted }
    }

    /// What the citizen agreed to for this agency; of several details fewer may be asked for, each as it was agreed to.
    private static func details(_ question: ExchangeCheck.Question) throws(TokenRefusal) -> JSON {
        let most = question.consented
        guard let text = question.exchange.details else { return .array(most) }
        guard let asked = (try? JSON(reading: text, limit: 16_384, depth: 8))?.array, !asked.isEmpty, asked.count <= most.count else {
            throw TokenRefusal(.invalidAuthorizationDetails, .detailsWider)
        }
        // Either as it was agreed to, or as it is narrowed to the agency.
        let agreed = ConsentedDetails(.array(asked)).concerning(question.parties.resource, handedOnBy: question.agency)
        let narrowed = agreed.isEmpty ? asked : agreed
        guard narrowed.count == asked.count, narrowed.allSatisfy(most.contains) else {
            throw TokenRefusal(.invalidAuthorizationDetails, .detailsWider)
        }
        return .array(narrowed)
    }
}

extension VerifiedExchange {
    /// Makes the token: `act` names who acts, `sub` is the citizen of the agency's sector, and it ends no later than the token it was exchanged
    /// for. `pairwise` is the identifier in `sector`. Nothing counts before `ExchangeStore.issue` has kept it.
    package func tokens(
        to pairwise: PairwiseID, at provider: Provider, using random: inout some RandomNumberGenerator
    ) throws(TokenRefusal) -> TokenAnswer {
        let parent = question.parent
        // What is handed on serves the purpose of whoever hands it on.
        let assurance = parent.assurance.map {
            question.isOwn
                ? $0
                : GrantedAssurance(
                    purpose: question.parties.requester.defaultPurpose, facts: $0.facts, requirement: nil, island: $0.island,
                    actingFor: $0.actingFor)
        }
        let entitlement = Entitlement(
            client: question.requester.id, pairwise: pairwise, scopes: scopes, acr: context.acrValues.first ?? context.name,
            amr: context.amr, authenticatedAt: parent.authenticatedAt ?? parent.issuedAt, claims: .object([]), sid: nil,
            sessionExpires: parent.expiresAt, authorizationDetails: details, resources: [question.parties.resource], assurance: assurance)
        var order = TokenMint.Order(.tokenExchange, root: parent.codeDigest)
        order.withIDToken = false
        order.refresh = .none
        order.act = actors.act
        order.end = parent.expiresAt
        // The service must not read the citizen's identifier at the agency: the agency asks us what the token is (docs/decisions/0043).
        order.format = .opaque
        order.members = [("issued_token_type", .string(TokenExchange.accessToken))]
        let answer = try TokenMint.tokens(
            for: entitlement, client: question.client, member: question.parties.requester, policy: question.policy,
            binding: question.binding, at: provider, at: question.now, using: &random, via: order)
        return TokenAnswer(
            body: answer.body, accessToken: answer.accessToken, refreshToken: nil,
            facts: answer.facts + [
                ("actors", .string(actors.text)), ("target", .string(question.parties.target.id.text)),
                ("target-sector", .string(sector)), ("resource", .string(question.parties.resource)), ("acr", .string(entitlement.acr)),
            ], ledger: toldAgain, decided: question.answered)
    }

    /// The target learns of the citizen: into the ledger where its rules say so.
    private var toldAgain: ToldAgain? {
        guard let decision = question.decision, decision.obligations.writesLedger, let assurance = question.parent.assurance else {
            return nil
        }
        return ToldAgain(question: question.asked(of: assurance), decision: decision, told: [])
    }
}
