import HTTPTypes
import Testing
import Vocabulary
import XML

/// One path on which something can be learnt or brought about here, and the member whose standing it depends on.
struct Path: Sendable, CustomTestStringConvertible {
    typealias Use = () async throws -> Bool

    let name: String
    let member: String
    /// Served whatever the standing is, because nothing is told by it and something ends.
    var isForEverybody = false
    /// Makes ready while everybody is in force. What it returns walks the path once: true when it gave what it is for.
    let prepare: @Sendable (Stage) async throws -> Use

    var testDescription: String { name }

    /// All of them.
    static let all = saml + samlLogout + openID + tokens + exchange + waiting + marks
}

// MARK: - SAML

extension Path {
    static let saml: [Path] = [
        Path(name: "SAML sign-on, by redirect", member: Parties.library) { stage in
            try await stage.session()
            return { stage.tells(try await stage.browser.get(SAMLQuestion(Parties.library, at: stage.house.now).path)) }
        },
        Path(name: "SAML sign-on, by POST", member: Parties.library) { stage in
            try await stage.session()
            return { stage.tells(try await stage.browser.post("/saml/sso", SAMLQuestion(Parties.library, at: stage.house.now).form)) }
        },
        Path(name: "SAML sign-on, passive", member: Parties.library) { stage in
            try await stage.session()
            return {
                var question = SAMLQuestion(Parties.library, at: stage.house.now)
                question.passive = true
                return stage.tells(try await stage.browser.get(question.path))
            }
        },
        Path(name: "SAML sign-on, paused for the card", member: Parties.library) { stage in
            let browser = Browser(stage.house)
            let journey = try await browser.begin(SAMLQuestion(Parties.library, at: stage.house.now).path)
            return {
                let used = try await browser.use("hanako", at: journey)
                guard used.status == 200, let next = try used.json["continue"]?.string else { return false }
                return stage.tells(try await browser.get(next))
            }
        },
        Path(name: "SAML sign-on, the card used, not yet answered", member: Parties.library) { stage in
            let browser = Browser(stage.house)
            let journey = try await browser.begin(SAMLQuestion(Parties.library, at: stage.house.now).path)
            let used = try await browser.use("hanako", at: journey)
            let next = try #require(try used.json["continue"]?.string)
            return { stage.tells(try await browser.get(next)) }
        },
        Path(name: "SAML sign-on, answered by artifact", member: Parties.archive) { stage in
            try await stage.session()
            return {
                guard let artifact = try await stage.archive.login(stage.browser).parameter("SAMLart") else { return false }
                return try await resolves(artifact, stage)
            }
        },
        Path(name: "artifact resolution", member: Parties.archive) { stage in
            try await stage.session()
            let artifact = try #require(try await stage.archive.login(stage.browser).parameter("SAMLart"))
            return { try await resolves(artifact, stage) }
        },
        Path(name: "attribute query", member: Parties.archive) { stage in
            try await stage.session()
            let artifact = try #require(try await stage.archive.login(stage.browser).parameter("SAMLart"))
            let response = try stage.archive.proven(await stage.archive.resolve(artifact)).named("Response")
            let name = try #require(response?.named("Assertion")?.named("Subject")?.named("NameID")?.text)
            return {
                let answer = try await stage.archive.query(name)
                guard answer.status == 200 else { return false }
                return try stage.archive.proven(answer).named("Assertion") != nil
            }
        },
        Path(name: "an answer that nobody asked for", member: Parties.portal) { stage in
            try await stage.session()
            return {
                let page = try await stage.browser.get(
                    "/saml/unsolicited?" + Form.text([("providerId", Parties.portal), ("target", "/desk")]))
                guard let form = page.form else { return false }
                return stage.tells(try await stage.browser.post(form.action, form.fields))
            }
        },
    ]

