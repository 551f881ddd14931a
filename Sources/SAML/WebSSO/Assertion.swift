import SignOn
import TrustFramework
import Vocabulary
import XML

/// What an Assertion says (SAML Core §2.3.3, Profiles §4.1.4.2): one AuthnStatement, at most one AttributeStatement (S41).
struct AssertionContent {
    let id: String
    let issuedAt: Timestamp
    let name: MemberName
    let contextClass: String
    let grant: Grant
    let attributes: [AttributeRelease.Item]
    let back: ProvenReturn
    let identityProvider: IdentityProvider

    var tag: XMLTag {
        var children: [XMLNode] = [
            .element(.issuer(identityProvider)), .element(subject), .element(conditions), .element(authnStatement),
        ]
        // An empty statement breaks the schema and service providers (S41).
        if !attributes.isEmpty { children.append(.element(attributeStatement)) }
        return XMLTag(
            "saml", Namespace.assertion, "Assertion", attributes: [("ID", id), ("Version", "2.0"), ("IssueInstant", issuedAt.text)],
            declaring: back.serviceProvider.options.valueType == .string ? [(XMLSchema.prefix, XMLSchema.namespace)] : [],
            children: children)
    }

    private var expires: String { issuedAt.adding(seconds: identityProvider.lifetimes.assertion).text }

    /// Bearer, without NotBefore and Address (S42).
    private var subject: XMLTag {
        let data = saml(
            "SubjectConfirmationData",
            // Nobody's question has no InResponseTo, not even an empty one (Profiles §4.1.5, S8).
            (back.inResponseTo.map { [("InResponseTo", $0)] } ?? []) + [("NotOnOrAfter", expires), ("Recipient", back.consumer.location)])
        return saml(
            "Subject", [],
            [
                .element(name.tag),
                .element(saml("SubjectConfirmation", [("Method", Confirmation.bearer)], [.element(data)])),
            ])
    }

    private var conditions: XMLTag {
        let audience = saml("Audience", [], [.text(back.serviceProvider.entityID.text)])
        return saml(
            "Conditions",
            [("NotBefore", issuedAt.adding(seconds: -identityProvider.lifetimes.backdating).text), ("NotOnOrAfter", expires)],
            [.element(saml("AudienceRestriction", [], [.element(audience)]))])
    }

    private var authnStatement: XMLTag {
        let contextClass = saml("AuthnContextClassRef", [], [.text(contextClass)])
        return saml(
            "AuthnStatement",
            [("AuthnInstant", grant.facts.authenticatedAt.text), ("SessionIndex", grant.sessionIndex)]
                + (back.serviceProvider.options.sessionExpiry ? [("SessionNotOnOrAfter", grant.sessionExpires.text)] : []),
            [.element(saml("AuthnContext", [], [.element(contextClass)]))])
    }

    private var attributeStatement: XMLTag { .attributeStatement(attributes, back.serviceProvider.options.valueType) }

    private func saml(_ local: String, _ attributes: [(String, String)], _ children: [XMLNode] = []) -> XMLTag {
        XMLTag("saml", Namespace.assertion, local, attributes: attributes, children: children)
    }
}

extension XMLTag {
    /// One AttributeValue each (SDP-IDP20).
    static func attributeStatement(_ items: [AttributeRelease.Item], _ type: MemberOptions.ValueType) -> XMLTag {
        func saml(_ local: String, _ attributes: [(String, String)], _ children: [XMLNode]) -> XMLNode {
            .element(XMLTag("saml", Namespace.assertion, local, attributes: attributes, children: children))
        }
        return XMLTag(
            "saml", Namespace.assertion, "AttributeStatement",
            children: items.map { item in
                saml(
                    "Attribute",
                    (item.friendlyName.map { [("FriendlyName", $0)] } ?? []) + [("Name", item.name), ("NameFormat", item.format)],
                    [.element(value(item.value, type))])
            })
    }
}

extension XMLTag {
    /// `xsi:type` names a type by a prefix, in content: the prefix is declared further up and stands in the signature's PrefixList (S49, S55).
    private static func value(_ text: String, _ type: MemberOptions.ValueType) -> XMLTag {
        switch type {
        case .untyped: XMLTag("saml", Namespace.assertion, "AttributeValue", text: text)
        case .string:
            XMLTag(
                "saml", Namespace.assertion, "AttributeValue", attributes: [("xsi:type", XMLSchema.prefix + ":string")],
                namespaces: [("xsi", XMLSchema.instance)], children: [.text(text)])
        }
    }
}

extension MemberName {
    /// The NameID with the qualifiers that belong to its kind and no others (checklist §1.4: a logout repeats them to the letter).
    init(_ kind: NameIDKind, of grant: Grant, for provider: ServiceProvider, from identityProvider: IdentityProvider) {
        switch kind {
        case .persistent:
            self = .nameID(
                grant.pairwise.text, format: kind.format, nameQualifier: identityProvider.entityID.text,
                spNameQualifier: provider.entityID.text)
        case .unspecified: self = .nameID(grant.pairwise.text, format: kind.format)
        case .transient: self = .nameID(grant.tie.transientName(for: provider.entityID), format: kind.format)
        }
    }

    var tag: XMLTag {
        let attributes = [("Format", format), ("NameQualifier", nameQualifier), ("SPNameQualifier", spNameQualifier)]
        return XMLTag(
            "saml", Namespace.assertion, "NameID", attributes: attributes.compactMap { name, value in value.map { (name, $0) } },
            children: [.text(text)])
    }
}
