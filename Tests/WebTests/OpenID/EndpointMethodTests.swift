import HTTPTypes
import SQLiteStores
import Testing
import Vocabulary
import Web

@Suite struct `The methods that an address takes (RFC 9110 §9.3.2, §15.5.6)` {
    @Test(arguments: [
        "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-protected-resource/openid/userinfo", "/openid/jwks",
    ])
    func `what everybody may read is read by HEAD too, and by scripts of any page without credentials`(path: String) async throws {
        let browser = Browser(try await House.ordinary())
        let full = try await browser.get(path, [.origin: "https://app.example"])
        #expect(full.status == 200 && !full.body.isEmpty)
        #expect(full.headers[.accessControlAllowOrigin] == "*")
        #expect(full.headers[.accessControlAllowCredentials] == nil)
        let head = try await browser.send(.head, path, [:], nil)
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.headers[.contentType] == full.headers[.contentType])
        #expect(head.headers[.contentLength] == full.headers[.contentLength])
        let asked: HTTPFields = [.origin: "https://app.example", .accessControlRequestMethod: "GET", .accessControlRequestHeaders: "x-lib"]
        let preflight = try await browser.send(.options, path, asked, nil)
        #expect(preflight.status == 204)
        #expect(preflight.headers[.accessControlAllowOrigin] == "*" && preflight.headers[.accessControlAllowMethods] == "GET, HEAD")
    }

    @Test(arguments: [
        "/health", "/help", "/help/codes", "/services", "/saml/metadata", "/saml/metadata/signing.pem", "/", "/device",
        "/trust-marks/private-verifier",
        "/federation/trust-mark-list?" + Form.text([("trust_mark_type", World.base + "/trust-marks/private-verifier")]),
    ])
    func `pages whose reading changes nothing have HEAD, and are closed to scripts of other pages`(path: String) async throws {
        let browser = Browser(try await House.ordinary())
        let head = try await browser.send(.head, path, [:], nil)
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(try await browser.get(path, [.origin: "https://app.example"]).headers[.accessControlAllowOrigin] == nil)
    }

    @Test(arguments: ["token", "introspect", "revoke", "device_authorization", "ciba", "par"])
    func `endpoints of clients take POST only, say so in JSON, and let no script ask them`(endpoint: String) async throws {
        let browser = Browser(try await House.ordinary())
        for method in [HTTPRequest.Method.get, .put, .patch, .delete] {
            let answer = try await browser.send(method, "/openid/" + endpoint, [:], nil)
            #expect(answer.status == 405, "\(method)")
            #expect(answer.headers[.allow] == "POST")
            #expect(try answer.json["error"] == "invalid_request")
        }
        #expect(try await browser.send(.head, "/openid/" + endpoint, [:], nil).status == 405)
        let asked: HTTPFields = [.origin: "https://app.example", .accessControlRequestMethod: "POST"]
        let preflight = try await browser.send(.options, "/openid/" + endpoint, asked, nil)
        #expect(preflight.status == 405)
        #expect(preflight.headers[.accessControlAllowOrigin] == nil)
    }

    @Test(
        arguments: [
            ("/openid/register", [.get, .head, .put, .patch, .delete, .options], "POST"),
            ("/openid/register/dyn-none", [.post, .patch, .options], "GET, HEAD, PUT, DELETE"),
            ("/openid/logout", [.head, .put, .patch, .delete, .options], "GET, POST"),
            ("/openid/jwks", [.post, .put, .patch, .delete], "GET, HEAD, OPTIONS"),
            ("/openid/identity/compare", [.get, .head, .put, .patch, .delete, .options], "POST"),
            ("/federation/trust-mark", [.post, .put, .patch, .delete, .options], "GET, HEAD"),
            ("/federation/trust-mark-list", [.post, .put, .patch, .delete, .options], "GET, HEAD"),
            ("/federation/trust-mark-status", [.get, .head, .put, .patch, .delete, .options], "POST"),
        ] as [(String, [HTTPRequest.Method], String)])
    func `an address names its methods to whoever comes by another`(path: String, others: [HTTPRequest.Method], taken: String) async throws
    {
        let browser = Browser(try await House.ordinary())
        for method in others {
            let answer = try await browser.send(method, path, [:], nil)
            #expect(answer.status == 405 && answer.headers[.allow] == taken, "\(method)")
        }
        for method in taken.split(separator: ", ").compactMap({ HTTPRequest.Method(rawValue: String($0)) }) {
            #expect(try await browser.send(method, path, [:], nil).status != 405, "\(method)")
        }
    }

    @Test func `a look at a link to a login does not begin one`() async throws {
        let house = try await House.ordinary()
        let path = OpenIDQuestion().path
        let answer = try await Browser(house).send(.head, path, [:], nil)
        #expect(answer.status == 405 && answer.headers[.allow] == "GET, POST")
        #expect(try await house.store.counts()["transactions"] == 0)
        #expect(try await Browser(house).get(path).status == 303)
        #expect(try await house.store.counts()["transactions"] == 1)
    }
}
