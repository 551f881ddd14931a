import Cryptography
package import SignOn
import TrustFramework
package import Vocabulary
import XML
import XMLSecurity

/// A signed Response on its way to a proven address.
package struct SAMLAnswer: Sendable {
    /// Of the Response: what the member can name when it asks about it later.
    package let id: String
    /// `.post`: in a form (SAML Bindings §3.5). `.artifact`: kept here until the member asks for it (§3.6).
    package let binding: MessageBinding
    /// The `action` of the form, or where the artifact goes.
    package let destination: String
    /// To whom; the one who may resolve an artifact.
    package let member: MemberID
    /// For the field `RelayState`, exactly as it came; nil when none came.
    package let relayState: String?
    /// Goes into the field `SAMLResponse`, in Base64.
    package let xml: [UInt8]
    /// What the member was told the citizen is called (`MemberName.isUntold`: by no NameID); nil in an error.
    package let name: MemberName?
    /// For the audit record: which attributes the member was told, never their values. Less than policy released, where it asked for less.
    package let released: [String]
}

extension VerifiedAuthnRequest {
    /// The Response with one Assertion about the citizen of `grant` (SAML Profiles §4.1.4.2). Costs one or two signatures of the key that
    /// `identityProvider` has for the member, as the member's `signing` says, and an encryption where there is one: signed first, then
    /// encrypted (S40). `general` is the citizen's identifier in the sector `GeneralIdentifier.sector`, for a member that
    /// `takesGeneralIdentifier`.
    package func response(
        for grant: Grant, general: PairwiseID? = nil, from identityProvider: IdentityProvider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> SAMLAnswer {
        try made(for: grant, general: general, from: identityProvider, at: now, using: &random).answer
    }

    /// The answer, and its assertion as it was before it was encrypted: for a test login, which shows both.
    func made(
        for grant: Grant, general: PairwiseID?, from identityProvider: IdentityProvider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> (answer: SAMLAnswer, assertion: [UInt8]) {
        guard grant.member.id == serviceProvider.entityID else { throw .otherMember }
        guard let contextClass = assertedClass(of: grant.context) else { throw .contextWithoutClass(grant.context.name) }
        let release = AttributeRelease(grant, to: serviceProvider, for: attributeService, general: general, from: identityProvider)
        let name = MemberName(nameIDKind, of: grant, for: serviceProvider, from: identityProvider, releasing: release)
        let assertion = AssertionContent(
            id: MessageID.fresh(using: &random), issuedAt: now, name: nameIDKind == .untold ? nil : name, contextClass: contextClass,
            grant: grant,
            attributes: release.items, back: back, identityProvider: identityProvider)
        let key = identityProvider.signingKey(for: serviceProvider, at: now)
        let clear = try assertion.bytes(signedBy: serviceProvider.signing == .response ? nil : key)
        var bytes = clear
        switch encryption {
        case .clear: break
        case .encrypted(let encryptor, _, _): bytes = try encryptor.sealedAssertion(bytes, using: &random)
        case .impossible(let gap): throw .encryption(gap.explanation.code)
        }
        // SAML Core §8.4: on the way to this answer, or at an earlier one.
        let consent = grant.consent.map { $0.at >= ask.askedAt ? MemberOptions.Consent.explicit : .prior }
        let answer = try back.answer(
            around: bytes, name: name, released: release.items.map(\.label), consent: consent,
            signedBy: serviceProvider.signing == .assertion ? nil : key, from: identityProvider, at: now, using: &random)
        return (answer, clear)
    }

    /// The signed error Response for a refusal that came up on the way (S57).
    package func response(
        refusing refusal: SignOnRefusal, from identityProvider: IdentityProvider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> SAMLAnswer {
        try back.answer(refusal.status, from: identityProvider, at: now, using: &random)
    }

    /// The class actually reached. Where the request demanded an exact match and named the context by another of its classes, or by one of
    /// its `acr` values, by that: the statement "must be the exact match of at least one of the contexts specified" (SAML Core §3.3.2.2.1).
    private func assertedClass(of context: AssuranceContext) -> String? {
        if let requirement = ask.requirement, requirement.comparison == .exact,
            let asked = requirement.values.first(where: { context.samlClasses.contains($0) || context.acrValues.contains($0) })
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
        try back.answer(status, from: identityProvider, at: now, using: &random)
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
    /// A Response that says no; always signed, for there is nothing else in it that could be.
    fileprivate func answer(
        _ status: SAMLStatus, from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> SAMLAnswer {
        let id = MessageID.fresh(using: &random)
        var attributes = [
            ("ID", id), ("Version", "2.0"), ("IssueInstant", now.wholeSeconds.text), ("Destination", consumer.location),
        ]
        if let inResponseTo { attributes.append(("InResponseTo", inResponseTo)) }
        let response = XMLTag(
            "samlp", Namespace.protocol, "Response", attributes: attributes,
            children: [.element(.issuer(identityProvider.entityID.text)), .element(status.tag)])
        let signed = try identityProvider.signed(response, for: serviceProvider, at: now)
        return try answer(id, signed.canonicalBytes(), name: nil, released: [])
    }

    /// `key` signs the Response as a whole; nil where the assertion's own signature is enough.
    fileprivate func answer(
        around assertion: [UInt8], name: MemberName, released: [String], consent: MemberOptions.Consent?, signedBy key: SAMLSigningKey?,
        from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> SAMLAnswer {
        let id = MessageID.fresh(using: &random)
        let form = ResponseForm(
            issuer: identityProvider.entityID.text, answersRequest: inResponseTo != nil, consent: consent)
        let template = serviceProvider.preparation.response(form) { form.template(for: serviceProvider) }
        // In the order of `ResponseForm.Value`.
        let values = [id, now.wholeSeconds.text, consumer.location, inResponseTo ?? ""]
        let xml =
            try key?.signed(template, values, around: assertion, identifier: id, as: serviceProvider.options)
            ?? template.filled(values, around: assertion).bytes
        return try answer(id, xml, name: name, released: released)
    }

    private func answer(_ id: String, _ xml: [UInt8], name: MemberName?, released: [String]) throws(AnswerFailure) -> SAMLAnswer {
        guard WebAddress.isAllowed(consumer.location, development: serviceProvider.development) else { throw .address(consumer.location) }
        return SAMLAnswer(
            id: id, binding: consumer.binding == Binding.artifact ? .artifact : .post, destination: consumer.location,
            member: serviceProvider.entityID, relayState: relayState, xml: xml, name: name, released: released)
    }
}

extension SignOnRefusal {
    fileprivate var status: SAMLStatus {
        let second: SAMLStatus.Second =
            switch self {
            case .denied(.contextOutOfReach, _, _, _, _): .noAuthnContext
            case .denied, .consentRefused, .mandate: .requestDenied
            case .passive, .passiveLogin, .passiveConsent, .passiveSignature: .noPassive
            case .otherCitizen: .unknownPrincipal
            case .noIdentifier: .invalidNameIDPolicy
            case .otherCitizenAtStepUp, .presenceNeverLinks, .cancelled, .sessionEnded, .certificateRevoked, .certificateBlocked, .link,
                .statusUnknown,
                .statusStale:
                .authnFailed
            }
        return SAMLStatus(.responder, second, explanation)
    }
}

extension SAMLStatus {
    var tag: XMLTag {
        let inner = second.map {
            [XMLNode.element(XMLTag("samlp", Namespace.protocol, "StatusCode", attributes: [("Value", Self.prefix + $0.rawValue)]))]
        }
        let code = XMLTag(
            "samlp", Namespace.protocol, "StatusCode", attributes: [("Value", Self.prefix + top.rawValue)], children: inner ?? [])
        let text = message.map { [XMLNode.element(XMLTag("samlp", Namespace.protocol, "StatusMessage", text: $0))] }
        return XMLTag("samlp", Namespace.protocol, "Status", children: [.element(code)] + (text ?? []))
    }
}

extension IdentityProvider {
    /// Signed by the key, in the algorithm and with the KeyInfo that are this member's.
    func signed(_ tag: XMLTag, for provider: ServiceProvider, at now: Timestamp) throws(AnswerFailure) -> XMLTag {
        try signingKey(for: provider, at: now).signed(tag, as: provider.options)
    }
}

extension XMLEncryptor {
    /// The assertion as a whole and nothing inside it (SDP-IDP11).
    func sealedAssertion(
        _ assertion: [UInt8], using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> [UInt8] {
        do {
            return XMLTag(
                "saml", Namespace.assertion, "EncryptedAssertion", children: [.element(try encrypt(assertion, using: &random))]
            ).canonicalBytes()
        } catch {
            throw .encryption(error.explanation.code)
        }
    }
}

extension MemberOptions.Consent {
    /// SAML Core §8.4.
    var uri: String { "urn:oasis:names:tc:SAML:2.0:consent:" + rawValue }
}

extension XMLTag {
    static func issuer(_ identityProvider: IdentityProvider) -> XMLTag { issuer(identityProvider.entityID.text) }

    static func issuer(_ entityID: String) -> XMLTag { XMLTag("saml", Namespace.assertion, "Issuer", text: entityID) }
}

/// Identifiers of messages and transient NameIDs: 160 random bits (SAML Core §1.3.4, §8.3.8).
enum MessageID {
    static func fresh(using random: inout some RandomNumberGenerator) -> String {
        "_" + Hexadecimal.encode(random.bytes(20))
    }
}
