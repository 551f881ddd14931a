import Cryptography
import Foundation
import JOSE
package import Vocabulary

/// The platform's own key for what officers approve in the console: its private half beside the store, its public half in
/// `Keys/officers/console.pem`, where it counts. A key of its own, because a member's file is judged by its approvals for years, and the keys
/// for tokens are rolled over in months. Without the public file nothing that was approved in a console counts.
package struct ConsoleSeal: Sendable {
    static let publicFile = "console.pem"
    private static let privateFile = "console.key.pem"
    /// As many as are tried for one signature (`UnverifiedJWS.verified`).
    static let mostKeys = 8

    private let key: PrivateKey

    /// The key beside the store; nil where `sekisho admin bootstrap` never ran.
    package init?(beside store: String) {
        guard let data = FileManager.default.contents(atPath: KeyLedger.beside(store, Self.privateFile)), data.count <= Folder.key,
            let key = try? PrivateKey(pem: [UInt8](data))
        else { return nil }
        self.key = key
    }

    /// Makes the key where there is none, and puts its public half in front of those that are believed. True when it was made now.
    package static func ensure(in folder: String, beside store: String) throws(SettingsProblems) -> Bool {
        let home = Settings.trimmed(folder)
        let path = KeyLedger.beside(store, privateFile)
        var random = SystemRandom()
        guard
            let isNew = try? FirstFile.contents(
                of: path, using: &random, making: { _ in try PrivateKey.generate(.ec(.p256)).exportPEM() }
            ).isNew, let seal = ConsoleSeal(beside: store)
        else {
            throw .one(
                path, "file.write", "the console's key cannot be made, or is none any more",
                "check the folder's permissions and the space left; put a damaged key back from the backup, or remove it")
        }
        let place = Folder(home, findings: Findings())
        let name = OfficerFolder.name + "/" + publicFile
        let held = place.bytes(name, limit: Folder.key, required: false) ?? []
        guard !PEM.decode(held, label: "PUBLIC KEY").contains(seal.key.publicKey.spki) else { return isNew }
        let writer = FolderWriter(path: home)
        if case .absent = place.kind(of: OfficerFolder.name) { try writer.makeFolder(OfficerFolder.name, mode: 0o755) }
        try writer.replace(name, with: Array(PEM.encode(seal.key.publicKey.spki, label: "PUBLIC KEY").utf8) + held)
        return isNew
    }

    /// The platform's word that `officer` approved this in the console. Whether it counts is said by `SignedChange.verified`.
    package func attested(
        _ kind: ChangeKind, digest: [UInt8], reason: String, by officer: Officer, at console: ConsoleApproval, _ now: Timestamp
    ) throws(OfficerRefusal) -> SignedChange {
        try .attested(kind, digest: digest, reason: reason, by: officer, at: console, with: key, now)
    }
}
