import Foundation
import Settings
import Testing

@Suite struct `The files of a backup` {
    private static func mode(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    private static func names(_ path: String) throws -> Set<String> { Set(try FileManager.default.subpathsOfDirectory(atPath: path)) }

    private static func refusal(of folder: String, store: String, at target: String) -> FolderCopy.Refusal? {
        do throws(FolderCopy.Refusal) {
            _ = try FolderCopy(of: folder, store: store, at: target)
            return nil
        } catch { return error }
    }

    /// As a server leaves it: a store with what stands beside it, and a running process's files.
    private static func served() throws -> Deployment {
        let deployment = try Deployment()
        for name in ["State", "State/lists", "run"] {
            try FileManager.default.createDirectory(atPath: deployment.path + "/" + name, withIntermediateDirectories: true)
        }
        let files = [
            "State/sekisho.sqlite", "State/sekisho.sqlite-wal", "State/sekisho.sqlite-shm", "State/sekisho.sqlite.nodes", "State/lists/one",
            "State/secret", "run/sekisho.pid",
        ]
        for name in files { try deployment.write(name, name) }
        return deployment
    }

    @Test func `are all of the folder but the store, its side files and what is running`() throws {
        let deployment = try Self.served(), target = Deployment(emptyAt: Deployment.fresh())
        let key = try #require(Self.names(deployment.path).first { $0.hasSuffix(".key.pem") })
        let store = deployment.path + "/State/sekisho.sqlite"
        var copy = try FolderCopy(of: deployment.path, store: store, at: target.path)
        #expect(copy.store == "State/sekisho.sqlite" && !copy.isStoreElsewhere)
        #expect(try Self.names(target.path) == ["State"], "a place for the store is there from the start")
        try copy.copyFiles()
        let left = try Self.names(deployment.path).subtracting(Self.names(target.path))
        #expect(
            left == [
                "State/sekisho.sqlite", "State/sekisho.sqlite-wal", "State/sekisho.sqlite-shm", "State/sekisho.sqlite.nodes", "run",
                "run/sekisho.pid",
            ])
        #expect(try Self.mode(target.path) == 0o700)
        #expect(try Self.mode(target.path + "/" + key) == 0o600)
        #expect(try target.read("State/secret") == "State/secret")
        #expect(target.problems().isEmpty, "it can be served")
    }

    @Test func `are gathered in State where the store lies elsewhere`() throws {
        let deployment = try Self.served(), elsewhere = try Self.served(), target = Deployment(emptyAt: Deployment.fresh())
        try elsewhere.write("State/secret", "another")
        var copy = try FolderCopy(of: deployment.path, store: elsewhere.path + "/State/other.sqlite", at: target.path)
        try copy.copyFiles()
        #expect(copy.store == "State/other.sqlite" && copy.isStoreElsewhere)
        #expect(try target.read("State/secret") == "another")
    }

    @Test func `are no links, and each of them is named`() throws {
        let deployment = try Self.served(), target = Deployment(emptyAt: Deployment.fresh())
        try deployment.link("Keys/linked", to: "/etc")
        var copy = try FolderCopy(of: deployment.path, store: deployment.path + "/State/sekisho.sqlite", at: target.path)
        try copy.copyFiles()
        #expect(copy.links == ["Keys/linked"])
        #expect(!FileManager.default.fileExists(atPath: target.path + "/Keys/linked"))
    }

    @Test func `go into no folder that holds something, nor into what is copied`() throws {
        let deployment = try Self.served(), other = try Self.served(), store = deployment.path + "/State/sekisho.sqlite"
        let before = try Self.names(deployment.path)
        let mode = try Self.mode(other.path)
        #expect(Self.refusal(of: deployment.path, store: store, at: other.path)?.code == "backup.target.taken")
        #expect(try Self.mode(other.path) == mode)
        #expect(Self.refusal(of: deployment.path, store: store, at: deployment.path + "/copy")?.code == "backup.target.inside")
        #expect(Self.refusal(of: deployment.path, store: store, at: deployment.path + "/State/copy")?.code == "backup.target.inside")
        #expect(try Self.names(deployment.path) == before)
        #expect(Self.refusal(of: deployment.path, store: store, at: deployment.path + "/sekisho.yaml")?.code == "backup.file")
    }

    @Test func `are refused where the store's folder has more in it than the deployment's`() throws {
        let deployment = try Self.served(), target = Deployment(emptyAt: Deployment.fresh())
        let above = (deployment.path as NSString).deletingLastPathComponent + "/sekisho.sqlite"
        #expect(Self.refusal(of: deployment.path, store: above, at: target.path)?.code == "backup.target.inside")
        let root = Self.refusal(of: deployment.path + "/Keys", store: deployment.path + "/sekisho.sqlite", at: target.path)
        #expect(root?.code == "backup.store.mixed")
        #expect(!FileManager.default.fileExists(atPath: target.path), "nothing was made")
    }

    @Test func `that were given up leave nothing behind`() throws {
        let deployment = try Self.served(), target = Deployment(emptyAt: Deployment.fresh())
        var copy = try FolderCopy(of: deployment.path, store: deployment.path + "/State/sekisho.sqlite", at: target.path)
        try copy.copyFiles()
        copy.discard()
        #expect(!FileManager.default.fileExists(atPath: target.path))
        // What an operator made has an owner and a place of its own.
        try FileManager.default.createDirectory(atPath: target.path, withIntermediateDirectories: true)
        copy = try FolderCopy(of: deployment.path, store: deployment.path + "/State/sekisho.sqlite", at: target.path)
        try copy.copyFiles()
        copy.discard()
        #expect(try Self.names(target.path).isEmpty)
    }

    @Test func `are the deployment's own where the store has the beginning of their names`() throws {
        let deployment = try Self.served(), target = Deployment(emptyAt: Deployment.fresh())
        try deployment.write("sekisho", "the store")
        try deployment.write("sekisho-wal", "what is beside it")
        var copy = try FolderCopy(of: deployment.path, store: deployment.path + "/sekisho", at: target.path)
        try copy.copyFiles()
        #expect(try Self.names(target.path).isSuperset(of: ["sekisho.yaml"]))
        #expect(try Self.names(target.path).isDisjoint(with: ["sekisho", "sekisho-wal"]))
    }
}
