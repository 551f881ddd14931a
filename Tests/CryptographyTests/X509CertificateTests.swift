import Cryptography
import Testing
import Vocabulary

@Suite struct `A certificate` {
    static let policy = ObjectIdentifier("1.2.392.200149.8.5.1.3.30")

    /// The profile of jpki.md §1.2 and §1.3 in one.
    static func card() throws -> X509Draft {
        let partition = DistinguishedName([
            (.country, "JP"), (.organization, "JPKI"), (.organizationalUnit, "CRL Distribution Points"), (.commonName, "Kiyose CRLDP"),
        ])
        let policy = try #require(policy)
        let name = try #require(ObjectIdentifier("1.2.392.200149.8.5.5.1"))
        var draft = X509Draft()
        draft.serial = [0x06, 0xd1, 0x80, 0x06]
        draft.extensions = [
            X509Draft.extension(.keyUsage, critical: true, DERWriter.build { $0.namedBits(KeyUsage.digitalSignature.rawValue) }),
            X509Draft.extension(
                .certificatePolicies, critical: true, DERWriter.build { $0.sequence { $0.sequence { $0.objectIdentifier(policy) } } }),
            X509Draft.extension(
                .subjectAlternativeName,
                DERWriter.build { writer in
                    writer.sequence { writer in
                        writer.context(0) { writer in
                            writer.objectIdentifier(name)
                            writer.context(0) { $0.utf8String("公的　花子") }
                        }
                    }
                }),
            X509Draft.extension(
                .crlDistributionPoints,
                DERWriter.build { writer in
                    writer.sequence { $0.sequence { $0.context(0) { $0.context(0) { $0.context(4) { $0.raw(partition.der) } } } } }
                }),
            X509Draft.extension(
                .authorityInformationAccess,
                DERWriter.build { writer in
                    writer.sequence { writer in
                        writer.sequence {
                            $0.objectIdentifier(.ocspAccess)
                            $0.context(6, content: Array("http://ocsp.example/".utf8))
                        }
                    }
                }),
            X509Draft.extension(
                .authorityKeyIdentifier, DERWriter.build { $0.sequence { $0.context(0, content: [1, 2, 3]) } }),
            X509Draft.extension(.subjectKeyIdentifier, DERWriter.build { $0.octetString([4, 5, 6]) }),
        ]
        return draft
    }

