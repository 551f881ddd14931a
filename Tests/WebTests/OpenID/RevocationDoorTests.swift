import HTTPTypes
import OpenID
import SQLiteStores
import Settings
import Testing
import Vocabulary
import Web

@Suite struct `The revocation door (RFC 7009; checklist O12, E19)` {
    @Test func `a token of its own ends, once and for all, and asking again is no error`() async throws {
        let office = Office(house: try await House.ordinary())
        let token = try await office.login().token()
        #expect(try await office.userInfo(token).status == 200)
        for _ in 0..<2 {
            let answer = try await office.revoke(token)
            #expect(answer.status == 200 && answer.body.isEmpty && answer.headers[.cacheControl] == "no-store")
            #expect(try await office.userInfo(token).status == 401)
        }
        #expect(try await office.revoke("unknown").status == 200)
        let trail = try await office.house.trail().filter { $0.has("token.revoked") }
        #expect(trail.count == 3 && trail.first?.has(Parties.move) == true && trail.first?.has("access-token") == true)
        #expect(!trail.joined().has(token))
    }

    @Test func `what belongs to others, and what cannot be taken back, stays`() async throws {
        let office = Office(house: try await House.ordinary())
        let tokens = try await office.login()
        let token = try tokens.token()
        let other = try await office.revoke(token, by: Parties.town)
        #expect(other.status == 400 && other.code == "openid.revocation.other-client")
        #expect(try await office.userInfo(token).status == 200)
        let statement = try await office.revoke(try #require(tokens["id_token"]?.string))
        #expect(try statement.status == 400 && statement.json["error"]?.string == "unsupported_token_type")
        #expect(try await Browser(office.house).post("/openid/revoke", [("token", token)]).status == 401)
        #expect(try await office.ask("/openid/revoke", Parties.move, []).status == 400)
        #expect(try await office.userInfo(token).status == 200)
    }

    @Test func `whichever call of the store fails, the answer is 503, and never 200 for a token that lives (E19)`() async throws {
        let world = try await World.shared()
        var failures = 0
        for broken in 1...12 {
            let failing = Published<FailingStores?>(nil)
            let house = try House(world) { store in
                let stores = FailingStores(store, at: .max)
                failing.replace(stores)
                return stores
            }
            let office = Office(house: house)
            let token = try await office.login().token()
            let start = try #require(failing.current).calls
            failing.current?.breaks(at: start + broken)
            let answer = try await office.revoke(token)
            let count = try #require(failing.current).calls - start
            if count < broken {
                #expect(answer.status == 200)
                break
            }
            failures += 1
            #expect(answer.status == 503)
            #expect(answer.headers[.retryAfter] != nil || answer.code == "platform.unavailable")
            #expect(!answer.text.has("secret detail"))
            // The request can be repeated, until it is kept.
            #expect(try await office.userInfo(token).status == 200)
            #expect(try await office.revoke(token).status == 200)
            #expect(try await office.userInfo(token).status == 401)
        }
        #expect(failures >= 3)
    }
}
