import Cryptography
package import SignOn
import TrustFramework
package import Vocabulary

extension VerifiedAuthorizationRequest {
    /// Turns a grant into a code: the record for the store, and the answer for the browser. The code is 256 random bits; only its digest is
    /// in the record. The shell stores first and answers afterwards.
    package func code(
        for grant: Grant, at provider: Provider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerRefusal) -> (record: CodeRecord, answer: AuthorizationAnswer) {
        let code = Ticket.fresh(using: &random)
        let told = told(of: grant)
        let record = CodeRecord(
            codeDigest: code.digest, redirectURI: redirect.text, codeChallenge: codeChallenge,
            entitlement: Entitlement(
                grant, scopes: scopes, requirement: ask.requirement, nonce: nonce, claims: told.idToken, userInfoClaims: told.userInfo,
                citizen: told.citizen, authorizationDetails: authorizationDetails, resources: resources,
                binding: dpopThumbprint.map { .dpop(jkt: $0) }),
            issuedAt: now, expiresAt: now.adding(seconds: provider.lifetimes.code))
        return (record, try target.answer([("code", code.text)], at: provider, at: now, using: &random))
    }

    /// What of the released attributes the client is told, and where.
    package func told(of grant: Grant) -> ToldClaims { claims.split(grant, scopes: scopes) }

    /// The answer that tells the client no.
    package func answer(
        refusing refusal: SignOnRefusal, at provider: Provider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerRefusal) -> AuthorizationAnswer {
        try target.answer(refusal.authorizationError, refusal.explanation, at: provider, at: now, using: &random)
    }
}
