import JOSE
import Vocabulary

/// A signed authentication request (CIBA Core §7.1.1, FAPI-CIBA §5.2.2): the named rules, in order.
struct BackchannelObject: Sendable {
    let header: JSON
    let claims: JWTClaims
    let client: Client
    let provider: Provider
    let now: Timestamp

    /// Bytes.
    static let largest = 16_384
    /// Seconds that it may live, and that its beginning may lie back.
    static let longest: Int64 = 3_600
    /// A `typ`, when there is one; names of other kinds of token never pass (RFC 8725 §3.11; checklist E24).
    static let types: Set<String> = ["jwt", "oauth-authz-req+jwt"]

    /// Proves that the client itself asks; returns what it says, and its `jti` to be claimed once.
    static func proven(
        _ compact: String, for client: Client, at provider: Provider, at now: Timestamp
    ) throws(TokenRefusal) -> (claims: JSON, replay: AssertionClaim) {
        let verified: VerifiedJWS
        do throws(JWSRefusal) {
            let unverified = try UnverifiedJWS(compact: compact, limit: largest)
            verified = try unverified.verified(by: client.keys?.keys ?? [], allowed: client.backchannelAlgorithms)
        } catch {
            throw TokenRefusal(.invalidRequest, .backchannelUnproven(error, client.backchannelAlgorithms))
        }
        let object: BackchannelObject
        do throws(JWTRefusal) {
            object = BackchannelObject(
                header: verified.header, claims: try JWTClaims(verified), client: client, provider: provider, now: now)
        } catch {
            guard case .claim(let name) = error else {
                throw TokenRefusal(.invalidRequest, .backchannelClaim("payload", "it is no JSON object"))
            }
            throw TokenRefusal(.invalidRequest, .backchannelClaim(name, "it is malformed"))
        }
        for check in Check.inOrder {
            if let (claim, fault) = check.fault(object) { throw TokenRefusal(.invalidRequest, .backchannelClaim(claim, fault)) }
        }
        guard let identifier = object.claims.jwtID, let expires = object.claims.expiresAt else {
            throw TokenRefusal(.invalidRequest, .backchannelClaim("jti", "it is missing"))
        }
        return (
            object.claims.json,
            AssertionClaim(
                scope: "ciba-request " + client.id.text, key: identifier, until: expires.adding(seconds: provider.skew + 1))
        )
    }

    struct Check: Sendable {
        let name: String
        /// The claim at fault, and what is wrong with it.
        let fault: @Sendable (BackchannelObject) -> (String, String)?
    }
}

extension BackchannelObject.Check {
    static let inOrder = [
        Self(name: "typ fits") { object in
            guard let type = object.header["typ"]?.string?.lowercased() else { return nil }
            let bare = type.hasPrefix("application/") ? String(type.dropFirst("application/".count)) : type
            return BackchannelObject.types.contains(bare) ? nil : ("typ", "it is another kind of token")
        },
        Self(name: "iss is the client") { object in
            object.claims.issuer?.hasSameBytes(as: object.client.id.text) == true ? nil : ("iss", "it is not the client_id")
        },
        // What a client signs as its own name elsewhere, an assertion for instance, is no request.
        Self(name: "no sub") { object in object.claims.subject == nil ? nil : ("sub", "a request has none") },
        Self(name: "aud is us") { object in
            object.claims.audience.contains { $0.hasSameBytes(as: object.provider.issuer) }
                ? nil : ("aud", "it is not the issuer identifier of this provider")
        },
        Self(name: "exp ahead, at most an hour") { object in
            guard let expires = object.claims.expiresAt else { return ("exp", "it is missing") }
            guard object.now < expires else { return ("exp", "it has passed") }
            let latest = object.now.adding(seconds: BackchannelObject.longest + object.provider.skew)
            return expires <= latest ? nil : ("exp", "it lies more than an hour ahead")
        },
        Self(name: "iat not ahead") { object in
            guard let issued = object.claims.issuedAt else { return ("iat", "it is missing") }
            return issued <= object.latestBeginning ? nil : ("iat", "it lies in the future")
        },
        Self(name: "nbf not ahead, at most an hour ago") { object in
            guard let begins = object.claims.notBefore else { return ("nbf", "it is missing") }
            guard begins <= object.latestBeginning else { return ("nbf", "it lies in the future") }
            let earliest = object.now.adding(seconds: -BackchannelObject.longest - object.provider.skew)
            return begins >= earliest ? nil : ("nbf", "it lies more than an hour back")
        },
        Self(name: "jti to use once") { object in
            guard let identifier = object.claims.jwtID, (1...255).contains(identifier.utf8.count) else {
                return ("jti", "it has not 1 to 255 bytes")
            }
            return nil
        },
        Self(name: "texts are texts") { object in
            for name in UnverifiedBackchannelRequest.parameters {
                // A library that writes all it knows writes null for what it was not told.
                guard let claim = object.claims[name], claim != .null, claim.string == nil else { continue }
                // "The value of requested_expiry is a positive integer"; a text of digits is taken too (the suite sends both).
                let isMeant = name == "requested_expiry" && claim.integer != nil || name == "resource" && claim.strings != nil
                guard isMeant else { return (name, "it is not a text") }
            }
            return nil
        },
    ]
}

extension BackchannelObject {
    /// Clocks differ: ten seconds at least are borne.
    fileprivate var latestBeginning: Timestamp { now.adding(seconds: max(provider.skew, ClientAssertion.leastSkew)) }
}

extension Client {
    /// What may sign its authentication requests.
    var backchannelAlgorithms: Set<JWSAlgorithm> {
        ciba?.requestAlgorithm.map { profile.algorithms.intersection([$0]) } ?? profile.algorithms
    }

    /// FAPI-CIBA §5.2.2 (2): only signed requests; and whoever registered an algorithm has to use it.
    var signsBackchannelRequests: Bool { ciba?.requestAlgorithm != nil || profile.isFAPI }
}
