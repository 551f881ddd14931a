import Cryptography
import Foundation
import Settings
import Testing
import TrustFramework
import Vocabulary

private typealias Office = `Changes of members that need two people`.Office
private typealias Life = `A member's life, written into its file`

/// Decision 0061: versions are counted inside what is signed, and the last one that counted is remembered.
@Suite struct `Versions of a member's file` {
    private static let file = "Metadata/members/shop.yaml"
    private static let signatures = "Metadata/members/shop.approvals"

    private static func office() throws -> Office {
        let office = try Office()
        try office.sign("sato")
        try office.sign("tanaka")
        return office
    }

    private static func version(_ office: Office) throws -> MemberVersion? {
        try office.deployment.load().federation.paper(of: try memberID("shop"))?.version
    }

    private static func versions(_ deployment: Deployment, _ id: String = "shop", days: Int64 = 0) throws -> [MemberVersionEntry] {
        try deployment.load(at: Life.at(days)).memberVersions(of: try memberID(id), at: Life.at(days))
    }

    /// A changed name, signed by two.
    private static func rename(_ office: Office, _ name: String) throws {
        let folder = office.deployment.path + "/other"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = try office.deployment.read(file).replacingOccurrences(of: "見本商店", with: name)
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/shop.yaml"))
        let edit = try Settings.edit(adding: folder + "/shop.yaml", to: office.deployment.path, replacing: true, at: Deployment.now)
        try #require(office.take(edit, ["sato", "tanaka"]).isEmpty)
    }

    @Test func `a file without a number goes on to count, and the first change gives it one that names what was before`() throws {
        let office = try Self.office()
        #expect(try Self.version(office) == nil)
        #expect(office.deployment.codes().isEmpty)
        let before = try #require(try office.deployment.load().memberFiles(at: Deployment.now).first).digest
        #expect(office.take(try office.edit(), ["sato", "tanaka"]).isEmpty)
        let first = try #require(try Self.version(office))
        #expect(first.number == 1 && first.after == before && first.restores == nil)
        #expect(office.take(try office.edit(.reinstate), ["sato", "tanaka"]).isEmpty)
        #expect(try Self.version(office)?.number == 2)
        let all = try Self.versions(office.deployment)
        #expect(all.map(\.number) == [2, 1, 0] && all.map(\.isPresent) == [true, false, false])
        #expect(all.first?.signatures.map(\.officer) == ["sato", "tanaka"])
        #expect(all.last?.digest == before)
    }

    @Test func `an old file put back with its old signatures is refused, and the newest one is not`() throws {
        let office = try Self.office()
        let deployment = office.deployment
        let old = (try deployment.read(Self.file), try deployment.read(Self.signatures))
        #expect(office.take(try office.edit(.suspend), ["sato", "tanaka"]).isEmpty)
        let new = (try deployment.read(Self.file), try deployment.read(Self.signatures))
        try deployment.write(Self.file, old.0)
        try deployment.write(Self.signatures, old.1)
        #expect(deployment.codes() == ["member.version.old"])
        #expect(deployment.problems().first?.file == Self.file)
        // Under another name it is the same file.
        try deployment.remove(Self.file)
        try deployment.remove(Self.signatures)
        try deployment.write("Metadata/members/other.yaml", old.0)
        try deployment.write("Metadata/members/other.approvals", old.1)
        #expect(deployment.codes() == ["member.version.old"])
        try deployment.remove("Metadata/members/other.yaml")
        try deployment.remove("Metadata/members/other.approvals")
        try deployment.write(Self.file, new.0)
        try deployment.write(Self.signatures, new.1)
        #expect(deployment.codes().isEmpty)
    }

    @Test func `an old file with a number of its own is refused as well, and so is one that says a number it never had`() throws {
        let office = try Self.office()
        let deployment = office.deployment
        #expect(office.take(try office.edit(.suspend), ["sato", "tanaka"]).isEmpty)
        #expect(office.take(try office.edit(.reinstate), ["sato", "tanaka"]).isEmpty)
        let second = (try deployment.read(Self.file), try deployment.read(Self.signatures))
        #expect(office.take(try office.edit(.suspend), ["sato", "tanaka"]).isEmpty)
        try deployment.write(Self.file, second.0)
        try deployment.write(Self.signatures, second.1)
        #expect(deployment.codes() == ["member.version.old"])
        try deployment.write(Self.file, second.0.replacingOccurrences(of: "number: 2", with: "number: 9"))
        #expect(deployment.codes() == ["member.approvals.few"], "the number is among what was signed")
    }

    @Test func `two who sign an older file bring it back on purpose`() throws {
        let office = try Self.office()
        let old = try office.deployment.read(Self.file)
        #expect(office.take(try office.edit(.suspend), ["sato", "tanaka"]).isEmpty)
        try office.deployment.write(Self.file, old)
        try office.sign("sato")
        #expect(office.deployment.codes() == ["member.approvals.few"])
        try office.sign("tanaka")
        #expect(office.deployment.codes().isEmpty)
        #expect(try Self.version(office)?.number == 2)
    }

