import Cryptography
import Foundation
import JOSE
import OpenID
import SAML
import Settings
import Testing
import Vocabulary

@Suite(.enabled(if: SoftToken.isThere, "SoftHSM is not installed: apt-get install softhsm2")) struct `A key in a PKCS#11 token` {
    private static func signs(_ configuration: Configuration, _ algorithm: JWSAlgorithm, at moment: Timestamp) throws -> String? {
        try configuration.openIDProvider.signingKey(for: algorithm, at: moment).map { key in
            let message = Array("probe".utf8)
            let signature = try key.key.sign(message, algorithm.signature, encoding: .raw)
            #expect(key.key.publicKey.verifies(signature, over: message, algorithm.signature, encoding: .raw))
            return key.keyID
        }
    }

    private static func published(_ configuration: Configuration, at moment: Timestamp) -> [String] {
        (configuration.openIDProvider.jwks(at: moment)["keys"]?.array ?? []).compactMap { $0["kid"]?.string }
    }

    @Test func `for tokens waits until every copy of the key set has it, and its predecessor stays published, C12`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        let token = try SoftToken()
        let old = try #require(try deployment.key("openid-es256").keyID)
        let change = try token.adopt(.openIDSigning, .p256, algorithm: "ES256", in: deployment)
        #expect(change.told.first?.contains("waits as next; its private half is pkcs11:token=") == true)
        let new = try #require(try deployment.key("new").keyID)
        #expect(try deployment.state("new", at: Deployment.now) == .next)
        #expect(!FileManager.default.fileExists(atPath: deployment.path + "/Keys/new.key.pem"))
        // Shown at once, used by nobody.
        #expect(Self.published(change.configuration, at: Deployment.now).contains(new))
        #expect(try Self.signs(change.configuration, .es256, at: Deployment.now) == old)
        try deployment.serve(at: Deployment.later(1))
        func promote(_ minutes: Int64) -> [String] {
            deployment.refused {
                try Settings.promote(key: "new", in: deployment.path, at: Deployment.now.adding(seconds: 3600 + minutes * 60))
            }
        }
        // The key set may be kept for an hour from when it was first shown.
        #expect(promote(0) == ["keys.publish-before-use"])
        #expect(promote(59) == ["keys.publish-before-use"])
        #expect(promote(60) == [])
        let after = Deployment.later(2)
        let configuration = try deployment.load(at: after)
        #expect(try Self.signs(configuration, .es256, at: after) == new)
        // What the old one signed lives on, and so does its public half (ory/hydra #2535).
        #expect(Self.published(configuration, at: after).contains(old))
        #expect(try deployment.state("openid-es256", at: Deployment.later(2 + 47)) == .retiring)
        #expect(Self.published(try deployment.load(at: Deployment.later(2 + 47)), at: Deployment.later(2 + 47)).contains(old))
        #expect(try deployment.state("openid-es256", at: Deployment.later(2 + 49)) == .gone)
        #expect(
            deployment.refused { try Settings.retire(key: "openid-es256", until: after, in: deployment.path, at: after) } == [
                "keys.retiring"
            ])
    }

    @Test func `that was written into keys.yaml by hand is held against the same rule`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        let token = try SoftToken()
        _ = try token.adopt(.openIDSigning, .p256, algorithm: "ES256", in: deployment)
        try deployment.edit(
            "Keys/keys.yaml", "    public: \"new.pub.pem\"\n", "    public: \"new.pub.pem\"\n    from: \(Deployment.now.text)\n")
        #expect(deployment.codes() == ["keys.publish-before-use"])
    }

    @Test(arguments: [(KeyUse.samlSigning, KeyOrder.Kind.p256), (.samlSigning, .rsa2048), (.samlMetadata, .p256)])
    func `signs messages and metadata like one in a file, and steps back for one`(use: KeyUse, kind: KeyOrder.Kind) throws {
        let deployment = try Deployment.curved()
        let token = try SoftToken()
        _ = try token.adopt(use, kind, in: deployment)
        let promoted = try Settings.promote(key: "new", in: deployment.path, at: Deployment.now).configuration
        let provider = promoted.identityProvider
        let keys = use == .samlMetadata ? try #require(provider.metadataKeys) : provider.signingKeys
        let key = try #require(keys.keys.first { $0.name == "new" })
        #expect(key.life.state(at: Deployment.now) == .current)
        #expect(try key.signers.allSatisfy { try !$0.key.sign([1], $0.algorithm).isEmpty })
        #expect(key.signers.allSatisfy { $0.key.token != nil })
        #expect((provider.metadataSigner(at: Deployment.now).key.token != nil) == (use == .samlMetadata || kind == .p256))
        // Back to a file.
        _ = try Settings.generate(
            KeyOrder(use: use, kind: kind, name: "file"), in: deployment.path, at: Deployment.now)
        _ = try Settings.promote(key: "file", in: deployment.path, at: Deployment.later(1))
        #expect(try deployment.state("new", at: Deployment.later(1)) == .retiring)
        #expect(try deployment.key("new", at: Deployment.later(1)).token?.wasAsked == false, "it only has to be published")
    }

    @Test(arguments: [KeyOrder.Kind.rsa2048, .p256]) func `decrypts what members encrypt`(kind: KeyOrder.Kind) throws {
        let deployment = try Deployment.curved()
        _ = try SoftToken().adopt(.samlEncryption, kind, in: deployment)
        let configuration = try Settings.promote(key: "new", in: deployment.path, at: Deployment.now).configuration
        let key = try #require(configuration.identityProvider.encryption.first { $0.name == "new" })
        #expect(key.key.token != nil)
        try key.key.proveItself(patience: 5000)
        #expect(configuration.keys.first { $0.entry.name == "new" }?.token?.fault == nil)
    }

    // No token of ours agrees by X25519.
    @Test(arguments: [(KeyOrder.Kind.rsa2048, true), (.p256, true), (.rsa2048, false), (.p256, false), (.x25519, false)])
    func `opens what clients encrypt, in a token or a file; only the current one is shown`(kind: KeyOrder.Kind, isToken: Bool) throws {
        let deployment = try Deployment.curved()
        let algorithm: JWEAlgorithm = kind == .rsa2048 ? .rsaOAEP256 : .ecdhES
        func make(_ name: String) throws {
            if isToken {
                _ = try SoftToken().adopt(.openIDEncryption, kind, name: name, in: deployment)
            } else {
                _ = try Settings.generate(
                    KeyOrder(use: .openIDEncryption, kind: kind, name: name), in: deployment.path, at: Deployment.now)
            }
        }
        try make("one")
        let kid = try #require(try deployment.key("one").keyID)
        #expect(!Self.published(try deployment.load(), at: Deployment.now).contains(kid), "it waits")
        _ = try Settings.promote(key: "one", in: deployment.path, at: Deployment.now)
        let provider = try deployment.load().openIDProvider
        #expect(Self.published(try deployment.load(), at: Deployment.now).contains(kid))
        let key = try #require(provider.decryptionKeys.first { $0.keyID == kid })
        #expect((key.key.token != nil) == isToken)
        var random = SystemRandom()
        let sealed = try JWE.encrypt(Array("hint".utf8), to: key.jwk, algorithm: algorithm, content: .a256GCM, using: &random)
        let opened = try UnverifiedJWE(compact: sealed).decrypted(by: provider.decryptionKeys, allowed: [algorithm])
        #expect(opened.plaintext == Array("hint".utf8))
        #expect(throws: JWERefusal.self) {
            _ = try UnverifiedJWE(compact: sealed).decrypted(by: [], allowed: [algorithm])
        }
        guard !isToken else { return }
        // Its successor is shown, and both decrypt.
        try make("two")
        let later = Deployment.later(1)
        let after = try Settings.promote(key: "two", in: deployment.path, at: later).configuration
        #expect(!Self.published(after, at: later).contains(kid))
        #expect(
            try UnverifiedJWE(compact: sealed).decrypted(by: after.openIDProvider.decryptionKeys, allowed: [algorithm]).plaintext.count == 4
        )
    }

    @Test func `may have been there before`() throws {
        let deployment = try Deployment.curved()
        let token = try SoftToken()
        #expect(
            deployment.refused { try token.adopt(.openIDSigning, nil, algorithm: "ES256", in: deployment) } == ["pkcs11.object-missing"])
        _ = try token.adopt(.openIDSigning, .p256, algorithm: "ES256", object: "k", in: deployment)
        let digest = try deployment.key("new").digest
        _ = try Settings.remove(key: "new", in: deployment.path, at: Deployment.now)
        #expect(
            deployment.refused { try token.adopt(.openIDSigning, .p256, algorithm: "ES256", in: deployment) } == ["pkcs11.object-ambiguous"]
        )
        _ = try token.adopt(.openIDSigning, nil, algorithm: "ES256", in: deployment)
        #expect(try deployment.key("new").digest == digest, "the object stayed in the token")
        #expect(
            deployment.refused { try token.adopt(.openIDSigning, nil, algorithm: "ES256", name: "twin", in: deployment) } == ["keys.twin"])
    }

    @Test(
        arguments: [
            (.openIDSigning, .p256, "RS256", "key.algorithm"), (.openIDSigning, .p256, "HS256", "key.algorithm"),
            (.samlSigning, .p256, "rsa-sha256", "key.algorithm"),
        ] as [(KeyUse, KeyOrder.Kind, String, String)])
    func `is not made where it could not serve`(use: KeyUse, kind: KeyOrder.Kind, algorithm: String, code: String) throws {
        let deployment = try Deployment.curved()
        let token = try SoftToken()
        #expect(deployment.refused { try token.adopt(use, kind, algorithm: algorithm, in: deployment) } == [code])
        #expect(throws: TokenFault.objectMissing) {
            let uri = try token.uri("k")
            _ = try TokenKey(
                Token.at(module: SoftToken.module, uri, rules: Token.Rules()) { try? SecretFile.read(token.pinFile) }, uri, for: .signing
            ).found()
        }
    }

    @Test func `that is another than the one beside keys.yaml is a problem`() throws {
        let deployment = try Deployment.curved()
        let token = try SoftToken()
        _ = try token.adopt(.openIDSigning, .p256, algorithm: "ES256", in: deployment)
        try deployment.write(
            "Keys/new.pub.pem", PEM.encode(try PrivateKey.generate(.ec(.p256)).publicKey.spki, label: "PUBLIC KEY"))
        #expect(deployment.codes() == ["pkcs11.mismatch"])
    }

    @Test func `is noticed while its token is away, and stands in nobody's way`() throws {
        let deployment = try Deployment.curved()
        let token = try SoftToken()
        _ = try token.adopt(.openIDSigning, .p256, algorithm: "ES256", in: deployment)
        _ = try Settings.promote(key: "new", in: deployment.path, at: Deployment.now)
        try deployment.edit("Keys/keys.yaml", "pkcs11:token=\(token.label)", "pkcs11:token=elsewhere")
        let configuration = try deployment.load()
        #expect(configuration.notices.map(\.code).contains("pkcs11.absent"))
        let new = try #require(configuration.keys.first { $0.entry.name == "new" })
        #expect(new.token?.fault == .absent)
        #expect(Self.published(configuration, at: Deployment.now).contains(try #require(new.keyID)), "published all the same")
        #expect(throws: KeyError.token(.absent)) { try Self.signs(configuration, .es256, at: Deployment.now) }
        // The way out: a key in a file takes over.
        _ = try Settings.generate(
            KeyOrder(use: .openIDSigning, kind: .p256, name: "file", algorithm: "ES256"), in: deployment.path, at: Deployment.later(1))
        let rescued = try Settings.promote(key: "file", in: deployment.path, at: Deployment.later(1)).configuration
        #expect(try Self.signs(rescued, .es256, at: Deployment.later(1)) != nil)
        // A key that does not sign is not promoted.
        #expect(deployment.refused { try Settings.promote(key: "new", in: deployment.path, at: Deployment.later(3)) } == ["pkcs11.absent"])
    }

    @Test func `that does not answer takes no stolen key's place while another can`() throws {
        let deployment = try Deployment.curved()
        let token = try SoftToken()
        _ = try Settings.generate(
            KeyOrder(use: .openIDSigning, kind: .p256, name: "file", algorithm: "ES256"), in: deployment.path, at: Deployment.now)
        _ = try Settings.promote(key: "file", in: deployment.path, at: Deployment.now)
        _ = try token.adopt(.openIDSigning, .p256, algorithm: "ES256", in: deployment)
        try deployment.edit("Keys/keys.yaml", "pkcs11:token=\(token.label)", "pkcs11:token=elsewhere")
        let away = Deployment.later(1)
        let change = try Settings.revoke(key: "file", reason: "stolen", in: deployment.path, at: away)
        #expect(change.told.contains { $0.contains("`new`") && $0.contains(TokenFault.absent.text) })
        #expect(try Self.signs(change.configuration, .es256, at: away) == deployment.key("openid-es256", at: away).keyID)
        #expect(try deployment.state("new", at: away) == .next)
        try deployment.edit("Keys/keys.yaml", "pkcs11:token=elsewhere", "pkcs11:token=\(token.label)")
        let back = try Settings.revoke(key: "openid-es256", reason: "stolen", in: deployment.path, at: Deployment.later(2))
        #expect(try Self.signs(back.configuration, .es256, at: Deployment.later(2)) == deployment.key("new", at: Deployment.later(2)).keyID)
    }

    @Test func `whose PIN is wrong keeps the server from starting, is tried once, and can still be replaced`() throws {
        let deployment = try Deployment.curved()
        let token = try SoftToken()
        _ = try token.adopt(.openIDSigning, .p256, algorithm: "ES256", in: deployment)
        _ = try Settings.promote(key: "new", in: deployment.path, at: Deployment.now)
        // The process is logged in already and would not ask again: another name of the same token is another login.
        let other = try SoftToken()
        try SoftToken.write("wrong", to: other.pinFile)
        try deployment.edit("Keys/keys.yaml", token.pinFile, other.pinFile)
        try deployment.edit("Keys/keys.yaml", "pkcs11:token=\(token.label)", "pkcs11:token=\(other.label)")
        for _ in 0..<3 {
            let problems = deployment.problems()
            #expect(problems.map(\.code) == ["pkcs11.pin-refused"])
            #expect(!problems.description.contains("wrong\""), "the PIN is not repeated")
        }
        _ = try Settings.generate(
            KeyOrder(use: .openIDSigning, kind: .p256, name: "file", algorithm: "ES256"), in: deployment.path, at: Deployment.now)
        _ = try Settings.promote(key: "file", in: deployment.path, at: Deployment.later(1))
        #expect(deployment.problems(at: Deployment.later(1)).isEmpty)
    }

    @Test func `lends its plan to all keys of the folder, and keeps it when others change`() throws {
        let deployment = try Deployment.curved()
        let token = try SoftToken()
        _ = try token.adopt(.openIDSigning, .p256, algorithm: "ES256", in: deployment)
        let text = try deployment.read("Keys/keys.yaml")
        #expect(
            text.contains("pkcs11: {module: \"\(SoftToken.module)\", pin-source: \"file:\(token.pinFile)\", patience: 2s, sessions: 4}"))
        #expect(!text.contains(SoftToken.pin))
        try deployment.edit("Keys/keys.yaml", "patience: 2s, sessions: 4", "patience: 5s, sessions: 2")
        _ = try Settings.promote(key: "new", in: deployment.path, at: Deployment.now)
        let plan = try deployment.load().keyPlan
        #expect((plan.tokens.patience, plan.tokens.sessions, plan.tokens.pin) == (5, 2, .file(token.pinFile)))
    }

    @Test func `wants its PIN from a file that nobody else reads`() throws {
        let deployment = try Deployment.curved()
        let token = try SoftToken()
        _ = try token.adopt(.openIDSigning, .p256, algorithm: "ES256", in: deployment)
        for mode in [0o440, 0o404, 0o666] {
            try SoftToken.write(SoftToken.pin, to: token.pinFile, mode: mode)
            let problems = deployment.problems()
            #expect(problems.map(\.code) == ["pkcs11.pin-missing"])
            #expect(problems.first?.remedy == "chmod 400 " + token.pinFile)
        }
        try SoftToken.write(SoftToken.pin + "\n", to: token.pinFile)
        #expect(deployment.problems().isEmpty)
        try deployment.edit("Keys/keys.yaml", "file:" + token.pinFile, "env:SEKISHO_TOKEN_PIN")
        #expect(deployment.codes() == ["pkcs11.pin-missing"])
        #expect(deployment.problems(["SEKISHO_TOKEN_PIN": SoftToken.pin]).isEmpty)
    }

    @Test func `that the world knows is refused in production, wherever its private half is`() throws {
        let deployment = try Production.deployment()
        let token = try SoftToken()
        _ = try token.adopt(.openIDSigning, .p256, algorithm: "ES256", in: deployment)
        #expect(deployment.problems().isEmpty)
        let sample = try PrivateKey(
            pem: [UInt8](Data(contentsOf: Deployment.repository("Keys/openid-es256.key.pem"))))
        try deployment.write("Keys/new.pub.pem", PEM.encode(sample.publicKey.spki, label: "PUBLIC KEY"))
        #expect(deployment.codes().contains("production.development-key"))
    }
}

