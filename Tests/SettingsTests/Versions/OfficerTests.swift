import Cryptography
import Foundation
import JOSE
import Settings
import Testing
import Vocabulary

@Suite struct `Officers of a deployment` {
    @Test func `are read from Keys/officers, with a key in the file, beside it, or as a JWK`() throws {
        let deployment = try Deployment()
        let officials = try Officials()
        try deployment.make("Keys/officers")
        try deployment.write("Keys/officers/sato.yaml", try officials.file("sato"))
        try deployment.write("Keys/officers/suzuki.pub.pem", try officials.pem("suzuki"))
        try deployment.write(
            "Keys/officers/suzuki.yaml",
            "name: 鈴木\nroles: [registrar, policy-officer]\npublic-key-file: suzuki.pub.pem\n" + Officials.long)
        let jwk = JWK(try officials.key("tanaka").publicKey, keyID: "any", algorithm: .es256)
        try deployment.write(
            "Keys/officers/tanaka.yaml",
            "name: 田中\nroles: [registrar]\npublic-key: '\(jwk.json.text)'\nrevoked: true\n" + Officials.long)
        let officers = try deployment.load().officers
        #expect(officers.all.map(\.id) == ["sato", "suzuki", "tanaka"])
        #expect(officers["suzuki"]?.roles == [.registrar, .policyOfficer])
        #expect(officers["tanaka"]?.key?.thumbprint == jwk.thumbprint)
        #expect(officers.count(.policyOfficer, at: Deployment.now) == 2)
        #expect(officers.count(.registrar, at: Deployment.now) == 1, "a revoked officer signs for nothing")
        #expect(officers.count(.policyOfficer, at: Deployment.now.adding(seconds: 200 * 86_400)) == 0)
    }

    @Test(arguments: [
        ("roles: [policy-officer]", "roles: [policy-officers]", "yaml.value"), ("roles: [policy-officer]", "roles: []", "officer.roles"),
        ("name: sato", "names: sato", "yaml.key.missing"), ("not-after: 2027-03-31", "not-after: 2025-03-31", "officer.dates"),
        ("public-key: |", "public-key-file: none.pem\npublic-key: |", "officer.key"),
        ("-----BEGIN PUBLIC KEY-----", "-----BEGIN NOTHING-----", "officer.key"),
        ("PUBLIC KEY", "PRIVATE KEY", "officer.key"),
    ]) func `are refused with what is wrong`(old: String, new: String, code: String) throws {
        let deployment = try Deployment()
        let officials = try Officials()
        try deployment.make("Keys/officers")
        try deployment.write(
            "Keys/officers/sato.yaml", try officials.file("sato").replacingOccurrences(of: old, with: new))
        #expect(deployment.codes().contains(code), "\(deployment.problems())")
    }

    @Test func `never share a key, and no stray file stands beside them`() throws {
        let deployment = try Deployment()
        let officials = try Officials()
        try deployment.make("Keys/officers")
        try deployment.write("Keys/officers/sato.yaml", try officials.file("sato"))
        try deployment.write("Keys/officers/twin.yaml", try officials.file("sato"))
        #expect(deployment.codes() == ["officer.key.shared"])
        try deployment.remove("Keys/officers/twin.yaml")
        #expect(deployment.codes() == [])
        try deployment.write("Keys/officers/sato.key.pem", try officials.key("sato").exportPEM())
        #expect(deployment.codes() == ["file.unexpected"])
    }
}

@Suite struct `An officer's signature` {
    private static let digest = Digest.sha256(Array("a change".utf8))

    private static func officers(_ officials: Officials, revoked: Bool = false) -> Officers {
        Officers(
            officials.keys.sorted { $0.key < $1.key }.map { name, key in
                Officer(
                    id: name, name: name, roles: [.policyOfficer], key: JWK(unnamed: key.publicKey),
                    notBefore: Deployment.now.adding(seconds: -86_400), notAfter: Deployment.now.adding(seconds: 86_400),
                    isRevoked: revoked)
            })
    }

