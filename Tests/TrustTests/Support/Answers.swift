import Cryptography
import Trust
import Vocabulary

/// An OCSP answer in the making.
struct AnswerDraft {
    /// What the responder says of one certificate.
    struct Word {
        var question: OCSPCertificateID
        /// `[0]` good, `[1]` revoked, `[2]` unknown.
        var status: [UInt8] = [0x80, 0]
        var thisUpdate = Moment.minutes(-10)
        var nextUpdate: Timestamp? = Moment.minutes(5)
        var extensions: [[UInt8]] = []

        static func revoked(_ reason: RevocationReason?, at moment: Timestamp) -> [UInt8] {
            DERWriter.build { writer in
                writer.context(1) { writer in
                    writer.generalizedTime(moment)
                    if let reason { writer.context(0) { $0.enumerated(UInt8(reason.rawValue)) } }
                }
            }
        }
    }

    var status: UInt8 = 0
    var kind = ObjectIdentifier.ocspBasicResponse
    var responder: [UInt8]
    var producedAt = Moment.minutes(-10)
    var words: [Word]
    var nonce: [UInt8]?
    var extensions: [[UInt8]] = []
    var signer: PrivateKey
    /// A signature of yesterday, right in everything but its digest. RSA keys only.
    var isOverSHA1 = false
    var certificates: [Certificate] = []

    func der() throws -> [UInt8] {
        guard status == 0 else { return DERWriter.build { $0.sequence { $0.enumerated(status) } } }
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.raw(responder)
                writer.generalizedTime(producedAt)
                writer.sequence { writer in for word in words { writer.sequence { Self.write(word, to: &$0) } } }
                guard nonce != nil || !extensions.isEmpty else { return }
                writer.context(1) { writer in
                    writer.sequence {
                        if let nonce { OCSPNonce.write(nonce, to: &$0) }
                        $0.raw(extensions.flatMap { $0 })
                    }
                }
            }
        }
        let bundle = DERWriter.build { writer in
            guard !certificates.isEmpty else { return }
            writer.context(0) { writer in writer.sequence { $0.raw(certificates.flatMap(\.der)) } }
        }
        let basic =
            try isOverSHA1
            ? Self.signedOverSHA1(body, by: signer, trailer: bundle)
            : SignedStructure.make(body, key: signer, signer.usual, trailer: bundle)
        return DERWriter.build { writer in
            writer.sequence { writer in
                writer.enumerated(0)
                writer.context(0) { writer in
                    writer.sequence {
                        $0.objectIdentifier(kind)
                        $0.octetString(basic)
                    }
                }
            }
        }
    }

    private static func signedOverSHA1(_ body: [UInt8], by key: PrivateKey, trailer: [UInt8]) throws -> [UInt8] {
        let signature = try key.signDigestInfo(
            DERWriter.build { writer in
                writer.sequence { writer in
                    writer.sequence {
                        $0.objectIdentifier(DigestAlgorithm.sha1.objectIdentifier)
                        $0.null()
                    }
                    writer.octetString(Digest.compute(.sha1, body))
                }
            })
        return DERWriter.build { writer in
            writer.sequence {
                $0.raw(body)
                $0.raw(SignatureAlgorithm.rsaPKCS1(.sha1).identifier)
                $0.bitString(signature)
                $0.raw(trailer)
            }
        }
    }

    private static func write(_ word: Word, to writer: inout DERWriter) {
        word.question.write(to: &writer)
        writer.raw(word.status)
        writer.generalizedTime(word.thisUpdate)
        if let next = word.nextUpdate { writer.context(0) { $0.generalizedTime(next) } }
        if !word.extensions.isEmpty { writer.context(1) { writer in writer.sequence { $0.raw(word.extensions.flatMap { $0 }) } } }
    }

    static func byName(_ name: DistinguishedName) -> [UInt8] { DERWriter.build { $0.context(1) { $0.raw(name.der) } } }
    static func byKey(_ key: PublicKey) -> [UInt8] { DERWriter.build { $0.context(2) { $0.octetString(key.keyIdentifier) } } }
}

/// A responder that an authority appointed.
struct Responder {
    let key: PrivateKey
    let certificate: Certificate

    init(of authority: Authority, change: (inout CertificateDraft) -> Void = { _ in }) throws {
        let key = try PrivateKey.generate(.ec(.p256))
        self.key = key
        certificate = try authority.card(serial: [0x77], town: nil) { draft in
            draft.subject = DistinguishedName([(.commonName, "Imaginary OCSP")])
            draft.key = key.publicKey
            draft.extensions = [
                Extension.keyUsage([.digitalSignature]), Extension.purpose(.ocspSigning), Extension.raw(.ocspNoCheck) { $0.null() },
            ]
            change(&draft)
        }
    }
}

extension Authority {
    /// A good answer about a card by this authority's own key, changed by the caller before it is signed.
    func answer(
        _ card: Certificate, digest: DigestAlgorithm = .sha1, change: (inout AnswerDraft) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        let question = OCSPCertificateID(serial: card.serial, issuer: certificate, digest: digest)
        var draft = AnswerDraft(responder: AnswerDraft.byKey(key.publicKey), words: [.init(question: question)], signer: key)
        try change(&draft)
        return try draft.der()
    }
}
