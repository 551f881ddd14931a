import Cryptography
import Foundation
import Vocabulary

/// 32 random bytes that all processes of a deployment share and nobody else knows: `secret` beside the database. What is derived from it is
/// worth something for minutes only, or can be had from the citizen again, so that it may be thrown away and made anew at any time.
package enum DeploymentSecret {
    private static let name = "secret"
    private static let size = 32

    /// Makes the file when there is none. Of several processes at once one makes it, and all read that one. True
    /// when it was not there before.
    package static func ensure(beside store: String, using random: inout some RandomNumberGenerator) throws -> Bool {
        let path = KeyLedger.beside(store, name)
        guard stored(path) == nil else { return false }
        let own = path + "." + Hexadecimal.encode(random.bytes(8))
        let manager = FileManager.default
        guard manager.createFile(atPath: own, contents: Data(random.bytes(size)), attributes: [.posixPermissions: 0o600]) else {
            throw CocoaError(.fileWriteUnknown)
        }
        defer { try? manager.removeItem(atPath: own) }
        do {
            // A name is given once: whoever comes second takes what is there.
            try manager.linkItem(atPath: own, toPath: path)
        } catch {
            guard stored(path) != nil else { throw error }
        }
        return true
    }

    /// The secret; one that nobody shares where there is no file yet, which is so before the server first ran.
    static func read(beside store: String) -> [UInt8] {
        if let stored = stored(KeyLedger.beside(store, name)) { return stored }
        var random = SystemRandom()
        return random.bytes(size)
    }

    /// A key of its own for one use, named by `label`. What lies under it is lost with the secret.
    package static func key(for label: String, beside store: String) -> [UInt8] {
        HMAC.sha256(key: read(beside: store), Array(label.utf8))
    }

    private static func stored(_ path: String) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: size + 1) else { return nil }
        try? handle.close()
        return data.count == size ? [UInt8](data) : nil
    }
}
