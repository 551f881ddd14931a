import Credentials
import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

extension Doors {
    static func pages(_ router: Router<DoorContext>, _ platform: Platform) {
        router.get("/language") { _, _ in Answer.page(Pages.languages()) }
        // Browsers ask for it by themselves, on every page's behalf: nothing, and for a week.
        router.get("/favicon.ico") { _, _ in Answer.published([], type: "image/x-icon", seconds: 7 * 86_400) }
        router.get("/tv") { request, _ in platform.television(request) }
        router.post("/tv") { request, _ in try await platform.televisionCode(request) }
        router.get("/session") { request, _ in try await platform.sessionPage(request) }
        router.get("/app/{ticket}") { _, _ in Answer.page(Pages.app()) }
        router.post("/app/{ticket}/challenge") { request, context in try await platform.appChallenge(request, context) }
        router.post("/app/{ticket}/readiness") { request, context in try await platform.appReadiness(request, context) }
        router.post("/app/{ticket}/answer") { request, context in try await platform.appAnswer(request, context) }
        router.post("/journey/{transaction}/readiness") { request, context in try await platform.readiness(request, context) }
        router.post("/journey/{transaction}/app") { request, context in try await platform.appCode(request, context) }
    }
}

/// The doors of an app on another device, and of what an app sees before it starts.
extension Platform {
    /// The address that the login page shows for such an app; nil where the policy does not take its answer.
    func pairing(for need: Need, _ visit: Visit) -> String? {
        // Two cards become one citizen's, blocks are lifted and officers enter at one device.
        if case .own(let login) = visit.tongue, login.meeting != nil || login.again != nil { return nil }
        guard visit.transaction.origin != .console else { return nil }
        let cards = visit.settings.cards
        guard cards.pairsDevices, need.acceptable.contains(where: { $0.doors.contains(.otherDevice) }) else { return nil }
        let ticket = AppTicket(
            transaction: visit.transaction.id, purpose: visit.session == nil ? .login : .stepUp, mode: need.weakestMode,
            browser: visit.device)
        return visit.settings.baseURL + "/app/" + ticket.text(cards.pairing)
    }

    /// What waits behind an address of ours: the visit, read from the store as its own page reads it.
    private func offered(_ context: DoorContext, _ settings: Configuration, at now: Timestamp) async throws -> AppPairing.Offer? {
        guard settings.cards.pairsDevices, let text = context.parameters.get("ticket"),
            let ticket = AppTicket(text, settings.cards.pairing),
            let transaction = try await stores.transaction(ticket.transaction, at: now), let member = asker(of: transaction, settings),
            let tongue = try? await reread(transaction, settings)
        else { return nil }
        return AppPairing.Offer(
            ticket: ticket, member: transaction.member, service: member.words, use: tongue.ask.purpose ?? member.defaultPurpose,
            begun: transaction.receivedAt, until: transaction.expiresAt)
    }

    /// `POST /app/{ticket}/challenge`: what to sign, and whom for, which the app shows before it asks for the PIN.
    func appChallenge(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard Self.isJSON(request) else { return Self.refusal(Self.notJSON, .unsupportedMediaType) }
        let (now, settings) = (clock(), configuration.current)
        guard let offer = try await offered(context, settings, at: now) else { return Self.refusal(Self.noPairing, .notFound) }
        var random = SystemRandomNumberGenerator()
        let challenge = CardChallenge.issue(
            origin: settings.baseURL, transaction: offer.transaction, purpose: offer.ticket.purpose, at: now,
            lifetime: settings.challengeLifetime, using: &random)
        try await stores.issue(challenge)
        return Answer.json([
            "challenge": .string(challenge.id.text), "text": .string(String(decoding: challenge.signedText, as: UTF8.self)),
            "algorithms": ["RS256", "ES384"], "expires": .string(challenge.expiresAt.text),
            "purpose": .string(challenge.purpose.rawValue), "minimum_mode": .string(offer.ticket.mode.rawValue),
            "service": Self.json(offer.service), "for": .string(offer.use.text), "purpose_words": Self.json(settings.words(for: offer.use)),
            // Where the page is that asks: a citizen who sees another one is being deceived.
            "address": .string(settings.baseURL), "browser": offer.ticket.browser.map { Self.json($0.words) } ?? .null,
            "begun": .string(offer.begun.text), "warning": Self.json(Self.appWarning),
        ])
    }

