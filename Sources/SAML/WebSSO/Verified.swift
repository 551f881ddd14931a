package import SignOn
import TrustFramework
package import Vocabulary

/// Proof that an address belongs to the member that asked: the only place an answer, good or bad, is ever sent to.
package struct ProvenReturn: Sendable {
    package let serviceProvider: ServiceProvider
    package let consumer: AssertionConsumer
    /// The request's ID; nil in an answer that nobody asked for.
    package let inResponseTo: String?
    package let relayState: String?

    fileprivate init(serviceProvider: ServiceProvider, consumer: AssertionConsumer, inResponseTo: String?, relayState: String?) {
        self.serviceProvider = serviceProvider
        self.consumer = consumer
        self.inResponseTo = inResponseTo
        self.relayState = relayState
    }
}

/// Proof that a registered member asked this, of us, now; or that it wants answers which it did not ask for, and this browser asked for
/// one on purpose. Never stored.
package struct VerifiedAuthnRequest: Sendable {
    package let ask: Ask
    package let back: ProvenReturn
    package let nameIDKind: NameIDKind
    /// What the member says it needs; nil when its metadata does not say.
    package let attributeService: AttributeConsumingService?
    package let encryption: AssertionEncryption
    package let isSigned: Bool
    /// Nil when no message came.
    package let binding: MessageBinding?
    /// A second message with this key before `until` is a replay; the shell claims it in the store (S33).
    package let replayKey: (scope: String, key: String, until: Timestamp)

    package var id: String { back.inResponseTo ?? "" }
    package var serviceProvider: ServiceProvider { back.serviceProvider }
    package var acs: AssertionConsumer { back.consumer }
    package var relayState: String? { back.relayState }

    fileprivate init(_ examined: Examined, _ back: ProvenReturn, _ nameIDKind: NameIDKind, _ encryption: AssertionEncryption) {
        let message = examined.message
        let service = examined.provider.attributeService(message.attributeService)
        ask = Ask(
            member: examined.provider.entityID, forceAuthentication: message.forceAuthentication, passive: message.isPassive,
            requirement: examined.requirement, expected: examined.expected, askedAt: examined.now,
            forbidsNewIdentifier: examined.forbidsNewIdentifier, wish: examined.provider.wish(by: service), by: .saml,
            path: back.consumer.binding == Binding.artifact ? .artifact : .signOn)
        self.back = back
        self.nameIDKind = nameIDKind
        attributeService = service
        self.encryption = encryption
        isSigned = examined.proven.isSigned
        binding = examined.proven.binding
        replayKey = examined.proven.replayKey
    }

    fileprivate init(
        unsolicited back: ProvenReturn, _ encryption: AssertionEncryption, key: String, at now: Timestamp,
        path: IssuancePath = .unsolicited
    ) {
        let service = back.serviceProvider.attributeService(nil)
        ask = Ask(
            member: back.serviceProvider.entityID, askedAt: now, wish: back.serviceProvider.wish(by: service), by: .saml,
            path: path)
        self.back = back
        nameIDKind = NameIDKind(of: back.serviceProvider)
        attributeService = service
        self.encryption = encryption
        isSigned = false
        binding = nil
        // A key of its own: nobody can send the same again.
        replayKey = ("saml-unsolicited", key, now.adding(seconds: 1))
    }
}

