import Cryptography
import JOSE
import Vocabulary

/// Keys that a job names: JWK sets and JWKs inline, PEM, or files that hold either. What is no job at all throws `JobRefusal`; a key
/// that can be read and not be used is a `TokenFinding`, because that is an answer about the keys.
struct TokenMaterial {
    static let most = 256

    let files: MessageMaterial

    /// A key of either half, and what its owner calls it.
    struct Held {
        let key: PrivateKey
        let jwk: JWK?
    }

    func publicKeys(_ given: JobFields.Given?, _ notes: inout [String]) throws -> [JWK] {
        var found: [JWK] = []
        for item in try items(given) {
            switch item {
            case .json(let json): found += try publicKeys(json, &notes)
            case .text(let text):
                let trusted = try files.publicKeys((given?.name ?? "keys", .string(String(decoding: text, as: UTF8.self))))
                found += trusted.keys.map { JWK(unnamed: $0) }
                notes += trusted.notes
            }
        }
        guard found.count <= Self.most else { throw JobRefusal("job.size", "more than \(Self.most) keys") }
        return found
    }

    private func publicKeys(_ json: JSON, _ notes: inout [String]) throws -> [JWK] {
        guard json["keys"] != nil else {
            do { return [try JWK(reading: json)] } catch { throw TokenFinding(.key, error.explanation) }
        }
        do {
            let set = try JWKSet(reading: json)
            notes += set.ignored.map { "the key \($0.keyID ?? "without a name") is not used: \($0.why.explanation.summary)" }
            return set.keys
        } catch { throw TokenFinding(.key, error.explanation) }
    }

    func privateKeys(_ given: JobFields.Given?, _ notes: inout [String]) throws -> [Held] {
        var found: [Held] = []
        for item in try items(given) {
            switch item {
            case .text(let text):
                let json = JSON.string(String(decoding: text, as: UTF8.self))
                found += try files.privateKeys((given?.name ?? "keys", json)).map { Held(key: $0, jwk: nil) }
            case .json(let json):
                let list = json["keys"]?.array
                guard list?.count ?? 1 <= Self.most else { throw JobRefusal("job.size", "more than \(Self.most) keys") }
                for one in list ?? [json] {
                    do throws(JWKRefusal) {
                        let read = try PrivateJWK(reading: one)
                        found.append(Held(key: read.key, jwk: read.jwk))
                    } catch {
                        // The only key there is: its fault is the answer.
                        guard let list, list.count > 1 else { throw TokenFinding(.key, error.explanation) }
                        notes.append("the key \(one["kid"]?.string ?? "without a name") is not used: \(error.explanation.summary)")
                    }
                }
            }
        }
        return found
    }

    private enum Item {
        case json(JSON)
        case text([UInt8])
    }

    /// What a member holds, files read: objects, or PEM text.
    private func items(_ given: JobFields.Given?) throws(JobRefusal) -> [Item] {
        guard let given else { return [] }
        // A list of keys is a set without a wrapping.
        if let list = given.value.array, !list.isEmpty, list.allSatisfy({ $0["kty"] != nil }) {
            return [.json(.object([("keys", given.value)]))]
        }
        let values = given.value.array ?? [given.value]
        guard values.count <= Self.most else { throw JobRefusal("job.size", "`\(given.name)` has more than \(Self.most) items") }
        var found: [Item] = []
        for value in values { found.append(try item(value, given.name)) }
        return found
    }

    private func item(_ value: JSON, _ name: String) throws(JobRefusal) -> Item {
        if let path = value["file"]?.string { return try Self.item(files.contents(of: path), name) }
        if let text = value["pem"]?.string { return .text(Array(text.utf8)) }
        if value.members != nil { return .json(value) }
        guard let text = value.string else { throw JobRefusal("job.field.type", "`\(name)` holds neither a key nor the name of a file") }
        if text.contains("-----BEGIN ") || text.utf8.first == 0x7b { return try Self.item(Array(text.utf8), name) }
        return try Self.item(files.contents(of: text), name)
    }

    private static func item(_ bytes: [UInt8], _ name: String) throws(JobRefusal) -> Item {
        guard bytes.first(where: { $0 > 0x20 }) == 0x7b else { return .text(bytes) }
        do { return .json(try JSON(reading: bytes, limit: 1 << 20)) } catch {
            throw JobRefusal("job.field.value", "`\(name)` holds no JSON: \(error)")
        }
    }
}
