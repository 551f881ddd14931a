import Foundation
import Settings
import Testing
import Vocabulary

@Suite struct `Who still trusts only the old key` {
    private static let ministry = "https://ministry.example/sp"

    private func rolled(_ yaml: String = "") throws -> (Deployment, HeldKey) {
        let deployment = try Deployment.curved()
        try deployment.addMinistry(id: Self.ministry, yaml: yaml)
        try deployment.serve()
        _ = try deployment.next()
        try deployment.serve()
        return (deployment, try deployment.key("new"))
    }

    private func verdict(_ deployment: Deployment, _ evidence: KeyEvidence, _ key: HeldKey? = nil, hours: Int64 = 7) throws -> KeyReport.Row
    {
        let report = KeyReport(try deployment.load(at: Deployment.later(hours)), evidence, promoting: key, at: Deployment.later(hours))
        return try #require(report.rows.first { $0.member.text == Self.ministry })
    }

    @Test func `is everybody of whom nothing was seen`() throws {
        let (deployment, key) = try rolled()
        let row = try verdict(deployment, KeyEvidence(), key)
        #expect(row.verdict == .unknown && row.key == "new" && row.why.contains("nothing was seen"))
    }

    @Test func `is not who fetched its own address with the key in it, but that proves little`() throws {
        let (deployment, key) = try rolled()
        var evidence = KeyEvidence()
        evidence.note(Self.ministry) { $0.fetched = (Deployment.now, [key.fingerprint ?? ""]) }
        let row = try verdict(deployment, evidence, key)
        #expect(row.verdict == .likely && row.why.contains("does not prove"))
        evidence.note(Self.ministry) { $0.fetched = (Deployment.now, ["other"]) }
        #expect(try verdict(deployment, evidence, key).verdict == .unknown)
    }

    @Test func `is not whose operator said so`() throws {
        let (deployment, key) = try rolled()
        try Settings.acknowledge(key: "new", by: Self.ministry, note: "Ms Sato by phone", in: deployment.path, at: Deployment.now)
        let evidence = KeyEvidence(at: try deployment.load().keyEvidencePath)
        let row = try verdict(deployment, evidence, key)
        #expect(row.verdict == .told && row.why.contains("Ms Sato"))
        #expect(throws: SettingsProblems.self) {
            try Settings.acknowledge(key: "new", by: "https://stranger.example", note: "", in: deployment.path, at: Deployment.now)
        }
    }

    @Test func `is not who used what came with the new key's signature`() throws {
        let (deployment, key) = try rolled()
        _ = try Settings.promote(key: "new", in: deployment.path, at: Deployment.later(7))
        var evidence = KeyEvidence()
        #expect(try verdict(deployment, evidence, hours: 8).verdict == .unknown)
        evidence.note(Self.ministry) { KeyEvidence.add(key.fingerprint ?? "", to: &$0.accepted, at: Deployment.later(8)) }
        #expect(try verdict(deployment, evidence, hours: 8).verdict == .shown)
    }

    @Test func `seems to be whose citizens come back at once`() throws {
        let (deployment, key) = try rolled()
        _ = try Settings.promote(key: "new", in: deployment.path, at: Deployment.later(7))
        var evidence = KeyEvidence()
        for _ in 0..<3 {
            evidence.note(Self.ministry) {
                KeyEvidence.add(key.fingerprint ?? "", to: &$0.answered, at: Deployment.later(8))
                KeyEvidence.add(key.fingerprint ?? "", to: &$0.again, at: Deployment.later(8))
            }
        }
        #expect(try verdict(deployment, evidence, hours: 8).verdict == .breaks)
    }

    @Test func `is not asked of a member that is pinned`() throws {
        let template = try Deployment.curved()
        let pin = try #require(try template.key("saml-signing").fingerprint)
        let (deployment, key) = try rolled("  signing-key: \(pin)\n")
        #expect(try verdict(deployment, KeyEvidence(), key).verdict == .unaffected)
        let (lost, other) = try rolled("  signing-key: \(String(repeating: "0", count: 64))\n")
        #expect(try verdict(lost, KeyEvidence(), other).verdict == .breaks)
    }

    @Test func `for tokens follows from how long the key set may be kept`() throws {
        let deployment = try Deployment()
        try deployment.addShop(id: "shop")
        try deployment.serve()
        _ = try deployment.next(.openIDSigning, .p256, algorithm: "ES256")
        try deployment.serve()
        func verdict(_ minutes: Int64) throws -> KeyReport.Verdict? {
            let now = Deployment.now.adding(seconds: minutes * 60)
            return KeyReport(try deployment.load(at: now), KeyEvidence(), promoting: try deployment.key("new", at: now), at: now).rows
                .first?.verdict
        }
        #expect(try verdict(30) == .breaks)
        #expect(try verdict(60) == .likely)
    }

    @Test func `is nobody where there has been one key only`() throws {
        let deployment = try Deployment()
        try deployment.addMinistry(id: Self.ministry)
        #expect(try verdict(deployment, KeyEvidence()).verdict == .unaffected)
    }
}

