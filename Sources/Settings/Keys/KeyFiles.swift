import Cryptography
import Vocabulary

/// Reads the files of our own keys in `Keys/`.
struct KeyFiles {
    static let samlKey = "Keys/saml-signing.key.pem"
    static let samlCertificate = "Keys/saml-signing.crt.pem"
    static let tlsKey = "Keys/tls-door.key.pem"
    static let tlsCertificate = "Keys/tls-door.crt.pem"

    /// Entries of `Keys/` that are no keys of ours for messages.
    private static let others: Set<String> = [
        "tls-door.key.pem", "tls-door.crt.pem", KeyPlanFile.shortName, "anchors", "anchors-of", "intermediates", "profiles", "terminals",
        "officers",
    ]

    let folder: Folder
    let guardian: KeyGuard
    var environment: [String: String] = [:]

    /// Files that nothing reads are reported: a key that waits under the wrong name would never come into use.
    func refuseStrangers(besides plan: KeyPlan, and more: Set<String> = []) {
        let named = Set(plan.entries.flatMap { [$0.keyFile, $0.publicFile].compactMap(\.self) })
        let known = Self.others.union(more).union(plan.isWritten ? named : KeyLayout.names)
        for name in folder.names(in: "Keys", required: true) ?? [] where !known.contains(name) {
            if plan.isWritten, KeyLayout.names.contains(name) {
                folder.report(
                    "Keys/" + name, "file.unexpected", "keys.yaml does not name this file, so nothing reads it",
                    "add it to `keys` there, or keep it elsewhere")
                continue
            }
            let near = Suggestion.nearest(to: name, among: known.sorted())
            folder.report(
                "Keys/" + name, "file.unexpected", "nothing reads this file",
                near.map { "did you mean `\($0)`?" } ?? "see Keys/README.md for the names; keep other files elsewhere")
        }
    }

    /// One public key that was kept when its private half was destroyed.
    func publicKey(_ name: String) -> PublicKey? {
        guard let bytes = folder.bytes(name, limit: Folder.key, required: true) else { return nil }
        let blocks = PEM.decode(bytes, label: "PUBLIC KEY")
        guard let spki = blocks.first, blocks.count == 1, let key = try? PublicKey(spki: spki, agreeing: true) else {
            folder.report(name, "key.unreadable", "there is not exactly one public key in it", "write it with `openssl pkey -pubout`")
            return nil
        }
        guardian.look(at: key, in: name)
        return key
    }

    /// The pair of the TLS door is looked at here and read again by the listener.
    func tlsDoor() -> [Certificate]? { pair(key: Self.tlsKey, certificate: Self.tlsCertificate) }

    /// A listener's own certificate with its chain, and the key to it.
    func pair(key keyName: String, certificate name: String) -> [Certificate]? {
        let key = privateKey(keyName)
        let chain = certificates(name, required: true)
        guard let key, let leaf = chain?.first else { return nil }
        guard leaf.publicKey == key.publicKey else {
            folder.report(
                name, "key.certificate", "the first certificate is for another key than \(keyName)",
                "put the server's own certificate first, then its chain")
            return nil
        }
        return chain
    }

    /// `passphrase` opens an encrypted file; without one such a file is refused.
    func privateKey(_ name: String, required: Bool = true, passphrase: SecretSource? = nil) -> PrivateKey? {
        guard let bytes = folder.bytes(name, limit: Folder.key, required: required) else { return nil }
        guardian.lookAtMode(of: name, in: folder)
        do {
            let key: PrivateKey
            if PEM.decode(bytes, label: "ENCRYPTED PRIVATE KEY").isEmpty {
                key = try PrivateKey(pem: bytes)
            } else {
                guard let opened = try opened(bytes, name, passphrase) else { return nil }
                key = opened
            }
            guardian.look(at: key.publicKey, in: name)
            return key
        } catch {
            let reason =
                switch error {
                case .weak(let bits): "the key is too weak: \(bits) bits"
                case .unsupported: "this kind of key is not supported"
                default: "there is no unencrypted private key in it"
                }
            folder.report(name, "key.unreadable", reason, "use PKCS#8 in PEM: RSA of 2048 bits or more, or P-256")
            return nil
        }
    }

    private func opened(_ pem: [UInt8], _ name: String, _ source: SecretSource?) throws(KeyError) -> PrivateKey? {
        guard let source else {
            folder.report(
                name, "key.encrypted", "the key is encrypted, and nothing says where its passphrase is",
                "write `passphrase-source: \"file:/run/sekisho/passphrase\"` into Keys/keys.yaml, or decrypt it: `openssl pkey -in … -out …`"
            )
            return nil
        }
        guard let secret = source.secret(environment) else {
            let fault = source.fault(environment)
            folder.report(
                name, "key.passphrase", "there is no passphrase for it: " + (fault?.message ?? "it is too long"),
                fault?.remedy ?? "at most 1,024 bytes")
            return nil
        }
        do throws(KeyError) {
            return try PrivateKey(pem: pem, passphrase: secret)
        } catch {
            guard error == .failed else { throw error }
            folder.report(name, "key.passphrase", "the passphrase does not open it", "check \(source.text)")
            return nil
        }
    }

    func certificates(_ name: String, required: Bool) -> [Certificate]? {
        guard let bytes = folder.bytes(name, limit: Folder.key, required: required) else { return nil }
        let blocks = PEM.decode(bytes, label: "CERTIFICATE")
        var found: [Certificate] = []
        for der in blocks {
            do {
                found.append(try Certificate(der: der))
            } catch {
                folder.report(
                    name, "certificate.unreadable", "certificate \(found.count + 1) cannot be read: \(error)", "get it anew in PEM")
                return nil
            }
        }
        guard !found.isEmpty else {
            folder.report(name, "certificate.unreadable", "there is no certificate in it", "write it in PEM, BEGIN CERTIFICATE")
            return nil
        }
        for certificate in found { guardian.look(at: certificate, in: name) }
        return found
    }
}
