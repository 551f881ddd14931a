package import TrustFramework
package import Vocabulary

/// What the shell does next.
package enum Step: Sendable {
    /// Show the login page: one of these contexts would do, and in a step-up only the same citizen.
    case authenticate(Need)
    /// Ask the certificate's status on line, without a page, and ask again with what came of it.
    case refreshStatus(StatusNeed)
    /// Look up which of the member's customers this citizen is, without a page, and ask again.
    case lookUpCustomers(of: SubjectID, for: MemberID)
    /// Show the page where a signature certificate is presented.
    case presentSignature(SignatureNeed)
    /// Show exactly what would be sent, and ask for the citizen's yes.
    case consent(ConsentNeed)
    case permit(Permit)
    case refuse(SignOnRefusal)
}

/// A login that is missing.
package struct Need: Sendable {
    /// Why the card is asked for while the citizen is here already.
    package enum Why: Hashable, Sendable {
        /// Nobody is here.
        case first
        /// The logins of the session are not strong or not new enough for what is asked.
        case stronger
        /// The rules want the card used again.
        case again(AuthenticateAgain)
        /// The member's logins are kept apart from those made for others.
        case apart
        /// The login was for a short time, or for one answer, and that is over.
        case over
        /// The status of the certificate has to be asked anew, and only the card can show it.
        case status
    }

    /// Never empty; lowest first, or best liked first.
    package let acceptable: [AssuranceContext]
    /// Set in a step-up: the citizen who is here already.
    package let samePerson: SubjectID?
    package var why = Why.first
    /// What the rules that ask for it say, by language tag.
    package var says: [[String: String]] = []
    /// The weakest mode that is asked for, where the contexts by themselves would let a weaker one be asked for.
    var atLeast = CardMode.presence
    /// The request named these contexts one by one: the first is asked for, though each of the others is taken.
    var prefersFirst = false

    /// The weakest mode of the card that can satisfy the need: what the page and the card client are told.
    package var weakestMode: CardMode {
        let modes = acceptable.prefix(prefersFirst ? 1 : acceptable.count).reduce(into: Set<CardMode>()) { $0.formUnion($1.modes) }
        let reached: CardMode = modes.contains(.presence) ? .presence : modes.contains(.face) ? .face : .pin
        let weakest = reached.strength < atLeast.strength ? atLeast : reached
        guard case .again(let again) = why, weakest.strength < again.mode.strength else { return weakest }
        return again.mode
    }
}

/// The protocol-neutral decision: from an ask and a session to the next step.
package enum SignOn {
    /// Pure: `given` is what the shell looked up because an earlier call named it.
    package static func next(
        for ask: Ask, by member: Member, in session: Session?, under policy: Policy, sessions rules: SessionRules,
        given: Given = .nothing, at now: Timestamp
    ) -> Step {
        let session = session.flatMap { $0.isAlive(at: now, under: rules) ? $0 : nil }
        var journey = Weighing(
            ask: ask, member: member, purpose: ask.purpose ?? member.defaultPurpose, session: session, policy: policy, given: given,
            now: now)
        guard let session else { return journey.stepWithoutSession() }
        return journey.step(in: session, under: rules)
    }

    /// The island that a new login for this ask belongs to; nil: the open sea, where its session serves every member outside of islands.
    /// `record`: what the citizen has shown of a signature certificate for this member and purpose, where rules turn on it. Where they want one
    /// that is not there yet, the login is put where it will serve beside it.
    package static func island(
        of authentication: SessionAuthentication, for ask: Ask, by member: Member, under policy: Policy,
        beside record: IdentityRecord? = nil,
        at now: Timestamp
    ) -> String? {
        let isShown = record?.isAlive(at: now) ?? false
        let question = Question(
            member: member, purpose: ask.purpose ?? member.defaultPurpose,
            facts: authentication.facts.presenting(signatureCertificate: isShown), requirement: ask.requirement, now: now,
            request: ask.request, circumstances: policy.circumstances)
        let decision = policy.decide(question)
        guard decision.needsSignature else { return decision.obligations.session?.island }
        return policy.decide(question.with(authentication.facts.presenting(signatureCertificate: true))).obligations.session?.island
    }
}

/// One ask on its way to the next step.
private struct Weighing {
    let ask: Ask
    let member: Member
    let purpose: Purpose
    let session: Session?
    let policy: Policy
    let given: Given
    let now: Timestamp
    /// What keeps the session's logins from serving; the last reason that was met.
    private var hindrance = Need.Why.stronger
    /// Some login of the session would do, beside a signature certificate.
    private var needsSignature = false

    init(
        ask: Ask, member: Member, purpose: Purpose, session: Session?, policy: Policy, given: Given, now: Timestamp
    ) {
        self.ask = ask
        self.member = member
        self.purpose = purpose
        self.session = session
        self.policy = policy
        self.given = given
        self.now = now
    }

