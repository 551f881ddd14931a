import Vocabulary

/// What the rules look at.
struct Examined {
    let message: AuthnRequestMessage
    let provider: ServiceProvider
    let identityProvider: IdentityProvider
    let binding: RequestBinding
    let isSigned: Bool
    let relayState: String?
    let now: Timestamp

    var ownAddress: String {
        binding == .redirect ? identityProvider.singleSignOnRedirect : identityProvider.singleSignOnPost
    }
}

/// One rule: a name, and the reason to refuse, if there is one.
struct Check: Sendable {
    let name: String
    let refuses: @Sendable (Examined) -> SAMLRefusal.Reason?
}

/// The rules in the order they are applied, after sender and signature were proven (`UnverifiedAuthnRequest.proven`).
enum Checks {
    /// Refused with a page: the message itself is not believed, so nobody is written to because of it.
    static let message: [Check] = [
        // SAML Core §3.2.1; Bindings §3.4.5.2, §3.5.5.2: a signed message must say where it was sent to (S21).
        Check(name: "sent to this address") { request in
            guard let destination = request.message.destination else {
                return request.isSigned ? .destination(nil, expected: request.ownAddress) : nil
            }
            return destination == request.ownAddress ? nil : .destination(destination, expected: request.ownAddress)
        },
        // S34.
        Check(name: "not from the future") { request in
            let issued = request.message.issueInstant
            guard issued > request.now.adding(seconds: request.identityProvider.skew) else { return nil }
            return .issuedInFuture(issued, now: request.now)
        },
        Check(name: "not stale") { request in
            let issued = request.message.issueInstant
            let lifetime = request.identityProvider.lifetimes.request
            guard issued.adding(seconds: lifetime).adding(seconds: request.identityProvider.skew) < request.now else { return nil }
            return .stale(issued, now: request.now, lifetime: lifetime)
        },
        // Bindings §3.4.3; echoed whole or refused (S32).
        Check(name: "short RelayState") { request in
            let limit = request.identityProvider.limits.relayState
            return (request.relayState?.utf8.count ?? 0) > limit ? .tooLarge("RelayState", limit: limit) : nil
        },
    ]

    /// Refused with a status to the member, whose address is proven by now.
    static let content: [Check] = [
        // Core §3.4.1.1 (S23): a format we do not have is an error, never a fallback.
        Check(name: "a NameID format we have") { request in
            NameIDKind(for: request.message, of: request.provider) == nil
                ? .nameIDFormat(request.message.nameIDPolicy?.format ?? NameIDFormat.unspecified) : nil
        },
        Check(name: "its own name qualifier") { request in
            guard let qualifier = request.message.nameIDPolicy?.nameQualifier, qualifier != request.provider.entityID.text else {
                return nil
            }
            return .nameQualifier(qualifier)
        },
        // Core §3.4.1 (S27): honoured or refused, never passed over.
        Check(name: "a Subject we can hold it to") { request in
            switch request.message.subject {
            case nil: nil
            case .other(let what): .subject(what)
            case .nameID: request.expected == nil ? .subject("not a persistent NameID of ours for this member") : nil
            }
        },
        // Core §3.3.2.2.1 (S26).
        Check(name: "contexts by class") { request in
            request.message.requestedContext?.hasDeclarations == true ? .contextDeclaration : nil
        },
        Check(name: "a known comparison") { request in
            guard let asked = request.message.requestedContext, request.requirement == nil else { return nil }
            return .comparison(asked.comparison)
        },
        // Core §3.4.1 (S31).
        Check(name: "a registered attribute service") { request in
            guard let index = request.message.attributeService else { return nil }
            return request.provider.attributeServices.contains(index) ? nil : .attributeService(index)
        },
    ]
}
