import Cryptography
import HTTPTypes
import Testing
import Vocabulary

/// Checklist H12, H13, S2, S32.
@Suite struct `Pages` {
    /// Every kind of answer there is, by name.
    private func answers() async throws -> [(String, Answer)] {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let refused = try await browser.get("/openid/authorize?client_id=x")
        let front = try await browser.get("/")
        let redirect = try await browser.get(SAMLQuestion().path)
        let journey = try #require(redirect.location)
        let login = try await browser.get(journey)
        let challenge = try await browser.post(journey + "/challenge", json: [:])
        let notJSON = try await browser.post(journey + "/challenge", json: [:], type: "text/plain")
        let post = try await browser.login("hanako", at: journey)
        return [
            ("refused", refused), ("front", front), ("redirect", redirect), ("login", login), ("challenge", challenge),
            ("not JSON", notJSON),
            ("post", post), ("front with session", try await browser.get("/")), ("unknown", try await browser.get("/unknown")),
            ("token", try await browser.post("/openid/token", [])), ("userinfo", try await browser.get("/openid/userinfo")),
            ("health", try await browser.get("/health")), ("metadata", try await browser.get("/saml/metadata")),
            ("keys", try await browser.get("/openid/jwks")), ("logout", try await browser.post("/session/end")),
        ]
    }

