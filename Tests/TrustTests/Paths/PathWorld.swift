import Cryptography
import Trust
import Vocabulary

/// An authority of a small imaginary world of bridges: a name, a key, and what it certifies.
struct Node {
    let name: DistinguishedName
    let key: PrivateKey

    init(_ name: String, key: PrivateKey? = nil) throws {
        self.name = DistinguishedName([(.country, "JP"), (.commonName, name)])
        self.key = try key ?? PrivateKey.generate(.ec(.p256))
    }

    /// Another key of the same authority.
    func rolled() throws -> Node { try Node(name: name, key: PrivateKey.generate(.ec(.p256))) }

    private init(name: DistinguishedName, key: PrivateKey) {
        self.name = name
        self.key = key
    }

    /// What this authority says of another, or of itself: an authority's certificate with the extensions that are given.
    func certify(
        _ other: Node, pathLength: Int? = nil, policies: [ObjectIdentifier]? = nil, extensions: [[UInt8]] = [], serial: [UInt8] = [7],
        change: (inout CertificateDraft) -> Void = { _ in }
    ) throws -> Certificate {
        var draft = CertificateDraft(
            serial: serial, issuer: name, subject: other.name, key: other.key.publicKey,
            extensions: [
                Extension.keyUsage([.keyCertSign, .cRLSign]), Extension.authority(pathLength: pathLength),
                Extension.subjectKey(other.key.publicKey), Extension.authorityKey(key.publicKey.keyIdentifier),
            ])
        if let policies { draft.extensions.append(Extension.policies(policies)) }
        draft.extensions += extensions
        change(&draft)
        return try draft.signed(by: key)
    }

    func root(policies: [ObjectIdentifier]? = nil, extensions: [[UInt8]] = []) throws -> Certificate {
        try certify(self, policies: policies, extensions: extensions)
    }

    /// A person or a host below this authority. All of them share one key: nobody signs with it.
    func leaf(
        _ subject: DistinguishedName = DistinguishedName([(.country, "JP"), (.commonName, "Hanako")]), policies: [ObjectIdentifier]? = nil,
        extensions: [[UInt8]] = [], change: (inout CertificateDraft) -> Void = { _ in }
    ) throws -> Certificate {
        let own = try Authority.cardKey.get().publicKey
        var draft = CertificateDraft(
            serial: [9], issuer: name, subject: subject, key: own,
            extensions: [
                Extension.keyUsage([.digitalSignature]), Extension.subjectKey(own),
                Extension.authorityKey(key.publicKey.keyIdentifier),
            ])
        if let policies { draft.extensions.append(Extension.policies(policies)) }
        draft.extensions += extensions
        change(&draft)
        return try draft.signed(by: key)
    }
}

extension Certificate {
    var anchor: TrustAnchor { TrustAnchor(certificate: self, isSimulated: true) }
}

extension Extension {
    static func mappings(_ pairs: [(ObjectIdentifier, ObjectIdentifier)]) -> [UInt8] {
        raw(.policyMappings, critical: true) { writer in
            writer.sequence { writer in
                for (issuer, subject) in pairs {
                    writer.sequence {
                        $0.objectIdentifier(issuer)
                        $0.objectIdentifier(subject)
                    }
                }
            }
        }
    }

    static func policyConstraints(explicit: Int? = nil, mapping: Int? = nil) -> [UInt8] {
        raw(.policyConstraints, critical: true) { writer in
            writer.sequence {
                if let explicit { $0.context(0, content: [UInt8(explicit)]) }
                if let mapping { $0.context(1, content: [UInt8(mapping)]) }
            }
        }
    }

    static func inhibitAny(_ skip: Int) -> [UInt8] { raw(.inhibitAnyPolicy, critical: true) { $0.integer(skip) } }

    static func nameConstraints(permitted: [GeneralName] = [], excluded: [GeneralName] = []) -> [UInt8] {
        raw(.nameConstraints, critical: true) { writer in
            writer.sequence { writer in
                for (number, bases) in [(UInt8(0), permitted), (1, excluded)] where !bases.isEmpty {
                    writer.context(number) { writer in for base in bases { writer.sequence { write(base, to: &$0) } } }
                }
            }
        }
    }

    static func alternativeNames(_ names: [GeneralName]) -> [UInt8] {
        raw(.subjectAlternativeName) { writer in writer.sequence { writer in for name in names { write(name, to: &writer) } } }
    }

    private static func write(_ name: GeneralName, to writer: inout DERWriter) {
        switch name {
        case .email(let text): writer.context(1, content: Array(text.utf8))
        case .dns(let text): writer.context(2, content: Array(text.utf8))
        case .directory(let name): writer.context(4) { $0.raw(name.der) }
        case .uri(let text): writer.context(6, content: Array(text.utf8))
        case .address(let bytes): writer.context(7, content: bytes)
        case .registered(let identifier): writer.context(8, content: identifier.content)
        case .otherName(let kind, let value):
            writer.context(0) { writer in
                writer.objectIdentifier(kind)
                writer.context(0) { $0.raw(value) }
            }
        case .other(let tag): writer.element(tag, [0x30, 0])
        }
    }
}

/// Policies of the imaginary world.
enum Policy {
    static func named(_ number: Int) -> ObjectIdentifier { ObjectIdentifier("1.2.392.999.\(number)") ?? .anyPolicy }
    static let government = named(1)
    static let bridge = named(2)
    static let company = named(3)
    static let other = named(4)
}
