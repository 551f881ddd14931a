import Cryptography
import Vocabulary

/// Where a PIN or passphrase is read from. Never the secret itself: `keys.yaml` is copied, shown and kept.
package enum SecretSource: Hashable, Sendable {
    /// An absolute path of a file that only we may read.
    case file(String)
    /// A variable of the environment.
    case variable(String)

    /// `file:/run/sekisho/pin` or `env:SEKISHO_PIN`.
    package init?(_ text: String) {
        if text.hasPrefix("file:") {
            // `file:///run/pin`, as RFC 8089 has it, and RFC 7512's own `file:/run/pin`.
            let path = text.hasPrefix("file:///") ? text.dropFirst(7) : text.dropFirst(5)
            guard path.hasPrefix("/"), !path.hasPrefix("//"), path.utf8.count <= 512 else { return nil }
            self = .file(String(path))
        } else if text.hasPrefix("env:") {
            let name = text.dropFirst(4)
            guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy({ $0 == 0x5f || ($0.isBase64url && $0 != 0x2d) }) else {
                return nil
            }
            self = .variable(String(name))
        } else {
            return nil
        }
    }

    package var text: String {
        switch self {
        case .file(let path): "file:" + path
        case .variable(let name): "env:" + name
        }
    }

    /// Nil when there is none to be had now.
    func secret(_ environment: [String: String]) -> Secret? {
        switch self {
        case .file(let path): return try? SecretFile.read(path)
        case .variable(let name):
            guard var bytes = environment[name].map({ Array($0.utf8) }), !bytes.isEmpty, bytes.count <= 1024 else { return nil }
            return Secret(taking: &bytes)
        }
    }

    /// Why there is none, for the operator; nil when there is one. Says nothing of what is in it.
    func fault(_ environment: [String: String]) -> (message: String, remedy: String)? {
        switch self {
        case .variable(let name):
            guard environment[name]?.isEmpty != false else { return nil }
            return (
                "the environment has no \(name)", "set it for the server and for `sekisho keys`, or name a file: `file:/run/sekisho/pin`"
            )
        case .file(let path):
            do throws(SecretFile.Refusal) {
                _ = try SecretFile.read(path)
                return nil
            } catch {
                switch error {
                case .unreadable: return ("\(path) cannot be read", "let the server's user read it, and nobody else")
                case .notAFile: return ("\(path) is no file", "write the secret into a file of its own, in one line")
                case .open(let mode):
                    return ("others may read \(path) (mode \(String(mode, radix: 8)))", "chmod 400 " + path)
                case .foreign: return ("\(path) belongs to another user", "give it to the server's user")
                case .content: return ("\(path) does not hold one line", "write the secret into it, in one line, and nothing else")
                }
            }
        }
    }
}
