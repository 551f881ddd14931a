import Cryptography
import JOSE
import Vocabulary

/// A rule for a DPoP proof whose signature holds (RFC 9449 §4.3). The list in its order is the specification.
struct DPoPCheck: Sendable {
    struct Question: Sendable {
        let type: String?
        let claims: JWTClaims
        let method: String
        let address: String
        let accessToken: String?
        let nonces: DPoPNonces
        let now: Timestamp
    }

    let name: String
    let fault: @Sendable (Question) -> TokenRefusal?
}

extension DPoPCheck {
    /// Seconds that `iat` may lie behind us: a slow network and a clock behind ours. So long a `jti` is remembered.
    static let oldest: Int64 = 60
    /// Seconds that a client's clock may be ahead: 10 have to be accepted (FAPI 2.0 Security Profile §5.3.2.1-13).
    static let furthest: Int64 = 15

    static let inOrder = [
        DPoPCheck(name: "typ is dpop+jwt") { question in
            question.type == "dpop+jwt" ? nil : fault("typ", "its typ is another one", question.type ?? "", "dpop+jwt")
        },
        DPoPCheck(name: "jti to use once") { question in
            let identifier = question.claims.jwtID ?? ""
            return (1...255).contains(identifier.utf8.count) ? nil : fault("jti", "it has no jti of 1 to 255 bytes", identifier)
        },
        DPoPCheck(name: "htm is the method") { question in
            let method = question.claims["htm"]?.string ?? ""
            return method.hasSameBytes(as: question.method)
                ? nil : fault("htm", "it was made for another method", method, question.method)
        },
        DPoPCheck(name: "htu is the address") { question in
            let sent = question.claims["htu"]?.string ?? ""
            guard let asked = TargetURI(sent), asked == TargetURI(question.address) else {
                return fault("htu", "it was made for another address", sent, question.address)
            }
            return nil
        },
        DPoPCheck(name: "iat is now") { question in
            guard let issued = question.claims.issuedAt else { return fault("iat", "it has no iat", "") }
            guard issued >= question.now.adding(seconds: -oldest), issued <= question.now.adding(seconds: furthest) else {
                return fault(
                    "iat", "it was not made just now", issued.text, "within \(oldest) s before and \(furthest) s after " + question.now.text
                )
            }
            return nil
        },
        // Not of RFC 9449, but of every JWT (RFC 7519 §4.1.4, §4.1.5): there, they hold.
        DPoPCheck(name: "exp not past, nbf not ahead") { question in
            if let expires = question.claims.expiresAt, question.now >= expires.adding(seconds: furthest) {
                return fault("exp", "it has expired", expires.text, "after " + question.now.text)
            }
            if let start = question.claims.notBefore, start > question.now.adding(seconds: furthest) {
                return fault("nbf", "it comes from the future", start.text, "not after " + question.now.text)
            }
            return nil
        },
        DPoPCheck(name: "ath is the access token") { question in
            guard let token = question.accessToken else { return nil }
            let expected = Base64url.encode(Digest.sha256(Array(token.utf8)))
            let sent = question.claims["ath"]?.string ?? ""
            return ConstantTime.equal(Array(sent.utf8), Array(expected.utf8))
                ? nil : fault("ath", "it was made for another access token, or for none", sent, "BASE64URL(SHA256(access token))")
        },
        // The last one: a client that repeats its request with a nonce has nothing else to correct.
        DPoPCheck(name: "a nonce of ours") { question in
            guard question.nonces.mode != .off else { return nil }
            let nonce = question.claims["nonce"]
            if nonce == nil, question.nonces.mode == .offered { return nil }
            if let text = nonce?.string, question.nonces.accepts(text, at: question.now) { return nil }
            return TokenRefusal(.useDPoPNonce, .dpopNonce(isMissing: nonce == nil), nonce: question.nonces.current(at: question.now))
        },
    ]

    private static func fault(_ claim: String, _ why: String, _ value: String, _ expected: String? = nil) -> TokenRefusal {
        TokenRefusal(.invalidDPoPProof, .dpopClaim(claim, why, value, expected))
    }
}

/// An http address in its normal form (RFC 3986 §6.2.2, §6.2.3), without query and fragment (RFC 9449 §4.3, check 9): letter case of scheme
/// and host, the default port, an empty path and needless percent encodings make no difference. Dot segments do: no client of ours has any.
struct TargetURI: Hashable {
    let text: String

