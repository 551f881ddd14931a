import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `An OCSP answer` {
    static let nonce: [UInt8] = Array(1...16)

    static func judge(
        _ der: [UInt8], card: Certificate? = nil, nonce: [UInt8]? = nil, needsNonce: Bool = false, maximumAge: Int64 = 3600
    ) throws -> CertificateStatus {
        let authority = try Authority.first.get()
        let request = OCSPRequest(certificate: try card ?? authority.card(), issuer: authority.certificate, nonce: nonce)
        return try UnverifiedOCSPResponse(der: der).verified(
            for: request, issuer: authority.certificate, at: Moment.now, maximumAge: maximumAge, skew: 60, needsNonce: needsNonce)
    }

    static func answer(
        digest: DigestAlgorithm = .sha1, _ change: (inout AnswerDraft) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        let authority = try Authority.first.get()
        return try authority.answer(authority.card(), digest: digest, change: change)
    }

    @Test(arguments: DigestAlgorithm.allCases) func `is good by the authority's own key, whatever digest names it`(digest: DigestAlgorithm)
        throws
    {
        let status = try Self.judge(Self.answer(digest: digest))
        #expect(status.verdict == .good && status.source == .ocsp && status.checkedAt == Moment.now)
        #expect(status.thisUpdate == Moment.minutes(-10) && status.nextUpdate == Moment.minutes(5))
    }

    @Test(arguments: [nil, .keyCompromise, .superseded, .certificateHold, .removeFromCRL] as [RevocationReason?])
    func `is revoked with its reason`(reason: RevocationReason?) throws {
        let der = try Self.answer { $0.words[0].status = AnswerDraft.Word.revoked(reason, at: Moment.days(-2)) }
        #expect(try Self.judge(der).verdict == .revoked(reason ?? .unspecified, Moment.days(-2)))
    }

    @Test func `is unknown when the responder says so`() throws {
        let status = try Self.judge(Self.answer { $0.words[0].status = [0x82, 0] })
        #expect(status.verdict == .unknown && status.source == .ocsp)
    }

    @Test func `takes the worst of several words`() throws {
        let der = try Self.answer { draft in
            let good = draft.words[0]
            var revoked = good
            revoked.status = AnswerDraft.Word.revoked(.superseded, at: Moment.days(-2))
            var unknown = good
            unknown.status = [0x82, 0]
            draft.words = [good, revoked, unknown]
        }
        #expect(try Self.judge(der).verdict == .revoked(.superseded, Moment.days(-2)))
        let lesser = try Self.answer { draft in
            var unknown = draft.words[0]
            unknown.status = [0x82, 0]
            draft.words.append(unknown)
        }
        #expect(try Self.judge(lesser).verdict == .unknown)
    }

    @Test func `comes from a responder the authority appointed, named by name or key`() throws {
        let responder = try Responder(of: Authority.first.get())
        for id in [AnswerDraft.byName(responder.certificate.subject), AnswerDraft.byKey(responder.key.publicKey)] {
            let der = try Self.answer {
                $0.signer = responder.key
                $0.responder = id
                $0.certificates = [responder.certificate]
            }
            #expect(try Self.judge(der).verdict == .good)
        }
    }

    /// RFC 5280 §4.2.1.12; `comes from no other responder` has a key that may do neither.
    @Test(arguments: [[.nonRepudiation], [.digitalSignature, .nonRepudiation]] as [KeyUsage])
    func `comes from a responder whose key signs what cannot be denied`(usage: KeyUsage) throws {
        let responder = try Responder(of: Authority.first.get()) { $0.extensions[0] = Extension.keyUsage(usage) }
        let der = try Self.answer {
            $0.signer = responder.key
            $0.responder = AnswerDraft.byKey(responder.key.publicKey)
            $0.certificates = [responder.certificate]
        }
        #expect(try Self.judge(der).verdict == .good)
    }

    static let appointments: [(String, @Sendable (inout CertificateDraft) -> Void)] = [
        ("without the purpose", { $0.extensions.remove(at: 1) }),
        ("with another purpose", { $0.extensions[1] = Extension.purpose(.clientAuthentication) }),
        ("expired", { $0.notAfter = Moment.minutes(-1) }),
        ("not valid yet", { $0.notBefore = Moment.minutes(1) }),
        ("with a key that may not sign", { $0.extensions[0] = Extension.keyUsage([.keyEncipherment]) }),
        ("of another name's authority", { $0.issuer = DistinguishedName([(.commonName, "Other")]) }),
        ("with an unknown critical extension", { $0.extensions.append(Extension.raw(.invalidityDate, critical: true) { $0.null() }) }),
    ]

    @Test(arguments: appointments.indices) func `comes from no other responder`(index: Int) throws {
        let (name, change) = Self.appointments[index]
        let responder = try Responder(of: Authority.first.get(), change: change)
        let der = try Self.answer {
            $0.signer = responder.key
            $0.responder = AnswerDraft.byKey(responder.key.publicKey)
            $0.certificates = [responder.certificate]
        }
        #expect(throws: RevocationRefusal.responder, "\(name)") { try Self.judge(der) }
    }

    @Test func `comes from no responder of another generation, and none that is absent`() throws {
        let stranger = try Responder(of: Authority.second.get())
        let brought = try Self.answer {
            $0.signer = stranger.key
            $0.responder = AnswerDraft.byKey(stranger.key.publicKey)
            $0.certificates = [stranger.certificate]
        }
        #expect(throws: RevocationRefusal.responder) { try Self.judge(brought) }
        let own = try Responder(of: Authority.first.get())
        let absent = try Self.answer {
            $0.signer = own.key
            $0.responder = AnswerDraft.byKey(own.key.publicKey)
        }
        #expect(throws: RevocationRefusal.responder) { try Self.judge(absent) }
    }

    @Test func `is signed by the key it names`() throws {
        let other = try PrivateKey.generate(.ec(.p256))
        #expect(throws: RevocationRefusal.signature) { try Self.judge(Self.answer { $0.signer = other }) }
        let responder = try Responder(of: Authority.first.get())
        let forged = try Self.answer {
            $0.signer = other
            $0.responder = AnswerDraft.byName(responder.certificate.subject)
            $0.certificates = [responder.certificate]
        }
        #expect(throws: RevocationRefusal.signature) { try Self.judge(forged) }
    }

    @Test func `is about the certificate that was asked for`() throws {
        let authority = try Authority.first.get()
        let other = try authority.card(serial: [0x42])
        #expect(throws: RevocationRefusal.otherCertificate) { try Self.judge(Self.answer(), card: other) }
        // The same serial of another generation is another certificate.
        let second = try Authority.second.get()
        let foreign = try Self.answer { draft in
            draft.words[0].question = OCSPCertificateID(serial: [0x06, 0xd1, 0x80, 0x06], issuer: second.certificate, digest: .sha256)
        }
        #expect(throws: RevocationRefusal.otherCertificate) { try Self.judge(foreign) }
        #expect(throws: RevocationRefusal.otherCertificate) { try Self.judge(Self.answer { $0.words = [] }) }
    }

    @Test func `gives the nonce back when it gives one`() throws {
        let answered = try Self.answer { $0.nonce = Self.nonce }
        let silent = try Self.answer()
        #expect(try Self.judge(answered, nonce: Self.nonce, needsNonce: true).verdict == .good)
        #expect(try Self.judge(silent, nonce: Self.nonce).verdict == .good)
        #expect(try Self.judge(answered).verdict == .good)
        #expect(throws: RevocationRefusal.nonce) { try Self.judge(silent, nonce: Self.nonce, needsNonce: true) }
        #expect(throws: RevocationRefusal.nonce) { try Self.judge(answered, nonce: Array(2...17)) }
        #expect(throws: RevocationRefusal.answer(.malformed(.value))) { try Self.judge(Self.answer { $0.nonce = [] }) }
    }

    static let times: [(String, Bool, @Sendable (inout AnswerDraft) -> Void)] = [
        ("nextUpdate just past, within the skew", true, { $0.words[0].nextUpdate = Moment.minutes(-1) }),
        ("nextUpdate past", false, { $0.words[0].nextUpdate = Moment.minutes(-2) }),
        ("no nextUpdate", true, { $0.words[0].nextUpdate = nil }),
        (
            "thisUpdate just ahead, within the skew", true,
            {
                $0.words[0].thisUpdate = Moment.minutes(1)
                $0.producedAt = Moment.minutes(1)
            }
        ),
        (
            "thisUpdate ahead", false,
            {
                $0.words[0].thisUpdate = Moment.minutes(2)
                $0.producedAt = Moment.minutes(2)
            }
        ),
        ("older than allowed, though nextUpdate is not past", false, { $0.words[0].thisUpdate = Moment.minutes(-62) }),
        (
            "nextUpdate before thisUpdate", false,
            {
                $0.words[0].thisUpdate = Moment.now
                $0.words[0].nextUpdate = Moment.now.adding(seconds: -1)
            }
        ),
        ("produced before what it reports", false, { $0.producedAt = Moment.minutes(-12) }),
        ("produced in the future", false, { $0.producedAt = Moment.minutes(2) }),
    ]

    @Test(arguments: times.indices) func `is believed in its time`(index: Int) throws {
        let (name, isGood, change) = Self.times[index]
        let der = try Self.answer(change)
        if isGood {
            #expect(try Self.judge(der).verdict == .good, "\(name)")
        } else {
            #expect(throws: RevocationRefusal.self, "\(name)") { try Self.judge(der) }
        }
    }

    @Test func `knows nothing of a certificate before and after its time`() throws {
        let authority = try Authority.first.get()
        for change in [{ $0.notBefore = Moment.minutes(-5) }, { $0.notAfter = Moment.minutes(-12) }] as [(inout CertificateDraft) -> Void] {
            let card = try authority.card(change: change)
            #expect(throws: RevocationRefusal.producedAt(Moment.minutes(-10), now: Moment.now)) {
                try Self.judge(authority.answer(card), card: card)
            }
        }
    }

    static let refused: [(String, OCSPRefusal, @Sendable (inout AnswerDraft) -> Void)] = [
        ("tryLater", .status(.tryLater), { $0.status = 3 }),
        ("unauthorized", .status(.unauthorized), { $0.status = 6 }),
        ("a status that is none", .malformed(.value), { $0.status = 4 }),
        ("another kind of response", .kind(.ocspNonce), { $0.kind = .ocspNonce }),
        (
            "an unknown critical extension", .unknownCriticalExtension(.policyMappings),
            {
                $0.extensions.append(Extension.raw(.policyMappings, critical: true) { $0.null() })
            }
        ),
        (
            "a word's unknown critical extension", .unknownCriticalExtension(.policyMappings),
            {
                $0.words[0].extensions.append(Extension.raw(.policyMappings, critical: true) { $0.null() })
            }
        ),
        (
            "a reason that is none", .malformed(.value),
            {
                $0.words[0].status = [0xa1, 22, 0x18, 15] + Array("20260101000000Z".utf8) + [0xa0, 3, 10, 1, 7]
            }
        ),
    ]

    @Test(arguments: refused.indices) func `is refused by the name of what it is`(index: Int) throws {
        let (name, refusal, change) = Self.refused[index]
        let der = try Self.answer(change)
        #expect(throws: RevocationRefusal.answer(refusal), "\(name)") { try UnverifiedOCSPResponse(der: der) }
    }

    @Test func `is held against its own question's issuer`() throws {
        let first = try Authority.first.get()
        let second = try Authority.second.get()
        let request = OCSPRequest(certificate: try first.card(), issuer: first.certificate)
        #expect(throws: RevocationRefusal.issuer) {
            try UnverifiedOCSPResponse(der: Self.answer()).verified(
                for: request, issuer: second.certificate, at: Moment.now, maximumAge: 3600, skew: 60)
        }
    }

    @Test func `survives every cut and every changed byte, and none makes it good`() throws {
        let responder = try Responder(of: Authority.first.get())
        let der = try Self.answer {
            $0.words[0].status = AnswerDraft.Word.revoked(.superseded, at: Moment.days(-2))
            $0.signer = responder.key
            $0.responder = AnswerDraft.byKey(responder.key.publicKey)
            $0.certificates = [responder.certificate]
            $0.nonce = Self.nonce
        }
        let card = try Authority.first.get().card()
        #expect(try Self.judge(der, card: card).verdict == .revoked(.superseded, Moment.days(-2)))
        for length in 0..<der.count {
            #expect(throws: RevocationRefusal.self) { try UnverifiedOCSPResponse(der: Array(der.prefix(length))) }
        }
        for index in der.indices {
            var changed = der
            changed[index] ^= [0x01, 0x80, 0xff][index % 3]
            if let status = try? Self.judge(changed, card: card) { #expect(status.verdict == .revoked(.superseded, Moment.days(-2))) }
        }
        #expect(throws: RevocationRefusal.answer(.tooLarge(65_537))) {
            try UnverifiedOCSPResponse(der: [UInt8](repeating: 0x30, count: 65_537))
        }
    }
}

