import Cryptography
import Foundation
import JOSE
import OpenID
import SAML
import Settings
import Testing
import Vocabulary

extension Deployment {
    private static let pair: Result<(key: [UInt8], certificate: String), any Error> = Result {
        let key = try PrivateKey.generate(.ec(.p256))
        let certificate = try SelfSigned.certificate(
            for: key, commonName: "message signing", notBefore: now, notAfter: now.adding(seconds: 400 * 86_400))
        return (try key.exportPEM(), PEM.encode(certificate, label: "CERTIFICATE"))
    }

    /// With a message key whose successors are made quickly.
    static func curved() throws -> Deployment {
        let deployment = try Deployment()
        let pair = try pair.get()
        try deployment.write("Keys/saml-signing.key.pem", pair.key)
        try deployment.write("Keys/saml-signing.crt.pem", pair.certificate)
        return deployment
    }

    static func later(_ hours: Int64) -> Timestamp { now.adding(seconds: hours * 3600) }

    /// As the server does when it begins to show the keys.
    func serve(at moment: Timestamp = now) throws { try load(at: moment).noteKeys(at: moment) }

    func key(_ name: String, at moment: Timestamp = now) throws -> HeldKey {
        try #require(try load(at: moment).keys.first { $0.entry.name == name })
    }

    func state(_ name: String, at moment: Timestamp) throws -> KeyLife.State { try key(name, at: moment).life.state(at: moment) }

    func next(_ use: KeyUse = .samlSigning, _ kind: KeyOrder.Kind = .p256, algorithm: String? = nil, at moment: Timestamp = now) throws
        -> KeyChange
    {
        try Settings.generate(KeyOrder(use: use, kind: kind, name: "new", algorithm: algorithm), in: path, at: moment)
    }

    /// The codes that a change is refused with; empty when it was made.
    func refused(_ change: () throws -> KeyChange) -> [String] {
        do {
            _ = try change()
            return []
        } catch let problems as SettingsProblems {
            return problems.problems.map(\.code)
        } catch {
            return ["\(error)"]
        }
    }
}

@Suite struct `A fresh key` {
    @Test func `is written for its owner alone, and waits`() throws {
        let deployment = try Deployment.curved()
        let change = try deployment.next()
        #expect(change.told.first?.hasPrefix("`new` (P-256) waits as next") == true)
        #expect(try deployment.state("new", at: Deployment.now) == .next)
        let facts = try FileManager.default.attributesOfItem(atPath: deployment.path + "/Keys/new.key.pem")
        #expect(facts[.posixPermissions] as? Int == 0o600)
        let provider = change.configuration.identityProvider
        #expect(provider.signingKeys.published(at: Deployment.now).map(\.name) == ["saml-signing", "new"])
        #expect(provider.signingKey(at: Deployment.now).fingerprint == (try deployment.key("saml-signing").fingerprint))
    }

    @Test(arguments: [
        (KeyUse.openIDSigning, KeyOrder.Kind.p384, "ES384", JWSAlgorithm.es384), (.openIDSigning, .ed25519, "EdDSA", .eddsa),
        (.openIDSigning, .rsa2048, "PS256", .ps256),
    ]) func `may be for an algorithm that had none`(use: KeyUse, kind: KeyOrder.Kind, name: String, algorithm: JWSAlgorithm) throws {
        let deployment = try Deployment.curved()
        _ = try deployment.next(use, kind, algorithm: name)
        #expect(try deployment.load().openIDProvider.signingKey(for: algorithm, at: Deployment.now) == nil, "it waits")
        let change = try Settings.promote(key: "new", in: deployment.path, at: Deployment.now)
        #expect(change.configuration.openIDProvider.signingKey(for: algorithm, at: Deployment.now) != nil)
        #expect(change.configuration.openIDProvider.algorithms(at: Deployment.now).contains(algorithm))
    }

