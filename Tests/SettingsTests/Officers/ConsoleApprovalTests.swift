import Cryptography
import Foundation
import JOSE
import Settings
import SignOn
import Testing
import Vocabulary

/// Decision 0055: an approval in the console counts by the platform's word, where the deployment believes it.
@Suite struct `An approval in the console` {
    private static let digest = Digest.sha256(Array("a change".utf8))
    private static let now = Deployment.now

    private static func subject(_ name: String) throws -> SubjectID { try #require(SubjectID("subject-of-" + name + "-0000")) }

    private static func officer(_ name: String, card: String? = nil, key: JWK? = nil) throws -> Officer {
        Officer(
            id: name, name: name, roles: [.registrar], key: key, card: try card.map(subject), notBefore: now.adding(seconds: -86_400),
            notAfter: now.adding(seconds: 86_400))
    }

    /// A deployment's seal, and its public half as `Keys/officers` has it.
    private static func seal() throws -> (seal: ConsoleSeal, attestors: [JWK], deployment: Deployment) {
        let deployment = try Deployment()
        try deployment.make("State")
        let store = deployment.path + "/State/sekisho.sqlite"
        #expect(try ConsoleSeal.ensure(in: deployment.path, beside: store))
        #expect(try ConsoleSeal.ensure(in: deployment.path, beside: store) == false, "the key that is there stays")
        return (try #require(ConsoleSeal(beside: store)), try deployment.load().officers.attestors, deployment)
    }

    private static func attested(
        _ seal: ConsoleSeal, _ officer: Officer, card: String? = nil, kind: ChangeKind = .member, at: Timestamp = now
    ) throws -> SignedChange {
        try seal.attested(
            kind, digest: digest, reason: "審査済み", by: officer,
            at: ConsoleApproval(login: "login-reference", subject: try subject(card ?? officer.id)), at)
    }

    @Test func `counts for exactly what was approved, with its login`() throws {
        let (seal, attestors, _) = try Self.seal()
        let sato = try Self.officer("sato", card: "sato")
        let officers = Officers([sato], attestors: attestors)
        let change = try SignedChange(reading: try Self.attested(seal, sato).text)
        let approved = try change.verified(.member, digest: Self.digest, by: officers, at: Self.now)
        #expect(approved.officer.id == "sato" && approved.login == "login-reference" && approved.reason == "審査済み")
        #expect(throws: OfficerRefusal.otherDigest("sato")) {
            try change.verified(.member, digest: Digest.sha256([1]), by: officers, at: Self.now)
        }
        #expect(throws: OfficerRefusal.role("sato", needs: .policyOfficer)) {
            try change.verified(.policy, digest: Self.digest, by: officers, at: Self.now)
        }
    }