@Suite struct `An entry for a token` {
    private static func plan(_ entry: String, _ head: String = "") -> String {
        """
        \(head)keys:
          - {name: saml, use: saml-signing, key: saml-signing.key.pem, certificate: saml-signing.crt.pem, from: 2026-01-01T00:00:00Z}
          - {name: rs, use: openid-signing, algorithm: RS256, key: openid-rs256.key.pem, from: 2026-01-01T00:00:00Z}
          - {name: es, use: openid-signing, algorithm: ES256, key: openid-es256.key.pem, from: 2026-01-01T00:00:00Z}
          - {name: enc, use: saml-encryption, key: saml-encryption.key.pem, certificate: saml-encryption.crt.pem, from: 2026-01-01T00:00:00Z}
        \(entry)
        """
    }

    @Test(
        arguments: [
            ("token: \"pkcs11:token=T;object=k?pin-value=secret99\", public: x.pub.pem", "keys.token"),
            ("token: \"pkcs11:token=T\", public: x.pub.pem", "keys.token"), ("token: \"pkcs11:object=k\", public: x.pub.pem", "keys.token"),
            ("token: \"/dev/token\", public: x.pub.pem", "keys.token"), ("token: \"pkcs11:token=T;object=k\"", "keys.files"),
            ("token: \"pkcs11:token=T;object=k\", public: x.pub.pem, key: openid-es256-next.key.pem", "keys.files"),
            ("token: \"pkcs11:token=T;object=k\", public: x.pub.pem, passphrase-source: \"env:X\"", "keys.files"),
            ("token: \"pkcs11:token=T;object=k\", public: x.pub.pem", "pkcs11.module"),
            ("token: \"pkcs11:token=T;object=k?module-path=relative.so\", public: x.pub.pem", "pkcs11.module"),
            ("token: \"pkcs11:token=T;object=k?module-path=/nowhere.so&pin-source=secret99\", public: x.pub.pem", "keys.secret-source"),
            ("token: \"pkcs11:token=T;object=k?module-path=/nowhere.so\", public: x.pub.pem", "pkcs11.module"),
            (
                "token: \"pkcs11:token=T;object=k?module-path=/nowhere.so&pin-source=file:/nowhere/pin\", public: x.pub.pem",
                "pkcs11.pin-missing"
            ),
        ]) func `is refused where it is no good, and what it holds is not repeated`(parts: String, code: String) throws
    {
        let deployment = try Deployment()
        try deployment.write("Keys/x.pub.pem", PEM.encode(try PrivateKey.generate(.ec(.p384)).publicKey.spki, label: "PUBLIC KEY"))
        try deployment.write(
            "Keys/keys.yaml", Self.plan("  - {name: x, use: openid-signing, algorithm: ES384, \(parts)}\n"))
        if parts.contains("openid-es256-next") {
            try deployment.write("Keys/openid-es256-next.key.pem", try PrivateKey.generate(.ec(.p384)).exportPEM())
        }
        let problems = deployment.problems().filter { $0.code != "file.unexpected" }
        #expect(problems.map(\.code) == [code], "\(problems)")
        #expect(!problems.description.contains("secret99"))
    }

