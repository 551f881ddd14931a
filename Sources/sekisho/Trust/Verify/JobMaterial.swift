import Cryptography
import Foundation
import Vocabulary

/// Turns what a job gives for a certificate, a list or an answer into DER: PEM text, Base64 of DER, or the name of a file that holds
/// either. Sizes are bounded; what cannot be had at all is the job's fault, what cannot be parsed is judged later.
struct JobMaterial {
    enum Kind {
        case certificate, list, answer

        var labels: [String] {
            switch self {
            case .certificate: ["CERTIFICATE", "X509 CERTIFICATE", "CA CERTIFICATE", "TRUSTED CERTIFICATE"]
            case .list: ["X509 CRL", "CRL"]
            case .answer: ["OCSP RESPONSE"]
            }
        }

        /// Bytes of one file or text.
        var largest: Int { self == .list ? 256 << 20 : 4 << 20 }
    }

    /// Certificates, lists and answers in one job.
    static let most = 4096

    /// Names of files are relative to these folders, the first that has the file.
    let folders: [String]

    /// One value, or a list of them, each of which may hold several blocks.
    func all(_ kind: Kind, _ given: (name: String, value: JSON)?) throws(JobRefusal) -> [[UInt8]] {
        guard let given else { return [] }
        let items = given.value.array ?? [given.value]
        guard items.count <= Self.most else { throw JobRefusal("job.size", "`\(given.name)` has more than \(Self.most) items") }
        var found: [[UInt8]] = []
        for item in items {
            found += try blocks(kind, item, given.name)
            guard found.count <= Self.most else { throw JobRefusal("job.size", "`\(given.name)` has more than \(Self.most) items") }
        }
        return found
    }

    private func blocks(_ kind: Kind, _ item: JSON, _ name: String) throws(JobRefusal) -> [[UInt8]] {
        if let text = item.string { return try blocks(kind, text: text, name) }
        if let text = (item["pem"] ?? item["text"])?.string { return Self.pem(Array(text.utf8), kind) }
        if let text = (item["base64"] ?? item["der"] ?? item["value"])?.string {
            guard let der = Base64.decodeLenient(text) else { throw JobRefusal("job.field.value", "`\(name)` holds no Base64") }
            return [der]
        }
        if let text = item["hex"]?.string {
            guard let der = Hexadecimal.decode(text) else { throw JobRefusal("job.field.value", "`\(name)` holds no hexadecimal") }
            return [der]
        }
        if let path = (item["file"] ?? item["path"])?.string { return try contents(of: path, kind, name) }
        throw JobRefusal("job.field.type", "`\(name)` holds something that is no text and has no `pem`, `base64`, `hex` or `file`")
    }

    private func blocks(_ kind: Kind, text: String, _ name: String) throws(JobRefusal) -> [[UInt8]] {
        if text.contains("-----BEGIN ") { return Self.pem(Array(text.utf8), kind) }
        // A name has a dot or is short; the Base64 of a SEQUENCE begins with `M` and has no dot.
        if text.utf8.first == 0x4d, let der = Base64.decodeLenient(text), der.first == 0x30, der.count > 8 { return [der] }
        return try contents(of: text, kind, name)
    }

    private func contents(of path: String, _ kind: Kind, _ name: String) throws(JobRefusal) -> [[UInt8]] {
        guard !path.isEmpty, path.utf8.count <= 4096, !path.utf8.contains(0) else {
            throw JobRefusal("job.field.value", "`\(name)` is neither PEM, nor Base64 of DER, nor the name of a file")
        }
        let places = path.hasPrefix("/") ? [path] : folders.map { $0 + "/" + path }
        for place in places {
            guard let handle = FileHandle(forReadingAtPath: place) else { continue }
            defer { try? handle.close() }
            // A folder opens and does not read.
            guard let data = try? handle.read(upToCount: kind.largest + 1) else { continue }
            guard data.count <= kind.largest else {
                throw JobRefusal("job.size", "the file `\(path)` has more than \(kind.largest) bytes")
            }
            let bytes = [UInt8](data)
            return bytes.first == 0x30 ? [bytes] : Self.pem(bytes, kind)
        }
        throw JobRefusal("job.file", "`\(name)`: there is no file `\(path)`, and it is neither PEM nor Base64 of DER")
    }

    /// The blocks in their order, whichever of the labels they carry. A text without any is one thing that nobody can read.
    private static func pem(_ text: [UInt8], _ kind: Kind) -> [[UInt8]] {
        for label in kind.labels {
            let blocks = PEM.decode(text, label: label)
            if !blocks.isEmpty { return blocks }
        }
        return [[]]
    }
}
