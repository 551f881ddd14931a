import Settings
import SignOn
import Testing
import Vocabulary
import XML

/// Checklist S12; SAML Profiles §6.
@Suite struct `A query for attributes` {
    /// A login at the archive, and the name it was told.
    private static func name(_ archive: Archive, _ browser: Browser) async throws -> String {
        let artifact = try #require(try await archive.login(browser).parameter("SAMLart"))
        let assertion = try archive.proven(await archive.resolve(artifact)).named("Response")?.named("Assertion")
        return try #require(assertion?.named("Subject")?.named("NameID")?.text)
    }

    @Test func `is told what a sign-on would tell, while the citizen is logged in there`() async throws {
        let house = try await House.ordinary()
        let archive = Archive(house: house)
        let browser = Browser(house)
        let artifact = try #require(try await archive.login(browser).parameter("SAMLart"))
        let signedOn = try #require(try archive.proven(await archive.resolve(artifact)).named("Response")?.named("Assertion"))
        let name = try #require(signedOn.named("Subject")?.named("NameID")?.text)

        let response = try archive.proven(await archive.query(name))
        #expect(response.codes == ["Success"])
        let assertion = try #require(response.named("Assertion"))
        #expect(assertion.named("AuthnStatement") == nil)
        func told(_ assertion: XMLElement) -> [String?] {
            (assertion.named("AttributeStatement")?.children ?? []).map { $0.attribute("Name") }
        }
        #expect(!told(assertion).isEmpty)
        #expect(told(assertion) == told(signedOn))
        #expect(try await house.events().last == "attributes.released")
    }

    @Test func `is told nothing of strangers, of those who left, nor after an idle session`() async throws {
        let house = try await House.ordinary()
        let archive = Archive(house: house)
        let unknown = ["Responder", "UnknownPrincipal"]
        #expect(try archive.proven(await archive.query("abcdefghijklmnopqrstuvwxyz234567")).codes == unknown)
        let browser = Browser(house)
        let name = try await Self.name(archive, browser)
        #expect(try archive.proven(await archive.query(name)).codes == ["Success"])
        house.pass(house.world.configuration.sessions.idle)
        #expect(try archive.proven(await archive.query(name)).codes == unknown)
        #expect(try await house.events().last == "attributes.refused")
    }

    @Test func `ends with the logout`() async throws {
        let house = try await House.ordinary()
        let archive = Archive(house: house)
        let browser = Browser(house)
        let name = try await Self.name(archive, browser)
        _ = try await browser.post("/session/end")
        #expect(try archive.proven(await archive.query(name)).codes == ["Responder", "UnknownPrincipal"])
    }

    @Test func `is answered once`() async throws {
        let house = try await House.ordinary()
        let archive = Archive(house: house)
        let name = try await Self.name(archive, Browser(house))
        #expect(try archive.proven(await archive.query(name, id: "_same")).codes == ["Success"])
        #expect(try archive.proven(await archive.query(name, id: "_same")).codes == ["Requester"])
    }

    @Test func `must be signed`() async throws {
        let archive = Archive(house: try await House.ordinary())
        let answer = try await archive.post("/saml/attributes", archive.message("AttributeQuery", []))
        #expect(answer.status == 403)
        #expect(answer.text.contains("saml.signature.due"))
    }
}
