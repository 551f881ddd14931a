import JOSE
import OpenID
import SignOn
import Testing
import Vocabulary

/// Checklist E1–E4, issue 2 "never a redirect to an unproven address".
@Suite struct `Redirect addresses (checklist E1, E2, E3)` {
    /// Each is somebody's idea of how to reach another address than `https://shop.example/cb`.
    static let tricks = [
        "https://shop.example/cb/", "https://shop.example/cb?", "https://shop.example/cb#", "https://shop.example/cb?x=1",
        "https://shop.example/cb#x", "https://shop.example/CB", "https://SHOP.example/cb", "HTTPS://shop.example/cb",
        "https://shop.example:443/cb", "https://shop.example:/cb", "https://shop.example:8443/cb", "http://shop.example/cb",
        "https://shop.example//cb", "https://shop.example/./cb", "https://shop.example/x/../cb", "https://shop.example/cb/..",
        "https://shop.example/cb/../../evil", "https://shop.example/cb/..;/evil", "https://shop.example/cb;/evil",
        "https://shop.example/cb/%2e%2e/evil", "https://shop.example/%63b", "https://shop.example/cb%00", "https://shop.example/cb%20",
        "https://shop.example/cb%0d%0aSet-Cookie:x=1", "https://shop.example/cb\r\nSet-Cookie: x=1", "https://shop.example/cb\u{0}",
        " https://shop.example/cb", "https://shop.example/cb ", "\thttps://shop.example/cb", "https://shop.example/cb\n",
        "https://shop.example.evil.example/cb", "https://evil.example/shop.example/cb", "https://evilshop.example/cb",
        "https://x.shop.example/cb", "https://shop.example./cb", "https://shop.example@evil.example/cb",
        "https://shop.example:x@evil.example/cb", "https://evil.example@shop.example/cb", "https://a@b@shop.example/cb",
        "https://shop.example%40evil.example/cb", "https://shop.example%2eevil.example/cb", "https://shop.example\\@evil.example/cb",
        "https://evil.example\\shop.example/cb", "https://evil.example/\\shop.example/cb", "https:\\\\shop.example\\cb",
        "https:///shop.example/cb", "https:/shop.example/cb", "https:shop.example/cb", "//shop.example/cb", "///shop.example/cb", "/cb",
        "cb", "shop.example/cb", "https://evil.example#https://shop.example/cb", "https://evil.example?https://shop.example/cb",
        "https://evil.example/cb?redirect_uri=https://shop.example/cb", "https://[::1]/cb", "https://127.0.0.1/cb",
        "http://localhost/cb", "https://0x7f000001/cb", "https://ѕhop.example/cb", "https://shop。example/cb",
        "https://shop.exampl\u{0435}/cb",
        "https://shop.example/c\u{0062}\u{0301}", "https://shop.example/cb\u{202e}", "https://shop.example\u{2044}cb",
        "https://shop.example/cb\u{feff}", "javascript:alert(1)", "JaVaScRiPt://shop.example/cb%0aalert(1)",
        "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "blob:https://shop.example/cb",
        "view-source:https://shop.example/cb", "intent://shop.example/cb#Intent;end", "https://*.example/cb", "https://shop.example/*",
        "null", "urn:ietf:wg:oauth:2.0:oob", "https://shop.example/cb,https://evil.example/cb",
        "https://shop.example/cb https://evil.example/cb",
    ]

    @Test(arguments: tricks)
    func `an address that differs in one byte gets a page and never a redirect`(address: String) throws {
        let federation = try Federation()
        let refusal = try #require(try federation.refusal(Federation.query([("redirect_uri", address)])))
        #expect(refusal.location(issuer: Federation.issuer) == nil)
        guard case .page(let explanation, _) = refusal else {
            Issue.record("an unregistered address was believed")
            return
        }
        #expect(explanation.code == "openid.request.redirect-unregistered")
    }

    @Test func `the corpus is large enough`() {
        #expect(Set(Self.tricks.map { Array($0.utf8) }).count >= 60)
    }

    @Test(arguments: [Federation.callback, "https://shop.example/K;x", "https://shop.example/cb?a=b&c=%20"])
    func `the registered address itself is accepted`(address: String) throws {
        let federation = try Federation()
        let request = try federation.verified([("redirect_uri", address)], client: federation.client(redirects: [address]))
        #expect(request.redirect.text == address)
    }

    /// `==` on strings is canonical equivalence: KELVIN SIGN equals K, GREEK QUESTION MARK equals a semicolon.
    @Test(arguments: ["https://shop.example/\u{212A};x", "https://shop.example/K\u{037E}x"])
    func `an address equal only in Unicode's eyes is another address`(address: String) throws {
        let federation = try Federation()
        let client = try federation.client(redirects: ["https://shop.example/K;x"])
        #expect(address == "https://shop.example/K;x", "the trick needs Swift to call them equal")
        guard case .page = try federation.refusal(Federation.query([("redirect_uri", address)]), client: client) else {
            Issue.record("believed")
            return
        }
    }

