import Cryptography
import JOSE
import OpenID
import Vocabulary

/// Proofs as a client makes them, and as nobody should.
struct ProofMaker {
    static let address = "https://login.example/openid/token"
    static let key = try? PrivateKey.generate(.ec(.p256))
    static let other = try? PrivateKey.generate(.ec(.p256))

    let key: PrivateKey

    init(_ key: PrivateKey? = Self.key) throws {
        guard let key else { throw Missing() }
        self.key = key
    }

    var thumbprint: String { JWK(key.publicKey, keyID: "", algorithm: .es256).thumbprint }

    static func claims(_ changes: [(String, JSON?)] = [], at now: Timestamp = Federation.now) -> JSON {
        let plain: [(String, JSON)] = [
            ("jti", .string("jti-\(UInt64.random(in: .min ... .max))")), ("htm", "POST"), ("htu", .string(address)),
            ("iat", .integer(now.seconds)),
        ]
        var members = plain.filter { name, _ in !changes.contains { $0.0 == name } }
        for (name, value) in changes { if let value { members.append((name, value)) } }
        return .object(members)
    }

    /// The public key alone, without the members that say what it is for.
    var jwk: JSON {
        let named = JWK(key.publicKey, keyID: "k", algorithm: .es256).json.members ?? []
        return .object(named.filter { ["kty", "crv", "x", "y", "n", "e"].contains($0.0) })
    }

    func proof(_ changes: [(String, JSON?)] = [], header headerChanges: [(String, JSON?)] = [], at now: Timestamp = Federation.now) throws
        -> String
    {
        try signed(Self.claims(changes, at: now), header: headerChanges)
    }

    func signed(_ claims: JSON, header headerChanges: [(String, JSON?)] = []) throws -> String {
        let plain: [(String, JSON)] = [("typ", "dpop+jwt"), ("alg", "ES256"), ("jwk", jwk)]
        var header = plain.filter { name, _ in !headerChanges.contains { $0.0 == name } }
        for (name, value) in headerChanges { if let value { header.append((name, value)) } }
        let input = Base64url.encode(JSON.object(header).bytes) + "." + Base64url.encode(claims.bytes)
        let signature = try key.sign(Array(input.utf8), .ecdsa(.sha256), encoding: .raw)
        return input + "." + Base64url.encode(signature)
    }

    static func proven(
        _ headers: [String], method: String = "POST", address: String = address, token: String? = nil, nonces: DPoPNonces = .off,
        at now: Timestamp = Federation.now
    ) throws(TokenRefusal) -> DPoPProof? {
        try DPoPProof.proven(headers, method: method, address: address, accessToken: token, nonces: nonces, at: now)
    }

    /// Why it is refused; nil when it is accepted.
    static func refusal(
        _ headers: [String], method: String = "POST", address: String = address, token: String? = nil, nonces: DPoPNonces = .off,
        at now: Timestamp = Federation.now
    ) -> TokenRefusal? {
        do throws(TokenRefusal) {
            _ = try proven(headers, method: method, address: address, token: token, nonces: nonces, at: now)
            return nil
        } catch {
            return error
        }
    }
}
