import Cryptography
import Trust
import Vocabulary

/// A name that the certificate has to bear.
struct JobName: Hashable {
    enum Kind: String {
        case dns, email, address
    }

    let kind: Kind
    let text: String

    /// `{"kind": "DNS", "value": …}` as x509-limbo writes it, `{"dns": …}`, or `hostname` with a text. A text under `name` is a title.
    static func read(_ fields: inout JobFields) throws(JobRefusal) -> [JobName] {
        var found: [JobName] = []
        for key in ["name", "expected_peer_name", "peer_name"] {
            guard let given = fields.take([key]) else { continue }
            if key == "name", given.value.string != nil { continue }
            found.append(try name(given.value, given.name))
        }
        for given in [fields.take(["names"]), fields.take(["expected_peer_names"])] {
            guard let given else { continue }
            guard let items = given.value.array, items.count <= 64 else {
                throw JobRefusal("job.field.type", "`\(given.name)` is no list of at most 64 names")
            }
            for item in items { found.append(try name(item, given.name)) }
        }
        if let given = fields.take(["hostname", "host", "dns_name", "server_name"]) { found.append(try host(given.value, given.name)) }
        return found
    }

    private static func name(_ json: JSON, _ field: String) throws(JobRefusal) -> JobName {
        if json.string != nil { return try host(json, field) }
        let kinds: [(String, Kind)] = [
            ("dns", .dns), ("email", .email), ("rfc822", .email), ("ip", .address), ("address", .address),
        ]
        if let kind = json["kind"]?.string?.lowercased(), let value = json["value"]?.string,
            let known = kinds.first(where: { $0.0 == kind })?.1
        {
            return JobName(kind: known, text: value)
        }
        for (word, kind) in kinds {
            if let value = json[word]?.string { return JobName(kind: kind, text: value) }
        }
        throw JobRefusal("job.field.value", "`\(field)` is no name: write {\"dns\": …}, {\"email\": …} or {\"ip\": …}")
    }

    /// What a URL or a command line calls a host: an address when it reads as one.
    private static func host(_ json: JSON, _ field: String) throws(JobRefusal) -> JobName {
        guard let text = json.string, !text.isEmpty, text.utf8.count <= 1024 else {
            throw JobRefusal("job.field.type", "`\(field)` is no text")
        }
        let isAddress = text.contains(":") || text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e }
        return JobName(kind: isAddress ? .address : text.contains("@") ? .email : .dns, text: text)
    }
}

extension JobName {
    /// As the certificate would have it in subjectAltName.
    var general: GeneralName {
        get throws(JobRefusal) {
            switch kind {
            case .dns: return .dns(text)
            case .email: return .email(text)
            case .address:
                guard let bytes = Self.bytes(ofAddress: text) else {
                    throw JobRefusal("job.field.value", "`\(text)` is no IP address")
                }
                return .address(bytes)
            }
        }
    }

    /// Dotted decimal, or RFC 4291 §2.2 with at most one `::`.
    static func bytes(ofAddress text: String) -> [UInt8]? {
        if !text.contains(":") {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            let bytes = parts.compactMap { $0.utf8.count <= 3 ? UInt8($0) : nil }
            return parts.count == 4 && bytes.count == 4 ? bytes : nil
        }
        let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return nil }
        var sides: [[UInt8]] = []
        for half in halves {
            var bytes: [UInt8] = []
            for part in half.split(separator: ":", omittingEmptySubsequences: false) where !half.isEmpty {
                if part.contains(".") {
                    guard let tail = Self.bytes(ofAddress: String(part)) else { return nil }
                    bytes += tail
                } else {
                    guard (1...4).contains(part.utf8.count), let group = UInt16(part, radix: 16) else { return nil }
                    bytes += [UInt8(group >> 8), UInt8(group & 255)]
                }
            }
            sides.append(bytes)
        }
        guard let first = sides.first, let last = sides.last else { return nil }
        if sides.count == 1 { return first.count == 16 ? first : nil }
        let gap = 16 - first.count - last.count
        return gap >= 0 ? first + [UInt8](repeating: 0, count: gap) + last : nil
    }
}

/// What a key is for: the names of RFC 5280 §4.2.1.12, those that test suites use, or object identifiers.
enum Purposes {
    static let known: [String: String] = [
        "serverauth": "1.3.6.1.5.5.7.3.1", "clientauth": "1.3.6.1.5.5.7.3.2", "codesigning": "1.3.6.1.5.5.7.3.3",
        "emailprotection": "1.3.6.1.5.5.7.3.4", "timestamping": "1.3.6.1.5.5.7.3.8", "ocspsigning": "1.3.6.1.5.5.7.3.9",
        "anyextendedkeyusage": "2.5.29.37.0", "mlsclientauth": "1.3.6.1.5.5.7.3.45", "c2pamanifest": "1.3.6.1.4.1.62558.2.1",
        "c2patimestamping": "1.3.6.1.5.5.7.3.8",
    ]

