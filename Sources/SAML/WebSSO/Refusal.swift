package import Deflate
package import Vocabulary
package import XML
package import XMLSecurity

/// Why an AuthnRequest is not acted on. `answer` is there when the address of the member was proven before the reason came up: then the
/// member is told; otherwise the person sees a page, and nothing leaves for an unproven address (S20).
package struct SAMLRefusal: Error, Sendable {
    package let reason: Reason
    package let answer: RefusedAnswer?

    package var explanation: Explanation { reason.explanation }

    init(_ reason: Reason, answer: RefusedAnswer? = nil) {
        self.reason = reason
        self.answer = answer
    }

    /// The facts, for the log and for tests; the world sees `explanation` and the status.
    package enum Reason: Error, Hashable, Sendable {
        // The envelope: query or form.
        case tooLarge(String, limit: Int)
        case missing(String)
        case duplicate(String)
        case unexpected(String)
        case parameterName(String, String)
        case encoding(String)
        case unsupported(String, String)
        case deflate(Inflate.Refusal)
        case xml(XMLRefusal)
        // The message.
        case wrongKind(String, expected: String)
        case malformed(String, String)
        case tooLong(String, limit: Int)
        case version(String)
        case issuer(String)
        // The sender.
        case unknownMember(MemberID)
        case metadataExpired(Timestamp)
        case signatureDue(declaredBy: String)
        case envelopedInRedirect
        case misplacedSignature
        case noKeys
        case querySignature(algorithm: String)
        case messageSignature(XMLSignatureRefusal)
        // The message in its place and time.
        case destination(String?, expected: String)
        case issuedInFuture(Timestamp, now: Timestamp)
        case stale(Timestamp, now: Timestamp, lifetime: Int64)
        // The address of the answer.
        case consumerAskedTwice
        case consumerURL(String)
        case consumerIndex(Int)
        case responseBinding(String)
        // What cannot be fulfilled; the member is told.
        case nameIDFormat(String)
        case nameQualifier(String)
        case subject(String)
        case contextDeclaration
        case comparison(String)
        case attributeService(Int)
        case encryption(AssertionEncryption.Gap)
        // Answers that nobody asked for.
        case unsolicitedParameter(String)
        case unsolicitedForbidden(MemberID)
        // What travels behind the browser's back.
        case artifact(String)
        case artifactService(Int)
        case artifactUnresolved(String)
        case inResponseTo(String?, expected: String)
        case replayed(String)
        case queryOff
        /// The member's accreditation is not in force; the standing in one word.
        case notInForce(MemberID, String)
        case queryAttribute(String)
        case queryPrincipal
        /// The algorithm of an EncryptedID, as the message names it.
        case nameCipher(String)
        // Logout.
        case principal(String)
        case logoutExpired(Timestamp, now: Timestamp)
    }
}

/// The error answer that a refused request earns. Only a proven address makes one.
package struct RefusedAnswer: Sendable {
    package let back: ProvenReturn
    package let status: SAMLStatus
}

/// A two-level status (SAML Core §3.2.2.2): service providers that look at the top level only must not be misled by the second.
package struct SAMLStatus: Hashable, Sendable {
    package enum Top: String, Sendable {
        case success = "Success"
        case requester = "Requester"
        case responder = "Responder"
    }

    package enum Second: String, Sendable {
        case authnFailed = "AuthnFailed"
        case invalidNameIDPolicy = "InvalidNameIDPolicy"
        case noAuthnContext = "NoAuthnContext"
        case noPassive = "NoPassive"
        case requestDenied = "RequestDenied"
        case requestUnsupported = "RequestUnsupported"
        case unknownPrincipal = "UnknownPrincipal"
    }

    package let top: Top
    package let second: Second?
    package let message: String?

    static let success = SAMLStatus(top: .success, second: nil, message: nil)

    init(top: Top, second: Second?, message: String?) {
        self.top = top
        self.second = second
        self.message = message
    }

    init(_ top: Top, _ second: Second?, _ explanation: Explanation) {
        self.init(top: top, second: second, message: explanation.code + ": " + explanation.summary)
    }

    static let prefix = "urn:oasis:names:tc:SAML:2.0:status:"
}

extension SAMLRefusal.Reason {
    /// Why an EncryptedID is not read: by its algorithm, which everybody can see and which was looked at before any key, or `otherwise`, one
    /// reason for everything that depends on a key of ours (checklist A20).
    static func hiddenName(_ refusal: XMLEncryptionRefusal, otherwise: Self) -> Self {
        // Names without a colon are of things that we do not take, and so is a `Type` of something else than an element (Core §2.2.4).
        if case .algorithm(let uri) = refusal, uri.contains(":"), !uri.hasSuffix("#Content") { return .nameCipher(uri) }
        return otherwise
    }

    /// The status for the member, for the reasons that can come up once its address is proven.
    var status: SAMLStatus {
        switch self {
        case .nameIDFormat, .nameQualifier: SAMLStatus(.requester, .invalidNameIDPolicy, explanation)
        case .subject: SAMLStatus(.responder, .unknownPrincipal, explanation)
        case .contextDeclaration: SAMLStatus(.responder, .noAuthnContext, explanation)
        case .attributeService: SAMLStatus(.requester, .requestUnsupported, explanation)
        case .encryption: SAMLStatus(.responder, .requestUnsupported, explanation)
        case .queryOff, .notInForce: SAMLStatus(.responder, .requestDenied, explanation)
        default: SAMLStatus(.requester, nil, explanation)
        }
    }
}