    @Test func `every answer forbids sniffing, framing, referring and downgrading`() async throws {
        for (name, answer) in try await answers() {
            #expect(answer.headers[.xContentTypeOptions] == "nosniff", "\(name)")
            // What posts a form to a service names our origin, else browsers say that it is `null`; it names no page.
            let referrer = name == "post" ? "strict-origin" : "no-referrer"
            for (header, value) in [
                ("X-Frame-Options", "DENY"), ("Referrer-Policy", referrer), ("Strict-Transport-Security", "max-age=31536000"),
            ] { #expect(answer.headers[try #require(HTTPField.Name(header))] == value, "\(name)") }
            if !["metadata", "keys"].contains(name) { #expect(answer.headers[.cacheControl] == "no-store", "\(name)") }
            #expect(!answer.body.isEmpty || answer.status == 303, "\(name)")
        }
    }

    @Test func `every page has a policy that allows exactly its own style, and its own scripts where it has some`() async throws {
        var pages = 0
        for (name, answer) in try await answers() where answer.headers[.contentType]?.hasPrefix("text/html") == true {
            pages += 1
            let policy = try #require(answer.headers[.contentSecurityPolicy], "\(name)")
            let directives = policy.components(splitBy: "; ")
            #expect(directives.contains("default-src 'none'"))
            #expect(directives.contains("frame-ancestors 'none'"))
            #expect(directives.contains("base-uri 'none'"))
            #expect(!policy.has("unsafe") && !policy.has("*") && !policy.has("http"))
            #expect(answer.headers[.contentLanguage] == "ja", "\(name)")
            // What a browser hashes is what stands between the tags.
            let styles = answer.text.components(between: "<style>", and: "</style>")
            #expect(styles.count == 1)
            #expect(directives.contains("style-src 'sha256-\(Self.digest(styles.first))'"), "\(name)")
            let scripts = answer.text.components(between: "<script>", and: "</script>")
            #expect(scripts.count == (["post", "login", "front with session"].contains(name) ? 2 : 0), "\(name)")
            let allowed = directives.first { $0.hasPrefix("script-src") }
            #expect(
                allowed == (scripts.isEmpty ? nil : "script-src" + scripts.map { " 'sha256-" + Self.digest($0) + "'" }.joined()), "\(name)")
            #expect(!answer.text.has(" style=") && !answer.text.has(" onclick") && !answer.text.has(" onload"))
        }
        #expect(pages >= 6)
    }

    private static func digest(_ text: String?) -> String { Base64.encode(Digest.sha256(Array((text ?? "").utf8))) }

    @Test func `every page with a form, and no other, holds a second press of it back`() async throws {
        var forms = 0
        for (name, answer) in try await answers() where answer.headers[.contentType]?.hasPrefix("text/html") == true {
            let holds = answer.text.has("addEventListener(\"submit\"")
            #expect(holds == answer.text.has("<form"), "\(name)")
            forms += holds ? 1 : 0
        }
        #expect(forms >= 3)
    }

    @Test func `the form to the service works without JavaScript`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let page = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion().path))
        #expect(page.text.has("<button type=\"submit\">"))
        #expect(!page.text.has("name=\"submit\""), "it would shadow the form's submit()")
    }

    static let attacks = [
        "<script>alert(1)</script>", "\"><script>alert(1)</script>", "'><img src=x onerror=alert(1)>", "\" autofocus onfocus=alert(1) x=\"",
        "</code></dd><form action=https://evil.example>", "javascript:alert(1)", "&lt;script&gt;", "&#60;script&#62;", "{{7*7}}", "<!--",
        "]]>",
        "</style><script>alert(1)</script>", "\u{2028}<b>", "\u{202e}<b>", "＜script＞",
    ]

    /// Only tags that our own pages have, whatever came in.
    private func expectOwnMarkup(_ page: Answer, _ name: String) {
        let tags: Set<String> = [
            "!DOCTYPE", "html", "head", "meta", "style", "title", "body", "main", "h1", "p", "strong", "form", "input", "button", "a",
            "code", "dl", "dt", "dd", "script", "header", "nav", "ul", "li", "footer", "h2", "h3", "details", "summary", "div", "bdi",
            "svg", "rect",
            "path", "label", "time",
        ]
        for piece in page.text.components(splitBy: "<").dropFirst() {
            let tag = piece.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber || $0 == "!" }
            #expect(tags.contains(String(tag)), "\(name): <\(piece.prefix(40))")
        }
        #expect(page.hasOnlyOwnScripts, "\(name)")
        for form in page.text.components(between: "<form method=\"post\" action=\"", and: "\"") {
            #expect(form.hasPrefix("/journey/") || form == "/session/end" || form == Parties.ministryACS, "\(name)")
        }
        #expect(
            page.text.components(splitBy: "<form").count == page.text.components(splitBy: "<form method=\"post\" action=\"").count,
            "\(name)")
    }

    @Test(arguments: attacks)
    func `nothing that a request says becomes markup on a refusal`(attack: String) async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        var client = OpenIDQuestion()
        client.client = attack
        var redirect = OpenIDQuestion()
        redirect.callback = attack
        var consumer = SAMLQuestion()
        consumer.consumer = attack
        var destination = SAMLQuestion()
        destination.destination = attack
        var issuer = SAMLQuestion()
        issuer.issuer = attack
        for (name, path) in [
            ("client_id", client.path), ("redirect_uri", redirect.path), ("ACS", consumer.path), ("Destination", destination.path),
            ("Issuer", issuer.path), ("SigAlg", SAMLQuestion().path + "&SigAlg=" + Form.encoded(attack) + "&Signature=AAAA"),
            ("encoding", SAMLQuestion().path + "&SAMLEncoding=" + Form.encoded(attack)), ("path", "/" + Form.encoded(attack)),
        ] {
            let page = try await browser.get(path)
            #expect((400...404).contains(page.status), "\(name)")
            #expect(page.location == nil, "\(name)")
            expectOwnMarkup(page, name)
        }
    }

    @Test(arguments: attacks)
    func `RelayState and state go back byte for byte, and nowhere else`(attack: String) async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let saml = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion(relayState: attack).path))
        expectOwnMarkup(saml, "RelayState")
        #expect(saml.form?.fields.first { $0.0 == "RelayState" }?.1 == attack)
        var question = OpenIDQuestion()
        question.state = attack
        let openID = try await browser.get(question.path)
        #expect(openID.status == 303)
        #expect(openID.parameter("state") == attack)
        #expect(openID.location?.utf8.allSatisfy { (0x21...0x7e).contains($0) && ![0x22, 0x3c, 0x3e].contains($0) } == true)
        #expect(openID.headers[values: .location].count == 1)
    }

    @Test(arguments: ["\r\nSet-Cookie: a=b", "\n\n<script>alert(1)</script>", "%0d%0aLocation: https://evil.example", "\u{0}"])
    func `no value adds a header`(attack: String) async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path))
        var question = OpenIDQuestion()
        question.state = attack
        let answer = try await browser.get(question.path)
        #expect(answer.status == 303)
        #expect(answer.headers[.setCookie] == nil)
        #expect(answer.location?.contains { $0.isNewline } == false)
        #expect(answer.parameter("state") == attack)
        let relay = try await browser.get(SAMLQuestion(relayState: attack).path)
        #expect(relay.headers[.setCookie]?.hasPrefix("__Host-sekisho-") != false)
        expectOwnMarkup(relay, "RelayState")
    }

    @Test func `a member's name is text`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let page = try await browser.get(try await browser.begin(OpenIDQuestion(Parties.bank).path))
        expectOwnMarkup(page, "name")
        #expect(Form.unescaped(page.between("<strong><bdi>", "</bdi></strong>") ?? "") == Parties.hostileName)
    }

    @Test(arguments: [
        ("ja", "ja", ["マイナンバーカードでログイン", "やめる"], ["Log in", "Cancel"]),
        ("en", "en", ["Log in with your My Number Card", "Cancel"], ["ログイン", "やめる"]),
        ("ja-easy", "ja", ["マイナンバーカードで ログインします", "やめます"], ["Log in", "Cancel"]),
    ])
    func `a page speaks one language, and says which`(language: String, tag: String, said: [String], unsaid: [String]) async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        browser.plant("lang", language)
        let page = try await browser.get(try await browser.begin(SAMLQuestion().path))
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(page.headers[.contentLanguage] == tag)
        #expect(page.text.has("<html lang=\"\(tag)\">"))
        let main = try #require(page.between("<main", "</main>"))
        for text in said { #expect(main.has(text), "\(text)") }
        for text in unsaid { #expect(!main.has(text), "\(text)") }
    }
}
