import Cryptography
import OpenID
import Testing
import Vocabulary

/// RFC 8705 §2.1.2: five ways to say who a certificate belongs to, and how each is compared.
@Suite struct `The name in a client certificate (RFC 8705 §2.1.2; checklist O7)` {
    private func accepts(_ name: TLSSubject.Name, _ der: [UInt8]) throws -> Bool {
        let world = try TLSWorld.shared.get()
        let client = try Client(
            id: Federation.memberID("shop"), redirectURIs: [Federation.callback],
            authentication: .tlsClientAuth(TLSSubject(name, profile: "government")))
        let evidence = ClientEvidence(certificate: PresentedCertificate(der: der) { _, _, _, _ in .trusted })
        do throws(TokenRefusal) {
            _ = try UnverifiedClient(FormParameters(body: Array("client_id=shop".utf8)), evidence)
                .authenticated(as: client, at: world.federation.provider, at: Federation.now)
            return true
        } catch {
            #expect(error.explanation.code == "openid.client.certificate-name")
            return false
        }
    }

    @Test(
        arguments: [
            ("CN=portal.example.go.jp,O=Example Agency,C=JP", true), ("CN=portal.example.go.jp, O=Example Agency, C=JP", true),
            ("cn=PORTAL.example.go.jp,o=example   agency,c=jp", true), ("2.5.4.3=portal.example.go.jp,O=Example Agency,C=JP", true),
            ("CN=#0c14706f7274616c2e6578616d706c652e676f2e6a70,O=Example Agency,C=JP", true),
            ("CN=portal\\.example.go.jp,O=Example Agency,C=JP", nil), ("CN=\\70ortal.example.go.jp,O=Example Agency,C=JP", true),
            ("C=JP,O=Example Agency,CN=portal.example.go.jp", false), ("CN=portal.example.go.jp", false),
            ("CN=portal.example.go.jp,O=Example Agency", false), ("CN=portal.example.go.jp,O=Example Agency,C=JP,C=JP", false),
            ("CN=portal.example.go.jp+O=Example Agency,C=JP", false), ("CN=portal.example.go.jp.evil.example,O=Example Agency,C=JP", false),
            ("CN=*.example.go.jp,O=Example Agency,C=JP", false), ("", nil), ("CN", nil), ("CN=", nil), ("=x", nil), ("XX=portal,C=JP", nil),
            ("CN=a,,C=JP", nil), ("CN=a,C=JP,", nil), ("CN=\"a\",C=JP", nil), ("CN=a;C=JP", nil), ("CN=#zz", nil), ("CN=a\\", nil),
        ] as [(String, Bool?)])
    func `a subject is the whole name, in its order, spelt as RFC 5280 compares`(text: String, fits: Bool?) throws {
        let name = TLSSubject.Name(distinguishedName: text)
        #expect((name != nil) == (fits != nil), "read or not")
        guard let name, let fits else { return }
        #expect(try accepts(name, ImaginaryCertificate.der()) == fits)
    }

    @Test func `string types and several values of one part make no difference, missing ones do`() throws {
        let printable: UInt8 = 0x13
        let subject = try ImaginaryCertificate.name([
            [("2.5.4.6", "JP", printable)], [("2.5.4.10", "Example Agency", printable)],
            [("2.5.4.3", "portal.example.go.jp", printable), ("2.5.4.5", "42", printable)],
        ])
        let der = try ImaginaryCertificate.der(subject)
        for text in [
            "CN=portal.example.go.jp+serialNumber=42,O=Example Agency,C=JP",
            "serialNumber=42+CN=portal.example.go.jp,O=Example Agency,C=JP",
        ] { #expect(try accepts(#require(TLSSubject.Name(distinguishedName: text)), der)) }
        let less = try #require(TLSSubject.Name(distinguishedName: "CN=portal.example.go.jp,O=Example Agency,C=JP"))
        #expect(try !accepts(less, der))
    }

    static let names: [GeneralName] = [
        .dns("portal.example.go.jp"), .dns("*.wild.example"), .uri("https://portal.example.go.jp/Client"), .email("Portal@Example.go.jp"),
        .address([192, 0, 2, 7]), .address([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]),
    ]

    @Test(
        arguments: [
            (TLSSubject.Name.dns("portal.example.go.jp"), true), (.dns("PORTAL.example.go.jp"), true), (.dns("*.wild.example"), true),
            (.dns("a.wild.example"), false), (.dns("example.go.jp"), false), (.dns("portal.example.go.jp."), false),
            (.uri("https://portal.example.go.jp/Client"), true), (.uri("https://portal.example.go.jp/client"), false),
            (.uri("https://portal.example.go.jp/Client/"), false), (.email("Portal@EXAMPLE.go.jp"), true),
            (.email("portal@example.go.jp"), false),
            (.email("a@b@Example.go.jp"), false), (.address([192, 0, 2, 7]), true), (.address([192, 0, 2, 8]), false),
            (.address([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]), true),
        ] as [(TLSSubject.Name, Bool)])
    func `an alternative name is one of its own kind, compared whole`(name: TLSSubject.Name, fits: Bool) throws {
        let der = try ImaginaryCertificate.der(names: Self.names)
        switch name {
        case .dns("portal.example.go.jp."), .dns("*.wild.example"), .email("a@b@Example.go.jp"):
            // Names that no registration may have.
            #expect(throws: ClientRefusal.self) { try accepts(name, der) }
        default: #expect(try accepts(name, der) == fits)
        }
    }

    @Test func `a name of one kind is never another kind's`() throws {
        let der = try ImaginaryCertificate.der(names: [.uri("portal.example.go.jp"), .email("portal.example.go.jp")])
        #expect(try !accepts(.dns("portal.example.go.jp"), der))
        let common = try ImaginaryCertificate.der()
        #expect(try !accepts(.dns("portal.example.go.jp"), common), "the common name is no alternative name")
    }

    @Test(
        arguments: [
            ("192.0.2.7", [192, 0, 2, 7]), ("::ffff:192.0.2.7", [192, 0, 2, 7]), ("::1", [UInt8](repeating: 0, count: 15) + [1]),
            ("2001:db8::7", [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [7]),
            ("::", [UInt8](repeating: 0, count: 16)), ("1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]),
            ("64:ff9b::192.0.2.33", [0, 0x64, 0xff, 0x9b] + [UInt8](repeating: 0, count: 8) + [192, 0, 2, 33]),
        ] as [(String, [UInt8])])
    func `an address is read in either notation`(text: String, bytes: [UInt8]) {
        #expect(IPAddressText.bytes(text) == bytes)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.0.0.1", "1.2.3.-4", "+1.2.3.4", "1.2.3.4 ", "0x7f.0.0.1", ":", ":::", "1::2::3",
        "1:2:3",
        "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8:9", "::12345", "fe80::1%eth0", "::1.2.3", "1.2.3.4::", "::+1", "g::",
    ])
    func `what is no address is none`(text: String) {
        #expect(IPAddressText.bytes(text) == nil)
    }
}