    @Test(
        arguments: [
            (KeyUse.openIDSigning, KeyOrder.Kind.rsa2048, "ES256", "key.kind"), (.openIDSigning, .p256, "HS256", "key.algorithm"),
            (.openIDSigning, .x25519, "EdDSA", "key.kind"), (.samlSigning, .x25519, nil, "keys.generate"),
            (.openIDEncryption, .ed25519, nil, "key.algorithm"), (.openIDEncryption, .x25519, "RSA-OAEP-256", "key.algorithm"),
            (.openIDEncryption, .p256, "ECDH-ES+A192KW", "key.algorithm"), (.openIDEncryption, .rsa2048, "RSA-OAEP", "key.algorithm"),
            (.samlSigning, .ed25519, nil, "key.kind"), (.samlSigning, .p256, "rsa-sha256", "key.algorithm"),
        ] as [(KeyUse, KeyOrder.Kind, String?, String)])
    func `of a kind that cannot serve its use is not kept`(use: KeyUse, kind: KeyOrder.Kind, algorithm: String?, code: String) throws {
        let deployment = try Deployment.curved()
        #expect(deployment.refused { try deployment.next(use, kind, algorithm: algorithm) } == [code])
        #expect(deployment.problems().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: deployment.path + "/Keys/new.key.pem"))
        #expect(!FileManager.default.fileExists(atPath: deployment.path + "/Keys/keys.yaml"))
    }

    @Test func `for encryption is shown when it is promoted, while both decrypt`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        let waiting = try deployment.next(.samlEncryption, .rsa2048).configuration
        #expect(waiting.identityProvider.decryptionKeys(at: Deployment.now).count == 2)
        let promoted = try Settings.promote(key: "new", in: deployment.path, at: Deployment.later(1)).configuration
        #expect(promoted.identityProvider.decryptionKeys(at: Deployment.later(1)).count == 2)
        #expect(promoted.identityProvider.decryptionKeys(at: Deployment.later(15 * 24)).count == 1, "the former one is gone")
        #expect(promoted.identityProvider.encryption.filter { $0.life.state(at: Deployment.later(1)) == .current }.map(\.name) == ["new"])
    }
}