    @Test(arguments: [Federation.callback, "https://evil.example/cb", "javascript:alert(1)"])
    func `an unknown client gets a page whatever address it names`(address: String) throws {
        let query = Federation.query([("client_id", "nobody"), ("redirect_uri", address)])
        let federation = try Federation()
        do throws(AuthorizationRefusal) {
            _ = try UnverifiedAuthorizationRequest(parameters: query).verified(for: nil, at: federation.provider, at: Federation.now)
            Issue.record("accepted")
        } catch {
            #expect(error.location(issuer: Federation.issuer) == nil)
            #expect(error.explanation.code == "openid.request.client-unknown")
        }
    }

    @Test func `the registration of another client proves nothing`() throws {
        let federation = try Federation()
        guard case .page = try federation.refusal(Federation.query(), client: federation.client("other")) else {
            Issue.record("a request of `shop` was proven by the registration of `other`")
            return
        }
    }

    /// Checklist E3: no faulty response mode, response type or request object moves the answer elsewhere.
    @Test(arguments: [
        [("response_mode", "form_post.jwt"), ("redirect_uri", "https://evil.example/")],
        [("response_type", "token"), ("redirect_uri", "https://evil.example/")],
        [("request", "e30.e30."), ("redirect_uri", "https://evil.example/")],
        [("prompt", "none login"), ("redirect_uri", "//evil.example")], [("redirect_uri", "")],
    ])
    func `two faults at once never redirect`(changes: [(String, String)]) throws {
        let federation = try Federation()
        let refusal = try #require(try federation.refusal(Federation.query(changes.map { ($0.0, $0.1) })))
        #expect(refusal.location(issuer: Federation.issuer) == nil)
    }

    @Test func `an address sent twice proves neither`() throws {
        let federation = try Federation()
        let refusal = try #require(try federation.refusal(Federation.query() + "&redirect_uri=https%3A%2F%2Fevil.example"))
        #expect(refusal.location(issuer: Federation.issuer) == nil)
        #expect(refusal.explanation.code == "openid.request.repeated")
    }

    @Test(arguments: [
        "http://shop.example/cb", "javascript://shop.example/%0aalert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "shop:/cb",
        "https://shop.example/cb#f", "https://u@shop.example/cb", "https://shop.example/a/../cb", "https://shop.example/%2E%2e/cb",
        "https://*.example/cb", "https:///cb", "https:shop.example/cb", "https://shop.example\\cb", "https://shop.example/c b",
        "https://shop.example/ｃｂ", "https://shop.example:0/cb", "https://shop.example:99999/cb", "https://shop.example:8x/cb",
        "https://shop..example/cb", "https://shop.example/%zz", "https://shop.example/%2", "https://[::1/cb", "https://[x]/cb", "",
        "//shop.example/cb",
        "http://127.0.0.1/cb", "http://localhost.evil.example/cb", "https://shop.example/<script>",
        "https://shop.example/" + String(repeating: "a", count: 2_048),
    ])
    func `an unfit address cannot be registered`(address: String) throws {
        let federation = try Federation()
        #expect(throws: ClientRefusal.self) { try federation.client(redirects: [Federation.callback, address]) }
    }

    @Test(arguments: [
        "https://shop.example", "HTTPS://shop.example/cb", "https://shop.example:8443/a/b?c=d&e", "https://192.0.2.1/cb",
        "https://[2001:db8::1]:444/cb",
        "https://xn--q9jyb4c.example/%E3%81%82",
    ])
    func `a fit address can be registered`(address: String) throws {
        let federation = try Federation()
        #expect(try federation.client(redirects: [address]).redirect(address)?.text == address)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080/cb", true), ("http://localhost/cb", true), ("http://[::1]:9/cb", true), ("http://shop.example/cb", false),
    ])
    func `plain http is for development on this machine`(address: String, fits: Bool) throws {
        let federation = try Federation()
        let id = try Federation.memberID("shop")
        let keys = ClientAuthentication.privateKeyJWT(try federation.keys.set([federation.keys.shopES256]))
        let accepted = (try? Client(id: id, redirectURIs: [address], authentication: keys, development: true)) != nil
        #expect(accepted == fits)
        #expect(throws: ClientRefusal.self) { try Client(id: id, redirectURIs: [address], authentication: keys) }
    }

    @Test func `a registration is told all its faults at once`() throws {
        let id = try Federation.memberID("shop")
        do throws(ClientRefusal) {
            _ = try Client(
                id: id, redirectURIs: ["javascript:1", "http://x/"], authentication: .clientSecretBasic(digest: []),
                idTokenAlgorithm: .es512,
                scopes: ["a b"], assertionLifetime: 0)
            Issue.record("registered")
        } catch {
            #expect(error.explanations.count == 6)
        }
    }

    @Test(arguments: [("https://shop.example/cb", "?"), ("https://shop.example/cb?x=1", "&"), ("https://shop.example/cb?", "")])
    func `answers go behind a query that is there already`(address: String, separator: String) throws {
        let federation = try Federation()
        let request = try federation.verified([("redirect_uri", address)], client: federation.client(redirects: [address]))
        let location = try request.location(refusing: .cancelled, at: federation.provider)
        #expect(location.hasPrefix(address + separator + "error=access_denied&"))
    }
}