@Suite struct `An OCSP question` {
    @Test(arguments: [DigestAlgorithm.sha1, .sha256]) func `names the issuer by digest and the certificate by serial`(
        digest: DigestAlgorithm
    ) throws {
        let authority = try Authority.first.get()
        let card = try authority.card()
        let request = OCSPRequest(certificate: card, issuer: authority.certificate, nonce: [1, 2, 3], digest: digest)
        var outer = try DERReader.whole(request.der)
        var fields = try outer.expect(DERTag.sequence).reader
        try outer.finish()
        var list = try fields.expect(DERTag.sequence).reader
        var question = try list.expect(DERTag.sequence).reader
        var identifier = try question.expect(DERTag.sequence).reader
        var algorithm = try identifier.expect(DERTag.sequence).reader
        #expect(try algorithm.expect(DERTag.objectIdentifier).objectIdentifier() == digest.objectIdentifier)
        #expect(try identifier.expect(DERTag.octetString).content == Digest.compute(digest, authority.certificate.subject.der))
        let key = try identifier.expect(DERTag.octetString).content
        #expect(
            key == Digest.compute(digest, authority.certificate.publicKey.bits)
                && (digest != .sha1 || key == authority.certificate.publicKey.keyIdentifier))
        #expect(try identifier.expect(DERTag.integer).integer() == card.serial)
        let extensions = try #require(try fields.takeExplicit(2))
        #expect(extensions.content.suffix(5) == [4, 3, 1, 2, 3])
    }

    @Test(arguments: [[], [UInt8](repeating: 1, count: 33)] as [[UInt8]]) func `has no nonce of a wrong length, RFC 8954`(nonce: [UInt8])
        throws
    {
        let authority = try Authority.first.get()
        #expect(OCSPRequest(certificate: try authority.card(), issuer: authority.certificate, nonce: nonce).nonce == nil)
    }
}
