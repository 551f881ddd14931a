import TrustFramework
import Vocabulary

/// A rule that every path to a token keeps, whatever the grant (checklist E18, H6, H10). The list in its order is the specification.
struct IssuanceCheck: Sendable {
    struct Question: Sendable {
        let entitlement: Entitlement
        let grant: GrantType
        let client: Client
        let member: Member
        let policy: Policy
        /// The key that came with this request.
        let binding: TokenBinding?
        /// What the citizen's side says now.
        var word = CitizenWord.silent
        let now: Timestamp
        /// The policy of today on the facts of then; nil for records of an older version, which do not say.
        let decision: Decision?
        /// What it was asked.
        let asked: TrustFramework.Question?

        init(
            entitlement: Entitlement, grant: GrantType, client: Client, member: Member, policy: Policy, binding: TokenBinding?,
            word: CitizenWord = .silent, now: Timestamp
        ) {
            self.entitlement = entitlement
            self.grant = grant
            self.client = client
            self.member = member
            self.policy = policy
            self.binding = binding
            self.word = word
            self.now = now
            // Later a certificate counts only while it is kept: its citizen may have deleted it.
            asked = entitlement.assurance.map {
                $0.question(by: member, on: grant.path, under: policy, showing: grant.comesLater ? word.isShown : nil, at: now)
            }
            decision = asked.map(policy.decide)
        }
    }

    let name: String
    let fault: @Sendable (Question) -> TokenRefusal?

    /// What may be issued now.
    struct Verdict: Sendable {
        /// No more than policy releases today, where time has passed since the login.
        let entitlement: Entitlement
        let ledger: ToldAgain?
    }

    static func verdict(_ question: Question) throws(TokenRefusal) -> Verdict {
        for check in inOrder {
            if let refusal = check.fault(question) { throw refusal.decided(PolicyAnswer(question.decision, of: question.asked)) }
        }
        guard question.grant.comesLater, let decision = question.decision, let asked = question.asked else {
            return Verdict(entitlement: question.entitlement, ledger: nil)
        }
        let entitlement = question.entitlement.narrowed(to: decision)
        guard question.grant == .refreshToken, decision.obligations.writesLedger || entitlement.citizen != nil else {
            return Verdict(entitlement: entitlement, ledger: nil)
        }
        return Verdict(
            entitlement: entitlement,
            ledger: ToldAgain(question: asked, decision: decision, told: entitlement.told.map(\.rawValue)))
    }
}

extension GrantType {
    /// By which way of the trust framework it issues.
    var path: IssuancePath {
        switch self {
        case .authorizationCode: .signOn
        case .refreshToken: .refresh
        case .deviceCode: .device
        case .ciba: .backchannel
        case .tokenExchange: .exchange
        // Issues nothing of a citizen, and comes by no check of this list.
        case .clientCredentials: .exchange
        }
    }

    /// Time has passed since the login: what the rules oblige to is looked at anew. A code, a device code and a CIBA request are redeemed
    /// for the answer that the citizen has just been through.
    var comesLater: Bool { self == .refreshToken || self == .tokenExchange }
}

extension IssuanceCheck {
    static let inOrder = [
        IssuanceCheck(name: "the grant type is registered") { question in
            question.client.grants.contains(question.grant)
                ? nil : TokenRefusal(.unauthorizedClient, .grantTypeUnregistered(question.grant.rawValue))
        },
        IssuanceCheck(name: "the client's own") { question in
            question.entitlement.client.text.hasSameBytes(as: question.client.id.text)
                ? nil
                : invalid("client", "what is redeemed was issued to another client", "RFC 6749 §4.1.3, §6", "redeem only your own")
        },
        IssuanceCheck(name: "the member in force") { question in
            Explanation.memberFault(question.member, question.client.id, question.now).map { TokenRefusal(.invalidGrant, $0) }
        },
        IssuanceCheck(name: "the session not over") { question in
            question.now < question.entitlement.sessionExpires
                ? nil
                : invalid(
                    "session-over", "the session it comes from is over", "OpenID Connect Core §11; checklist E18",
                    "send the citizen to the authorization endpoint again",
                    [.init("session-ended-at", question.entitlement.sessionExpires.text), .init("now", question.now.text)])
        },
        IssuanceCheck(name: "the purpose still accredited") { question in
            let purpose = question.entitlement.purpose ?? question.member.defaultPurpose
            return question.member.accreditation.purposes.contains(purpose)
                ? nil
                : invalid(
                    "purpose", "the member is not accredited for this purpose any more", "trust framework: accreditation; checklist H10",
                    "the member's administrator has the purpose accredited again", [.init("purpose", purpose.text)])
        },
        IssuanceCheck(name: "the context still in the ladder") { question in
            let acr = question.entitlement.acr
            // A refresh token of the first version does not say; the rule behind judges what it can.
            guard !acr.isEmpty, question.policy.ladder.context(named: acr) == nil else { return nil }
            return invalid(
                "context", "the level of this login is no level of the deployment any more", "checklist H6",
                "send the citizen to the authorization endpoint again", [.init("acr", acr)])
        },
        IssuanceCheck(name: "the level still reached, required and permitted") { question in
            level(question)
        },
        IssuanceCheck(name: "what the rules oblige to still met") { question in
            guard question.grant.comesLater, let decision = question.decision, let assurance = question.entitlement.assurance else {
                return nil
            }
            return LaterObligation.unmet(decision.obligations, of: question.entitlement, assurance, at: question.now).map {
                invalid(
                    "obligation", "the rules ask for something that only the citizen can do again", "trust framework: obligations",
                    "send the citizen to the authorization endpoint again",
                    [.init("obligation", $0.rawValue), .init("policy-version", decision.policyVersion)])
            }
        },
        IssuanceCheck(name: "what the citizen agreed to not taken back") { question in
            guard let citizen = question.entitlement.citizen, !question.word.upholds(citizen) else { return nil }
            return invalid(
                "consent", "the citizen has taken back the consent that this was told under", "trust framework: consent",
                "send the citizen to the authorization endpoint again",
                [.init("attributes", citizen.consented.map(\.rawValue).joined(separator: " "))])
        },
        IssuanceCheck(name: "the sender constraint of the client") { question in
            question.client.unmetConstraint(by: question.binding)
        },
        IssuanceCheck(name: "the key it was bound to") { question in
            guard let bound = question.entitlement.binding, bound != question.binding else { return nil }
            return TokenRefusal(.invalidGrant, .boundElsewhere)
        },
    ]

