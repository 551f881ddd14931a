import Foundation
import Settings
import Testing
import TrustFramework
import Vocabulary

/// `Policies/more.yaml` and its table in a folder of their own, beside the shipped rules.
private func deployment(_ cases: String, table: String? = nil, rules: String = "") throws -> Deployment {
    let deployment = try Deployment()
    try deployment.write(
        "Policies/more.yaml",
        """
        rules:
        - id: timed
          effect: permit
          kind: ministry
          purpose: office
          hours: 09:00–17:00
          release: [pin-used]
          obligations: {refresh-status: 15m, ledger: true}
          basis: law
        \(rules)
        \(cases.isEmpty ? "" : "cases:\n" + cases)
        """)
    if let table { try deployment.write("Policies/more.cases.csv", table) }
    return deployment
}

@Suite struct `Every fact of the language may stand in a case` {
    @Test(arguments: [
        "{says: in the morning, kind: ministry, purpose: office, login: pin, hours: \"10:30\", expect: permit, release: [pin-used], rules: [timed]}",
        "{says: at night, kind: ministry, purpose: office, login: pin, hours: \"22:30\", expect: deny}",
        "{says: what it asks, kind: ministry, purpose: office, mode: pin, hours: \"10:30\", expect: permit, obligations: {ledger: true, refresh-status: 15m}}",
        "{says: all of it, kind: ministry, member: a, sector: tax, operator: none, permission: [face-terminals], purpose: office, protocol: saml, path: refresh, asks-for: [pin-used], level-asked: card-pin, acting-for: company, mode: pin, carrier: card, door: tls, mode-stated: true, floor: card-pin, proofing-level: 3, authentication-level: 3, upstream: none, status-source: ocsp, maximum-status-age: 5m, maximum-login-age: 1h, signature-certificate: false, date: 2026-11-21, hours: \"10:30\", weekday: saturday, load: busy, expect: permit}",
    ]) func `and comes out as it says`(item: String) throws {
        #expect(try deployment("- " + item).problems() == [])
    }

    @Test(arguments: [
        (
            "kind: ministry, purpose: office, login: pin, hours: \"10:30\", expect: permit, release: [pin-used, card-mode]", "policy.case",
            "release pin-used by timed"
        ),
        (
            "kind: ministry, purpose: office, login: pin, hours: \"10:30\", expect: permit, obligations: {ledger: true}", "policy.case",
            "obligations ledger, refresh-status 15m by timed"
        ),
        (
            "kind: ministry, purpose: office, login: pin, hours: \"10:30\", expect: permit, rules: [other]", "policy.case",
            "permit card-pin by timed"
        ),
        ("kind: ministry, purpose: office, login: pin, hours: \"10:30\", expect: deny", "policy.case", "permit card-pin by timed"),
        ("kind: ministry, purpose: office, login: pin, expect: permit", "policy.case.silent", "`hours`"),
        (
            "kind: ministry, purpose: office, login: face, hours: \"10:30\", floor: card-pin, expect: permit", "policy.case.reach",
            "card-face, not card-pin"
        ),
        (
            "kind: ministry, purpose: office, login: pin, hours: \"10:30\", expect: permit, context: card-pni", "policy.case.context",
            "card-pni"
        ),
        ("kind: ministry, purpose: office, login: none, carrier: card, expect: authenticate", "policy.case.login", "`carrier`"),
        (
            "kind: ministry, purpose: office, login: pin, date: 2026-11-21, weekday: monday, expect: deny", "policy.case.date",
            "saturday, no monday"
        ),
        ("kind: ministry, purpose: office, login: pin, hours: half past, expect: deny", "yaml.value", "hours"),
        ("kind: ministry, purpose: office, login: pin, expect: deny, release: [pin-used]", "policy.case.expect", "nothing is told"),
        ("kind: ministry, purpose: office, login: pin, lodaing: busy, expect: deny", "yaml.key.unknown", "lodaing"),
    ]) func `and what is wrong with it is told with its line`(item: String, code: String, words: String) throws {
        let deployment = try deployment("- {says: x, \(item)}")
        let line = try deployment.line(of: "- {says: x", in: "Policies/more.yaml")
        let problems = deployment.problems()
        #expect(problems.contains { $0.code == code && $0.line == line && ($0.message + $0.remedy).contains(words) }, "\(problems)")
    }
}

