import ArgumentParser
import Foundation
import SQLiteStores
import Settings

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy a deployment with its store into a new folder, also while it serves; exit 1 when the copy is not sound.",
        discussion: """
            The store is copied as it is at one moment, then read back whole: its pages, and the chain of the audit trail. Files of an open store
            that are copied by other means are damaged copies, or miss what was committed last. Keep the printed head elsewhere, for
            `sekisho audit verify --expect-head`. docs/operations.md says how to restore.
            """)

    @Argument(help: "The deployment folder.") var folder: String
    @Argument(help: "The folder to copy into; must not exist or be empty.") var target: String

    func run() throws {
        let settings = try Deployment.load(folder, tokens: .none)
        var copy = try begun(settings)
        var finding: StoreCopy.Refusal?
        do {
            do {
                let head = try StoreCopy.make(of: settings.store.path, at: copy.target + "/" + copy.store)
                print("store: \(head.records) records in the audit trail, head \(head)")
            } catch let refusal as StoreCopy.Refusal where refusal.leavesCopy {
                finding = refusal
            }
            try copy.copyFiles()
        } catch {
            copy.discard()
            let code = (error as? StoreCopy.Refusal)?.code ?? (error as? FolderCopy.Refusal)?.code
            Console.error("\(error)" + (code.map { " [\($0)]" } ?? ""))
            Console.error("nothing was kept in \(target)")
            throw ExitCode(1)
        }
        for line in notices(settings, copy) { print("notice: " + line) }
        guard let finding else { return print("\(folder): \(copy.files) files and the store are in \(target)") }
        Console.error("\(finding) [\(finding.code)]")
        Console.error("\(target) has what there is; keep the backups from before")
        throw ExitCode(1)
    }

    private func begun(_ settings: Configuration) throws -> FolderCopy {
        do throws(FolderCopy.Refusal) {
            return try FolderCopy(of: settings.folder, store: settings.store.path, at: target)
        } catch {
            Console.error("\(error) [\(error.code)]")
            throw ExitCode(1)
        }
    }

    /// What the copy alone does not bring back.
    private func notices(_ settings: Configuration, _ copy: FolderCopy) -> [String] {
        var lines = settings.keys.filter { $0.token != nil }
            .map { "the private half of `\($0.entry.name)` is in a PKCS#11 token and not in the copy" }
        lines += copy.links.map { "`\($0)` is a link and not in the copy" }
        if copy.isStoreElsewhere {
            lines.append(
                "the store is outside the folder (\(settings.store.path)), its copy is \(copy.store): before the copy is served, write "
                    + "`store: {path: \(copy.store)}` into its sekisho.yaml and leave SEKISHO_STORE_PATH out")
        } else if names(settings.store.path, in: settings.folder) {
            lines.append(
                "sekisho.yaml names the store by its whole path: where the copy is served from another folder, write "
                    + "`store: {path: \(copy.store)}` into its sekisho.yaml first")
        }
        return lines
    }

    private func names(_ path: String, in folder: String) -> Bool {
        path.hasPrefix("/") && (try? String(contentsOfFile: folder + "/sekisho.yaml", encoding: .utf8))?.contains(path) == true
    }
}
