import Outbound
import SimulatedJPKI
import Testing
import Vocabulary

@Suite struct `References on a page, RFC 3986 §5.4` {
    @Test(arguments: [
        ("g", "http://a.example/b/c/g"), ("./g", "http://a.example/b/c/g"), ("g/", "http://a.example/b/c/g/"), ("/g", "http://a.example/g"),
        ("//g.example", "http://g.example/"), ("?y", "http://a.example/b/c/d?y"), ("g?y", "http://a.example/b/c/g?y"),
        ("g#s", "http://a.example/b/c/g"), ("#s", "http://a.example/b/c/d?q"), ("", "http://a.example/b/c/d?q"),
        (".", "http://a.example/b/c/"),
        ("..", "http://a.example/b/"), ("../g", "http://a.example/b/g"), ("../../../g", "http://a.example/g"),
        ("/./g", "http://a.example/g"),
        ("/../g", "http://a.example/g"), ("g.", "http://a.example/b/c/g."), ("./../g", "http://a.example/b/g"),
        ("g/./h", "http://a.example/b/c/g/h"),
        ("g/../h", "http://a.example/b/c/h"), ("g?y/../x", "http://a.example/b/c/g?y/../x"), ("https://b.example/x", "https://b.example/x"),
        ("?a:b", "http://a.example/b/c/d?a:b"), ("/a:b", "http://a.example/a:b"),
    ])
    func `resolve`(reference: String, target: String) throws {
        let base = try #require(WebAddress("http://a.example/b/c/d?q"))
        #expect(base.resolving(reference)?.description == target)
    }

    @Test(arguments: ["g:h", "javascript:x", "mailto:a@b", "http://user@b.example/", "http:g", "\\\\b.example", "/a b"])
    func `to anything but a plain web address are refused`(reference: String) throws {
        let base = try #require(WebAddress("http://a.example/b/c/d?q"))
        #expect(base.resolving(reference) == nil)
    }
}

@Suite struct `Self-submitting forms, SAML Bindings §3.5.4` {
    static let script = "<script>document.forms[0].submit()</script>"

    /// What the browser does with a page: the address and body of its next request, or nil when it stays.
    static func sent(_ html: String) async throws -> String? {
        var agent = UserAgent(clock: { World.now }) { (request) throws(OutboundRefusal) in
            guard request.method == .get else { throw .failed(what: "\(request.address) \(String(decoding: request.body, as: UTF8.self))") }
            return OutboundAnswer(
                status: 200, headers: [.init("Content-Type", "text/html")], body: Array(html.utf8), address: request.address)
        }
        do {
            _ = try await agent.open("https://a.example/page")
            return nil
        } catch UserAgentRefusal.network(.failed(let what), _) {
            return what
        }
    }

    @Test(arguments: [
        ("<form method=\"post\" action=\"/x\"><input type=\"hidden\" name=\"a\" value=\"1\"></form>", "https://a.example/x a=1"),
        (
            "<FORM METHOD=POST ACTION='https://b.example/x?y=1&amp;z=2'><INPUT TYPE=hidden NAME=a VALUE=1></FORM>",
            "https://b.example/x?y=1&z=2 a=1"
        ),
        ("<form method=post><input type=hidden name=a></form>", "https://a.example/page a="),
        (
            "<!-- <form> --><form method=post action=x><input name=\"a\" type=hidden value=\"&lt;&#x27;&#39;&quot;&nbsp;&bogus;\"/></form>",
            "https://a.example/x a=%3C%27%27%22%C2%A0%26bogus%3B"
        ),
        (
            "<form method=post action=x><input type=hidden name=a value=1><noscript><input type=submit value=Go></noscript></form>",
            "https://a.example/x a=1"
        ),
        ("<form method=post action=x><input type=hidden name=名 value='a>b'></form>", "https://a.example/x %E5%90%8D=a%3Eb"),
    ])
    func `are sent on`(form: String, request: String) async throws {
        #expect(try await Self.sent(form + Self.script) == request)
        #expect(try await Self.sent(form) == nil, "without the script it is for a person")
    }