@Suite struct `Cases as a table` {
    static let header = "says,kind,purpose,login,hours,expect,release,obligations\n"

    @Test(arguments: [
        header + "in the morning,ministry,office,pin,10:30,permit,pin-used,refresh-status: 15m; ledger: true\n",
        "\u{feff}" + header.replacing("\n", with: "\r\n") + "\"at night, late\",ministry,office,pin,22:30,deny,,\r\n,,,,,,,\r\n",
        header
            + "\"says \"\"no\"\"\",ministry,office,none,10:30,authenticate,,\nnothing told,served-firm,points,presence,,permit,pin-used; card-mode; authentication-level,none",
    ]) func `are read as spreadsheets write them`(table: String) throws {
        #expect(try deployment("", table: table).problems() == [])
    }

    @Test(
        arguments: [
            (header + "a,ministry,office,pin,10:30,permit,pin-used,\nb,ministry,office,pin,10:30,deny,,\n", "policy.case", 3),
            (header + "a,ministry,office,pin,10:30,permit,pin-used; card-mode,\n", "policy.case", 2),
            (header + "a,ministry,office,pin,10:30,permit,,ledger: [\n", "yaml.syntax", 2),
            (header + "a,ministry,office,pin,10:30,permit,,,,\n", "cases.row", 2),
            (header + "\"a,ministry,office\n", "cases.quote", 2), (header + "\"a\"b,ministry,office\n", "cases.quote", 2),
            ("says,kind,says\n", "cases.header", 1), ("says,,kind\n", "cases.header", 1), ("\n\n", "cases.empty", nil),
            ("says,kind,purpose,login,expect,teh\na,ministry,office,pin,deny,x\n", "yaml.key.unknown", 2),
            (header + "a,minstry,office,pin,10:30,deny,,\n", "yaml.value", 2),
        ] as [(String, String, Int?)]) func `tell what is wrong with the line`(table: String, code: String, line: Int?) throws
    {
        let problems = try deployment("", table: table).problems()
        #expect(problems.contains { $0.code == code && $0.line == line && $0.file == "Policies/more.cases.csv" }, "\(problems)")
    }

    @Test func `are bounded`() throws {
        let row = "a,ministry,profiling,pin,,deny,,\n"
        let problems = try deployment("", table: Self.header + String(repeating: row, count: 2001)).problems()
        #expect(problems.map(\.code) == ["cases.size"])
    }
}

@Suite struct `A set of rules, wherever it stands` {
    @Test func `is read from a deployment, from its folder of rules, and from a bundle, to the same version`() throws {
        let deployment = try Deployment()
        let whole = try Settings.policySet(deployment.path, at: Deployment.now)
        let bare = try Settings.policySet(deployment.path + "/Policies", at: Deployment.now)
        #expect(whole.policy != nil && whole.policy?.version == bare.policy?.version)
        #expect(whole.members != nil && bare.members == nil && whole.problems.isEmpty && bare.problems.isEmpty)
        let bundle = try deployment.load().policies.bundle
        try deployment.write("rules.bundle", bundle.bytes)
        #expect(try Settings.policySet(deployment.path + "/rules.bundle", at: Deployment.now).policy?.version == whole.policy?.version)
    }

    @Test(arguments: ["", "/Keys", "/nothing", "/sekisho.yaml"]) func `is refused where there is none`(name: String) throws {
        let deployment = try Deployment()
        try deployment.remove("Policies")
        #expect(throws: SettingsProblems.self) { try Settings.policySet(deployment.path + name, at: Deployment.now) }
    }

    @Test func `is tried by its cases, and says what they leave untried`() throws {
        let deployment = try deployment(
            "- {says: a, kind: ministry, purpose: office, login: pin, hours: \"10:30\", expect: deny}",
            rules: "- {id: lonely, effect: forbid, purpose: nowhere, basis: law}\n")
        let trial = PolicyTrial(try Settings.policySet(deployment.path, at: Deployment.now))
        #expect(trial.failed == 1 && trial.untouched.contains { $0.id == "lonely" } && !trial.untouched.contains { $0.id == "timed" })
        let fault = try #require(trial.cases.first { $0.fault != nil }?.fault)
        #expect(fault.expected == "deny" && fault.came == "permit card-pin by timed")
    }

