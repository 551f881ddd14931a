import Cryptography
import JOSE
import SignOn
package import Vocabulary

/// A code of the sandbox, as it waits to be redeemed: what the answer will say, right or wrong in one way. It lives as long as a code may;
/// the code itself is not in it.
package struct SandboxCode: Hashable, Sendable {
    package let digest: [UInt8]
    package let expiresAt: Timestamp
    let client: MemberID
    let redirectURI: String
    let challenge: String?
    let nonce: String?
    let acr: String
    let scopes: [String]
    let claims: JSON
    package let fault: WrongToken
    package let subject: String
    /// The key that has to prove itself when the code is redeemed (RFC 9449 §10); nil: any or none.
    let thumbprint: String?
}

extension SandboxCode {
    /// For the store; its name and its end are the store's own.
    package var json: JSON {
        .object([
            ("client", .string(client.text)), ("redirect", .string(redirectURI)), ("challenge", challenge.map { .string($0) } ?? .null),
            ("nonce", nonce.map { .string($0) } ?? .null), ("acr", .string(acr)), ("scopes", .array(scopes.map { .string($0) })),
            ("claims", claims), ("fault", .string(fault.rawValue)), ("subject", .string(subject)),
            ("jkt", thumbprint.map { .string($0) } ?? .null),
        ])
    }

    /// Nil when anything is missing: a record that cannot be read whole is no record.
    package init?(json: JSON, digest: [UInt8], expiresAt: Timestamp) {
        guard let client = json["client"]?.string.flatMap({ MemberID($0) }), let redirect = json["redirect"]?.string,
            let challenge = json.optionalText("challenge"), let nonce = json.optionalText("nonce"), let acr = json["acr"]?.string,
            let scopes = json["scopes"]?.array?.compactMap(\.string), let claims = json["claims"],
            let fault = json["fault"]?.string.flatMap({ WrongToken(rawValue: $0) }), let subject = json["subject"]?.string,
            let thumbprint = json.optionalText("jkt")
        else { return nil }
        self.init(
            digest: digest, expiresAt: expiresAt, client: client, redirectURI: redirect, challenge: challenge.text, nonce: nonce.text,
            acr: acr, scopes: scopes, claims: claims, fault: fault, subject: subject, thumbprint: thumbprint.text)
    }
}

/// An access token of the sandbox: what userinfo says to whoever shows it, with the key it is bound to.
package struct SandboxAccess: Hashable, Sendable {
    package let digest: [UInt8]
    package let expiresAt: Timestamp
    package let userInfo: JSON
    let binding: TokenBinding?

    package var json: JSON { .object([("userinfo", userInfo), ("cnf", binding?.cnf ?? .null)]) }

    package init?(json: JSON, digest: [UInt8], expiresAt: Timestamp) {
        guard let userInfo = json["userinfo"], let confirmation = json["cnf"] else { return nil }
        let binding = TokenBinding(cnf: confirmation)
        guard (confirmation == .null) == (binding == nil) else { return nil }
        self.init(digest: digest, expiresAt: expiresAt, userInfo: userInfo, binding: binding)
    }

    init(digest: [UInt8], expiresAt: Timestamp, userInfo: JSON, binding: TokenBinding?) {
        self.digest = digest
        self.expiresAt = expiresAt
        self.userInfo = userInfo
        self.binding = binding
    }

    /// Proves that whoever shows the token holds the key it is bound to, as at the platform's own userinfo; the proof's claim, to be taken.
    package func shown(
        by presented: PresentedToken, with evidence: ClientEvidence, at sandbox: Provider, now: Timestamp
    ) throws(ResourceRefusal) -> AssertionClaim? {
        try presented.possession(of: binding, with: evidence, nonces: sandbox.nonces, at: now)
    }
}

extension VerifiedAuthorizationRequest {
    /// A code of the sandbox for somebody invented, and the answer that carries it to a registered address, like every answer. `claims` are
    /// what the client would be told beside the protocol's own.
    package func code(
        _ fault: WrongToken, about subject: String, claims: JSON, acr: String, at sandbox: Provider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerRefusal) -> (code: SandboxCode, answer: AuthorizationAnswer) {
        let code = Ticket.fresh(using: &random)
        let kept = SandboxCode(
            digest: code.digest, expiresAt: now.adding(seconds: sandbox.lifetimes.code), client: client.id, redirectURI: redirect.text,
            challenge: codeChallenge, nonce: nonce, acr: acr, scopes: scopes, claims: claims, fault: fault, subject: subject,
            thumbprint: dpopThumbprint)
        return (kept, try target.answer(code.text, fault, at: sandbox, at: now, using: &random))
    }
}

extension AnswerTarget {
    fileprivate func answer(
        _ code: String, _ fault: WrongToken, at sandbox: Provider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerRefusal) -> AuthorizationAnswer {
        let target =
            fault == .wrongState
            ? AnswerTarget(redirect: redirect, mode: mode, client: client, state: (state ?? "") + "-of-somebody-else") : self
        if fault == .otherResponseIssuer, mode.isSigned {
            return try target.answer(
                [("code", code)], at: Provider(issuer: WrongClaims.stranger, keys: sandbox.keys), at: now, using: &random)
        }
        let answer = try target.answer([("code", code)], at: sandbox, at: now, using: &random)
        guard fault == .otherResponseIssuer else { return answer }
        let fields = [("code", code)] + (state.map { [("state", $0)] } ?? []) + [("iss", WrongClaims.stranger)]
        guard mode.isForm else { return .redirect(redirect.location(fields.map { (name: $0.0, value: $0.1) })) }
        return .form(action: redirect.text, fields: fields.map { .init(name: $0.0, value: $0.1) })
    }
}
