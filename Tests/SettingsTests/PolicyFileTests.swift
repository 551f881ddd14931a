import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `What is wrong in the ladder` {
    static let name = "Policies/ladder.yaml"

    @Test(arguments: [
        ("name: card-face", "name: Card Face", "ladder.name", "name: Card Face"),
        (
            "name: card-face", "name: card-presence", "ladder.ambiguous",
            "- name: card-presence\n    says:\n      ja: 係員"
        ),
        ("acr: [urn:x-sekisho:ac:card-face, aal2]", "acr: [urn:x-sekisho:ac:card-face, aal1]", "ladder.ambiguous", "card-face, aal1]"),
        ("acr: [urn:x-sekisho:ac:card-face, aal2]", "acr: [\"aal2 crl\"]", "ladder.value", "aal2 crl"),
        ("acr: [urn:x-sekisho:ac:card-face, aal2]", "acr: []", "ladder.context", "- name: card-face"),
        ("    saml-classes: [urn:x-sekisho:ac:card-face]\n", "", "yaml.key.missing", "- name: card-face"),
        ("modes: [face]", "modes: [faces]", "yaml.value", "modes: [faces]"),
        ("modes: [face]", "modes: []", "ladder.context", "- name: card-face"),
        ("    needs-statement: true", "    needs-statement: false", "ladder.face", "modes: [face]"),
        ("authentication-level: 2", "authentication-level: 4", "yaml.value", "authentication-level: 4"),
        ("authentication-level: 2", "authentication-level: two", "yaml.value", "authentication-level: two"),
        ("amr: [sc, face]", "amrs: [sc, face]", "yaml.key.unknown", "amrs:"),
        ("carriers: [card]", "carriers: [card, car]", "yaml.value", "carriers: [card, car]"),
    ]) func `is told with its line`(old: String, new: String, code: String, place: String) throws {
        let deployment = try Deployment()
        try deployment.edit(Self.name, old, new)
        let line = try deployment.line(of: place, in: Self.name)
        let problems = deployment.problems()
        #expect(problems.contains { $0.file == Self.name && $0.code == code && $0.line == line }, "line \(line): \(problems)")
    }

    @Test(arguments: [("contexts: []\n", "ladder.empty"), ("rungs: []\n", "yaml.key.missing"), ("contexts: x\n", "yaml.type")])
    func `may be that there is none`(text: String, code: String) throws {
        let deployment = try Deployment()
        try deployment.write(Self.name, text)
        #expect(deployment.codes().contains(code))
        try deployment.remove(Self.name)
        #expect(deployment.codes() == ["file.missing"])
    }
}

@Suite struct `What is wrong in the rules` {
    static let name = "Policies/rules.yaml"

    @Test(arguments: [
        (
            "kind: local-government\n    purpose: counter\n    floor", "kind: local-goverment\n    purpose: counter\n    floor",
            "yaml.value", "local-goverment"
        ),
        ("floor: card-face", "floor: card-fcae", "rules.floor.unknown", "floor: card-fcae"),
        (
            "id: no-profiling", "id: counters-of-local-governments", "rules.id.duplicate",
            "id: counters-of-local-governments\n    effect: forbid"
        ),
        (
            "purpose: profiling\n    basis", "purpose: profiling\n    floor: card-pin\n    basis", "rules.forbid",
            "floor: card-pin\n    basis: Public Personal Authentication Act art. 50"
        ),
        ("effect: forbid", "effect: deny", "yaml.value", "effect: deny"),
        (
            "floor: card-presence\n    release: [pin-used, card-mode, authentication-level]", "floor: card-presence\n    release: [nmae]",
            "yaml.value", "release: [nmae]"
        ),
        ("purpose: [points, customer-login]", "purpose: [Points]", "purpose.word", "purpose: [Points]"),
        ("purpose: [points, customer-login]", "purpose: []", "rules.nothing", "purpose: []"),
        (
            "    basis: Public Personal Authentication Act art. 38-2 (attended terminals)\n", "", "yaml.key.missing",
            "id: counters-of-local-governments"
        ),
        ("floor: card-presence\n", "floor: card-presence\n    maximum-status-age: forever\n", "yaml.value", "forever"),
        ("floor: card-presence\n", "floor: card-presence\n    member: shop\n", "rules.member.unknown", "member: shop"),
        ("floor: card-presence\n", "floor: card-presence\n    whne: noon\n", "yaml.key.unknown", "whne"),
    ]) func `is told with its line`(old: String, new: String, code: String, place: String) throws {
        let deployment = try Deployment()
        try deployment.edit(Self.name, old, new)
        let line = try deployment.line(of: place, in: Self.name)
        let problems = deployment.problems()
        #expect(problems.contains { $0.file == Self.name && $0.code == code && $0.line == line }, "line \(line): \(problems)")
    }

