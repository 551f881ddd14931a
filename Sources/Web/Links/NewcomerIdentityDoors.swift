import Credentials
import HTTPTypes
import Hummingbird
import Settings
import SignOn
import Signals
import TrustFramework
import Vocabulary

/// Whoever has no old card any more shows the signature certificate of the new one: the four attributes it says have to be those of a record
/// that is kept here. In the shape of the identity door of a service; the one that asks is this platform.
extension Platform {
    static let relinkPurpose = "relink"

    /// `GET /journey/{transaction}/newcomer/identity`
    func newcomerIdentity(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await atNewcomer(request, context) { visit, _ in Answer.page(NewcomerPages.proof(visit)) }
    }

    /// `POST /journey/{transaction}/newcomer/identity/challenge`
    func newcomerChallenge(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard Self.isJSON(request) else { return Self.refusal(Self.notJSON, .unsupportedMediaType) }
        let (visit, newcomer): (Visit, Newcomer)
        switch try await waiting(request, context) {
        case .failure(let refusal): return Self.refusal(refusal.explanation, .forbidden)
        case .success(let found): (visit, newcomer) = found
        }
        guard let ourselves = MemberID(visit.settings.baseURL) else { throw StoreRefusal() }
        var random = SystemRandomNumberGenerator()
        guard
            let challenge = IdentityChallenge.issue(
                origin: visit.settings.baseURL, transaction: visit.transaction.id, member: ourselves, purpose: Self.relinkPurpose,
                session: Self.binding(newcomer), at: visit.now, lifetime: visit.settings.challengeLifetime, using: &random)
        else { throw StoreRefusal() }
        try await stores.issue(challenge)
        let rules = visit.settings.cards.identity.rules
        let tie = max(rules.tie, visit.settings.links.relinkTie)
        let isFresh =
            tie == .journey && newcomer.authentication.isProof(within: rules.loginAge, at: visit.now)
        return Answer.json([
            "challenge": .string(challenge.id.text), "text": .string(String(decoding: challenge.signedText, as: UTF8.self)),
            "algorithms": ["RS256", "ES384"], "expires": .string(challenge.expiresAt.text), "purpose": "identity",
            "service": .string(ourselves.text), "for": .string(Self.relinkPurpose), "attributes": .array([]),
            "login": .string(isFresh ? "fresh" : "needed"), "tie": .string(tie.rawValue),
        ])
    }

    /// `POST /journey/{transaction}/newcomer/identity/answer`
    func newcomerProof(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard Self.isJSON(request) else { return Self.refusal(Self.notJSON, .unsupportedMediaType) }
        guard let body = try await request.collected(upTo: IdentityAnswer.largest) else {
            return Self.refusal(Self.answerTooLarge, .contentTooLarge)
        }
        let (visit, newcomer): (Visit, Newcomer)
        switch try await waiting(request, context) {
        case .failure(let refusal): return Self.refusal(refusal.explanation, .forbidden)
        case .success(let found): (visit, newcomer) = found
        }
        guard let answer = IdentityAnswer(body) else { return Self.refusal(Self.malformedProof, .badRequest) }
        // Taken out before anything is believed: a challenge is good for one answer, right or wrong.
        guard let challenge = try await stores.consume(identity: answer.challenge, at: visit.now),
            let ourselves = MemberID(visit.settings.baseURL)
        else { return Self.refusal(Self.noProofChallenge, .forbidden) }
        do {
            try challenge.expected(
                origin: visit.settings.baseURL, transaction: visit.transaction.id, member: ourselves, purpose: Self.relinkPurpose,
                session: Self.binding(newcomer))
            let presented = try await cards.presentIdentity(answer, challenge, [SessionLogin(newcomer.authentication)], visit.now)
            return try await relinked(newcomer, by: presented, visit)
        } catch let refusal as IdentityRefusal {
            return try await proofRefused(refusal.explanation, visit)
        } catch let refusal as CredentialRefusal {
            return try await proofRefused(refusal.explanation, visit)
        }
    }

