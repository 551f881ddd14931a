import SignOn
import TrustFramework
import Vocabulary
import XML
import XMLSecurity

/// What an Assertion says (SAML Core §2.3.3, Profiles §4.1.4.2): one AuthnStatement, at most one AttributeStatement (S41).
struct AssertionContent {
    let id: String
    let issuedAt: Timestamp
    /// Nil in an assertion without NameID.
    let name: MemberName?
    let contextClass: String
    let grant: Grant
    let attributes: [AttributeRelease.Item]
    let back: ProvenReturn
    let identityProvider: IdentityProvider

    /// The assertion as it stands alone, signed by `key` where there is one.
    func bytes(signedBy key: SAMLSigningKey?) throws(AnswerFailure) -> [UInt8] {
        let provider = back.serviceProvider
        let form = AssertionForm(
            issuer: identityProvider.entityID.text, name: name, attributes: attributes, answersRequest: back.inResponseTo != nil)
        let template = provider.preparation.assertion(form) { form.template(for: provider) }
        guard let key else { return template.filled(values).bytes }
        return try key.signed(template, values, identifier: id, as: provider.options)
    }

    /// In the order of `AssertionForm.Value`, the attributes' behind them.
    private var values: [String] {
        let lifetimes = identityProvider.lifetimes
        let issued = issuedAt.wholeSeconds
        var values = [
            id, issued.text, issued.adding(seconds: lifetimes.assertion).text, issued.adding(seconds: -lifetimes.backdating).text,
            name?.text ?? "", back.consumer.location, contextClass, grant.facts.authenticatedAt.wholeSeconds.text, grant.sessionIndex,
            grant.sessionExpires.wholeSeconds.text, back.inResponseTo ?? "", back.serviceProvider.entityID.text,
            name?.spNameQualifier ?? "",
        ]
        for attribute in attributes { values += attribute.values }
        return values
    }
}

extension XMLTag {
    /// One AttributeValue each, but for attributes that have several values (SDP-IDP20).
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
                    item.values.map { .element(value($0, type)) })
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
    /// `.untold`: what the member was told instead of a NameID, under the name of the attribute, so that its LogoutRequest can say whom it
    /// means; where it was told nothing, a name that nobody else knows.
    init(
        _ kind: NameIDKind, of grant: Grant, for provider: ServiceProvider, from identityProvider: IdentityProvider,
        releasing release: AttributeRelease
    ) {
        switch kind {
        case .persistent:
            self = .nameID(
                grant.pairwise.text, format: kind.format, nameQualifier: identityProvider.entityID.text,
                spNameQualifier: provider.entityID.text)
        case .unspecified: self = .nameID(grant.pairwise.text, format: kind.format)
        case .transient: self = .nameID(grant.tie.transientName(for: provider.entityID), format: kind.format)
        case .untold:
            if let told = release.subjectIdentifier, let text = told.values.first {
                self = .nameID(text, format: told.name)
            } else {
                self = .nameID(grant.tie.transientName(for: provider.entityID), format: NameIDFormat.untold)
            }
        }
    }

    /// No assertion had it as its NameID: there is nothing that a LogoutRequest of ours could repeat (SAML Core §3.7.1).
    package var isUntold: Bool {
        format == NameIDFormat.untold || format == SubjectIdentifierName.pairwise || format == SubjectIdentifierName.general
    }

    var tag: XMLTag {
        let attributes = [("Format", format), ("NameQualifier", nameQualifier), ("SPNameQualifier", spNameQualifier)]
        return XMLTag(
            "saml", Namespace.assertion, "NameID", attributes: attributes.compactMap { name, value in value.map { (name, $0) } },
            children: [.text(text)])
    }
}
