import OpenID
import Testing
import Vocabulary

@Suite struct `Redirect addresses at every door that takes one (checklist E1, E2, E3, E4)` {
    @Test func `the corpus is large, and every address in it is another one`() {
        let bytes = Set(RedirectCorpus.tricks.map { Array($0.address.utf8) })
        #expect(bytes.count >= 300)
        #expect(bytes.count == RedirectCorpus.tricks.count)
        #expect(!bytes.contains(Array(Federation.callback.utf8)))
    }

    @Test(arguments: RedirectCorpus.tricks)
    func `the authorization endpoint answers a trick on a page, and the registered address beside it`(trick: RedirectCorpus.Trick) throws {
        let federation = try Federation()
        let refusal = try #require(try federation.refusal(Federation.query([("redirect_uri", trick.address)])))
        #expect(refusal.isPage)
        #expect(refusal.explanation.code == "openid.request.redirect-unregistered")
    }

    @Test(arguments: RedirectCorpus.tricks)
    func `a push gets an error for a trick, though the client has authenticated`(trick: RedirectCorpus.Trick) throws {
        let federation = try Federation()
        let parameters = Federation.plainRequest.filter { $0.0 != "redirect_uri" } + [("redirect_uri", trick.address)]
        let refusal = try #require(try federation.pushRefusal(parameters, federation.rp(.fapi2)))
        #expect(refusal.explanation.code == "openid.request.redirect-unregistered")
        #expect(refusal.pushedStatus == 400)
        #expect(refusal.pushedBody["error"] == "invalid_request")
    }

    @Test(arguments: RedirectCorpus.tricks)
    func `a signed request object with a trick in it goes nowhere, whatever address stands beside it`(trick: RedirectCorpus.Trick) throws {
        let federation = try Federation()
        for profile in [ClientProfile.core, .digitalAuthApp] {
            let object = try federation.requestObject([("redirect_uri", .string(trick.address)), ("nonce", "n")])
            let query = Federation.query(object: object, beside: [("redirect_uri", Federation.callback)])
            let client = try federation.rp(profile)
            let refusal = try #require(federation.judgedRefusal(query, client))
            #expect(refusal.isPage)
            #expect(refusal.explanation.code == "openid.request.redirect-unregistered")
        }
    }

    @Test(arguments: RedirectCorpus.tricks)
    func `after a logout nobody is sent to a trick`(trick: RedirectCorpus.Trick) throws {
        let federation = try Federation()
        let client = try federation.client(afterLogout: [Federation.callback])
        let query = Federation.form([("client_id", "shop"), ("post_logout_redirect_uri", trick.address), ("state", "s")])
        do throws(LogoutRefusal) {
            _ = try UnverifiedLogoutRequest(parameters: query).verified(for: client, at: federation.provider)
            Issue.record("accepted")
        } catch {
            #expect(error.explanation.code == "openid.logout.redirect-unregistered")
        }
    }

    @Test(arguments: RedirectCorpus.tricks)
    func `registration takes what reads alike everywhere, and nothing else`(trick: RedirectCorpus.Trick) throws {
        let federation = try Federation()
        for isForLogout in [false, true] {
            do {
                let client = try federation.client(
                    redirects: isForLogout ? [Federation.callback] : [trick.address], afterLogout: isForLogout ? [trick.address] : [])
                #expect(trick.isFit)
                // What is registered is accepted as it stands, and the sample address is then the trick.
                let asked = isForLogout ? client.logoutRedirect(trick.address) : client.redirect(trick.address)
                #expect(asked?.text == trick.address)
                #expect((isForLogout ? client.logoutRedirect(Federation.callback) : client.redirect(Federation.callback)) == nil)
            } catch let refusal as ClientRefusal {
                #expect(!trick.isFit)
                let code = isForLogout ? "openid.client.post-logout-redirect-uri" : "openid.client.redirect-uri"
                #expect(refusal.explanations.map(\.code) == [code])
            }
        }
    }

    /// Behind it the answer's own would stand a second time, and its reader would take one or the other.
    @Test(arguments: [
        "code", "state", "iss", "error", "error_description", "error_uri", "response", "session_state", "id_token", "access_token",
        "c%6fde",
    ])
    func `an address that says what the answer says cannot be registered`(name: String) throws {
        let federation = try Federation()
        for query in ["?\(name)=x", "?a=b&\(name)", "?\(name)=&a=b"] {
            let refusal = #expect(throws: ClientRefusal.self) { try federation.client(redirects: ["https://shop.example/cb" + query]) }
            #expect(refusal?.explanations.map(\.code) == ["openid.client.redirect-uri"], "\(query)")
            guard name != "state" else { continue }
            #expect(throws: Never.self, "a logout says nothing but state") {
                try federation.client(afterLogout: ["https://shop.example/cb" + query])
            }
        }
        #expect(throws: Never.self) { try federation.client(redirects: ["https://shop.example/cb?\(name)s=x&x=\(name)&State=y"]) }
    }

    @Test func `the registered address passes each of these doors`() throws {
        let federation = try Federation()
        #expect(try federation.refusal(Federation.query()) == nil)
        #expect(try federation.pushRefusal(Federation.plainRequest, federation.rp(.fapi2)) == nil)
        for profile in [ClientProfile.core, .digitalAuthApp] {
            #expect(
                try federation.judged(Federation.query(object: federation.requestObject()), federation.rp(profile)).redirect.text
                    == Federation.callback)
        }
        let query = Federation.form([("client_id", "shop"), ("post_logout_redirect_uri", Federation.callback), ("state", "s")])
        let logout = try UnverifiedLogoutRequest(parameters: query)
            .verified(for: federation.client(afterLogout: [Federation.callback]), at: federation.provider)
        #expect(logout.location == Federation.callback + "?state=s")
    }

    /// Checklist E3: whichever way an answer would travel, and whatever else is wrong, an unproven address gets none.
    @Test(arguments: ["query", "form_post", "jwt", "query.jwt", "form_post.jwt", "fragment", "web_message", ""])
    func `no response mode moves an answer to an unproven address`(mode: String) throws {
        let federation = try Federation()
        for more in [[], [("response_type", "token")], [("request", "e30.e30.")], [("scope", "")], [("prompt", "none login")]] {
            let changes = [("redirect_uri", "https://evil.example/cb"), ("response_mode", mode)] + more
            for client in [try federation.client(), try federation.rp()] {
                let refusal = try #require(federation.judgedRefusal(Federation.query(changes.map { ($0.0, $0.1) }), client))
                #expect(refusal.isPage)
                var random = Seeded()
                #expect(try refusal.answer(at: federation.rich, at: Federation.now, using: &random) == nil)
            }
        }
    }

    @Test func `with a proven address the same faults travel there`() throws {
        let federation = try Federation()
        for mode in ["form_post", "jwt", "form_post.jwt"] {
            let query = Federation.query([("response_mode", mode), ("response_type", "token")])
            let refusal = try #require(try federation.judgedRefusal(query, federation.rp()))
            #expect(!refusal.isPage)
            var random = Seeded()
            let answer = try #require(try refusal.answer(at: federation.rich, at: Federation.now, using: &random))
            #expect(answer.location.hasPrefix(Federation.callback))
        }
    }
}
