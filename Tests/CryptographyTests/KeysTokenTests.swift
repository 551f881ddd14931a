import Cryptography
import Foundation
import Testing
import Vocabulary

@Suite struct `The name of a key in a token, RFC 7512` {
    @Test func `is read, and written in one spelling`() throws {
        let uri = try TokenURI(
            "pkcs11:object=openid%20es256;token=Sekisho;id=%01%aB;type=private?module-path=/usr/lib/x.so&pin-source=file:/run/pin")
        #expect((uri.token, uri.object, uri.id) == ("Sekisho", "openid es256", [0x01, 0xab]))
        #expect((uri.modulePath, uri.pinSource) == ("/usr/lib/x.so", "file:/run/pin"))
        #expect(
            uri.text == "pkcs11:token=Sekisho;object=openid%20es256;id=%01%AB?module-path=/usr/lib/x.so&pin-source=file:/run/pin")
        #expect(try TokenURI(uri.text) == uri)
        #expect(try TokenURI("pkcs11:slot-id=7").slot == 7)
    }

    @Test(
        arguments: [
            ("pkcs11:token=A;object=k?pin-value=1234", .pinInside), ("pkcs11:token=A;pin-value=1", .pinInside),
            ("pkcs11:object=k", .anyToken), ("pkcs11:", .anyToken), ("file:/etc/key", .malformed), ("", .malformed),
            ("pkcs11:token=A;token=B", .attribute("token")), ("pkcs11:token=A;colour=red", .attribute("colour")),
            ("pkcs11:token=A;object", .attribute("object")), ("pkcs11:token=A;object=", .attribute("object")),
            ("pkcs11:token=A;object=%4", .attribute("object")), ("pkcs11:token=A;object=%zz", .attribute("object")),
            ("pkcs11:token=%ff", .attribute("token")), ("pkcs11:token=%0a", .attribute("token")),
            ("pkcs11:token=A;type=cert", .attribute("type")), ("pkcs11:slot-id=seven", .attribute("slot-id")),
            ("pkcs11:token=" + String(repeating: "a", count: 33), .attribute("token")),
            ("pkcs11:token=A;object=" + String(repeating: "a", count: 1100), .malformed), ("pkcs11:token=A b", .malformed),
            ("pkcs11:token=A?pin-source=", .attribute("pin-source")), ("pkcs11:token=A?module-name=x", .attribute("module-name")),
        ] as [(String, TokenURI.Refusal)]) func `is refused where it says too little, too much or a PIN`(
            text: String, why: TokenURI.Refusal
        )
    {
        #expect(throws: why) { try TokenURI(text) }
    }
}

