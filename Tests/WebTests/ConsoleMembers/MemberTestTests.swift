import Cryptography
import JOSE
import OpenID
import SAML
import Settings
import Testing
import TrustFramework
import Vocabulary
import Web

/// A name and keys of its own for one test login, as the roof makes them.
enum Rehearsing {
    static func party(for member: MemberID, _ settings: Configuration, at now: Timestamp) throws -> RehearsalParty? {
        let base = settings.baseURL + RehearsalParty.path
        if settings.federation.serviceProvider(member) != nil {
            let entityID = try #require(MemberID(base + "/saml/metadata"))
            return RehearsalParty(saml: RehearsalIdentity(like: settings.identityProvider, named: entityID, key: try signer(at: now)))
        }
        guard let client = settings.federation.client(member) else { return nil }
        let key = SigningKey(keyID: "rehearsal-1", algorithm: client.idTokenAlgorithm, key: try PrivateKey.generate(.ec(.p256)))
        return RehearsalParty(openID: RehearsalProvider(like: settings.openIDProvider, issuer: base, keys: [key]))
    }

    static func signer(at now: Timestamp) throws -> SAMLSigningKey {
        let key = try PrivateKey.generate(.ec(.p256))
        let certificate = try SelfSigned.certificate(
            for: key, commonName: "rehearsal", notBefore: now, notAfter: now.adding(seconds: 3_600))
        return try SAMLSigningKey(key: key, certificate: certificate, algorithm: .ecdsa(.sha256))
    }
}

/// Decision 0061: the answer that a member would receive, by the code that answers everybody, worthless outside.
@Suite struct `A test login` {
    private static func run(_ member: String, as person: String = "hanako", level: String? = nil) async throws -> MemberTest {
        let settings = try await World.shared().configuration
        let id = try #require(MemberID(member))
        let party = try #require(try Rehearsing.party(for: id, settings, at: World.now))
        return try #require(MemberTest.run(id, as: person, level: level, in: settings, by: party, at: World.now))
    }

    private static func response(_ test: MemberTest) throws -> [UInt8] {
        try #require(test.raw.first { $0.title.en.hasPrefix("SAMLResponse") }.flatMap { Base64.decode($0.text) })
    }

    @Test(arguments: [Parties.ministry, Parties.library, Parties.archive])
    func `shows a SAML member's own answer, which a careful service would take by the test's key`(member: String) async throws {
        let test = try await Self.run(member)
        #expect(test.refusal == nil && test.isAccepted == true, "\(test.lines(in: "en"))")
        func value(_ name: String) -> String? { test.parts.first { $0.name.hasSuffix(name) }?.value }
        #expect(value("/Audience") == member)
        #expect(value("Response/Issuer") == World.base + "/rehearsal/saml/metadata")
        #expect(value("Response/@Destination")?.isEmpty == false)
        #expect(value("/AuthnContextClassRef")?.isEmpty == false)
        #expect(test.checks.count >= 9 && test.checks.allSatisfy { !$0.clause.isEmpty })
        #expect(test.parts.allSatisfy { !$0.meaning.ja.isEmpty && !$0.meaning.en.isEmpty })
    }

    @Test func `is worth nothing to whoever trusts the platform`() async throws {
        let settings = try await World.shared().configuration
        let test = try await Self.run(Parties.ministry)
        let xml = try Self.response(test)
        var rules = JudgeRules()
        rules.keys = settings.identityProvider.signingKeys.keys.map(\.publicKey)
        rules.audience = Parties.ministry
        rules.address = Parties.ministryACS
        let own = settings.identityProvider.signingKeys
        let byKey = MessageJudge(rules, as: .serviceProvider, identity: own).verdict(on: xml, by: .xml, at: World.now)
        #expect(!byKey.isAccepted && byKey.verified.isEmpty)
        #expect(byKey.refusal?.layer == .signature)
        // Whoever believes the certificate in the message, which nobody may, is still told another name; by that name it would be taken.
        rules.keys = MessageInspection(try PastedMessage(xml), revealing: false).embeddedKeys
        rules.issuer = settings.identityProvider.entityID.text
        let byName = MessageJudge(rules, as: .serviceProvider, identity: own).verdict(on: xml, by: .xml, at: World.now)
        #expect(byName.refusal?.layer == .issuer)
        rules.issuer = World.base + "/rehearsal/saml/metadata"
        #expect(MessageJudge(rules, as: .serviceProvider, identity: own).verdict(on: xml, by: .xml, at: World.now).isAccepted)
        // The page names the true issuer beside it.
        #expect(test.facts.contains { $0.value == settings.identityProvider.entityID.text })
    }

