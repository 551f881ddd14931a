import ArgumentParser
import Cryptography
import Foundation
import Settings

/// An officer's private key, as a command is handed it. It is read, used once, and never kept in the deployment.
struct OfficerKey: ParsableArguments {
    static let variable = "SEKISHO_OFFICER_PASSPHRASE"

    @Option(name: .customLong("key"), help: "The officer's private key, PEM (PKCS#8); its passphrase in SEKISHO_OFFICER_PASSPHRASE.")
    var file: String
    @Option(name: .customLong("as"), help: "The officer: the file's name in Keys/officers, without .yaml.") var officer: String

    func key() throws -> PrivateKey { try Self.read(file) }

    static func read(_ file: String) throws -> PrivateKey {
        guard let data = FileManager.default.contents(atPath: file), data.count <= 65_536 else {
            throw ValidationError("the key `\(file)` cannot be read")
        }
        let pem = [UInt8](data)
        do {
            guard PEM.decode(pem, label: "ENCRYPTED PRIVATE KEY").isEmpty == false else { return try PrivateKey(pem: pem) }
            guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else {
                throw ValidationError("the key is encrypted: put its passphrase into \(variable)")
            }
            let bytes = Array(text.utf8)
            return try PrivateKey(pem: pem, passphrase: Secret(copying: bytes.span))
        } catch let error as KeyError {
            throw ValidationError("`\(file)` holds no private key that can be used: \(error)")
        }
    }
}