extension UnsolicitedRequest {
    /// Proves that `provider`, the member registered under `member`, wants answers it did not ask for, and where they go (S8).
    package func verified(
        for provider: ServiceProvider?, at identityProvider: IdentityProvider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(SAMLRefusal) -> VerifiedAuthnRequest {
        guard let provider, provider.entityID == member else { throw SAMLRefusal(.unknownMember(member)) }
        if let end = provider.validUntil, end <= now { throw SAMLRefusal(.metadataExpired(end)) }
        guard provider.options.unsolicited else { throw SAMLRefusal(.unsolicitedForbidden(member)) }
        let limit = provider.options.relayState ?? identityProvider.limits.relayState
        guard (target?.utf8.count ?? 0) <= limit else { throw SAMLRefusal(.tooLarge("target", limit: limit)) }
        let fitting = provider.usableConsumers.filter { one in consumer.map { $0.hasSameBytes(as: one.location) } ?? true }
        guard let chosen = provider.preferred(among: fitting) else { throw SAMLRefusal(.consumerURL(consumer ?? "")) }
        let back = ProvenReturn(serviceProvider: provider, consumer: chosen, inResponseTo: nil, relayState: target)
        return VerifiedAuthnRequest(
            unsolicited: back, try UnverifiedAuthnRequest.encryption(for: back), key: MessageID.fresh(using: &random), at: now)
    }
}

extension RehearsalIdentity {
    /// The plainest request that `provider` would send for a login, taken as proven: nobody sent one. It never leaves the rehearsal, which
    /// answers it under its own name and key (decision 0061).
    func plainRequest(
        of provider: ServiceProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(SAMLRefusal) -> VerifiedAuthnRequest {
        if let end = provider.validUntil, end <= now { throw SAMLRefusal(.metadataExpired(end)) }
        guard let chosen = provider.preferred(among: provider.usableConsumers) else { throw SAMLRefusal(.consumerURL("")) }
        let back = ProvenReturn(
            serviceProvider: provider, consumer: chosen, inResponseTo: MessageID.fresh(using: &random), relayState: nil)
        return VerifiedAuthnRequest(
            unsolicited: back, try UnverifiedAuthnRequest.encryption(for: back), key: MessageID.fresh(using: &random), at: now,
            path: chosen.binding == Binding.artifact ? .artifact : .signOn)
    }
}

extension UnverifiedAuthnRequest {
    /// Proves the request, or says why not. `provider` is the member registered under `issuer`, nil when there is none; `now` is when the
    /// message came, also when it is proven again after a pause.
    package func verified(
        for provider: ServiceProvider?, at identityProvider: IdentityProvider, at now: Timestamp
    ) throws(SAMLRefusal) -> VerifiedAuthnRequest {
        let (examined, consumer) = try examined(for: provider, at: identityProvider, at: now)
        let back = ProvenReturn(
            serviceProvider: examined.provider, consumer: consumer, inResponseTo: examined.proven.header.id,
            relayState: examined.proven.relayState)
        // From here on every refusal travels to `back`.
        for check in Checks.content {
            if let reason = check.refuses(examined) {
                throw SAMLRefusal(reason, answer: RefusedAnswer(back: back, status: reason.status))
            }
        }
        guard let nameIDKind = NameIDKind(for: examined.message, of: examined.provider) else { throw SAMLRefusal(.nameIDFormat("")) }
        return VerifiedAuthnRequest(examined, back, nameIDKind, try Self.encryption(for: back))
    }

    /// Told before the citizen takes out the card.
    fileprivate static func encryption(for back: ProvenReturn) throws(SAMLRefusal) -> AssertionEncryption {
        let encryption = back.serviceProvider.encryption
        guard case .impossible(let gap) = encryption else { return encryption }
        let reason = SAMLRefusal.Reason.encryption(gap)
        throw SAMLRefusal(reason, answer: RefusedAnswer(back: back, status: reason.status))
    }

    private func examined(
        for provider: ServiceProvider?, at identityProvider: IdentityProvider, at now: Timestamp
    ) throws(SAMLRefusal) -> (Examined, AssertionConsumer) {
        do throws(SAMLRefusal.Reason) {
            let address = message.binding == .post ? identityProvider.singleSignOnPost : identityProvider.singleSignOnRedirect
            let proven = try message.proven(by: provider, at: identityProvider, address: address, signature: .asDeclared, at: now)
            let examined = Examined(
                message: try AuthnRequestMessage(reading: proven, limits: identityProvider.limits), proven: proven,
                identityProvider: identityProvider, now: now)
            return (examined, try examined.consumer.get())
        } catch {
            throw SAMLRefusal(error)
        }
    }
}
