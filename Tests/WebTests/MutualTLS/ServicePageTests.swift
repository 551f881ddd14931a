import HTTPTypes
import OpenID
import Settings
import Testing
import TrustFramework
import Vocabulary
import Web

/// Checklist C17: the page that starts logins at services.
@Suite struct `The page of services` {
    @Test func `names those that registered an address for it, and nobody else`() async throws {
        let house = try await House.ordinary()
        let bare = try await house.send(.get, "/services", [:], nil)
        #expect(bare.status == 200 && bare.text.contains("ここから始められるサービスはありません"))
        let id = try #require(MemberID(Parties.bank))
        let registration = try #require(house.world.configuration.federation.registration(id))
        let client = try #require(house.world.configuration.federation.client(id))
        var options = ClientOptions()
        options.initiateLoginURI = "https://bank.example.jp/login?a=\"b"
        #expect(throws: ClientRefusal.self) {
            try Client(id: id, redirectURIs: client.redirectURIs, authentication: client.authentication, options: options)
        }
        options.initiateLoginURI = "https://bank.example.jp/login?a=1"
        let starting = try Client(id: id, redirectURIs: client.redirectURIs, authentication: client.authentication, options: options)
        func page(_ member: Member) async throws -> Answer {
            let federation = house.world.configuration.federation.adding(
                Registration(member: member, speech: .openID(starting), file: registration.file, companion: nil))
            let platform = Platform(
                configuration: Published(house.world.configuration.answering(federation)), stores: house.store, cards: house.platform.cards,
                clock: { World.now }, logger: house.platform.logger)
            return try await platform.get("/services")
        }
        let listed = try await page(registration.member)
        #expect(listed.text.contains("href=\"https://bank.example.jp/login?a=1&amp;iss=https%3A%2F%2Flogin.example.jp\""))
        #expect(!listed.text.contains("<script>alert"), "a member's name is text (checklist H12)")
        let old = registration.member
        let suspended = Member(
            id: old.id, kind: old.kind, displayName: old.displayName,
            accreditation: Accreditation(
                state: .suspended, notBefore: old.accreditation.notBefore, notAfter: old.accreditation.notAfter,
                purposes: old.accreditation.purposes), sector: old.sector, defaultPurpose: old.defaultPurpose)
        let refused = try await page(suspended)
        #expect(!refused.text.contains("bank.example.jp"), "a suspended member starts nothing")
    }
}
