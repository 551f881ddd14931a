import Cryptography
import Testing
import Vocabulary

@Suite struct `Private keys` {
    struct Case: Sendable, CustomTestStringConvertible {
        let kind: KeyKind
        let algorithm: SignatureAlgorithm
        var testDescription: String { "\(kind) \(algorithm)" }
    }

    static let strong: [DigestAlgorithm] = [.sha256, .sha384, .sha512]
    static let cases =
        strong.flatMap { digest in
            [Case(kind: .rsa(bits: 2048), algorithm: .rsaPKCS1(digest)), Case(kind: .rsa(bits: 2048), algorithm: .rsaPSS(digest))]
                + EllipticCurve.allCases.map { Case(kind: .ec($0), algorithm: .ecdsa(digest)) }
        } + [Case(kind: .ed25519, algorithm: .ed25519)]
    static let message = Array("入口".utf8)

    @Test(arguments: cases) func `sign what their public key verifies, and only that`(it: Case) throws {
        let key = try PrivateKey.generate(it.kind)
        #expect(key.publicKey.kind == it.kind)
        for encoding in [SignatureEncoding.der, .raw] {
            let signature = try key.sign(Self.message, it.algorithm, encoding: encoding)
            #expect(key.publicKey.verifies(signature, over: Self.message, it.algorithm, encoding: encoding))
            #expect(!key.publicKey.verifies(signature, over: Self.message + [0], it.algorithm, encoding: encoding))
            #expect(!key.publicKey.verifies(signature + [0], over: Self.message, it.algorithm, encoding: encoding))
            #expect(!key.publicKey.verifies(Array(signature.dropLast()), over: Self.message, it.algorithm, encoding: encoding))
            #expect(!key.publicKey.verifies([], over: Self.message, it.algorithm, encoding: encoding))
            let other = try PrivateKey.generate(it.kind).publicKey
            #expect(!other.verifies(signature, over: Self.message, it.algorithm, encoding: encoding))
            for algorithm in Self.cases.map(\.algorithm) where algorithm != it.algorithm {
                #expect(!key.publicKey.verifies(signature, over: Self.message, algorithm, encoding: encoding))
            }
        }
    }

    @Test(arguments: [(EllipticCurve.p256, 64), (.p384, 96), (.p521, 132)])
    func `raw ECDSA is exactly two coordinates wide, and is not DER`(curve: EllipticCurve, width: Int) throws {
        let key = try PrivateKey.generate(.ec(curve))
        for _ in 0..<64 {
            let raw = try key.sign(Self.message, .ecdsa(.sha256), encoding: .raw)
            #expect(raw.count == width)
            #expect(!key.publicKey.verifies(raw, over: Self.message, .ecdsa(.sha256), encoding: .der))
            let der = try key.sign(Self.message, .ecdsa(.sha256), encoding: .der)
            #expect(!key.publicKey.verifies(der, over: Self.message, .ecdsa(.sha256), encoding: .raw))
        }
    }

    @Test func `do not sign with SHA-1, nor by an algorithm of another kind of key (checklist E9)`() throws {
        let rsa = try PrivateKey.generate(.rsa(bits: 2048))
        let ec = try PrivateKey.generate(.ec(.p256))
        for algorithm in [SignatureAlgorithm.rsaPKCS1(.sha1), .rsaPSS(.sha1), .ecdsa(.sha256), .ed25519] {
            #expect(throws: KeyError.unsupported) { try rsa.sign(Self.message, algorithm) }
        }
        for algorithm in [SignatureAlgorithm.ecdsa(.sha1), .rsaPKCS1(.sha256), .ed25519] {
            #expect(throws: KeyError.unsupported) { try ec.sign(Self.message, algorithm) }
        }
    }

    @Test(arguments: [KeyKind.rsa(bits: 1024), .rsa(bits: 2047), .rsa(bits: 0), .rsa(bits: -1)])
    func `of weak lengths are not made`(kind: KeyKind) throws {
        guard case .rsa(let bits) = kind else { return }
        #expect(throws: KeyError.weak(bits: bits)) { try PrivateKey.generate(kind) }
        #expect(throws: KeyError.unsupported) { try PrivateKey.generate(.rsa(bits: 1 << 40)) }
    }

    @Test func `sign a card's DigestInfo exactly as PKCS#1 v1.5 with SHA-256 does`() throws {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        let prefix: [UInt8] = [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20]
        let signature = try key.signDigestInfo(prefix + Digest.sha256(Self.message))
        #expect(signature == (try key.sign(Self.message, .rsaPKCS1(.sha256))))
        #expect(key.publicKey.verifies(signature, over: Self.message, .rsaPKCS1(.sha256)))
        // The bare hash without its DigestInfo is not a signature (Bleichenbacher 2006's family).
        let bare = try key.signDigestInfo(Digest.sha256(Self.message))
        #expect(!key.publicKey.verifies(bare, over: Self.message, .rsaPKCS1(.sha256)))
        #expect(throws: KeyError.failed) { try key.signDigestInfo([UInt8](repeating: 1, count: 256 - 10)) }
        let elliptic = try PrivateKey.generate(.ec(.p384))
        #expect(throws: KeyError.unsupported) { try elliptic.signDigestInfo(prefix) }
    }

