package import Vocabulary
package import XML

/// Why some octets are no SOAP message that we take. Once the message inside was read, its own refusals travel in its SAML status instead
/// (SAML Bindings §3.2.3.3).
package enum SOAPRefusal: Error, Hashable, Sendable {
    /// The four codes of SOAP 1.1 §4.4.1.
    package enum Code: String, Sendable {
        case versionMismatch = "VersionMismatch"
        case mustUnderstand = "MustUnderstand"
        case client = "Client"
        case server = "Server"
    }

    case tooLarge(limit: Int)
    case contentType(String)
    case xml(XMLRefusal)
    case notAnEnvelope(String)
    /// The namespace of another version: SOAP 1.2, most often.
    case version(String)
    case malformed(String)
    /// A header block's local name.
    case mustUnderstand(String)
    /// The peer's answer is a Fault; its code without prefix.
    case fault(code: String)
    /// What the Body holds is no SAML message that this address takes, or came from nobody we could answer.
    case message(SAMLRefusal.Reason)
    /// Ours: the answer could not be made.
    case failure

    package var code: Code {
        switch self {
        case .tooLarge, .contentType, .xml, .notAnEnvelope, .malformed, .message: .client
        case .version: .versionMismatch
        case .mustUnderstand: .mustUnderstand
        case .fault, .failure: .server
        }
    }

    /// The HTTP status that the Fault goes out with: 500, as SOAP 1.1 §6.2 wants it, also where the requester is at fault; 403 for one whom
    /// we do not speak with (SAML Bindings §3.2.3.3).
    package var status: Int {
        switch self {
        case .contentType: 415
        case .tooLarge: 413
        case .message(let reason): reason.isOfSender ? 403 : 500
        default: 500
        }
    }

    package var explanation: Explanation {
        switch self {
        case .tooLarge(let limit):
            explain("too-large", "the envelope is larger than we take", ("limit", String(limit)), "checklist D1", "send a smaller message")
        case .contentType(let type):
            explain("content-type", "the content is not `text/xml` in UTF-8", ("Content-Type", type), "SOAP 1.1 §6", "send `text/xml`")
        case .xml(let refusal):
            explain(
                "xml", "the envelope is no XML that we read", ("reason", "\(refusal)"), "SOAP 1.1 §3; Kantara IIP-G03",
                "send well-formed UTF-8 without DOCTYPE, entities or processing instructions")
        case .notAnEnvelope(let name):
            explain("envelope", "the document is no SOAP envelope", ("element", name), "SOAP 1.1 §4.1", "send an Envelope")
        case .version(let namespace):
            explain("version", "the envelope is of another version of SOAP", ("namespace", namespace), "SOAP 1.1 §4.1.2", "speak SOAP 1.1")
        case .malformed(let what):
            explain(
                "malformed", "the envelope is not built as we read it", ("part", what), "SOAP 1.1 §4; SAML Bindings §3.2.2.1",
                "send one Body with one SAML message in it, and nothing behind the Body")
        case .mustUnderstand(let name):
            explain(
                "must-understand", "a header block demands to be understood, and we understand none", ("block", name),
                "SOAP 1.1 §4.2.3; SAML Bindings §3.2.2", "leave the header block out")
        case .fault(let code):
            explain("fault", "the peer answered with a SOAP fault", ("faultcode", code), "SOAP 1.1 §4.4", "look into the peer's log")
        case .message(let reason): reason.explanation
        case .failure:
            explain(
                "failure", "something of ours failed; nothing was given out", nil, "SOAP 1.1 §4.4.1",
                "try again in a moment; tell the operator the time if it goes on")
        }
    }

    private func explain(
        _ code: String, _ summary: String, _ compared: (String, String)?, _ clause: String, _ remedy: String
    ) -> Explanation {
        Explanation(
            "soap." + code, summary, compared: compared.map { [Explanation.Compared($0.0, $0.1)] } ?? [], clause: clause, remedy: remedy)
    }
}

extension SAMLRefusal.Reason {
    /// Nobody has proven to be who he says he is.
    fileprivate var isOfSender: Bool {
        switch self {
        case .unknownMember, .metadataExpired, .signatureDue, .noKeys, .querySignature, .messageSignature: true
        default: false
        }
    }
}