    @Test func `counts for nothing where the console's key is not believed, is another, or the officer has no card`() throws {
        let (seal, attestors, _) = try Self.seal()
        let (other, others, _) = try Self.seal()
        let sato = try Self.officer("sato", card: "sato")
        let change = try Self.attested(seal, sato)
        func refused(_ change: SignedChange, _ officers: Officers) -> Bool {
            (try? change.verified(.member, digest: Self.digest, by: officers, at: Self.now)) == nil
        }
        #expect(!refused(change, Officers([sato], attestors: attestors)))
        #expect(refused(change, Officers([sato])))
        #expect(refused(change, Officers([sato], attestors: others)))
        #expect(refused(try Self.attested(other, sato), Officers([sato], attestors: attestors)))
        #expect(!refused(change, Officers([sato], attestors: others + attestors)), "an earlier key of the console goes on counting")
        #expect(throws: OfficerRefusal.cardless("sato")) {
            try change.verified(
                .member, digest: Self.digest, by: Officers([try Self.officer("sato")], attestors: attestors), at: Self.now)
        }
    }

    @Test func `is no signature of the officer's own, nor the other way round`() throws {
        let (seal, attestors, _) = try Self.seal()
        let key = try PrivateKey.generate(.ec(.p256))
        let keyless = try Self.officer("sato", card: "sato")
        let own = try SignedChange.signed(.member, digest: Self.digest, reason: "r", as: "sato", with: key, at: Self.now)
        #expect(throws: OfficerRefusal.keyless("sato")) {
            try own.verified(.member, digest: Self.digest, by: Officers([keyless], attestors: attestors), at: Self.now)
        }
        // What an officer signs with the own key is never taken for the platform's word.
        let both = try Self.officer("sato", card: "sato", key: JWK(unnamed: key.publicKey))
        let forged = try SignedChange(
            reading: try SigningKey(keyID: "sato", algorithm: .es256, key: key).signed(
                .object([
                    ("kind", "member-change"), ("sha256", .string(Hexadecimal.encode(Self.digest))), ("at", .string(Self.now.text)),
                    ("reason", "r"), ("login", "x"), ("card", .string(Hexadecimal.encode(Self.digest))),
                ]), type: "sekisho-attested-change+jwt"))
        #expect(throws: OfficerRefusal.self) {
            try forged.verified(.member, digest: Self.digest, by: Officers([both], attestors: attestors), at: Self.now)
        }
        let change = try Self.attested(seal, both)
        #expect(try change.verified(.member, digest: Self.digest, by: Officers([both], attestors: attestors), at: Self.now).login != nil)
    }

    @Test func `of one citizen under two officers' names is one`() throws {
        let (seal, attestors, _) = try Self.seal()
        let sato = try Self.officer("sato", card: "sato"), suzuki = try Self.officer("suzuki", card: "suzuki")
        let officers = Officers([sato, suzuki], attestors: attestors)
        let twice = [try Self.attested(seal, sato), try Self.attested(seal, suzuki, card: "sato")]
        #expect(throws: OfficerRefusal.tooFew(signed: ["sato"], needed: 2)) {
            try officers.approved(twice, .member, digest: Self.digest, by: 2, at: Self.now)
        }
        let two = [try Self.attested(seal, sato), try Self.attested(seal, suzuki)]
        #expect(try officers.approved(two, .member, digest: Self.digest, by: 2, at: Self.now).count == 2)
        #expect(MemberApprovals(twice).counting(Self.digest, by: officers, at: Self.now).approved.count == 1)
    }

    @Test(arguments: ["login", "card", "both"]) func `without its login or its citizen is none`(missing: String) throws {
        let (_, _, _) = try Self.seal()
        let key = try PrivateKey.generate(.ec(.p256))
        var fields: [(String, JSON)] = [
            ("kind", "member-change"), ("sha256", .string(Hexadecimal.encode(Self.digest))), ("at", .string(Self.now.text)),
            ("reason", "r"),
        ]
        if missing == "card" { fields.append(("login", "x")) }
        if missing == "login" { fields.append(("card", .string(Hexadecimal.encode(Self.digest)))) }
        let text = try SigningKey(keyID: "sato", algorithm: .es256, key: key).signed(.object(fields), type: "sekisho-attested-change+jwt")
        #expect(throws: OfficerRefusal.malformed) { try SignedChange(reading: text) }
    }
}

@Suite struct `Officers' files and cards` {
    private static let now = Deployment.now

    private func deployment() throws -> Deployment {
        let deployment = try Deployment()
        try deployment.make("Keys/officers")
        return deployment
    }

    private static func draft(_ id: String = "sato", roles: [String] = ["registrar"], member: String? = nil) throws -> OfficerDraft {
        try OfficerDraft(id: id, name: "佐藤 \"花\"", roles: roles, member: member, until: nil, at: now)
    }

    @Test func `are written so that they are read again, once`() throws {
        let deployment = try Deployment()
        #expect(try Settings.add(officer: try Self.draft(), in: deployment.path, at: Self.now) == "Keys/officers/sato.yaml")
        let officer = try #require(try deployment.load().officers["sato"])
        #expect(officer.name == "佐藤 \"花\"" && officer.roles == [.registrar] && officer.card == nil && officer.key == nil)
        #expect(!officer.canApprove && officer.isInOffice(at: Self.now))
        #expect(throws: SettingsProblems.self) { try Settings.add(officer: try Self.draft(), in: deployment.path, at: Self.now) }
    }

