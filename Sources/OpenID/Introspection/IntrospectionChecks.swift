import Cryptography
import TrustFramework
import Vocabulary

/// A rule of introspection. A token is active when every one of the list holds; which one does not, nobody is told.
struct IntrospectionCheck: Sendable {
    struct Question: Sendable {
        let introspection: VerifiedIntrospection
        let token: IntrospectedToken
        let policy: Policy
        /// What the citizen showed of a signature certificate at the login is still kept.
        var isShown = true
        let now: Timestamp
    }

    let name: String
    let holds: @Sendable (Question) -> Bool
}

extension IntrospectionCheck {
    static let inOrder = [
        IntrospectionCheck(name: "the token that was sent") { question in
            let digest =
                switch question.token {
                case .access(let record, _, _, _): record.tokenDigest
                case .refresh(let record, _): record.tokenDigest
                }
            return ConstantTime.equal(digest, question.introspection.digest)
        },
        IntrospectionCheck(name: "it still lives") { question in
            switch question.token {
            case .access(let record, _, _, _): question.now < record.expiresAt
            case .refresh(let record, let fresh): question.now < record.expiresAt && fresh
            }
        },
        // An access token for none of its audiences is another resource server's, or ours.
        IntrospectionCheck(name: "it is the resource server's business") { question in
            let server = question.introspection.server
            return switch question.token {
            case .access(let record, _, _, _):
                record.audience.contains { audience in server.audiences.contains { $0.hasSameBytes(as: audience) } }
            case .refresh(let record, _): record.client.text.hasSameBytes(as: server.id.text)
            }
        },
        IntrospectionCheck(name: "its client registered, its member in force") { question in
            switch question.token {
            case .access(let record, let client, let member, _):
                client?.id.text.hasSameBytes(as: record.client.text) == true
                    && member.map { Explanation.memberFault($0, record.client, question.now) == nil } == true
            // The resource server itself; it was proven when it asked.
            case .refresh: true
            }
        },
        IntrospectionCheck(name: "whoever acts is in force") { question in
            guard case .access(let record, _, _, let actors) = question.token, let act = record.act else { return true }
            guard let chain = ActorChain(act: act), chain.members.count == actors.count else { return false }
            return zip(chain.members, actors).allSatisfy { id, member in
                member.map { Explanation.memberFault($0, id, question.now) == nil } == true
            }
        },
        // The policy of now on the facts of then, as wherever a token is issued.
        IntrospectionCheck(name: "its service still permitted") { question in
            guard case .access(let record, _, let member?, _) = question.token, let assurance = record.assurance else { return true }
            let asked = assurance.question(
                by: member, on: .introspection, under: question.policy, showing: question.isShown, at: question.now)
            if case .permit = question.policy.decide(asked).outcome { return true }
            return false
        },
        // The resource server learns who the citizen is: not where a rule forbids it, and not across islands.
        IntrospectionCheck(name: "nothing forbids the resource server to be told") { question in
            guard case .access(let record, _, _, _) = question.token, let assurance = record.assurance else { return true }
            let member = question.introspection.member
            let decision = question.policy.decide(
                TrustFramework.Question(
                    member: member, purpose: member.defaultPurpose, facts: assurance.facts.presenting(signatureCertificate: false),
                    requirement: nil, now: question.now,
                    request: RequestFacts(protocol: .openid, path: .introspection, asked: [], actingFor: assurance.actingFor),
                    circumstances: question.policy.circumstances))
            switch decision.outcome {
            case .permit: return decision.obligations.session?.island == assurance.island
            case .deny(.forbidden): return false
            // No rule speaks of it: it is told what a token for it says, and no more.
            case .authenticate, .deny: return true
            }
        },
        IntrospectionCheck(name: "its level still reached") { question in
            guard case .access(let record, _, _, _) = question.token, let acr = record.acr, let assurance = record.assurance else {
                return true
            }
            return question.policy.ladder.context(named: acr)?.isReached(by: assurance.facts) == true
        },
    ]
}
