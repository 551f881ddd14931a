import Vocabulary
import XML

/// An AuthnRequest's content as values (SAML Core §3.4.1), read once. The reading is strict where two readers could differ: each element
/// at most once, values of text only, nothing of another kind between them. Extensions, Conditions and Scoping are passed over: IIP-EXT01,
/// IIP-SSO and Core §3.4.1.2 say that one may.
struct AuthnRequestMessage: Sendable {
    struct NameIDPolicy: Sendable {
        let format: String?
        let nameQualifier: String?
        let allowCreate: Bool?
    }

    enum Subject: Sendable {
        case nameID(text: String, format: String?, nameQualifier: String?, spNameQualifier: String?)
        /// BaseID, EncryptedID, no identifier at all, or a confirmation that is not bearer.
        case other(String)
    }

    struct RequestedContext: Sendable {
        let comparison: String
        let classes: [String]
        let hasDeclarations: Bool
    }

    let consumerURL: String?
    let consumerIndex: Int?
    let protocolBinding: String?
    let attributeService: Int?
    let forceAuthentication: Bool
    let isPassive: Bool
    let nameIDPolicy: NameIDPolicy?
    let subject: Subject?
    let requestedContext: RequestedContext?

    /// `message` is an AuthnRequest, proven.
    init(reading message: ProvenMessage, limits: MessageLimits) throws(SAMLRefusal.Reason) {
        let reader = MessageReader(limits: limits)
        let root = message.element
        consumerURL = try reader.address(root, "AssertionConsumerServiceURL")
        consumerIndex = try reader.index(root, "AssertionConsumerServiceIndex")
        protocolBinding = try reader.address(root, "ProtocolBinding")
        attributeService = try reader.index(root, "AttributeConsumingServiceIndex")
        forceAuthentication = try reader.boolean(root, "ForceAuthn") ?? false
        isPassive = try reader.boolean(root, "IsPassive") ?? false
        if let name = root.attribute("ProviderName") { _ = try reader.text(name, "ProviderName") }

        let children = try reader.children(root, allowed: Self.children)
        nameIDPolicy = try children["NameIDPolicy"].map { (element) throws(SAMLRefusal.Reason) in try reader.nameIDPolicy(element) }
        subject = try children["Subject"].map { (element) throws(SAMLRefusal.Reason) in try reader.subject(element) }
        requestedContext = try children["RequestedAuthnContext"].map { (element) throws(SAMLRefusal.Reason) in
            try reader.requestedContext(element)
        }
    }

    /// RequestAbstractType and AuthnRequestType; each at most once.
    private static let children = [
        XMLName.assertion("Issuer"), .signature("Signature"), .protocol("Extensions"), .assertion("Subject"), .protocol("NameIDPolicy"),
        .assertion("Conditions"), .protocol("RequestedAuthnContext"), .protocol("Scoping"),
    ]
}

extension MessageReader {
    fileprivate func nameIDPolicy(_ element: XMLElement) throws(SAMLRefusal.Reason) -> AuthnRequestMessage.NameIDPolicy {
        _ = try children(element, allowed: [])
        guard (element.attribute("SPNameQualifier") ?? "").utf8.count <= limits.address else {
            throw .tooLong("SPNameQualifier", limit: limits.address)
        }
        return AuthnRequestMessage.NameIDPolicy(
            format: try attribute(element, "Format").map(Lexical.trimmed), nameQualifier: element.attribute("SPNameQualifier"),
            allowCreate: try boolean(element, "AllowCreate"))
    }

    fileprivate func subject(_ element: XMLElement) throws(SAMLRefusal.Reason) -> AuthnRequestMessage.Subject {
        guard !element.hasStrayText else { throw .malformed("Subject", "text between elements") }
        var nameID: XMLElement?
        for child in element.children {
            if child.isNamed(.assertion("NameID")) {
                guard nameID == nil else { throw .malformed("Subject", "NameID twice") }
                nameID = child
            } else if child.isNamed(.assertion("SubjectConfirmation")) {
                let method = child.attribute("Method") ?? ""
                guard method == Confirmation.bearer else { return .other("SubjectConfirmation " + method) }
            } else {
                return .other(child.name.local)
            }
        }
        guard let nameID else { return .other("no NameID") }
        guard nameID.hasOnlyText else { throw .malformed("NameID", "text and markup") }
        return .nameID(
            text: try text(nameID.text, "NameID"), format: try attribute(nameID, "Format"),
            nameQualifier: try address(nameID, "NameQualifier"), spNameQualifier: try address(nameID, "SPNameQualifier"))
    }

    fileprivate func requestedContext(_ element: XMLElement) throws(SAMLRefusal.Reason) -> AuthnRequestMessage.RequestedContext {
        guard !element.hasStrayText else { throw .malformed("RequestedAuthnContext", "text between elements") }
        var classes: [String] = []
        var hasDeclarations = false
        for child in element.children {
            guard classes.count < limits.contexts else { throw .tooLarge("RequestedAuthnContext", limit: limits.contexts) }
            if child.isNamed(.assertion("AuthnContextClassRef")) {
                guard child.hasOnlyText else { throw .malformed("AuthnContextClassRef", "text and markup") }
                classes.append(try text(Lexical.trimmed(child.text), "AuthnContextClassRef"))
            } else if child.isNamed(.assertion("AuthnContextDeclRef")) {
                hasDeclarations = true
            } else {
                throw .malformed("RequestedAuthnContext", child.name.local)
            }
        }
        guard hasDeclarations || !classes.isEmpty else { throw .malformed("RequestedAuthnContext", "empty") }
        return AuthnRequestMessage.RequestedContext(
            comparison: element.attribute("Comparison") ?? "exact", classes: classes, hasDeclarations: hasDeclarations)
    }
}