    @Test(
        arguments: [
            ("pkcs11: {module: relative.so}\n", "pkcs11.module"), ("pkcs11: {pin-source: \"1234secret\"}\n", "keys.secret-source"),
            ("pkcs11: {pin: 1234}\n", "yaml.key.unknown"), ("pkcs11: {patience: 2m}\n", "yaml.value"),
            ("pkcs11: {sessions: 0}\n", "yaml.value"),
            ("passphrase-source: hunter22\n", "keys.secret-source"), ("pkcs11: {pin-source: \"file:relative\"}\n", "keys.secret-source"),
            ("pkcs11: {pin-source: \"env:a b\"}\n", "keys.secret-source"),
        ]) func `stands beside a plan that is as strict`(head: String, code: String) throws
    {
        let deployment = try Deployment()
        try deployment.write("Keys/keys.yaml", Self.plan("", head))
        #expect(deployment.codes() == [code])
        #expect(!deployment.problems().description.contains("1234secret") && !deployment.problems().description.contains("hunter22"))
    }
}

@Suite struct `An encrypted key file` {
    private static func deployment(_ head: String, _ entry: String = "") throws -> Deployment {
        let deployment = try Deployment()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "pkcs8", "-topk8", "-in", deployment.path + "/Keys/openid-es256.key.pem", "-out", deployment.path + "/Keys/closed.key.pem",
            "-passout", "pass:open sesame",
        ]
        try process.run()
        process.waitUntilExit()
        try deployment.remove("Keys/openid-es256.key.pem")
        try deployment.write(
            "Keys/keys.yaml",
            """
            \(head)keys:
              - {name: saml, use: saml-signing, key: saml-signing.key.pem, certificate: saml-signing.crt.pem, from: 2026-01-01T00:00:00Z}
              - {name: rs, use: openid-signing, algorithm: RS256, key: openid-rs256.key.pem, from: 2026-01-01T00:00:00Z}
              - {name: es, use: openid-signing, algorithm: ES256, key: closed.key.pem, from: 2026-01-01T00:00:00Z\(entry)}
              - {name: enc, use: saml-encryption, key: saml-encryption.key.pem, certificate: saml-encryption.crt.pem, from: 2026-01-01T00:00:00Z}

            """)
        return deployment
    }

    @Test(arguments: [("passphrase-source: \"env:PASS\"\n", ""), ("", ", passphrase-source: \"env:PASS\"")])
    func `opens with the passphrase from where the plan says`(head: String, entry: String) throws {
        let deployment = try Self.deployment(head, entry)
        #expect(deployment.problems(["PASS": "open sesame"]).isEmpty)
        let wrong = deployment.problems(["PASS": "close sesame"])
        #expect(wrong.map(\.code) == ["key.passphrase"])
        #expect(!wrong.description.contains("close sesame"))
        #expect(deployment.problems().map(\.code) == ["key.passphrase"])
        // The lines stay when the plan is written anew.
        _ = try Settings.order(keys: .nextFirst, in: deployment.path, environment: ["PASS": "open sesame"], at: Deployment.now)
        #expect(try deployment.read("Keys/keys.yaml").contains("passphrase-source: \"env:PASS\""))
        #expect(deployment.problems(["PASS": "open sesame"]).isEmpty)
    }

    @Test func `opens with one from a file`() throws {
        let path = NSTemporaryDirectory() + "/sekisho-passphrase-" + UUID().uuidString
        try SoftToken.write("open sesame\n", to: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let deployment = try Self.deployment("passphrase-source: \"file:\(path)\"\n")
        #expect(deployment.problems().isEmpty)
        try SoftToken.write("open sesame\n", to: path, mode: 0o644)
        #expect(deployment.codes() == ["key.passphrase"])
    }

    @Test func `is refused without one, and with the remedy`() throws {
        let problems = try Self.deployment("").problems()
        #expect(problems.map(\.code) == ["key.encrypted"])
        #expect(problems.first?.remedy.contains("passphrase-source") == true)
    }
}
