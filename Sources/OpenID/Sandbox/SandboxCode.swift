import Cryptography
import JOSE
import SignOn
package import Vocabulary

/// A code of the sandbox, as it waits to be redeemed: what the answer will say, right or wrong in one way. It lives as long as a code may,
/// in memory; the code itself is not in it.
package struct SandboxCode: Sendable {
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
}

/// An access token of the sandbox: what userinfo says to whoever shows it.
package struct SandboxAccess: Sendable {
    package let digest: [UInt8]
    package let expiresAt: Timestamp
    package let userInfo: JSON
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
            challenge: codeChallenge, nonce: nonce, acr: acr, scopes: scopes, claims: claims, fault: fault, subject: subject)
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
        let answer = try target.answer([("code", code)], at: sandbox, at: now, using: &random)
        guard fault == .otherResponseIssuer, !mode.isSigned else { return answer }
        let fields = [("code", code)] + (state.map { [("state", $0)] } ?? []) + [("iss", WrongClaims.stranger)]
        guard mode.isForm else { return .redirect(redirect.location(fields.map { (name: $0.0, value: $0.1) })) }
        return .form(action: redirect.text, fields: fields.map { .init(name: $0.0, value: $0.1) })
    }
}
