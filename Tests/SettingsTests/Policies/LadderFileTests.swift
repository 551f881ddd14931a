import Credentials
import Foundation
import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `The ladder's ceilings, floors and cases` {
    static let name = "Policies/ladder.yaml"

    @Test(arguments: [
        ("{class: clinic-kiosk, highest: card-pin}", "{class: clinic-kiosk, highest: card-pni}", "ladder.context.unknown", "card-pni"),
        (
            "{class: clinic-kiosk, highest: card-pin}", "{class: counter, highest: card-pin}", "ladder.ambiguous",
            "{class: counter, highest: card-pin}  # face"
        ),
        ("{class: clinic-kiosk, highest: card-pin}", "{class: none, highest: card-pin}", "ladder.name", "{class: none"),
        ("{class: clinic-kiosk, highest: card-pin}", "{class: Kiosk, highest: card-pin}", "ladder.name", "{class: Kiosk"),
        ("{class: clinic-kiosk, highest: card-pin}", "{clas: clinic-kiosk, highest: card-pin}", "yaml.key.unknown", "{clas:"),
        ("{class: clinic-kiosk, highest: card-pin}", "{class: clinic-kiosk}", "yaml.key.missing", "{class: clinic-kiosk}"),
        ("# upstreams:\n#   - {member", "upstreams:\n   - {member", "ladder.upstream.unknown", "- {member"),
        ("# upstreams:\n#   - {member: https://verifier.example/idp", "upstreams:\n   - {member: \"\"", "yaml.value", "- {member"),
        ("modes: [face]", "modes: [face]\n    doors: [tsl]", "yaml.value", "doors: [tsl]"),
        ("modes: [face]", "modes: [face]\n    doors: [tls]", "ladder.context", "doors: [tls]"),
        ("modes: [face]", "modes: [face]\n    doors: []", "ladder.context", "- name: card-face"),
        ("modes: [face]", "modes: [face]\n    status-sources: []", "ladder.context", "- name: card-face"),
        ("modes: [face]", "modes: [face]\n    status-sources: [ocps]", "yaml.value", "status-sources: [ocps]"),
        ("modes: [face]", "modes: [face]\n    maximum-status-age: 15", "yaml.value", "maximum-status-age: 15"),
        ("modes: [face]", "modes: [face]\n    maximum-login-age: 1s", "yaml.value", "maximum-login-age: 1s"),
        ("      en: the card was there", "      fr: la carte y fut", "yaml.key.unknown", "fr: la carte"),
        (
            "    terminal: shelter-desk\n    reaches: none", "    terminal: shelter-desk\n    reaches: card-pin", "ladder.case",
            "- says: what a shelter"
        ),
        ("terminal: clinic-kiosk\n    reaches", "terminal: clinic-kisok\n    reaches", "ladder.terminal.unknown", "terminal: clinic-kisok"),
        ("    reaches: card-face", "    reaches: card-fcae", "ladder.context.unknown", "reaches: card-fcae"),
        ("    satisfied-by: [card-face, card-pin]", "    satisfied-by: [card-pin]", "ladder.case", "- says: who asks for at least aal2"),
        ("asks: {minimum: [aal2]}", "asks: {minimum: [aal2], exact: [aal2]}", "ladder.asks", "asks: {minimum: [aal2], exact"),
        ("asks: {minimum: [aal2]}", "asks: {least: [aal2]}", "yaml.key.unknown", "asks: {least"),
    ]) func `that are wrong are told with their line`(old: String, new: String, code: String, place: String) throws {
        let deployment = try Deployment()
        #expect(deployment.problems().isEmpty, "the folder is right before")
        try deployment.edit(Self.name, old, new)
        let line = try deployment.line(of: place, in: Self.name)
        let problems = deployment.problems()
        #expect(problems.contains { $0.file == Self.name && $0.code == code && $0.line == line }, "line \(line): \(problems)")
    }

    @Test func `suggest what was meant`() throws {
        let deployment = try Deployment()
        try deployment.edit(Self.name, "{class: clinic-kiosk, highest: card-pin}", "{class: clinic-kiosk, highest: card-pni}")
        #expect(deployment.problems().first { $0.code == "ladder.context.unknown" }?.remedy == "did you mean `card-pin`?")
    }

    @Test func `say of a case that comes out otherwise which floor is missed`() throws {
        let deployment = try Deployment()
        try deployment.edit(Self.name, "terminal: shelter-desk\n    reaches: none", "terminal: shelter-desk\n    reaches: card-pin")
        let problem = try #require(deployment.problems().first { $0.code == "ladder.case" })
        #expect(problem.message.hasSuffix("comes to none; `card-pin` is missed by terminal"))
    }

    @Test func `are what the deployment decides by`() throws {
        let deployment = try Deployment()
        try deployment.edit(
            Self.name, "modes: [pin]",
            "modes: [pin]\n    doors: [tls]\n    status-sources: [ocsp]\n    maximum-status-age: 15m\n    maximum-login-age: 8h")
        // The cases of the ladder and of the rules speak of the challenge door.
        try deployment.onlyRules()
        try deployment.dropCases()
        let context = try #require(try deployment.load().policy.ladder["card-pin"])
        #expect(context.doors == [.tls] && context.statusSources == [.ocsp])
        #expect(context.maximumStatusAge == 900 && context.maximumLoginAge == 28_800)
        #expect(context.says["ja"]?.isEmpty == false && context.says["en"]?.isEmpty == false)
    }

    @Test func `of an upstream hold for one that is registered, of its kind`() throws {
        let deployment = try Deployment()
        try deployment.edit(
            Self.name, "# upstreams:\n#   - {member: https://verifier.example/idp", "upstreams:\n   - {member: https://up.example/idp")
        #expect(deployment.codes() == ["ladder.upstream.unknown"])
        try deployment.addMinistry("up", id: "https://up.example/idp")
        #expect(deployment.codes() == ["ladder.upstream.unknown"], "a ministry authenticates nobody for us")
        try deployment.edit("Metadata/members/up.yaml", "kind: ministry", "kind: identity-provider")
        #expect(deployment.codes().isEmpty)
        #expect(try deployment.load().policy.ladder.upstreams.map(\.text) == ["https://up.example/idp"])
    }
}

