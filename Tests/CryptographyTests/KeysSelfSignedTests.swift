import Cryptography
import Testing
import Vocabulary

@Suite struct `Self-signed certificates` {
    static let from = Timestamp(seconds: 1_790_000_000)
    static let to = Timestamp(seconds: 2_100_000_000)

    @Test(arguments: [
        (KeyKind.rsa(bits: 2048), SignatureAlgorithm.rsaPKCS1(.sha256)), (.ec(.p256), .ecdsa(.sha256)), (.ec(.p384), .ecdsa(.sha384)),
        (.ec(.p521), .ecdsa(.sha512)), (.ed25519, .ed25519),
    ]) func `carry the key, the name and a signature that verifies`(kind: KeyKind, algorithm: SignatureAlgorithm) throws {
        let key = try PrivateKey.generate(kind)
        let der = try SelfSigned.certificate(
            for: key, commonName: "署名鍵", notBefore: Self.from, notAfter: Self.to, dnsNames: ["idp.example", "*.test.example"],
            ipAddresses: ["127.0.0.1", "::1"])
        let certificate = try Certificate(der: der)
        #expect(certificate.publicKey == key.publicKey)
        #expect(certificate.notBefore == Self.from)
        #expect(certificate.notAfter == Self.to)
        #expect(certificate.subject == certificate.issuer)
        #expect(!certificate.isAuthority)
        #expect(certificate.isSigned(by: key.publicKey))
        let stranger = try PrivateKey.generate(kind)
        #expect(!certificate.isSigned(by: stranger.publicKey))
        for name in ["署名鍵", "idp.example", "*.test.example"] { #expect(der.contains(Array(name.utf8))) }
    }

    @Test func `never share a serial number`() throws {
        let key = try PrivateKey.generate(.ec(.p256))
        let serials = try (0..<20).map { _ in
            try Certificate(der: SelfSigned.certificate(for: key, commonName: "x", notBefore: Self.from, notAfter: Self.to)).serial
        }
        #expect(Set(serials).count == 20)
    }

    @Test(arguments: [["a,DNS:evil.example"], ["a b"], [""], [String(repeating: "a", count: 256)], ["a\0b"], ["@section"]])
    func `take no name that would smuggle in another`(names: [String]) throws {
        let key = try PrivateKey.generate(.ec(.p256))
        #expect(throws: KeyError.malformed) {
            try SelfSigned.certificate(for: key, commonName: "x", notBefore: Self.from, notAfter: Self.to, dnsNames: names)
        }
        #expect(throws: KeyError.malformed) {
            try SelfSigned.certificate(for: key, commonName: "x", notBefore: Self.from, notAfter: Self.to, ipAddresses: names)
        }
    }

    @Test func `need a common name and a time to be valid in`() throws {
        let key = try PrivateKey.generate(.ec(.p256))
        for name in ["", String(repeating: "a", count: 65)] {
            #expect(throws: KeyError.malformed) {
                try SelfSigned.certificate(for: key, commonName: name, notBefore: Self.from, notAfter: Self.to)
            }
        }
        #expect(throws: KeyError.malformed) {
            try SelfSigned.certificate(for: key, commonName: "x", notBefore: Self.to, notAfter: Self.from)
        }
    }
}

extension [UInt8] {
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: part) }
    }
}
