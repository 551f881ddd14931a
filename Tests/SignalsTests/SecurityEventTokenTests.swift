import Cryptography
import JOSE
import SignOn
import Signals
import Testing
import Vocabulary

@Suite struct `A security event token (RFC 8417; Shared Signals Framework §4; E24)` {
    @Test func `is signed by our key, with a type of its own`() throws {
        let key = SigningKey(keyID: "one", algorithm: .es256, key: try PrivateKey.generate(.ec(.p256)))
        let token = try SecurityEventToken(try Sample.signal(), from: Sample.issuer, to: "RP00000001", by: key)
        let verified = try UnverifiedJWS(compact: token.text).verified(by: [key.jwk], allowed: [.es256])
        #expect(verified.header["typ"]?.string == "secevent+jwt")
        let other = SigningKey(keyID: "one", algorithm: .es256, key: try PrivateKey.generate(.ec(.p256)))
        #expect(throws: (any Error).self) { try UnverifiedJWS(compact: token.text).verified(by: [other.jwk], allowed: [.es256]) }
    }

    @Test func `says who, to whom, about whom and what, and nothing that would make it another token`() throws {
        let body = SignalEvent.sessionRevoked(.system).body(at: Sample.now)
        let claims = SecurityEventToken.claims(
            try Sample.signal(session: "sid-1", body: body), from: Sample.issuer, to: "RP00000001")
        #expect(claims["iss"]?.string == Sample.issuer && claims["aud"]?.string == "RP00000001" && claims["jti"]?.string == "jti-1")
        #expect(claims["iat"]?.integer == Sample.now.seconds)
        for name in ["sub", "exp", "nonce", "nbf"] { #expect(claims[name] == nil, "\(name)") }
        #expect(claims["events"]?.members?.count == 1)
        let event = claims["events"]?[EventType.sessionRevoked.rawValue]
        #expect(event?["event_timestamp"]?.integer == Sample.now.seconds && event?["initiating_entity"]?.string == "system")
        let subject = claims["sub_id"]
        #expect(subject?["format"]?.string == "complex" && subject?["session"]?["id"]?.string == "sid-1")
        #expect(subject?["user"]?["sub"]?.string == "pairwise-0123456789" && subject?["user"]?["iss"]?.string == Sample.issuer)
    }

    @Test func `about a citizen names the member's own identifier, about a stream the stream`() throws {
        let citizen = SecurityEventToken.claims(try Sample.signal(.customerChanged), from: Sample.issuer, to: "RP00000001")["sub_id"]
        #expect(citizen?["format"]?.string == "iss_sub" && citizen?["sub"]?.string == "pairwise-0123456789")
        let stream = SecurityEventToken.claims(
            try Sample.signal(.verification, subject: nil), from: Sample.issuer, to: "RP00000001")["sub_id"]
        let id = try Sample.stream().text
        #expect(stream?["format"]?.string == "opaque" && stream?["id"]?.string == id)
    }

    /// R9: what changed is never said, and what happened looks the same whatever was behind it.
    @Test(arguments: [SignalEvent.attributesChanged, .accountDisabled, .accountEnabled, .linkEnded, .identifierChanged])
    func `has no value and no reason`(event: SignalEvent) {
        let names = Set(event.body(at: Sample.now).members?.map(\.0) ?? ["none"])
        #expect(names.isSubset(of: ["event_timestamp"]), "\(names)")
    }

    @Test func `about a certificate names its kind and neither its serial nor its issuer`() {
        let body = SignalEvent.credentialChange(.revoke).body(at: Sample.now)
        #expect(body["credential_type"]?.string == "x509" && body["change_type"]?.string == "revoke")
        #expect(body["x509_serial"] == nil && body["x509_issuer"] == nil)
        #expect(SignalEvent.credentialCompromise.body(at: Sample.now)["credential_type"]?.string == "x509")
    }

    @Test func `goes to those who may hear of such an event`() {
        #expect(SignalEvent.sessionRevoked(.user).audience == .session)
        #expect(SignalEvent.linkEnded.audience == .member && SignalEvent.identifierChanged.audience == .member)
        for event in [SignalEvent.credentialChange(.revoke), .credentialCompromise, .accountDisabled, .accountEnabled, .attributesChanged] {
            #expect(event.audience == .watchers, "\(event)")
        }
    }
}
