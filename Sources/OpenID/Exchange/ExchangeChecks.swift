import Cryptography
package import TrustFramework
package import Vocabulary

/// Everybody whom an exchange concerns, as the federation has them now.
package struct ExchangeParties: Sendable {
    /// The member that asks.
    package let requester: Member
    /// The agency that the new token is for, and its registration.
    package let target: Client
    package let targetMember: Member
    /// Which of the target's resources is meant.
    package let resource: String
    /// The members behind `ActorChain(of: parent)`, in its order; nil where there is none any more.
    package let earlier: [Member?]

    /// `earlier`: the members that acted before the requester, in the order of `AccessTokenRecord.earlierActors(than:)`.
    package init(requester: Member, target: Client, targetMember: Member, resource: String, earlier: [Member?]) {
        self.requester = requester
        self.target = target
        self.targetMember = targetMember
        self.resource = resource
        self.earlier = earlier
    }
}

extension AccessTokenRecord {
    /// Who acted with this token before `requester` does: nobody when it is the portal's own, from the login; the portal, and whoever acted
    /// before, when an agency hands on what it was given.
    package func earlierActors(than requester: MemberID) -> [MemberID] {
        if act != nil { return actors }
        return client.text.hasSameBytes(as: requester.text) ? [] : [client]
    }
}

extension AccessTokenRecord {
    /// The target learns nothing of the person, nor what the portal was told of the login: who it is for, and what was agreed.
    fileprivate var tellingNothing: Entitlement { entitlement.telling(only: []) }
}

/// A rule of token exchange. The list in its order is the specification (checklist O15, E20).
struct ExchangeCheck: Sendable {
    struct Question: Sendable {
        let exchange: TokenExchange
        let parent: AccessTokenRecord
        let client: AuthenticatedClient
        /// The key that came with the request.
        let binding: TokenBinding?
        let parties: ExchangeParties
        let policy: Policy
        let now: Timestamp
    }

    let name: String
    let fault: @Sendable (Question) -> TokenRefusal?

    /// Rights that are the portal's own and never handed on: who the citizen is to it, and coming back without the citizen.
    static let ownScopes: Set<String> = ["openid", "profile", "email", "address", "phone", "offline_access"]
}

extension ExchangeCheck {
    static let inOrder = [
        ExchangeCheck(name: "the client may exchange") { question in
            question.requester.grants.contains(.tokenExchange) && question.requester.exchange != nil
                ? nil : TokenRefusal(.unauthorizedClient, .grantTypeUnregistered(GrantType.tokenExchange.rawValue))
        },
        ExchangeCheck(name: "the subject token that was sent, alive") { question in
            ConstantTime.equal(question.parent.tokenDigest, question.exchange.subjectDigest) && question.now < question.parent.expiresAt
                ? nil : TokenRefusal(.invalidRequest, .subjectTokenUnknown)
        },
        // Its own, from the login; or one that was made for it, when it hands the matter on.
        ExchangeCheck(name: "the client's own token, or one for it") { question in
            question.isOwn || question.isAudience ? nil : TokenRefusal(.invalidRequest, .subjectTokenUnknown)
        },
        ExchangeCheck(name: "with the key that the token is bound to") { question in
            guard question.isOwn, let bound = question.parent.binding, bound != question.binding else { return nil }
            return TokenRefusal(.invalidRequest, .subjectTokenBound)
        },
        ExchangeCheck(name: "the target is a resource of its member") { question in
            question.parties.target.audiences.contains { $0.hasSameBytes(as: question.parties.resource) }
                ? nil : TokenRefusal.targetUnknown(question.exchange.target)
        },
        ExchangeCheck(name: "the target is another member") { question in
            question.parties.target.id.text.hasSameBytes(as: question.requester.id.text)
                ? TokenRefusal(.invalidTarget, .exchangeWithItself) : nil
        },
        ExchangeCheck(name: "the client is registered for this target") { question in
            question.requester.exchange?.audiences.contains { question.names($0) } == true
                ? nil : TokenRefusal(.invalidTarget, .targetNotRegistered(question.exchange.target))
        },
        ExchangeCheck(name: "the target takes exchanges from the client") { question in
            question.parties.target.acceptsExchangesFrom.contains { $0.hasSameBytes(as: question.requester.id.text) }
                ? nil : TokenRefusal(.invalidTarget, .targetRefuses(question.exchange.target))
        },
        ExchangeCheck(name: "the citizen agreed") { question in
            question.consented.isEmpty ? TokenRefusal(.invalidTarget, .notAgreed(question.exchange.target)) : nil
        },
        ExchangeCheck(name: "the chain is not too long") { question in
            let earlier = question.parent.earlierActors(than: question.requester.id).count
            let most = question.requester.exchange?.depth ?? 1
            return earlier + 1 <= most && earlier < ActorChain.longest
                ? nil : TokenRefusal(.invalidRequest, .chainTooLong(earlier + 1, most: most))
        },
        ExchangeCheck(name: "whoever acted before is in force") { question in
            let earlier = question.parent.earlierActors(than: question.requester.id)
            guard earlier.count == question.parties.earlier.count else { return TokenRefusal(.invalidRequest, .subjectTokenUnknown) }
            for (id, member) in zip(earlier, question.parties.earlier) {
                guard let member, Explanation.memberFault(member, id, question.now) == nil else {
                    return TokenRefusal(.invalidRequest, .actorFellOut(id.text))
                }
            }
            return nil
        },
        ExchangeCheck(name: "the target in force, for its purpose, at the level it needs") { question in level(question) },
        ExchangeCheck(name: "what the target's rules oblige to") { question in
            guard let decision = question.decision, let assurance = question.parent.assurance else { return nil }
            return LaterObligation.unmet(decision.obligations, of: question.parent.tellingNothing, assurance, at: question.now).map {
                TokenRefusal(.insufficientUserAuthentication, .targetObliges($0.rawValue, policyVersion: decision.policyVersion))
            }
        },
    ]

