import Cryptography
import Foundation
import HTTPTypes
import SAML
import Settings
import Testing
import Vocabulary
import Web
import XML
import XMLSecurity

private let md = "urn:oasis:names:tc:SAML:2.0:metadata"

/// Checklist M2.
@Suite struct `Our metadata's address` {
    @Test func `says the same within the hour, and says so in 304`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let first = try await browser.get("/saml/metadata")
        house.pass(60)
        let second = try await browser.get("/saml/metadata")
        #expect(first.status == 200 && first.body == second.body)
        let tag = try #require(first.headers[.eTag])
        #expect(first.headers[.lastModified] == "Sat, 21 Nov 2026 04:00:00 GMT")
        #expect(first.headers[.cacheControl]?.has("max-age=3600") == true)
        for value in [tag, "W/" + tag, "\"other\", " + tag, "*"] {
            let answer = try await browser.get("/saml/metadata", [.ifNoneMatch: value])
            #expect(answer.status == 304 && answer.body.isEmpty && answer.headers[.eTag] == tag, "\(value)")
        }
        #expect(try await browser.get("/saml/metadata", [.ifModifiedSince: "Sat, 21 Nov 2026 04:00:00 GMT"]).status == 304)
        for headers: HTTPFields in [
            [.ifNoneMatch: "\"other\""], [.ifModifiedSince: "Fri, 20 Nov 2026 04:00:00 GMT"],
            [.ifNoneMatch: "\"other\"", .ifModifiedSince: "Sat, 21 Nov 2026 04:00:00 GMT"],
        ] { #expect(try await browser.get("/saml/metadata", headers).status == 200, "\(headers)") }
    }

    @Test func `says something new in the next hour, at a reload, and when a key begins to sign`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let first = try await browser.get("/saml/metadata")
        house.pass(3600)
        let later = try await browser.get("/saml/metadata")
        #expect(later.headers[.eTag] != first.headers[.eTag])
        let roll = try RollOver(house)
        try roll.generate()
        let published = try await browser.get("/saml/metadata")
        #expect(try Self.keys(published).count == 2)
        try roll.promote(from: house.now.adding(seconds: 120))
        let before = try await browser.get("/saml/metadata")
        house.pass(120)
        let after = try await browser.get("/saml/metadata")
        #expect(try Self.keys(before).first == roll.old && Self.keys(after).first == roll.new)
        #expect(throws: Never.self) {
            try EnvelopedSignature.verify(try XMLDocument(parsing: after.body).root, keys: [roll.newKey])
        }
    }

    @Test func `has a copy for each member, and remembers that it was fetched`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let address = "/saml/metadata?member=" + Form.encoded(Parties.ministry)
        #expect(try await browser.get(address).status == 200)
        let seen = try #require(house.platform.witness.evidence.members[Parties.ministry]?.fetched)
        #expect(seen.at == World.now && seen.keys == [house.world.configuration.identityProvider.signingKey(at: World.now).fingerprint])
        #expect(try await browser.get("/saml/metadata?member=https%3A%2F%2Fstranger.example").status == 404)
        #expect(house.platform.witness.evidence.members.count == 1)
    }

    @Test func `hands out the certificates that sign it`() async throws {
        let house = try await House.ordinary()
        let text = try await Browser(house).get("/saml/metadata/signing.pem").text
        let key = try #require(PEM.decode(Array(text.utf8), label: "CERTIFICATE").first)
        let root = try XMLDocument(parsing: try await Browser(house).get("/saml/metadata").body).root
        #expect(throws: Never.self) { try EnvelopedSignature.verify(root, keys: [try Certificate(der: key).publicKey]) }
    }

    @Test func `is the entityID itself where that is another address of ours`() async throws {
        let world = try await World.shared()
        let folder = try RollOver.copy(of: world.configuration.folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let yaml = try String(contentsOfFile: folder + "/sekisho.yaml", encoding: .utf8)
        try Data((yaml + "\nsaml:\n  entity-id: \(World.base)/idp\n").utf8).write(to: URL(fileURLWithPath: folder + "/sekisho.yaml"))
        let moved = World(
            simulator: world.simulator, configuration: try Settings.load(folder, at: World.now), lists: world.lists, parties: world.parties)
        let browser = Browser(try House(moved))
        #expect(try await browser.get("/idp").text.has("entityID=\"\(World.base)/idp\""))
        #expect(try await browser.get("/saml/metadata").status == 200)
        #expect(try await Browser(try await House.ordinary()).get("/idp").status == 404)
    }

    fileprivate static func keys(_ answer: Answer) throws -> [[UInt8]] {
        let role = try #require(XMLDocument(parsing: answer.body).root.child(XMLName(md, "IDPSSODescriptor")))
        return role.children(XMLName(md, "KeyDescriptor")).filter { $0.attribute("use") == "signing" }
            .compactMap { $0.children.first?.children.first?.children.first?.text }.compactMap { Base64.decodeLenient($0) }
    }
}

