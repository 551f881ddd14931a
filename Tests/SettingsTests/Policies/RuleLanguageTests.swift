import Cryptography
import Foundation
import Settings
import Testing
import TrustFramework
import Vocabulary

/// `Policies/more.yaml` beside the shipped ladder, without the shipped rules: their cases would tell of every rule that is added.
enum More {
    static let name = "Policies/more.yaml"

    static func deployment(_ text: String) throws -> Deployment {
        let deployment = try bare()
        try deployment.write(name, text)
        return deployment
    }

    static func bare() throws -> Deployment {
        let deployment = try Deployment()
        for name in try deployment.policyFiles() where name != "ladder.yaml" { try deployment.remove("Policies/" + name) }
        return deployment
    }

    /// The one rule of this text.
    static func rule(_ lines: String, effect: String = "permit") throws -> Rule {
        let deployment = try deployment("rules:\n- id: more\n  effect: \(effect)\n  basis: law\n" + indented(lines))
        return try #require(try deployment.load().policy.rules.first { $0.id == "more" })
    }

    static func problems(_ lines: String, effect: String = "permit") throws -> [Problem] {
        try deployment("rules:\n- id: more\n  effect: \(effect)\n  basis: law\n" + indented(lines)).problems().filter { $0.file == name }
    }

    private static func indented(_ lines: String) -> String {
        lines.split(separator: "\n").map { "  " + $0 + "\n" }.joined()
    }
}

@Suite struct `A condition in a rule` {
    @Test(arguments: [
        ("kind: ministry", Fact.kind, Domain.among(["ministry"])),
        ("kind: [ministry, served-firm]", .kind, .among(["ministry", "served-firm"])),
        ("kind: {not: [identity-provider]}", .kind, .besides(["identity-provider"])),
        ("sector: health", .sector, .among(["health"])), ("operator: none", .operator, .among(["none"])),
        ("permission: face-terminals", .permission, .includes(["face-terminals"])),
        ("protocol: saml", .protocol, .among(["saml"])), ("path: [refresh, exchange]", .path, .among(["refresh", "exchange"])),
        ("asks-for: [name, address]", .asksFor, .includes(["name", "address"])),
        ("asks-for: {only: [name]}", .asksFor, .only(["name"])),
        ("asks-for: {includes: [name], only: [name, sex]}", .asksFor, .between(includes: ["name"], only: ["name", "sex"])),
        ("level-asked: none", .levelAsked, .among(["none"])), ("acting-for: company", .actingFor, .among(["company"])),
        ("mode: {not: [presence]}", .mode, .besides(["presence"])), ("carrier: phone", .carrier, .among(["phone"])),
        ("door: tls", .door, .among(["tls"])), ("terminal: none", .terminal, .among(["none"])),
        ("mode-stated: true", .modeStated, .among(["true"])), ("floor: card-face", .floor, .includes(["card-face"])),
        ("proofing-level: at least 2", .proofingLevel, .range(least: 2, most: 3)),
        ("authentication-level: at most 2", .authenticationLevel, .range(least: 0, most: 2)),
        ("authentication-level: 3", .authenticationLevel, .range(least: 3, most: 3)), ("upstream: none", .upstream, .among(["none"])),
        ("status-source: ocsp", .statusSource, .among(["ocsp"])),
        ("maximum-status-age: 15m", .maximumStatusAge, .range(least: .min, most: 900)),
        ("maximum-login-age: 8h", .maximumLoginAge, .range(least: .min, most: 28_800)),
        ("signature-certificate: true", .signatureCertificate, .among(["true"])),
        ("date: from 2026-04-01", .date, .range(least: 20_544, most: .max)),
        ("date: until 2026-04-01", .date, .range(least: .min, most: 20_544)),
        ("date: {from: 2026-04-01, until: 2026-04-02}", .date, .range(least: 20_544, most: 20_545)),
        ("date: 2026-04-01", .date, .range(least: 20_544, most: 20_544)),
        ("hours: 09:00–17:00", .hours, .range(least: 540, most: 1019)), ("hours: 00:00-24:00", .hours, .range(least: 0, most: 1439)),
        ("weekday: [saturday, sunday]", .weekday, .among(["saturday", "sunday"])), ("load: emergency", .load, .among(["emergency"])),
    ]) func `is read`(line: String, fact: Fact, domain: Domain) throws {
        #expect(try More.rule(line).condition == Condition([fact: domain]))
    }

