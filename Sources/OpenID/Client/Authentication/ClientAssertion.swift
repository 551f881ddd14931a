import JOSE
import Vocabulary

/// `private_key_jwt` (RFC 7523 §3, OpenID Connect Core §9): the named rules, in order.
struct ClientAssertion {
    static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    /// A `typ`, when there is one. Names of other token kinds never pass (RFC 8725 §3.11; checklist E24).
    static let types: Set<String> = ["JWT", "jwt", "client-authentication+jwt", "application/client-authentication+jwt"]

    let claims: JWTClaims
    let header: JSON
    let client: Client
    /// Our address of the endpoint it came to.
    let address: String
    let provider: Provider
    let now: Timestamp

    /// Seconds that an assertion may come from the future at least, whatever the deployment thinks of clocks (FAPI 2.0 Security Profile
    /// §5.3.2.1-13: ten are accepted, more than sixty refused).
    static let leastSkew: Int64 = 10

    /// Proves the assertion; returns its `jti`, to be claimed once, and until when it could be replayed.
    static func proven(
        _ assertion: UnverifiedJWS, by keys: JWKSet, _ client: Client, sentTo address: String, at provider: Provider, at now: Timestamp
    ) throws(TokenRefusal) -> (key: String, until: Timestamp) {
        let verified: VerifiedJWS
        do throws(JWSRefusal) {
            verified = try assertion.verified(by: keys.keys, allowed: client.assertionAlgorithms)
        } catch {
            throw TokenRefusal(.invalidClient, .assertionUnproven(error, registered: keys, client.assertionAlgorithms))
        }
        let question: ClientAssertion
        do throws(JWTRefusal) {
            question = ClientAssertion(
                claims: try JWTClaims(verified), header: verified.header, client: client, address: address,
                provider: provider, now: now)
        } catch {
            guard case .claim(let name) = error else { throw TokenRefusal(.invalidClient, .assertionUnreadable) }
            throw TokenRefusal(.invalidClient, .assertion("its \(name) is malformed", name, ""))
        }
        for check in Check.inOrder {
            if let fault = check.fault(question) { throw TokenRefusal(.invalidClient, fault) }
        }
        guard let identifier = question.claims.jwtID, let expires = question.claims.expiresAt else {
            throw TokenRefusal(.invalidClient, .assertionUnreadable)
        }
        return (identifier, expires.adding(seconds: provider.skew + 1))
    }

    struct Check: Sendable {
        let name: String
        let fault: @Sendable (ClientAssertion) -> Explanation?
    }
}

extension ClientAssertion.Check {
    static let inOrder = [
        Self(name: "typ fits") { question in
            guard let type = question.header["typ"] else { return nil }
            guard let text = type.string, ClientAssertion.types.contains(text) else {
                return .assertion("its typ is another one", "typ", type.string ?? "")
            }
            return nil
        },
        Self(name: "iss is the client") { question in
            question.isClient(question.claims.issuer)
                ? nil : .assertion("its iss is not the client_id", "iss", question.claims.issuer ?? "", question.client.id.text)
        },
        // Holds by how the registration was found; stated so that the list is whole.
        Self(name: "sub is the client") { question in
            question.isClient(question.claims.subject)
                ? nil : .assertion("its sub is not the client_id", "sub", question.claims.subject ?? "", question.client.id.text)
        },
        Self(name: "aud is us") { question in
            question.isForUs
                ? nil
                : .assertion(
                    "its aud is not this provider", "aud", question.claims.audience.joined(separator: " "),
                    question.expectedAudiences.joined(separator: " or "))
        },
        Self(name: "exp ahead, not far") { question in
            guard let expires = question.claims.expiresAt else { return .assertion("it has no exp", "exp", "") }
            let skew = question.provider.skew
            guard question.now < expires.adding(seconds: skew) else {
                return .assertion("it has expired", "exp", expires.text, "after " + question.now.text)
            }
            let latest = question.now.adding(seconds: question.client.assertionLifetime + skew)
            guard expires <= latest else {
                return .assertion("it lives too long", "exp", expires.text, "not after " + latest.text)
            }
            return nil
        },
        Self(name: "nbf and iat not ahead") { question in
            let latest = question.now.adding(seconds: max(question.provider.skew, ClientAssertion.leastSkew))
            for (name, moment) in [("nbf", question.claims.notBefore), ("iat", question.claims.issuedAt)] {
                guard let moment, moment > latest else { continue }
                return .assertion("it comes from the future", name, moment.text, "not after " + latest.text)
            }
            return nil
        },
        Self(name: "jti to use once") { question in
            guard let identifier = question.claims.jwtID, (1...255).contains(identifier.utf8.count) else {
                return .assertion("it has no jti of 1 to 255 bytes", "jti", question.claims.jwtID ?? "")
            }
            return nil
        },
    ]
}

extension ClientAssertion {
    fileprivate func isClient(_ text: String?) -> Bool { text?.hasSameBytes(as: client.id.text) ?? false }

    fileprivate var expectedAudiences: [String] {
        switch client.assertionAudiences {
        case .issuerOrTokenEndpoint: [provider.issuer, provider.tokenEndpoint] + (address.isEmpty ? [] : [address])
        case .issuerOnly: [provider.issuer]
        }
    }

    fileprivate var isForUs: Bool {
        switch client.assertionAudiences {
        case .issuerOrTokenEndpoint:
            claims.audience.contains { audience in expectedAudiences.contains { $0.hasSameBytes(as: audience) } }
        // A string, not an array of one (FAPI 2.0 Security Profile §5.3.2.1-8; checklist E16).
        case .issuerOnly: claims.json["aud"]?.string?.hasSameBytes(as: provider.issuer) ?? false
        }
    }
}