    static func read(_ fields: inout JobFields) throws(JobRefusal) -> [ObjectIdentifier] {
        var found: [ObjectIdentifier] = []
        for names in [["purposes", "purpose"], ["extended_key_usage", "ekus", "eku"], ["key_purpose"]] {
            guard let given = try fields.texts(names) else { continue }
            for text in given.texts {
                let plain = text.lowercased().filter { $0 != "_" && $0 != "-" }.replacing("strictleaf", with: "").replacing(
                    "strict", with: "")
                if plain == "anyeku" || plain == "any" { continue }
                guard let identifier = identifier(plain) ?? ObjectIdentifier(text) else {
                    throw JobRefusal("job.field.value", "`\(given.name)` holds `\(text)`, which is no purpose")
                }
                if !found.contains(identifier) { found.append(identifier) }
            }
        }
        return found
    }

    static func identifier(_ plain: String) -> ObjectIdentifier? { known[plain].flatMap { ObjectIdentifier($0) } }
}

/// keyUsage bits by their names in RFC 5280 §4.2.1.3.
enum Usages {
    static let known: [(name: String, usage: KeyUsage)] = [
        ("digitalSignature", .digitalSignature), ("nonRepudiation", .nonRepudiation), ("contentCommitment", .nonRepudiation),
        ("keyEncipherment", .keyEncipherment), ("dataEncipherment", .dataEncipherment), ("keyAgreement", .keyAgreement),
        ("keyCertSign", .keyCertSign), ("cRLSign", .cRLSign), ("encipherOnly", .encipherOnly), ("decipherOnly", .decipherOnly),
    ]

    static func read(_ fields: inout JobFields) throws(JobRefusal) -> KeyUsage {
        guard let given = try fields.texts(["key_usage"]) else { return [] }
        var found: KeyUsage = []
        for text in given.texts {
            guard let usage = known.first(where: { $0.name.lowercased() == text.lowercased() })?.usage else {
                throw JobRefusal("job.field.value", "`\(given.name)` holds `\(text)`, which is no key usage")
            }
            found.formUnion(usage)
        }
        return found
    }

    static func names(_ usage: KeyUsage) -> [String] {
        known.filter { $0.name != "contentCommitment" && usage.contains($0.usage) }.map(\.name)
    }
}

/// Which signatures count. Empty and nil: those of the profile.
struct JobAlgorithms: Hashable {
    var minimumRSABits: Int?
    /// x509-limbo's names: `RSA_WITH_SHA256`, `RSASSA_PSS`, `ECDSA_WITH_SHA384`, `ED25519`.
    var names: [String] = []

    init(_ fields: inout JobFields) throws(JobRefusal) {
        minimumRSABits = try fields.number(in: 1024...16_384, ["minimum_rsa_bits", "min_rsa_bits", "minimum_rsa_modulus_size"])
        guard let given = fields.take(["algorithms", "signature_algorithms"]) else { return }
        if given.value.members != nil {
            var inner = try JobFields(given.value)
            minimumRSABits = try inner.number(in: 1024...16_384, ["minimum_rsa_bits", "rsa_bits"]) ?? minimumRSABits
            names = try inner.texts(["signatures", "names"])?.texts ?? []
        } else {
            guard let texts = given.value.strings ?? given.value.string.map({ [$0] }) else {
                throw JobRefusal("job.field.type", "`\(given.name)` is no list of algorithms")
            }
            names = texts
        }
    }

    /// The profile's rules as far as the job allows them. One set of digests serves RSA and ECDSA.
    func narrowing(_ rules: AlgorithmRules) throws(JobRefusal) -> AlgorithmRules {
        let bits = minimumRSABits ?? rules.minimumRSABits
        guard !names.isEmpty else {
            return AlgorithmRules(
                minimumRSABits: bits, curves: rules.curves, digests: rules.digests, allowsEd25519: rules.allowsEd25519,
                allowsPSS: rules.allowsPSS)
        }
        let plain = names.map { $0.uppercased() }
        var digests: Set<DigestAlgorithm> = []
        for (suffix, digest) in [("SHA256", DigestAlgorithm.sha256), ("SHA384", .sha384), ("SHA512", .sha512)]
        where plain.contains(where: { $0.hasSuffix("_WITH_" + suffix) }) { digests.insert(digest) }
        let allowsPSS = plain.contains("RSASSA_PSS")
        if allowsPSS, digests.isEmpty { digests = rules.digests }
        let hasRSA = allowsPSS || plain.contains { $0.hasPrefix("RSA_") }
        return AlgorithmRules(
            minimumRSABits: hasRSA ? bits : .max, curves: plain.contains { $0.hasPrefix("ECDSA_") } ? rules.curves : [],
            digests: digests.intersection(rules.digests), allowsEd25519: rules.allowsEd25519 && plain.contains("ED25519"),
            allowsPSS: rules.allowsPSS && allowsPSS)
    }
}