    @Test(arguments: [
        ("kind: ministri", "yaml.value", "did you mean `ministry`?"), ("mode: [pin, fase]", "yaml.value", "did you mean `face`?"),
        ("kind: {nott: [ministry]}", "yaml.key.unknown", "did you mean `not`?"), ("kind: {not: []}", "yaml.value", ""),
        ("kind: []", "rules.nothing", ""), ("mode-stated: yes", "yaml.value", "write `true` or `false`"),
        ("floor: [card-face, card-pin]", "yaml.value", "name the lowest"),
        ("floor: card-fase", "rules.floor.unknown", "did you mean `card-face`?"),
        ("level-asked: card-fase", "rules.floor.unknown", "did you mean `card-face`?"),
        ("authentication-level: at leest 2", "yaml.value", "write `at least 2`"), ("authentication-level: 4", "yaml.value", ""),
        ("authentication-level: high", "yaml.value", ""), ("maximum-login-age: 8", "yaml.value", "write a number and a unit"),
        ("date: 1st of April", "yaml.value", "write `from 2026-04-01`"), ("date: {from: 2026-02-30}", "yaml.value", ""),
        ("date: {}", "yaml.value", ""), ("date: {from: 2026-04-02, until: 2026-04-01}", "rules.nothing", ""),
        ("hours: 17:00-09:00", "rules.hours", "unless: {hours:"), ("hours: 9-17", "yaml.value", "write `09:00–17:00`"),
        ("hours: 25:00-26:00", "yaml.value", ""), ("weekday: holiday", "yaml.value", "choose among"),
        ("asks-for: {only: [nam]}", "yaml.value", "did you mean `name`?"), ("asks-for: {}", "yaml.value", "{only: [..]}"),
        ("terminal: set-top-bax", "yaml.value", "did you mean `set-top-box`?"), ("member: shop", "rules.member.unknown", ""),
        ("operator: shop", "rules.member.unknown", ""), ("upstream: shop", "rules.member.unknown", ""),
        ("purpose: Points", "purpose.word", ""), ("maximum-login-aeg: 8h", "yaml.key.unknown", "did you mean `maximum-login-age`?"),
        ("says: {en: yes, de: ja}", "yaml.key.unknown", "known keys: en, ja"), ("says: yes", "yaml.type", ""),
        ("is: 5", "definitions.unknown", ""), ("unless: {}", "rules.nothing", "remove it"), ("unless: later", "yaml.type", ""),
        ("mode: {not: {a: b}}", "yaml.type", ""),
    ]) func `that is wrong is told with its line and a way out`(line: String, code: String, remedy: String) throws {
        let problems = try More.problems(line)
        #expect(problems.contains { $0.code == code && $0.line == 5 && (remedy.isEmpty || $0.remedy.contains(remedy)) }, "\(problems)")
    }

    @Test(arguments: [
        "floor: card-pin", "maximum-status-age: 15m", "maximum-login-age: 5m", "release: [name]", "obligations: {ledger: true}",
    ])
    func `that says what it takes is none of a forbid`(line: String) throws {
        #expect(try More.problems(line, effect: "forbid").map(\.code) == ["rules.forbid"])
        #expect(try More.problems(line).isEmpty)
    }

    @Test func `may be excepted, once or many times`() throws {
        let one = try More.rule("unless: {floor: card-pin, load: normal}", effect: "forbid")
        #expect(one.exceptions == [Condition([.floor: .includes(["card-pin"]), .load: .among(["normal"])])])
        let many = try More.rule("unless:\n- {mode: pin}\n- {weekday: sunday}")
        #expect(many.exceptions == [Condition([.mode: .among(["pin"])]), Condition([.weekday: .among(["sunday"])])])
    }

    @Test func `stands beside the rule's own sentence and place`() throws {
        let rule = try More.rule("says: {ja: はい, en: yes}")
        #expect(rule.says == ["ja": "はい", "en": "yes"])
        #expect(rule.place == RulePlace(file: More.name, line: 2))
    }
}