    private static func resolves(_ artifact: String, _ stage: Stage) async throws -> Bool {
        let answer = try await stage.archive.resolve(artifact)
        guard answer.status == 200 else { return false }
        return try stage.archive.proven(answer).named("Response")?.codes == ["Success"]
    }

    static let samlLogout: [Path] = [
        Path(name: "SAML logout, by redirect", member: Parties.city) { stage in
            let (leaver, request) = try await leaving(stage)
            return { try isLogoutAnswer(try await leaver.browser.get(leaver.path(request)), leaver) }
        },
        Path(name: "SAML logout, by POST", member: Parties.city) { stage in
            let (leaver, request) = try await leaving(stage)
            return { try isLogoutAnswer(try await leaver.browser.post("/saml/logout", leaver.form(request)), leaver) }
        },
        Path(name: "SAML logout, by SOAP", member: Parties.city) { stage in
            let (leaver, request) = try await leaving(stage, to: "/saml/logout/soap")
            return {
                let answer = try await stage.archive.post("/saml/logout/soap", leaver.signed(request))
                return answer.status == 200 && answer.text.has("LogoutResponse")
            }
        },
    ]

    private static func leaving(_ stage: Stage, to address: String = "/saml/logout") async throws -> (Leaver, XMLTag) {
        try await stage.fresh()
        let leaver = Leaver(stage.house)
        let reading = try await leaver.saml(Parties.city)
        return (leaver, leaver.request(Parties.city, reading.nameID, index: reading.sessionIndex, to: address))
    }

    /// The session ends as well, or neither happens.
    private static func isLogoutAnswer(_ answer: Answer, _ leaver: Leaver) throws -> Bool {
        guard answer.parameter("SAMLResponse") != nil || answer.form?.fields.contains(where: { $0.0 == "SAMLResponse" }) == true else {
            return false
        }
        return try leaver.read(answer).root.codes.first == "Success"
    }
}

// MARK: - OpenID

extension Path {
    static let openID: [Path] = [
        Path(name: "authorization request", member: Parties.shop) { stage in
            try await stage.session()
            return { try await stage.browser.get(OpenIDQuestion().path).parameter("code") != nil }
        },
        Path(name: "authorization request, prompt=none", member: Parties.shop) { stage in
            try await stage.session()
            return { try await stage.browser.get(OpenIDQuestion(Parties.shop, [("prompt", "none")]).path).parameter("code") != nil }
        },
        Path(name: "authorization request, paused for the card", member: Parties.shop) { stage in
            let browser = Browser(stage.house)
            let journey = try await browser.begin(OpenIDQuestion().path)
            return {
                let used = try await browser.use("hanako", at: journey)
                guard used.status == 200, let next = try used.json["continue"]?.string else { return false }
                return try await browser.get(next).parameter("code") != nil
            }
        },
        Path(name: "pushed authorization request", member: Parties.mover) { stage in
            { try await Browser(stage.house).post("/openid/par", try OpenIDQuestion.mover().pushForm(in: stage.house)).status == 201 }
        },
        Path(name: "authorization request that was pushed before", member: Parties.mover) { stage in
            try await stage.session()
            let path = try await OpenIDQuestion.mover().push(to: stage.house)
            return { try await stage.browser.get(path).parameter("code") != nil }
        },
        Path(name: "RP-initiated logout with an ID token", member: Parties.cafe) { stage in
            try await stage.fresh()
            let leaver = Leaver(stage.house)
            let hint = try await leaver.openID(Parties.cafe)
            return {
                let form = [("id_token_hint", hint), ("post_logout_redirect_uri", Parties.cafeBack)]
                return try await leaver.browser.get("/openid/logout?" + Form.text(form)).location == Parties.cafeBack
            }
        },
    ]

