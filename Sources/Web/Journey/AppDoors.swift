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
    /// What the login page shows for such an app; nil where the policy does not take its answer.
    func pairing(for need: Need, _ visit: Visit, _ request: Request) -> AppPairing.Offer? {
        let names = CookieNames(secure: visit.settings.isSecure)
        guard visit.settings.cards.pairsDevices, need.acceptable.contains(where: { $0.doors.contains(.challenge) }),
            let cookie = request.cookie(names.transaction(visit.transaction.id))
        else { return nil }
        let ticket = AppPairing.ticket(cookie)
        let offer = AppPairing.Offer(
            address: visit.settings.baseURL + "/app/" + ticket, transaction: visit.transaction.id,
            purpose: visit.session == nil ? .login : .stepUp, mode: need.weakestMode, service: visit.member.words,
            use: visit.tongue.ask.purpose ?? visit.member.defaultPurpose, until: visit.transaction.expiresAt)
        pairings.offer(offer, behind: ticket, at: visit.now)
        return offer
    }

    private func offered(_ context: DoorContext, at now: Timestamp) -> AppPairing.Offer? {
        guard let ticket = context.parameters.get("ticket"), ticket.utf8.count <= 64 else { return nil }
        return pairings.offer(behind: ticket, at: now)
    }

    /// `POST /app/{ticket}/challenge`: what to sign, and whom for, which the app shows before it asks for the PIN.
    func appChallenge(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard Self.isJSON(request) else { return Self.refusal(Self.notJSON, .unsupportedMediaType) }
        let (now, settings) = (clock(), configuration.current)
        guard let offer = offered(context, at: now), try await stores.transaction(offer.transaction, at: now) != nil else {
            return Self.refusal(Self.noPairing, .notFound)
        }
        var random = SystemRandomNumberGenerator()
        let challenge = CardChallenge.issue(
            origin: settings.baseURL, transaction: offer.transaction, purpose: offer.purpose, at: now,
            lifetime: settings.challengeLifetime, using: &random)
        try await stores.issue(challenge)
        return Answer.json([
            "challenge": .string(challenge.id.text), "text": .string(String(decoding: challenge.signedText, as: UTF8.self)),
            "algorithms": ["RS256", "ES384"], "expires": .string(challenge.expiresAt.text),
            "purpose": .string(challenge.purpose.rawValue), "minimum_mode": .string(offer.mode.rawValue),
            "service": Self.json(offer.service), "for": .string(offer.use.text), "purpose_words": Self.json(settings.words(for: offer.use)),
            "warning": Self.json(Self.appWarning),
        ])
    }

    /// `POST /app/{ticket}/readiness`
    func appReadiness(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        guard let offer = offered(context, at: now) else { return Self.refusal(Self.noPairing, .notFound) }
        return try await noted(request, offer.transaction, offer.mode, until: offer.until, at: now)
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
        news.note(visit, until: until, at: now) { $0.readiness = seen }
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
        guard let offer = offered(context, at: now), let transaction = try await stores.transaction(offer.transaction, at: now) else {
            return Self.refusal(Self.noPairing, .notFound)
        }
        guard let answer = CardAnswer(body) else { return Self.refusal(Self.malformed, .badRequest) }
        guard let challenge = try await stores.consume(answer.challenge, at: now) else { return Self.refusal(Self.noChallenge, .forbidden) }
        do {
            try challenge.expected(origin: settings.baseURL, transaction: offer.transaction, purpose: offer.purpose)
            let login = try cards.recognise(answer.certificate, now)
            let authentication = try await cards.answerChallenge(login, challenge, answer.signature, answer.statement, now)
            var random = SystemRandomNumberGenerator()
            let code = pairings.keep(
                AppPairing.Answer(authentication: authentication, certificate: answer.certificate), for: offer.transaction, at: now,
                using: &random)
            return Answer.json([
                "code": .string(code), "expires": .string(now.adding(seconds: AppPairing.patience).text),
                "message": Self.json(Self.typeIt + code), "warning": Self.json(Self.appWarning),
            ])
        } catch let refusal as CredentialRefusal {
            news.note(offer.transaction, until: offer.until, at: now) { $0.trouble = refusal.explanation.code }
            try await stores.append(
                Record(
                    "card.refused", at: now,
                    [
                        ("member", .string(transaction.member.text)), ("door", .string(Door.challenge.rawValue)),
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
        let page = Answer.redirect(visit.settings.baseURL + "/journey/" + visit.transaction.id.text)
        guard case .authenticate = visit.step else { return page }
        guard Self.isForm(request), let body = try await request.collected(upTo: 1_024), let form = try? FormParameters(body) else {
            return page
        }
        let fault: Words
        switch pairings.take(form[AppPairing.field] ?? "", for: visit.transaction.id, at: visit.now) {
        case .answer(let answer):
            switch try await admit(answer.authentication, showing: answer.certificate, to: visit) {
            case .admitted(let cookie):
                news.forget(visit.transaction.id)
                return Answer.redirect(visit.settings.baseURL + "/journey/" + visit.transaction.id.text + "/continue").setting(cookie)
            case .refused(let refusal):
                try await recordRefusedCard(refusal.explanation, visit, .challenge)
                news.note(visit.transaction.id, until: visit.transaction.expiresAt, at: visit.now) { $0.trouble = refusal.explanation.code }
                return page
            }
        case .wrong(let left):
            try await recordRefusedCard(Self.wrongAppCode, visit, .challenge)
            fault =
                left > 0
                ? Words(
                    "番号がアプリの番号と違いました。アプリをもう一度見てください（あと" + String(left) + "回）。",
                    "That is not the number that the app shows. Please look again (tries left: " + String(left) + ").",
                    easy: "番号が ちがいます。アプリを もう一回 見てください（あと " + String(left) + "回）。")
                : Self.startAgainInApp
        case .nothing: fault = Self.startAgainInApp
        }
        news.note(visit.transaction.id, until: visit.transaction.expiresAt, at: visit.now) { $0.pairingFault = fault }
        return page
    }

    static func json(_ words: Words) -> JSON {
        .object([("ja", .string(words.ja)), ("en", .string(words.en)), ("ja-easy", .string(words(.easy)))])
    }

    private static let startAgainInApp = Words(
        "アプリの確認がまだ届いていないか、時間が過ぎています。アプリでもう一度カードを読み取ってください。",
        "Nothing has come from the app yet, or its time is over. Please read the card with the app once more.",
        easy: "アプリで もう一回 カードを 読んでください。")
    private static let typeIt = Words("この番号をパソコンなどの画面に入力してください: ", "Type this number into the page on your other screen: ")
    private static let appWarning = Words(
        "自分で開いた画面のログインですか。だれかに頼まれたのなら、番号を伝えないでください。",
        "Is this a login that you began yourself? If somebody asked you to, tell nobody the number.",
        easy: "じぶんで 始めましたか。だれかに たのまれたら、番号を 教えないでください。")
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
        document(Words("カードを読むアプリ用のアドレスです", "This address is for an app", easy: "アプリの アドレスです")) { page in
            page.paragraph(
                Words(
                    "この二次元コードは、カードを読むアプリの中から読み取ってください。このページでは何も始まりません。",
                    "Scan this code from within the app that reads your card. Nothing begins on this page.",
                    easy: "この もようは アプリの 中で 読んでください。"))
            page.note(
                Words(
                    "だれかに送られてきたリンクなら、だまされています。閉じてください。", "If somebody sent you this link, you are being deceived: close the page.",
                    easy: "だれかが 送ってきたなら、閉じてください。"))
        }
    }
}