    private static func level(_ question: Question) -> TokenRefusal? {
        guard let decision = question.decision else { return TokenRefusal(.invalidRequest, .subjectTokenUnknown) }
        switch decision.outcome {
        case .permit: return nil
        case .authenticate(let acceptable):
            return TokenRefusal(
                .insufficientUserAuthentication, .loginTooWeak(acceptable.compactMap(\.acrValues.first), reached: question.parent.acr ?? "")
            )
        case .deny:
            return TokenRefusal(.invalidTarget, .targetDenied(question.exchange.target, policyVersion: decision.policyVersion))
        }
    }
}

extension ExchangeCheck.Question {
    var requester: Client { client.client }

    /// The client got it at the citizen's login.
    var isOwn: Bool { parent.act == nil && parent.client.text.hasSameBytes(as: requester.id.text) }

    /// Another presented it to the client, which is the resource it was made for.
    var isAudience: Bool {
        !parent.client.text.hasSameBytes(as: requester.id.text)
            && parent.audience.contains { audience in requester.audiences.contains { $0.hasSameBytes(as: audience) } }
    }

    /// The resources of the agency that hands the matter on; nil: the client that was at the login asks.
    var agency: Set<String>? { isOwn ? nil : requester.audiences }

    /// What the citizen agreed that the target be told.
    var consented: [JSON] { ConsentedDetails(parent.authorizationDetails).concerning(parties.resource, handedOnBy: agency) }

    /// The target's own policy on the facts of the citizen's login: an exchange is no way around a step-up. Nil when it cannot be judged.
    var decision: Decision? {
        let member = parties.targetMember
        guard member.id.text.hasSameBytes(as: parties.target.id.text), let assurance = parent.assurance else { return nil }
        return policy.decide(asked(of: assurance))
    }

    /// The same with what was asked, for the audit trail.
    var answered: PolicyAnswer? { PolicyAnswer(decision, of: parent.assurance.map(asked)) }

    /// What the target's policy is asked.
    func asked(of assurance: GrantedAssurance) -> TrustFramework.Question {
        let member = parties.targetMember
        return TrustFramework.Question(
            member: member, purpose: member.defaultPurpose, facts: assurance.facts.presenting(signatureCertificate: false),
            requirement: nil, now: now,
            request: RequestFacts(protocol: .openid, path: .exchange, asked: [], actingFor: assurance.actingFor),
            circumstances: policy.circumstances)
    }

    fileprivate func names(_ audience: String) -> Bool {
        audience.hasSameBytes(as: parties.resource) || audience.hasSameBytes(as: parties.target.id.text)
    }
}
