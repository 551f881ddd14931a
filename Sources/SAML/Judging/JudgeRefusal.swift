import Vocabulary
import XMLSecurity

/// Why a Response, an assertion or another message to a service provider is not believed. The reasons of messages to us are
/// `SAMLRefusal.Reason`.
enum JudgeRefusal: Error, Hashable, Sendable {
    case reason(SAMLRefusal.Reason)
    case envelope(SOAPRefusal)
    case aggregate(AggregateRefusal)
    case signature(XMLSignatureRefusal, of: String)
    case encryption(XMLEncryptionRefusal)
    /// No signature covers what is read.
    case unsigned(String, wanted: String)
    case strangeSignature(String)
    case kind(String)
    case malformed(String, String)
    case version(String)
    case issuer(String, expected: String)
    case destination(String?, expected: String)
    case inResponseTo(String?, expected: String?)
    case status(String, second: String?)
    case contentBesideFailure(String)
    case assertions(Int)
    case subject(String)
    /// No confirmation passes; the last one's reason.
    case confirmation(String, String, expected: String)
    case condition(String)
    case audience([String], expected: String)
    case notYet(String, String, now: Timestamp)
    case expired(String, String, now: Timestamp)
    case issuedInFuture(String, now: Timestamp)
    case statement(String)
    case comment(String)
    case nobodyTrusted

    var layer: JudgeLayer {
        switch self {
        case .reason(let reason): reason.layer
        case .envelope(.message(let reason)): reason.layer
        case .envelope: .decode
        case .aggregate(.signature): .signature
        case .aggregate(.xml): .xml
        case .aggregate: .metadata
        case .signature, .unsigned, .strangeSignature, .nobodyTrusted: .signature
        case .encryption: .encryption
        case .kind, .malformed, .version, .assertions, .contentBesideFailure, .comment: .schema
        case .issuer: .issuer
        case .destination, .inResponseTo: .destination
        case .status: .status
        case .subject, .confirmation: .subject
        case .condition, .audience, .notYet, .expired, .issuedInFuture: .conditions
        case .statement: .authentication
        }
    }

