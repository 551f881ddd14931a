import Testing
import TrustFramework
import Vocabulary

/// What a citizen is shown, in every language, after somebody has used everything once.
@Suite struct `No machine's word on a citizen's page` {
    static let pages = [
        "/", "/me", "/me/sessions", "/me/services", "/me/told", "/me/consents", "/me/cards", "/me/links", "/me/lost", "/ledger", "/approve",
        "/identity",
        "/session", "/help", "/services", "/device", "/tv", "/language", "/no-such-page",
    ]

    /// Attributes, modes, paths, protocols, purposes and values as machines write them.
    static let raw: [String] =
        AttributeSource.allCases.map(\.rawValue).filter { $0.contains("-") }
        + IssuancePath.allCases.map(\.rawValue).filter { $0.contains("-") || $0 == "userinfo" }
        + ["identity-check", "urn:", "openid", "saml", "card-pin", "presence", "signon.", "token.", "own-page", "[\"", "[&quot;"]

    /// Values that are words of other sentences too: a machine's where they stand alone.
    static let alone: Set<String> = ["true", "false", "null", "pin", "face", "crl", "ocsp", "male", "female", "not-stated"]

    /// Machine's words in what is shown.
    static func found(in text: String) -> [String] {
        raw.filter { text.has($0) }
            + lines(of: text).filter { alone.contains($0) || $0.wholeMatch(of: /\d{4}-\d{2}-\d{2}(T.*)?/) != nil }
    }

    /// What stands between two tags, each by itself.
    static func lines(of text: String) -> [String] {
        text.split(separator: "\n").map { piece -> String in
            var line = piece
            while line.last == " " { line.removeLast() }
            return String(line.drop { $0 == " " })
        }
    }

    /// The words of the main part: markup, addresses and what stands in fields are for machines.
    static func shown(_ page: Answer) -> String {
        let whole = page.text.components(splitBy: "<main").last?.components(splitBy: "</main>").first ?? ""
        // The ledger names the rules in its details (R18), beside their words.
        let main = whole.components(splitBy: "<details>").map { $0.components(splitBy: "</details>").last ?? "" }.joined(separator: " ")
        var shown = ""
        var inTag = false
        for letter in main {
            if letter == "<" { inTag = true }
            if !inTag { shown.append(letter) }
            if letter == ">" {
                inTag = false
                shown += "\n"
            }
        }
        return shown
    }

    @Test(arguments: ["ja", "en", "ja-easy"])
    func `after a login, a consent and what follows from them`(language: String) async throws {
        let home = try await CitizenHome()
        let browser = Browser(home.house)
        let journey = try await browser.begin(OpenIDQuestion(Parties.bank).path)
        _ = try await browser.login("misaki", at: journey)
        _ = try await Duty.agree(browser, journey)
        _ = try await browser.get("/?lang=" + language)
        var seen = 0
        for path in Self.pages {
            let page = try await browser.get(path)
            guard page.status != 303 else { continue }
            seen += 1
            let text = Self.shown(page)
            #expect(text.contains { $0.isLetter }, "\(path)")
            let isReadAloudTwice = page.text.firstMatch(of: /(="[^"]*|<title>[^<]*|<option[^>]*>[^<]*)<ruby/) != nil
            #expect(!isReadAloudTwice, "\(path): a reading where no element may stand")
            let found = Self.found(in: text)
            #expect(found.isEmpty, "\(path) in \(language): \(found)")
            #expect(text.firstMatch(of: /\d{4}-\d{2}-\d{2}T/) == nil, "\(path): a moment as machines write it")
        }
        #expect(seen >= Self.pages.count - 2)
        #expect(
            Self.shown(try await browser.get("/me/told")).has(["ja": "本人確認", "en": "Proof of identity", "ja-easy": "だれか"][language] ?? "?"))
    }

    @Test(arguments: [
        ("ja", ["1990年4月2日", "女性", "はい", "暗証番号を入力", "マイナンバーカード", "失効した証明書の一覧", "なし"]),
        ("en", ["2 April 1990", "Female", "Yes", "with its PIN", "My Number Card", "List of revoked certificates", "None"]),
        ("ja-easy", ["はい", "ありません"]),
    ])
    func `where a citizen agrees to what is sent: facts of the login, and what the certificate says`(
        language: String, said: [String]
    ) async throws {
        let browser = Browser(try House(try await World.unvouched()))
        browser.plant("lang", language)
        var question = OpenIDQuestion(Parties.counter, [("claims", Showing.askedClaims)])
        question.callback = Parties.counterCallback
        let journey = try await browser.askedWho("hanako", question)
        let shown = try await browser.show("hanako", at: journey)
        let next = try #require(try shown.json["continue"]?.string, "\(shown.text)")
        #expect(try await browser.get(next).location == journey + "/consent")
        let text = Self.shown(try await browser.get(journey + "/consent"))
        let (found, lines) = (Self.found(in: text), Self.lines(of: text))
        #expect(found.isEmpty, "\(found)")
        for value in said + ["関所　花子"] { #expect(lines.contains(value), "\(value) in \(lines)") }
    }

    @Test(arguments: [
        ("ja", ["はい", "暗証番号を入力"]), ("en", ["Yes", "with its PIN"]), ("ja-easy", ["はい"]),
    ])
    func `where a citizen approves what a service asks for elsewhere`(language: String, said: [String]) async throws {
        let waiter = try await Waiter(Parties.counter)
        _ = try await waiter.asked([("login_hint", try await waiter.name())])
        let phone = Browser(waiter.house)
        phone.plant("lang", language)
        _ = try await waiter.enter("hanako", in: phone)
        let journey = try await waiter.open(try #require(try await waiter.listed(in: phone).first), in: phone)
        #expect(try await phone.get(journey + "/continue").location == journey + "/confirm")
        let text = Self.shown(try await phone.get(journey + "/confirm"))
        let (found, lines) = (Self.found(in: text), Self.lines(of: text))
        #expect(found.isEmpty, "\(found)")
        for value in said { #expect(lines.contains(value), "\(value) in \(lines)") }
    }

    @Test(arguments: [
        "true", "false", "pin", "card-mode", "female", "1990-04-02", "2026-11-21T04:00:00Z", "[\"A-1\"]", "[&quot;A-1&quot;]",
    ])
    func `and one that stands there is found`(word: String) {
        #expect(!Self.found(in: "カードの使い方\n: \n " + word + " \n").isEmpty)
    }

    @Test(arguments: ["はい", "暗証番号を入力", "Female", "1990年4月2日", "whether the PIN was used", "0120-95-0178", "A-1、A-2"])
    func `and a citizen's word is none`(word: String) { #expect(Self.found(in: "カードの使い方\n: \n " + word + " \n").isEmpty) }

    @Test func `a refusal that is the service's fault does not trouble the citizen with its terms`() async throws {
        let browser = Browser(try await House.ordinary())
        let page = try await browser.get("/openid/authorize?client_id=x")
        let first = page.text.components(splitBy: "<details>").first ?? ""
        #expect(first.has("サービスからのログインの依頼に問題がある"))
        #expect(!first.has("client_id") && page.text.has("client_id"), "its developer reads it further down")
    }
}