    private func relinked(_ newcomer: Newcomer, by presented: PresentedIdentity, _ visit: Visit) async throws -> Response {
        // Whoever is asked to sign, and does, signs for the login key that waits here. That it is on his own card, he cannot say: a terminal
        // that read both can (decision 0063).
        guard presented.tie >= visit.settings.links.relinkTie else {
            return try await proofRefused(LinkFault.notOneCard.explanation, visit)
        }
        let subjects = try await stores.subjects(recorded: presented.attributes, at: visit.now)
        guard let subject = subjects.first else { return try await proofRefused(LinkFault.noRecord.explanation, visit) }
        guard subjects.count == 1 else { return try await proofRefused(LinkFault.ambiguous.explanation, visit) }
        // A declaration can be coaxed out of somebody. What opens the console takes the old card, or the other officers.
        guard visit.settings.officers.holder(of: subject) == nil else {
            return try await proofRefused(LinkFault.noRecord.explanation, visit)
        }
        guard let taken = try await stores.consume(newcomer: visit.transaction.id, at: visit.now) else {
            return try await proofRefused(LinkFault.stale.explanation, visit)
        }
        let evidence = LinkEvidence(
            .signature, of: subject, certificate: taken.certificate, at: visit.now,
            basis: [
                "tie": .string(presented.tie.rawValue), "carrier": .string(presented.carrier.rawValue),
                "status-source": .string(presented.statusSource), "status-at": .string(presented.statusAt.text),
                "mode": .string(taken.authentication.facts.mode.rawValue),
            ])
        let word = await correspond(taken.certificate, visit.now)
        let owner = try await stores.link(
            taken.certificate, by: evidence, card: word.card,
            telling: try await announcements(of: .credentialChange(.update), about: subject, at: visit.now),
            recording: Self.record(evidence, visit.now))
        guard owner == subject, let cookies = try await settled(taken, as: subject, visit) else {
            return try await proofRefused(LinkFault.stale.explanation, visit)
        }
        let answer = Answer.json(["continue": .string(visit.address + "/continue")])
        return cookies.reduce(answer) { $0.setting($1) }
    }

    private func waiting(_ request: Request, _ context: DoorContext) async throws -> Result<(Visit, Newcomer), VisitRefusal> {
        switch try await visit(request, context) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let visit):
            guard let newcomer = try await stores.newcomer(visit.transaction.id, at: visit.now) else {
                return .failure(VisitRefusal(explanation: LinkFault.stale.explanation))
            }
            return .success((visit, newcomer))
        }
    }

    private func proofRefused(_ explanation: Explanation, _ visit: Visit) async throws -> Response {
        try await stores.append(
            Record(
                "identity.refused", at: visit.now,
                [
                    ("member", .string(visit.member.id.text)), ("purpose", .string(Self.relinkPurpose)),
                    ("code", .string(explanation.code)), ("policy-version", .string(visit.settings.policy.version)),
                ]))
        return Self.refusal(explanation, .forbidden)
    }

    /// A declaration counts beside this very login only; there is no session yet.
    private static func binding(_ newcomer: Newcomer) -> [UInt8] {
        Ticket.digest(
            of: "newcomer " + newcomer.transaction.text + " " + newcomer.certificate.issuer + " " + newcomer.certificate.serial + " "
                + String(newcomer.authentication.facts.authenticatedAt.milliseconds))
    }

    private static let malformedProof = Explanation(
        "link.api.malformed", "the answer is not the JSON that the identity door takes", clause: "card API",
        remedy: "send challenge, certificate and signature, with login and statement or without")
    private static let noProofChallenge = Explanation(
        "link.challenge.unknown", "the declaration was used, has expired, or belongs to another visit", clause: "checklist H7",
        remedy: "ask for a new challenge")
}
