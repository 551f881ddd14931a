import Cryptography
import Trust
import Vocabulary

/// An imaginary authority, its cards, its lists and its answers: all signed with real keys.
struct SmallAuthority: Sendable {
    static let now = Timestamp(seconds: 1_795_000_000)
    static func minutes(_ count: Int64) -> Timestamp { now.adding(seconds: count * 60) }
    static func days(_ count: Int64) -> Timestamp { now.adding(seconds: count * 86_400) }

    let key: PrivateKey
    let certificate: Certificate
    private let holder: PrivateKey
    private static let name = DistinguishedName([(.country, "JP"), (.organization, "Imaginary"), (.commonName, "Small authority")])

    static let shared = Result { try SmallAuthority() }

    init() throws {
        key = try PrivateKey.generate(.ec(.p256))
        holder = try PrivateKey.generate(.ec(.p256))
        certificate = try Self.certificate(
            serial: [1], subject: Self.name, key: key.publicKey, by: key,
            extensions: [
                Self.value(.keyUsage, critical: true) { $0.namedBits(KeyUsage([.keyCertSign, .cRLSign]).rawValue) },
                Self.value(.basicConstraints, critical: true) { writer in writer.sequence { $0.boolean(true) } },
                Self.value(.subjectKeyIdentifier) { [key] in $0.octetString(key.publicKey.keyIdentifier) },
            ])
    }

    /// The chain of a card; each serial is another card. `ocsp` are the addresses it names.
    func chain(_ serial: UInt8 = 7, ocsp: [String] = []) throws -> TrustedChain {
        let card = try Self.certificate(
            serial: [serial], subject: DistinguishedName([(.country, "JP"), (.commonName, "card \(serial)")]), key: holder.publicKey,
            by: key,
            extensions: [Self.value(.keyUsage, critical: true) { $0.namedBits(KeyUsage([.digitalSignature]).rawValue) }]
                + (ocsp.isEmpty ? [] : [Self.access(ocsp)]))
        return try CandidateChain(leaf: card).trusted(
            by: TrustStore(anchors: [TrustAnchor(certificate: certificate, isSimulated: true)]), at: Self.now)
    }

    /// Authority, authority below it, card: two certificates below the anchor.
    func longChain() throws -> TrustedChain {
        let middle = try PrivateKey.generate(.ec(.p256))
        let name = DistinguishedName([(.country, "JP"), (.commonName, "Middle authority")])
        let authority = try Self.certificate(
            serial: [2], subject: name, key: middle.publicKey, by: key,
            extensions: [
                Self.value(.keyUsage, critical: true) { $0.namedBits(KeyUsage([.keyCertSign, .cRLSign]).rawValue) },
                Self.value(.basicConstraints, critical: true) { writer in writer.sequence { $0.boolean(true) } },
            ])
        let card = try Self.certificate(
            serial: [9], issuer: name, subject: DistinguishedName([(.commonName, "card")]), key: holder.publicKey, by: middle,
            extensions: [])
        return try CandidateChain(leaf: card, others: [authority]).trusted(
            by: TrustStore(anchors: [TrustAnchor(certificate: certificate, isSimulated: true)]), at: Self.now)
    }

    // MARK: Lists

