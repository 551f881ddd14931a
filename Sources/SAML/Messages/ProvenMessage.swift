package import Vocabulary
package import XML
import XMLSecurity

/// Proof that a registered member sent this message to this address of ours, just now. What is read is what was signed: `element` is the
/// signed view (checklist A1, A9), or the root of a message that neither was signed nor had to be.
package struct ProvenMessage: Sendable {
    package let element: XMLElement
    package let header: MessageHeader
    package let sender: ServiceProvider
    package let isSigned: Bool
    package let binding: MessageBinding
    package let relayState: String?
    /// A second message with this key before `until` is a replay; the shell claims it in the store (S33).
    package let replayKey: (scope: String, key: String, until: Timestamp)

    fileprivate init(
        _ message: IncomingMessage, _ element: XMLElement, isSigned: Bool, _ header: MessageHeader, from sender: ServiceProvider,
        until: Timestamp
    ) {
        self.element = element
        self.header = header
        self.sender = sender
        self.isSigned = isSigned
        binding = message.binding
        relayState = message.relayState
        replayKey = ("saml-request " + header.issuer.text, header.id, until)
    }
}

/// Who decides whether a message has to be signed. One that is signed must be signed well in any case (S22).
package enum SignatureRule: Sendable {
    /// `AuthnRequestsSigned` of the member, `WantAuthnRequestsSigned` of ours.
    case asDeclared
    /// The profile; its clause.
    case always(String)
}

extension IncomingMessage {
    /// Proves the message, or says why not: sender, signature, then `MessageChecks` in their order. `provider` is the member registered
    /// under `issuer`, nil when there is none; `address` is the published one that the message came to (S21); `now` is when it came, also
    /// when it is proven again after a pause.
    package func proven(
        by provider: ServiceProvider?, at identityProvider: IdentityProvider, address: String, signature rule: SignatureRule,
        at now: Timestamp
    ) throws(SAMLRefusal.Reason) -> ProvenMessage {
        guard let provider, provider.entityID == issuer else { throw .unknownMember(issuer) }
        if let end = provider.validUntil, end <= now { throw .metadataExpired(end) }
        let (element, isSigned) = try signed(by: provider, at: identityProvider, rule)
        let header = try MessageHeader(reading: element, limits: identityProvider.limits)
        // INVARIANT: whoever was looked up is who signed and who speaks.
        guard header.issuer == issuer else { throw .issuer(header.issuer.text) }
        let examined = MessageExamined(
            header: header, provider: provider, identityProvider: identityProvider, binding: binding, isSigned: isSigned,
            address: address, relayState: relayState, now: now)
        for check in MessageChecks.all {
            if let reason = check.refuses(examined) { throw reason }
        }
        let until = header.issueInstant.adding(seconds: identityProvider.lifetimes.request).adding(seconds: identityProvider.skew + 1)
        return ProvenMessage(self, element, isSigned: isSigned, header, from: provider, until: until)
    }

    /// The element that may be read, and whether a key of the member signed it.
    private func signed(
        by provider: ServiceProvider, at identityProvider: IdentityProvider, _ rule: SignatureRule
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
        if let envelope, envelope.isSigned, envelope.sender.entityID == provider.entityID { return (root, true) }
        switch rule {
        case .always(let clause): throw .signatureDue(declaredBy: clause)
        case .asDeclared:
            if provider.authnRequestsSigned { throw .signatureDue(declaredBy: "AuthnRequestsSigned of " + provider.entityID.text) }
            if identityProvider.wantAuthnRequestsSigned {
                throw .signatureDue(declaredBy: "WantAuthnRequestsSigned of " + identityProvider.entityID.text)
            }
        }
        return (root, false)
    }
}
