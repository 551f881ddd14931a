import Cryptography
package import Vocabulary
import XML
import XMLSecurity

/// An AuthnRequest as it came, believed in nothing. It can be made again from the same query or form, and proven again at the same moment:
/// that, and not this value, is what a paused journey keeps.
package struct UnverifiedAuthnRequest: Sendable {
    /// Who says it asks: the key of the look-up for `verified(for:at:at:)`, and nothing more.
    package let issuer: MemberID

    let binding: RequestBinding
    let relayState: String?
    private let root: XMLElement
    private let querySignature: RedirectMessage.Signature?

    /// By HTTP-Redirect (SAML Bindings §3.4): `query` is what stood behind the `?`, exactly as received.
    package static func redirect(query: String, limits: MessageLimits = .standard) throws(SAMLRefusal) -> UnverifiedAuthnRequest {
        do throws(SAMLRefusal.Reason) {
            let message = try RedirectMessage(query: query, limits: limits)
            let request = try UnverifiedAuthnRequest(
                .redirect, xml: message.xml, relayState: message.relayState, querySignature: message.signature, limits)
            // A signature in the message would leave open which of two counts (checklist A23).
            if EnvelopedSignature.isPresent(in: request.root) { throw .envelopedInRedirect }
            return request
        } catch {
            throw SAMLRefusal(error)
        }
    }

    /// By HTTP-POST (SAML Bindings §3.5): `form` is the body, `application/x-www-form-urlencoded`, exactly as received.
    package static func post(form: [UInt8], limits: MessageLimits = .standard) throws(SAMLRefusal) -> UnverifiedAuthnRequest {
        do throws(SAMLRefusal.Reason) {
            let message = try PostMessage(form: form, limits: limits)
            return try UnverifiedAuthnRequest(.post, xml: message.xml, relayState: message.relayState, querySignature: nil, limits)
        } catch {
            throw SAMLRefusal(error)
        }
    }

    private init(
        _ binding: RequestBinding, xml: [UInt8], relayState: String?, querySignature: RedirectMessage.Signature?, _ limits: MessageLimits
    ) throws(SAMLRefusal.Reason) {
        let document: XMLDocument
        do {
            document = try XMLDocument(parsing: xml, limits: limits.xml)
        } catch {
            throw .xml(error)
        }
        let root = document.root
        self.root = root
        guard root.isNamed(.protocol("AuthnRequest")) else { throw .notAnAuthnRequest(root.name.local) }
        // A signature deeper down signs something else; passing it over would treat a wrapped message as an unsigned one (checklist A1, A4).
        try root.forEachInSubtree { (element) throws(SAMLRefusal.Reason) in
            if element.isNamed(.signature("Signature")), element.parent?.isSame(as: root) != true { throw .misplacedSignature }
        }
        guard let issuer = root.child(.assertion("Issuer")) else { throw .issuer("") }
        self.issuer = try AuthnRequestMessage.issuer(issuer)
        self.binding = binding
        self.relayState = relayState
        self.querySignature = querySignature
    }

    /// The element that may be read, and whether a key of the member signed it (S22): unsigned passes unless the metadata of either side
    /// demands a signature; a signature that is there must be good even when none was due. What comes back after an XML signature is the
    /// element that was signed (checklist A1, A3, A9).
    func proven(
        for provider: ServiceProvider, at identityProvider: IdentityProvider
    ) throws(SAMLRefusal.Reason) -> (element: XMLElement, isSigned: Bool) {
        if let querySignature {
            guard !provider.signingKeys.isEmpty else { throw .noKeys }
            guard querySignature.key(among: provider.signingKeys) != nil else {
                throw .querySignature(algorithm: querySignature.algorithm)
            }
            return (root, true)
        }
        if EnvelopedSignature.isPresent(in: root) {
            guard !provider.signingKeys.isEmpty else { throw .noKeys }
            do {
                return (try EnvelopedSignature.verify(root, keys: provider.signingKeys).element, true)
            } catch {
                throw .messageSignature(error)
            }
        }
        if provider.authnRequestsSigned { throw .signatureDue(declaredBy: "AuthnRequestsSigned of " + provider.entityID.text) }
        if identityProvider.wantAuthnRequestsSigned {
            throw .signatureDue(declaredBy: "WantAuthnRequestsSigned of " + identityProvider.entityID.text)
        }
        return (root, false)
    }
}

/// The way a request came.
package enum RequestBinding: String, Sendable {
    case redirect
    case post
}
