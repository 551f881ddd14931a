import HTTPTypes
import Testing
import Vocabulary

/// Checklist S8, H3; SAML Profiles §4.1.5.
@Suite struct `An answer that no service asked for` {
    private static let address = "/saml/unsolicited?" + Form.text([("providerId", Parties.portal), ("target", "/desk?a=<b>&c")])
    private static let fromElsewhere: HTTPFields = {
        var headers = HTTPFields()
        if let name = HTTPField.Name("Sec-Fetch-Site") { headers[name] = "cross-site" }
        return headers
    }()

    @Test func `is asked for on a page of ours, then the card is used, then it goes with its target`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let page = try await browser.get(Self.address)
        #expect(page.status == 200)
        #expect(page.text.has("見本ポータル"))
        let form = try #require(page.form)
        #expect(form.action == "/saml/unsolicited")
        let paused = try await browser.post(form.action, form.fields)
        #expect(paused.status == 303)
        let end = try await browser.login("hanako", at: try #require(paused.location))
        #expect(end.form?.action == Parties.portalACS)
        #expect(end.form?.fields.last?.1 == "/desk?a=<b>&c")
        let reading = try SAMLReading(end, in: house.world)
        #expect(reading.isSuccess)
        #expect(reading.inResponseTo == nil)
        #expect(!reading.xml.has("InResponseTo"))

        let again = try await browser.post(form.action, form.fields)
        #expect(try SAMLReading(again, in: house.world).nameID == reading.nameID, "a session answers at once")
    }

    @Test func `is never sent because another site's page or link wants it`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion().path))
        let link = try await browser.get(Self.address, Self.fromElsewhere)
        #expect(!link.text.has("SAMLResponse"), "a link only brings the question")
        let form = try #require(link.form)
        let forged = try await browser.post(form.action, form.fields, Self.fromElsewhere)
        #expect(forged.status == 400)
        #expect(forged.code == "http.cross-site")
        let old = try await browser.post(form.action, form.fields, crossSite: true)
        #expect(old.status == 303, "a browser that says nothing of sites brings no cookie, so the citizen is asked for the card")
    }

    @Test(arguments: [
        (Parties.ministry, "saml.unsolicited.off"), (Parties.shop, "saml.member.unknown"),
        ("https://nobody.example", "saml.member.unknown"),
        ("", "saml.unsolicited.parameter"),
    ])
    func `is for members that take it, and nobody is written to about others`(id: String, code: String) async throws {
        let browser = Browser(try await House.ordinary())
        let query = "/saml/unsolicited?" + Form.text([("providerId", id)])
        let page = try await browser.get(query)
        #expect(page.status == 400)
        #expect(page.code == code)
        #expect(page.form == nil)
        let posted = try await browser.post("/saml/unsolicited", [("providerId", id)])
        #expect(posted.status == 400)
        #expect(posted.code == code)
    }

    @Test func `goes to no address that the member's metadata does not have`() async throws {
        let browser = Browser(try await House.ordinary())
        let query = "/saml/unsolicited?" + Form.text([("providerId", Parties.portal), ("shire", "https://evil.example/")])
        #expect(try await browser.get(query).code == "saml.consumer.url")
        let right = "/saml/unsolicited?" + Form.text([("providerId", Parties.portal), ("shire", Parties.portalACS)])
        #expect(try await browser.get(right).status == 200)
    }
}

/// Checklist S23, S24.
@Suite struct `What a SAML request insists on` {
    @Test func `AllowCreate false: no identifier is made for a citizen the service does not know`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        var question = SAMLQuestion()
        question.policy = [("AllowCreate", "false")]
        let refused = try SAMLReading(
            try await browser.login("hanako", at: try await browser.begin(question.path)), in: house.world)
        #expect(!refused.isSuccess)
        #expect(refused.has("InvalidNameIDPolicy"))
        #expect(refused.nameID == nil)

        var again = SAMLQuestion()
        again.policy = [("AllowCreate", "false")]
        #expect(
            try SAMLReading(try await browser.get(again.path), in: house.world).has("InvalidNameIDPolicy"), "the refusal made none either")
        let made = try SAMLReading(try await browser.get(SAMLQuestion().path), in: house.world)
        #expect(made.isSuccess)
        var known = SAMLQuestion()
        known.policy = [("AllowCreate", "false")]
        let kept = try SAMLReading(try await browser.get(known.path), in: house.world)
        #expect(kept.isSuccess)
        #expect(kept.nameID == made.nameID)
    }

    @Test func `ForceAuthn in two tabs: one use of the card answers one of them`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        var first = SAMLQuestion()
        first.force = true
        var second = SAMLQuestion(Parties.library)
        second.force = true
        let tabs = [try await browser.begin(first.path), try await browser.begin(second.path)]
        let end = try await browser.login("hanako", at: tabs[0])
        #expect(try SAMLReading(end, in: house.world).isSuccess)
        let other = try await browser.get(tabs[1] + "/continue")
        #expect(other.location == tabs[1], "the other tab still asks for the card")
        house.pass(30)
        let later = try await browser.login("hanako", at: tabs[1])
        #expect(try SAMLReading(later, in: house.world).authenticatedAt == house.now.text)
    }
}
