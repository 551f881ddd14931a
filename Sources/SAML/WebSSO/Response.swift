import Cryptography
package import SignOn
import TrustFramework
package import Vocabulary
import XML

/// A signed Response on its way to a proven address by HTTP-POST.
package struct SAMLAnswer: Sendable {
    /// The `action` of the form.
    package let destination: String
    /// For the field `RelayState`, exactly as it came; nil when none came.
    package let relayState: String?
    /// Goes into the field `SAMLResponse`, in Base64.
    package let xml: [UInt8]
    /// Facts for the audit record: identifiers of messages, never of the citizen.
    package let record: [(name: String, value: JSON)]
}

extension VerifiedAuthnRequest {
    /// The Response with one Assertion about the citizen of `grant` (SAML Profiles §4.1.4.2). Costs one or two signatures of
    /// the key that `identityProvider` has for the member, as the member's `signing` says.
    package func response(
        for grant: Grant, from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> SAMLAnswer {
        guard grant.member.id == serviceProvider.entityID else { throw .otherMember }
        guard let contextClass = assertedClass(of: grant.context) else { throw .contextWithoutClass(grant.context.name) }
        let assertion = AssertionContent(
            id: MessageID.fresh(using: &random), issuedAt: now,
            nameID: nameIDKind == .persistent ? grant.pairwise.text : MessageID.fresh(using: &random), nameIDKind: nameIDKind,
            contextClass: contextClass, grant: grant, back: back, identityProvider: identityProvider)
        var tag = assertion.tag
        if serviceProvider.signing != .response { tag = try identityProvider.signingKey.signed(tag) }
        return try back.answer(
            .success, assertion: tag, isSigned: serviceProvider.signing != .assertion, from: identityProvider, at: now,
            record: [
                ("assertion-id", .string(assertion.id)), ("name-id-format", .string(nameIDKind.rawValue)),
                ("context-class", .string(contextClass)), ("session-index", .string(grant.sessionIndex)),
                ("attributes", .array(grant.attributes.map { .string($0.source.rawValue) })),
            ],
            using: &random)
    }

    /// The signed error Response for a refusal that came up on the way (S57).
    package func response(
        refusing refusal: SignOnRefusal, from identityProvider: IdentityProvider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> SAMLAnswer {
        try back.answer(
            refusal.status, assertion: nil, isSigned: true, from: identityProvider, at: now, record: [], using: &random)
    }

    /// The class actually reached. Where the request demanded an exact match and named the context by another of its classes, that one:
    /// the statement "must be the exact match of at least one of the contexts specified" (SAML Core §3.3.2.2.1).
    private func assertedClass(of context: AssuranceContext) -> String? {
        if let requirement = ask.requirement, requirement.comparison == .exact,
            let asked = requirement.values.first(where: context.samlClasses.contains)
        {
            return asked
        }
        return context.samlClasses.first
    }
}

extension RefusedAnswer {
    /// The signed error Response for a request that was refused after its address was proven.
    package func response(
        from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> SAMLAnswer {
        try back.answer(status, assertion: nil, isSigned: true, from: identityProvider, at: now, record: [], using: &random)
    }
}

extension SAMLRefusal {
    /// The error Response where an address was proven; nil where only a page may be shown.
    package func response(
        from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> SAMLAnswer? {
        guard let answer else { return nil }
        return try answer.response(from: identityProvider, at: now, using: &random)
    }
}

extension ProvenReturn {
    fileprivate func answer(
        _ status: SAMLStatus, assertion: XMLTag?, isSigned: Bool, from identityProvider: IdentityProvider, at now: Timestamp,
        record: [(name: String, value: JSON)], using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> SAMLAnswer {
        guard WebAddress.isAllowed(consumer.location, development: serviceProvider.development) else { throw .address(consumer.location) }
        let id = MessageID.fresh(using: &random)
        var response = XMLTag(
            "samlp", Namespace.protocol, "Response",
            attributes: [
                ("ID", id), ("Version", "2.0"), ("IssueInstant", now.text), ("Destination", consumer.location),
                ("InResponseTo", inResponseTo),
            ],
            children: [.element(.issuer(identityProvider)), .element(status.tag)] + (assertion.map { [.element($0)] } ?? []))
        if isSigned { response = try identityProvider.signingKey.signed(response) }
        let xml = response.canonicalBytes()
        return SAMLAnswer(
            destination: consumer.location, relayState: relayState, xml: xml,
            record: [
                ("response-id", .string(id)), ("in-response-to", .string(inResponseTo)),
                ("status", .string(status.second?.rawValue ?? status.top.rawValue)), ("consumer", .string(consumer.location)),
            ] + record)
    }
}

extension SignOnRefusal {
    fileprivate var status: SAMLStatus {
        let second: SAMLStatus.Second =
            switch self {
            case .denied(.contextOutOfReach, _, _, _): .noAuthnContext
            case .denied: .requestDenied
            case .passive: .noPassive
            case .otherCitizen: .unknownPrincipal
            case .otherCitizenAtStepUp, .presenceNeverLinks, .cancelled: .authnFailed
            }
        return SAMLStatus(.responder, second, explanation)
    }
}

extension SAMLStatus {
    fileprivate var tag: XMLTag {
        let inner = second.map {
            [XMLNode.element(XMLTag("samlp", Namespace.protocol, "StatusCode", attributes: [("Value", Self.prefix + $0.rawValue)]))]
        }
        let code = XMLTag(
            "samlp", Namespace.protocol, "StatusCode", attributes: [("Value", Self.prefix + top.rawValue)], children: inner ?? [])
        let text = message.map { [XMLNode.element(XMLTag("samlp", Namespace.protocol, "StatusMessage", text: $0))] }
        return XMLTag("samlp", Namespace.protocol, "Status", children: [.element(code)] + (text ?? []))
    }
}

extension XMLTag {
    static func issuer(_ identityProvider: IdentityProvider) -> XMLTag {
        XMLTag("saml", Namespace.assertion, "Issuer", text: identityProvider.entityID.text)
    }
}

/// Identifiers of messages and transient NameIDs: 160 random bits (SAML Core §1.3.4, §8.3.8).
enum MessageID {
    static func fresh(using random: inout some RandomNumberGenerator) -> String {
        "_" + Hexadecimal.encode(random.bytes(20))
    }
}
