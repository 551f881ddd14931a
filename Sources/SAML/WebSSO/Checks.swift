import Vocabulary

/// What the rules look at.
struct Examined {
    let message: AuthnRequestMessage
    let proven: ProvenMessage
    let identityProvider: IdentityProvider
    let now: Timestamp

    var provider: ServiceProvider { proven.sender }
}

/// One rule: a name, and the reason to refuse, if there is one.
struct Check: Sendable {
    let name: String
    let refuses: @Sendable (Examined) -> SAMLRefusal.Reason?
}

/// The rules of an AuthnRequest in the order they are applied, after it was proven (`IncomingMessage.proven`, `MessageChecks`).
enum Checks {
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
