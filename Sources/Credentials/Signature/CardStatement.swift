import Cryptography
import JOSE
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
        let jws: UnverifiedJWS
        do { jws = try UnverifiedJWS(compact: text, limit: ModeStatement.longest) } catch { throw .statementMalformed(error) }
        guard jws.header["typ"]?.string == CardStatement.type else { throw .statementType(jws.header["typ"]?.string) }
        // The name inside chooses whose keys are tried, and nothing else, before the signature is known to be good.
        let named = (try? JSON(reading: jws.unverifiedPayload, limit: ModeStatement.longest))?["iss"]?.string
        guard let named, let id = TerminalID(named), let terminal = terminals.find(id) else { throw .terminalUnknown(named) }
        let verified: VerifiedJWS
        do { verified = try jws.verified(by: terminal.keys, allowed: ModeStatement.algorithms) } catch {
            throw .statementForged(terminal.id, error)
        }
        guard terminal.isRegistered(at: now) else { throw .terminalOutOfTime(terminal.id, now: now) }
        guard let claims = try? JSON(reading: verified.payload, limit: ModeStatement.longest) else { throw .statementClaim("payload") }
        let expected = CardStatement.payload(
            terminal: terminal.id, challenge: challenge, certificate: certificate.fingerprint, login: login.fingerprint, at: now)
        for name in ["iss", "aud", "challenge", "challenge_hash", "x5t#S256", "login_x5t#S256"] where claims[name] != expected[name] {
            throw .statementClaim(name)
        }
        guard let issued = claims["iat"]?.integer.map(Timestamp.init(seconds:)),
            issued >= challenge.issuedAt.adding(seconds: -CardChallenge.skew), issued <= now.adding(seconds: CardChallenge.skew)
        else { throw .statementClaim("iat") }
        // Whoever may not see a PIN typed does not see two keys used.
        guard terminal.may(state: .pin) else { throw .terminalMayNot(terminal.id, .pin) }
    }
}
