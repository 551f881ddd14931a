import Cryptography
import HTTPTypes
import JOSE
import OpenID
import SQLiteStores
import Settings
import Testing
import Vocabulary
import Web

@Suite struct `A certificate that a proxy passes on (RFC 9440; checklist H14)` {
    private static func header(_ der: [UInt8]) -> String { ":" + Base64.encode(der) + ":" }

    private func code(_ answer: Answer) throws -> String? { try answer.json["explanation"]?["code"]?.string }

    @Test func `is the client's when the proxy says so, and refused from everybody else`() async throws {
        let world = try await ClientsWorld.shared.value
        let platform = try await world.platform()
        let header = [("Client-Cert", Self.header(world.certificate))]
        let answer = try await platform.post("/openid/revoke", ClientsWorld.form("pinned"), header, from: ClientsWorld.proxy)
        #expect(answer.status == 200)
        for peer in ["198.51.100.1", "192.0.2.8", "127.0.0.1", "::1"] {
            let answer = try await platform.post("/openid/revoke", ClientsWorld.form("pinned"), header, from: peer)
            #expect(answer.status == 400)
            #expect(try code(answer) == "openid.client.forwarded-by-stranger")
        }
        let bare = try await platform.post("/openid/revoke", ClientsWorld.form("pinned"), from: ClientsWorld.proxy)
        #expect(bare.status == 401)
        #expect(try code(bare) == "openid.client.no-certificate")
        let empty = try await platform.post("/openid/revoke", ClientsWorld.form("pinned"), [("Client-Cert", "")], from: ClientsWorld.proxy)
        #expect(try code(empty) == "openid.client.no-certificate", "a proxy that asked and got none says nothing")
    }

    @Test func `changes the address of userinfo, which the metadata of the plain one do not describe (RFC 9728 §3.3)`() async throws {
        let world = try await ClientsWorld.shared.value
        let platform = try await world.platform()
        let header = [("Client-Cert", Self.header(world.certificate))]
        for (headers, isDescribed) in [([], true), (header, false)] {
            let answer = try await platform.post("/openid/userinfo", "", headers, from: ClientsWorld.proxy)
            let challenges = answer.headers[values: .wwwAuthenticate]
            #expect(answer.status == 401 && challenges.count == 2)
            #expect(challenges.allSatisfy { $0.has("resource_metadata=") == isDescribed })
        }
    }

    @Test func `is nothing to a deployment that has no such proxy`() async throws {
        let world = try await ClientsWorld.shared.value
        let house = try await House.ordinary()
        let platform = Platform(
            configuration: Published(house.world.configuration), stores: house.store, cards: house.platform.cards, clock: { World.now },
            logger: house.platform.logger)
        let form = ClientsWorld.form(Parties.shop)
        let answer = try await platform.post(
            "/openid/revoke", form, [("Client-Cert", Self.header(world.certificate))], from: ClientsWorld.proxy)
        #expect(try code(answer) == "openid.client.no-credential")
        #expect(answer.status == 401)
    }

    @Test func `is exactly one, written as agreed`() async throws {
        let world = try await ClientsWorld.shared.value
        let platform = try await world.platform()
        let good = Self.header(world.certificate)
        for headers in [
            [("Client-Cert", good), ("Client-Cert", good)], [("Client-Cert", Base64.encode(world.certificate))],
            [("Client-Cert", good + ", " + good)], [("Client-Cert", "::")], [("Client-Cert", ":!:")], [("Client-Cert", "x")],
            [("Client-Cert", ":" + String(repeating: "A", count: 70_000) + ":")],
        ] {
            let answer = try await platform.post("/openid/revoke", ClientsWorld.form("pinned"), headers, from: ClientsWorld.proxy)
            #expect(answer.status == 400)
            #expect(try code(answer) == "openid.client.forwarded-malformed")
        }
        let other = try await platform.post(
            "/openid/revoke", ClientsWorld.form("pinned"), [("Client-Cert", Self.header(world.stranger.certificate))],
            from: ClientsWorld.proxy)
        #expect(try code(other) == "openid.client.certificate-unknown")
    }

    @Test func `is read in both ways that proxies write it`() throws {
        let der = try ClientsWorld.pair("Client").1
        let other = try ClientsWorld.pair("Authority").1
        let pem = PEM.encode(der, label: "CERTIFICATE")
        let escaped = pem.utf8.map { byte in
            byte.isBase64url ? String(decoding: [byte], as: UTF8.self) : "%" + Hexadecimal.encode([byte])
        }.joined()
        #expect(ForwardedText.chain(escaped, more: nil, isPEM: true) == [der])
        #expect(
            ForwardedText.chain(Self.header(der), more: Self.header(other) + ", " + Self.header(der), isPEM: false) == [der, other, der])
        for broken in ["", "%", "%4", "%zz", String(escaped.dropLast(40)), Self.header(der)] {
            #expect(ForwardedText.chain(broken, more: nil, isPEM: true) == nil)
        }
        let many = Array(repeating: Self.header(other), count: 16).joined(separator: ",")
        #expect(ForwardedText.chain(Self.header(der), more: many, isPEM: false) == nil)
    }

    /// One winner, whichever process saw it first (checklist E16).
    @Test func `an assertion is used once by all processes that share the store`() async throws {
        let world = try await ClientsWorld.shared.value
        let path = World.database()
        let processes = try await [
            world.platform(store: SQLiteStore(path: path, durability: .normal)),
            world.platform(store: SQLiteStore(path: path, durability: .normal)),
        ]
        let form = try world.assertion(World.base, jti: "shared")
        let first = try await processes[0].post("/openid/revoke", form)
        #expect(first.status == 200)
        for process in processes {
            let again = try await process.post("/openid/revoke", form)
            #expect(again.status == 401)
            #expect(try code(again) == "openid.client.assertion-replayed")
        }
        // At once, from both.
        let raced = try world.assertion(World.base, jti: "raced")
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<16 { group.addTask { try await processes[index % 2].post("/openid/revoke", raced).status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1)
        #expect(statuses.filter { $0 == 401 }.count == 15)
    }
}