    var explanation: Explanation {
        switch self {
        case .reason(let reason): reason.explanation
        case .envelope(let refusal): refusal.explanation
        case .aggregate(let refusal): refusal.explanation
        case .signature(let refusal, let element):
            Explanation(
                refusal.explanation.code, refusal.explanation.summary,
                compared: [.init("element", element)] + refusal.explanation.compared, clause: refusal.explanation.clause,
                remedy: refusal.explanation.remedy)
        case .encryption(let refusal): refusal.explanation
        case .unsigned(let element, let wanted):
            .judged(
                "response.unsigned", "no signature covers what would be read", [.init("element", element), .init("wanted", wanted)],
                "SAML Profiles §4.1.4.3, §4.1.4.5", "sign the Response or the Assertion")
        case .strangeSignature(let parent):
            .judged(
                "response.signature-misplaced", "a signature stands elsewhere than right under the message or its assertion",
                [.init("inside", parent)], "SAML Core §5.4.1; checklist A1, A4",
                "sign Response and Assertion themselves and put nothing signed inside them")
        case .nobodyTrusted:
            .judged(
                "response.no-key", "no trusted key was given, so nothing can be believed", [], "SAML Core §5.4; checklist A15",
                "give the sender's certificates or keys; a key inside the message proves nothing")
        case .kind(let name):
            .judged(
                "response.kind", "the message is none that this role takes", [.init("element", name)], "SAML Profiles §4.1.4.2, §4.4",
                "send a Response, a logout message or an ArtifactResponse to a service provider, a request to an identity provider")
        case .malformed(let part, let value):
            .judged(
                "response.malformed", "the message does not follow the schema", [.init(part, value)], "SAML Core §2, §3",
                "follow the schema of SAML 2.0")
        case .comment(let element):
            .judged(
                "response.comment", "a value is cut by a comment or by markup", [.init("element", element)], "checklist A7, A8",
                "write the value as one text")
        case .version(let version):
            .judged("response.version", "the version is not 2.0", [.init("Version", version)], "SAML Core §2.3.3, §3.2.2", "speak SAML 2.0")
        case .issuer(let sent, let expected):
            .judged(
                "response.issuer", "the Issuer is not who should have sent it", [.init("Issuer", sent), .init("expected", expected)],
                "SAML Profiles §4.1.4.2", "compare the entityID byte for byte with the metadata")
        case .destination(let sent, let expected):
            .judged(
                "response.destination", "Destination is not the address the message came to",
                [.init("Destination", sent ?? "absent"), .init("expected", expected)], "SAML Core §3.2.2; SAML Bindings §3.5.5.2",
                "send it to the address of the metadata, and say so in Destination when it is signed")
        case .inResponseTo(let sent, let expected):
            .judged(
                "response.in-response-to", "the message answers another request, or none",
                [.init("InResponseTo", sent ?? "absent"), .init("expected", expected ?? "absent")], "SAML Profiles §4.1.4.2, §4.1.5",
                "answer the request that is open; leave InResponseTo out when nobody asked")
        case .status(let top, let second):
            .judged(
                "response.status", "the sender says that it did not succeed",
                [.init("StatusCode", top), .init("second", second ?? "absent")],
                "SAML Core §3.2.2.2", "look up the StatusMessage at the sender")
        case .contentBesideFailure(let element):
            .judged(
                "response.content-beside-failure", "a status of failure comes with an assertion", [.init("element", element)],
                "SAML Core §3.2.2; checklist A6", "send no assertion when the status is not Success")
        case .assertions(let count):
            .judged(
                "response.assertions", "there is not exactly one assertion", [.init("assertions", String(count))],
                "SAML Profiles §4.1.4.2; Kantara SDP-IDP10; checklist A21", "send one Assertion or EncryptedAssertion")
        case .subject(let what):
            .judged(
                "assertion.subject", "the assertion names nobody that could be read", [.init("reason", what)],
                "SAML Core §2.4; SAML Profiles §4.1.4.2",
                "put one NameID in the Subject")
        case .confirmation(let part, let value, let expected):
            .judged(
                "assertion.confirmation", "no bearer confirmation of the subject holds", [.init(part, value), .init("expected", expected)],
                "SAML Profiles §4.1.4.2, §4.1.4.3; checklist A22",
                "confirm by bearer with Recipient, NotOnOrAfter and InResponseTo, without NotBefore")
        case .condition(let name):
            .judged(
                "assertion.condition", "a condition is unknown or stands twice", [.init("condition", name)], "SAML Core §2.5.1",
                "use AudienceRestriction, OneTimeUse and ProxyRestriction")
        case .audience(let sent, let expected):
            .judged(
                "assertion.audience", "the assertion is for another audience",
                [.init("Audience", sent.joined(separator: " ")), .init("expected", expected)], "SAML Core §2.5.1.4; SAML Profiles §4.1.4.2",
                "name the service provider's entityID as Audience")
        case .notYet(let part, let moment, let now):
            .judged(
                "assertion.not-before", "the time of validity has not begun", [.init(part, moment), .init("now", now.text)],
                "SAML Core §2.5.1.2", "set both clocks")
        case .expired(let part, let moment, let now):
            .judged(
                "assertion.expired", "the time of validity is over", [.init(part, moment), .init("now", now.text)],
                "SAML Core §2.5.1.2, §2.7.2",
                "log in again; set both clocks")
        case .issuedInFuture(let moment, let now):
            .judged(
                "response.future", "IssueInstant lies in the future", [.init("IssueInstant", moment), .init("now", now.text)],
                "SAML Core §2.3.3, §3.2.2", "set both clocks")
        case .statement(let what):
            .judged(
                "assertion.statement", "the assertion does not say how the subject logged in", [.init("reason", what)],
                "SAML Profiles §4.1.4.2; SAML Core §2.7.2", "send one AuthnStatement with its AuthnContext")
        }
    }
}

extension Explanation {
    fileprivate static func judged(
        _ code: String, _ summary: String, _ compared: [Compared], _ clause: String, _ remedy: String
    ) -> Explanation {
        Explanation("saml." + code, summary, compared: compared, clause: clause, remedy: remedy)
    }
}

extension SAMLRefusal.Reason {
    /// The stage at which we refuse for this reason.
    package var layer: JudgeLayer {
        switch self {
        case .tooLarge, .missing, .duplicate, .unexpected, .parameterName, .encoding, .unsupported, .deflate: .decode
        case .xml: .xml
        case .wrongKind, .malformed, .tooLong, .version: .schema
        case .issuer, .unknownMember, .metadataExpired: .issuer
        case .signatureDue, .envelopedInRedirect, .misplacedSignature, .noKeys, .querySignature, .messageSignature: .signature
        case .destination: .destination
        case .issuedInFuture, .stale, .logoutExpired: .conditions
        case .principal: .subject
        case .nameCipher: .encryption
        default: .request
        }
    }
}
