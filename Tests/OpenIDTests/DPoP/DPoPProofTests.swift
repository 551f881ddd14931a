import Cryptography
import JOSE
import OpenID
import Testing
import Vocabulary

@Suite struct `DPoP proofs (RFC 9449 §4.3; checklist O6)` {
    @Test func `a proof names its key, and its jti is to be taken once`() throws {
        let maker = try ProofMaker()
        let proof = try #require(try ProofMaker.proven([maker.proof([("jti", "j-1")])]))
        #expect(proof.thumbprint == maker.thumbprint)
        #expect(proof.binding == .dpop(jkt: maker.thumbprint))
        #expect(proof.replay.kind == .dpopProof)
        #expect(proof.replay.key == "j-1")
        #expect(proof.replay.scope.contains(maker.thumbprint))
        // As long as the proof could be shown again.
        #expect(proof.replay.until > Federation.now.adding(seconds: 60))
        #expect(proof.replay.refusal.error == .invalidDPoPProof)
    }

    @Test func `no header field is no proof, two are a fault`() throws {
        let maker = try ProofMaker()
        let none = try ProofMaker.proven([])
        #expect(none == nil)
        let proof = try maker.proof()
        #expect(ProofMaker.refusal([proof]) == nil)
        #expect(ProofMaker.refusal([proof, proof])?.explanation.code == "openid.dpop.several")
        #expect(ProofMaker.refusal([proof + ", " + proof])?.error == .invalidDPoPProof)
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        var claims: [(String, JSON?)] = []
        var header: [(String, JSON?)] = []
        let code: String
        var testDescription: String {
            code + " " + (claims + header).map { $0.0 + "=" + ($0.1?.text ?? "–") }.joined(separator: " ").prefix(70)
        }
    }

    static let now = Federation.now.seconds

    static let faults = [
        Fault(header: [("typ", nil)], code: "openid.dpop.typ"),
        Fault(header: [("typ", "JWT")], code: "openid.dpop.typ"),
        Fault(header: [("typ", "at+jwt")], code: "openid.dpop.typ"),
        Fault(header: [("alg", nil)], code: "openid.dpop.proof"),
        Fault(header: [("alg", "none")], code: "openid.dpop.proof"),
        Fault(header: [("alg", "HS256")], code: "openid.dpop.proof"),
        Fault(header: [("alg", "RS256")], code: "openid.dpop.proof"),
        Fault(header: [("alg", "ES384")], code: "openid.dpop.proof"),
        Fault(header: [("jwk", nil)], code: "openid.dpop.proof"),
        Fault(header: [("jwk", "x")], code: "openid.dpop.proof"),
        Fault(header: [("jwk", .object([("kty", "oct"), ("k", "AAAA")]))], code: "openid.dpop.proof"),
        Fault(header: [("crit", ["x"]), ("x", 1)], code: "openid.dpop.proof"),
        Fault(claims: [("jti", nil)], code: "openid.dpop.jti"),
        Fault(claims: [("jti", "")], code: "openid.dpop.jti"),
        Fault(claims: [("jti", .string(String(repeating: "j", count: 256)))], code: "openid.dpop.jti"),
        Fault(claims: [("jti", 1)], code: "openid.dpop.claims"),
        Fault(claims: [("htm", nil)], code: "openid.dpop.htm"),
        Fault(claims: [("htm", "GET")], code: "openid.dpop.htm"),
        Fault(claims: [("htm", "post")], code: "openid.dpop.htm"),
        Fault(claims: [("htm", ["POST"])], code: "openid.dpop.htm"),
        Fault(claims: [("htu", nil)], code: "openid.dpop.htu"),
        Fault(claims: [("htu", "https://login.example/openid/userinfo")], code: "openid.dpop.htu"),
        Fault(claims: [("htu", "http://login.example/openid/token")], code: "openid.dpop.htu"),
        Fault(claims: [("htu", "https://login.example:8443/openid/token")], code: "openid.dpop.htu"),
        Fault(claims: [("htu", "https://login.example.evil/openid/token")], code: "openid.dpop.htu"),
        Fault(claims: [("htu", "https://login.example@evil.example/openid/token")], code: "openid.dpop.htu"),
        Fault(claims: [("htu", "https://login.example/openid/./token")], code: "openid.dpop.htu"),
        Fault(claims: [("htu", "https://login.example/openid%2ftoken")], code: "openid.dpop.htu"),
        Fault(claims: [("htu", "/openid/token")], code: "openid.dpop.htu"),
        Fault(claims: [("htu", "https://login.example/openid/token/")], code: "openid.dpop.htu"),
        Fault(claims: [("iat", nil)], code: "openid.dpop.iat"),
        Fault(claims: [("iat", .integer(now - 61))], code: "openid.dpop.iat"),
        Fault(claims: [("iat", .integer(now + 16))], code: "openid.dpop.iat"),
        Fault(claims: [("iat", .integer(now - 3_600))], code: "openid.dpop.iat"),
        Fault(claims: [("iat", .integer(now + 3_600))], code: "openid.dpop.iat"),
        Fault(claims: [("iat", "now")], code: "openid.dpop.claims"),
        Fault(claims: [("exp", .integer(now - 60))], code: "openid.dpop.exp"),
        Fault(claims: [("nbf", .integer(now + 60))], code: "openid.dpop.nbf"),
    ]

