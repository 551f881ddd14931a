import SignOn
import TrustFramework
import Vocabulary
import XML
import XMLSecurity

/// What decides how an assertion for one member looks, once its values are left out: a few forms per member, each rendered once. What
/// strangers may have written is a value; the form has only our own words and our operator's.
struct AssertionForm: Hashable, Sendable {
    /// What differs from assertion to assertion.
    enum Value: Int {
        case id, issuedAt, expires, notBefore, name, recipient, contextClass, authenticatedAt, sessionIndex, sessionExpires, inResponseTo,
            audience, spNameQualifier
        /// Of the first attribute; the others' follow.
        case attributes

        fileprivate var slot: String { XMLTemplate.slot(rawValue) }
    }

    private struct Attribute: Hashable {
        let name: String
        let format: String
        let friendlyName: String?
        /// How many values it has.
        let count: Int
    }

    private let issuer: String
    private let isNamed: Bool
    private let format: String?
    private let nameQualifier: String?
    private let isQualifiedByMember: Bool
    private let attributes: [Attribute]
    private let answersRequest: Bool

    init(issuer: String, name: MemberName?, attributes: [AttributeRelease.Item], answersRequest: Bool) {
        self.issuer = issuer
        isNamed = name != nil
        format = name?.format
        nameQualifier = name?.nameQualifier
        isQualifiedByMember = name?.spNameQualifier != nil
        self.attributes = attributes.map {
            Attribute(name: $0.name, format: $0.format, friendlyName: $0.friendlyName, count: $0.values.count)
        }
        self.answersRequest = answersRequest
    }

    func template(for provider: ServiceProvider) -> XMLTemplate {
        var slot = Value.attributes.rawValue
        // An empty statement breaks the schema and service providers (S41).
        let statement =
            attributes.isEmpty
            ? []
            : [
                XMLNode.element(
                    .attributeStatement(
                        attributes.map { attribute in
                            defer { slot += attribute.count }
                            return AttributeRelease.Item(
                                name: attribute.name, format: attribute.format, friendlyName: attribute.friendlyName,
                                values: (slot..<slot + attribute.count).map(XMLTemplate.slot), label: "")
                        }, provider.options.valueType))
            ]
        return XMLTemplate(
            XMLTag(
                "saml", Namespace.assertion, "Assertion",
                attributes: [("ID", Value.id.slot), ("Version", "2.0"), ("IssueInstant", Value.issuedAt.slot)],
                declaring: provider.options.valueType == .string ? [(XMLSchema.prefix, XMLSchema.namespace)] : [],
                children: [
                    .element(.issuer(issuer)), .text(XMLTemplate.place), .element(subject), .element(conditions),
                    .element(authnStatement(provider)),
                ] + statement))
    }

    /// Bearer, without NotBefore and Address (S42).
    private var subject: XMLTag {
        let data = saml(
            "SubjectConfirmationData",
            // Nobody's question has no InResponseTo, not even an empty one (Profiles §4.1.5, S8).
            (answersRequest ? [("InResponseTo", Value.inResponseTo.slot)] : [])
                + [("NotOnOrAfter", Value.expires.slot), ("Recipient", Value.recipient.slot)])
        let name = MemberName.nameID(
            Value.name.slot, format: format, nameQualifier: nameQualifier,
            spNameQualifier: isQualifiedByMember ? Value.spNameQualifier.slot : nil)
        // A Subject may be confirmed without being named (SAML Core §2.4.1; IIP-IDP11).
        return saml(
            "Subject", [],
            (isNamed ? [.element(name.tag)] : [])
                + [.element(saml("SubjectConfirmation", [("Method", Confirmation.bearer)], [.element(data)]))])
    }

    private var conditions: XMLTag {
        let audience = saml("Audience", [], [.text(Value.audience.slot)])
        return saml(
            "Conditions", [("NotBefore", Value.notBefore.slot), ("NotOnOrAfter", Value.expires.slot)],
            [.element(saml("AudienceRestriction", [], [.element(audience)]))])
    }

    private func authnStatement(_ provider: ServiceProvider) -> XMLTag {
        let contextClass = saml("AuthnContextClassRef", [], [.text(Value.contextClass.slot)])
        return saml(
            "AuthnStatement",
            [("AuthnInstant", Value.authenticatedAt.slot), ("SessionIndex", Value.sessionIndex.slot)]
                + (provider.options.sessionExpiry ? [("SessionNotOnOrAfter", Value.sessionExpires.slot)] : []),
            [.element(saml("AuthnContext", [], [.element(contextClass)]))])
    }

    private func saml(_ local: String, _ attributes: [(String, String)], _ children: [XMLNode] = []) -> XMLTag {
        XMLTag("saml", Namespace.assertion, local, attributes: attributes, children: children)
    }
}

/// The Response around an assertion that is there in bytes: what decides how it looks.
struct ResponseForm: Hashable, Sendable {
    enum Value: Int {
        case id, issuedAt, destination, inResponseTo

        fileprivate var slot: String { XMLTemplate.slot(rawValue) }
    }

    let issuer: String
    let answersRequest: Bool
    /// What the citizen did about this answer, where a rule asked for it; the operator's word for the member goes before it.
    var consent: MemberOptions.Consent?

    func template(for provider: ServiceProvider) -> XMLTemplate {
        var attributes = [
            ("ID", Value.id.slot), ("Version", "2.0"), ("IssueInstant", Value.issuedAt.slot), ("Destination", Value.destination.slot),
        ]
        if answersRequest { attributes.append(("InResponseTo", Value.inResponseTo.slot)) }
        if let consent = provider.options.consent ?? consent { attributes.append(("Consent", consent.uri)) }
        return XMLTemplate(
            XMLTag(
                "samlp", Namespace.protocol, "Response", attributes: attributes,
                children: [
                    .element(.issuer(issuer)), .text(XMLTemplate.place), .element(SAMLStatus.success.tag), .text(XMLTemplate.inner),
                ]))
    }
}