    @Test(arguments: [
        "<form method=get action=x><input type=hidden name=a value=1></form>",
        "<form method=post action=x><input type=hidden name=a value=1><input type=hidden name=a value=2></form>",
        "<form method=post action=x><input type=text name=a value=1></form>", "<form method=post action=x><input name=a value=1></form>",
        "<form method=post action=x></form>", "<form method=post action=x enctype=multipart/form-data><input type=hidden name=a></form>",
        "<form method=post action=x><input type=hidden name=a></form><form method=post action=y><input type=hidden name=a></form>",
        "<form method=post action=x><select name=a></select><input type=hidden name=b></form>",
        "<textarea><form method=post action=x><input type=hidden name=a></form></textarea>",
        "<!-- <form method=post action=x><input type=hidden name=a></form> -->", "<form", "<", "</", "<!--", "<a href='", "&#x110000;&#0;",
    ])
    func `that are not plainly a message stay`(html: String) async throws {
        #expect(try await Self.sent(html + Self.script) == nil)
    }

    @Test func `to a strange address are refused`() async throws {
        await #expect(throws: UserAgentRefusal.address("javascript:x")) {
            try await Self.sent("<form method=post action=javascript:x><input type=hidden name=a></form>" + Self.script)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `of a page full of brackets take no time`() async throws {
        _ = try await Self.sent(
            String(repeating: "<a ", count: 100_000) + String(repeating: "&", count: 100_000) + String(repeating: "<!-", count: 50_000))
    }
}

@Suite struct `Decoded messages` {
    static let stored =
        "AcQAO/88c2FtbHA6QXV0aG5SZXF1ZXN0IHhtbG5zOnNhbWxwPSJ1cm46b2FzaXM6bmFtZXM6dGM6U0FNTDoyLjA6cHJvdG9jb2wiIElEPSJfMSI+PHNhbWw6SXNzdWVyIHhtbG5zOnNhbWw9InVybjpvYXNpczpuYW1lczp0YzpTQU1MOjIuMDphc3NlcnRpb24iPmh0dHBzOi8vc3AuZXhhbXBsZTwvc2FtbDpJc3N1ZXI+PC9zYW1scDpBdXRoblJlcXVlc3Q+"
    static let fixed =
        "sylOzM0psHIsLcnIC0otLE0tLlGoyM3JK7YCS9gqlRblWeUnFmcWW+Ul5qYWW5UkWwU7+vpYGekZWBUU5ZfkJ+fnKCl4utgqxRsq2dmAdFl5FheXphYhmYPfmMTi4tSiksz8PCW7jJKSgmIrff3iAr3UisTcgpxUG30kI+0gPFT32gEA"
    static let dynamic =
        "7Y9NCsIwFISvUnKARl0+0kDBTcFu9AASyoMW8mfmBXp80W7qxq0bl8Mw38wYuOAz9VXmeOVHZUizBh9Bb6NTtURKDgsousAgmejWjxc6tQfKJUmaklfNcO7U/aiseaVoACqXHec7xgFcZElR2Vkkg7RGbnl1IXs2eoe0m/rcu5X+P/z8wxM="
    static let bomb =
        "7cEBDQAAAMKgrO9fwh4OKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+DE="

    static let readable = """
        <samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1">
          <saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://sp.example</saml:Issuer>
        </samlp:AuthnRequest>
        """

    @Test(arguments: [stored, fixed]) func `of the redirect binding are inflated`(message: String) {
        #expect(MessageDecoding.standard("SAMLRequest", message) == Self.readable)
    }

    @Test func `with dynamic codes are inflated`() throws {
        let text = try #require(MessageDecoding.saml(Self.dynamic))
        #expect(text.components(separatedBy: "sp.example").count == 4)
    }

    @Test func `of the post binding are shown`() {
        #expect(MessageDecoding.standard("SAMLResponse", "PGE+PGIvPjwvYT4=") == "<a>\n  <b/>\n</a>")
    }

    @Test func `that are cut, changed or swell too much are not shown`() {
        #expect(MessageDecoding.saml(Self.bomb) == nil)
        guard let bytes = Base64.decode(Self.dynamic) else { return }
        for length in bytes.indices { #expect(MessageDecoding.saml(Base64.encode(bytes[..<length])) == nil) }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x55
            _ = MessageDecoding.saml(Base64.encode(changed))
        }
    }

    @Test func `of JOSE show header and claims`() {
        let token = Base64url.encode(Array("{\"alg\":\"ES256\"}".utf8)) + "." + Base64url.encode(Array("{\"mode\":\"pin\"}".utf8)) + ".c2ln"
        #expect(MessageDecoding.standard("statement", token) == "alg: \"ES256\"\nmode: \"pin\"")
        #expect(MessageDecoding.standard("statement", "a.b.c") == nil)
        #expect(MessageDecoding.standard("state", "xyz") == nil)
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