    @Test(
        arguments: [
            ("Sato", ["registrar"], nil), ("../x", ["registrar"], nil), ("sato", ["king"], nil), ("sato", ["developer"], nil),
            ("sato", ["developer", "auditor"], "https://sp.example.jp"), ("sato", ["auditor"], "https://sp.example.jp"), ("sato", [], nil),
        ] as [(String, [String], String?)])
    func `are refused before a byte is written`(id: String, roles: [String], member: String?) throws {
        let deployment = try Deployment()
        #expect(throws: SettingsProblems.self) {
            try Settings.add(officer: try Self.draft(id, roles: roles, member: member), in: deployment.path, at: Self.now)
        }
        #expect(try deployment.load().officers.all.isEmpty)
    }

    @Test func `say which member a developer belongs to`() throws {
        let deployment = try Deployment()
        let draft = try Self.draft("dev", roles: ["developer"], member: "https://sp.example.jp")
        _ = try Settings.add(officer: draft, in: deployment.path, at: Self.now)
        #expect(try deployment.load().officers["dev"]?.member?.text == "https://sp.example.jp")
    }

    @Test func `get the first card only while nobody has one`() throws {
        let deployment = try Deployment()
        for name in ["sato", "suzuki"] {
            _ = try Settings.add(officer: try Self.draft(name, roles: ["trust-officer"]), in: deployment.path, at: Self.now)
        }
        let one = try #require(SubjectID("subject-of-hanako-0001")), two = try #require(SubjectID("subject-of-taro-000002"))
        let configuration = try deployment.load()
        let first = try #require(Settings.binding(of: "sato", to: one, in: configuration))
        let second = try #require(Settings.binding(of: "suzuki", to: two, in: configuration))
        try Settings.takeFirst(first, in: deployment.path, at: Self.now)
        #expect(try deployment.load().officers.holder(of: one)?.id == "sato")
        #expect(throws: SettingsProblems.self) { try Settings.takeFirst(second, in: deployment.path, at: Self.now) }
        #expect(throws: SettingsProblems.self) { try Settings.take(second, signed: [], in: deployment.path, at: Self.now) }
        #expect(Settings.binding(of: "suzuki", to: one, in: try deployment.load()) == nil, "a citizen is one officer")
        #expect(Settings.binding(of: "../sekisho", to: two, in: try deployment.load()) == nil)
        #expect(try deployment.read("Keys/officers/suzuki.yaml").contains("awaited"))
    }

    @Test func `take no card when the file changed since it was asked for`() throws {
        let deployment = try Deployment()
        _ = try Settings.add(officer: try Self.draft("sato", roles: ["trust-officer"]), in: deployment.path, at: Self.now)
        let one = try #require(SubjectID("subject-of-hanako-0001"))
        let binding = try #require(Settings.binding(of: "sato", to: one, in: try deployment.load()))
        try deployment.edit("Keys/officers/sato.yaml", "trust-officer", "auditor")
        #expect(throws: SettingsProblems.self) { try Settings.takeFirst(binding, in: deployment.path, at: Self.now) }
    }

    @Test func `need approvals of two, of one while there is one, and never the candidate's`() throws {
        func officer(_ name: String, _ card: Bool, _ roles: Set<OfficerRole> = [.trustOfficer]) -> Officer {
            Officer(
                id: name, name: name, roles: roles, key: nil, card: card ? SubjectID("subject-of-" + name + "-000000") : nil,
                notBefore: Self.now.adding(seconds: -60), notAfter: Self.now.adding(seconds: 60))
        }
        #expect(Officers([officer("a", true), officer("b", false)]).needed(for: "b", at: Self.now) == 1)
        #expect(Officers([officer("a", true), officer("b", true), officer("c", false)]).needed(for: "c", at: Self.now) == 2)
        #expect(Officers([officer("a", true), officer("b", true, [.auditor])]).needed(for: "c", at: Self.now) == 1)
        #expect(Officers([officer("b", false)]).needed(for: "b", at: Self.now) == 1, "nobody can, and nobody does")
    }

    @Test func `are typed codes of a hundred bits that no case, blank or hyphen changes`() {
        var random = SystemRandom()
        let code = OfficerBinding.fresh(using: &random)
        #expect(code.count == 23 && OfficerBinding.code(code).count == 20)
        #expect(OfficerBinding.code(" " + code.lowercased().replacingOccurrences(of: "-", with: " ")) == OfficerBinding.code(code))
        #expect(OfficerBinding.fresh(using: &random) != code)
    }
}

