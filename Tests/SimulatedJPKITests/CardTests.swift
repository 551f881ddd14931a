import Cryptography
import SimulatedJPKI
import Testing
import Vocabulary

@Suite struct `A card's PIN, jpki.md §3.2` {
    @Test func `blocks after three wrong tries, and stays blocked in another hand`() async throws {
        let world = try await World.copy()
        let card = try world.simulator.card("hanako")
        #expect(throws: CardRefusal.wrong(left: 2)) { try card.verify(pin: "0000") }
        #expect(throws: CardRefusal.wrong(left: 1)) { try card.verify(pin: "0000") }
        #expect(throws: CardRefusal.blocked) { try card.verify(pin: "0000") }
        #expect(throws: CardRefusal.blocked) { try card.verify(pin: "1234") }
        let again = try Simulator(opening: world.simulator.folder.path).card("hanako")
        #expect(again.secrets.pinTriesLeft == 0)
        #expect(throws: CardRefusal.blocked) { try again.verify(pin: "1234") }
        #expect(throws: CardRefusal.notAuthorised) { try again.sign(hashing: [1]) }
    }

    @Test func `counts anew after a right one`() async throws {
        let world = try await World.copy()
        let card = try world.simulator.card("taro")
        #expect(throws: CardRefusal.wrong(left: 2)) { try card.verify(pin: "9999") }
        try card.verify(pin: "1234")
        #expect(card.secrets.pinTriesLeft == 3)
        #expect(try world.simulator.record("taro").secrets.pinTriesLeft == 3)
    }

    @Test(arguments: ["", "123", "12345", "12a4", "１２３４"]) func `of another form costs no try`(pin: String) async throws {
        let card = try await World.shared().simulator.card("emi")
        #expect(throws: CardRefusal.wrongData) { try card.verify(pin: pin) }
        #expect(card.secrets.pinTriesLeft == 3)
    }

    @Test func `costs a try before it is compared, and does nothing when that cannot be kept`() async throws {
        struct NoMemory: Error {}
        let world = try await World.shared()
        let secrets = try #require(CardSecrets(pin: "1234", password: nil))
        let card = Card(
            try contents(world, "hanako"), secrets: secrets, memory: CardMemory(read: { nil }, write: { _ in throw NoMemory() }))
        #expect(throws: CardRefusal.memory) { try card.verify(pin: "1234") }
        #expect(throws: CardRefusal.notAuthorised) { try card.sign(hashing: [1]) }
    }

    @Test func `in several hands at once is one card: good tries never block it, bad ones count`() async throws {
        let world = try await World.copy()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...12 {
                group.addTask { try world.simulator.card("hanako").verify(pin: "1234") }
            }
            try await group.waitForAll()
        }
        for left in [2, 1] {
            #expect(throws: CardRefusal.wrong(left: left)) { try world.simulator.card("hanako").verify(pin: "9999") }
        }
        #expect(throws: CardRefusal.blocked) { try world.simulator.card("hanako").verify(pin: "9999") }
        #expect(throws: CardRefusal.blocked) { try world.simulator.card("hanako").verify(pin: "1234") }
    }

    @Test func `is forgotten on SELECT`() async throws {
        let card = try await World.copy().simulator.card("hanako")
        try card.verify(pin: "1234")
        _ = try card.sign(hashing: [1])
        card.select()
        #expect(throws: CardRefusal.notAuthorised) { try card.sign(hashing: [1]) }
        #expect(throws: CardRefusal.notAuthorised) { try card.sign(digestInfo: [1]) }
    }

    @Test func `is changed after the old one only`() async throws {
        let world = try await World.copy()
        let card = try world.simulator.card("yuki")
        #expect(throws: CardRefusal.notAuthorised) { try card.change(pin: "4321") }
        try card.verify(pin: "1234")
        try card.change(pin: "4321")
        let again = try world.simulator.card("yuki")
        #expect(throws: CardRefusal.wrong(left: 2)) { try again.verify(pin: "1234") }
        try again.verify(pin: "4321")
    }

    @Test func `is not there on a card without one`() async throws {
        let card = try await World.shared().simulator.card("sakura")
        #expect(throws: CardRefusal.notFound) { try card.verify(pin: "1234") }
    }

    @Test func `has the status words of the real card`() {
        #expect(CardRefusal.wrong(left: 2).statusWord == 0x63c2)
        #expect(CardRefusal.blocked.statusWord == 0x6984)
        #expect(CardRefusal.notAuthorised.statusWord == 0x6982)
    }
}

