import Cryptography
import JOSE
import Testing
import Vocabulary

@Suite struct `JWT claims, RFC 7519 §4.1` {
    let key: SigningKey

    init() throws { key = SigningKey(keyID: "k", algorithm: .eddsa, key: try .generate(.ed25519)) }

    func claims(_ payload: String) throws -> JWTClaims {
        let compact = try key.signed(bytes: Array(payload.utf8))
        return try JWTClaims(UnverifiedJWS(compact: compact).verified(by: [key.jwk], allowed: [.eddsa]))
    }

    @Test func `are read with their types`() throws {
        let claims = try claims(
            #"{"iss":"https://a","sub":"b","aud":"c","exp":1800000000,"nbf":1799999999.5,"iat":1.8e9,"jti":"d","acr":"high"}"#)
        #expect(claims.issuer == "https://a")
        #expect(claims.subject == "b")
        #expect(claims.audience == ["c"])
        #expect(claims.expiresAt == Timestamp(seconds: 1_800_000_000))
        #expect(claims.notBefore == Timestamp(milliseconds: 1_799_999_999_500))
        #expect(claims.issuedAt == Timestamp(seconds: 1_800_000_000))
        #expect(claims.jwtID == "d")
        #expect(claims["acr"] == "high")
    }

    @Test func `that are absent are absent, and one audience is a list of one`() throws {
        let empty = try claims("{}")
        #expect(empty.issuer == nil && empty.subject == nil && empty.jwtID == nil)
        #expect(empty.expiresAt == nil && empty.notBefore == nil && empty.issuedAt == nil)
        #expect(empty.audience == [])
        #expect(try claims(#"{"aud":["a","b"]}"#).audience == ["a", "b"])
    }

    @Test(arguments: [
        (#"{"iss":1}"#, "iss"), (#"{"iss":null}"#, "iss"), (#"{"sub":["a"]}"#, "sub"), (#"{"jti":{}}"#, "jti"),
        (#"{"exp":"1800000000"}"#, "exp"),
        (#"{"exp":-1}"#, "exp"), (#"{"exp":253402300800}"#, "exp"), (#"{"exp":9223372036854775807}"#, "exp"), (#"{"exp":1e300}"#, "exp"),
        (#"{"exp":99999999999999999999999}"#, "exp"), (#"{"nbf":true}"#, "nbf"), (#"{"iat":[1]}"#, "iat"), (#"{"iat":null}"#, "iat"),
        (#"{"aud":1}"#, "aud"), (#"{"aud":[]}"#, "aud"), (#"{"aud":["a",1]}"#, "aud"), (#"{"aud":null}"#, "aud"),
        (#"{"aud":{"a":"b"}}"#, "aud"),
        (#"{"aud":["# + String(repeating: #""a","#, count: 32) + #""a"]}"#, "aud"),
    ]) func `of a wrong type or out of range are refused by name`(payload: String, claim: String) {
        #expect(throws: JWTRefusal.claim(claim)) { try claims(payload) }
    }

    @Test(arguments: [
        (#"{"iss":"a","iss":"b"}"#, JWTRefusal.payload(.duplicateMember("iss"))), ("", .payload(.syntax(at: 0))), ("[]", .notAnObject),
        (#""text""#, .notAnObject), (#"{"a":NaN}"#, .payload(.syntax(at: 5))), ("{} {}", .payload(.syntax(at: 3))),
        (String(repeating: "[", count: 100), .payload(.tooDeep(limit: 32))),
    ]) func `that are not one strict JSON object are refused (checklist E12)`(payload: String, refusal: JWTRefusal) {
        #expect(throws: refusal) { try claims(payload) }
    }
}