@Suite struct `Evidence on disk` {
    @Test func `comes back as it went`() throws {
        let deployment = try Deployment()
        var evidence = KeyEvidence()
        evidence.note("https://a.example") {
            $0.fetched = (Deployment.now, ["one", "two"])
            KeyEvidence.add("one", to: &$0.accepted, at: Deployment.now)
            KeyEvidence.add("one", to: &$0.accepted, at: Deployment.later(1))
            $0.told["two"] = .init(at: Deployment.now, note: "\"quoted\" 省")
        }
        try evidence.write(to: deployment.path + "/evidence.json")
        let again = KeyEvidence(at: deployment.path + "/evidence.json")
        #expect(again == evidence)
        #expect(again.members["https://a.example"]?.accepted["one"] == .init(last: Deployment.later(1), count: 2))
    }

    /// Some thousand members: more than a record of keys may have.
    @Test func `comes back when there is much of it`() throws {
        let deployment = try Deployment()
        var evidence = KeyEvidence()
        for number in 0..<12_000 {
            evidence.note("https://service-\(number).example/saml/metadata") {
                KeyEvidence.add("one", to: &$0.accepted, at: Deployment.now)
            }
        }
        try evidence.write(to: deployment.path + "/evidence.json")
        #expect(try deployment.read("evidence.json").utf8.count > 1 << 20)
        #expect(KeyEvidence(at: deployment.path + "/evidence.json") == evidence)
    }

    @Test func `that cannot be read is left as it is`() throws {
        let deployment = try Deployment()
        try deployment.addMinistry()
        let path = try deployment.load().keyEvidencePath
        func told() throws(SettingsProblems) {
            try Settings.acknowledge(
                key: "saml-signing", by: "https://ministry.example/sp", note: "by telephone", in: deployment.path, at: Deployment.now)
        }
        try Data("{".utf8).write(to: URL(fileURLWithPath: path))
        #expect(KeyEvidence(at: path).isDamaged)
        let problems = #expect(throws: SettingsProblems.self) { try told() }
        #expect(problems?.problems.map(\.code) == ["keys.evidence"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "{")
        try FileManager.default.removeItem(atPath: path)
        try told()
        #expect(KeyEvidence(at: path).members.count == 1 && !KeyEvidence(at: path).isDamaged)
    }

    @Test(arguments: ["", "{", "[]", "{\"members\":[]}", "{\"members\":{\"a\":{\"accepted\":{\"k\":{\"last\":\"x\",\"count\":-1}}}}}"])
    func `that cannot be read is none`(text: String) throws {
        let deployment = try Deployment()
        try deployment.write("evidence.json", text)
        #expect(KeyEvidence(at: deployment.path + "/evidence.json").members.values.allSatisfy { $0.accepted.isEmpty })
        try deployment.write("keys.json", text)
        #expect(KeyLedger(at: deployment.path + "/keys.json").lines.isEmpty)
    }
}
