import Cryptography
import Vocabulary
import XML

/// The keys of a role. What has no `use` serves both uses, never none (checklist A16, IIP-MD11).
extension EntityReader {
    mutating func signingKeys(_ role: XMLElement) -> [PublicKey] {
        var keys: [PublicKey] = []
        for descriptor in role.children(.metadata("KeyDescriptor")) {
            switch descriptor.attribute("use") {
            case "encryption": continue
            case "signing", nil: break
            case .some(let use):
                findings.problem("key", "a KeyDescriptor has an unknown use", name, [.init("use", use)])
                continue
            }
            do {
                let key = try MetadataKey.read(descriptor).key
                if !keys.contains(key) { keys.append(key) }
            } catch {
                findings.flaw("key", "a key for signing cannot be used", name, [.init("reason", error.text)])
            }
        }
        if keys.count > limits.signingKeys {
            findings.problem("key", "there are too many keys for signing", name, [.init("limit", String(limits.signingKeys))])
        }
        return keys
    }

    /// A member that says it can decrypt must not get in clear what it meant to get encrypted, only because we cannot read its key.
    mutating func encryptionKeys(_ role: XMLElement) -> [MemberEncryptionKey] {
        var keys: [MemberEncryptionKey] = []
        var unusable = 0
        for descriptor in role.children(.metadata("KeyDescriptor")) {
            let use = descriptor.attribute("use")
            guard use == "encryption" || use == nil else { continue }
            do {
                let (key, certificate) = try MetadataKey.read(descriptor)
                guard key.kind != .ed25519, !keys.contains(where: { $0.key == key }) else { continue }
                keys.append(MemberEncryptionKey(key: key, certificate: certificate, declared: Self.methods(descriptor)))
            } catch {
                unusable += 1
                // Without `use` it was meant for encryption too (IIP-MD11), and `signingKeys` has told of it.
                guard use == "encryption" else { continue }
                findings.flaw("key", "a key for encryption cannot be used", name, [.init("reason", error.text)])
            }
        }
        if keys.isEmpty, unusable > 0, findings.reading == .tolerant {
            findings.problem("key", "none of the keys for encryption can be used", name)
        }
        if keys.count > limits.signingKeys {
            findings.problem("key", "there are too many keys for encryption", name, [.init("limit", String(limits.signingKeys))])
        }
        return keys
    }

    private static func methods(_ descriptor: XMLElement) -> [MemberEncryptionKey.Method] {
        descriptor.children(.metadata("EncryptionMethod")).prefix(32).compactMap { method in
            guard let algorithm = method.attribute("Algorithm") else { return nil }
            return MemberEncryptionKey.Method(
                algorithm: Lexical.trimmed(algorithm),
                digest: method.child(.signature("DigestMethod"))?.attribute("Algorithm").map(Lexical.trimmed),
                maskGeneration: method.child(XMLName(MetadataNamespace.encryption11, "MGF"))?.attribute("Algorithm").map(Lexical.trimmed),
                keySize: method.child(XMLName(MetadataNamespace.encryption, "KeySize")).flatMap { UInt16(Lexical.trimmed($0.text)) }
                    .map(Int.init))
        }
    }
}