@Suite struct `Publish before use, asks 1 and 2 and checklist C12` {
    @Test func `lets a key sign only when everybody can have seen it`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        _ = try deployment.next()
        try deployment.serve(at: Deployment.later(1))
        func promote(_ hours: Int64) -> [String] {
            deployment.refused { try Settings.promote(key: "new", in: deployment.path, at: Deployment.later(hours)) }
        }
        #expect(promote(2) == ["keys.publish-before-use"])
        #expect(try deployment.state("new", at: Deployment.later(2)) == .next)
        #expect(promote(7) == [])
        #expect(try deployment.state("new", at: Deployment.later(7)) == .current)
        #expect(try deployment.state("saml-signing", at: Deployment.later(7)) == .retiring)
    }

    @Test func `tells since when, until when, and what to do`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        _ = try deployment.next()
        do {
            _ = try Settings.promote(key: "new", in: deployment.path, at: Deployment.now)
            Issue.record("a key was promoted that nobody has seen")
        } catch {
            let problem = try #require(error.problems.first)
            #expect(problem.message.contains("no server has read it") && problem.message.contains("6 h"))
            #expect(problem.remedy.contains("--from \(Deployment.later(6).text)") && problem.remedy.contains("--early"))
        }
    }

    @Test func `takes a date in the future instead, and keeps to it without a reload`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        _ = try deployment.next()
        let begins = Deployment.later(30)
        let configuration = try Settings.promote(key: "new", from: begins, in: deployment.path, at: Deployment.now).configuration
        let provider = configuration.identityProvider
        let (old, new) = (try deployment.key("saml-signing").fingerprint, try deployment.key("new").fingerprint)
        #expect(provider.signingKey(at: begins.adding(seconds: -1)).fingerprint == old)
        #expect(provider.signingKey(at: begins).fingerprint == new)
        #expect(provider.signingKeys.published(at: begins).map(\.name) == ["new", "saml-signing"], "the old key stays published")
        #expect(provider.signingKeys.published(at: begins.adding(seconds: 15 * 86_400)).map(\.name) == ["new"])
        #expect(provider.nextKeyEvent(after: Deployment.now) == begins)
    }

    @Test func `is enforced against an edited keys.yaml too`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        _ = try deployment.next()
        let plan = try deployment.read("Keys/keys.yaml")
        try deployment.write("Keys/keys.yaml", plan + "    from: 2026-11-21T04:00:00Z\n")
        let problems = deployment.problems(at: Deployment.later(1))
        #expect(problems.map(\.code) == ["keys.publish-before-use"] && problems.first?.file == "Keys/keys.yaml")
        #expect(problems.first?.line == (try deployment.line(of: "- name: \"new\"", in: "Keys/keys.yaml")))
        try deployment.write("Keys/keys.yaml", plan + "    from: 2026-11-21T04:00:00Z\n    retired: 2027-11-21T04:00:00Z\n")
        #expect(deployment.problems(at: Deployment.later(1)).map(\.code) == ["keys.publish-before-use"])
    }

    @Test func `is enforced against a key file that was replaced in its place`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        try deployment.write("Keys/openid-es256.key.pem", try PrivateKey.generate(.ec(.p256)).exportPEM())
        let problems = deployment.problems(at: Deployment.later(1))
        #expect(problems.map(\.code) == ["keys.publish-before-use"] && problems.first?.file == "Keys/openid-es256.key.pem")
    }

    @Test func `is satisfied by the old way of renaming files, after an hour for tokens`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        try deployment.write("Keys/openid-es256-next.key.pem", try PrivateKey.generate(.ec(.p256)).exportPEM())
        try deployment.serve()
        try deployment.write("Keys/openid-es256.key.pem", try deployment.read("Keys/openid-es256-next.key.pem"))
        try deployment.remove("Keys/openid-es256-next.key.pem")
        #expect(deployment.problems(at: Deployment.now.adding(seconds: 3599)).map(\.code) == ["keys.publish-before-use"])
        #expect(deployment.problems(at: Deployment.later(1)).isEmpty)
    }

    @Test func `asks nothing of a folder that was never served`() throws {
        let deployment = try Deployment.curved()
        _ = try deployment.next()
        #expect(deployment.refused { try Settings.promote(key: "new", in: deployment.path, at: Deployment.now) } == [])
    }

    @Test func `gives way to a reason, loudly`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        _ = try deployment.next()
        let change = try Settings.promote(key: "new", early: "the HSM burnt", in: deployment.path, at: Deployment.now)
        #expect(change.configuration.notices.contains { $0.code == "keys.early" && $0.message.contains("the HSM burnt") })
        #expect(try deployment.state("new", at: Deployment.now) == .current)
    }

    @Test func `holds for a first key of our metadata too, and the message key signs it until then`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        let waiting = try deployment.next(.samlMetadata, .p384).configuration.identityProvider
        let message = waiting.signingKey(at: Deployment.now).fingerprint
        #expect(waiting.metadataSigner(at: Deployment.now).fingerprint == message)
        #expect(waiting.metadataCertificates(at: Deployment.now).components(separatedBy: "# ").count == 3, "the next one is shown")
        #expect(
            deployment.refused { try Settings.promote(key: "new", in: deployment.path, at: Deployment.now) } == ["keys.publish-before-use"])
        let begins = Deployment.later(7)
        let promoted = try Settings.promote(key: "new", from: begins, in: deployment.path, at: Deployment.now).configuration
            .identityProvider
        #expect(promoted.metadataSigner(at: begins.adding(seconds: -1)).fingerprint == message)
        #expect(promoted.metadataSigner(at: begins).fingerprint == (try deployment.key("new").fingerprint))
        #expect(promoted.signingKey(at: begins).fingerprint == message)
    }

    @Test func `says so when the record of it is damaged`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        #expect(try !deployment.load().notices.contains { $0.code == "keys.ledger" })
        try deployment.write("State/keys.json", "{")
        #expect(try deployment.load().notices.contains { $0.code == "keys.ledger" })
    }

    @Test func `survives a restart: what is in use stays in use`() throws {
        let deployment = try Deployment.curved()
        for moment in [Deployment.now, Deployment.now.adding(seconds: 1), Deployment.later(1)] {
            try deployment.serve(at: moment)
            #expect(deployment.problems(at: moment.adding(seconds: 1)).isEmpty)
        }
        let ledger = KeyLedger(at: try deployment.load().keyLedgerPath)
        #expect(ledger.lines.values.allSatisfy { $0.published == Deployment.now })
    }
}