@Suite(.enabled(if: SoftToken.isThere, "SoftHSM is not installed: apt-get install softhsm2")) struct `A key in a token` {
    static let message = Array("行政手続".utf8)

    @Test(
        arguments: [
            (.rsa(bits: 2048), [.rsaPKCS1(.sha256), .rsaPKCS1(.sha384), .rsaPKCS1(.sha512), .rsaPSS(.sha256), .rsaPSS(.sha512)]),
            (.ec(.p256), [.ecdsa(.sha256)]), (.ec(.p384), [.ecdsa(.sha384)]), (.ec(.p521), [.ecdsa(.sha512)]), (.ed25519, [.ed25519]),
        ] as [(KeyKind, [SignatureAlgorithm])])
    func `signs what its public half verifies, in every algorithm and both spellings`(kind: KeyKind, algorithms: [SignatureAlgorithm])
        throws
    {
        let soft = try SoftToken("signs-\(UInt32.random(in: 0 ... .max))")
        let key = try soft.key("k", kind)
        #expect(key.publicKey.kind == kind)
        for algorithm in algorithms {
            for encoding in [SignatureEncoding.raw, .der] {
                let signature = try key.sign(Self.message, algorithm, encoding: encoding)
                #expect(key.publicKey.verifies(signature, over: Self.message, algorithm, encoding: encoding))
                #expect(!key.publicKey.verifies(signature, over: Self.message + [0], algorithm, encoding: encoding))
            }
        }
        #expect(throws: KeyError.unsupported) { try key.sign(Self.message, .rsaPKCS1(.sha1)) }
        #expect(throws: KeyError.unsupported) { try key.sign(Self.message, kind == .ed25519 ? .ecdsa(.sha256) : .ed25519) }
    }

    @Test func `never leaves it`() throws {
        let soft = try SoftToken("sealed")
        let key = try soft.key("k", .ec(.p256))
        #expect(throws: KeyError.token(.sealed)) { try key.exportPEM() }
        #expect(throws: KeyError.token(.sealed)) { try key.exportPKCS8() }
        #expect(try #require(key.token).isExtractable() == false)
        let authority = try Certificate(
            der: SelfSigned.certificate(
                for: key, commonName: "in a token", notBefore: Timestamp(seconds: 0), notAfter: Timestamp(seconds: 1_000_000_000)))
        #expect(throws: KeyError.token(.sealed)) { try PKCS12.encode(key: key, certificate: authority, password: "x", friendlyName: "x") }
    }

    @Test(arguments: [KeyKind.rsa(bits: 2048), .ec(.p256), .ec(.p384), .ed25519])
    func `signs a certificate around itself`(kind: KeyKind) throws {
        let key = try SoftToken("certificate-\(UInt16.random(in: 0 ... .max))").key("k", kind)
        let certificate = try Certificate(
            der: SelfSigned.certificate(
                for: key, commonName: "in a token", notBefore: Timestamp(seconds: 0), notAfter: Timestamp(seconds: 1_000_000_000)))
        #expect(certificate.publicKey == key.publicKey)
        #expect(certificate.isSigned(by: key.publicKey))
    }

    @Test(arguments: [DigestAlgorithm.sha1, .sha256, .sha512], [[], Array("label".utf8)])
    func `decrypts OAEP, also where the token knows SHA-1 only`(digest: DigestAlgorithm, label: [UInt8]) throws {
        let key = try SoftToken("oaep-\(digest.rawValue)-\(label.count)").key("k", .rsa(bits: 2048), for: .decryption)
        let scheme = OAEP(digest: digest, mask: digest, label: label)
        var random = SystemRandom()
        let secret = Secret.random(32, using: &random)
        let encrypted = try OAEPEncryptor(to: key.publicKey, scheme).encrypt(secret)
        let opened = try #require(try Opened(key.decrypt(encrypted, scheme)))
        #expect(secret.withBytes { opened.matches($0) })
        // Garbage is nil, and no reason to think the token gone.
        for forged in [[UInt8](repeating: 0x41, count: 256), Array(encrypted.dropLast()), [], Array(encrypted.reversed())] {
            #expect(try Opened(key.decrypt(forged, scheme)) == nil)
        }
        #expect(try Opened(key.decrypt(encrypted, OAEP(digest: digest, mask: digest, label: [9]))) == nil)
        #expect(key.token?.token.health == .good)
        #expect(try Opened(key.decrypt(encrypted, scheme)) != nil)
        #expect(throws: KeyError.token(.permission)) { try key.sign(Self.message, .rsaPKCS1(.sha256)) }
    }

    @Test(arguments: [EllipticCurve.p256, .p384, .p521]) func `agrees as a key in memory does`(curve: EllipticCurve) throws {
        let key = try SoftToken("agrees-\(curve.rawValue)").key("k", .ec(curve), for: .decryption)
        let other = try PrivateKey.generate(.ec(curve))
        let ours = try key.agree(with: other.publicKey)
        let theirs = try other.agree(with: key.publicKey)
        let isSame = ours.withBytes { theirs.matches($0) }
        #expect(isSame)
        try key.proveItself(patience: 5000)
        #expect(throws: KeyError.unsupported) { _ = try key.agree(with: PrivateKey.generate(.rsa(bits: 2048)).publicKey) }
    }

    @Test func `signs for many threads at once`() async throws {
        let key = try SoftToken("threads").key("k", .ec(.p256))
        let good = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    (0..<25).count { round in
                        let message = Array("\(worker) \(round)".utf8)
                        guard let signature = try? key.sign(message, .ecdsa(.sha256)) else { return false }
                        return key.publicKey.verifies(signature, over: message, .ecdsa(.sha256))
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(good == 200)
    }

    @Test func `is found again with its public half`() throws {
        let soft = try SoftToken("found")
        let made = try soft.key("k", .ec(.p256))
        let uri = try soft.uri("k")
        let found = try TokenKey(soft.token(uri), uri, for: .signing).found()
        #expect(found.publicKey == made.publicKey)
        #expect(found.isExtractable == false)
        #expect(found.uri.id != nil, "named by both from then on")
        #expect(throws: TokenFault.objectMissing) { try TokenKey(soft.token(uri), soft.uri("other"), for: .signing).found() }
        #expect(throws: TokenFault.objectAmbiguous) { try TokenKey(soft.token(uri), uri, for: .signing).made(.ec(.p256)) }
        try SoftToken.run(
            "pkcs11-tool",
            [
                "--module", try #require(SoftToken.module), "--token-label", "found", "--login", "--pin", SoftToken.pin, "--keypairgen",
                "--key-type", "EC:prime256v1", "--label", "k", "--id", "77",
            ], SoftToken.folder.get())
        #expect(throws: TokenFault.objectAmbiguous) { try TokenKey(soft.token(uri), uri, for: .signing).found() }
        #expect(
            try TokenKey(soft.token(uri), TokenURI("pkcs11:token=found;object=k;id=%77"), for: .signing).found().publicKey != made.publicKey
        )
    }

    @Test func `that is another than the one we publish signs nothing`() throws {
        let soft = try SoftToken("mismatch")
        let uri = try soft.uri("k")
        _ = try soft.key("k", .ec(.p256))
        let key = PrivateKey(TokenKey(try soft.token(uri), uri, for: .signing), publicKey: try PrivateKey.generate(.ec(.p256)).publicKey)
        #expect(throws: KeyError.token(.mismatch)) { try key.sign(Self.message, .ecdsa(.sha256)) }
        #expect(throws: KeyError.token(.mismatch)) { try key.proveItself(patience: 5000) }
    }
}

