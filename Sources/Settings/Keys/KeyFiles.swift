import Cryptography
import JOSE
import SAML
import Vocabulary

/// Our own keys in `Keys/`, under fixed names: there is one obvious place for each.
struct KeyFiles {
    static let samlKey = "Keys/saml-signing.key.pem"
    static let samlCertificate = "Keys/saml-signing.crt.pem"
    static let samlNext = "Keys/saml-signing-next.crt.pem"
    static let tlsKey = "Keys/tls-door.key.pem"
    static let tlsCertificate = "Keys/tls-door.crt.pem"

    /// Files that stand in `Keys/`; anything else there is reported, because nobody would read it.
    static let known: Set<String> = [
        "saml-signing.key.pem", "saml-signing.crt.pem", "saml-signing-next.crt.pem", "saml-signing-next.key.pem", "tls-door.key.pem",
        "tls-door.crt.pem", "openid-es256.key.pem", "openid-es256-next.key.pem", "openid-es256-retired.pub.pem", "openid-rs256.key.pem",
        "openid-rs256-next.key.pem", "openid-rs256-retired.pub.pem", "anchors", "anchors-of", "intermediates", "profiles", "terminals",
    ]

    let folder: Folder
    let guardian: KeyGuard

    func refuseStrangers() {
        for name in folder.names(in: "Keys", required: true) ?? [] where !Self.known.contains(name) {
            let near = Suggestion.nearest(to: name, among: Self.known.sorted())
            folder.report(
                "Keys/" + name, "file.unexpected", "nothing reads this file",
                near.map { "did you mean `\($0)`?" } ?? "see Keys/README.md for the names; keep other files elsewhere")
        }
    }

    func saml() -> (key: SAMLSigningKey, upcoming: [[UInt8]])? {
        let key = privateKey(Self.samlKey)
        let certificate = certificates(Self.samlCertificate, required: true)?.first
        let next = certificates(Self.samlNext, required: false)?.first
        guard let key, let certificate else { return nil }
        guard certificate.publicKey == key.publicKey else {
            folder.report(
                Self.samlCertificate, "key.certificate", "the certificate is for another key than \(Self.samlKey)",
                "put the right pair here")
            return nil
        }
        let algorithm: SignatureAlgorithm
        switch key.publicKey.kind {
        case .rsa: algorithm = .rsaPKCS1(.sha256)
        case .ec(.p256): algorithm = .ecdsa(.sha256)
        case .ec(.p384): algorithm = .ecdsa(.sha384)
        case .ec(.p521): algorithm = .ecdsa(.sha512)
        case .ed25519:
            folder.report(Self.samlKey, "key.kind", "SAML peers do not know Ed25519", "use RSA, or P-256")
            return nil
        }
        do {
            let signing = try SAMLSigningKey(key: key, certificate: certificate.der, algorithm: algorithm)
            return (signing, next.map { [$0.der] } ?? [])
        } catch {
            folder.report(Self.samlKey, "key.kind", "the key cannot sign SAML messages: \(error)", "use RSA of 2048 bits or more, or P-256")
            return nil
        }
    }

    /// The signing keys, the current one of each algorithm before its successor, and retired public keys.
    func openID() -> (keys: [SigningKey], retired: [JWK]) {
        var keys: [SigningKey] = []
        var retired: [JWK] = []
        for algorithm in [JWSAlgorithm.es256, .rs256] {
            let stem = "Keys/openid-" + algorithm.rawValue.lowercased()
            for (name, required) in [(stem + ".key.pem", true), (stem + "-next.key.pem", false)] {
                guard let key = privateKey(name, required: required), fits(key.publicKey, algorithm, name) else { continue }
                keys.append(SigningKey(keyID: keyID(key.publicKey, algorithm), algorithm: algorithm, key: key))
            }
            let name = stem + "-retired.pub.pem"
            guard let bytes = folder.bytes(name, limit: Folder.key, required: false) else { continue }
            let blocks = PEM.decode(bytes, label: "PUBLIC KEY")
            guard let spki = blocks.first, blocks.count == 1, let key = try? PublicKey(spki: spki) else {
                folder.report(name, "key.unreadable", "there is not exactly one public key in it", "write it with `openssl pkey -pubout`")
                continue
            }
            guardian.look(at: key, in: name)
            if fits(key, algorithm, name) { retired.append(JWK(key, keyID: keyID(key, algorithm), algorithm: algorithm)) }
        }
        return (keys, retired)
    }

    /// The pair of the TLS door is looked at here and read again by the listener.
    func tlsDoor() -> [Certificate]? {
        let key = privateKey(Self.tlsKey)
        let chain = certificates(Self.tlsCertificate, required: true)
        guard let key, let leaf = chain?.first else { return nil }
        guard leaf.publicKey == key.publicKey else {
            folder.report(
                Self.tlsCertificate, "key.certificate", "the first certificate is for another key than \(Self.tlsKey)",
                "put the server's own certificate first, then its chain")
            return nil
        }
        return chain
    }

    private func fits(_ key: PublicKey, _ algorithm: JWSAlgorithm, _ name: String) -> Bool {
        if algorithm.fits(key.kind) { return true }
        folder.report(name, "key.kind", "the key cannot sign \(algorithm.rawValue)", "use a P-256 key for ES256, an RSA key for RS256")
        return false
    }

    /// The RFC 7638 thumbprint: it follows from the key, so that no two keys share a name.
    private func keyID(_ key: PublicKey, _ algorithm: JWSAlgorithm) -> String {
        JWK(key, keyID: "", algorithm: algorithm).thumbprint
    }

    private func privateKey(_ name: String, required: Bool = true) -> PrivateKey? {
        guard let bytes = folder.bytes(name, limit: Folder.key, required: required) else { return nil }
        guardian.lookAtMode(of: name, in: folder)
        do {
            let key = try PrivateKey(pem: bytes)
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
