import Cryptography
import Vocabulary

/// An OCSP answer in the making (RFC 6960 §4.2), signed by the authority's delegate.
struct OCSPAnswerForm {
    let question: OCSPQuestion
    let authority: Authority
    let register: Register
    let at: Timestamp
    /// On-line data are renewed every 15 minutes (`jpki.md` §1.4).
    static let lifetime: Int64 = 900

    /// The authority a question is about: its name and key hash to what the question says.
    static func authority(for subject: OCSPQuestion.Subject, among authorities: [Authority]) -> Authority? {
        authorities.first { isIssuer($0, of: subject) }
    }

    private static func isIssuer(_ authority: Authority, of subject: OCSPQuestion.Subject) -> Bool {
        Digest.compute(subject.digest, authority.certificate.subject.der) == subject.issuerName
            && Digest.compute(subject.digest, authority.certificate.publicKey.bits) == subject.issuerKey
    }

    func signed() throws -> [UInt8] {
        let algorithm = try SigningForm(authority.responderKey)
        let body = DERWriter.build {
            $0.sequence { data in
                data.context(2) { $0.octetString(authority.responderKey.publicKey.keyIdentifier) }
                data.generalizedTime(at)
                data.sequence { answers in for subject in question.subjects { write(subject, to: &answers) } }
                if let nonce = question.nonce { data.context(1) { $0.sequence { $0.nonce(nonce) } } }
            }
        }
        let signature = try authority.responderKey.sign(body, algorithm.algorithm)
        let basic = DERWriter.build {
            $0.sequence { basic in
                basic.raw(body)
                basic.raw(algorithm.identifier)
                basic.bitString(signature)
                basic.context(0) { $0.sequence { $0.raw(authority.responder.der) } }
            }
        }
        return DERWriter.build {
            $0.sequence { whole in
                whole.enumerated(0)
                whole.context(0) {
                    $0.sequence { response in
                        response.objectIdentifier(.ocspBasicResponse)
                        response.octetString(basic)
                    }
                }
            }
        }
    }

    private func write(_ subject: OCSPQuestion.Subject, to answers: inout DERWriter) {
        answers.sequence { answer in
            answer.raw(subject.encoded)
            let entry = Self.isIssuer(authority, of: subject) ? register.entry(serial: subject.serial) : nil
            switch (entry, entry?.revocation) {
            case (nil, _): answer.context(2, content: [])
            case (_, nil): answer.context(0, content: [])
            case (_, let revocation?):
                answer.context(1) { revoked in
                    revoked.generalizedTime(revocation.at)
                    if revocation.reason != .unspecified {
                        revoked.context(0) { $0.enumerated(UInt8(clamping: revocation.reason.rawValue)) }
                    }
                }
            }
            answer.generalizedTime(at)
            answer.context(0) { $0.generalizedTime(at.adding(seconds: Self.lifetime)) }
        }
    }
}
