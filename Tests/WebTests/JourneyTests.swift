import Testing
import Vocabulary

@Suite struct `A whole journey` {
    @Test func `SAML: from the request to a signed answer at the registered address`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let question = SAMLQuestion(relayState: "/procedures/7?a=b&c=<d>")
        let journey = try await browser.begin(question.path)
        #expect(journey.hasPrefix(World.base + "/journey/"))
        let page = try await browser.get(journey)
        #expect(page.status == 200)
        #expect(page.text.has("見本省"))
        #expect(page.text.has("暗証番号"))
        let end = try await browser.login("hanako", at: journey)
        #expect(end.status == 200)
        #expect(end.form?.action == Parties.ministryACS)
        #expect(end.form?.fields.last?.1 == "/procedures/7?a=b&c=<d>")
        let reading = try SAMLReading(end, in: house.world)
        #expect(reading.isSuccess)
        #expect(reading.inResponseTo == question.id)
        #expect(reading.context == "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI")
        #expect(reading.nameID?.count == 32)
    }
}
