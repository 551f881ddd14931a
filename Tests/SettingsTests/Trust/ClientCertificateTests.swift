import Cryptography
import OpenID
import Settings
import Testing
import Trust
import Vocabulary

/// What `tls_client_auth` asks the trust store (RFC 8705 §2.1; checklist O7).
@Suite struct `A client's certificate under a trust profile` {
    private static func profile(_ authority: ImaginaryAuthority, _ lines: String = "") throws -> TrustProfile {
        let deployment = try Deployment()
        try deployment.makeFolder("Keys/anchors-of")
        try deployment.makeFolder("Keys/anchors-of/government-bridge")
        try deployment.write("Keys/anchors-of/government-bridge/root.pem", authority.pem)
        if !lines.isEmpty { try deployment.write("Keys/profiles/government-bridge.yaml", lines) }
        guard let profile = try deployment.load().profiles["government-bridge"] else { throw Missing(what: "profile") }
        return profile
    }

    private static func isTrusted(
        _ certificate: Certificate, _ others: [Certificate] = [], _ profile: TrustProfile, _ lists: RevocationLists = RevocationLists([])
    ) -> Bool {
        profile.verdict(onClient: certificate.der, with: others.map(\.der), lists: lists, at: Deployment.now) == .trusted
    }

    @Test func `is believed by way of other authorities, which the client has to send`() throws {
        let root = try ImaginaryAuthority("Bridge"), agency = try ImaginaryAuthority("Agency", by: root)
        let stranger = try ImaginaryAuthority("Stranger")
        let profile = try Self.profile(root)
        let key = try PrivateKey.generate(.ec(.p256)).publicKey
        let own = try agency.issue("portal.example.go.jp", for: key)
        #expect(Self.isTrusted(own, [agency.certificate], profile))
        #expect(!Self.isTrusted(own, [], profile), "nobody knows the agency's authority")
        #expect(!Self.isTrusted(own, [stranger.certificate], profile))
        #expect(!Self.isTrusted(try stranger.issue("portal.example.go.jp", for: key), [stranger.certificate], profile))
        guard case .refused(let why) = profile.verdict(onClient: own.der, with: [], lists: RevocationLists([]), at: Deployment.now) else {
            Issue.record("believed")
            return
        }
        #expect(!why.isEmpty)
    }

    @Test func `is not believed once it was revoked, nor while nobody knows where that is asked`() throws {
        let root = try ImaginaryAuthority("Root")
        let own = try root.issue("portal.example.go.jp", for: try PrivateKey.generate(.ec(.p256)).publicKey)
        func lists(_ revoked: [Certificate]) throws -> RevocationLists {
            RevocationLists([
                try UnverifiedRevocationList(der: root.list(revoking: revoked)).verified(issuer: root.certificate, at: Deployment.now)
            ])
        }
        let careful = try Self.profile(root, "status: {demand: required}\n")
        let usual = try Self.profile(root)
        for profile in [careful, usual] {
            #expect(Self.isTrusted(own, [], profile, try lists([])))
            #expect(!Self.isTrusted(own, [], profile, try lists([own])))
        }
        #expect(!Self.isTrusted(own, [], careful))
        #expect(Self.isTrusted(own, [], usual))
    }

    @Test func `is a certificate at all`() throws {
        let profile = try Self.profile(ImaginaryAuthority("Root"))
        for der in [[], [0x30, 0x00], [UInt8](repeating: 0xff, count: 100)] {
            #expect(profile.verdict(onClient: der, with: [[1]], lists: RevocationLists([]), at: Deployment.now) != .trusted)
        }
    }

    /// RFC 5280 §4.2.1.12: whoever names purposes means only those.
    @Test func `is for clients when it says what it is for`() throws {
        let key = try PrivateKey.generate(.ec(.p256))
        let server = try SelfSigned.certificate(
            for: key, commonName: "server", notBefore: Deployment.now, notAfter: Deployment.now.adding(seconds: 60), dnsNames: ["a.example"]
        )
        let profile = try Self.profile(ImaginaryAuthority("Root"))
        #expect(
            profile.verdict(onClient: server, with: [], lists: RevocationLists([]), at: Deployment.now)
                == .refused("it is for other purposes than a TLS client's"))
    }
}
