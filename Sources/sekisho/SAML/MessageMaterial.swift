import Cryptography
import Foundation
import Vocabulary

/// Keys, certificates and documents that a job names: PEM or XML text, Base64 of DER, or files.
struct MessageMaterial {
    static let most = 256
    /// Members of a job that say whose signatures count.
    static let keyNames = [
        "trusted_certs", "trusted_certificates", "certificates", "certificate", "trusted", "keys", "trusted_keys", "public_keys",
    ]

    /// Names of files are relative to these folders, the first that has the file.
    let folders: [String]

    struct Trusted {
        var keys: [PublicKey] = []
        var certificates: [PublicKey: Certificate] = [:]
        var notes: [String] = []
    }

    /// What is trusted to sign. A certificate is a container for its key: its dates and issuer say nothing here (Kantara IIP-MD05). What
    /// cannot be used is noted: a weak key trusts nobody, and the verdict says why.
    func keys(_ fields: inout JobFields) throws(JobRefusal) -> Trusted {
        var all = Trusted()
        for name in Self.keyNames {
            let found = try publicKeys(fields.take([name]))
            all.keys += found.keys
            all.certificates.merge(found.certificates) { first, _ in first }
            all.notes += found.notes
        }
        guard all.keys.count <= Self.most else { throw JobRefusal("job.size", "more than \(Self.most) keys") }
        return all
    }

    func publicKeys(_ given: JobFields.Given?) throws(JobRefusal) -> Trusted {
        var trusted = Trusted()
        guard let given else { return trusted }
        for (index, item) in try items(given).enumerated() {
            for der in try blocks(item, given.name) {
                do {
                    let certificate = try Certificate(der: der)
                    trusted.keys.append(certificate.publicKey)
                    trusted.certificates[certificate.publicKey] = certificate
                } catch {
                    if let key = try? PublicKey(spki: der) {
                        trusted.keys.append(key)
                    } else {
                        trusted.notes.append("\(given.name) \(index + 1) trusts nobody: \(error)")
                    }
                }
            }
        }
        return trusted
    }

    func privateKeys(_ given: JobFields.Given?) throws(JobRefusal) -> [PrivateKey] {
        guard let given else { return [] }
        var found: [PrivateKey] = []
        for item in try items(given) {
            let bytes = try bytes(of: item, given.name)
            do {
                found.append(try bytes.first == 0x30 ? PrivateKey(pkcs8: bytes) : PrivateKey(pem: bytes))
            } catch {
                throw JobRefusal("job.field.value", "`\(given.name)` holds no private key that we use: \(error)")
            }
        }
        return found
    }

    func documents(_ given: JobFields.Given?) throws(JobRefusal) -> [[UInt8]] {
        guard let given else { return [] }
        var found: [[UInt8]] = []
        for item in try items(given) { found.append(try bytes(of: item, given.name)) }
        return found
    }

    // MARK: Reading

    private func items(_ given: JobFields.Given) throws(JobRefusal) -> [JSON] {
        let items = given.value.array ?? [given.value]
        guard items.count <= Self.most else { throw JobRefusal("job.size", "`\(given.name)` has more than \(Self.most) items") }
        return items
    }

    private func blocks(_ item: JSON, _ name: String) throws(JobRefusal) -> [[UInt8]] {
        let bytes = try bytes(of: item, name)
        if bytes.first == 0x30 { return [bytes] }
        let found = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "PUBLIC KEY"].flatMap { PEM.decode(bytes, label: $0) }
        return found.isEmpty ? [[]] : found
    }

    /// PEM or XML as it is, Base64 decoded; anything else names a file.
    private func bytes(of item: JSON, _ name: String) throws(JobRefusal) -> [UInt8] {
        if let path = (item["file"] ?? item["path"])?.string { return try contents(of: path) }
        guard let text = (item["pem"] ?? item["text"] ?? item["base64"] ?? item["der"])?.string ?? item.string else {
            throw JobRefusal("job.field.type", "`\(name)` holds something that is no text and has no `pem` or `file`")
        }
        if text.contains("-----BEGIN ") || text.contains("<") { return Array(text.utf8) }
        if text.utf8.first == 0x4d, let der = Base64.decodeLenient(text), der.first == 0x30, der.count > 8 { return der }
        return try contents(of: text)
    }

    func contents(of path: String) throws(JobRefusal) -> [UInt8] {
        guard !path.isEmpty, path.utf8.count <= 4096, !path.utf8.contains(0) else {
            throw JobRefusal("job.field.value", "no name of a file")
        }
        for place in path.hasPrefix("/") ? [path] : folders.map({ $0 + "/" + path }) {
            guard let handle = FileHandle(forReadingAtPath: place) else { continue }
            defer { try? handle.close() }
            // A folder opens and does not read.
            guard let data = try? handle.read(upToCount: JobStream.largest + 1) else { continue }
            guard data.count <= JobStream.largest else {
                throw JobRefusal("job.size", "`\(path)` has more than \(JobStream.largest) bytes")
            }
            return [UInt8](data)
        }
        throw JobRefusal("job.file", "there is no file `\(path)`")
    }
}
