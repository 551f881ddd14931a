import Cryptography
package import Vocabulary

/// Why a citizen, a card and a terminal did not come to an answer.
package enum UseRefusal: Error, Hashable, Sendable {
    case card(CardRefusal)
    case pinNotGiven
    /// Of the signature key.
    case passwordNotGiven
    case password(CardRefusal)
    case terminalMayNot(CardMode)
    case terminalMissing(CardMode)
    case terminalKey
    case faceDoesNotMatch
    case notGenuine
    /// The platform does not take what this card's key can sign.
    case algorithmNotOffered(String)
}

/// A citizen with a card in hand, at a terminal or an app, in one of the three legal modes (`jpki.md` §2.1).
package struct CardHolder: Sendable {
    package let card: Card
    package let mode: CardMode
    /// What the citizen is willing to type.
    package let pin: String?
    /// The same for the signature key's password: nil, and nothing is shown that asks for it.
    package let password: String?
    /// What goes with a shown signature certificate at least.
    package let tie: IdentityTie
    /// Where the card is held; without one no statement is made.
    package let terminal: SimulatedTerminal?
    /// Where a PIN is typed when the platform asks for more than `mode`.
    package let stepUpTerminal: SimulatedTerminal?
    /// What the attendant, or the camera, finds.
    package let faceMatches: Bool

    package init(
        _ card: Card, mode: CardMode = .pin, pin: String? = nil, password: String? = nil, tie: IdentityTie = .journey,
        terminal: SimulatedTerminal? = nil, stepUpTerminal: SimulatedTerminal? = nil, faceMatches: Bool = true
    ) {
        self.card = card
        self.mode = mode
        self.pin = pin
        self.password = password
        self.tie = tie
        self.terminal = terminal
        self.stepUpTerminal = stepUpTerminal ?? terminal
        self.faceMatches = faceMatches
    }

    /// What goes back to the platform. `did` says what happened at the card, for whoever watches.
    package struct Answer: Sendable {
        package let certificate: [UInt8]
        package let signature: [UInt8]?
        package let statement: String?
        package let did: [String]

        package func json(for challenge: ChallengeText) -> JSON {
            var members: [(String, JSON)] = [
                ("challenge", .string(challenge.id)), ("certificate", .string(Base64.encode(certificate))),
            ]
            if let signature { members.append(("signature", .string(Base64.encode(signature)))) }
            if let statement { members.append(("statement", .string(statement))) }
            return .object(members)
        }
    }

    /// Uses the card once for this challenge, in the given mode. Every use selects the application anew, so nothing that was opened
    /// before is open.
    package func answer(
        _ challenge: ChallengeText, mode: CardMode, algorithms: [String], isStepUp: Bool = false, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(UseRefusal) -> Answer {
        let terminal = isStepUp ? stepUpTerminal : terminal
        var did = ["SELECT JPKI-AP"]
        card.select()
        switch mode {
        case .pin:
            guard let pin else { throw .pinNotGiven }
            try use { () throws(CardRefusal) in try card.verify(pin: pin) }
            did.append("VERIFY PIN: 90 00")
        case .face:
            guard let terminal else { throw .terminalMissing(mode) }
            guard faceMatches else { throw .faceDoesNotMatch }
            try terminal.open(card, using: &random)
            did.append("face compared at \(terminal.id.text); EXTERNAL AUTHENTICATE of the terminal: 90 00")
        case .presence:
            guard let terminal else { throw .terminalMissing(mode) }
            guard terminal.isGenuine(card, using: &random) else { throw .notGenuine }
            did.append("INTERNAL AUTHENTICATE: genuine card; its login key signs nothing")
        }
        let certificate = try use { () throws(CardRefusal) in try card.userCertificate() }
        did.append("READ EF 000A: user certificate, \(certificate.count) bytes")
        let signature = mode == .presence ? nil : try sign(challenge, certificate, algorithms, &did)
        let statement = try terminal.map { (terminal) throws(UseRefusal) in
            try terminal.statement(mode, about: challenge, certificate: certificate, at: now)
        }
        if let terminal { did.append("statement of \(terminal.id.text): mode \(mode.rawValue)") }
        return Answer(certificate: certificate, signature: signature, statement: statement, did: did)
    }

    private func sign(
        _ challenge: ChallengeText, _ certificate: [UInt8], _ algorithms: [String], _ did: inout [String]
    ) throws(UseRefusal) -> [UInt8] {
        let kind = (try? Certificate(der: certificate))?.publicKey.kind
        if case .rsa = kind {
            guard algorithms.contains("RS256") else { throw .algorithmNotOffered("RS256") }
            did.append("SIGN with key 0017: DigestInfo of SHA-256")
            return try use { () throws(CardRefusal) in try card.sign(digestInfo: challenge.digestInfo) }
        }
        guard algorithms.contains("ES384") else { throw .algorithmNotOffered("ES384") }
        did.append("SIGN with key 0017: ECDSA P-384 of SHA-384")
        return try use { () throws(CardRefusal) in try card.sign(hashing: challenge.text) }
    }

    private func use<Value>(_ body: () throws(CardRefusal) -> Value) throws(UseRefusal) -> Value {
        do throws(CardRefusal) { return try body() } catch { throw .card(error) }
    }
}