    mutating func step(in session: Session, under rules: SessionRules) -> Step {
        // The latest first: among equals the fresher login is the one to tell about.
        let recent = session.authentications.reversed().filter { ask.accepts($0, at: now) && !$0.isSpent }
        var serving: [Serving] = []
        for authentication in recent {
            if given.refreshed[authentication.certificate] == .revoked { return .refuse(.certificateRevoked) }
            if let one = self.serving(authentication, session) { serving.append(one) }
        }
        var best: Candidate?
        for one in serving {
            let beside = serving.filter { $0.authentication.island == one.authentication.island }.map(\.carrying.facts)
            let candidate = Candidate(login: one, carried: one.carrying.carriedOut(beside: beside))
            if best.map({ candidate.outranks($0) }) ?? true { best = candidate }
        }
        guard let best else { return presenting(recent, session) ?? triedInVain(recent) ?? stepWithoutSession() }
        switch best.carried {
        case .success(let met): return .permit(permit(best, met, session, rules))
        case .failure(let failure): return step(to: failure.unmet, for: best, session)
        }
    }

    /// Uses of the card in one visit: one of each mode.
    private static let mostTries = 3

    /// The card was used on this very visit, and no other use of it at that place would do: another try would end as this one. Where another
    /// would do, three are enough.
    private func triedInVain(_ recent: [SessionAuthentication]) -> Step? {
        let tries = recent.filter { ask.journey != nil && $0.journey == ask.journey }
        guard let last = tries.first else { return nil }
        let decision = policy.decide(question(known(last)))
        switch decision.outcome {
        case .deny(let denial): return .refuse(.denied(denial, by: decision, of: member.id, for: purpose, under: policy))
        case .permit, .authenticate:
            guard tries.count >= Self.mostTries else { return nil }
            return .refuse(.denied(.contextOutOfReach, by: decision, of: member.id, for: purpose, under: policy))
        }
    }

    /// Nobody is here, or no login of who is here serves.
    func stepWithoutSession() -> Step {
        let decision = policy.decide(question(nil))
        switch decision.outcome {
        case .deny(let denial): return .refuse(.denied(denial, by: decision, of: member.id, for: purpose, under: policy))
        case .permit: return .refuse(.denied(.noPermit, by: decision, of: member.id, for: purpose, under: policy))
        case .authenticate(let acceptable):
            let why = session == nil ? Need.Why.first : hindrance
            if ask.passive { return .refuse(session == nil || why == .stronger ? .passive(sessionExists: session != nil) : .passiveLogin) }
            return .authenticate(need(acceptable, why, says(decision)))
        }
    }

    /// Where the request names the very contexts that will do, the first is the one it likes best (SAML Core §3.3.2.2.1; OpenID Connect Core
    /// §5.5.1); nil where the ladder decides.
    private var liked: [AssuranceContext]? {
        guard let requirement = ask.requirement, requirement.comparison == .exact else { return nil }
        let liked = policy.ladder.satisfying(requirement)
        return liked.count > 1 ? liked : nil
    }

    private func need(_ acceptable: [AssuranceContext], _ why: Need.Why, _ says: [[String: String]]) -> Need {
        let preferred = liked?.filter { one in acceptable.contains { $0.name == one.name } } ?? []
        return Need(
            acceptable: preferred.isEmpty ? acceptable : preferred, samePerson: session?.subject, why: why, says: says,
            prefersFirst: !preferred.isEmpty)
    }

    // MARK: Logins of the session

    /// A login that serves this member.
    private struct Serving {
        let authentication: SessionAuthentication
        let carrying: Carrying
        /// On the ladder, or by what the request likes better.
        let rank: Int
    }

    private struct Candidate {
        let login: Serving
        let carried: Result<ObligationsMet, UnmetObligation>

        var authentication: SessionAuthentication { login.authentication }
        var carrying: Carrying { login.carrying }

        private var isCarriedOut: Bool { if case .success = carried { true } else { false } }

        /// What needs nothing more goes before what is stronger.
        func outranks(_ other: Candidate) -> Bool {
            isCarriedOut == other.isCarriedOut ? login.rank > other.login.rank : isCarriedOut
        }
    }

    /// Nil where this login does not serve this member: policy does not permit it, it belongs to another island, or its time is over.
    private mutating func serving(_ authentication: SessionAuthentication, _ session: Session) -> Serving? {
        let facts = known(authentication)
        let question = question(facts)
        let decision = policy.decide(question)
        guard case .permit(let context, let release) = decision.outcome, let rank = policy.ladder.rank(of: context) else {
            if decision.needsSignature { needsSignature = true }
            return nil
        }
        let limit = decision.obligations.session
        guard authentication.island == limit?.island else {
            hindrance = .apart
            return nil
        }
        if let lifetime = limit?.lifetime, now >= facts.authenticatedAt.adding(seconds: lifetime) {
            hindrance = .over
            return nil
        }
        let carrying = Carrying(
            ask: ask, question: question, decision: decision, context: context, release: release, facts: facts, subject: session.subject,
            given: given, policy: policy)
        let place = liked?.firstIndex { $0.name == context.name }
        return Serving(authentication: authentication, carrying: carrying, rank: place.map { -$0 } ?? rank)
    }