@Suite struct `A key roll-over while citizens log in` {
    @Test func `fails no login that began before it`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let roll = try RollOver(house)
        try roll.generate()
        let known = try `Our metadata's address`.keys(try await browser.get("/saml/metadata")).map { try Certificate(der: $0).publicKey }
        let journey = try await browser.begin(SAMLQuestion().path)
        try roll.promote(from: house.now.adding(seconds: 30))
        house.pass(60)
        let page = try await browser.login("hanako", at: journey)
        let fields = try #require(page.form?.fields)
        let bytes = try #require(fields.first { $0.0 == "SAMLResponse" }.flatMap { Base64.decodeLenient($0.1) })
        let root = try XMLDocument(parsing: bytes).root
        #expect(throws: Never.self) { try EnvelopedSignature.verify(root, keys: known) }
        #expect(throws: Never.self) { try EnvelopedSignature.verify(root, keys: [roll.newKey]) }
        #expect(throws: XMLSignatureRefusal.self) { try EnvelopedSignature.verify(root, keys: [roll.oldKey]) }
        // What was seen of it, for the report.
        let line = try #require(house.platform.witness.evidence.members[Parties.ministry])
        #expect(line.answered.values.map(\.count) == [1] && line.again.isEmpty)
    }

    @Test func `notices a member that sends the citizen back at once`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion().path))
        for _ in 0..<3 {
            house.pass(5)
            #expect(try await browser.get(SAMLQuestion(at: house.now).path).form != nil)
        }
        let line = try #require(house.platform.witness.evidence.members[Parties.ministry])
        #expect(line.answered.values.map(\.count) == [4] && line.again.values.map(\.count) == [3])
        house.pass(61)
        #expect(try await browser.get(SAMLQuestion(at: house.now).path).form != nil)
        #expect(
            house.platform.witness.evidence.members[Parties.ministry]?.again.values.map(\.count) == [3], "a minute later is another visit")
    }
}

@Suite struct `What shows that a member believed an answer` {
    @Test func `is a logout request with the index of the session, and not one by name alone`() async throws {
        let leaver = try await Leaver()
        let key = leaver.house.world.configuration.identityProvider.signingKey(at: World.now).fingerprint
        func shown() -> Int? { leaver.house.platform.witness.evidence.members[Parties.city]?.accepted[key]?.count }
        let first = try await leaver.saml(Parties.city)
        _ = try await leaver.browser.get(leaver.path(leaver.request(Parties.city, first.nameID, id: "_w-1")))
        #expect(shown() == nil, "it may have known the name for years")
        let second = try await leaver.saml(Parties.city)
        _ = try await leaver.browser.get(
            leaver.path(leaver.request(Parties.city, second.nameID, index: second.sessionIndex, id: "_w-2")))
        #expect(shown() == 1)
    }

    @Test func `is the use of the access token that came with an ID token`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let question = OpenIDQuestion()
        let answer = try await browser.login("hanako", at: try await browser.begin(question.path))
        let code = try #require(answer.parameter("code"))
        let tokens = try await browser.post("/openid/token", question.tokenForm(code, in: house.world, at: house.now))
        func shown() -> [Int]? { house.platform.witness.evidence.members[Parties.shop]?.accepted.values.map(\.count) }
        #expect(shown() == nil)
        let access = try #require(try tokens.json["access_token"]?.string)
        #expect(try await browser.get("/openid/userinfo", [.authorization: "Bearer " + access]).status == 200)
        #expect(shown() == [1])
        #expect(try await browser.get("/openid/userinfo", [.authorization: "Bearer x" + access]).status == 401)
        #expect(shown() == [1])
    }
}

/// A deployment folder of a test's own, whose keys it changes, and the house that serves it.
private final class RollOver {
    private let house: House
    private let folder: String
    let old: [UInt8]
    private(set) var new: [UInt8] = []

    init(_ house: House) throws {
        self.house = house
        folder = try Self.copy(of: house.world.configuration.folder)
        old = house.world.configuration.identityProvider.signingKey(at: house.now).certificate
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var oldKey: PublicKey { get throws { try Certificate(der: old).publicKey } }
    var newKey: PublicKey { get throws { try Certificate(der: new).publicKey } }

    func generate() throws {
        let change = try Settings.generate(KeyOrder(use: .samlSigning, kind: .rsa2048, name: "new"), in: folder, at: house.now)
        house.platform.configuration.replace(change.configuration)
        new = try #require(change.configuration.identityProvider.signingKeys.keys.first { $0.name == "new" }?.certificate)
    }

    func promote(from moment: Timestamp) throws {
        house.platform.configuration.replace(
            try Settings.promote(key: "new", from: moment, in: folder, at: house.now).configuration)
    }

    static func copy(of folder: String) throws -> String {
        let path = NSTemporaryDirectory() + "/sekisho-keys-" + UUID().uuidString
        try FileManager.default.copyItem(atPath: folder, toPath: path)
        return path
    }
}