    /// The policy of today decides on the facts of then: the same question as at the login, so that a rule, a ladder or a requirement that
    /// was tightened holds at once.
    private static func level(_ question: Question) -> TokenRefusal? {
        guard let assurance = question.entitlement.assurance, let decision = question.decision else { return nil }
        let granted = question.policy.ladder.context(named: question.entitlement.acr)
        if case .permit = decision.outcome, granted.map({ $0.isReached(by: assurance.facts) }) ?? question.entitlement.acr.isEmpty {
            return nil
        }
        return invalid(
            "level", "the level of this login does not suffice any more", "trust framework: policy; checklist H6, E18",
            "send the citizen to the authorization endpoint again",
            [.init("acr", question.entitlement.acr), .init("policy-version", decision.policyVersion)])
    }

    private static func invalid(
        _ code: String, _ summary: String, _ clause: String, _ remedy: String, _ compared: [Explanation.Compared] = []
    ) -> TokenRefusal {
        TokenRefusal(.invalidGrant, .grantFault(code, summary, clause, remedy, compared))
    }
}

extension AssuranceLadder {
    /// The context that goes by this `acr`, in any of its names.
    func context(named acr: String) -> AssuranceContext? {
        contexts.first { context in context.acrValues.contains { $0.hasSameBytes(as: acr) } || context.name.hasSameBytes(as: acr) }
    }
}

extension Explanation {
    static func grantFault(
        _ code: String, _ summary: String, _ clause: String, _ remedy: String, _ compared: [Compared] = []
    ) -> Explanation {
        Explanation("openid.token." + code, summary, compared: compared, clause: clause, remedy: remedy)
    }

    /// A member whose accreditation ended since the login gets nothing more.
    static func memberFault(_ member: Member, _ client: MemberID, _ now: Timestamp) -> Explanation? {
        guard member.id.text.hasSameBytes(as: client.text) else {
            return grantFault("member", "the client is no member", "trust framework: members", "register the client")
        }
        let standing = member.standing(at: now)
        guard standing != .inForce else { return nil }
        return grantFault(
            "member." + standing.rawValue, "the member's accreditation is not in force", "trust framework: accreditation",
            "the member's administrator renews or reinstates its accreditation", [.init("standing", standing.rawValue)])
    }

    static func grantTypeUnregistered(_ sent: String) -> Explanation {
        grantFault(
            "grant-type-unregistered", "the client is not registered for this grant type", "RFC 6749 §5.2",
            "have the grant type put into the registration under `grants`", [.init("grant_type", sent)])
    }

    static func constraintUnmet(_ constraint: String) -> Explanation {
        grantFault(
            "sender-constraint", "the client's tokens are bound to a key, and the request shows none", "RFC 9449 §5; RFC 8705 §3",
            constraint == "mtls" ? "use the connection with the client certificate" : "send a DPoP proof in the header field DPoP",
            [.init("sender-constraint", constraint)])
    }

    static let boundElsewhere = grantFault(
        "binding", "what is redeemed is bound to another key than this request shows", "RFC 9449 §10; RFC 8705 §3",
        "use the key that was named in the authorization request, or that the refresh token was issued to")
}

extension Client {
    /// Nil when what binds the token is what the client is registered for (RFC 9449 §5, RFC 8705 §3).
    func unmetConstraint(by binding: TokenBinding?) -> TokenRefusal? {
        switch (senderConstraint, binding) {
        case (.none, _), (.either, .some), (.dpop, .dpop), (.mtls, .certificate): nil
        case (let constraint, _): TokenRefusal(.invalidRequest, .constraintUnmet(constraint.rawValue))
        }
    }
}
