import Cryptography
package import SignOn
import TrustFramework
package import Vocabulary

extension VerifiedAuthorizationRequest {
    /// Turns a grant into a code: the record for the store and the address for the browser (303, never 307: checklist E8). The code is
    /// 256 random bits; only its digest is in the record. The shell stores first and redirects afterwards.
    package func code(
        for grant: Grant, at provider: Provider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) -> (record: CodeRecord, location: String) {
        let code = Ticket.fresh(using: &random)
        let record = CodeRecord(
            codeDigest: code.digest,
            // INVARIANT: the code serves the member that policy granted to, whoever asked.
            client: grant.member.id, redirectURI: redirect.text, codeChallenge: codeChallenge, nonce: nonce, scopes: scopes,
            pairwise: grant.pairwise, acr: acr(of: grant), amr: grant.context.amr, authenticatedAt: grant.facts.authenticatedAt,
            claims: .object(grant.attributes.map { ($0.source.claim, $0.value) }), sid: grant.sessionIndex,
            sessionExpires: grant.sessionExpires, issuedAt: now, expiresAt: now.adding(seconds: provider.lifetimes.code))
        var parameters = [("code", code.text)]
        if let state { parameters.append(("state", state)) }
        return (record, redirect.location(parameters + [("iss", provider.issuer)]))
    }

    /// The address that tells the client no.
    package func location(refusing refusal: SignOnRefusal, at provider: Provider) -> String {
        redirect.location(error: refusal.authorizationError, refusal.explanation, state: state, issuer: provider.issuer)
    }

    /// The context's own name, or the one of its names that the client asked for: an answer "that matches one of the requested values"
    /// (OpenID Connect Core §5.5.1.1).
    private func acr(of grant: Grant) -> String {
        let names = grant.context.acrValues
        return ask.requirement?.values.first(where: names.contains) ?? names.first ?? grant.context.name
    }
}
