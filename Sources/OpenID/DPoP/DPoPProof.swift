package import JOSE
package import Vocabulary

/// Proof that whoever sent a request has the private half of a key (RFC 9449 §4.3). It counts when its `replay` has been claimed.
package struct DPoPProof: Sendable {
    /// RFC 7638 thumbprint of the key, SHA-256 in Base64url: `jkt`.
    package let thumbprint: String
    /// Its `jti`, to be taken once.
    package let replay: AssertionClaim

    fileprivate init(thumbprint: String, replay: AssertionClaim) {
        self.thumbprint = thumbprint
        self.replay = replay
    }

    package var binding: TokenBinding { .dpop(jkt: thumbprint) }

    /// What may sign a proof: FAPI 2.0 Security Profile §5.4.1 for everybody; nobody has old DPoP code to keep running.
    package static let algorithms: Set<JWSAlgorithm> = [.es256, .es384, .ps256, .eddsa, .ed25519]
    /// For `algs` (RFC 9449 §7.1).
    static let algorithmNames = algorithms.map(\.rawValue).sorted().joined(separator: " ")
    /// Bytes; a proof with an RSA-4096 key in its header has about 2,000.
    private static let longest = 4_096

    /// Proves the `DPoP` header fields of a request; nil when there is none. `address` is our own published URL of what was asked for;
    /// `accessToken` is the token the request presents, at resources.
    package static func proven(
        _ headers: [String], method: String, address: String, accessToken: String?, nonces: DPoPNonces, at now: Timestamp
    ) throws(TokenRefusal) -> DPoPProof? {
        guard let header = headers.first else { return nil }
        guard headers.count == 1 else { throw TokenRefusal(.invalidDPoPProof, .dpopTwice(headers.count)) }
        let proof: VerifiedJWS
        let claims: JWTClaims
        do throws(JWSRefusal) {
            proof = try UnverifiedJWS(compact: header, limit: longest).verifiedByOwnKey(allowed: algorithms)
        } catch {
            throw TokenRefusal(.invalidDPoPProof, .dpopUnproven(error))
        }
        do throws(JWTRefusal) {
            claims = try JWTClaims(proof)
        } catch {
            throw TokenRefusal(.invalidDPoPProof, .dpopClaim("claims", "they are no set of JWT claims", ""))
        }
        let question = DPoPCheck.Question(
            type: proof.type, claims: claims, method: method, address: address, accessToken: accessToken, nonces: nonces, now: now)
        for check in DPoPCheck.inOrder {
            if let refusal = check.fault(question) { throw refusal }
        }
        guard let identifier = claims.jwtID, let issued = claims.issuedAt else {
            throw TokenRefusal(.invalidDPoPProof, .dpopClaim("jti", "it has none", ""))
        }
        let thumbprint = proof.key.thumbprint
        return DPoPProof(
            thumbprint: thumbprint,
            replay: AssertionClaim(
                kind: .dpopProof, scope: "dpop " + thumbprint, key: identifier, until: issued.adding(seconds: DPoPCheck.oldest + 1)))
    }
}