    /// No answer names it; a case notices if it is gone.
    @Test(arguments: [("public-kiosk", "authenticate", false), ("counter", "permit", true)])
    func `counts a forbid as tried that leaves only another login open`(terminal: String, expected: String, isUntouched: Bool) throws {
        let deployment = try deployment(
            "- {says: b, kind: ministry, purpose: office, login: pin, terminal: \(terminal), hours: \"10:30\", expect: \(expected)}",
            rules: "- {id: screens, effect: forbid, purpose: office, terminal: public-kiosk, basis: law}\n")
        let trial = PolicyTrial(try Settings.policySet(deployment.path, at: Deployment.now))
        #expect(trial.cases.contains { $0.says == "b" && $0.fault == nil }, "\(trial.cases.compactMap(\.fault))")
        #expect(trial.untouched.contains { $0.id == "screens" } == isUntouched)
    }
}

@Suite struct `An inspection of rules` {
    @Test func `finds nothing wrong with what is shipped`() throws {
        let set = try Settings.policySet(Deployment.repository("Policies").path, at: Deployment.now)
        let inspection = PolicyInspection(set, at: Deployment.now)
        #expect(inspection.findings == [], "\(inspection.findings.map(\.problem.description).joined(separator: "\n"))")
        let trial = PolicyTrial(set)
        #expect(trial.failed == 0 && !trial.cases.isEmpty)
        #expect(trial.untouched.isEmpty, "no case of ours would notice if these were gone: \(trial.untouched.map(\.id))")
    }

    @Test(arguments: [
        (
            "- {id: a, effect: permit, kind: ministry, purpose: x, mode: face, floor: card-pin, basis: l}", "policy.never",
            "floor: card-pin", PolicyFinding.Severity.error
        ),
        ("- {id: a, effect: permit, kind: ministry, purpose: profiling, basis: l}", "policy.shadowed", "- {id: a", .error),
        (
            "- {id: a, effect: permit, kind: ministry, purpose: x, obligations: {consent: [name]}, basis: l}", "policy.consent.idle",
            "obligations: {consent", .error
        ),
        (
            "- {id: a, effect: permit, kind: ministry, purpose: procedrue, basis: l}", "policy.purpose.orphan", "purpose: procedrue",
            .warning
        ),
        ("- {id: a, effect: forbid, sector: tax, purpose: x, basis: l}", "policy.sector.unknown", "sector: tax", .warning),
        (
            "- {id: a, effect: forbid, purpose: x, basis: l}\ndefinitions:\n  idle: {kind: ministry}", "policy.definition.unused", "idle:",
            .warning
        ),
        ("- {id: a, effect: forbid, purpsoe: x, basis: l}", "yaml.key.unknown", "purpsoe", .error),
    ]) func `tells file, line and severity`(rule: String, code: String, place: String, severity: PolicyFinding.Severity) throws {
        let deployment = try Deployment()
        try deployment.addShop()
        try deployment.write("Policies/more.yaml", "rules:\n" + rule + "\n")
        let inspection = PolicyInspection(try Settings.policySet(deployment.path, at: Deployment.now), at: Deployment.now)
        let line = try deployment.line(of: place, in: "Policies/more.yaml")
        let own = inspection.findings.filter { $0.problem.file == "Policies/more.yaml" }
        let found = try #require(own.first { $0.problem.code == code }, "\(own)")
        #expect(found.problem.file == "Policies/more.yaml" && found.problem.line == line && found.severity == severity, "\(found)")
        #expect((inspection.errors > 0) == (severity == .error))
    }

    @Test func `suggests what was meant`() throws {
        let deployment = try Deployment()
        try deployment.addShop()
        try deployment.write("Policies/more.yaml", "rules:\n- {id: a, effect: permit, purpose: poinst, basis: l}\n")
        let inspection = PolicyInspection(try Settings.policySet(deployment.path, at: Deployment.now), at: Deployment.now)
        let own = inspection.findings.first { $0.problem.code == "policy.purpose.orphan" && $0.problem.file == "Policies/more.yaml" }
        #expect(own?.problem.remedy == "did you mean `points`?")
    }
}