    private func known(_ authentication: SessionAuthentication) -> AssuranceFacts {
        var facts = authentication.facts
        if given.record?.isAlive(at: now) == true { facts = facts.presenting(signatureCertificate: true) }
        if case .good(let source, let moment) = given.refreshed[authentication.certificate] {
            facts = facts.refreshed(from: source, at: moment)
        }
        return facts
    }

    private func permit(_ best: Candidate, _ met: ObligationsMet, _ session: Session, _ rules: SessionRules) -> Permit {
        let tie = session.tie
        let limit = met.obligations.session
        let whole = session.expires(under: rules)
        let end = limit?.lifetime.map { min(whole, best.carrying.facts.authenticatedAt.adding(seconds: $0)) } ?? whole
        return Permit(
            question: best.carrying.question, subject: session.subject, context: best.carrying.context, facts: best.carrying.facts,
            decision: best.carrying.decision, met: met, sessionIndex: tie.index(for: member.id), sessionExpires: end,
            sessionEnds: whole, tie: tie, spending: limit?.once == true ? session.spending(best.authentication) : nil)
    }

    // MARK: What is missing

    private func step(to unmet: Unmet, for best: Candidate, _ session: Session) -> Step {
        switch unmet {
        case .mandate(let fault): return .refuse(.mandate(fault))
        case .authenticateAgain(let again): return authenticate(again, says(best.carrying.decision))
        case .status(let age): return refresh(best, age)
        case .signature(let attributes): return present(attributes, session)
        case .customers: return .lookUpCustomers(of: session.subject, for: member.id)
        case .consent(let need): return ask.passive ? .refuse(.passiveConsent) : .consent(need)
        }
    }

    private func authenticate(_ again: AuthenticateAgain, _ says: [[String: String]]) -> Step {
        if ask.passive { return .refuse(.passiveLogin) }
        let acceptable = reachable.filter { $0.modes.contains { $0.strength >= again.mode.strength } }
        guard !acceptable.isEmpty else {
            return .refuse(
                .denied(.contextOutOfReach, by: policy.decide(question(nil)), of: member.id, for: purpose, under: policy))
        }
        return .authenticate(need(acceptable, .again(again), says))
    }

    private func refresh(_ best: Candidate, _ age: Int64) -> Step {
        let authentication = best.authentication
        switch given.refreshed[authentication.certificate] {
        case nil:
            guard let der = authentication.certificateDER else {
                // Made before the rule was there: a new use of the card brings the certificate, and its status.
                if ask.passive { return .refuse(.passiveLogin) }
                return .authenticate(
                    need(reachable.isEmpty ? [best.carrying.context] : reachable, .status, says(best.carrying.decision)))
            }
            return .refreshStatus(StatusNeed(certificate: authentication.certificate, der: der, maximumAge: age))
        case .revoked: return .refuse(.certificateRevoked)
        case .unknown: return .refuse(.statusUnknown)
        // The lists stood in for a responder that is silent.
        case .good(let source, _): return .refuse(source == .ocsp ? .statusStale(maximumAge: age) : .statusUnknown)
        }
    }

    private func present(_ attributes: Set<AttributeSource>, _ session: Session) -> Step {
        if ask.passive { return .refuse(.passiveSignature) }
        return .presentSignature(
            SignatureNeed(subject: session.subject, member: member, purpose: purpose, attributes: attributes))
    }

    /// The page for a signature certificate, where a login of the session would be permitted beside one.
    private func presenting(_ recent: [SessionAuthentication], _ session: Session) -> Step? {
        guard needsSignature else { return nil }
        for authentication in recent {
            let decision = policy.decide(question(known(authentication).presenting(signatureCertificate: true)))
            guard case .permit(_, let release) = decision.outcome,
                authentication.island == decision.obligations.session?.island
            else { continue }
            return present(ask.wish.told(of: release, derived: decision.obligations.derived).personal.filter(\.takesRecord), session)
        }
        return nil
    }

    /// The contexts that a login could reach and policy would permit.
    private var reachable: [AssuranceContext] {
        guard case .authenticate(let acceptable) = policy.decide(question(nil)).outcome else { return [] }
        return acceptable
    }

    private func question(_ facts: AssuranceFacts?) -> Question {
        Question(
            member: member, purpose: purpose, facts: facts, requirement: ask.requirement, now: now, request: ask.request,
            circumstances: policy.circumstances)
    }

    private func says(_ decision: Decision) -> [[String: String]] { policy.says(decision) }
}

extension Policy {
    /// What the determining rules say of themselves, in the order of their ids.
    func says(_ decision: Decision) -> [[String: String]] { determining(decision).map(\.says).filter { !$0.isEmpty } }

    func determining(_ decision: Decision) -> [Rule] {
        let names = Set(decision.determining)
        return rules.filter { names.contains($0.id) }.sorted { $0.id < $1.id }
    }
}
