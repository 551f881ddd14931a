import ArgumentParser
import Cryptography
import Foundation
import Settings
import Vocabulary

extension KeysCommand {
    struct Next: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a key of a PKCS#11 token wait as next: one that is there, or one that is made there.",
            discussion: """
                The URI is that of RFC 7512: pkcs11:token=NAME;object=NAME;id=%01. The module and where the PIN is are written once into
                Keys/keys.yaml (`pkcs11:`), or here with --module and --pin-source, or into the URI (module-path, pin-source). A PIN is never
                written down: it comes from a file that only the server's user may read, or from a variable of the environment.
                """)

        @Argument(help: "saml-signing, saml-metadata, saml-encryption, openid-signing or openid-encryption.") var use: String
        @Option(help: "Which token and which key in it.") var token: String
        @Option(help: "Make it there: rsa2048, rsa3072, rsa4096, p256, p384 or ed25519. It can never leave the token.") var generate:
            String?
        @Option(help: "Tokens: ES256, RS256, PS256, ES384 or EdDSA. SAML: rsa-sha256 and its like; usually left out.") var algorithm:
            String?
        @Option(help: "A name for people; default: its use and the date.") var name: String?
        @Option(help: "A file with the certificate of a SAML key; default: the key signs one for itself.") var certificate: String?
        @Option(help: "The PKCS#11 module; kept in Keys/keys.yaml for all token keys.") var module: String?
        @Option(help: "file:/run/sekisho/pin or env:SEKISHO_PIN; kept in Keys/keys.yaml for all token keys.") var pinSource: String?
        @OptionGroup var place: Place

        func run() async throws {
            guard let use = KeyUse(rawValue: use) else {
                throw ValidationError("choose a use: " + KeyUse.allCases.map(\.rawValue).joined(separator: ", "))
            }
            if use == .openIDSigning, algorithm == nil { throw ValidationError("say --algorithm: ES256, RS256, PS256, ES384 or EdDSA") }
            let making = try generate.map { text in
                // `rsa-2048` and `p-256`, as others write them.
                guard let kind = KeyOrder.Kind(rawValue: text.lowercased().replacingOccurrences(of: "-", with: "")) else {
                    throw ValidationError("choose a kind: " + KeyOrder.Kind.allCases.map(\.rawValue).joined(separator: ", "))
                }
                return kind
            }
            let pem = try certificate.map { path in
                guard let data = FileManager.default.contents(atPath: path), data.count <= 65_536 else {
                    throw ValidationError("\(path) cannot be read")
                }
                return [UInt8](data)
            }
            let pin = try pinSource.map { text in
                guard let source = SecretSource(text) else { throw ValidationError("write file:/run/sekisho/pin or env:SEKISHO_PIN") }
                return source
            }
            let order = TokenOrder(use: use, uri: try uri(), algorithm: algorithm, name: name, making: making, certificate: pem)
            try await Keys.change(place) {
                try Settings.adopt(
                    order, module: module, pin: pin, in: place.deployment, environment: Keys.environment, at: SystemClock.now())
            }
        }

        private func uri() throws -> TokenURI {
            do throws(TokenURI.Refusal) {
                return try TokenURI(token)
            } catch {
                switch error {
                case .pinInside:
                    throw ValidationError("a PIN does not belong into a URI: everybody on this machine can see it now; change it")
                case .anyToken: throw ValidationError("say which token: pkcs11:token=NAME;object=NAME")
                case .attribute(let name): throw ValidationError("`\(name)` is unknown, twice or without a sensible value")
                case .malformed: throw ValidationError("this is no pkcs11: URI (RFC 7512)")
                }
            }
        }
    }
}