@Suite struct `A card's signature key` {
    @Test func `blocks after five wrong passwords`() async throws {
        let card = try await World.copy().simulator.card("hanako")
        for left in [4, 3, 2, 1] {
            #expect(throws: CardRefusal.wrong(left: left)) { try card.verify(password: "WRONG123") }
        }
        #expect(throws: CardRefusal.blocked) { try card.verify(password: "WRONG123") }
        #expect(throws: CardRefusal.blocked) { try card.verify(password: "SAMPLE2026") }
        try card.verify(pin: "1234")
    }

    @Test(arguments: ["SHORT", "TOOLONGPASSWORD12", "WITH-SIGN1"]) func `takes 6 to 16 capitals and digits`(password: String) async throws {
        let card = try await World.shared().simulator.card("hanako")
        #expect(throws: CardRefusal.wrongData) { try card.verify(password: password) }
    }

    @Test func `signs once for each password and shows its certificate after it only`() async throws {
        let world = try await World.copy()
        let card = try world.simulator.card("hanako")
        #expect(throws: CardRefusal.notAuthorised) { try card.signatureCertificate() }
        try card.verify(password: "sample2026")
        let certificate = try Certificate(der: card.signatureCertificate())
        let digestInfo = ChallengeText.digestInfo(of: [1, 2, 3])
        let signature = try card.signDocument(digestInfo: digestInfo)
        #expect(certificate.publicKey.verifies(signature, over: [1, 2, 3], .rsaPKCS1(.sha256)))
        #expect(throws: CardRefusal.notAuthorised) { try card.signDocument(digestInfo: digestInfo) }
    }

    @Test func `is not opened by the PIN, nor the login key by the password`() async throws {
        let card = try await World.copy().simulator.card("hanako")
        try card.verify(pin: "1234")
        #expect(throws: CardRefusal.notAuthorised) { try card.signDocument(digestInfo: [1]) }
        card.select()
        try card.verify(password: "SAMPLE2026")
        #expect(throws: CardRefusal.notAuthorised) { try card.sign(hashing: [1]) }
    }
}

@Suite struct `A card's login key` {
    @Test func `signs any bytes it is handed, as the real one does`() async throws {
        let world = try await World.copy()
        let card = try world.simulator.card("hanako")
        try card.verify(pin: "1234")
        let key = try world.user("hanako").publicKey
        let signature = try card.sign(digestInfo: ChallengeText.digestInfo(of: Array("anything".utf8)))
        #expect(key.verifies(signature, over: Array("anything".utf8), .rsaPKCS1(.sha256)))
        // Bytes that are no DigestInfo are signed just as well; whoever verifies must compare the whole block.
        let bare = try card.sign(digestInfo: Digest.sha256(Array("anything".utf8)))
        #expect(bare.count == 256)
        #expect(!key.verifies(bare, over: Array("anything".utf8), .rsaPKCS1(.sha256)))
    }

    @Test(arguments: [0, 246, 300]) func `signs 1 to 245 bytes`(count: Int) async throws {
        let card = try await World.copy().simulator.card("hanako")
        try card.verify(pin: "1234")
        #expect(throws: CardRefusal.wrongData) { try card.sign(digestInfo: [UInt8](repeating: 7, count: count)) }
        _ = try card.sign(digestInfo: [UInt8](repeating: 7, count: 245))
    }

    @Test func `of the next card hashes for itself`() async throws {
        let world = try await World.copy()
        let card = try world.simulator.card("misaki")
        try card.verify(pin: "1234")
        #expect(throws: CardRefusal.wrongParameters) { try card.sign(digestInfo: ChallengeText.digestInfo(of: [1])) }
        let signature = try card.sign(hashing: [1])
        #expect(try world.user("misaki").publicKey.verifies(signature, over: [1], .ecdsa(.sha384)))
    }

    @Test func `has a certificate that a card shows to everybody and a phone after its PIN`() async throws {
        let world = try await World.copy()
        _ = try world.simulator.card("hanako").userCertificate()
        let phone = try world.simulator.card("hanako-phone")
        #expect(throws: CardRefusal.notAuthorised) { try phone.userCertificate() }
        try phone.verify(pin: "1234")
        _ = try phone.userCertificate()
    }
}