@Suite struct `The obligations of a rule` {
    @Test func `are read`() throws {
        let rule = try More.rule(
            """
            release: [name, address, birth-date]
            obligations:
              authenticate-again: {mode: pin, within: 5m}
              refresh-status: 15m
              consent: [name, address]
              opt-out: [address]
              derive: {birth-date: over-18, address: municipality}
              session: {island: health, lifetime: 15m, once: true}
              name-mandate: true
              ledger: true
            """)
        let expected = Obligations(
            authenticateAgain: AuthenticateAgain(mode: .pin, within: 300), refreshStatus: 900, consent: [.name, .address],
            optOut: [.address], derived: [.birthDate: .over18, .address: .municipality],
            session: SessionLimit(island: "health", lifetime: 900, once: true), namesMandate: true, writesLedger: true)
        #expect(rule.obligations == expected)
    }

    @Test(arguments: [
        ("authenticate-again: {mode: pin}", "yaml.key.missing"), ("authenticate-again: {mode: pni, within: 5m}", "yaml.value"),
        ("refresh-status: 15", "yaml.value"), ("consent: [nam]", "yaml.value"), ("opt-out: [name]", "rules.opt-out"),
        ("derive: {birth-date: municipality}", "rules.derive"), ("derive: {birth-dat: over-18}", "rules.derive"),
        ("session: {island: No Man's Land}", "rules.island"), ("session: {}", "rules.session"),
        ("session: {onec: true}", "yaml.key.unknown"),
        ("ledger: maybe", "yaml.type"), ("legder: true", "yaml.key.unknown"),
    ]) func `that are wrong are told`(line: String, code: String) throws {
        let problems = try More.problems("obligations:\n  " + line)
        #expect(problems.contains { $0.code == code && $0.line == 6 }, "\(problems)")
    }
}

@Suite struct `A definition` {
    @Test func `is put into rules of any file, and into other definitions`() throws {
        let deployment = try More.deployment(
            """
            definitions:
              attended: {is: with-card, terminal: clinic-kiosk}
              with-card: {carrier: card, mode: {not: [presence]}}
            """)
        try deployment.write(
            "Policies/aaa.yaml", "rules:\n- {id: use, effect: permit, is: attended, kind: ministry, mode: {not: [pin]}, basis: law}\n")
        let rule = try #require(try deployment.load().policy.rules.first { $0.id == "use" })
        #expect(
            rule.condition
                == Condition([
                    .kind: .among(["ministry"]), .carrier: .among(["card"]), .mode: .besides(["presence", "pin"]),
                    .terminal: .among(["clinic-kiosk"]),
                ]))
    }

    @Test(arguments: [
        ("definitions:\n  a: {is: b}\n  b: {is: c}\n  c: {is: a}\n", "definitions.cycle", 4),
        ("definitions:\n  a: {is: a}\n", "definitions.cycle", 2),
        ("definitions:\n  a: {is: bb}\n  bbb: {mode: pin}\n", "definitions.unknown", 2),
        ("definitions:\n  a: {mode: pin}\n  b: {is: a, mode: face}\n", "rules.nothing", 3),
        ("definitions:\n  A b: {mode: pin}\n", "definitions.name", 2), ("definitions:\n  a: {mood: pin}\n", "yaml.key.unknown", 2),
        ("definitions:\n  a: [pin]\n", "yaml.type", 2), ("definitions: pin\n", "yaml.type", 1),
    ]) func `that is wrong is told with its line`(text: String, code: String, line: Int) throws {
        let problems = try More.deployment(text).problems()
        #expect(problems.contains { $0.file == More.name && $0.code == code && $0.line == line }, "\(problems)")
    }

    @Test func `has one name in all files`() throws {
        let deployment = try More.deployment("definitions:\n  a: {mode: pin}\n")
        try deployment.write("Policies/zzz.yaml", "definitions:\n  a: {mode: face}\n")
        let problem = try #require(deployment.problems().first)
        #expect(problem.code == "definitions.duplicate" && problem.message.contains("Policies/more.yaml:2") && problem.line == 2)
    }

    @Test func `that contradicts its rule is told at the rule`() throws {
        let problems = try More.deployment(
            "definitions:\n  a: {mode: pin}\nrules:\n- {id: x, effect: permit, is: a, mode: face, basis: law}\n"
        ).problems()
        #expect(problems.map(\.code) == ["rules.nothing"] && problems.first?.line == 4)
    }

    @Test func `changes the version with what it says, not with its name`() throws {
        func version(_ name: String, _ mode: String) throws -> String {
            try More.deployment(
                "definitions:\n  \(name): {mode: \(mode)}\nrules:\n- {id: x, effect: permit, is: \(name), basis: law}\n"
            ).load().policy.version
        }
        #expect(try version("a", "pin") == version("b", "pin"))
        #expect(try version("a", "pin") != version("a", "face"))
    }
}