    @Test func `cannot be made under the platform's name or with its keys`() async throws {
        let settings = try await World.shared().configuration
        let real = settings.identityProvider
        let other = try #require(MemberID("https://other.example/idp"))
        #expect(RehearsalIdentity(like: real, named: real.entityID, key: try Rehearsing.signer(at: World.now)) == nil)
        #expect(RehearsalIdentity(like: real, named: other, key: real.signingKey(at: World.now)) == nil)
        #expect(RehearsalIdentity(like: real, named: other, key: try Rehearsing.signer(at: World.now)) != nil)
        let provider = settings.openIDProvider
        let key = SigningKey(keyID: "x", algorithm: .es256, key: try PrivateKey.generate(.ec(.p256)))
        #expect(RehearsalProvider(like: provider, issuer: provider.issuer, keys: [key]) == nil)
        let own = try #require(provider.keys.compactMap(\.signing).first)
        #expect(RehearsalProvider(like: provider, issuer: "https://other.example", keys: [own]) == nil)
        #expect(RehearsalProvider(like: provider, issuer: "https://other.example", keys: [key]) != nil)
    }

    @Test(arguments: [Parties.shop, Parties.bank])
    func `shows an OpenID member's code, tokens and userinfo`(member: String) async throws {
        let settings = try await World.shared().configuration
        let test = try await Self.run(member)
        #expect(test.refusal == nil, "\(test.lines(in: "en"))")
        func value(_ place: String, _ name: String) -> String? { test.parts.first { $0.place == place && $0.name == name }?.value }
        #expect(value("id_token", "aud") == member)
        #expect(value("id_token", "iss") == World.base + "/rehearsal")
        #expect(value("id_token", "sub") == value("userinfo", "sub"))
        #expect(value("authorization response", "code")?.isEmpty == false)
        #expect(value("token response", "token_type") == "Bearer")
        let kid = try #require(value("id_token header", "kid"))
        #expect(!settings.openIDProvider.keys.contains { $0.jwk.keyID == kid })
        #expect(test.checks.count >= 9)
        let nobody = try await Self.run(member)
        #expect(nobody.parts.first { $0.name == "sub" }?.value != value("id_token", "sub"), "every test has an identifier of its own")
    }

    @Test func `that is not strong enough shows what the member would be told, and no assertion`() async throws {
        let settings = try await World.shared().configuration
        let weakest = try #require(settings.policy.ladder.contexts.first { !$0.modes.contains(.pin) })
        let test = try await Self.run(Parties.ministry, level: weakest.name)
        #expect(test.refusal != nil && test.isAccepted == nil && !test.parts.contains { $0.place == "Assertion" })
        #expect(test.steps.contains { $0.en.contains("not enough") } || test.refusal?.code.hasPrefix("policy.") == true)
        let unknown = try await Self.run(Parties.ministry, level: "no such level")
        #expect(unknown.refusal != nil)
    }

    @Test func `is about invented people only`() async throws {
        let settings = try await World.shared().configuration
        let id = try #require(MemberID(Parties.ministry))
        let party = try #require(try Rehearsing.party(for: id, settings, at: World.now))
        #expect(MemberTest.run(id, as: "taro", in: settings, by: party, at: World.now) == nil)
        #expect(MemberTest.people == ["hanako", "long", "latin", "rare"])
        for person in MemberTest.people {
            #expect(MemberTest.run(id, as: person, in: settings, by: party, at: World.now)?.refusal == nil, "\(person)")
        }
    }

    @Test func `is one picture for the page, the terminal and programs`() async throws {
        let test = try await Self.run(Parties.shop)
        let json = try JSON(reading: test.json.bytes, limit: 1 << 20)
        #expect(json["outcome"]?.string == "answered" && json["parts"]?.array?.count == test.parts.count)
        #expect(test.lines(in: "ja").contains { $0.contains("発行者") } && test.lines(in: "en").contains { $0.contains("who issued it") })
    }
}

/// `/console/members/test` and `/console/members/versions`.
@Suite struct `The registrar's test login and versions` {
    private static func post(
        _ browser: Browser, _ console: ConsoleHouse, _ path: String, _ fields: [(String, String)]
    ) async throws -> Answer {
        try await browser.post(path, [("mark", try console.mark(browser))] + fields)
    }

