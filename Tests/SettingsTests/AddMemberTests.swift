import Foundation
import SAML
import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Adding a member` {
    /// A folder beside the deployment, where a member's administrator left a file.
    static func inbox() throws -> Deployment {
        let inbox = Deployment(emptyAt: Deployment.fresh())
        try FileManager.default.createDirectory(atPath: inbox.path, withIntermediateDirectories: true)
        return inbox
    }

    static func add(_ file: String, to deployment: Deployment, replacing: Bool = false) throws -> [String] {
        do {
            _ = try Settings.add(member: file, to: deployment.path, replacing: replacing, at: Deployment.now)
            return []
        } catch {
            return error.problems.map(\.code)
        }
    }

    static func files(_ deployment: Deployment) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: deployment.path + "/Metadata/members").sorted()
    }

    @Test func `copies it and what stands beside it, and gives the folder as it is then`() throws {
        let (deployment, inbox) = (try Deployment(), try Self.inbox())
        try inbox.write("ministry.xml", try Samples.metadata("https://ministry.example/sp"))
        try inbox.write("ministry.yaml", Samples.ministry("https://ministry.example/sp", metadata: "ministry.xml"))
        let (id, configuration) = try Settings.add(member: inbox.path + "/ministry.yaml", to: deployment.path, at: Deployment.now)
        #expect(id.text == "https://ministry.example/sp")
        #expect(configuration.federation.serviceProvider(id) != nil)
        #expect(try Self.files(deployment) == ["ministry.xml", "ministry.yaml"])
        let facts = try FileManager.default.attributesOfItem(atPath: deployment.path + "/Metadata/members/ministry.yaml")
        #expect((facts[.posixPermissions] as? NSNumber)?.intValue == 0o644, "the server's user may be another")
        #expect(try deployment.load().federation.member(id) != nil)
    }

    @Test func `changes nothing when anything is wrong with it`() throws {
        let (deployment, inbox) = (try Deployment(), try Self.inbox())
        try inbox.write("ministry.yaml", Samples.ministry("https://ministry.example/sp", metadata: "ministry.xml"))
        #expect(try Self.add(inbox.path + "/ministry.yaml", to: deployment) == ["file.missing"])
        try inbox.write("ministry.xml", try Samples.metadata("https://other.example/sp"))
        #expect(try Self.add(inbox.path + "/ministry.yaml", to: deployment) == ["member.metadata.entity"])
        try inbox.write("shop.yaml", try Samples.shop("shop") + "kidn: x\nkind2: y\n")
        #expect(try Self.add(inbox.path + "/shop.yaml", to: deployment) == ["yaml.key.unknown", "yaml.key.unknown"])
        #expect(try Self.files(deployment).isEmpty)
    }

    @Test func `changes nothing when anything is wrong with the folder`() throws {
        let (deployment, inbox) = (try Deployment(), try Self.inbox())
        try inbox.write("shop.yaml", try Samples.shop("shop"))
        try deployment.edit("Policies/rules.yaml", "effect: forbid", "effect: deny")
        #expect(try Self.add(inbox.path + "/shop.yaml", to: deployment) == ["yaml.value"])
        #expect(try Self.files(deployment).isEmpty)
    }

    @Test func `replaces a member only when told to, and keeps no old companion`() throws {
        let (deployment, inbox) = (try Deployment(), try Self.inbox())
        try deployment.addMinistry("old")
        try inbox.write("new.xml", try Samples.metadata("https://ministry.example/sp", location: "https://ministry.example/new"))
        try inbox.write("new.yaml", Samples.ministry("https://ministry.example/sp", metadata: "new.xml"))
        #expect(try Self.add(inbox.path + "/new.yaml", to: deployment) == ["member.duplicate"])
        #expect(try Self.files(deployment) == ["old.xml", "old.yaml"])
        #expect(try Self.add(inbox.path + "/new.yaml", to: deployment, replacing: true) == [])
        #expect(try Self.files(deployment) == ["new.xml", "old.yaml"])
        #expect(
            try deployment.load().federation.serviceProvider("https://ministry.example/sp")?.consumers.first?.location.hasSuffix("new")
                == true)
    }

    @Test func `never writes over another member's file`() throws {
        let (deployment, inbox) = (try Deployment(), try Self.inbox())
        try deployment.addMinistry("one", id: "https://one.example/sp")
        try inbox.write("one.yaml", try Samples.shop("shop"))
        #expect(try Self.add(inbox.path + "/one.yaml", to: deployment) == ["member.file.taken"])
        try inbox.write("two.yaml", Samples.ministry("https://two.example/sp", metadata: "one.xml"))
        try inbox.write("one.xml", try Samples.metadata("https://two.example/sp"))
        let before = try deployment.read("Metadata/members/one.xml")
        for replacing in [false, true] {
            #expect(try Self.add(inbox.path + "/two.yaml", to: deployment, replacing: replacing) == ["member.file.taken"])
        }
        #expect(try deployment.read("Metadata/members/one.xml") == before)
    }

    @Test(arguments: ["shop.yml", ".shop.yaml", "my shop.yaml", "店.yaml"])
    func `takes plain file names only`(name: String) throws {
        let (deployment, inbox) = (try Deployment(), try Self.inbox())
        try inbox.write(name, try Samples.shop("shop"))
        #expect(try Self.add(inbox.path + "/" + name, to: deployment) == ["member.file.name"])
    }

    @Test func `follows no link`() throws {
        let (deployment, inbox) = (try Deployment(), try Self.inbox())
        try inbox.write("real.yaml", try Samples.shop("shop"))
        try inbox.link("shop.yaml", to: "real.yaml")
        #expect(try Self.add(inbox.path + "/shop.yaml", to: deployment) == ["file.link"])
    }

    @Test func `takes a member that is not accredited yet, and answers it nothing`() throws {
        let (deployment, inbox) = (try Deployment(), try Self.inbox())
        try inbox.write("shop.yaml", try Samples.shop("shop").replacing("state: accredited", with: "state: applied"))
        let (id, configuration) = try Settings.add(member: inbox.path + "/shop.yaml", to: deployment.path, at: Deployment.now)
        #expect(configuration.federation.member(id)?.standing(at: Deployment.now) == .notAccredited)
    }
}

@Suite struct `A federation` {
    @Test func `is a value: who reads the old one goes on reading it`() throws {
        let deployment = try Deployment()
        try deployment.addShop()
        let before = try deployment.load()
        let id = try #require(MemberID("shop"))
        let shop = try #require(before.federation.registration(id))
        let without = before.answering(before.federation.removing(shop.member.id))
        #expect(before.federation.members.count == 1 && without.federation.members.isEmpty)
        #expect(without.federation.client("shop") == nil)
        #expect(without.federation.adding(shop).client("shop") != nil)
        #expect(before.federation.adding(shop).members.count == 1)
    }
}