@Suite struct `The order of a ladder` {
    static func notices(_ edit: (Deployment) throws -> Void) throws -> [String] {
        let deployment = try Deployment()
        // Without ceilings, which are a reason to have a lower context that is as easy.
        let text = try deployment.read("Policies/ladder.yaml")
        let start = try #require(text.range(of: "\n# The most that a class of terminals")?.lowerBound)
        try deployment.write("Policies/ladder.yaml", String(text[..<start]) + "\n")
        try deployment.onlyRules()
        try deployment.dropCases()
        try edit(deployment)
        return try deployment.load().notices.map(\.code).filter { $0.hasPrefix("ladder.") }
    }

    @Test func `is its operator's choice`() throws {
        #expect(try Self.notices { _ in } == [])
    }

    @Test(arguments: [
        ("authentication-level: 3", "authentication-level: 1", ["ladder.order"]),
        ("modes: [pin]", "modes: [pin, presence]", ["ladder.shadowed"]),
        ("modes: [presence]", "modes: [presence]\n    maximum-status-age: 15m", []),
    ]) func `is pointed out where it looks like a slip`(old: String, new: String, codes: [String]) throws {
        #expect(try Self.notices { try $0.edit("Policies/ladder.yaml", old, new) } == codes)
    }
}

@Suite struct `The class of a terminal` {
    static func terminal(_ line: String) throws -> Deployment {
        let deployment = try Deployment()
        let shop = try Samples.shop("shop")
        let start = try #require(shop.range(of: "kty: EC")?.lowerBound), end = try #require(shop.range(of: "}]}")?.lowerBound)
        // The same point, as JSON.
        let key = shop[start..<end].split(separator: ", ").map { pair in
            let parts = pair.split(separator: ": ")
            return "\"\(parts[0])\": \"\(parts[1])\""
        }
        try deployment.write(
            "Keys/terminals/box.json",
            """
            {"id": "box-1", "name": "Living room", "modes": ["presence", "pin"], "attended": false, \(line)
             "notBefore": "2026-04-01T00:00:00+09:00", "notAfter": "2027-04-01T00:00:00+09:00", "keys": {"keys": [{\(key.joined(separator: ", "))}]}}
            """)
        return deployment
    }

    @Test(arguments: [
        ("\"class\": \"set-top-box\",", "set-top-box"), ("", "unclassified"), ("\"class\": \"unclassified\",", "unclassified"),
    ])
    func `is a word that the ladder lists, or none`(line: String, name: String) throws {
        let id = try #require(TerminalID("box-1"))
        let terminal = try #require(try Self.terminal(line).load().cards.terminals.find(id))
        #expect(terminal.terminalClass == name)
    }

    @Test(arguments: [
        ("\"class\": \"set-top-bxo\",", "terminal.class"), ("\"class\": \"none\",", "terminal.class"),
        ("\"class\": \"Box\",", "terminal.member"),
        ("\"class\": 1,", "terminal.member"), ("\"class\": null,", "terminal.member"), ("\"klass\": \"set-top-box\",", "terminal.member"),
    ]) func `is no other`(line: String, code: String) throws {
        let problems = try Self.terminal(line).problems()
        #expect(problems.map(\.code) == [code] && problems.first?.file == "Keys/terminals/box.json")
    }
}
