import Cryptography
package import JOSE
package import Vocabulary

/// What a registered terminal signed about one use of one card. A proof: the claims were compared with this challenge and this
/// certificate, and the terminal may state this mode.
///
/// The signature of modes A and B is byte for byte the same (`jpki.md` §2.3), so the mode can only come from the channel.
package struct ModeStatement: Sendable {
    package let terminal: TerminalID
    package let terminalClass: String
    package let mode: CardMode

    fileprivate init(terminal: Terminal, mode: CardMode) {
        self.terminal = terminal.id
        terminalClass = terminal.terminalClass
        self.mode = mode
    }
}

extension ModeStatement {
    /// The `typ` of a statement: no other token of ours can be taken for one (RFC 8725 §3.11, checklist E24).
    package static let type = "sekisho-mode+jwt"

    /// RSA statements would only make the answer longer; terminals are new and use curves.
    package static let algorithms: Set<JWSAlgorithm> = [.es256, .es384, .eddsa]

    /// Statements are about 700 characters long.
    package static let longest = 4096

    /// The claims a terminal signs. `fingerprint` is the SHA-256 of the certificate's DER.
    package static func payload(
        terminal: TerminalID, challenge: CardChallenge, certificate fingerprint: [UInt8], mode: CardMode, at now: Timestamp
    ) -> JSON {
        [
            "iss": .string(terminal.text),
            "aud": .string(challenge.origin),
            "challenge": .string(challenge.id.text),
            "challenge_hash": .string(Base64url.encode(Digest.sha256(challenge.signedText))),
            "x5t#S256": .string(Base64url.encode(fingerprint)),
            "mode": .string(mode.rawValue),
            "iat": .integer(now.seconds),
        ]
    }
}

/// A statement as it came in.
struct UnverifiedModeStatement {
    let text: String

    func verified(
        for challenge: CardChallenge, certificate: Certificate, terminals: TerminalRegistry, at now: Timestamp
    ) throws(CredentialRefusal) -> ModeStatement {
        let jws: UnverifiedJWS
        do { jws = try UnverifiedJWS(compact: text, limit: ModeStatement.longest) } catch { throw .statementMalformed(error) }
        guard jws.header["typ"]?.string == ModeStatement.type else { throw .statementType(jws.header["typ"]?.string) }
        let terminal = try issuer(of: jws, among: terminals)
        let verified: VerifiedJWS
        do {
            verified = try jws.verified(by: terminal.keys, allowed: ModeStatement.algorithms)
        } catch { throw .statementForged(terminal.id, error) }
        guard terminal.isRegistered(at: now) else { throw .terminalOutOfTime(terminal.id, now: now) }

        guard let claims = try? JSON(reading: verified.payload, limit: ModeStatement.longest) else { throw .statementClaim("payload") }
        guard let stated = claims["mode"]?.string, let mode = CardMode(rawValue: stated) else { throw .statementClaim("mode") }
        let expected = ModeStatement.payload(
            terminal: terminal.id, challenge: challenge, certificate: certificate.fingerprint, mode: mode, at: now)
        for name in ["iss", "aud", "challenge", "challenge_hash", "x5t#S256"] where claims[name] != expected[name] {
            throw .statementClaim(name)
        }
        guard let issued = claims["iat"]?.integer.map(Timestamp.init(seconds:)),
            issued >= challenge.issuedAt.adding(seconds: -CardChallenge.skew), issued <= now.adding(seconds: CardChallenge.skew)
        else { throw .statementClaim("iat") }
        guard terminal.may(state: mode) else { throw .terminalMayNot(terminal.id, mode) }
        return ModeStatement(terminal: terminal, mode: mode)
    }

    /// The name inside chooses whose keys are tried, and nothing else, before the signature is known to be good.
    private func issuer(of jws: UnverifiedJWS, among terminals: TerminalRegistry) throws(CredentialRefusal) -> Terminal {
        let claims = try? JSON(reading: jws.unverifiedPayload, limit: ModeStatement.longest)
        guard let name = claims?["iss"]?.string, let id = TerminalID(name), let terminal = terminals.find(id) else {
            throw .terminalUnknown(claims?["iss"]?.string)
        }
        return terminal
    }
}