    static let tokens: [Path] = [
        Path(name: "a code redeemed", member: Parties.shop) { stage in
            try await stage.session()
            let question = OpenIDQuestion()
            let code = try await stage.code(question)
            return {
                try await stage.browser.post("/openid/token", question.tokenForm(code, in: stage.house.world, at: stage.house.now)).status
                    == 200
            }
        },
        Path(name: "a refresh token exchanged", member: Parties.app) { stage in
            try await stage.session()
            var question = stage.question(Parties.app, Parties.appCallback, [("prompt", "consent")])
            question.more.append(("scope", "openid offline_access"))
            let form = question.form.filter { $0 != ("scope", "openid") }
            let answer = try await stage.through("/openid/authorize?" + Form.text(form))
            let code = try #require(answer.parameter("code"), "\(answer.location ?? answer.text)")
            let tokens = try await stage.browser.post("/openid/token", question.tokenForm(code, in: stage.house.world, at: stage.house.now))
            let refresh = try #require(try tokens.json["refresh_token"]?.string, "\(tokens.text)")
            return {
                try await stage.office.ask(
                    "/openid/token", Parties.app, [("grant_type", "refresh_token"), ("refresh_token", refresh)]
                ).status == 200
            }
        },
        Path(name: "userinfo", member: Parties.diary) { stage in
            try await stage.session()
            let token = try await stage.tokens(stage.question(Parties.diary, Parties.diaryCallback)).json.token()
            return { try await stage.office.userInfo(token).status == 200 }
        },
        Path(name: "introspection, by a resource server", member: Parties.town) { stage in
            let token = try await exchanged(stage)
            return { try await isActive(token, stage) }
        },
        Path(name: "introspection, of a token of a client", member: Parties.move) { stage in
            let token = try await exchanged(stage)
            return { try await isActive(token, stage) }
        },
        Path(name: "revocation", member: Parties.diary, isForEverybody: true) { stage in
            try await stage.session()
            let token = try await stage.tokens(stage.question(Parties.diary, Parties.diaryCallback)).json.token()
            return { try await stage.office.revoke(token, by: Parties.diary).status == 200 }
        },
    ]

    static let exchange: [Path] = [
        Path(name: "token exchange, who asks", member: Parties.move) { stage in
            let token = try await delegated(stage)
            return { try await stage.office.exchange(token).status == 200 }
        },
        Path(name: "token exchange, for whom", member: Parties.town) { stage in
            let token = try await delegated(stage)
            return { try await stage.office.exchange(token).status == 200 }
        },
        Path(name: "token exchange, who acted before", member: Parties.move) { stage in
            let token = try await exchanged(stage)
            return { try await stage.office.exchange(token, for: Parties.pensionResource, by: Parties.town).status == 200 }
        },
        Path(name: "introspection, of a token in whose chain it acts", member: Parties.move) { stage in
            let token = try await exchanged(stage)
            let onward = try await stage.office.exchange(token, for: Parties.pensionResource, by: Parties.town).json.token()
            return {
                let answer = try await stage.office.introspect(onward, by: Parties.pension, accept: "application/json")
                return try answer.status == 200 && answer.json["active"]?.bool == true
            }
        },
    ]

    /// A token of the portal that the citizen agreed to hand on.
    private static func delegated(_ stage: Stage) async throws -> String {
        try await stage.office.login(browser: stage.browser).token()
    }

    private static func exchanged(_ stage: Stage) async throws -> String {
        try await stage.office.exchange(delegated(stage)).json.token()
    }

    private static func isActive(_ token: String, _ stage: Stage) async throws -> Bool {
        let answer = try await stage.office.introspect(token)
        return try answer.status == 200 && answer.json["active"]?.bool == true
    }

