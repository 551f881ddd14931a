import Cryptography
import Foundation
import TrustFramework
package import Vocabulary

/// `State/members`, beside the store: every version of a member's file that counted here, in the order it came, with the last one of each
/// member remembered. Whoever can write the deployment folder, and not this one, cannot put an old file back unseen (decision 0061).
package struct MemberArchive: Sendable {
    package let path: String
    package static let folderName = "members"

    package init(beside store: String) { path = (store as NSString).deletingLastPathComponent + "/" + Self.folderName }

    /// One version, as it is remembered.
    package struct Kept: Hashable, Sendable {
        /// Of the file; 0 where the file has none.
        package let number: Int
        /// What officers signed, in hexadecimal.
        package let digest: String
        /// When it was first seen to count here.
        package let at: Timestamp
    }

    /// What a version consists of.
    package struct Content: Sendable {
        package let file: [UInt8]
        package let companion: (name: String, bytes: [UInt8])?
        /// The officers' signatures as they stood beside it; empty where there were none.
        package let approvals: String
    }

    /// Versions of one member that are kept; the oldest go first.
    static let most = 100
    private static let index = "accepted.json"
    private static let largestIndex = 64 << 20

    /// Oldest first; empty where nothing is known, or where what is there cannot be read.
    package func versions(of id: MemberID) -> [Kept] { (try? read())?[id.text] ?? [] }

    /// Of every member, by its id.
    func all() -> [String: [Kept]] { (try? read()) ?? [:] }

    /// What the version consisted of, its bytes proven against their digest; nil where it is not here whole.
    package func content(of digest: String) -> Content? {
        guard Hexadecimal.decode(digest)?.count == 32, let data = FileManager.default.contents(atPath: path + "/" + digest + ".json"),
            data.count <= MemberProposals.limit, let json = try? JSON(reading: [UInt8](data), limit: MemberProposals.limit),
            let file = json["file"]?.string.flatMap({ Base64.decode($0) }), let approvals = json["approvals"]?.string
        else { return nil }
        var companion: (name: String, bytes: [UInt8])?
        if let name = json["companion-name"]?.string {
            guard let bytes = json["companion"]?.string.flatMap({ Base64.decode($0) }) else { return nil }
            companion = (name, bytes)
        }
        guard Hexadecimal.encode(MemberApprovals.digest(of: file, companion: companion?.bytes)) == digest else { return nil }
        return Content(file: file, companion: companion, approvals: approvals)
    }

    // MARK: Remembering

    /// Keeps what the folder has now and what counts, where it is not kept already. To be called for a folder that was just read and found
    /// right, by one process at a time: what two write at once the next call makes good.
    package func note(_ configuration: Configuration, at now: Timestamp) throws(SettingsProblems) {
        var all: [String: [Kept]]
        do { all = try read() } catch { throw Self.trouble("cannot be read") }
        let files = Folder(configuration.folder, findings: Findings())
        var isChanged = false
        for id in configuration.federation.inFolder {
            guard let place = configuration.federation.place(of: id),
                let file = files.bytes(place.file, limit: Folder.yaml, required: false)
            else { continue }
            let bytes = place.companion.flatMap { files.bytes(MemberFile.folder + "/" + $0, limit: Folder.metadata, required: false) }
            let digest = Hexadecimal.encode(MemberApprovals.digest(of: file, companion: bytes))
            guard all[id.text]?.last?.digest != digest else { continue }
            // What is there now may be there since it was judged: where versions count, none that is not newer is remembered as the last.
            let number = MemberVersion(of: file)?.number ?? 0
            let highest = all[id.text]?.map(\.number).max() ?? 0
            guard configuration.members.changes != .twoPeople || highest == 0 || number > highest else { continue }
            let companion = place.companion.flatMap { name in bytes.map { (name, $0) } }
            let approvals = files.text(MemberApprovals.path(beside: place.file), limit: MemberApprovals.limit, required: false)
            try write(digest, Content(file: file, companion: companion, approvals: approvals ?? ""))
            all[id.text, default: []].append(Kept(number: number, digest: digest, at: now))
            isChanged = true
        }
        guard isChanged else { return }
        var gone: Set<String> = []
        for (id, versions) in all where versions.count > Self.most {
            gone.formUnion(versions.dropLast(Self.most).map(\.digest))
            all[id] = Array(versions.suffix(Self.most))
        }
        try write(all)
        for digest in gone.subtracting(all.values.joined().map(\.digest)) {
            try? FileManager.default.removeItem(atPath: path + "/" + digest + ".json")
        }
    }

    func read() throws -> [String: [Kept]] {
        let place = path + "/" + Self.index
        guard FileManager.default.fileExists(atPath: place) else { return [:] }
        guard let data = FileManager.default.contents(atPath: place) else { throw Self.trouble("cannot be read") }
        let json = try JSON(reading: [UInt8](data), limit: Self.largestIndex)
        guard let members = json["members"]?.members else { throw Self.trouble("is no list of versions") }
        var found: [String: [Kept]] = [:]
        for (id, list) in members {
            guard let items = list.array else { throw Self.trouble("is no list of versions") }
            for item in items {
                guard let number = item["number"]?.integer, (0...Int64(MemberVersion.most)).contains(number),
                    let digest = item["digest"]?.string, let at = item["at"]?.string.flatMap({ Timestamp($0) })
                else { throw Self.trouble("is no list of versions") }
                found[id, default: []].append(Kept(number: Int(number), digest: digest, at: at))
            }
        }
        return found
    }

    private func write(_ digest: String, _ content: Content) throws(SettingsProblems) {
        let json = JSON.object([
            ("file", .string(Base64.encode(content.file))),
            ("companion-name", content.companion.map { .string($0.name) } ?? .null),
            ("companion", content.companion.map { .string(Base64.encode($0.bytes)) } ?? .null),
            ("approvals", .string(content.approvals)),
        ])
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Self.trouble("cannot be made") }
        try FolderWriter(path: path).replace(digest + ".json", with: json.bytes)
    }

    private func write(_ all: [String: [Kept]]) throws(SettingsProblems) {
        let json = JSON.object([
            (
                "members",
                .object(
                    all.sorted { $0.key < $1.key }.map { id, versions in
                        (
                            id,
                            .array(
                                versions.map {
                                    .object([
                                        ("number", .integer(Int64($0.number))), ("digest", .string($0.digest)), ("at", .string($0.at.text)),
                                    ])
                                })
                        )
                    })
            )
        ])
        try FolderWriter(path: path).replace(Self.index, with: json.bytes)
    }

    private static func trouble(_ what: String) -> SettingsProblems {
        .one(
            "State/" + folderName + "/" + index, "member.version.memory", "what versions of members counted here " + what,
            "let the server's user read and write it, or put it back from a backup")
    }
}
