import Cryptography
import Vocabulary

/// A simulated JPKI in a folder: its authorities, the cards they issued, the terminals that are permitted. Every function reads what it
/// needs and writes what it changed, so several programs can work on one folder.
package struct Simulator: Sendable {
    package let folder: StateFolder
    /// Where `serve` answers, as certificates name it: `http://127.0.0.1:8700`.
    package let base: String
    package let authorities: [Authority]
    package let profile: SimulatedProfile
    let terminalAuthority: PrivateKey
    let cardMaker: PrivateKey

    static let file = "simulator.json"
    package static let standardBase = "http://127.0.0.1:8700"

    /// Opens what `make` made.
    package init(opening path: String, profile: SimulatedProfile = SimulatedProfile()) throws {
        folder = StateFolder(path)
        guard folder.has(Self.file) else { throw SimulatorRefusal.notASimulator(path) }
        let json = try JSON(reading: folder.read(Self.file))
        guard let base = json["base"]?.string, json["version"]?.integer == 1 else { throw SimulatorRefusal.damaged(Self.file) }
        self.base = base
        self.profile = profile
        authorities = try folder.names(in: "authorities").map { [folder] in try folder.authority($0) }
        terminalAuthority = try PrivateKey(pem: folder.read("makers/terminals-key.pem"))
        cardMaker = try PrivateKey(pem: folder.read("makers/cards-key.pem"))
    }

    package func authority(_ name: String) throws(SimulatorRefusal) -> Authority {
        guard let authority = authorities.first(where: { $0.name == name }) else { throw .damaged("no authority `\(name)`") }
        return authority
    }

    package func ocspAddress(_ purpose: Purpose) -> String { base + "/ocsp/" + purpose.rawValue }

    // MARK: What is there

    package var handles: [String] { folder.names(in: "cards") }

    package func record(_ handle: String) throws -> CardRecord {
        guard CardRecord.isHandle(handle), folder.has("cards/\(handle)/card.json") else { throw SimulatorRefusal.unknownCard(handle) }
        return try CardRecord(reading: JSON(reading: folder.read("cards/\(handle)/card.json")))
    }

    package func identity(_ handle: String, _ purpose: Purpose) throws -> CardContents.Identity {
        guard let issued = try record(handle).issued(purpose) else { throw SimulatorRefusal.noSignatureCertificate }
        return try identity(issued, on: handle)
    }

    /// One that is, or once was, on a card.
    package func identity(_ issued: CardRecord.Issued, on handle: String) throws -> CardContents.Identity {
        let stem = issued.stem(on: handle)
        return CardContents.Identity(
            key: try PrivateKey(pem: folder.read(stem + "-key.pem")), certificate: try Certificate(pem: folder.read(stem + ".pem")))
    }

    /// The card itself, as somebody takes it in hand. Its counters last.
    package func card(_ handle: String) throws -> Card {
        let record = try record(handle)
        let chip = try PrivateKey(pem: folder.read("cards/\(handle)/chip-key.pem"))
        let contents = CardContents(
            carrier: record.carrier, user: try identity(handle, .user), signature: record.sign == nil ? nil : try identity(handle, .sign),
            chip: chip, chipEndorsement: try Endorsement(.card, of: handle, key: chip.publicKey, by: cardMaker),
            terminalAuthority: terminalAuthority.publicKey)
        return Card(
            contents, secrets: record.secrets,
            memory: CardMemory(
                read: { try self.record(handle).secrets },
                write: { secrets in
                    var record = try self.record(handle)
                    record.secrets = secrets
                    try write(record)
                }, alone: { work in try folder.alone(work) }))
    }

    package func register(of authority: String) throws -> Register {
        try Register(reading: JSON(reading: folder.read("authorities/\(authority)/register.json"), limit: 64 << 20))
    }

    package func entry(_ issued: CardRecord.Issued) throws -> RegisterEntry? {
        try register(of: issued.authority).entry(serial: issued.serial.bigEndianBytes)
    }

    package func terminal(_ id: String) throws -> SimulatedTerminal {
        guard TerminalID(id) != nil, folder.has("terminals/\(id).json") else { throw SimulatorRefusal.unknownTerminal(id) }
        return try folder.terminal(id, terminalAuthority: terminalAuthority, cardMaker: cardMaker.publicKey)
    }

    package func terminals() throws -> [SimulatedTerminal] {
        try folder.names(in: "terminals").filter { $0.hasSuffix(".json") }.map { try terminal(String($0.dropLast(5))) }
    }

    func write(_ record: CardRecord) throws {
        try folder.write("cards/\(record.handle)/card.json", record.json.bytes)
    }

    func write(_ register: Register, of authority: String) throws {
        try folder.write("authorities/\(authority)/register.json", register.json.bytes)
    }
}

extension CardRecord {
    /// A name for a card: it becomes a folder's name.
    static func isHandle(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(\.isBase64url)
    }
}

extension StateFolder {
    fileprivate func authority(_ name: String) throws -> Authority {
        let parts = name.split(separator: "-")
        guard parts.count == 2, let purpose = Purpose(rawValue: String(parts[0])), let generation = Int(parts[1]) else {
            throw SimulatorRefusal.damaged("authorities/\(name)")
        }
        let stem = "authorities/\(name)/"
        return Authority(
            purpose: purpose, generation: generation, key: try PrivateKey(pem: read(stem + "key.pem")),
            certificate: try Certificate(pem: read(stem + "certificate.pem")),
            responderKey: try PrivateKey(pem: read(stem + "responder-key.pem")),
            responder: try Certificate(pem: read(stem + "responder.pem")))
    }

    func write(_ authority: Authority) throws {
        let stem = "authorities/\(authority.name)/"
        try write(stem + "key.pem", authority.key.exportPEM())
        try write(stem + "certificate.pem", PEM.encode(authority.certificate.der, label: "CERTIFICATE").utf8)
        try write(stem + "responder-key.pem", authority.responderKey.exportPEM())
        try write(stem + "responder.pem", PEM.encode(authority.responder.der, label: "CERTIFICATE").utf8)
    }

    fileprivate func terminal(_ id: String, terminalAuthority: PrivateKey, cardMaker: PublicKey) throws -> SimulatedTerminal {
        let json = try JSON(reading: read("terminals/\(id).json"))
        let key = try PrivateKey(pem: read("terminals/\(id)-key.pem"))
        guard let identifier = TerminalID(id), let name = json["name"]?.string, let attended = json["attended"]?.bool,
            let modes = json["modes"]?.strings?.compactMap({ CardMode(rawValue: $0) }),
            let notBefore = json["notBefore"]?.string.flatMap({ Timestamp($0) }),
            let notAfter = json["notAfter"]?.string.flatMap({ Timestamp($0) })
        else { throw SimulatorRefusal.damaged("terminals/\(id).json") }
        return SimulatedTerminal(
            id: identifier, name: name, modes: Set(modes), attended: attended, notBefore: notBefore, notAfter: notAfter, key: key,
            endorsement: attended ? try Endorsement(.terminal, of: id, key: key.publicKey, by: terminalAuthority) : nil,
            cardMaker: cardMaker)
    }
}