/// Files that are small and say much: refused, in bounded time.
@Suite struct `A rule bomb` {
    static func words(_ count: Int, _ letter: Character = "m") -> String { (0..<count).map { "\(letter)\($0)" }.joined(separator: ",") }

    static func codes(_ files: [(String, String)]) throws -> (codes: Set<String>, took: Duration) {
        let deployment = try More.bare()
        for (name, text) in files { try deployment.write("Policies/" + name, text) }
        let clock = ContinuousClock()
        let start = clock.now
        let codes = Set(deployment.problems().map(\.code))
        return (codes, clock.now - start)
    }

    @Test func `made of one large definition and many rules is refused`() throws {
        let definitions = "definitions:\n  big: {sector: [\(Self.words(4000))]}\n"
        let rules = "rules:\n" + (0..<1000).map { "- {id: r\($0), effect: permit, is: big, basis: law}\n" }.joined()
        let (codes, took) = try Self.codes([("a.yaml", definitions), ("b.yaml", rules)])
        #expect(codes == ["rules.weight"])
        #expect(took < .seconds(60))
    }

    @Test func `made of exceptions is refused`() throws {
        let definitions = "definitions:\n  big: {sector: [\(Self.words(4000))]}\n"
        let unless = Array(repeating: "{is: big}", count: 64).joined(separator: ", ")
        let rules = "rules:\n" + (0..<50).map { "- {id: r\($0), effect: permit, unless: [\(unless)], basis: law}\n" }.joined()
        let (codes, took) = try Self.codes([("a.yaml", definitions), ("b.yaml", rules)])
        #expect(codes == ["rules.weight"])
        #expect(took < .seconds(60))
    }

    /// Few enough words, but each is another: terminals are tried one by one, and members have a row each.
    @Test(arguments: [("upstream", 201, 1), ("sector", 4000, 6)])
    func `made of words that are told apart is refused`(fact: String, words: Int, rules: Int) throws {
        let text = (0..<rules).map { rule in
            let list = (0..<words).map { "u\(rule)-\($0)" }.joined(separator: ",")
            return "- {id: r\(rule), effect: forbid, \(fact): [\(list)], basis: law}\n"
        }
        let (codes, took) = try Self.codes([("a.yaml", "rules:\n" + text.joined())])
        #expect(codes.contains("rules.weight"))
        #expect(took < .seconds(60))
    }

    @Test func `made of definitions in each other is refused or small`() throws {
        // Each names the two before it: written out it would be two to the thirtieth.
        let chain = (2..<30).map { "  d\($0): {is: [d\($0 - 1), d\($0 - 2)]}\n" }.joined()
        let text =
            "definitions:\n  d0: {mode: pin}\n  d1: {carrier: card}\n" + chain + "rules:\n- {id: x, effect: permit, is: d29, basis: law}\n"
        let (codes, took) = try Self.codes([("a.yaml", text)])
        #expect(codes.isEmpty)
        #expect(took < .seconds(20))
        let deep = (1..<200).map { "  d\($0): {is: d\($0 - 1)}\n" }.joined()
        #expect(
            try Self.codes([
                ("a.yaml", "definitions:\n  d0: {mode: pin}\n" + deep.split(separator: "\n").reversed().joined(separator: "\n") + "\n")
            ]).codes == ["definitions.depth"])
    }

    @Test(arguments: [
        ("rules:\n- {id: x, effect: permit, basis: law, sector: [\(words(4097))]}\n", "yaml.value"),
        (
            "rules:\n- {id: x, effect: permit, basis: law, unless: [\(Array(repeating: "{mode: pin}", count: 65).joined(separator: ","))]}\n",
            "rules.size"
        ),
        ("definitions:\n" + (0..<1001).map { "  d\($0): {mode: pin}\n" }.joined(), "definitions.size"),
        ("rules:\n- {id: x, effect: permit, basis: law, is: [\(words(33))]}\n", "rules.size"),
        ("rules:\n" + (0..<2001).map { "- {id: r\($0), effect: permit, basis: law}\n" }.joined(), "rules.size"),
    ]) func `of too many of one thing is refused`(text: String, code: String) throws {
        #expect(try Self.codes([("a.yaml", text)]).codes.contains(code))
    }
}

