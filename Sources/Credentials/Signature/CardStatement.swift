import Cryptography
package import Vocabulary

/// The claims with which a registered terminal says: both certificates were read from one card, in one use, for this declaration.
package enum CardStatement {
    /// No other token of ours can be taken for one (RFC 8725 §3.11, checklist E24).
    package static let type = "sekisho-card+jwt"

    /// Both fingerprints are the SHA-256 of the certificates' DER.
    package static func payload(
        terminal: TerminalID, challenge: IdentityChallenge, certificate: [UInt8], login: [UInt8], at now: Timestamp
    ) -> JSON {
        [
            "iss": .string(terminal.text), "aud": .string(challenge.origin), "challenge": .string(challenge.id.text),
            "challenge_hash": .string(Base64url.encode(Digest.sha256(challenge.signedText))),
            "x5t#S256": .string(Base64url.encode(certificate)), "login_x5t#S256": .string(Base64url.encode(login)),
            "iat": .integer(now.seconds),
        ]
    }
}

/// A statement as it came in.
struct UnverifiedCardStatement {
    let text: String

    func verified(
        for challenge: IdentityChallenge, certificate: Certificate, login: Certificate, terminals: TerminalRegistry, at now: Timestamp
    ) throws(CredentialRefusal) {
        let statement = try TerminalStatement(text, type: CardStatement.type, terminals: terminals, at: now)
        let expected = CardStatement.payload(
            terminal: statement.terminal.id, challenge: challenge, certificate: certificate.fingerprint, login: login.fingerprint, at: now)
        try statement.require(expected, since: challenge.issuedAt, at: now)
        // Whoever may not see a PIN typed does not see two keys used.
        guard statement.terminal.may(state: .pin) else { throw .terminalMayNot(statement.terminal.id, .pin) }
    }
}
