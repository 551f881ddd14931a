import Cryptography
package import TrustFramework
package import Vocabulary

/// The code of a request and what must come with it (RFC 6749 §4.1.3, RFC 7636 §4.5).
struct CodeRedemption: Hashable, Sendable {
    let codeDigest: [UInt8]
    let redirectURI: String
    /// Nil: the authorization request may have come without a challenge.
    let verifier: String?
    let narrowing: TokenNarrowing
}

extension GrantReader {
    static let authorizationCode = GrantReader(type: .authorizationCode) {
        parameters, client, _ throws(TokenRefusal) in
        // A verifier of another form fits no challenge (RFC 7636 §4.1).
        if client.requiresPKCE { _ = try required("code_verifier", in: parameters, "RFC 7636 §4.5") }
        let verifier = parameters["code_verifier"]
        if let verifier {
            guard (43...128).contains(verifier.utf8.count), verifier.utf8.allSatisfy(isUnreserved) else {
                throw TokenRefusal(.invalidGrant, .verifierMalformed)
            }
        }
        return .code(
            CodeRedemption(
                codeDigest: try digest("code", in: parameters),
                redirectURI: try required("redirect_uri", in: parameters, "RFC 6749 §4.1.3"), verifier: verifier,
                narrowing: TokenNarrowing(parameters)))
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool { byte.isBase64url || byte == 0x2e || byte == 0x7e }
}

/// A rule for redeeming a code. The list in its order is the specification; what holds for every grant is in `IssuanceCheck`.
struct RedemptionCheck: Sendable {
    struct Question: Sendable {
        let redemption: CodeRedemption
        let code: CodeRecord
        let client: Client
        let now: Timestamp
    }

    let name: String
    let fault: @Sendable (Question) -> Explanation?
}

extension RedemptionCheck {
    static let inOrder = [
        RedemptionCheck(name: "the code that was sent") { question in
            ConstantTime.equal(question.redemption.codeDigest, question.code.codeDigest) ? nil : .codeUnknown
        },
        RedemptionCheck(name: "the code's own client") { question in
            question.code.client.text.hasSameBytes(as: question.client.id.text)
                ? nil : .grantFault("client", "the code was issued to another client", "RFC 6749 §4.1.3", "redeem only your own codes")
        },
        RedemptionCheck(name: "the code still lives") { question in
            question.now < question.code.expiresAt
                ? nil
                : .grantFault(
                    "expired", "the code has expired", "RFC 6749 §4.1.2", "redeem a code at once",
                    [.init("expired-at", question.code.expiresAt.text), .init("now", question.now.text)])
        },
        RedemptionCheck(name: "the same redirect_uri") { question in
            question.redemption.redirectURI.hasSameBytes(as: question.code.redirectURI)
                ? nil
                : .grantFault(
                    "redirect-uri", "the redirect_uri is not the one of the authorization request", "RFC 6749 §4.1.3",
                    "send the same redirect_uri in both requests", [.init("redirect_uri", question.redemption.redirectURI)])
        },
        // Both without, or both and fitting: a challenge taken off the request, or a verifier put onto another's, fails (checklist E6).
        RedemptionCheck(name: "the PKCE verifier") { question in
            switch (question.redemption.verifier, question.code.codeChallenge) {
            case (.none, .none): return nil
            case (.some, .none):
                return .grantFault(
                    "code-verifier", "a code_verifier came, and the authorization request had no code_challenge", "RFC 9700 §4.8.2",
                    "find out who took the code_challenge off the authorization request")
            case (.none, .some): return .missing("code_verifier", "a value", "RFC 7636 §4.5")
            case (.some(let verifier), .some(let challenge)):
                let digest = Digest.sha256(Array(verifier.utf8))
                return ConstantTime.equal(Array(Base64url.encode(digest).utf8), Array(challenge.utf8))
                    ? nil
                    : .grantFault(
                        "code-verifier", "the code_verifier does not belong to the code_challenge", "RFC 7636 §4.6",
                        "send the verifier whose SHA-256 the authorization request had", [.init("code_challenge", challenge)])
            }
        },
    ]
}

extension AuthenticatedTokenRequest {
    /// SHA-256 of the code to take out of the store; nil for another grant.
    package var codeDigest: [UInt8]? {
        guard case .code(let redemption) = grant else { return nil }
        return redemption.codeDigest
    }

    /// Redeems a code that the store gave out as `.first`: checks that it is this client's, this redirect_uri's and this verifier's, that
    /// it lives, and everything that `IssuanceCheck` asks; then signs.
    package func tokens(
        for code: CodeRecord, member: Member, policy: Policy, hearing word: CitizenWord = .silent, at provider: Provider,
        at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(TokenRefusal) -> TokenAnswer {
        guard case .code(let redemption) = grant else { throw TokenRefusal.codeUnknown }
        let question = RedemptionCheck.Question(redemption: redemption, code: code, client: client, now: now)
        for check in RedemptionCheck.inOrder {
            if let fault = check.fault(question) { throw TokenRefusal(.invalidGrant, fault) }
        }
        let entitlement = try redemption.narrowing.applied(to: code.entitlement, for: client, at: provider)
        var order = TokenMint.Order(.authorizationCode, root: code.codeDigest)
        order.kept = code.entitlement
        order.word = word
        return try TokenMint.tokens(
            for: entitlement, client: authenticated, member: member, policy: policy, binding: binding, at: provider, at: now,
            using: &random,
            via: order)
    }
}
