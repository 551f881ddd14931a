package import Vocabulary
package import XML
import XMLSecurity

/// One SAML protocol message as it came, believed in nothing: an AuthnRequest, a LogoutRequest or its answer, an ArtifactResolve, a query.
/// It can be made again from the same octets and proven again at the same moment; that, and not this value, is what a paused journey keeps.
package struct IncomingMessage: Sendable {
    /// The parameter of a query or form that a message travels in.
    package enum Field: String, Sendable {
        case request = "SAMLRequest"
        case response = "SAMLResponse"
    }

    package let binding: MessageBinding
    /// The root's local name in the namespace of SAML's protocol: `LogoutRequest`. Chooses the reader; proves nothing.
    package let name: String
    /// Who says it speaks: the key of the look-up for `proven`, and nothing more.
    package let issuer: MemberID
    /// Exactly as it came, unescaped; nil when none came, which is not the same as empty (checklist S1).
    package let relayState: String?
    let root: XMLElement
    let querySignature: RedirectMessage.Signature?
    /// A signed message that this one came inside of, whose signature covers it.
    let envelope: ProvenMessage?

    /// By HTTP-Redirect (SAML Bindings §3.4): `query` is what stood behind the `?`, exactly as received. `fields` are those that the door
    /// takes, and `names` the messages.
    package static func redirect(
        query: String, in fields: Set<Field> = [.request], named names: Set<String>, limits: MessageLimits = .standard
    ) throws(SAMLRefusal.Reason) -> IncomingMessage {
        let sent = try RedirectMessage(query: query, fields: fields, limits: limits)
        let message = try IncomingMessage(
            try Self.root(sent.xml, limits), .redirect, names, relayState: sent.relayState, querySignature: sent.signature, envelope: nil)
        // A signature in the message would leave open which of two counts (checklist A23).
        if EnvelopedSignature.isPresent(in: message.root) { throw .envelopedInRedirect }
        return message
    }

    /// By HTTP-POST (SAML Bindings §3.5): `form` is the body, `application/x-www-form-urlencoded`, exactly as received.
    package static func post(
        form: [UInt8], in fields: Set<Field> = [.request], named names: Set<String>, limits: MessageLimits = .standard
    ) throws(SAMLRefusal.Reason) -> IncomingMessage {
        let sent = try PostMessage(form: form, fields: fields, limits: limits)
        return try IncomingMessage(
            try Self.root(sent.xml, limits), .post, names, relayState: sent.relayState, querySignature: nil, envelope: nil)
    }

    /// By SOAP (SAML Bindings §3.2): `element` is the one child of the Body.
    package static func soap(_ element: XMLElement, named names: Set<String>) throws(SAMLRefusal.Reason) -> IncomingMessage {
        try IncomingMessage(element, .soap, names, relayState: nil, querySignature: nil, envelope: nil)
    }

    /// By HTTP-Artifact (SAML Bindings §3.6): `element` is the message inside a proven ArtifactResponse, which vouches for it where it has
    /// no signature of its own (§3.6.5.2).
    package static func artifact(
        _ element: XMLElement, inside envelope: ProvenMessage, named names: Set<String>, relayState: String?
    ) throws(SAMLRefusal.Reason) -> IncomingMessage {
        try IncomingMessage(element, .artifact, names, relayState: relayState, querySignature: nil, envelope: envelope)
    }

    private static func root(_ xml: [UInt8], _ limits: MessageLimits) throws(SAMLRefusal.Reason) -> XMLElement {
        do {
            return try XMLDocument(parsing: xml, limits: limits.xml).root
        } catch {
            throw .xml(error)
        }
    }

    private init(
        _ root: XMLElement, _ binding: MessageBinding, _ names: Set<String>, relayState: String?,
        querySignature: RedirectMessage.Signature?, envelope: ProvenMessage?
    ) throws(SAMLRefusal.Reason) {
        let name = root.name
        guard name.namespace == Namespace.protocol, names.contains(name.local) else {
            throw .wrongKind(name.local, expected: names.sorted().joined(separator: ", "))
        }
        // A signature deeper down signs something else; passing it over would treat a wrapped message as an unsigned one (checklist A1,
        // A4). An ArtifactResponse is the one message that holds another, which is read as a message of its own afterwards.
        let mayHoldAnother = name.local == "ArtifactResponse"
        try root.forEachInSubtree { (element) throws(SAMLRefusal.Reason) in
            guard element.isNamed(.signature("Signature")) else { return }
            guard let parent = element.parent else { throw .misplacedSignature }
            if parent.isSame(as: root) { return }
            guard mayHoldAnother, parent.parent?.isSame(as: root) == true else { throw .misplacedSignature }
        }
        guard let issuer = root.child(.assertion("Issuer")) else { throw .issuer("") }
        self.issuer = try MessageReader.issuer(issuer)
        self.name = name.local
        self.binding = binding
        self.relayState = relayState
        self.root = root
        self.querySignature = querySignature
        self.envelope = envelope
    }
}

/// The way a message came.
package enum MessageBinding: String, Sendable {
    case redirect
    case post
    case soap
    case artifact
}
