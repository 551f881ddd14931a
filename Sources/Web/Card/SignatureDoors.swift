import Credentials
import HTTPTypes
import Hummingbird
import Settings
import SignOn
import Signals
import TrustFramework
import Vocabulary

/// Where a citizen shows his signature certificate (署名用電子証明書) for one service and one purpose: a page in plain words, and the card
/// client's door behind it, in the same shape as the login's.
extension Platform {
    /// `GET /journey/{transaction}/identity`
    func identity(_ request: Request, _ context: DoorContext) async throws -> Response {
        switch try await visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let visit):
            guard case .presentSignature(let need) = visit.step else { return Self.onwards(visit) }
            return Answer.page(SignaturePages.present(need, visit))
        }
    }

    /// `POST /journey/{transaction}/identity/challenge`
    func identityChallenge(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard Self.isJSON(request) else { return Self.refusal(Self.notJSON, .unsupportedMediaType) }
        let visit: Visit
        switch try await self.visit(request, context) {
        case .failure(let refusal): return Self.refusal(refusal.explanation, .forbidden)
        case .success(let found): visit = found
        }
        guard case .presentSignature(let need) = visit.step, let session = visit.session else {
            return Self.refusal(Self.nothingToShow, .conflict)
        }
        var random = SystemRandomNumberGenerator()
        guard
            let challenge = IdentityChallenge.issue(
                origin: visit.settings.baseURL, transaction: visit.transaction.id, member: need.member.id, purpose: need.purpose.text,
                session: session.id.bytes, at: visit.now, lifetime: visit.settings.challengeLifetime, using: &random)
        else { throw StoreRefusal() }
        try await stores.issue(challenge)
        let tie = visit.settings.cards.identity.rules.tie
        return Answer.json([
            "challenge": .string(challenge.id.text), "text": .string(String(decoding: challenge.signedText, as: UTF8.self)),
            "algorithms": ["RS256", "ES384"], "expires": .string(challenge.expiresAt.text), "purpose": "identity",
            "service": .string(need.member.id.text), "for": .string(need.purpose.text),
            "attributes": .array(AttributeSource.allCases.filter(need.attributes.contains).map { .string($0.rawValue) }),
            "login": .string(Self.needsLogin(session, visit) ? "needed" : "fresh"),
            "tie": .string(tie.rawValue),
            // Whoever can say more at no cost to the citizen does: only so is he known again by this certificate when the card is gone.
            "tie_wished": .string(max(tie, visit.settings.links.relinkTie).rawValue),
        ])
    }

    /// Whether the login of the session says no more who is at the card, so that the login key has to sign too.
    private static func needsLogin(_ session: Session, _ visit: Visit) -> Bool {
        let rules = visit.settings.cards.identity.rules
        guard rules.tie == .journey else { return true }
        return !session.authentications.contains { $0.isProof(within: rules.loginAge, at: visit.now) }
    }

    /// `POST /journey/{transaction}/identity/answer`
    func identityAnswer(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard Self.isJSON(request) else { return Self.refusal(Self.notJSON, .unsupportedMediaType) }
        guard let body = try await request.collected(upTo: IdentityAnswer.largest) else {
            return Self.refusal(Self.answerTooLarge, .contentTooLarge)
        }
        let visit: Visit
        switch try await self.visit(request, context) {
        case .failure(let refusal): return Self.refusal(refusal.explanation, .forbidden)
        case .success(let found): visit = found
        }
        guard let answer = IdentityAnswer(body) else { return Self.refusal(Self.malformedIdentity, .badRequest) }
        // Taken out before anything is believed: a challenge is good for one answer, right or wrong.
        guard let challenge = try await stores.consume(identity: answer.challenge, at: visit.now) else {
            return Self.refusal(Self.noIdentityChallenge, .forbidden)
        }
        guard case .presentSignature(let need) = visit.step, let session = visit.session else {
            return Self.refusal(Self.nothingToShow, .conflict)
        }
        do {
            try challenge.expected(
                origin: visit.settings.baseURL, transaction: visit.transaction.id, member: need.member.id, purpose: need.purpose.text,
                session: session.id.bytes)
            let presented = try await cards.presentIdentity(answer, challenge, session.authentications.map(SessionLogin.init), visit.now)
            try await refuseAnother(presented, than: session.subject, at: visit.now)
            guard let record = IdentityRecord(presented, keptFor: visit.settings.cards.identity.lifetime) else { throw StoreRefusal() }
            // First: a watch without its record is none, a record without its watch would be told of nothing.
            try await stores.watch(
                presented.certificate, of: session.subject, shownTo: presented.member, for: presented.purpose, until: record.expiresAt)
            try await stores.keep(
                record, of: session.subject, relinkTie: visit.settings.links.relinkTie,
                recording: Self.trace(presented, session.subject, visit))
            return Answer.json(["continue": .string(visit.address + "/continue")])
        } catch let refusal as IdentityRefusal {
            try await recordRefusedIdentity(refusal.explanation, visit)
            return Self.refusal(refusal.explanation, .forbidden)
        } catch let refusal as CredentialRefusal {
            try await recordRefusedIdentity(refusal.explanation, visit)
            return Self.refusal(refusal.explanation, .forbidden)
        }
    }

    /// A person has one birth date. What is still kept of this citizen and says another one is somebody else's, now or then.
    private func refuseAnother(_ presented: PresentedIdentity, than subject: SubjectID, at now: Timestamp) async throws {
        let births = try await stores.births(of: subject, at: now)
        guard births.allSatisfy({ $0 == presented.attributes.birth }) else { throw IdentityRefusal.otherPerson }
    }

    /// `POST /journey/{transaction}/identity/refuse`: the citizen shows nothing.
    func identityRefused(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: clock()) }
        switch try await visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let visit):
            guard case .presentSignature = visit.step else { return Self.onwards(visit) }
            return try await close(visit) { try await answer(visit.tongue, refusing: .consentRefused, visit.settings, at: visit.now) }
        }
    }

    // MARK: The trail: what was shown to whom, and how it was tied; nothing of what it says

    private static func trace(_ presented: PresentedIdentity, _ subject: SubjectID, _ visit: Visit) -> Record {
        Record(
            "identity.presented", at: visit.now,
            [
                ("subject", .string(subject.text)), ("member", .string(presented.member.text)), ("purpose", .string(presented.purpose)),
                ("carrier", .string(presented.carrier.rawValue)), ("tie", .string(presented.tie.rawValue)),
                ("status-source", .string(presented.statusSource)), ("status-at", .string(presented.statusAt.text)),
                ("policy-version", .string(visit.settings.policy.version)),
            ])
    }

    private func recordRefusedIdentity(_ explanation: Explanation, _ visit: Visit) async throws {
        try await stores.append(
            Record(
                "identity.refused", at: visit.now,
                [
                    ("member", .string(visit.member.id.text)), ("code", .string(explanation.code)),
                    ("policy-version", .string(visit.settings.policy.version)),
                ]))
    }

    private static let malformedIdentity = Explanation(
        "identity.api.malformed", "the answer is not the JSON that the identity door takes", clause: "card API",
        remedy: "send challenge, certificate and signature, with login and statement or without")
    private static let noIdentityChallenge = Explanation(
        "identity.challenge.unknown", "the declaration was used, has expired, or belongs to another visit", clause: "checklist H7",
        remedy: "ask for a new challenge")
    private static let nothingToShow = Explanation(
        "identity.needless", "no signature certificate is asked for here", clause: "card API", remedy: "go to the continue address")
}