@Suite struct `The circumstances of a deployment` {
    @Test(arguments: [("normal", LoadState.normal), ("busy", .busy), ("emergency", .emergency)])
    func `are the operator's word`(word: String, load: LoadState) throws {
        let deployment = try Deployment()
        let version = try deployment.load().policy.version
        try deployment.write("sekisho.yaml", try deployment.read("sekisho.yaml") + "\ncircumstances: {load: \(word)}\n")
        let configuration = try deployment.load()
        #expect(configuration.circumstances == Circumstances(load: load))
        #expect(configuration.policy.circumstances.load == load)
        #expect(configuration.policy.version == version, "what is the case is no part of the rules")
    }

    @Test func `are normal when nothing is said, and nothing else may be said`() throws {
        let deployment = try Deployment()
        #expect(try deployment.load().circumstances.load == .normal)
        let text = try deployment.read("sekisho.yaml")
        try deployment.write("sekisho.yaml", text + "\ncircumstances: {load: heavy}\n")
        #expect(deployment.codes().contains("yaml.value"))
        try deployment.write("sekisho.yaml", text + "\ncircumstances: {laod: busy}\n")
        #expect(deployment.codes().contains("yaml.key.unknown"))
    }
}

@Suite struct `The version of texts of the first language` {
    /// Computed by the release before definitions, exceptions and obligations: what was kept under it can be found again.
    @Test func `has not changed`() throws {
        let deployment = try Deployment()
        for name in try deployment.policyFiles() { try deployment.remove("Policies/" + name) }
        try deployment.write(
            "Policies/ladder.yaml",
            """
            contexts:
              - name: card-pin
                saml-classes: [urn:x:pin]
                acr: [urn:x:pin, aal3]
                amr: [pin, sc]
                proofing-level: 3
                authentication-level: 3
                modes: [pin]
                carriers: [card, phone]
                needs-statement: false
            """)
        try deployment.write(
            "Policies/rules.yaml",
            """
            rules:
              - {id: a, effect: permit, kind: [ministry, served-firm], purpose: procedure, floor: card-pin, maximum-status-age: 36h, release: [pin-used, carrier], basis: law}
              - {id: b, effect: forbid, purpose: [profiling], basis: other law}
            """)
        let canonical =
            #"{"ladder":[{"name":"card-pin","saml":["urn:x:pin"],"acr":["urn:x:pin","aal3"],"amr":["pin","sc"],"proofing":3,"authentication":3,"modes":["pin"],"carriers":["card","phone"],"statement":false}],"rules":[{"id":"a","effect":"permit","kinds":["ministry","served-firm"],"members":null,"purposes":["procedure"],"floor":"card-pin","age":129600,"release":["carrier","pin-used"],"basis":"law"},{"id":"b","effect":"forbid","kinds":null,"members":null,"purposes":["profiling"],"floor":null,"age":null,"release":[],"basis":"other law"}]}"#
        #expect(try deployment.load().policy.version == Deployment.digest(canonical))
    }
}

extension Deployment {
    func policyFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path + "/Policies").filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".csv") }
    }

    fileprivate static func digest(_ text: String) -> String {
        String(Hexadecimal.encode(Digest.sha256(Array(text.utf8))).prefix(16))
    }
}