@Suite struct `A card without a PIN entered` {
    @Test func `opens to a terminal that it knows, until SELECT`() async throws {
        let world = try await World.shared()
        let (card, kiosk) = (try world.simulator.card("sakura"), try world.simulator.terminal("kiosk"))
        var random = Counting()
        let challenge = card.challenge(using: &random)
        let endorsement = try #require(kiosk.endorsement)
        try card.authenticate(terminal: endorsement, proof: try prove(kiosk.key, challenge))
        _ = try card.sign(hashing: [1])
        card.select()
        #expect(throws: CardRefusal.notAuthorised) { try card.sign(hashing: [1]) }
    }

    @Test func `stays shut to a proof of an earlier challenge`() async throws {
        let world = try await World.shared()
        let (card, kiosk) = (try world.simulator.card("sakura"), try world.simulator.terminal("kiosk"))
        var random = Counting()
        let endorsement = try #require(kiosk.endorsement)
        let old = try prove(kiosk.key, card.challenge(using: &random))
        try card.authenticate(terminal: endorsement, proof: old)
        card.select()
        #expect(throws: CardRefusal.notAuthorised) { try card.authenticate(terminal: endorsement, proof: old) }
        _ = card.challenge(using: &random)
        #expect(throws: CardRefusal.notAuthorised) { try card.authenticate(terminal: endorsement, proof: old) }
        #expect(throws: CardRefusal.notAuthorised) { try card.sign(hashing: [1]) }
    }

    @Test func `takes a proof once, and none after a wrong one`() async throws {
        let world = try await World.shared()
        let (card, kiosk) = (try world.simulator.card("sakura"), try world.simulator.terminal("kiosk"))
        var random = Counting()
        let endorsement = try #require(kiosk.endorsement)
        let proof = try prove(kiosk.key, card.challenge(using: &random))
        try card.authenticate(terminal: endorsement, proof: proof)
        #expect(throws: CardRefusal.notAuthorised) { try card.authenticate(terminal: endorsement, proof: proof) }
        card.select()
        let right = try prove(kiosk.key, card.challenge(using: &random))
        #expect(throws: CardRefusal.notAuthorised) { try card.authenticate(terminal: endorsement, proof: proof) }
        #expect(throws: CardRefusal.notAuthorised) { try card.authenticate(terminal: endorsement, proof: right) }
    }

    @Test func `stays shut to a terminal that nobody endorsed`() async throws {
        let world = try await World.shared()
        let card = try world.simulator.card("sakura")
        let impostor = try PrivateKey.generate(.ec(.p256))
        var random = Counting()
        let selfMade = try Endorsement(.terminal, of: "kiosk", key: impostor.publicKey, by: impostor)
        #expect(throws: CardRefusal.notAuthorised) {
            try card.authenticate(terminal: selfMade, proof: try prove(impostor, card.challenge(using: &random)))
        }
        #expect(throws: CardRefusal.notAuthorised) { try card.sign(hashing: [1]) }
        #expect(try world.simulator.terminal("stb").endorsement == nil)
    }

    @Test func `proves to be genuine with a key that logs nobody in`() async throws {
        let world = try await World.shared()
        let card = try world.simulator.card("hanako")
        let (endorsement, proof) = try card.proveGenuine(answering: [1, 2, 3])
        let stb = try world.simulator.terminal("stb")
        #expect(endorsement.isGood(as: .card, by: stb.cardMaker))
        #expect(!endorsement.isGood(as: .terminal, by: stb.cardMaker))
        #expect(endorsement.key.verifies(proof, over: Endorsement.proof(.card, answering: [1, 2, 3]), .ecdsa(.sha256)))
        #expect(!endorsement.key.verifies(proof, over: Endorsement.proof(.card, answering: [1, 2, 4]), .ecdsa(.sha256)))
        #expect(endorsement.key != (try world.user("hanako")).publicKey)
    }

    private func prove(_ key: PrivateKey, _ challenge: [UInt8]) throws -> [UInt8] {
        try key.sign(Endorsement.proof(.terminal, answering: challenge), .ecdsa(.sha256))
    }
}

func contents(_ world: World, _ handle: String) throws -> CardContents {
    let chip = try PrivateKey.generate(.ec(.p256))
    return CardContents(
        carrier: .card, user: try world.simulator.identity(handle, .user), signature: nil, chip: chip,
        chipEndorsement: try Endorsement(.card, of: handle, key: chip.publicKey, by: chip), terminalAuthority: chip.publicKey)
}
