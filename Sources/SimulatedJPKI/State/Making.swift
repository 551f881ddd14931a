import Cryptography
package import Vocabulary

extension Simulator {
    /// One generation of the authorities: when it began, what its keys are, where its serials start. The oldest ended its issuing but is
    /// alive; P-384 is the next card's (`jpki.md` §1.1, §1.6).
    private struct Generation {
        let number: Int
        let daysAgo: Int64
        let kind: KeyKind
        let serial: UInt64

        static let all = [
            Generation(number: 1, daysAgo: 7 * 365, kind: .rsa(bits: 2048), serial: 0x01),
            Generation(number: 2, daysAgo: 3 * 365, kind: .rsa(bits: 2048), serial: 0x0133_c349),
            Generation(number: 3, daysAgo: 200, kind: .ec(.p384), serial: 0x06d1_8006),
        ]
    }

    /// Makes a new simulated JPKI in an empty folder, with its test cards and terminals.
    package static func make(
        at path: String, base: String = standardBase, cards: [TestCard]? = nil, at now: Timestamp,
        using random: inout some RandomNumberGenerator,
        profile: SimulatedProfile = SimulatedProfile()
    ) async throws -> Simulator {
        let folder = StateFolder(path)
        guard folder.isEmpty else { throw SimulatorRefusal.notEmpty(path) }
        try folder.make()
        let cards = cards ?? TestCard.all(at: now)
        // RSA keys take a fraction of a second each: they are made beside one another.
        let kinds = Generation.all.flatMap { generation in Purpose.allCases.flatMap { _ in [generation.kind, generation.kind] } }
        let keys = try await Self.keys(kinds)
        for (index, generation) in Generation.all.enumerated() {
            for (offset, purpose) in Purpose.allCases.enumerated() {
                let first = (index * Purpose.allCases.count + offset) * 2
                let authority = try Authority.make(
                    purpose, generation: generation.number, serial: generation.serial + UInt64(offset), key: keys[first],
                    responderKey: keys[first + 1], notBefore: now.adding(seconds: -generation.daysAgo * 86_400), profile: profile)
                try folder.write(authority)
                try folder.write(
                    "authorities/\(authority.name)/register.json",
                    Register(firstSerial: generation.serial + UInt64(offset) + 0x100).json.bytes)
            }
        }
        try folder.write("makers/terminals-key.pem", PrivateKey.generate(.ec(.p256)).exportPEM())
        try folder.write("makers/cards-key.pem", PrivateKey.generate(.ec(.p256)).exportPEM())
        try makeTerminals(in: folder, at: now)
        try folder.write(
            file, JSON.object([("version", 1), ("base", .string(base)), ("made", .string(now.text))]).bytes)
        let simulator = try Simulator(opening: path, profile: profile)
        for (card, keys) in zip(cards, try await Self.cardKeys(cards)) { try simulator.make(card, keys, at: now, using: &random) }
        return simulator
    }

    private func make(_ card: TestCard, _ keys: [PrivateKey], at now: Timestamp, using random: inout some RandomNumberGenerator) throws {
        let issuedAt = now.adding(seconds: -card.issuedDaysAgo * 86_400)
        guard let secrets = CardSecrets(pin: card.pin, password: card.password) else {
            throw SimulatorRefusal.wrongForm("a PIN has 4 digits, a password 6 to 16 capitals and digits")
        }
        try issue(
            NewCard(
                handle: card.handle, note: card.note, citizen: card.citizen, carrier: card.carrier, generation: card.generation,
                secrets: secrets), keys: Array(keys.prefix(2)), at: issuedAt, using: &random)
        switch card.fate {
        case .inUse: break
        case .pinBlocked:
            var record = try record(card.handle)
            record.secrets.pinTriesLeft = 0
            try write(record)
        case .revoked(let selection, let reason):
            try revoke(card.handle, selection, reason: reason, at: now.adding(seconds: -7 * 86_400))
        case .renewed:
            try renew(card.handle, keys: Array(keys.dropFirst(2)), at: now.adding(seconds: -30 * 86_400), using: &random)
        }
    }

    private static func cardKeys(_ cards: [TestCard]) async throws -> [[PrivateKey]] {
        let counts = cards.map { card in if case .renewed = card.fate { 4 } else { 2 } }
        let kinds = zip(cards, counts).flatMap { card, count in
            [KeyKind](repeating: card.generation == 3 ? .ec(.p384) : .rsa(bits: 2048), count: count)
        }
        var keys = try await Self.keys(kinds)[...]
        return counts.map { count in
            defer { keys = keys.dropFirst(count) }
            return Array(keys.prefix(count))
        }
    }

    static func keys(_ kinds: [KeyKind]) async throws -> [PrivateKey] {
        try await withThrowingTaskGroup(of: (Int, PrivateKey).self) { group in
            for (index, kind) in kinds.enumerated() { group.addTask { (index, try PrivateKey.generate(kind)) } }
            var keys: [Int: PrivateKey] = [:]
            for try await (index, key) in group { keys[index] = key }
            return kinds.indices.compactMap { keys[$0] }
        }
    }

    /// kiosk: somebody stands by and compares faces. stb: a set-top box, presence only. sekisho-app: the citizen's own phone or PC.
    private static func makeTerminals(in folder: StateFolder, at now: Timestamp) throws {
        let terminals: [(id: String, name: String, modes: [CardMode], attended: Bool)] = [
            ("kiosk", "役場窓口の端末 Kiosk at a town hall", [.pin, .face], true),
            ("stb", "セットトップボックス Set-top box", [.presence], false),
            ("sekisho-app", "関所アプリ Sekisho app", [.pin], false),
        ]
        for terminal in terminals {
            try folder.write("terminals/\(terminal.id)-key.pem", PrivateKey.generate(.ec(.p256)).exportPEM())
            let json: JSON = [
                "id": .string(terminal.id), "name": .string(terminal.name), "attended": .bool(terminal.attended),
                "modes": .array(terminal.modes.map { .string($0.rawValue) }), "notBefore": .string(now.adding(seconds: -86_400).text),
                "notAfter": .string(now.adding(seconds: 5 * 366 * 86_400).text),
            ]
            try folder.write("terminals/\(terminal.id).json", json.bytes)
        }
    }
}