    /// `POST /app/{ticket}/readiness`
    func appReadiness(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        guard let offer = try await offered(context, configuration.current, at: now) else {
            return Self.refusal(Self.noPairing, .notFound)
        }
        return try await noted(request, offer.transaction, offer.ticket.mode, until: offer.until, at: now)
    }

    /// `POST /journey/{transaction}/readiness`: the same for an app in the browser's own device.
    func readiness(_ request: Request, _ context: DoorContext) async throws -> Response {
        switch try await visit(request, context) {
        case .failure(let refusal): return Self.refusal(refusal.explanation, .forbidden)
        case .success(let visit):
            let mode: CardMode = if case .authenticate(let need) = visit.step { need.weakestMode } else { .presence }
            return try await noted(request, visit.transaction.id, mode, until: visit.transaction.expiresAt, at: visit.now)
        }
    }

    private func noted(
        _ request: Request, _ visit: TransactionID, _ mode: CardMode, until: Timestamp, at now: Timestamp
    ) async throws -> Response {
        guard Self.isJSON(request) else { return Self.refusal(Self.notJSON, .unsupportedMediaType) }
        guard let body = try await request.collected(upTo: 4_096), let seen = CardReadiness(body) else {
            return Self.refusal(Self.notReadiness, .badRequest)
        }
        try await note(visit, until: until, at: now) { $0.readiness = seen }
        let obstacle = seen.obstacle(for: mode, at: now)
        return Answer.json([
            "ready": .bool(obstacle == nil), "obstacle": obstacle.map { .string($0) } ?? .null,
            "advice": .array(seen.advice(for: mode, at: now).map(Self.json)),
        ])
    }

    /// `POST /app/{ticket}/answer`: proven like any answer; what comes back is a number for the citizen, and no session.
    func appAnswer(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard Self.isJSON(request) else { return Self.refusal(Self.notJSON, .unsupportedMediaType) }
        let (now, settings) = (clock(), configuration.current)
        guard let body = try await request.collected(upTo: 32_768) else { return Self.refusal(Self.answerTooLarge, .contentTooLarge) }
        guard let offer = try await offered(context, settings, at: now) else { return Self.refusal(Self.noPairing, .notFound) }
        guard let answer = CardAnswer(body) else { return Self.refusal(Self.malformed, .badRequest) }
        guard let challenge = try await stores.consume(answer.challenge, at: now) else { return Self.refusal(Self.noChallenge, .forbidden) }
        do {
            try challenge.expected(origin: settings.baseURL, transaction: offer.transaction, purpose: offer.ticket.purpose)
            let recognised = try cards.recognise(answer.certificate, now)
            let authentication = try await cards.answerChallenge(recognised, challenge, answer.signature, answer.statement, now)
            guard let proven = SessionAuthentication(authentication, during: offer.transaction) else {
                throw CredentialRefusal.statusUnknown
            }
            let login = proven.through(.otherDevice)
            let kept = AppPairing.Answer(login: login, certificate: answer.certificate)
            guard let code = try await keepAppAnswer(kept, for: offer.transaction, offer.ticket.purpose, at: now) else {
                throw StoreRefusal()
            }
            return Answer.json([
                "code": .string(code), "expires": .string(now.adding(seconds: AppPairing.patience).text),
                "message": Self.json(Self.typeIt + code), "warning": Self.json(Self.appWarning),
            ])
        } catch let refusal as CredentialRefusal {
            try await note(offer.transaction, until: offer.until, at: now) { $0.trouble = refusal.explanation.code }
            try await stores.append(
                Record(
                    "card.refused", at: now,
                    [
                        ("member", .string(offer.member.text)), ("door", .string(Door.otherDevice.rawValue)),
                        ("code", .string(refusal.explanation.code)), ("policy-version", .string(settings.policy.version)),
                    ]))
            return Self.refusal(refusal.explanation, .forbidden)
        }
    }