@Suite struct `What ends, and what it costs` {
    @Test func `is told at 30, 14 and 3 days, and when it is over`() {
        let now = Deployment.now
        for (days, word) in [(31, nil), (30, 30), (15, 30), (14, 14), (4, 14), (3, 3), (1, 3), (0, 0), (-5, 0)] as [(Int64, Int64?)] {
            let deadline = Deadline(kind: .officer, name: "sato", at: now.adding(seconds: days * 86_400))
            #expect(deadline.reminder(at: now) == word, "\(days) days")
        }
    }

    @Test func `covers accreditations, certificates in metadata, our own keys and terms`() throws {
        let deployment = try Deployment()
        try deployment.addMinistry()
        _ = try Settings.add(
            officer: try OfficerDraft(
                id: "sato", name: "sato", roles: ["auditor"], member: nil, until: "2026-12-01", at: Deployment.now), in: deployment.path,
            at: Deployment.now)
        let deadlines = try deployment.load().deadlines()
        let kinds = Set(deadlines.map(\.kind))
        #expect(kinds.isSuperset(of: [.accreditation, .officer, .ownKey]), "\(kinds)")
        #expect(deadlines.map(\.at) == deadlines.map(\.at).sorted())
        #expect(deadlines.contains { $0.kind == .accreditation && $0.member?.text == "https://ministry.example/sp" })
    }

    @Test(
        arguments: [
            ("2", 2_000), ("0.125", 125), ("12.5", 12_500), ("007", 7_000), ("", nil), ("1.", nil), (".5", nil), ("1.2345", nil),
            ("-1", nil),
            ("1e3", nil), ("1234567890", nil), ("二", nil),
        ] as [(String, Int64?)])
    func `is read as people write prices`(text: String, thousandths: Int64?) {
        #expect(Money.thousandths(text) == thousandths)
        if let thousandths { #expect(Money.thousandths(Money.text(thousandths)) == thousandths) }
    }

    @Test func `stands in sekisho.yaml, and nothing else does`() throws {
        let deployment = try Deployment()
        let plain = try deployment.read("sekisho.yaml")
        try deployment.write(
            "sekisho.yaml", plain + "\nmetering:\n  currency: JPY\n  costs:\n    card-login: \"2\"\n    signature: \"20.5\"\n")
        let part = try deployment.load().metering
        #expect(part.costs == [.cardLogin: 2_000, .signature: 20_500] && part.currency == "JPY")
        try deployment.write("sekisho.yaml", plain + "\nmetering:\n  costs:\n    card-login: \"two\"\n")
        #expect(deployment.codes() == ["metering.cost"])
        try deployment.write("sekisho.yaml", plain + "\nmetering:\n  costs:\n    passport: \"2\"\n")
        #expect(deployment.codes() == ["yaml.key.unknown"])
    }

    @Test func `comes to rows and to a CSV that no spreadsheet takes for a formula`() throws {
        let part = MeteringPart(costs: [.cardLogin: 2_500])
        let a = try #require(MemberID("=1+1,\"x\"")), b = try #require(MemberID("sp"))
        let usage = [
            Usage(member: b, month: "2026-11", kind: .cardLogin, count: 3), Usage(member: a, month: "2026-11", kind: .refusal, count: 1),
        ]
        let table = MeteringTable(usage, part)
        #expect(table.rows.map(\.member) == [b, a] && table.cost == 7_500 && table.total(.cardLogin) == 3)
        let lines = MeteringTable.csv(usage, part).components(separatedBy: "\r\n")
        #expect(lines[1] == "2026-11,\"'=1+1,\"\"x\"\"\",refusal,1,0,0,JPY" && lines[2] == "2026-11,sp,card-login,3,2.5,7.5,JPY")
        #expect(MeteringPart(costs: [.cardLogin: .max]).cost(of: usage[0]) == .max, "an absurd price stops nothing")
    }
}