    @Test func `names the file in which a rule's twin stands`() throws {
        let deployment = try Deployment()
        try deployment.write("Policies/more.yaml", "rules:\n- {id: no-profiling, effect: forbid, purpose: marketing, basis: law}\n")
        let problem = try #require(deployment.problems().first)
        #expect(problem.code == "rules.id.duplicate" && problem.message.contains("Policies/more.yaml:2"))
    }

    @Test func `suggests the member that was meant`() throws {
        let deployment = try Deployment()
        try deployment.addShop()
        try deployment.write("Policies/more.yaml", "rules:\n- {id: a, effect: forbid, member: shpo, basis: law}\n")
        #expect(deployment.problems().first?.remedy == "did you mean `shop`?")
        try deployment.write("Policies/more.yaml", "rules:\n- {id: a, effect: forbid, member: shop, basis: law}\n")
        #expect(deployment.problems().isEmpty)
    }

    @Test(arguments: ["rules.yml", "notes.txt", "rules.yaml.bak"]) func `may be a file that nobody would read`(name: String) throws {
        let deployment = try Deployment()
        try deployment.write("Policies/" + name, "rules: []\n")
        #expect(deployment.codes() == ["file.unexpected"])
    }
}

@Suite struct `A case of the rules` {
    @Test func `that comes out otherwise is told, with what came and by which rule`() throws {
        let deployment = try Deployment()
        try deployment.edit("Policies/rules.yaml", "floor: card-presence", "floor: card-face")
        let problem = try #require(deployment.problems().first)
        #expect(problem.code == "policy.case")
        #expect(problem.line == (try deployment.line(of: "says: points are collected", in: "Policies/rules.yaml")))
        #expect(problem.message.hasSuffix("comes to authenticate card-face by everyday-use-of-private-verifiers"))
        #expect(problem.remedy.hasPrefix("it expects permit card-presence"))
    }

    @Test func `is decided with the rules of all files`() throws {
        let deployment = try Deployment()
        try deployment.write("Policies/more.yaml", "rules:\n- {id: stop, effect: forbid, kind: ministry, basis: law}\n")
        #expect(deployment.codes().count > 4 && Set(deployment.codes()) == ["policy.case"])
        #expect(Set(deployment.problems().map(\.file)).isSuperset(of: ["Policies/rules.yaml", "Policies/e-filing.yaml"]))
    }

    @Test(arguments: [
        ("expect: permit\n    context: card-presence", "expect: permitted\n    context: card-presence", "yaml.value"),
        ("purpose: points\n    login: presence", "purpose: points\n    login: password", "yaml.value"),
        ("  - says: nobody profiles", "  - say: nobody profiles", "yaml.key.missing"),
    ]) func `that cannot be read is no case`(old: String, new: String, code: String) throws {
        let deployment = try Deployment()
        try deployment.edit("Policies/rules.yaml", old, new)
        #expect(deployment.codes().contains(code))
    }
}

@Suite struct `A policy's version` {
    static func version(_ edit: (Deployment) throws -> Void) throws -> String {
        let deployment = try Deployment()
        try deployment.onlyRules()
        try edit(deployment)
        return try deployment.load().policy.version
    }

    @Test func `is sixteen hexadecimal digits`() throws {
        let version = try Self.version { _ in }
        #expect(version.utf8.count == 16 && Hexadecimal.decode(version) != nil)
    }

    @Test func `stays when comments, order and files change`() throws {
        let rules = "rules:\n- {id: a, effect: forbid, kind: [ministry, served-firm], basis: x}\n- {id: b, effect: permit, basis: y}\n"
        let same = [
            ["rules.yaml": "# other words\n" + rules],
            [
                "rules.yaml":
                    "rules:\n- {id: b, effect: permit, basis: y}\n- {id: a, effect: forbid, kind: [served-firm, ministry], basis: x}\n"
            ],
            [
                "rules.yaml": "rules: [{id: a, effect: forbid, kind: [ministry, served-firm], basis: x}]\n",
                "zz.yaml": "rules: [{id: b, effect: permit, basis: y}]\n",
            ],
        ]
        let version = try Self.version { try $0.write("Policies/rules.yaml", rules) }
        for files in same {
            #expect(try Self.version { for (name, text) in files { try $0.write("Policies/" + name, text) } } == version)
        }
    }

    @Test(arguments: [
        ("rules.yaml", "floor: card-presence", "floor: card-presence\n    maximum-status-age: 1d"),
        ("rules.yaml", "purpose: profiling\n    basis", "purpose: [profiling, marketing]\n    basis"),
        ("rules.yaml", "art. 38-2 (attended terminals)", "art. 38-2"), ("ladder.yaml", "amr: [user]", "amr: [sc]"),
        ("ladder.yaml", "authentication-level: 2", "authentication-level: 1"),
    ]) func `changes with what is decided or told`(file: String, old: String, new: String) throws {
        #expect(try Self.version { try $0.edit("Policies/" + file, old, new) } != Self.version { _ in })
    }
}
