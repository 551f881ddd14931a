package import SignOn
import TrustFramework
package import Vocabulary
import XML
import XMLSecurity

/// The answer to an AttributeQuery, in its envelope.
package struct QueryAnswer: Sendable {
    package let envelope: [UInt8]
    /// Facts for the audit record: what was told, never the values.
    package let record: [(name: String, value: JSON)]
    /// What was told, by the names of attributes, and what the member set values beside: that they are none of them is told too.
    package let told: [String]
}

extension VerifiedAttributeQuery {
    /// What policy releases of the citizen of `grant` to the member now, as far as the query names it. `name` is what the member calls the
    /// citizen in the session of the grant. `general`: as at a sign-on.
    package func response(
        for grant: Grant, named name: MemberName, general: PairwiseID? = nil, from identityProvider: IdentityProvider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> QueryAnswer {
        guard grant.member.id == sender.entityID else { throw .otherMember }
        let release = AttributeRelease(
            grant, to: sender, for: sender.attributeService(nil), general: general, from: identityProvider)
        let items = wishes.isEmpty ? release.items : release.items.filter { item in wishes.contains { $0.admits(item) } }
        let assertion = items.isEmpty ? nil : try self.assertion(items, name, identityProvider, now, &random)
        let (id, envelope) = try QueryResponse.make(
            .success, assertion: assertion, to: sender, about: self.id, from: identityProvider, at: now, using: &random)
        return QueryAnswer(
            envelope: envelope,
            record: [
                ("response-id", .string(id)), ("in-response-to", .string(self.id)),
                ("attributes", .array(items.map { .string($0.label) })), ("asked", .integer(Int64(wishes.count))),
            ],
            told: release.items.filter { item in
                wishes.isEmpty || wishes.contains { $0.admits(item) || $0.compares(item) }
            }.map(\.label))
    }

    /// That nobody of this name is logged in there: the same for a stranger, for one who has left, and for another member's citizen.
    package func unknownPrincipal(
        from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> [UInt8] {
        try QueryResponse.make(
            SAMLStatus(.responder, .unknownPrincipal, SAMLRefusal.Reason.queryPrincipal.explanation), assertion: nil, to: sender, about: id,
            from: identityProvider, at: now, using: &random
        ).envelope
    }

    /// That a sign-on would tell the member nothing now.
    package func response(
        refusing refusal: SignOnRefusal, from identityProvider: IdentityProvider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> [UInt8] {
        try QueryResponse.make(
            SAMLStatus(.responder, .requestDenied, refusal.explanation), assertion: nil, to: sender, about: id, from: identityProvider,
            at: now, using: &random
        ).envelope
    }

    /// No statement about a login, and no confirmation that a bearer could use: nobody can log in with it. That the sender vouches is what
    /// Shibboleth says here; pysaml2 takes no assertion without a confirmation.
    private func assertion(
        _ items: [AttributeRelease.Item], _ name: MemberName, _ identityProvider: IdentityProvider, _ now: Timestamp,
        _ random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> XMLTag {
        func saml(_ local: String, _ attributes: [(String, String)], _ children: [XMLNode]) -> XMLNode {
            .element(XMLTag("saml", Namespace.assertion, local, attributes: attributes, children: children))
        }
        let lifetimes = identityProvider.lifetimes
        let issuedAt = now.wholeSeconds
        let expires = issuedAt.adding(seconds: lifetimes.assertion).text
        let confirmation = saml(
            "SubjectConfirmation", [("Method", "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches")],
            [
                saml(
                    "SubjectConfirmationData",
                    [("InResponseTo", id), ("NotOnOrAfter", expires), ("Recipient", sender.entityID.text)], [])
            ])
        let conditions = saml(
            "Conditions",
            [
                ("NotBefore", issuedAt.adding(seconds: -lifetimes.backdating).text),
                ("NotOnOrAfter", expires),
            ],
            [saml("AudienceRestriction", [], [saml("Audience", [], [.text(sender.entityID.text)])])])
        var tag = XMLTag(
            "saml", Namespace.assertion, "Assertion",
            attributes: [("ID", MessageID.fresh(using: &random)), ("Version", "2.0"), ("IssueInstant", issuedAt.text)],
            children: [
                .element(.issuer(identityProvider)), saml("Subject", [], [.element(name.tag), confirmation]), conditions,
                .element(.attributeStatement(items, sender.options.valueType)),
            ])
        if sender.signing != .response { tag = try identityProvider.signed(tag, for: sender, at: now) }
        guard case .encrypted(let encryptor, _, _) = encryption else { return tag }
        do {
            let hidden = try encryptor.encrypt(tag, using: &random)
            return XMLTag("saml", Namespace.assertion, "EncryptedAssertion", children: [.element(hidden)])
        } catch {
            throw .encryption(error.explanation.code)
        }
    }
}

/// The signed `Response` of a query (SAML Profiles §6.4.2), which goes by SOAP only.
package enum QueryResponse {
    /// The answer to a message that was proven to be the member's, but that we cannot act on.
    package static func refusing(
        _ reason: SAMLRefusal.Reason, to message: ProvenMessage, from identityProvider: IdentityProvider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> [UInt8] {
        try make(
            reason.status, assertion: nil, to: message.sender, about: message.header.id, from: identityProvider, at: now, using: &random
        ).envelope
    }

    /// Always signed as a whole: an error has nothing else that could be.
    fileprivate static func make(
        _ status: SAMLStatus, assertion: XMLTag?, to provider: ServiceProvider, about question: String,
        from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> (id: String, envelope: [UInt8]) {
        let id = MessageID.fresh(using: &random)
        let tag = XMLTag(
            "samlp", Namespace.protocol, "Response",
            attributes: [("ID", id), ("Version", "2.0"), ("IssueInstant", now.wholeSeconds.text), ("InResponseTo", question)],
            children: [.element(.issuer(identityProvider)), .element(status.tag(prefix: "samlp"))]
                + (assertion.map { [.element($0)] } ?? []))
        return (id, SOAPEnvelope.wrap(try identityProvider.signed(tag, for: provider, at: now)))
    }
}
