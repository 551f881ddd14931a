import OpenID
import Testing
import Vocabulary

@Suite struct `Server nonces for DPoP (RFC 9449 §8)` {
    private static let secret = [UInt8](repeating: 5, count: 32)
    private static let required = DPoPNonces(.required, secret: secret)

    private func refusal(_ nonce: JSON?, _ nonces: DPoPNonces, after seconds: Int64 = 0) throws -> TokenRefusal? {
        let now = Federation.now.adding(seconds: seconds)
        return ProofMaker.refusal([try ProofMaker().proof([("nonce", nonce)], at: now)], nonces: nonces, at: now)
    }

    @Test func `a proof without a nonce is told one, and with it accepted`() throws {
        let refusal = try #require(try refusal(nil, Self.required))
        #expect(refusal.error == .useDPoPNonce)
        #expect(refusal.status == 400)
        #expect(ResourceRefusal(refusal).status == 401)
        #expect(ResourceRefusal(refusal).nonce == refusal.nonce)
        let nonce = try #require(refusal.nonce)
        #expect(nonce == Self.required.current(at: Federation.now))
        #expect(try self.refusal(.string(nonce), Self.required) == nil)
    }

    @Test func `a nonce is good in its window and the next, on every process that shares the secret`() throws {
        let nonce = try #require(Self.required.current(at: Federation.now))
        let elsewhere = DPoPNonces(.required, secret: Self.secret)
        #expect(try refusal(.string(nonce), elsewhere, after: DPoPNonces.window) == nil)
        #expect(try refusal(.string(nonce), elsewhere, after: 2 * DPoPNonces.window)?.error == .useDPoPNonce)
        #expect(try refusal(.string(nonce), DPoPNonces(.required, secret: [UInt8](repeating: 6, count: 32)))?.error == .useDPoPNonce)
        #expect(elsewhere.current(at: Federation.now.adding(seconds: DPoPNonces.window)) != nonce)
    }

    @Test(arguments: ["", "x", "\u{0}", 1, .null, ["a"]] as [JSON])
    func `what is no nonce of ours is answered with one`(nonce: JSON) throws {
        for nonces in [Self.required, DPoPNonces(.offered, secret: Self.secret)] {
            let refusal = try #require(try refusal(nonce, nonces))
            #expect(refusal.error == .useDPoPNonce)
            #expect(refusal.nonce == nonces.current(at: Federation.now))
        }
    }

    @Test func `every prefix of a nonce is no nonce (checklist E11)`() throws {
        let nonce = try #require(Self.required.current(at: Federation.now))
        for count in 0..<nonce.utf8.count { #expect(try refusal(.string(String(nonce.prefix(count))), Self.required) != nil) }
    }

    @Test func `where they are offered one may leave them out, where they are off nobody looks`() throws {
        #expect(try refusal(nil, DPoPNonces(.offered, secret: Self.secret)) == nil)
        #expect(try refusal("anything", .off) == nil)
        #expect(DPoPNonces.off.current(at: Federation.now) == nil)
        #expect(DPoPNonces(.off, secret: Self.secret).current(at: Federation.now) == nil)
    }

    @Test func `other faults are told first`() throws {
        let proof = try ProofMaker().proof([("htm", "GET")])
        #expect(ProofMaker.refusal([proof], nonces: Self.required)?.explanation.code == "openid.dpop.htm")
    }
}