    @Test func `what is remembered and cannot be read refuses every file that has to be signed`() throws {
        let office = try Self.office()
        #expect(office.take(try office.edit(), ["sato", "tanaka"]).isEmpty)
        let path = try office.deployment.load().memberArchive.path
        try Data("{".utf8).write(to: URL(fileURLWithPath: path + "/accepted.json"))
        #expect(office.deployment.codes() == ["member.version.memory"])
        try FileManager.default.removeItem(atPath: path + "/accepted.json")
        #expect(office.deployment.codes().isEmpty)
    }

    @Test func `where one person changes files, an older one is a change like any other, and every version is kept`() throws {
        let deployment = try Deployment()
        try deployment.addShop()
        let old = try deployment.read(Self.file)
        try Life.act(.suspend, "shop", deployment)
        #expect(try !deployment.read(Self.file).contains("version:"))
        try deployment.write(Self.file, old)
        #expect(deployment.codes().isEmpty)
        #expect(try Self.versions(deployment).count == 3, "the first, the suspended one, and the first again")
    }

    @Test(arguments: ["version: 3", "version: {number: 0}", "version: {number: 1, after: xyz}", "version: {number: 1, other: 2}"])
    func `a version that cannot be one is refused`(line: String) throws {
        let deployment = try Deployment()
        try deployment.addShop()
        try deployment.write(Self.file, try deployment.read(Self.file) + line + "\n")
        #expect(!deployment.codes().isEmpty)
        try deployment.write(
            Self.file,
            try deployment.read(Self.file).replacingOccurrences(
                of: line, with: "version: {number: 1, after: \(String(repeating: "a", count: 64))}"))
        #expect(deployment.codes().isEmpty)
    }

    // MARK: Roll-back

    @Test func `a roll-back puts the registration back, leaves the standing as it is, and is a version of its own`() throws {
        let office = try Self.office()
        let shop = try memberID("shop")
        try Self.rename(office, "誤った名前")
        #expect(office.take(try office.edit(.suspend), ["sato", "tanaka"]).isEmpty)
        let first = try #require(try Self.versions(office.deployment).last)
        let edit = try Settings.edit(rollingBack: shop, to: first.name, in: office.deployment.path, at: Deployment.now)
        #expect(edit.act == "rollback")
        #expect(edit.signatures(under: try office.deployment.load().members) == 2)
        #expect(office.take(edit, ["sato"]) == ["member.approvals.few"])
        #expect(office.take(edit, ["sato", "tanaka"]).isEmpty)
        let configuration = try office.deployment.load()
        let member = try #require(configuration.federation.anyMember(shop))
        #expect(member.displayName["ja"] == "見本商店")
        #expect(member.standing(at: Deployment.now) == .suspended, "who was suspended is let in by nothing else")
        let version = try #require(try Self.version(office))
        #expect(version.number == 3 && version.restores == 0)
        #expect(try Self.versions(office.deployment).first?.restores == 0)
    }

    @Test(arguments: [("99", "member.rollback.unknown"), ("abc", "member.rollback.unknown"), ("1", "member.rollback.present")])
    func `there is no way to a version that is not there, nor to the one that counts`(version: String, code: String) throws {
        let office = try Self.office()
        #expect(office.take(try office.edit(), ["sato", "tanaka"]).isEmpty)
        let shop = try memberID("shop")
        #expect(
            Life.codes { _ = try Settings.edit(rollingBack: shop, to: version, in: office.deployment.path, at: Deployment.now) } == [code])
    }

    @Test func `nor to one whose keys have ended, or that was changed where it is kept`() throws {
        let deployment = try Deployment()
        try deployment.addMinistry()
        let id = "https://ministry.example/sp"
        try Life.act(.suspend, id, deployment)
        let old = try #require(try Self.versions(deployment, id).last)
        func codes(days: Int64) -> [String] {
            Life.codes {
                _ = try Settings.edit(rollingBack: try memberID(id), to: old.name, in: deployment.path, at: Life.at(days))
            }
        }
        #expect(codes(days: 0).isEmpty)
        #expect(codes(days: 3) == ["member.rollback.key"])
        let path = try deployment.load().memberArchive.path + "/" + old.digest + ".json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "\"file\":\"a", with: "\"file\":\"b").utf8).write(to: URL(fileURLWithPath: path))
        #expect(codes(days: 0) == ["member.rollback.gone"])
    }

    @Test func `a purpose that the member is no longer accredited for is said before anybody signs`() throws {
        let deployment = try Deployment()
        try deployment.addShop()
        try Life.act(.accredit, "shop", deployment) { $0.purposes = ["customer-login", "points"] }
        let old = try #require(try Self.versions(deployment).last)
        try deployment.edit(Self.file, "default-purpose: points", "default-purpose: customer-login")
        try Life.act(.accredit, "shop", deployment, days: 1) { $0.purposes = ["customer-login"] }
        let shop = try memberID("shop")
        #expect(
            Life.codes { _ = try Settings.edit(rollingBack: shop, to: old.name, in: deployment.path, at: Life.at(1)) } == [
                "member.default-purpose"
            ])
    }
}
