package import Credentials
package import Cryptography
import JOSE
package import Vocabulary

/// A reader, kiosk or app with a key of its own. It never lends its word: a statement is made only after what it states was done.
package struct SimulatedTerminal: Sendable {
    package let id: TerminalID
    package let name: String
    package let modes: Set<CardMode>
    package let attended: Bool
    package let notBefore: Timestamp
    package let notAfter: Timestamp
    package let key: PrivateKey
    /// What lets it open cards without a PIN; attended terminals only.
    package let endorsement: Endorsement?
    /// Whose endorsement makes a chip genuine.
    package let cardMaker: PublicKey

    package init(
        id: TerminalID, name: String, modes: Set<CardMode>, attended: Bool, notBefore: Timestamp, notAfter: Timestamp, key: PrivateKey,
        endorsement: Endorsement?, cardMaker: PublicKey
    ) {
        self.id = id
        self.name = name
        self.modes = modes
        self.attended = attended
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.key = key
        self.endorsement = endorsement
        self.cardMaker = cardMaker
    }

    private var publicJWK: JWK { JWK(key.publicKey, keyID: id.text + "-1", algorithm: .es256) }

    /// What a platform needs to know to believe it.
    package var registration: Terminal {
        Terminal(
            id: id, name: name, keys: [publicJWK], modes: modes, attended: attended, notBefore: notBefore, notAfter: notAfter)
    }

    package var registrationJSON: JSON {
        [
            "id": .string(id.text), "name": .string(name), "attended": .bool(attended),
            "modes": .array(CardMode.allCases.filter(modes.contains).map { .string($0.rawValue) }),
            "notBefore": .string(notBefore.text), "notAfter": .string(notAfter.text), "keys": ["keys": [publicJWK.json]],
        ]
    }

    /// Opens the card's user key without a PIN (mode B). The face was compared before.
    func open(_ card: Card, using random: inout some RandomNumberGenerator) throws(UseRefusal) {
        guard let endorsement else { throw .terminalMayNot(.face) }
        let challenge = card.challenge(using: &random)
        do {
            let proof = try key.sign(Endorsement.proof(.terminal, answering: challenge), .ecdsa(.sha256))
            try card.authenticate(terminal: endorsement, proof: proof)
        } catch let refusal as CardRefusal {
            throw .card(refusal)
        } catch {
            throw .terminalKey
        }
    }

    /// A genuine chip answered this terminal's own challenge (mode C).
    func isGenuine(_ card: Card, using random: inout some RandomNumberGenerator) -> Bool {
        let challenge = random.bytes(16)
        guard let (endorsement, proof) = try? card.proveGenuine(answering: challenge) else { return false }
        return endorsement.isGood(as: .card, by: cardMaker)
            && endorsement.key.verifies(proof, over: Endorsement.proof(.card, answering: challenge), .ecdsa(.sha256))
    }

    /// The signed statement of the mode, about this challenge and this certificate.
    func statement(_ mode: CardMode, about challenge: ChallengeText, certificate: [UInt8], at now: Timestamp) throws(UseRefusal) -> String {
        guard modes.contains(mode) else { throw .terminalMayNot(mode) }
        let claims: JSON = [
            "iss": .string(id.text), "aud": .string(challenge.origin), "challenge": .string(challenge.id),
            "challenge_hash": .string(Base64url.encode(Digest.sha256(challenge.text))),
            "x5t#S256": .string(Base64url.encode(Digest.sha256(certificate))), "mode": .string(mode.rawValue),
            "iat": .integer(now.seconds),
        ]
        return try signed(claims, type: ModeStatement.type)
    }

    func signed(_ claims: JSON, type: String) throws(UseRefusal) -> String {
        do { return try SigningKey(keyID: id.text + "-1", algorithm: .es256, key: key).signed(claims, type: type) } catch {
            throw .terminalKey
        }
    }
}