    @Test func `says what is written in it`() throws {
        let certificate = try Certificate(der: Self.card().der())
        #expect(certificate.version == 3)
        #expect(certificate.serialText == "06d18006")
        #expect(certificate.subject.text == "CN=997794E9AGCIEG13221003A,C=JP")
        #expect(certificate.issuer == DistinguishedName([(.country, "JP"), (.commonName, "Test CA")]))
        #expect(certificate.notBefore == Timestamp(seconds: 1_700_000_000))
        #expect(certificate.notAfter == Timestamp(seconds: 1_857_000_000))
        #expect(certificate.keyUsage == [.digitalSignature])
        #expect(certificate.policies.map(\.dotted) == ["1.2.392.200149.8.5.1.3.30"])
        #expect(certificate.otherNames.map(\.1) == ["公的　花子"])
        #expect(certificate.otherNames.map(\.0.dotted) == ["1.2.392.200149.8.5.5.1"])
        #expect(
            certificate.crlDistributionPoints.flatMap(\.directoryNames).map(\.text) == [
                "CN=Kiyose CRLDP,OU=CRL Distribution Points,O=JPKI,C=JP"
            ])
        #expect(certificate.ocspURIs == ["http://ocsp.example/"])
        #expect(certificate.authorityKeyIdentifier == [1, 2, 3])
        #expect(certificate.subjectKeyIdentifier == [4, 5, 6])
        #expect(!certificate.isAuthority && certificate.pathLength == nil && certificate.extendedKeyUsage == nil)
        #expect(certificate.fingerprint == Digest.sha256(certificate.der))
    }

    @Test func `is signed by one key only`() throws {
        let certificate = try Certificate(der: Self.card().der())
        let own = try X509Draft.key.get().publicKey
        let other = try PrivateKey.generate(.ec(.p256)).publicKey
        #expect(certificate.isSigned(by: own))
        #expect(!certificate.isSigned(by: other))
    }

    @Test func `comes as PEM, alone`() throws {
        let der = try Self.card().der()
        let text = PEM.encode(der, label: "CERTIFICATE")
        #expect(try Certificate(pem: Array(text.utf8)).der == der)
        #expect(throws: CertificateRefusal.pem) { try Certificate(pem: Array((text + text).utf8)) }
        #expect(throws: CertificateRefusal.pem) { try Certificate(pem: []) }
    }

    @Test func `ends where it ends`() throws {
        let der = try Self.card().der()
        #expect(throws: CertificateRefusal.malformed(.trailing)) { try Certificate(der: der + [0]) }
        #expect(throws: CertificateRefusal.malformed(.truncated)) { try Certificate(der: Array(der.dropLast())) }
        #expect(throws: CertificateRefusal.tooLarge(Certificate.largest + 1)) {
            try Certificate(der: [UInt8](repeating: 0x30, count: Certificate.largest + 1))
        }
    }

    static let faults: [(String, CertificateRefusal, @Sendable (inout X509Draft) -> Void)] = [
        ("version 1 with extensions", .version, { $0.version = [] }),
        ("version 4", .version, { $0.version = [0xa0, 3, 2, 1, 3] }),
        ("version 1 spelled out", .version, { $0.version = [0xa0, 3, 2, 1, 0] }),
        ("two algorithms", .algorithmMismatch, { $0.inner = SignatureAlgorithm.ecdsa(.sha384).identifier }),
        ("no issuer", .nameless, { $0.issuer = DistinguishedName([]) }),
        ("no subject and no critical name", .nameless, { $0.subject = DistinguishedName([]) }),
        ("a serial of 65 bytes", .serial, { $0.serial = [UInt8](repeating: 1, count: 65) }),
        ("a serial with a leading zero", .malformed(.value), { $0.serial = [0, 1] }),
        ("something behind the signature", .malformed(.trailing), { $0.trailer = [5, 0] }),
        ("an extension twice", .malformed(.value), { $0.extensions.append(contentsOf: $0.extensions.prefix(1)) }),
        ("key usage without a bit", .extension(.keyUsage, .value), { $0.extensions[0] = X509Draft.extension(.keyUsage, [3, 1, 0]) }),
        ("key usage with padding", .extension(.keyUsage, .value), { $0.extensions[0] = X509Draft.extension(.keyUsage, [3, 2, 0, 0x80]) }),
        (
            "a path length of 256", .extension(.basicConstraints, .value),
            { $0.extensions.append(X509Draft.extension(.basicConstraints, [0x30, 4, 2, 2, 1, 0])) }
        ),
        (
            "something behind an extension's value", .extension(.inhibitAnyPolicy, .trailing),
            { $0.extensions.append(X509Draft.extension(.inhibitAnyPolicy, [2, 1, 0, 5, 0])) }
        ),
        (
            "a distribution point of nowhere", .extension(.crlDistributionPoints, .value),
            { $0.extensions[3] = X509Draft.extension(.crlDistributionPoints, [0x30, 2, 0x30, 0]) }
        ),
    ]

    @Test(arguments: faults.indices) func `is refused for a fault`(index: Int) throws {
        let (name, refusal, plant) = Self.faults[index]
        var draft = try Self.card()
        plant(&draft)
        let der = try draft.der()
        #expect(throws: refusal, "\(name)") { try Certificate(der: der) }
    }

    @Test func `keeps its unknown critical extensions in sight`() throws {
        let strange = try #require(ObjectIdentifier("1.2.3.4"))
        var draft = try Self.card()
        draft.extensions.append(X509Draft.extension(strange, critical: true, [5, 0]))
        #expect(try Certificate(der: draft.der()).unknownCriticalExtensions == [strange])
        draft.extensions.removeLast()
        draft.extensions.append(X509Draft.extension(strange, [5, 0]))
        #expect(try Certificate(der: draft.der()).unknownCriticalExtensions.isEmpty)
    }

    @Test func `made for a key of our own is read back`() throws {
        let key = try X509Draft.key.get()
        let der = try SelfSigned.certificate(
            for: key, commonName: "idp.example", notBefore: Timestamp(seconds: 1_700_000_000), notAfter: Timestamp(seconds: 1_800_000_000),
            dnsNames: ["idp.example"])
        let certificate = try Certificate(der: der)
        #expect(certificate.publicKey == key.publicKey && certificate.isSigned(by: key.publicKey))
        #expect(certificate.alternativeNames == [.dns("idp.example")])
    }

    /// Checklist class "truncated": every prefix, and every byte changed, is an error or another certificate; never a trap.
    @Test func `survives every cut and every changed byte`() throws {
        let der = try Self.card().der()
        for length in 0..<der.count { #expect(throws: CertificateRefusal.self) { try Certificate(der: Array(der.prefix(length))) } }
        let key = try X509Draft.key.get().publicKey
        var stillSigned = 0
        for index in der.indices {
            for flip in [UInt8(0x01), 0x80, 0xff] {
                var changed = der
                changed[index] ^= flip
                guard let certificate = try? Certificate(der: changed) else { continue }
                if certificate.isSigned(by: key) { stillSigned += 1 }
            }
        }
        #expect(stillSigned == 0)
    }
}

@Suite struct `A distinguished name` {
    private static func name(_ tag: UInt8, _ text: String) throws -> DistinguishedName {
        try DistinguishedName(
            der: DERWriter.build { writer in
                writer.sequence { writer in
                    writer.set { writer in
                        writer.sequence {
                            $0.objectIdentifier(NameAttribute.Kind.commonName.objectIdentifier)
                            $0.element(tag, Array(text.utf8))
                        }
                    }
                }
            })
    }

    @Test(arguments: ["Test CA", "test ca", " Test  CA ", "TEST CA"])
    func `is the same in other letters and spaces, RFC 5280 §7.1`(text: String) throws {
        #expect(try Self.name(DERTag.utf8String, text) == Self.name(DERTag.printableString, "Test CA"))
    }

    @Test(arguments: ["TestCA", "Test CA 2", "Tést CA", ""])
    func `is another with other words`(text: String) throws {
        #expect(try Self.name(DERTag.utf8String, text) != Self.name(DERTag.printableString, "Test CA"))
    }

    @Test func `is written last part first, with escapes, RFC 4514`() {
        let name = DistinguishedName([(.country, "JP"), (.organization, "A+B, \"C\""), (.commonName, " #x ")])
        #expect(name.text == "CN=\\ #x\\ ,O=A\\+B\\, \\\"C\\\",C=JP")
    }

    @Test func `has parts that are not empty, and strings of their alphabet`() {
        #expect(throws: DERError.truncated) { try DistinguishedName(der: [0x30, 2, 0x31, 0]) }
        #expect(throws: DERError.value) { try Self.name(DERTag.printableString, "a@b") }
        #expect(throws: DERError.value) { try Self.name(DERTag.ia5String, "é") }
    }
}
