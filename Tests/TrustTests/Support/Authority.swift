import Cryptography
import Trust
import Vocabulary

/// One generation of an imaginary authority, and what it issues.
struct Authority {
    let key: PrivateKey
    let certificate: Certificate
    var anchor: TrustAnchor { TrustAnchor(certificate: certificate, isSimulated: true) }

    /// All generations share this name (jpki.md §1.1).
    static let name = DistinguishedName([
        (.country, "JP"), (.organization, "Imaginary"), (.organizationalUnit, "Imaginary user authentication"),
    ])
    static let policy = ObjectIdentifier("1.2.392.200149.8.5.1.3.30")
    static func partition(_ town: String) -> DistinguishedName {
        DistinguishedName([(.country, "JP"), (.organization, "Imaginary"), (.commonName, town + " CRLDP")])
    }

    init(
        _ kind: KeyKind = .ec(.p256), serial: [UInt8] = [1], name: DistinguishedName = Authority.name, notAfter: Timestamp = Moment.late,
        change: (inout CertificateDraft) -> Void = { _ in }
    ) throws {
        let key = try PrivateKey.generate(kind)
        var draft = CertificateDraft(
            serial: serial, issuer: name, subject: name, notAfter: notAfter, key: key.publicKey,
            extensions: [
                Extension.keyUsage([.keyCertSign, .cRLSign]), Extension.authority(), Extension.subjectKey(key.publicKey),
            ])
        change(&draft)
        self.key = key
        certificate = try draft.signed(by: key)
    }

    /// Two live generations of one authority; made once.
    static let first = Result { try Authority() }
    static let second = Result { try Authority(.rsa(bits: 2048), serial: [2]) }
    static let cardKey = Result { try PrivateKey.generate(.ec(.p256)) }

    /// A card's certificate, in the partition of a town, changed by the caller before it is signed.
    func card(
        serial: [UInt8] = [0x06, 0xd1, 0x80, 0x06], town: String? = "Kiyose", change: (inout CertificateDraft) -> Void = { _ in }
    ) throws -> Certificate {
        let key = try Self.cardKey.get()
        var draft = CertificateDraft(
            serial: serial, issuer: certificate.subject, subject: DistinguishedName([(.country, "JP"), (.commonName, "9977")]),
            key: key.publicKey,
            extensions: [
                Extension.keyUsage([.digitalSignature]), Extension.authorityKey(self.key.publicKey.keyIdentifier),
                Extension.subjectKey(key.publicKey), Extension.policies([Self.policy].compactMap { $0 }),
            ])
        if let town {
            draft.extensions.append(Extension.distributionPoints([{ Extension.pointName(Self.partition(town), to: &$0) }]))
        }
        change(&draft)
        return try draft.signed(by: self.key)
    }

    func chain(_ card: Certificate, at now: Timestamp = Moment.now) throws -> TrustedChain {
        try CandidateChain(leaf: card).trusted(by: TrustStore(anchors: [anchor]), at: now)
    }
}