    @Test(arguments: [KeyKind.rsa(bits: 2048), .ec(.p256), .ec(.p384), .ec(.p521), .ed25519])
    func `come back from PEM and from PKCS#8, and not from a cut file`(kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        #expect(try PrivateKey(pem: key.exportPEM()).publicKey == key.publicKey)
        let der = try key.exportPKCS8()
        #expect(try PrivateKey(pkcs8: der).publicKey == key.publicKey)
        #expect(throws: KeyError.malformed) { try PrivateKey(pkcs8: der + [0]) }
        #expect(throws: KeyError.malformed) { try PrivateKey(pkcs8: Array(der.dropLast())) }
        #expect(throws: KeyError.malformed) { try PrivateKey(pkcs8: []) }
        #expect(throws: KeyError.malformed) { try PrivateKey(pkcs8: key.publicKey.spki) }
        #expect(throws: KeyError.malformed) { try PrivateKey(pem: key.exportPEM() + key.exportPEM()) }
        #expect(throws: KeyError.malformed) { try PrivateKey(pem: Array(key.exportPEM().dropLast(8))) }
        let encrypted = PEM.encode(der, label: "ENCRYPTED PRIVATE KEY")
        #expect(throws: KeyError.unsupported) { try PrivateKey(pem: Array(encrypted.utf8)) }
    }

    @Test func `whose public half belongs to another key are refused`() throws {
        let one = try PrivateKey.generate(.ec(.p256))
        let two = try PrivateKey.generate(.ec(.p256))
        let (x, y) = try #require(two.publicKey.ecPoint.map { ($0.x, $0.y) })
        // A PKCS#8 EC key ends with its public point.
        let forged = Array(try one.exportPKCS8().dropLast(64)) + x + y
        #expect(throws: KeyError.self) { try PrivateKey(pkcs8: forged) }
    }

    @Test func `of 1024 bits are refused although they are well formed`() {
        #expect(throws: KeyError.weak(bits: 1024)) { try PrivateKey(pem: Array(Self.short.utf8)) }
    }

    @Test func `are shared by threads without disturbing each other`() async throws {
        let keys = [try PrivateKey.generate(.rsa(bits: 2048)), try PrivateKey.generate(.ec(.p256))]
        await withTaskGroup(of: Bool.self) { group in
            for worker in 0..<64 {
                let key = keys[worker % 2]
                let algorithm: SignatureAlgorithm = worker % 2 == 0 ? .rsaPKCS1(.sha256) : .ecdsa(.sha256)
                group.addTask {
                    (0..<20).allSatisfy { round in
                        let message = [UInt8(worker), UInt8(round)]
                        guard let signature = try? key.sign(message, algorithm) else { return false }
                        return key.publicKey.verifies(signature, over: message, algorithm)
                    }
                }
            }
            for await fine in group { #expect(fine) }
        }
    }

    // Made with `openssl genrsa 1024` for this test.
    static let short = """
        -----BEGIN PRIVATE KEY-----
        MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBANvQu6UYNAobv/Hj
        NbvpWHUgHvgwS/52gjvxJsmB6fHFTrkOz+cBGrrHos6jhiLwo3EA4lUNxW/XXgkD
        iuDKqW6mMsfXxW9RoqO/bcPWrbUtbEIlS5LWCbSNIvARnhJVPa/dzskSd4746eWA
        A4frvxsaZw+yswteSn6p3K4Gzo1JAgMBAAECgYEAmHnN79M+JdTh7FQDLfnLFlPV
        p6s4y6ZA6Ht6wESRlteap9uSc1bcx7s7P8NGhG4PsY8/cGhBEDeATxhZ+Vwa8hDS
        uTeWASTfiuhClh2JQIJJRH+sKRacpS0lJcqCK0bqrCn4wu9GrU1wQ2lRM5NW24tg
        Cl9CqJy0a/a2AcWpDFECQQDvHrYRxrVeN5qQpMK+zAB1SI9rdaqVqafNDUyFc7mf
        LyE1DJ+E04Mp99vB9kZKi90t3vDgHcIy2eCCxjrQZUADAkEA61Un8qUBBkSWH+j6
        EJCDZDkDkFzf4QQOxHyEk8G02yUh/llv5kqSiBJyeeMEMz2QlEeqanFhlze3Eg98
        rM+ZwwJAYPVlAkQ+mpuVUv1b8h2qOeRYM0ydBN6sKdswohRQuhlUL7yUmjlhwAy+
        0SFZUzTvVIBHz7iBXDk4bg6PHp1PnQJBALmcPpfIwNgavHWKocDy2k7wEPmJ5yJo
        uuUKeN65R1YZIYilLfbrFkuwkQ3Fmgh4JFJve9/ccWZ9kSzzfhgm3VUCQECSE5G+
        NINcdLJBlIRnkT+h2qnd0aG5ZwhqLVbi8ejdPStWgYpZWRhh++Gqr2J4N30Zb4RZ
        ldK1HR7UqfrysRg=
        -----END PRIVATE KEY-----
        """
}
