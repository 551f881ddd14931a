import SignOn
import TrustFramework
import Vocabulary
import XML

/// What an Assertion says (SAML Core §2.3.3, Profiles §4.1.4.2): one AuthnStatement, at most one AttributeStatement (S41).
struct AssertionContent {
    let id: String
    let issuedAt: Timestamp
    let nameID: String
    let nameIDKind: NameIDKind
    let contextClass: String
    let grant: Grant
    let back: ProvenReturn
    let identityProvider: IdentityProvider

    var tag: XMLTag {
        var children: [XMLNode] = [
            .element(.issuer(identityProvider)), .element(subject), .element(conditions), .element(authnStatement),
        ]
        // An empty statement breaks the schema and service providers (S41).
        if !grant.attributes.isEmpty { children.append(.element(attributeStatement)) }
        return saml("Assertion", [("ID", id), ("Version", "2.0"), ("IssueInstant", issuedAt.text)], children)
    }

    private var expires: String { issuedAt.adding(seconds: identityProvider.lifetimes.assertion).text }

    /// Bearer, without NotBefore and Address (S42).
    private var subject: XMLTag {
        var qualifiers = [("Format", nameIDKind.format)]
        if nameIDKind == .persistent {
            qualifiers += [
                ("NameQualifier", identityProvider.entityID.text), ("SPNameQualifier", back.serviceProvider.entityID.text),
            ]
        }
        let data = saml(
            "SubjectConfirmationData",
            [("InResponseTo", back.inResponseTo), ("NotOnOrAfter", expires), ("Recipient", back.consumer.location)])
        return saml(
            "Subject", [],
            [
                .element(saml("NameID", qualifiers, [.text(nameID)])),
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
            [
                ("AuthnInstant", grant.facts.authenticatedAt.text), ("SessionIndex", grant.sessionIndex),
                ("SessionNotOnOrAfter", grant.sessionExpires.text),
            ],
            [.element(saml("AuthnContext", [], [.element(contextClass)]))])
    }

    /// NameFormat uri (SDP-IDP18), one AttributeValue each (SDP-IDP20), text without `xsi:type`, which would put a prefix into content
    /// (S49).
    private var attributeStatement: XMLTag {
        saml(
            "AttributeStatement", [],
            grant.attributes.map { attribute in
                .element(
                    saml(
                        "Attribute",
                        [
                            ("FriendlyName", attribute.source.rawValue), ("Name", attribute.source.samlName),
                            ("NameFormat", AttributeNameFormat.uri),
                        ],
                        [.element(saml("AttributeValue", [], [.text(attribute.text)]))]))
            })
    }

    private func saml(_ local: String, _ attributes: [(String, String)], _ children: [XMLNode] = []) -> XMLTag {
        XMLTag("saml", Namespace.assertion, local, attributes: attributes, children: children)
    }
}