    func lists(
        _ revoked: [(serial: UInt8, reason: RevocationReason)] = [], thisUpdate: Timestamp = days(-1), nextUpdate: Timestamp = days(1)
    ) throws -> RevocationLists {
        let algorithm = SignatureAlgorithm.ecdsa(.sha256)
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.integer(1)
                writer.raw(algorithm.identifier)
                writer.raw(Self.name.der)
                writer.time(thisUpdate)
                writer.time(nextUpdate)
                guard !revoked.isEmpty else { return }
                writer.sequence { writer in
                    for entry in revoked {
                        writer.sequence { writer in
                            writer.integer(content: [entry.serial])
                            writer.time(Self.days(-10))
                            writer.sequence { $0.raw(Self.value(.reasonCode) { $0.enumerated(UInt8(entry.reason.rawValue)) }) }
                        }
                    }
                }
            }
        }
        let der = try SignedStructure.make(body, key: key, algorithm)
        return RevocationLists([try UnverifiedRevocationList(der: der).verified(issuer: certificate, at: thisUpdate)])
    }

    // MARK: Answers

    /// What a responder says; everything a test may want wrong is a field.
    struct Answer: Sendable {
        var status = StatusVerdict.good
        var thisUpdate = SmallAuthority.minutes(-10)
        var nextUpdate: Timestamp? = SmallAuthority.minutes(5)
        var givesNonce = true
        var hasRightSignature = true
        /// Answers about this serial instead of the one asked for.
        var serial: UInt8?
        /// Signed by an appointed responder with this serial instead of the authority.
        var responder: UInt8?
        /// Whether that responder's certificate says id-pkix-ocsp-nocheck.
        var hasNoCheck = false
    }

    /// The answer to a request as it came, with its own CertID and nonce.
    func respond(to request: [UInt8], _ answer: Answer = Answer()) throws -> [UInt8] {
        let asked = try OCSPAsked(request)
        let certificateID = try answer.serial.map { try asked.certificateID(serial: $0) } ?? asked.certificateID
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.context(2) { $0.octetString((answer.responder == nil ? key : holder).publicKey.keyIdentifier) }
                writer.generalizedTime(answer.thisUpdate)
                writer.sequence { writer in
                    writer.sequence { writer in
                        writer.raw(certificateID)
                        switch answer.status {
                        case .good: writer.context(0, content: [])
                        case .unknown: writer.context(2, content: [])
                        case .revoked(let reason, let moment):
                            writer.context(1) { writer in
                                writer.generalizedTime(moment)
                                writer.context(0) { $0.enumerated(UInt8(reason.rawValue)) }
                            }
                        }
                        writer.generalizedTime(answer.thisUpdate)
                        if let next = answer.nextUpdate { writer.context(0) { $0.generalizedTime(next) } }
                    }
                }
                if answer.givesNonce, let nonce = asked.nonce {
                    writer.context(1) { writer in writer.sequence { OCSPNonce.write(nonce, to: &$0) } }
                }
            }
        }
        let signer = answer.hasRightSignature == (answer.responder == nil) ? key : holder
        let appointed = try answer.responder.map { try responder($0, hasNoCheck: answer.hasNoCheck) }
        let bundle = DERWriter.build { writer in
            if let appointed { writer.context(0) { writer in writer.sequence { $0.raw(appointed.der) } } }
        }
        let basic = try SignedStructure.make(body, key: signer, .ecdsa(.sha256), trailer: bundle)
        return DERWriter.build { writer in
            writer.sequence { writer in
                writer.enumerated(0)
                writer.context(0) { writer in
                    writer.sequence {
                        $0.objectIdentifier(.ocspBasicResponse)
                        $0.octetString(basic)
                    }
                }
            }
        }
    }

    private func responder(_ serial: UInt8, hasNoCheck: Bool) throws -> Certificate {
        try Self.certificate(
            serial: [serial], subject: DistinguishedName([(.commonName, "responder \(serial)")]), key: holder.publicKey, by: key,
            extensions: [
                Self.value(.extendedKeyUsage) { writer in writer.sequence { $0.objectIdentifier(.ocspSigning) } }
            ] + (hasNoCheck ? [Self.value(.ocspNoCheck) { $0.null() }] : []))
    }

    /// A responder that declines: unsigned (RFC 6960 §4.2.1).
    static func declined(_ status: OCSPResponderStatus) -> [UInt8] {
        DERWriter.build { $0.sequence { $0.enumerated(UInt8(status.rawValue)) } }
    }

    /// An answer nobody asked for.
    func stapled(_ chain: TrustedChain, _ answer: Answer = Answer()) throws -> [UInt8] {
        try respond(to: OCSPRequest(certificate: chain.leaf, issuer: chain.issuer).der, answer)
    }

    // MARK: Parts

    private static func certificate(
        serial: [UInt8], issuer: DistinguishedName = name, subject: DistinguishedName, key: PublicKey, by signer: PrivateKey,
        extensions: [[UInt8]]
    ) throws -> Certificate {
        let algorithm = SignatureAlgorithm.ecdsa(.sha256)
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.raw([0xa0, 3, 2, 1, 2])
                writer.integer(content: serial)
                writer.raw(algorithm.identifier)
                writer.raw(issuer.der)
                writer.sequence {
                    $0.time(days(-400))
                    $0.time(days(400))
                }
                writer.raw(subject.der)
                writer.raw(key.spki)
                if !extensions.isEmpty { writer.context(3) { writer in writer.sequence { $0.raw(extensions.flatMap { $0 }) } } }
            }
        }
        return try Certificate(der: SignedStructure.make(body, key: signer, algorithm))
    }

    private static func value(
        _ identifier: ObjectIdentifier, critical: Bool = false, _ value: (inout DERWriter) -> Void
    ) -> [UInt8] {
        DERWriter.build { writer in
            writer.sequence {
                $0.objectIdentifier(identifier)
                if critical { $0.boolean(true) }
                $0.octetString(value)
            }
        }
    }

    private static func access(_ addresses: [String]) -> [UInt8] {
        value(.authorityInformationAccess) { writer in
            writer.sequence { writer in
                for address in addresses {
                    writer.sequence {
                        $0.objectIdentifier(.ocspAccess)
                        $0.context(6, content: Array(address.utf8))
                    }
                }
            }
        }
    }
}

/// A request as a responder reads it.
struct OCSPAsked {
    let certificateID: [UInt8]
    let digest: ObjectIdentifier
    let nonce: [UInt8]?

    init(_ der: [UInt8]) throws {
        var outer = try DERReader.whole(der)
        var fields = try outer.expect(DERTag.sequence).reader
        var list = try fields.expect(DERTag.sequence).reader
        var question = try list.expect(DERTag.sequence).reader
        let identifier = try question.expect(DERTag.sequence)
        certificateID = identifier.encoded
        var inner = identifier.reader
        var algorithm = try inner.expect(DERTag.sequence).reader
        digest = try algorithm.expect(DERTag.objectIdentifier).objectIdentifier()
        guard let extensions = try fields.takeExplicit(2) else {
            nonce = nil
            return
        }
        var items = extensions.reader
        var item = try items.expect(DERTag.sequence).reader
        _ = try item.expect(DERTag.objectIdentifier)
        var value = DERReader(try item.expect(DERTag.octetString).content)
        nonce = try value.expect(DERTag.octetString).content
    }

    /// The same CertID with another serial of one byte.
    func certificateID(serial: UInt8) throws -> [UInt8] { certificateID.dropLast() + [serial] }
}
