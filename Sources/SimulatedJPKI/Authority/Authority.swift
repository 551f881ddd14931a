package import Cryptography
package import Vocabulary

/// One generation of one certification authority: self-signed, issues directly, and has a delegate that answers OCSP.
package struct Authority: Sendable {
    package let purpose: Purpose
    /// 1 is the oldest that is alive.
    package let generation: Int
    package let key: PrivateKey
    package let certificate: Certificate
    package let responderKey: PrivateKey
    package let responder: Certificate

    package init(
        purpose: Purpose, generation: Int, key: PrivateKey, certificate: Certificate, responderKey: PrivateKey, responder: Certificate
    ) {
        self.purpose = purpose
        self.generation = generation
        self.key = key
        self.certificate = certificate
        self.responderKey = responderKey
        self.responder = responder
    }

    /// `user-1`: a folder's name, and a part of addresses.
    package var name: String { purpose.rawValue + "-" + String(generation) }

    /// Makes a generation: ten years from `notBefore`, ending at midnight in Japan (`jpki.md` §1.1).
    package static func make(
        _ purpose: Purpose, generation: Int, serial: UInt64, key: PrivateKey, responderKey: PrivateKey, notBefore: Timestamp,
        profile: SimulatedProfile
    ) throws -> Authority {
        let name = profile.authorityName(purpose)
        let notAfter = JapaneseDate(notBefore).adding(years: 10).endOfDay
        let own = try Certificate(
            der: CertificateForm(
                serial: serial, issuer: name, subject: name, notBefore: notBefore, notAfter: notAfter, key: key.publicKey
            ) { extensions in
                extensions.subjectKeyIdentifier(key.publicKey)
                extensions.keyUsage([5, 6])
                extensions.authorityConstraints()
                extensions.subjectAltName(directory: profile.serviceName)
                extensions.distributionPoint(name)
            }.signed(by: key))
        let responder = try Certificate(
            der: CertificateForm(
                serial: serial + 1, issuer: name, subject: profile.responderName(purpose, generation: generation), notBefore: notBefore,
                notAfter: notAfter, key: responderKey.publicKey
            ) { extensions in
                extensions.authorityKeyIdentifier(key.publicKey)
                extensions.subjectKeyIdentifier(responderKey.publicKey)
                extensions.keyUsage([0])
                extensions.answersForIssuer()
            }.signed(by: key))
        return Authority(
            purpose: purpose, generation: generation, key: key, certificate: own, responderKey: responderKey, responder: responder)
    }

    /// Issues an end-entity certificate of `jpki.md` §1.2.
    package func issue(_ order: CertificateOrder, serial: UInt64, profile: SimulatedProfile, ocsp: String) throws -> Certificate {
        var subject: [(NameAttribute.Kind, String)] = [(.country, "JP")]
        if purpose == .sign { subject.append((.locality, order.municipality.locality)) }
        subject.append((.commonName, order.commonName))
        let form = CertificateForm(
            serial: serial, issuer: profile.authorityName(purpose), subject: DistinguishedName(subject), notBefore: order.notBefore,
            notAfter: order.notAfter, key: order.key
        ) { extensions in
            extensions.authorityKeyIdentifier(key.publicKey)
            extensions.subjectKeyIdentifier(order.key)
            extensions.keyUsage(purpose == .user ? [0] : [0, 1])
            extensions.policy(profile.policy(purpose, onPhone: order.carrier == .phone), cps: profile.cps)
            if purpose == .sign { extensions.subjectAltName(attributes: order.attributes) }
            extensions.issuerAltName(directory: profile.serviceName)
            extensions.distributionPoint(profile.partitionName(purpose, order.municipality))
            extensions.ocspAddress(ocsp)
        }
        return try Certificate(der: form.signed(by: key))
    }
}

/// What a municipality's counter orders for a citizen.
package struct CertificateOrder: Sendable {
    package let key: PublicKey
    package let carrier: Carrier
    /// An opaque identifier, not a name.
    package let commonName: String
    package let municipality: Municipality
    package let notBefore: Timestamp
    package let notAfter: Timestamp
    /// The otherNames of a signature certificate.
    package let attributes: [(number: Int, text: String)]

    package init(
        key: PublicKey, carrier: Carrier, commonName: String, municipality: Municipality, notBefore: Timestamp, notAfter: Timestamp,
        attributes: [(number: Int, text: String)]
    ) {
        self.key = key
        self.carrier = carrier
        self.commonName = commonName
        self.municipality = municipality
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.attributes = attributes
    }
}

/// The part of a certificate that is signed (RFC 5280 §4.1).
struct CertificateForm {
    let serial: UInt64
    let issuer: DistinguishedName
    let subject: DistinguishedName
    let notBefore: Timestamp
    let notAfter: Timestamp
    let key: PublicKey
    let extensions: (inout DERWriter) -> Void

    init(
        serial: UInt64, issuer: DistinguishedName, subject: DistinguishedName, notBefore: Timestamp, notAfter: Timestamp, key: PublicKey,
        extensions: @escaping (inout DERWriter) -> Void
    ) {
        self.serial = serial
        self.issuer = issuer
        self.subject = subject
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.key = key
        self.extensions = extensions
    }

    func signed(by key: PrivateKey) throws -> [UInt8] {
        let algorithm = try SigningForm(key)
        return try algorithm.signed(
            DERWriter.build {
                $0.sequence { body in
                    body.context(0) { $0.integer(2) }
                    body.unsigned(serial.bigEndianBytes)
                    body.raw(algorithm.identifier)
                    body.raw(issuer.der)
                    body.sequence { validity in
                        validity.time(notBefore)
                        validity.time(notAfter)
                    }
                    body.raw(subject.der)
                    body.raw(self.key.spki)
                    body.context(3) { $0.sequence(extensions) }
                }
            })
    }
}

/// How an authority or a responder signs: SHA-256 with RSA, SHA-384 with P-384 (`jpki.md` §1.1, §1.6).
struct SigningForm {
    let key: PrivateKey
    let algorithm: SignatureAlgorithm
    /// AlgorithmIdentifier.
    let identifier: [UInt8]

    init(_ key: PrivateKey) throws {
        self.key = key
        switch key.publicKey.kind {
        case .rsa:
            algorithm = .rsaPKCS1(.sha256)
            identifier = DERWriter.build {
                $0.sequence { item in
                    item.objectIdentifier(OID.sha256WithRSA)
                    item.null()
                }
            }
        case .ec(.p384):
            algorithm = .ecdsa(.sha384)
            identifier = DERWriter.build { $0.sequence { $0.objectIdentifier(OID.ecdsaWithSHA384) } }
        default: throw SimulatorRefusal.keyKind
        }
    }

    /// SEQUENCE of the body, the algorithm and the signature: certificates and lists alike.
    func signed(_ body: [UInt8]) throws -> [UInt8] {
        let signature = try key.sign(body, algorithm)
        return DERWriter.build {
            $0.sequence { whole in
                whole.raw(body)
                whole.raw(identifier)
                whole.bitString(signature)
            }
        }
    }
}

extension UInt64 {
    var bigEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * UInt64($0))) } }
}