    static let waiting: [Path] = [
        Path(name: "device authorization", member: Parties.television) { stage in
            let waiter = try await Waiter(Parties.television, stage.house)
            return { try await waiter.post("/openid/device_authorization", [("scope", "openid")]).status == 200 }
        },
        Path(name: "a device's code, approved by the citizen", member: Parties.television) { stage in
            let waiter = try await Waiter(Parties.television, stage.house)
            let shown = try await waiter.begin()
            return {
                let typed = try await stage.browser.post("/device", [("user_code", shown.userCode)])
                guard let about = typed.location, about.hasSuffix("/about") else { return false }
                let journey = String(about.dropLast("/about".count))
                _ = try await stage.browser.use("hanako", at: journey)
                _ = try await stage.browser.get(journey + "/continue")
                return try await waiter.decide("approve", at: journey, in: stage.browser).text.has("承認しました")
            }
        },
        Path(name: "a device's tokens", member: Parties.television) { stage in
            let waiter = try await Waiter(Parties.television, stage.house)
            let shown = try await waiter.begin()
            let phone = Browser(stage.house)
            try #require(try await waiter.approve(shown, in: phone).text.has("承認しました"))
            return { try await waiter.poll(shown).status == 200 }
        },
        Path(name: "back-channel authentication", member: Parties.counter) { stage in
            // A client may have some requests waiting, not twenty.
            try await stage.fresh()
            let waiter = try await Waiter(Parties.counter, stage.house)
            let name = try await waiter.name()
            return {
                // Short, for at most three of a client wait for one citizen.
                defer { stage.house.pass(2) }
                return try await waiter.ask([("login_hint", name), ("requested_expiry", "1")]).status == 200
            }
        },
        Path(name: "a back-channel request, approved by the citizen", member: Parties.counter) { stage in
            let (waiter, _, phone) = try await asked(stage)
            return {
                guard let request = try await waiter.listed(in: phone).first else { return false }
                let opened = try await phone.post("/approve/open", [("request", request)])
                guard let address = opened.location, address.hasSuffix("/continue") else { return false }
                let journey = String(address.dropLast("/continue".count))
                _ = try await phone.get(address)
                return try await waiter.decide("approve", at: journey, in: phone).text.has("承認しました")
            }
        },
        Path(name: "tokens of back-channel authentication", member: Parties.counter) { stage in
            let (waiter, asked, phone) = try await asked(stage)
            let journey = try await waiter.open(try #require(try await waiter.listed(in: phone).first), in: phone)
            _ = try await phone.get(journey + "/continue")
            try #require(try await waiter.decide("approve", at: journey, in: phone).text.has("承認しました"))
            return {
                stage.house.pass(5)
                return try await waiter.poll(asked).status == 200
            }
        },
    ]

    private static func asked(_ stage: Stage) async throws -> (Waiter, Waiter.Asked, Browser) {
        try await stage.fresh()
        let waiter = try await Waiter(Parties.counter, stage.house)
        let asked = try await waiter.asked([("login_hint", try await waiter.name())])
        let phone = Browser(stage.house)
        _ = try await waiter.enter("hanako", in: phone)
        return (waiter, asked, phone)
    }

    // MARK: - Trust marks

    static let marks: [Path] = [
        Path(name: "a trust mark", member: Parties.shop) { stage in
            { try await stage.browser.get(markAddress).status == 200 }
        },
        Path(name: "the status of a trust mark", member: Parties.shop) { stage in
            let mark = try await stage.browser.get(markAddress).text
            return {
                let answer = try await stage.browser.post("/federation/trust-mark-status", [("trust_mark", mark)])
                guard answer.status == 200, let payload = answer.text.split(separator: ".").dropFirst().first else { return false }
                return try JSON(reading: Base64url.decode(String(payload)) ?? [])["status"]?.string == "active"
            }
        },
        Path(name: "the list of those who have a trust mark", member: Parties.shop) { stage in
            {
                let list = try await stage.browser.get("/federation/trust-mark-list?" + Form.text([("trust_mark_type", markType)]))
                return try list.json.strings?.contains(Parties.shop) == true
            }
        },
    ]

    private static let markType = World.base + "/trust-marks/private-verifier"
    private static let markAddress = "/federation/trust-mark?" + Form.text([("trust_mark_type", markType), ("sub", Parties.shop)])
}
