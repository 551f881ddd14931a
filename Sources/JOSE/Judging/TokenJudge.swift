package import Vocabulary

/// What was found out about a token.
package struct TokenVerdict: Sendable {
    package enum Form: String, Sendable {
        case signed = "jws"
        case encrypted = "jwe"
    }

    package let form: Form
    /// The outer header, as soon as it could be read.
    package fileprivate(set) var header: JSON?
    package fileprivate(set) var opened: DecryptedJWE?
    package fileprivate(set) var verified: VerifiedJWS?
    package fileprivate(set) var claims: JWTClaims?
    package fileprivate(set) var refusal: TokenFinding?
    /// What nobody gave us to compare with.
    package fileprivate(set) var unchecked: [String] = []
    package fileprivate(set) var notes: [String] = []

    package var isAccepted: Bool { refusal == nil }

    fileprivate init(_ form: Form) { self.form = form }
}

/// Judges tokens for a command: the same readers as the doors use, with whatever rules it was given.
package struct TokenJudge: Sendable {
    private let rules: TokenRules

    package init(_ rules: TokenRules) { self.rules = rules }

    /// A JWE has four dots, a JWS two.
    package static func form(of token: String) -> TokenVerdict.Form {
        token.utf8.lazy.filter { $0 == 0x2e }.prefix(4).count == 4 ? .encrypted : .signed
    }

    /// A signed token, or an encrypted one with a signed one inside.
    package func verdict(on token: String, at now: Timestamp) -> TokenVerdict {
        var verdict = TokenVerdict(Self.form(of: token))
        do throws(TokenFinding) {
            var text = token
            if verdict.form == .encrypted {
                let opened = try open(token, &verdict)
                guard let inner = opened.text, Compact.parts(of: inner, 3) != nil else { throw TokenFinding(.signature, Self.unsigned) }
                text = inner
            }
            try verify(text, &verdict)
            try judgeClaims(&verdict, at: now)
        } catch { verdict.refusal = error }
        return verdict
    }

    /// An encrypted token, and whatever is inside it.
    package func opening(_ token: String) -> TokenVerdict {
        var verdict = TokenVerdict(.encrypted)
        do throws(TokenFinding) {
            let opened = try open(token, &verdict)
            verdict.notes.append("whoever knows the public key can encrypt to it: this proves nothing about the sender")
            if opened.contentType == "jwt" { verdict.notes.append("inside is a token, whose signature was not looked at") }
        } catch { verdict.refusal = error }
        return verdict
    }

    private func open(_ token: String, _ verdict: inout TokenVerdict) throws(TokenFinding) -> DecryptedJWE {
        do throws(JWERefusal) {
            let unverified = try UnverifiedJWE(compact: token, limit: rules.limit)
            verdict.header = unverified.header
            let opened = try unverified.decrypted(by: rules.decryptionKeys, allowed: rules.encryptions, contents: rules.contents)
            verdict.opened = opened
            return opened
        } catch { throw TokenFinding(error.layer, error.explanation) }
    }

    private func verify(_ token: String, _ verdict: inout TokenVerdict) throws(TokenFinding) {
        do throws(JWSRefusal) {
            let unverified = try UnverifiedJWS(compact: token, limit: rules.limit)
            if verdict.header == nil { verdict.header = unverified.header }
            verdict.verified =
                try rules.isByOwnKey
                ? unverified.verifiedByOwnKey(allowed: rules.algorithms)
                : unverified.verified(by: rules.keys, allowed: rules.algorithms)
        } catch { throw TokenFinding(error.layer, error.explanation) }
        if rules.isByOwnKey { verdict.notes.append("by the key inside the token: whoever made it holds that key, which is all this says") }
    }

    private func judgeClaims(_ verdict: inout TokenVerdict, at now: Timestamp) throws(TokenFinding) {
        guard let verified = verdict.verified else { return }
        if let type = rules.type {
            guard verified.type?.hasSameBytes(as: type) == true else {
                throw Self.finding("type", "the token is of another kind", ("typ", verified.type ?? "none"), type, "RFC 8725 §3.11")
            }
        }
        guard rules.areClaimsDue else {
            verdict.unchecked = ["claims"]
            return
        }
        let claims: JWTClaims
        do { claims = try JWTClaims(verified) } catch { throw TokenFinding(.claims, error.explanation) }
        verdict.claims = claims
        try compare(claims, &verdict)
        if let expires = claims.expiresAt, now >= expires.adding(seconds: rules.skew) {
            throw Self.finding("expired", "the token has expired", ("exp", expires.text), now.text, named: "now", "RFC 7519 §4.1.4")
        }
        for (name, moment) in [("nbf", claims.notBefore), ("iat", claims.issuedAt)] {
            guard let moment, moment > now.adding(seconds: rules.skew) else { continue }
            throw Self.finding("early", "the token is not valid yet", (name, moment.text), now.text, named: "now", "RFC 7519 §4.1.5")
        }
        if claims.expiresAt == nil { verdict.unchecked.append("exp") }
    }

    private func compare(_ claims: JWTClaims, _ verdict: inout TokenVerdict) throws(TokenFinding) {
        let pairs: [(String, String?, String?)] = [
            ("iss", rules.issuer, claims.issuer), ("sub", rules.subject, claims.subject), ("nonce", rules.nonce, claims["nonce"]?.string),
        ]
        for (name, expected, found) in pairs {
            guard let expected else {
                verdict.unchecked.append(name)
                continue
            }
            guard found?.hasSameBytes(as: expected) == true else {
                throw Self.finding("other", "a claim says something else than expected", (name, found ?? "none"), expected, "RFC 7519 §4.1")
            }
        }
        guard let audience = rules.audience else {
            verdict.unchecked.append("aud")
            return
        }
        guard claims.audience.contains(where: { $0.hasSameBytes(as: audience) }) else {
            throw Self.finding(
                "audience", "the token is for somebody else", ("aud", claims.audience.joined(separator: " ")), audience, "RFC 7519 §4.1.3")
        }
    }

    private static let unsigned = Explanation(
        "jose.signature.absent", "the content is encrypted, and nobody signed it", clause: "RFC 7519 §5.2",
        remedy: "sign first, then encrypt with cty JWT; `sekisho jose decrypt` opens it as it is")

    private static func finding(
        _ code: String, _ summary: String, _ found: (String, String), _ expected: String, named: String = "expected", _ clause: String
    ) -> TokenFinding {
        TokenFinding(
            .claims,
            Explanation(
                "jose.claims." + code, summary, compared: [.init(found.0, found.1), .init(named, expected)], clause: clause,
                remedy: "ask for a new token, or compare what both sides are configured with"))
    }
}