@Suite struct `A key that steps back` {
    @Test func `is published until what it signed has expired, and no date may say otherwise`() throws {
        let deployment = try Deployment.curved()
        _ = try deployment.next()
        _ = try Settings.promote(key: "new", in: deployment.path, at: Deployment.now)
        #expect(
            deployment.refused {
                try Settings.retire(key: "saml-signing", until: Deployment.now.adding(seconds: 60), in: deployment.path, at: Deployment.now)
            } == ["keys.retiring"])
        #expect(
            deployment.refused {
                try Settings.retire(key: "saml-signing", until: Deployment.later(1), in: deployment.path, at: Deployment.now)
            } == [])
        #expect(try deployment.state("saml-signing", at: Deployment.now.adding(seconds: 3599)) == .retiring)
        #expect(try deployment.state("saml-signing", at: Deployment.later(1)) == .gone)
        #expect(deployment.refused { try Settings.remove(key: "saml-signing", in: deployment.path, at: Deployment.later(1)) } == [])
        #expect(!FileManager.default.fileExists(atPath: deployment.path + "/Keys/saml-signing.key.pem"))
        #expect(deployment.problems(at: Deployment.later(1)).isEmpty)
    }

    @Test func `keeps its word to a member that trusts it alone`() throws {
        let deployment = try Deployment.curved()
        let pin = try #require(try deployment.key("saml-signing").fingerprint)
        try deployment.addMinistry(yaml: "  signing-key: \(pin)\n")
        _ = try deployment.next()
        let promoted = try Settings.promote(key: "new", in: deployment.path, at: Deployment.now).configuration
        let member = try #require(promoted.federation.serviceProvider("https://ministry.example/sp"))
        #expect(promoted.identityProvider.signingKey(for: member, at: Deployment.now).fingerprint == pin)
        #expect(
            deployment.refused { try Settings.retire(key: "saml-signing", in: deployment.path, at: Deployment.later(1)) } == ["keys.pinned"]
        )
        // When it goes all the same, the operator hears of it.
        #expect(try deployment.load(at: Deployment.later(24 * 15)).notices.contains { $0.code == "member.signing-key" })
    }

    @Test func `can come back`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        _ = try deployment.next()
        try deployment.serve()
        _ = try Settings.promote(key: "new", in: deployment.path, at: Deployment.later(7))
        _ = try Settings.promote(key: "saml-signing", in: deployment.path, at: Deployment.later(8))
        #expect(try deployment.state("saml-signing", at: Deployment.later(8)) == .current)
        #expect(try deployment.state("new", at: Deployment.later(8)) == .retiring)
    }

    @Test func `is refused to go when nothing would sign`() throws {
        let deployment = try Deployment.curved()
        let before = try deployment.read("Keys/saml-signing.key.pem")
        #expect(
            deployment.refused { try Settings.retire(key: "saml-signing", in: deployment.path, at: Deployment.now) } == [
                "keys.none-current"
            ])
        #expect(
            deployment.refused { try Settings.revoke(key: "openid-es256", reason: "lost", in: deployment.path, at: Deployment.now) }
                == ["keys.none-current"])
        #expect(try deployment.read("Keys/saml-signing.key.pem") == before && deployment.problems().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: deployment.path + "/Keys/keys.yaml"))
    }

    @Test func `may leave the field to another family`() throws {
        let deployment = try Deployment()
        _ = try deployment.next(.samlSigning, .p256)
        _ = try Settings.promote(key: "new", in: deployment.path, at: Deployment.now)
        let configuration = try Settings.retire(key: "saml-signing", in: deployment.path, at: Deployment.later(1)).configuration
        #expect(configuration.identityProvider.signingKey(at: Deployment.later(1)).algorithm == .ecdsa(.sha256))
    }
}

@Suite struct `A client that wants another algorithm` {
    @Test func `is registered when there is a key for it, and keeps that key`() throws {
        let deployment = try Deployment.curved()
        try deployment.addShop(openid: "  id-token-algorithm: ES384\n")
        #expect(deployment.codes() == ["member.algorithm"])
        try deployment.remove("Metadata/members/shop.yaml")
        _ = try deployment.next(.openIDSigning, .p384, algorithm: "ES384")
        _ = try Settings.promote(key: "new", in: deployment.path, at: Deployment.now)
        try deployment.addShop(openid: "  id-token-algorithm: ES384\n")
        #expect(deployment.problems().isEmpty)
        #expect(deployment.refused { try Settings.retire(key: "new", in: deployment.path, at: Deployment.now) } == ["member.algorithm"])
        #expect(
            deployment.refused { try Settings.revoke(key: "new", reason: "test", in: deployment.path, at: Deployment.now) } == [
                "member.algorithm"
            ])
    }
}