    /// Nil for anything but an absolute http or https address of at most 2,048 printable ASCII characters without a user.
    init?(_ raw: String) {
        let bytes = Array(raw.utf8)
        guard bytes.count <= 2_048, bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        let target = bytes.prefix { $0 != 0x3f && $0 != 0x23 }
        guard let colon = target.firstIndex(of: 0x3a), target[colon...].starts(with: Array("://".utf8)) else { return nil }
        let scheme = String(decoding: target[..<colon], as: UTF8.self).lowercased()
        guard scheme == "https" || scheme == "http" else { return nil }
        let rest = target[(colon + 3)...]
        var authority = String(decoding: rest.prefix { $0 != 0x2f }, as: UTF8.self).lowercased()
        guard !authority.isEmpty, !authority.utf8.contains(0x40) else { return nil }
        for port in [scheme == "https" ? ":443" : ":80", ":"] where authority.hasSuffix(port) { authority.removeLast(port.utf8.count) }
        guard let path = Self.normal(rest.dropFirst(rest.prefix { $0 != 0x2f }.count)) else { return nil }
        text = scheme + "://" + authority + (path.isEmpty ? "/" : path)
    }

    private static func normal(_ path: ArraySlice<UInt8>) -> String? {
        var out: [UInt8] = []
        var index = path.startIndex
        while index < path.endIndex {
            guard path[index] == 0x25 else {
                out.append(path[index])
                index += 1
                continue
            }
            guard index + 2 < path.endIndex,
                let byte = Hexadecimal.decode(String(decoding: path[(index + 1)...(index + 2)], as: UTF8.self))?.first
            else { return nil }
            let isUnreserved = byte.isBase64url || byte == 0x2e || byte == 0x7e
            out += isUnreserved ? [byte] : Array(("%" + Hexadecimal.encode([byte]).uppercased()).utf8)
            index += 3
        }
        return String(decoding: out, as: UTF8.self)
    }
}

extension Explanation {
    static func dpopTwice(_ count: Int) -> Explanation {
        Explanation(
            "openid.dpop.several", "the request has more than one DPoP header field", compared: [.init("header-fields", String(count))],
            clause: "RFC 9449 §4.3 (1)", remedy: "send one proof")
    }

    static func dpopUnproven(_ refusal: JWSRefusal) -> Explanation {
        let found: Explanation.Compared =
            switch refusal {
            case .headerMember(let member): .init("header", member)
            case .ownKey: .init("jwk", "no public key that serves here")
            case .keyMissing: .init("jwk", "not a key of the alg")
            case .tooLarge(let limit): .init("longer-than-bytes", String(limit))
            default: refusal.found ?? .init("proof", "no compact JWS")
            }
        return Explanation(
            "openid.dpop.proof", "the DPoP proof is not signed by the key in it",
            compared: [found, .init("accepted-algorithms", DPoPProof.algorithmNames)], clause: "RFC 9449 §4.2, §4.3",
            remedy: "sign the proof, put the public key into its header as jwk, and use an accepted algorithm")
    }

    static func dpopClaim(_ claim: String, _ why: String, _ value: String, _ expected: String? = nil) -> Explanation {
        Explanation(
            "openid.dpop." + claim, "the DPoP proof is not accepted: " + why,
            compared: [.init(claim, value)] + (expected.map { [.init("expected", $0)] } ?? []), clause: "RFC 9449 §4.2, §4.3",
            remedy: "make a new proof for this very request")
    }

    static func dpopNonce(isMissing: Bool) -> Explanation {
        Explanation(
            "openid.dpop.nonce", isMissing ? "the DPoP proof has no nonce" : "the nonce of the DPoP proof is not ours, or has run out",
            clause: "RFC 9449 §8", remedy: "repeat the request with the nonce of the DPoP-Nonce header field")
    }
}

extension TokenRefusal {
    /// The proof's `jti` was claimed before.
    package static let proofReplayed = TokenRefusal(
        .invalidDPoPProof,
        Explanation(
            "openid.dpop.replayed", "this DPoP proof was used before", clause: "RFC 9449 §11.1; checklist O6",
            remedy: "make a new proof with a new jti for every request"))
}
