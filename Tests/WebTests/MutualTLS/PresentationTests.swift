import OpenID
import Settings
import Testing
import TrustFramework
import Vocabulary
import Web

/// What a service tells of itself where a citizen decides to log in there (OpenID Connect Dynamic Client Registration §2).
@Suite struct `The login page` {
    @Test func `links to the service's own pages when it registered any`() async throws {
        let house = try await House.ordinary()
        func page() async throws -> String {
            let browser = Browser(house)
            return try await browser.get(try await browser.begin(OpenIDQuestion().path)).text
        }
        #expect(try await !page().contains("noreferrer"))
        let federation = house.world.configuration.federation
        let id = try #require(MemberID(Parties.shop))
        let registration = try #require(federation.registration(id))
        let client = try #require(federation.client(id))
        var options = ClientOptions()
        options.presentation = ClientPresentation(policy: "https://shop.example/privacy?a=1&b=2", terms: "https://shop.example/terms")
        let told = try Client(id: id, redirectURIs: client.redirectURIs, authentication: client.authentication, options: options)
        house.platform.configuration.replace(
            house.world.configuration.answering(
                federation.adding(
                    Registration(member: registration.member, speech: .openID(told), file: registration.file, companion: nil))))
        let text = try await page()
        #expect(text.contains(#"<a rel="noreferrer" href="https://shop.example/privacy?a=1&amp;b=2">"#))
        #expect(text.contains(#"<a rel="noreferrer" href="https://shop.example/terms">"#))
    }
}
