import JOSE
package import SignOn
package import TrustFramework
package import Vocabulary

/// A login of a client as it would ask for one, inside a rehearsal. What it is answered with is made by the code that answers everybody, and
/// is the rehearsal's.
package struct RehearsedAuthorization: Sendable {
    let rehearsal: RehearsalProvider
    let verified: VerifiedAuthorizationRequest
    /// A key that nobody holds stands for the one that the client's tokens are bound to.
    let binding: TokenBinding?

    package var ask: Ask { verified.ask }

    /// From the code to userinfo, as the client would go. `word` gives what the citizen's side says of the claims that the tokens stand for.
    package func tokens(
        for grant: Grant, by member: Member, under policy: Policy, hearing word: (CitizenClaims?) -> CitizenWord, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(RehearsalRefusal) -> RehearsedTokens {
        do {
            return try made(for: grant, by: member, under: policy, hearing: word, at: now, using: &random)
        } catch let refusal as AnswerRefusal {
            throw RehearsalRefusal(explanation: refusal.explanation)
        } catch let refusal as TokenRefusal {
            throw RehearsalRefusal(explanation: refusal.explanation)
        } catch let refusal as ResourceRefusal {
            throw RehearsalRefusal(explanation: refusal.explanation)
        } catch {
            throw RehearsalRefusal(explanation: .noSigningKey)
        }
    }

    /// The answer that tells the client no.
    package func answer(
        refusing refusal: SignOnRefusal, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(RehearsalRefusal) -> AuthorizationAnswer {
        do throws(AnswerRefusal) {
            return try verified.answer(refusing: refusal, at: rehearsal.provider, at: now, using: &random)
        } catch { throw RehearsalRefusal(explanation: error.explanation) }
    }

    private func made(
        for grant: Grant, by member: Member, under policy: Policy, hearing word: (CitizenClaims?) -> CitizenWord, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws -> RehearsedTokens {
        let provider = rehearsal.provider, client = verified.client
        let (code, answer) = try verified.code(for: grant, at: provider, at: now, using: &random)
        var order = TokenMint.Order(.authorizationCode, root: code.codeDigest)
        order.kept = code.entitlement
        order.word = word(code.entitlement.citizen)
        let issued = try TokenMint.tokens(
            for: code.entitlement, of: client, member: member, policy: policy, binding: binding, at: provider, at: now, using: &random,
            via: order)
        let accessToken = issued.body["access_token"]?.string ?? ""
        let idToken = try IDToken.signed(
            for: code.entitlement, accessToken: accessToken, client: client, order, at: provider, at: now)
        let told = try issued.accessToken.rehearsed(of: client, member, in: rehearsal, at: now)
            .judged(by: policy, member, hearing: order.word, at: now)
        return RehearsedTokens(
            authorization: answer, tokens: issued.body, idToken: idToken,
            ciphers: client.idTokenEncryption.map { $0.algorithm.rawValue + ", " + $0.content.rawValue },
            accessTokenFormat: client.accessTokenFormat,
            userInfo: try told.answer(at: provider, at: now, hearing: order.word, using: &random).text,
            userInfoClaims: told.claims(hearing: order.word, at: provider))
    }
}

/// What a client would receive, from the browser's way back to userinfo. No store knows any of it.
package struct RehearsedTokens: Sendable {
    /// What the browser brings.
    package let authorization: AuthorizationAnswer
    /// What the token endpoint answers.
    package let tokens: JSON
    /// The ID token before it is encrypted: a compact JWS.
    package let idToken: String
    /// How the ID token in `tokens` is encrypted to the client's key; nil: it is not.
    package let ciphers: String?
    package let accessTokenFormat: AccessTokenFormat
    /// What userinfo answers, in the form that the client registered, and what that says.
    package let userInfo: String
    package let userInfoClaims: JSON
}

extension SealedAnswer {
    fileprivate var text: String {
        switch self {
        case .json(let json): json.text
        case .compact(let text): text
        }
    }
}

/// Why a rehearsal came to no answer: what the client would be told.
package struct RehearsalRefusal: Error, Hashable, Sendable {
    package let explanation: Explanation
}
