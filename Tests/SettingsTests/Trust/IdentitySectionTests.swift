import Credentials
import Cryptography
import Settings
import Testing
import Vocabulary

@Suite struct `The identity part of card` {
    private func loaded(_ lines: String, files: [(String, String)] = []) throws -> Configuration.Identity {
        let deployment = try Deployment()
        for (name, text) in files { try deployment.write(name, text) }
        try deployment.edit("sekisho.yaml", "card:\n", "card:\n  identity:\n" + lines + "\n")
        return try deployment.load().cards.identity
    }

    @Test func `left out, believes the card's own policy and keeps an hour`() throws {
        let identity = try Deployment().load().cards.identity
        #expect(identity.profile.policies[.card]?.map(\.dotted) == ["1.2.392.200149.8.5.1.1.20"])
        #expect(identity.profile.policies[.phone] == [], "the phone's is not published")
        #expect(identity.profile.values == SignatureProfile.standardValues)
        #expect(identity.profile.sexes == SignatureProfile.standardSexes)
        #expect(identity.rules == IdentityRules(loginAge: 600, tie: .journey))
        #expect(identity.lifetime == 3600)
        #expect(identity.profile.gazetteer.municipalities["東京都"] != nil)
    }

    @Test func `has every fact of the certificate in the operator's hand`() throws {
        let identity = try loaded(
            """
                policies: {card: [1.2.3.4], phone: [1.2.3.5]}
                algorithms: [ES384]
                attributes: {address: 1.2.392.200149.8.5.5.6, address-substitution: 1.2.392.200149.8.5.5.5}
                sexes: {male: M, female: [F, W], not-stated: "0"}
                eras: {"0": none, "6": 2030-01-01.., "5": 2019-05-01..2029-12-31}
                login-age: 5m
                tie: card
                keep: 2d
            """)
        #expect(identity.profile.policies[.phone]?.map(\.dotted) == ["1.2.3.5"])
        #expect(identity.profile.algorithms == [.es384])
        #expect(identity.profile.values[.address]?.dotted == "1.2.392.200149.8.5.5.6")
        #expect(identity.profile.values[.name]?.dotted == "1.2.392.200149.8.5.5.1")
        #expect(identity.profile.sexes == ["M": .male, "F": .female, "W": .female, "0": .notStated])
        #expect(identity.profile.eras.count == 3)
        #expect(identity.profile.eras["6"] == EraSpan(first: 2030_01_01, last: 9999_12_31))
        #expect(identity.profile.eras["0"] == .some(nil))
        #expect(identity.rules.loginAge == 300 && identity.rules.tie == .card && identity.lifetime == 172_800)
    }

    @Test(arguments: [
        ("    policies: {card: [1.2.3], phone: [1.2.3]}", "card.identity.policy.shared"), ("    policies: {card: [x]}", "card.policy"),
        ("    attributes: {name: nothing}", "card.policy"), ("    attributes: {name: 1.2.392.200149.8.5.5.2}", "card.identity.attributes"),
        ("    sexes: {male: \"1\", female: \"1\"}", "card.identity.sexes"), ("    eras: {\"3\": forever}", "card.identity.eras"),
        ("    eras: {\"3\": 1989-01-08..1926-12-25}", "card.identity.eras"), ("    eras: {\"3\": 1926-02-30..}", "card.identity.eras"),
        ("    eras: {\"3\": 1926-12-25..1930-01-01..}", "card.identity.eras"), ("    eras: {showa: none}", "yaml.key.unknown"),
        ("    tie: rope", "yaml.value"), ("    keep: 10", "yaml.value"), ("    keep: 90d", "yaml.value"),
        ("    login-age: 2h", "yaml.value"),
        ("    algorithms: [RS1]", "yaml.value"), ("    kept: 1h", "yaml.key.unknown"), ("    places: nowhere.txt", "file.missing"),
    ]) func `refuses what cannot be, with its line`(lines: String, code: String) throws {
        let deployment = try Deployment()
        try deployment.edit("sekisho.yaml", "card:\n", "card:\n  identity:\n" + lines + "\n")
        let problems = deployment.problems()
        #expect(problems.map(\.code) == [code], "\(problems)")
    }

    @Test func `takes the operator's list of municipalities`() throws {
        let identity = try loaded(
            "    places: places.txt", files: [("places.txt", "# from the ministry\n東京都 千代田区\r\n\n北海道\t余市郡余市町\n")])
        #expect(identity.profile.gazetteer.count >= 2)
        let deployment = try Deployment()
        try deployment.write("places.txt", "東京都 千代田区\n東京 港区\n東京都\n")
        try deployment.edit("sekisho.yaml", "card:\n", "card:\n  identity:\n    places: places.txt\n")
        let problems = deployment.problems()
        #expect(problems.map(\.code) == ["card.identity.places", "card.identity.places"])
        #expect(problems.map(\.line) == [2, 3])
    }
}