@Suite struct `A stolen key` {
    @Test func `does nothing any more, and the waiting one takes its place at once`() throws {
        let deployment = try Deployment.curved()
        try deployment.serve()
        _ = try deployment.next()
        let change = try Settings.revoke(key: "saml-signing", reason: "stolen laptop", in: deployment.path, at: Deployment.later(1))
        let provider = change.configuration.identityProvider
        #expect(provider.signingKey(at: Deployment.later(1)).fingerprint == (try deployment.key("new").fingerprint))
        #expect(provider.signingKeys.published(at: Deployment.later(1)).map(\.name) == ["new"])
        #expect(change.configuration.notices.contains { $0.code == "keys.early" && $0.message.contains("stolen laptop") })
        #expect(
            deployment.refused { try Settings.promote(key: "saml-signing", in: deployment.path, at: Deployment.later(2)) } == ["keys.state"]
        )
    }

    @Test func `for tokens disappears from the key set`() throws {
        let deployment = try Deployment.curved()
        _ = try deployment.next(.openIDSigning, .p256, algorithm: "ES256")
        let old = try #require(try deployment.key("openid-es256").keyID)
        let provider = try Settings.revoke(key: "openid-es256", reason: "test", in: deployment.path, at: Deployment.now).configuration
            .openIDProvider
        let names = try JWKSet(reading: provider.jwks(at: Deployment.now)).keys.compactMap(\.keyID)
        #expect(names.count == 2 && !names.contains(old))
    }
}

@Suite struct `The plan of keys` {
    @Test func `is read as it was written`() throws {
        let deployment = try Deployment.curved()
        _ = try deployment.next()
        let plan = try deployment.load().keyPlan
        _ = try Settings.order(keys: .nextFirst, in: deployment.path, at: Deployment.now)
        let again = try deployment.load().keyPlan
        #expect(again.order == .nextFirst && plan.order == .currentFirst)
        #expect(again.entries.map(\.name) == plan.entries.map(\.name) && again.isWritten)
        #expect(try deployment.load().identityProvider.signingKeys.published(at: Deployment.now).map(\.name) == ["new", "saml-signing"])
    }

    @Test(arguments: [
        ("name: \"new\"", "name: \"saml-signing\"", "keys.name"), ("name: \"new\"", "name: \"a b\"", "keys.name"),
        ("use: saml-signing\n    key: \"new.key.pem\"", "use: saml-singing\n    key: \"new.key.pem\"", "yaml.value"),
        ("certificate: \"new.crt.pem\"", "certificate: \"../x.pem\"", "keys.file"),
        ("certificate: \"new.crt.pem\"", "from: tomorrow", "yaml.value"),
        ("certificate: \"new.crt.pem\"", "public: \"new.crt.pem\"", "keys.files"),
        ("certificate: \"new.crt.pem\"", "certificate: \"saml-signing.crt.pem\"", "key.certificate"),
        ("certificate: \"new.crt.pem\"", "certificate: \"new.crt.pem\"\n    colour: red", "yaml.key.unknown"),
        ("order: current-first", "order: newest", "yaml.value"), ("saml: 1209600s", "saml: 1m", "yaml.value"),
    ]) func `that is wrong is told`(old: String, new: String, code: String) throws {
        let deployment = try Deployment.curved()
        _ = try deployment.next()
        try deployment.edit("Keys/keys.yaml", old, new)
        #expect(deployment.codes().contains(code), "\(deployment.problems())")
    }

    @Test func `has one beginning for each family`() throws {
        let deployment = try Deployment.curved()
        _ = try deployment.next()
        try deployment.write("Keys/keys.yaml", try deployment.read("Keys/keys.yaml") + "    from: \"0001-01-01T00:00:00Z\"\n")
        #expect(deployment.codes() == ["keys.moment"])
    }

    @Test func `names every key file`() throws {
        let deployment = try Deployment.curved()
        _ = try deployment.next()
        try deployment.write("Keys/openid-es256-next.key.pem", try PrivateKey.generate(.ec(.p256)).exportPEM())
        #expect(deployment.codes() == ["file.unexpected"])
    }

    @Test func `refuses one key under two names`() throws {
        let deployment = try Deployment.curved()
        for part in ["key", "crt"] {
            try deployment.write("Keys/saml-signing-next.\(part).pem", try deployment.read("Keys/saml-signing.\(part).pem"))
        }
        #expect(deployment.codes() == ["keys.twin"])
    }
}
