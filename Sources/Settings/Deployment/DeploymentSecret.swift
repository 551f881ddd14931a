import Cryptography
import Foundation
import Vocabulary

/// 32 random bytes that all processes of a deployment share and nobody else knows: `secret` beside the database. What is derived from it is
/// worth something for minutes only, or can be had from the citizen again, so that it may be thrown away and made anew at any time.
package enum DeploymentSecret {
    private static let name = "secret"
    private static let size = 32

    /// Makes the file when there is none, as `FirstFile` does.
    package static func ensure(beside store: String, using random: inout some RandomNumberGenerator) throws {
        let path = KeyLedger.beside(store, name)
        guard try FirstFile.contents(of: path, using: &random, making: { $0.bytes(size) }).bytes.count == size else {
            throw FirstFile.Fault(path: path, trouble: "is not what was written there: remove it, and it is made anew")
        }
    }

    static func isThere(beside store: String) -> Bool { stored(beside: store) != nil }

    /// The secret; one that nobody shares where there is no file yet, which is so before the server first ran.
    static func read(beside store: String) -> [UInt8] {
        if let stored = stored(beside: store) { return stored }
        var random = SystemRandom()
        return random.bytes(size)
    }

    /// A key of its own for one use, named by `label`. What lies under it is lost with the secret.
    package static func key(for label: String, beside store: String) -> [UInt8] {
        HMAC.sha256(key: read(beside: store), Array(label.utf8))
    }

    private static func stored(beside store: String) -> [UInt8]? {
        FirstFile.read(KeyLedger.beside(store, name)).flatMap { $0.count == size ? $0 : nil }
    }
}