    /// `POST /journey/{transaction}/app`: the number that the app showed, typed into the page that the browser has open.
    func appCode(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: clock()) }
        let visit: Visit
        switch try await self.visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let found): visit = found
        }
        let page = Self.redirect(visit)
        guard case .authenticate = visit.step else { return page }
        guard Self.isForm(request), let body = try await request.collected(upTo: 1_024), let form = try? FormParameters(body) else {
            return page
        }
        let fault: CardNews.PairingFault
        let purpose: ChallengePurpose = visit.session == nil ? .login : .stepUp
        switch try await takeAppAnswer(form[AppPairing.field] ?? "", for: visit.transaction.id, purpose, at: visit.now) {
        case .answer(let answer):
            switch try await admit(answer.login, showing: answer.certificate, to: visit) {
            case .admitted(let cookie):
                await forgetNews(of: visit.transaction.id, at: visit.now)
                return Self.onwards(visit).setting(cookie)
            case .refused(let refusal):
                try await recordRefusedCard(refusal.explanation, visit, .otherDevice)
                try await trouble(refusal.explanation, visit)
                return page
            }
        case .wrong(let left):
            try await recordRefusedCard(Self.wrongAppCode, visit, .otherDevice)
            fault = left > 0 ? .wrong(left: left) : .startAgain
        case .nothing: fault = .startAgain
        }
        try await note(visit.transaction.id, until: visit.transaction.expiresAt, at: visit.now) { $0.pairingFault = fault }
        return page
    }

    static func json(_ words: Words) -> JSON {
        .object([("ja", .string(words.ja)), ("en", .string(words.en)), ("ja-easy", .string(words(.easy)))])
    }

    private static let typeIt = Words(
        "この番号を、パソコンなどの画面に入力してください：", "Enter this number on the page on your other screen: ", easy: "この 番号を パソコンなどの 画面に 入れてください：")
    private static let appWarning = Words(
        "ご自身で始めたログインですか。ほかの人に頼まれた場合は、番号を教えないでください。",
        "Did you start this login yourself? If somebody asked you to, do not tell anybody the number.",
        easy: "じぶんで 始めましたか。だれかに たのまれた ときは、番号を 教えないでください。")
    private static let noPairing = Explanation(
        "card.app.unknown", "no login waits for an app at this address, or it has run out", clause: "card API",
        remedy: "open the login page again and scan the code that it shows")
    private static let notReadiness = Explanation(
        "card.app.readiness", "this is not the JSON that says what the app sees", clause: "card API",
        remedy: "send reader and card as booleans, pin_tries_left as a number, certificate_valid_until as a time, or leave them out")
    private static let wrongAppCode = Explanation(
        "card.app.code", "the number typed is not the one that the app was given", clause: "card API",
        remedy: "type the number that the app shows now")
}

extension Pages {
    /// Somebody opened an app's address in a browser: it is for an app that reads cards.
    static func app() -> Markup {
        document(Words("カードを読み取るアプリ用のアドレスです", "This address is for an app", easy: "アプリの ための アドレスです")) { page in
            page.paragraph(
                Words(
                    "この二次元コードは、カードを読み取るアプリで読み取ってください。このページから始められる手続きはありません。",
                    "Scan this QR code with the app that reads your card. There is nothing to do on this page.",
                    easy: "この QRコードは、アプリの 中で 読んでください。"))
            page.note(
                Words(
                    "ほかの人から送られてきたリンクの場合は、詐欺のおそれがあります。このページを閉じてください。", "If somebody sent you this link, it may be a fraud: close this page.",
                    easy: "だれかが 送ってきた ときは、うそかもしれません。閉じてください。"))
        }
    }
}