    @Test(arguments: [Parties.ministry, Parties.shop])
    func `a registrar sees the answer decoded, and the trail says so and nothing else was kept`(member: String) async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.registrar])
        let shown = try await browser.get("/console/members/show?id=" + PercentEncoding.encode(member))
        #expect(shown.text.has("action=\"/console/members/test\"") && shown.text.has("name=\"person\""))
        let answer = try await Self.post(
            browser, console, "/console/members/test", [("id", member), ("person", "rare"), ("level", "")])
        #expect(answer.status == 200)
        for part in ["id=\"outcome\"", "id=\"decoded\"", "id=\"checks\"", "id=\"raw\"", "/rehearsal"] {
            #expect(answer.text.has(part), "\(part)")
        }
        let records = try await console.house.trail().filter { $0.has("\"console.member-tested\"") }
        #expect(records.count == 1 && records.first?.has("\"person\":\"rare\"") == true)
    }

    @Test func `the way back from the test of a draft is the draft, with all that was typed`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.registrar])
        let draft = [
            ("protocol", "openid"), ("id", "RP00000077"), ("kind", "private-verifier"), ("name-ja", "下書き商店"), ("name-en", "Draft shop"),
            ("purposes", "points"), ("redirect-uris", "https://draft.example.jp/cb"), ("authentication", "client_secret_basic"),
            ("secret-sha256", String(repeating: "5e", count: 32)), ("not-before", "2020-01-01"), ("not-after", "2099-03-31"),
            ("contact-name", "technical"), ("contact-mail", "tech@example.jp"), ("profile", "core"), ("id-token-algorithm", "ES256"),
        ]
        let answer = try await Self.post(browser, console, "/console/members/test", draft + [("person", "hanako"), ("level", "")])
        #expect(answer.status == 200, "\(answer.text.prefix(400))")
        #expect(answer.text.has("id=\"decoded\"") && !answer.text.has("/console/members/show?id="), "it is no member yet")
        #expect(answer.text.has("action=\"/console/members/check\"") && !answer.text.has("name=\"person\""))
        for (name, value) in draft { #expect(answer.text.has("name=\"\(name)\" value=\"\(value)\""), "\(name)") }
        let member = try await Self.post(browser, console, "/console/members/test", [("id", Parties.shop), ("person", "hanako")])
        #expect(member.text.has("/console/members/show?id=" + Parties.shop) && !member.text.has("action=\"/console/members/check\""))
    }

    @Test(arguments: [
        [("step", "accredit"), ("not-after", "2020-01-01"), ("reason", "read it twice")],
        [("step", "accredit"), ("not-after", "2031-03-31"), ("reason", " ")],
        [("not-after", "2031-03-31"), ("reason", "read it twice")],
    ])
    func `a step that is refused loses nothing that was typed`(typed: [(String, String)]) async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.registrar])
        let refused = try await Self.post(browser, console, "/console/members/act", [("id", Parties.shop)] + typed)
        #expect(refused.status == 400, "\(refused.text.prefix(400))")
        for (name, value) in typed where name != "step" { #expect(refused.text.has("value=\"\(value)\""), "\(name)") }
        if typed.contains(where: { $0.0 == "step" }) {
            #expect(refused.text.firstMatch(of: /value="accredit"[^>]* checked/) != nil)
        }
    }

    @Test func `a developer tests the own member and no other, an auditor none`() async throws {
        let console = try await ConsoleHouse()
        let developer = try await console.officer("dev", "hanako", [.developer], member: Parties.bank)
        let own = try await Self.post(developer, console, "/console/members/test", [("id", Parties.bank), ("person", "hanako")])
        #expect(own.status == 200 && own.text.has("id=\"decoded\""))
        #expect(!own.text.has("<script>alert"), "a hostile name stays text")
        let foreign = try await Self.post(developer, console, "/console/members/test", [("id", Parties.shop), ("person", "hanako")])
        #expect(foreign.status == 303 && !foreign.text.has("decoded"))
        let draft = try await Self.post(
            developer, console, "/console/members/test", [("protocol", "openid"), ("id", Parties.shop), ("person", "hanako")])
        #expect(draft.status == 303)
        let back = try await Self.post(
            developer, console, "/console/members/rollback", [("id", Parties.bank), ("version", "1"), ("reason", "x")])
        #expect(back.status == 403)
        let auditor = try await console.officer("aud", "taro", [.auditor])
        let refused = try await Self.post(auditor, console, "/console/members/test", [("id", Parties.bank), ("person", "hanako")])
        #expect(refused.status == 403)
        let list = try await auditor.get("/console/members/versions?id=" + Parties.bank)
        #expect(list.status == 200 && list.text.has("id=\"versions\"") && !list.text.has("/console/members/rollback"))
    }

    @Test func `a developer reads what is wrong with the own member's files, and of others' only that something is (H17)`() async throws {
        let console = try await ConsoleHouse()
        let developer = try await console.officer("dev", "hanako", [.developer], member: Parties.bank)
        let registrar = try await console.officer("suzuki", "taro", [.registrar])
        let bank = try #require(MemberID(Parties.bank))
        let edit = try Settings.edit(
            MemberAct(.suspend, at: World.now, by: "suzuki", reason: "a test"), of: bank, in: console.folder, at: World.now)
        let path = "/console/members/proposals/" + (try MemberProposals.put(edit, signed: [], in: console.folder)).name
        #expect(try await developer.get(path).text.has("suspend"))
        let text = try console.read("Metadata/members/shop.yaml")
        try console.write("Metadata/members/shop.yaml", text + "surprise: \(Parties.shop)\n")
        #expect(try await registrar.get(path).text.has("surprise"))
        let told = try await developer.get(path)
        #expect(told.text.has("運用担当者に連絡してください") && !told.text.has("surprise") && !told.text.has("yaml.key.unknown"))
        let tested = try await Self.post(
            developer, console, "/console/members/test",
            [("proposal", String(path.split(separator: "/").last ?? "")), ("person", "hanako")])
        #expect(tested.status == 400 && !tested.text.has("surprise"))
    }

    @Test func `a change is approved as it was seen, and as nothing else under its number`() async throws {
        let console = try await ConsoleHouse()
        let registrar = try await console.officer("suzuki", "taro", [.registrar])
        let bank = try #require(MemberID(Parties.bank))
        let edit = try Settings.edit(
            MemberAct(.suspend, at: World.now, by: "suzuki", reason: "a test"), of: bank, in: console.folder, at: World.now)
        let name = try MemberProposals.put(edit, signed: [], in: console.folder).name
        let page = try await registrar.get("/console/members/proposals/" + name)
        let seal = try #require(page.between("name=\"sha256\" value=\"", "\""))
        #expect(seal == Hexadecimal.encode(edit.digest))
        for other in ["", name, String(repeating: "0", count: 64)] {
            let answer = try await Self.post(
                registrar, console, "/console/members/approve", [("name", name), ("sha256", other), ("reason", "read it")])
            #expect(answer.location?.hasSuffix("done=gone") == true)
        }
        #expect(MemberProposals.all(in: console.folder).proposals.map(\.name) == [name], "it still waits")
        let answer = try await Self.post(
            registrar, console, "/console/members/approve", [("name", name), ("sha256", seal), ("reason", "read it")])
        #expect(answer.location?.hasSuffix("done=taken") == true, "\(answer.text.prefix(400))")
        #expect(MemberProposals.all(in: console.folder).proposals.isEmpty)
    }

    @Test func `a form of another site, or without the mark, tests nothing`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.registrar])
        let unmarked = try await browser.post("/console/members/test", [("id", Parties.shop), ("person", "hanako"), ("mark", "x")])
        #expect(unmarked.status == 409)
        let nobody = try await Self.post(browser, console, "/console/members/test", [("id", Parties.shop), ("person", "taro")])
        #expect(nobody.status == 400)
        #expect(try await !console.house.trail().contains { $0.has("\"console.member-tested\"") })
    }

    @Test func `a roll-back goes through the console, and what cannot be put back is said with nothing lost`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.registrar])
        let name = "Metadata/members/shop.yaml"
        try console.write(name, try console.read(name).replacing("見本商店", with: "新しい商店"))
        // The first change by the console keeps what was there.
        let suspended = try await Self.post(
            browser, console, "/console/members/act", [("id", Parties.shop), ("step", "suspend"), ("reason", "a test")])
        #expect(suspended.status == 303, "\(suspended.text.prefix(400))")
        try console.write(name, try console.read(name).replacing("新しい商店", with: "誤った商店"))
        try await console.reload()
        let page = try await browser.get("/console/members/versions?id=" + Parties.shop)
        #expect(page.text.has("id=\"rollback\""))
        let version = try #require(page.between("<option value=\"", "\""))
        let looked = try await browser.get("/console/members/versions?id=\(Parties.shop)&version=\(version)")
        #expect(looked.text.has("id=\"difference\"") && looked.text.has("誤った商店"))
        let unsaid = try await Self.post(
            browser, console, "/console/members/rollback", [("id", Parties.shop), ("version", version), ("reason", " ")])
        #expect(unsaid.status == 400)
        let unknown = try await Self.post(
            browser, console, "/console/members/rollback", [("id", Parties.shop), ("version", "ffffffffffff"), ("reason", "why not")])
        #expect(unknown.status == 400 && unknown.text.has("member.rollback.unknown") && unknown.text.has("why not"))
        let done = try await Self.post(
            browser, console, "/console/members/rollback", [("id", Parties.shop), ("version", version), ("reason", "the name is wrong")])
        #expect(done.status == 303, "\(done.text.prefix(400))")
        #expect(try console.read(name).contains("新しい商店") && console.read(name).contains("suspended"))
    }
}
