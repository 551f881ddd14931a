import Credentials
import HTTPTypes
import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The signed-challenge door: a small JSON API for apps, kiosks and set-top boxes.
extension Platform {
    /// `POST /journey/{transaction}/challenge`
    func challenge(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard Self.isJSON(request) else { return Self.refusal(Self.notJSON, .unsupportedMediaType) }
        let visit: Visit
        switch try await self.visit(request, context) {
        case .failure(let refusal): return Self.refusal(refusal.explanation, .forbidden)
        case .success(let found): visit = found
        }
        guard case .authenticate(let need) = visit.step else { return Self.refusal(Self.nothingToDo, .conflict) }
        var random = SystemRandomNumberGenerator()
        let challenge = CardChallenge.issue(
            origin: visit.settings.baseURL, transaction: visit.transaction.id, purpose: visit.session == nil ? .login : .stepUp,
            at: visit.now, lifetime: visit.settings.challengeLifetime, using: &random)
        try await stores.issue(challenge)
        return Answer.json([
            "challenge": .string(challenge.id.text), "text": .string(String(decoding: challenge.signedText, as: UTF8.self)),
            "algorithms": ["RS256", "ES384"], "expires": .string(challenge.expiresAt.text),
            "purpose": .string(challenge.purpose.rawValue), "minimum_mode": .string(need.weakestMode.rawValue),
        ])
    }

    /// `POST /journey/{transaction}/answer`
    func answer(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard Self.isJSON(request) else { return Self.refusal(Self.notJSON, .unsupportedMediaType) }
        guard let body = try await request.collected(upTo: 32_768) else { return Self.refusal(Self.answerTooLarge, .contentTooLarge) }
        let visit: Visit
        switch try await self.visit(request, context) {
        case .failure(let refusal): return Self.refusal(refusal.explanation, .forbidden)
        case .success(let found): visit = found
        }
        guard let answer = CardAnswer(body) else { return Self.refusal(Self.malformed, .badRequest) }
        // Taken out before anything is believed: a challenge is good for one answer, right or wrong.
        guard let challenge = try await stores.consume(answer.challenge, at: visit.now) else {
            return Self.refusal(Self.noChallenge, .forbidden)
        }
        do {
            try challenge.expected(
                origin: visit.settings.baseURL, transaction: visit.transaction.id, purpose: visit.session == nil ? .login : .stepUp)
            let login = try cards.recognise(answer.certificate, visit.now)
            let authentication = try await cards.answerChallenge(login, challenge, answer.signature, answer.statement, visit.now)
            return try await admitted(try await admit(authentication, showing: answer.certificate, to: visit), visit)
        } catch let refusal as CredentialRefusal {
            try await recordRefusedCard(refusal.explanation, visit, .challenge)
            try await trouble(refusal.explanation, visit)
            return Self.refusal(refusal.explanation, .forbidden)
        }
    }

    /// The login page says in plain words what became of the last try.
    func trouble(_ explanation: Explanation, _ visit: Visit) async throws {
        try await note(visit.transaction.id, until: visit.transaction.expiresAt, at: visit.now) { $0.trouble = explanation.code }
    }

    private func admitted(_ admission: Admission, _ visit: Visit) async throws -> Response {
        switch admission {
        case .admitted(let cookie):
            await forgetNews(of: visit.transaction.id, at: visit.now)
            return Answer.json(["continue": .string(visit.address + "/continue")]).setting(cookie)
        case .refused(let refusal):
            try await recordRefusedCard(refusal.explanation, visit, .challenge)
            try await trouble(refusal.explanation, visit)
            return Self.refusal(refusal.explanation, .forbidden)
        }
    }

    /// A form on another site cannot send this content type without asking first.
    static func isJSON(_ request: Request) -> Bool { mediaType(request) == "application/json" }

    static func refusal(_ explanation: Explanation, _ status: HTTPResponse.Status) -> Response {
        Answer.json(
            [
                "error": .string(explanation.code), "error_description": .string(explanation.summary),
                "explanation": explanation.json,
                // For the citizen, to be shown as it is.
                "message": json(CardTrouble.words(explanation.code)),
            ], status: status)
    }

    static let notJSON = Explanation(
        "card.api.content-type", "the card API takes application/json only", clause: "card API", remedy: "set Content-Type")
    static let answerTooLarge = Explanation(
        "card.api.too-large", "the answer is larger than 32 KiB", clause: "card API", remedy: "send one certificate only")
    static let malformed = Explanation(
        "card.api.malformed", "the answer is not the JSON that the card API takes", clause: "card API",
        remedy: "send challenge and certificate, with signature and statement as strings or not at all")
    static let noChallenge = Explanation(
        "card.challenge.unknown", "the challenge was used, has expired, or belongs to another login", clause: "checklist H7",
        remedy: "ask for a new challenge")
    private static let nothingToDo = Explanation(
        "card.challenge.needless", "no login is needed here any more", clause: "card API", remedy: "go to the continue address")
}

/// The body of an answer.
struct CardAnswer {
    let challenge: ChallengeID
    let certificate: [UInt8]
    let signature: [UInt8]?
    let statement: String?

    init?(_ body: [UInt8]) {
        guard let json = try? JSON(reading: body, depth: 4), let id = json["challenge"]?.string.flatMap({ ChallengeID($0) }),
            let certificate = json["certificate"]?.string.flatMap(Base64.decode)
        else { return nil }
        challenge = id
        self.certificate = certificate
        switch json["signature"] {
        case nil, .null: signature = nil
        case .string(let text):
            guard let bytes = Base64.decode(text) else { return nil }
            signature = bytes
        default: return nil
        }
        switch json["statement"] {
        case nil, .null: statement = nil
        case .string(let text): statement = text
        default: return nil
        }
    }
}