@Suite(.enabled(if: SoftToken.isThere, "SoftHSM is not installed: apt-get install softhsm2")) struct `A token` {
    @Test func `is tried once with a PIN that it refuses`() throws {
        let soft = try SoftToken("pin")
        let uri = try soft.uri("k")
        let tries = Tries()
        func ask(_ pin: String?) -> TokenFault? {
            // As an operator's command asks: what keeps the PIN away is the memory of it, not the rest after a failure.
            let token = Token.at(module: SoftToken.module ?? "", uri, rules: Token.Rules(patience: 10_000)) {
                tries.count += 1
                return pin.map { Secret(text: $0) }
            }
            do throws(TokenFault) {
                _ = try TokenKey(token, uri, for: .signing).found()
                return nil
            } catch { return error }
        }
        #expect(ask("wrong") == .pinRefused)
        #expect(try softPINCount("pin") == "low", "the token has seen one wrong PIN")
        #expect(ask(nil) == .pinMissing)
        // SoftHSM forgets a wrong PIN when a right one comes; the second answer below is ours.
        #expect(ask("wrong") == .pinRefused)
        #expect(ask(SoftToken.pin) == .objectMissing, "another PIN is another matter")
        #expect(tries.count == 4)
    }

    private func softPINCount(_ label: String) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: try #require(SoftToken.tool("pkcs11-tool")))
        process.arguments = ["--module", try #require(SoftToken.module), "-L"]
        process.environment = ["SOFTHSM2_CONF": try SoftToken.folder.get() + "/softhsm2.conf"]
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let part = try #require(text.components(separatedBy: "token label        : \(label)\n").dropFirst().first)
        return part.components(separatedBy: "token label").first?.contains("user PIN count low") == true ? "low" : "full"
    }

    @Test func `that is not there, or no module, is told apart, and then left alone for a while`() throws {
        let soft = try SoftToken("here")
        let uri = try TokenURI("pkcs11:token=elsewhere;object=k")
        let token = try soft.token(uri)
        #expect(throws: TokenFault.absent) { try TokenKey(token, uri, for: .signing).found() }
        let before = Date()
        for _ in 0..<100 { #expect(throws: TokenFault.absent) { try TokenKey(token, uri, for: .signing).isExtractable() } }
        #expect(Date().timeIntervalSince(before) < 0.5, "nobody asks it again at once")
        #expect(token.health == .failing(.absent))
        for path in ["/nowhere/x.so", "relative.so", "/usr/lib/x86_64-linux-gnu/libc.so.6"] {
            let other = Token.at(module: path, uri, rules: Token.Rules(patience: 10_000)) { nil }
            #expect(throws: TokenFault.module) { try TokenKey(other, uri, for: .signing).found() }
        }
    }
}

private final class Tries: @unchecked Sendable {
    private let lock = NSLock()
    private var number = 0
    var count: Int {
        get { lock.withLock { number } }
        set { lock.withLock { number = newValue } }
    }
}

/// The bytes of a secret, for tests that compare.
private struct Opened: Equatable {
    let bytes: [UInt8]

    init?(_ secret: consuming Secret?) {
        guard let secret else { return nil }
        bytes = secret.withBytes { span in
            var bytes: [UInt8] = []
            for index in span.indices { bytes.append(span[index]) }
            return bytes
        }
    }

    func matches(_ span: borrowing Span<UInt8>) -> Bool {
        span.count == bytes.count && span.indices.allSatisfy { span[$0] == bytes[$0] }
    }
}
