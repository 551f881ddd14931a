package import SignOn
package import Vocabulary

/// Proof that an address belongs to the member that asked: the only place an answer, good or bad, is ever sent to.
package struct ProvenReturn: Sendable {
    package let serviceProvider: ServiceProvider
    package let consumer: AssertionConsumer
    /// The request's ID.
    package let inResponseTo: String
    package let relayState: String?

    fileprivate init(serviceProvider: ServiceProvider, consumer: AssertionConsumer, inResponseTo: String, relayState: String?) {
        self.serviceProvider = serviceProvider
        self.consumer = consumer
        self.inResponseTo = inResponseTo
        self.relayState = relayState
    }
}

/// Proof that a registered member asked this, of us, now. Never stored.
package struct VerifiedAuthnRequest: Sendable {
    package let ask: Ask
    package let back: ProvenReturn
    package let nameIDKind: NameIDKind
    /// `AllowCreate="false"` came: the member wants no new identifier (SAML Core §3.4.1.1). The attribute's absence is read as leave to
    /// create, as service providers mean it.
    package let forbidsNewIdentifier: Bool
    package let isSigned: Bool
    package let binding: RequestBinding
    /// A second message with this key before `until` is a replay; the shell claims it in the store (S33).
    package let replayKey: (scope: String, key: String, until: Timestamp)

    package var id: String { back.inResponseTo }
    package var serviceProvider: ServiceProvider { back.serviceProvider }
    package var acs: AssertionConsumer { back.consumer }
    package var relayState: String? { back.relayState }

    fileprivate init(_ examined: Examined, _ back: ProvenReturn, _ nameIDKind: NameIDKind) {
        let message = examined.message
        ask = Ask(
            member: message.issuer, forceAuthentication: message.forceAuthentication, passive: message.isPassive,
            requirement: examined.requirement, expected: examined.expected, askedAt: examined.now)
        self.back = back
        self.nameIDKind = nameIDKind
        forbidsNewIdentifier = message.nameIDPolicy?.allowCreate == false
        isSigned = examined.isSigned
        binding = examined.binding
        let idp = examined.identityProvider
        replayKey = (
            "saml-request " + message.issuer.text, message.id,
            message.issueInstant.adding(seconds: idp.lifetimes.request).adding(seconds: idp.skew + 1)
        )
    }
}

extension UnverifiedAuthnRequest {
    /// Proves the request, or says why not. `provider` is the member registered under `issuer`, nil when there is none; `now` is when the
    /// message came, also when it is proven again after a pause.
    package func verified(
        for provider: ServiceProvider?, at identityProvider: IdentityProvider, at now: Timestamp
    ) throws(SAMLRefusal) -> VerifiedAuthnRequest {
        guard let provider, provider.entityID == issuer else { throw SAMLRefusal(.unknownMember(issuer)) }
        if let end = provider.validUntil, end <= now { throw SAMLRefusal(.metadataExpired(end)) }
        let examined = try examined(for: provider, at: identityProvider, at: now)
        for check in Checks.message {
            if let reason = check.refuses(examined) { throw SAMLRefusal(reason) }
        }
        let consumer: AssertionConsumer
        switch examined.consumer {
        case .success(let chosen): consumer = chosen
        case .failure(let reason): throw SAMLRefusal(reason)
        }
        let back = ProvenReturn(
            serviceProvider: provider, consumer: consumer, inResponseTo: examined.message.id, relayState: relayState)
        // From here on every refusal travels to `back`.
        for check in Checks.content {
            if let reason = check.refuses(examined) {
                throw SAMLRefusal(reason, answer: RefusedAnswer(back: back, status: reason.status))
            }
        }
        guard let nameIDKind = NameIDKind(for: examined.message, of: provider) else { throw SAMLRefusal(.nameIDFormat("")) }
        return VerifiedAuthnRequest(examined, back, nameIDKind)
    }

    private func examined(
        for provider: ServiceProvider, at identityProvider: IdentityProvider, at now: Timestamp
    ) throws(SAMLRefusal) -> Examined {
        do throws(SAMLRefusal.Reason) {
            let (element, isSigned) = try proven(for: provider, at: identityProvider)
            let message = try AuthnRequestMessage(reading: element, limits: identityProvider.limits)
            // INVARIANT: whoever was looked up is who signed and who asks.
            guard message.issuer == issuer else { throw .issuer(message.issuer.text) }
            return Examined(
                message: message, provider: provider, identityProvider: identityProvider, binding: binding, isSigned: isSigned,
                relayState: relayState, now: now)
        } catch {
            throw SAMLRefusal(error)
        }
    }
}
