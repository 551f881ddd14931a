import JOSE
import Vocabulary

/// What a registered terminal signed, as far as every statement of one is proven alike: of this type, by a key of a terminal that is
/// registered now. What it claims is still to be compared.
struct TerminalStatement {
    let terminal: Terminal
    let claims: JSON

    init(_ text: String, type: String, terminals: TerminalRegistry, at now: Timestamp) throws(CredentialRefusal) {
        let jws: UnverifiedJWS
        do { jws = try UnverifiedJWS(compact: text, limit: ModeStatement.longest) } catch { throw .statementMalformed(error) }
        guard jws.header["typ"]?.string == type else { throw .statementType(jws.header["typ"]?.string) }
        // The name inside chooses whose keys are tried, and nothing else, before the signature is known to be good.
        let named = (try? JSON(reading: jws.unverifiedPayload, limit: ModeStatement.longest))?["iss"]?.string
        guard let named, let id = TerminalID(named), let terminal = terminals.find(id) else { throw .terminalUnknown(named) }
        let verified: VerifiedJWS
        do { verified = try jws.verified(by: terminal.keys, allowed: ModeStatement.algorithms) } catch {
            throw .statementForged(terminal.id, error)
        }
        guard terminal.isRegistered(at: now) else { throw .terminalOutOfTime(terminal.id, now: now) }
        guard let claims = try? JSON(reading: verified.payload, limit: ModeStatement.longest) else { throw .statementClaim("payload") }
        self.terminal = terminal
        self.claims = claims
    }

    /// Every claim is the expected one, in this order; `iat` lies between the challenge's making and now.
    func require(_ expected: JSON, since issuedAt: Timestamp, at now: Timestamp) throws(CredentialRefusal) {
        for (name, value) in expected.members ?? [] where name != "iat" && claims[name] != value { throw .statementClaim(name) }
        guard let issued = claims["iat"]?.integer.map(Timestamp.init(seconds:)),
            issued >= issuedAt.adding(seconds: -CardChallenge.skew), issued <= now.adding(seconds: CardChallenge.skew)
        else { throw .statementClaim("iat") }
    }
}
