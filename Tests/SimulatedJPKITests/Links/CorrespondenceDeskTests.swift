import Credentials
import Cryptography
import JOSE
import SimulatedJPKI
import Testing
import Vocabulary

@Suite struct `Old and new certificates, as the simulated J-LIS tells them (jpki.md §4.2)` {
    private func asked(_ handle: String, in world: World, delay: Int64 = 0, at now: Timestamp = World.now) throws -> JSON {
        let login = try world.recognised(try world.simulator.identity(handle, .user).certificate.der, at: now)
        let question: JSON = [
            "authority": .string(login.identity.issuer), "serial": .string(login.identity.serial),
            "nonce": .string(String(repeating: "n", count: 43)),
        ]
        let desk = StatusDesk(world.simulator, correspondenceDelay: delay)
        let answer = desk.answer(.init(isPost: true, path: "/correspondence", body: question.bytes), at: now)
        try #require(answer.status == 200 && answer.type == "application/jwt")
        let pem = try world.simulator.correspondence().file.bytes
        let key = try PublicKey(spki: try #require(PEM.decode(pem, label: "PUBLIC KEY").first))
        let jws = try UnverifiedJWS(compact: String(decoding: answer.body, as: UTF8.self))
        return try JSON(reading: try jws.verified(by: [JWK(unnamed: key)], allowed: [.es256]).payload)
    }

    private func identity(_ handle: String, in world: World) throws -> CertificateIdentity {
        try world.recognised(try world.simulator.identity(handle, .user).certificate.der).identity
    }

    private func new(
        _ handle: String, like other: String, in world: World, phone: Bool = false, of card: String? = nil, replaces: String? = nil
    )
        throws
    {
        let secrets = try #require(CardSecrets(pin: "1234", password: "SAMPLE2026"))
        var random = SystemRandom()
        try world.simulator.issue(
            NewCard(
                handle: handle, note: "", citizen: try world.simulator.record(other).citizen, carrier: phone ? .phone : .card,
                generation: 2,
                secrets: secrets, tiedTo: card, replaces: replaces), at: World.now, using: &random)
    }

    @Test func `name the certificate that was on the card before`() async throws {
        let world = try await World.copy()
        let old = try identity("hanako", in: world)
        #expect(try asked("hanako", in: world)["earlier"]?.array?.isEmpty == true)
        var random = SystemRandom()
        try world.simulator.renew("hanako", at: World.now, using: &random)
        let told = try asked("hanako", in: world)
        #expect(told["known"] == true && told["card"] == .null)
        #expect(told["earlier"]?.array?.compactMap { $0["serial"]?.string } == [old.serial])
        #expect(told["earlier"]?.array?.compactMap { $0["authority"]?.string } == [old.issuer])
    }

    @Test func `name those of the card in whose place one was issued`() async throws {
        let world = try await World.copy()
        let old = try identity("taro", in: world)
        try new("taro-two", like: "taro", in: world, replaces: "taro")
        #expect(try asked("taro-two", in: world)["earlier"]?.array?.first?["serial"]?.string == old.serial)
        try new("stranger", like: "taro", in: world)
        #expect(try asked("stranger", in: world)["earlier"]?.array?.isEmpty == true, "a name is no correspondence")
    }

    @Test func `name a phone's card and a card's phones, and a phone ends with its card (R17)`() async throws {
        let world = try await World.copy()
        try new("taro-phone", like: "taro", in: world, phone: true, of: "taro")
        let card = try identity("taro", in: world)
        let phone = try identity("taro-phone", in: world)
        #expect(try asked("taro-phone", in: world)["card"]?["serial"]?.string == card.serial)
        #expect(try asked("taro", in: world)["phones"]?.array?.compactMap { $0["serial"]?.string } == [phone.serial])
        try world.simulator.revoke("taro", .both, reason: "certificateHold", at: World.now)
        let issued = try world.simulator.record("taro-phone").user
        #expect(try world.simulator.entry(issued)?.revocation == nil, "a hold passes by")
        try world.simulator.revoke("taro", .both, reason: "keyCompromise", at: World.now)
        #expect(try world.simulator.entry(issued)?.revocation != nil)
        #expect(throws: SimulatorRefusal.self) { try new("lost", like: "taro", in: world, of: "taro") }
        #expect(throws: SimulatorRefusal.unknownCard("nobody")) { try new("lost", like: "taro", in: world, phone: true, of: "nobody") }
    }

    @Test func `are not known in their first hour, where the service is told to be as slow as the real one`() async throws {
        let world = try await World.copy()
        try new("young", like: "taro", in: world, replaces: "taro")
        #expect(try asked("young", in: world, delay: 5_400)["known"] == false)
        #expect(try asked("young", in: world, delay: 5_400, at: World.now.adding(seconds: 5_401))["known"] == true)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"authority":"a","serial":"zz","nonce":"0123456789012345678901"}"#,
        #"{"authority":"a","serial":"01","nonce":"short"}"#,
    ])
    func `are told to nobody who cannot ask`(body: String) async throws {
        let desk = StatusDesk(try await World.shared().simulator)
        #expect(desk.answer(.init(isPost: true, path: "/correspondence", body: Array(body.utf8)), at: World.now).status == 400)
        #expect(desk.answer(.init(path: "/correspondence"), at: World.now).status == 404)
    }
}
