import OpenID
import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Clients that registered themselves` {
    private struct Book: ClientBook {
        let entries: Published<[MemberID: Registration]>

        func registration(_ id: MemberID) -> Registration? { entries.current[id] }
    }

    @Test func `are found while they are there, behind the members folder and never in its place`() throws {
        let deployment = try Deployment()
        try deployment.addShop()
        try deployment.addShop("other", id: "newcomer")
        let both = try deployment.load().federation
        let (shop, newcomer) = (try #require(MemberID("shop")), try #require(MemberID("newcomer")))
        let registered = try #require(both.registration(newcomer))
        let entries = Published<[MemberID: Registration]>([:])
        let federation = both.removing(newcomer).following(clients: Book(entries: entries))
        #expect(federation.client(newcomer) == nil && federation.member(newcomer) == nil)
        entries.replace([newcomer: registered, shop: registered])
        // The same value answers: nothing was copied or read again.
        #expect(federation.client(newcomer)?.id == newcomer && federation.member(newcomer)?.id == newcomer)
        #expect(federation.client(shop)?.id == shop, "nobody registers over a member of the folder")
        entries.replace([:])
        #expect(federation.client(newcomer) == nil && federation.registration(newcomer) == nil)
    }
}
