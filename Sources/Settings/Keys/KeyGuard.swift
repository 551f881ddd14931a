import Cryptography
import Vocabulary

/// Looks at every key and certificate of ours on its way in. Production takes none that the world knows.
struct KeyGuard {
    let mode: Mode
    let findings: Findings

    /// What `sekisho init` writes into certificates of development folders, so that they say of themselves what they are.
    static let label = "Sekisho development"

    func look(at key: PublicKey, in file: String) {
        guard mode == .production, DevelopmentKeys.contains(key) else { return }
        findings.report(
            Problem(
                file: file, code: "production.development-key", message: "this key is published in Sekisho's own repository",
                remedy: "make a key of your own: `sekisho init` in an empty folder makes all of them"))
    }

    func look(at certificate: Certificate, in file: String) {
        look(at: certificate.publicKey, in: file)
        guard mode == .production, certificate.subject.text.contains(Self.label) else { return }
        findings.report(
            Problem(
                file: file, code: "production.development-certificate", message: "the certificate calls itself `\(Self.label)`",
                remedy: "make a certificate for production"))
    }

    /// Private keys are for the server's user alone.
    func lookAtMode(of file: String, in folder: Folder) {
        guard mode == .production, case .file(_, let bits) = folder.kind(of: file), bits & 0o077 != 0 else { return }
        findings.report(
            Problem(
                file: file, code: "production.key-mode",
                message: "others may read this private key (mode \(String(bits & 0o777, radix: 8)))",
                remedy: "chmod 600 " + file))
    }
}

/// The private keys of these are in Sekisho's repository for everyone to read.
enum DevelopmentKeys {
    /// SHA-256 of the DER SubjectPublicKeyInfo, in lower-case hexadecimal.
    static let fingerprints: Set<String> = [
        "0ef532947d8a007e90fa3c28a81df1384fc64869f61246364790fdf062cce54e",  // Keys/saml-signing.key.pem
        "18756c9b58d6b12be35799c4f469300ad5e7a4ef6934e6f98fd6f4f97b563104",  // Keys/openid-es256.key.pem
        "96fd5008ab261da83b69b9d599fc4b1c12234842332eb55f46c351a9e2f21b1f",  // Keys/openid-rs256.key.pem
        "e1a5229ad24914cfbffc7b85f7609db562e36fa4e553f77260ee465a0a4e489d",  // Keys/tls-door.key.pem
    ]

    static func contains(_ key: PublicKey) -> Bool { fingerprints.contains(Hexadecimal.encode(Digest.sha256(key.spki))) }
}
