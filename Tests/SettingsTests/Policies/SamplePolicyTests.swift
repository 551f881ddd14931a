import Foundation
import Settings
import Testing
import TrustFramework
import Vocabulary

/// `.ci/samples` writes the texts of `sekisho init` from these files; here is what keeps them one.
@Suite struct `The shipped policies` {
    static func repository(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Deployment.repository(folder).path).filter { $0.hasSuffix(".yaml") }.sorted()
    }

    static func fresh(_ ladder: LadderChoice) throws -> Deployment {
        let deployment = Deployment(emptyAt: Deployment.fresh())
        let plan = DeploymentPlan(
            mode: .development, baseURL: "http://127.0.0.1:8080", listen: Endpoint(host: "127.0.0.1", port: 8080), ladder: ladder)
        _ = try Settings.initialise(deployment.path, plan, at: Deployment.now)
        return deployment
    }

    @Test(arguments: LadderChoice.allCases)
    func `are the repository's files, byte for byte, under each ladder`(ladder: LadderChoice) throws {
        let deployment = try Self.fresh(ladder)
        let names = try Self.repository("Policies")
        #expect(names.count == 12, "nine situations, rules.yaml, administration.yaml and the ladder")
        #expect(try FileManager.default.contentsOfDirectory(atPath: deployment.path + "/Policies").sorted() == names)
        for name in names {
            let origin = name == "ladder.yaml" && ladder != .japan ? "docs/ladders/\(ladder.rawValue).yaml" : "Policies/" + name
            let text = try String(contentsOf: Deployment.repository(origin), encoding: .utf8)
            #expect(try deployment.read("Policies/" + name) == text, "\(origin): run .ci/samples")
        }
        #expect(try Self.repository("docs/ladders") == LadderChoice.allCases.filter { $0 != .japan }.map { $0.rawValue + ".yaml" }.sorted())
    }

    /// Rules and their cases call contexts by names that every ladder has.
    @Test(arguments: LadderChoice.allCases)
    func `come to what their cases say, whichever ladder was chosen`(ladder: LadderChoice) throws {
        let deployment = try Self.fresh(ladder)
        #expect(deployment.problems().isEmpty, "\(deployment.problems())")
        let configuration = try deployment.load()
        #expect(configuration.notices.filter { $0.file.hasPrefix("Policies/") }.isEmpty)
        #expect(["card-presence", "card-face", "card-pin"].allSatisfy { configuration.policy.ladder[$0] != nil })
    }

    @Test func `mean three different things by their levels`() throws {
        let policies = try LadderChoice.allCases.map { try Self.fresh($0).load().policy }
        #expect(Set(policies.map(\.version)).count == policies.count)
        #expect(policies.allSatisfy { $0.rules == policies.first?.rules })
        let pin = AssuranceFacts(
            mode: .pin, modeIsStated: true, carrier: .phone, door: .challenge, statusSource: .ocsp, statusAt: Deployment.now,
            authenticatedAt: Deployment.now)
        #expect(
            policies.map { $0.ladder.reached(by: pin)?.acrValues.last } == [
                "aal3", "urn:x-sekisho:ac:phone-pin", "urn:x-sekisho:ac:card-pin",
            ])
    }

    @Test func `say in two languages what they ask for, and on what basis`() throws {
        let policy = try Self.fresh(.japan).load().policy
        // rules.yaml is of before rules could speak.
        let spoken = policy.rules.filter { $0.place?.file != "Policies/rules.yaml" }
        #expect(spoken.count >= 18)
        for rule in spoken {
            #expect(rule.says["ja"]?.isEmpty == false && rule.says["en"]?.isEmpty == false, "\(rule.id)")
            #expect(rule.basis.count > 10, "\(rule.id)")
        }
    }

    /// A rule that releases nothing adds to another: once a condition of its own is over, that other one would permit alone.
    @Test func `end logins by what they oblige to, not by a condition of the rule that says so`() throws {
        let limits = try Self.fresh(.japan).load().policy.rules.filter { $0.effect == .permit && $0.release.isEmpty }
            .compactMap { rule in rule.obligations.session?.lifetime.map { (rule, $0) } }
        #expect(Set(limits.map { $0.0.id }).isSuperset(of: ["portal-at-a-shared-screen", "e-filing-at-a-shared-screen"]))
        for (rule, lifetime) in limits {
            guard case .range(_, let most)? = rule.condition[.maximumLoginAge] else { continue }
            #expect(most > lifetime, "\(rule.id)")
        }
    }

    private static let shelter = "Policies/shelter.yaml"

    /// 72h in both rules, and a permit in the case that tells of two days.
    private static func patientShelter() throws -> Deployment {
        let deployment = try fresh(.japan)
        let text = try deployment.read(shelter)
        try deployment.write(shelter, text.replacingOccurrences(of: "maximum-status-age: 36h", with: "maximum-status-age: 72h"))
        let twoDays = "maximum-status-age: 48h\n    load: emergency\n    login: presence\n    expect: "
        try deployment.edit(shelter, twoDays + "authenticate", twoDays + "permit")
        return deployment
    }

    /// As shelter.yaml and docs/policies.md tell an operator.
    @Test func `give a shelter three days where the doors are told too`() throws {
        let deployment = try Self.patientShelter()
        try deployment.edit("sekisho.yaml", "    ocsp: on\n", "    ocsp: on\n    list-maximum-age: 72h\n")
        #expect(try deployment.load().notices.filter { $0.file == Self.shelter }.isEmpty)
    }

    @Test func `say so where the shelter's rules alone were changed`() throws {
        let deployment = try Self.patientShelter()
        let notices = try deployment.load().notices.filter { $0.file == Self.shelter }
        #expect(notices.map(\.code) == ["rules.status-age", "rules.status-age"])
        #expect(notices.first?.line == (try deployment.line(of: "maximum-status-age: 72h", in: Self.shelter)))
    }

    /// A permit that nobody may ever refuse, or a refusal without a permit beside it, proves nothing.
    @Test func `have cases that permit and cases that refuse, in each situation`() throws {
        for name in try Self.repository("Policies") where name != "ladder.yaml" {
            let text = try String(contentsOf: Deployment.repository("Policies/" + name), encoding: .utf8)
            let expected = text.components(separatedBy: "\n").filter { $0.hasPrefix("    expect: ") }.map { String($0.dropFirst(12)) }
            #expect(expected.contains("permit") && expected.contains("deny"), "\(name): \(expected)")
            #expect(expected.count >= 4, "\(name)")
        }
    }
}

extension Deployment {
    /// Takes the nine situations away, whose cases speak of rules and levels that a test is about to change.
    func onlyRules() throws {
        let kept = ["ladder.yaml", "rules.yaml"]
        for name in try FileManager.default.contentsOfDirectory(atPath: path + "/Policies") where !kept.contains(name) {
            try remove("Policies/" + name)
        }
    }

    /// Takes the cases of ladder and rules away, where a test makes of them what they do not say.
    func dropCases() throws {
        for name in ["Policies/ladder.yaml", "Policies/rules.yaml"] {
            let text = try read(name)
            try write(name, String(text[..<(text.range(of: "\ncases:")?.lowerBound ?? text.endIndex)]) + "\n")
        }
    }
}