    @Test(arguments: [KeyKind.ec(.p256), .ec(.p384), .ed25519, .rsa(bits: 2048)])
    func `is believed for exactly what was signed`(kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        let officers = Officers([
            Officer(
                id: "sato", name: "佐藤", roles: [.registrar], key: JWK(unnamed: key.publicKey), notBefore: Deployment.now,
                notAfter: Deployment.now.adding(seconds: 60))
        ])
        let signed = try SignedChange.signed(.member, digest: Self.digest, reason: "審査済み", as: "sato", with: key, at: Deployment.now)
        let read = try SignedChange(reading: signed.text)
        let approved = try read.verified(.member, digest: Self.digest, by: officers, at: Deployment.now)
        #expect(approved.officer.name == "佐藤" && approved.reason == "審査済み" && approved.at == Deployment.now)
        #expect(throws: OfficerRefusal.otherDigest("sato")) {
            try read.verified(.member, digest: Digest.sha256([1]), by: officers, at: Deployment.now)
        }
        #expect(throws: OfficerRefusal.role("sato", needs: .policyOfficer)) {
            try read.verified(.policy, digest: Self.digest, by: officers, at: Deployment.now)
        }
    }

    @Test func `does not count from somebody else, out of term, out of date or for another kind`() throws {
        let officials = try Officials()
        let officers = Self.officers(officials)
        func sign(_ name: String, as other: String? = nil, kind: ChangeKind = .policy, at: Timestamp = Deployment.now) throws
            -> SignedChange
        {
            try SignedChange.signed(
                kind, digest: Self.digest, reason: "r", as: other ?? name, with: try officials.key(name), at: at)
        }
        let now = Deployment.now
        #expect(throws: OfficerRefusal.signature("suzuki", .signature)) {
            try sign("sato", as: "suzuki").verified(.policy, digest: Self.digest, by: officers, at: now)
        }
        #expect(throws: OfficerRefusal.unknownOfficer("nobody")) {
            try sign("sato", as: "nobody").verified(.policy, digest: Self.digest, by: officers, at: now)
        }
        #expect(throws: OfficerRefusal.otherKind("sato", is: "member-change")) {
            try sign("sato", kind: .member).verified(.policy, digest: Self.digest, by: officers, at: now)
        }
        let early = now.adding(seconds: -2 * 86_400)
        #expect(throws: OfficerRefusal.term("sato", at: early)) {
            try sign("sato", at: early).verified(.policy, digest: Self.digest, by: officers, at: now)
        }
        let future = now.adding(seconds: 3600)
        #expect(throws: OfficerRefusal.term("sato", at: future)) {
            try sign("sato", at: future).verified(.policy, digest: Self.digest, by: officers, at: now)
        }
        let later = now.adding(seconds: 2 * 86_400)
        #expect(throws: OfficerRefusal.stale("sato", at: now)) {
            try sign("sato").verified(.policy, digest: Self.digest, by: officers, within: 7 * 86_400, at: later)
        }
        #expect(try sign("sato").verified(.policy, digest: Self.digest, by: officers, at: later).officer.id == "sato", "it was right then")
        #expect(throws: OfficerRefusal.revoked("sato")) {
            try sign("sato").verified(.policy, digest: Self.digest, by: Self.officers(officials, revoked: true), at: now)
        }
    }

    @Test func `counts once for each officer, and not for one who is left out`() throws {
        let officials = try Officials()
        let officers = Self.officers(officials)
        func sign(_ name: String) throws -> SignedChange {
            try SignedChange.signed(
                .policy, digest: Self.digest, reason: "r", as: name, with: try officials.key(name), at: Deployment.now)
        }
        let changes = [try sign("sato"), try sign("sato"), try sign("suzuki")]
        #expect(try officers.approved(changes, .policy, digest: Self.digest, by: 2, at: Deployment.now).count == 2)
        #expect(throws: OfficerRefusal.tooFew(signed: ["sato", "suzuki"], needed: 3)) {
            try officers.approved(changes, .policy, digest: Self.digest, by: 3, at: Deployment.now)
        }
        #expect(throws: OfficerRefusal.tooFew(signed: ["suzuki"], needed: 2)) {
            try officers.approved(changes, .policy, digest: Self.digest, by: 2, besides: ["sato"], at: Deployment.now)
        }
    }

    /// A stolen key takes no other officer's word with it; a forged signature takes all.
    @Test func `of somebody who left office is passed over, and a forged one refuses the whole`() throws {
        let officials = try Officials()
        func sign(_ name: String, with key: PrivateKey? = nil) throws -> SignedChange {
            try SignedChange.signed(
                .policy, digest: Self.digest, reason: "r", as: name, with: try key ?? officials.key(name), at: Deployment.now)
        }
        let officers = Officers(
            Self.officers(officials).all.filter { $0.id != "sato" } + Self.officers(officials, revoked: true).all.filter { $0.id == "sato" }
        )
        let changes = [try sign("sato"), try sign("suzuki"), try sign("tanaka")]
        let counted = try officers.approved(changes, .policy, digest: Self.digest, by: 2, at: Deployment.now)
        #expect(counted.map(\.officer.id) == ["suzuki", "tanaka"])
        #expect(throws: OfficerRefusal.tooFew(signed: ["suzuki"], needed: 2)) {
            try officers.approved(Array(changes.prefix(2)), .policy, digest: Self.digest, by: 2, at: Deployment.now)
        }
        #expect(throws: OfficerRefusal.revoked("sato")) {
            try officers.approved(Array(changes.prefix(1)), .policy, digest: Self.digest, by: 1, at: Deployment.now)
        }
        let forged = [try sign("tanaka", with: try PrivateKey.generate(.ec(.p256)))]
        let refusal = #expect(throws: OfficerRefusal.self) {
            try officers.approved(changes + forged, .policy, digest: Self.digest, by: 2, at: Deployment.now)
        }
        #expect(refusal?.code == "officer.signature")
    }

    @Test(arguments: ["", "a.b", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", String(repeating: "a", count: 9000)])
    func `is refused when it is none`(text: String) {
        #expect(throws: OfficerRefusal.self) { try SignedChange(reading: text) }
    }

    @Test func `is no token of ours for anybody else`() throws {
        let key = try PrivateKey.generate(.ec(.p256))
        let token = try SigningKey(keyID: "sato", algorithm: .es256, key: key).signed(
            [
                "kind": "policy-bundle", "sha256": .string(Hexadecimal.encode(Self.digest)), "at": .string(Deployment.now.text),
                "reason": "r",
            ])
        #expect(throws: OfficerRefusal.malformed) { try SignedChange(reading: token) }
    }
}
