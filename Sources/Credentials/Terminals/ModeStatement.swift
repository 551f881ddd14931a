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
        let statement = try TerminalStatement(text, type: ModeStatement.type, terminals: terminals, at: now)
        let terminal = statement.terminal
        guard let stated = statement.claims["mode"]?.string, let mode = CardMode(rawValue: stated) else { throw .statementClaim("mode") }
        let expected = ModeStatement.payload(
            terminal: terminal.id, challenge: challenge, certificate: certificate.fingerprint, mode: mode, at: now)
        try statement.require(expected, since: challenge.issuedAt, at: now)
        guard terminal.may(state: mode) else { throw .terminalMayNot(terminal.id, mode) }
        return ModeStatement(terminal: terminal, mode: mode)
    }
}