    @Test(arguments: faults)
    func `a faulty proof is invalid_dpop_proof`(fault: Fault) throws {
        let refusal = try #require(ProofMaker.refusal([ProofMaker().proof(fault.claims, header: fault.header)]))
        #expect(refusal.error == .invalidDPoPProof)
        #expect(refusal.explanation.code == fault.code)
        #expect(refusal.status == 400)
        #expect(refusal.authenticateHeader == nil)
        let resource = ResourceRefusal(refusal)
        #expect(resource.status == 401)
        #expect(resource.challenges(metadata: nil).first?.hasPrefix("DPoP ") == true)
        #expect(resource.challenges(metadata: nil).first?.contains("algs=\"") == true)
    }

    @Test(
        arguments: [
            [("iat", .integer(now - 10))], [("iat", .integer(now + 10))], [("iat", .integer(now - 60))],
            // check-dpop-proof-nbf-exp
            [("nbf", .integer(now)), ("exp", .integer(now + 300))], [("nbf", .integer(now + 8))], [("exp", .integer(now - 5))],
            [("htu", "HTTPS://LOGIN.example:443/openid/token")], [("htu", "https://login.example/openid/token?x=1")],
            [("htu", "https://login.example/openid/token#x")], [("htu", "https://login.example/%6fpenid/t%6Fken")],
            [("x", "members nobody knows")], [("ath", "of a token that is not here")],
        ] as [[(String, JSON?)]])
    func `clocks, normal forms and strangers' members do not matter`(changes: [(String, JSON?)]) throws {
        #expect(ProofMaker.refusal([try ProofMaker().proof(changes)]) == nil)
    }

    @Test(arguments: ["dpop+jwt", "DPOP+JWT", "application/dpop+jwt"])
    func `typ is a media type`(type: String) throws {
        #expect(ProofMaker.refusal([try ProofMaker().proof(header: [("typ", .string(type)), ("x", 1), ("kid", "k")])]) == nil)
    }

    @Test func `the signature is the key's own`() throws {
        let (maker, other) = (try ProofMaker(), try ProofMaker(ProofMaker.other))
        #expect(ProofMaker.refusal([try maker.proof(header: [("jwk", other.jwk)])])?.explanation.code == "openid.dpop.proof")
        let proof = try maker.proof()
        #expect(ProofMaker.refusal([proof]) == nil)
        let parts = proof.split(separator: ".").map(String.init)
        let moved = [parts[0], Base64url.encode(ProofMaker.claims([("htm", "GET")]).bytes), parts[2]].joined(separator: ".")
        #expect(ProofMaker.refusal([moved], method: "GET")?.explanation.code == "openid.dpop.proof")
        for cut in [0, 1, 10, proof.utf8.count / 2, proof.utf8.count - 1] {
            #expect(ProofMaker.refusal([String(proof.prefix(cut))])?.error == .invalidDPoPProof)
        }
        #expect(ProofMaker.refusal([String(repeating: "a", count: 5_000)])?.error == .invalidDPoPProof)
    }

    @Test func `a private key in the header is refused, whoever's it is`() throws {
        let maker = try ProofMaker()
        let secret = JSON.object((maker.jwk.members ?? []) + [("d", .string(Base64url.encode([UInt8](repeating: 1, count: 32))))])
        #expect(ProofMaker.refusal([try maker.proof(header: [("jwk", secret)])])?.explanation.code == "openid.dpop.proof")
    }

    @Test(arguments: [(JWSAlgorithm.ps256, true), (.eddsa, true), (.es384, true), (.rs256, false), (.ps512, false)])
    func `which algorithms sign a proof`(algorithm: JWSAlgorithm, accepted: Bool) throws {
        let key: PrivateKey =
            switch algorithm {
            case .eddsa: try .generate(.ed25519)
            case .es384: try .generate(.ec(.p384))
            default: try Keys.shared.get().shopRS256.key
            }
        let jwk = (JWK(key.publicKey, keyID: "k", algorithm: algorithm).json.members ?? []).filter {
            !["kid", "use", "alg"].contains($0.0)
        }
        let header = JSON.object([("typ", "dpop+jwt"), ("alg", .string(algorithm.rawValue)), ("jwk", .object(jwk))])
        let input = Base64url.encode(header.bytes) + "." + Base64url.encode(ProofMaker.claims().bytes)
        let proof = input + "." + Base64url.encode(try key.sign(Array(input.utf8), algorithm.signature, encoding: .raw))
        #expect((ProofMaker.refusal([proof]) == nil) == accepted)
        #expect(DPoPProof.algorithms.contains(algorithm) == accepted)
    }

    @Test func `at a resource it names the access token`() throws {
        let maker = try ProofMaker()
        let ath = JSON.string(Base64url.encode(Digest.sha256(Array("token".utf8))))
        let address = "https://login.example/openid/userinfo"
        func refusal(_ ath: JSON?) throws -> TokenRefusal? {
            ProofMaker.refusal(
                [try maker.proof([("ath", ath), ("htm", "GET"), ("htu", .string(address))])], method: "GET", address: address,
                token: "token")
        }
        #expect(try refusal(ath) == nil)
        for wrong in [nil, .string(""), .string(Base64url.encode(Digest.sha256(Array("other".utf8)))), 1] as [JSON?] {
            #expect(try refusal(wrong)?.explanation.code == "openid.dpop.ath")
        }
    }
}
