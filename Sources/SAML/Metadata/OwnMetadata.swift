import Cryptography
package import TrustFramework
package import Vocabulary
import XML
import XMLSecurity

extension IdentityProvider {
    /// Our metadata, signed, good until `now` + `lifetimes.metadata` (M1, M2). It lists only what is true: the algorithms we accept and
    /// use (IIP-MD09), our keys in the configured order, every address, the first class of each context of the ladder, the attributes we know.
    ///
    /// Equal input gives equal bytes (but for ECDSA's randomness); give a moment rounded to the hour to keep the document stable between
    /// requests, and the very moment as `keysAt`. `first`, the fingerprint of one of our certificates, puts that key before all others: for a member that is pinned to it.
    package func metadata(
        at now: Timestamp, keysAt moment: Timestamp? = nil, ladder: AssuranceLadder, first: String? = nil
    ) throws(AnswerFailure) -> [UInt8] {
        let moment = moment ?? now
        let id = "_" + Hexadecimal.encode(Digest.sha256(Array((entityID.text + " " + now.text).utf8)).prefix(20))
        let published = signingKeys.published(at: moment)
        let keys = (published.filter { $0.fingerprint == first } + published.filter { $0.fingerprint != first }).map {
            XMLNode.keyDescriptor("signing", $0.certificateText)
        }
        let encrypting = encryption.filter { $0.life.state(at: moment) == .current }.map {
            XMLNode.keyDescriptor("encryption", $0.certificateText, EncryptionMethods.of($0.key.publicKey.kind))
        }
        var children = [XMLNode.element(extensions(ladder)), .element(role(keys + encrypting)), .element(authority(keys + encrypting))]
        if let organization = details.organization { children.append(.element(organization.tag)) }
        children += details.contacts.map { .element($0.tag) }
        let entity = XMLTag(
            "md", Namespace.metadata, "EntityDescriptor",
            attributes: [
                ("ID", id), ("entityID", entityID.text), ("validUntil", now.adding(seconds: lifetimes.metadata).text),
                ("cacheDuration", "PT\(lifetimes.metadataCache)S"),
            ],
            children: children)
        return try metadataSigner(at: moment).signed(entity).canonicalBytes()
    }

    /// What our metadata is signed with: a key of its own where the deployment has one (M20) and it has come into use, else the message key.
    package func metadataSigner(at now: Timestamp) -> SAMLSigningKey {
        guard let metadataKeys, metadataKeys.hasCurrent(at: now) else { return signingKeys.signer(at: now) }
        return metadataKeys.signer(at: now)
    }

    /// When the document has to be made anew though nobody changed a file: the next moment at which a key begins, steps back or goes.
    package func nextKeyEvent(after now: Timestamp) -> Timestamp? {
        let lives = signingKeys.keys.map(\.life) + (metadataKeys?.keys.map(\.life) ?? []) + encryption.map(\.life)
        return lives.flatMap { [$0.from, $0.succeeded, $0.until, $0.revoked] }.compactMap(\.self).filter { $0 > now }.min()
    }

    private func extensions(_ ladder: AssuranceLadder) -> XMLTag {
        var children: [XMLNode] = MessageAlgorithm.digests.map {
            .element(XMLTag("alg", Namespace.algorithms, "DigestMethod", attributes: [("Algorithm", $0)]))
        }
        children += MessageAlgorithm.all.map {
            .element(XMLTag("alg", Namespace.algorithms, "SigningMethod", attributes: [("Algorithm", $0.identifier)]))
        }
        if let authority = details.registrationAuthority {
            children.append(
                .element(
                    XMLTag(
                        "mdrpi", OwnNamespace.registration, "RegistrationInfo", attributes: [("registrationAuthority", authority)])))
        }
        // SAML V2.0 Identity Assurance Profiles §3: the levels this identity provider can assert.
        var attributes = details.entityAttributes
        let classes = ladder.contexts.compactMap(\.samlClasses.first)
        if !classes.isEmpty { attributes[OwnNamespace.certification, default: []] += classes }
        if !attributes.isEmpty {
            let tags = attributes.sorted { $0.key < $1.key }.map { name, values in
                XMLNode.element(
                    XMLTag(
                        "saml", Namespace.assertion, "Attribute", attributes: [("Name", name), ("NameFormat", AttributeNameFormat.uri)],
                        children: values.map { .element(XMLTag("saml", Namespace.assertion, "AttributeValue", text: $0)) }))
            }
            children.append(.element(XMLTag("mdattr", Namespace.attributes, "EntityAttributes", children: tags)))
        }
        return XMLTag("md", Namespace.metadata, "Extensions", children: children)
    }

    /// In the order of the schema (SAML Metadata §2.4.3).
    private func role(_ keys: [XMLNode]) -> XMLTag {
        var children = roleExtensions(withNames: true) + keys
        children.append(.service("ArtifactResolutionService", OwnNamespace.soap, endpoints.artifactResolution, index: 0))
        children += [
            .service("SingleLogoutService", Binding.redirect, endpoints.singleLogoutRedirect),
            .service("SingleLogoutService", Binding.post, endpoints.singleLogoutPost),
            .service("SingleLogoutService", OwnNamespace.soap, endpoints.singleLogoutSOAP),
        ]
        children += formats
        children += [
            .service("SingleSignOnService", Binding.redirect, endpoints.singleSignOnRedirect),
            .service("SingleSignOnService", Binding.post, endpoints.singleSignOnPost),
            // Behind the two that everybody speaks: some software takes the first it knows.
            .service("SingleSignOnService", Binding.artifact, endpoints.singleSignOnPost),
        ]
        children += attributes
        return XMLTag(
            "md", Namespace.metadata, "IDPSSODescriptor",
            attributes: roleAttributes + [("WantAuthnRequestsSigned", wantAuthnRequestsSigned ? "true" : "false")], children: children)
    }

    /// SAML Metadata §2.4.7: who answers attribute queries, with the same keys.
    private func authority(_ keys: [XMLNode]) -> XMLTag {
        XMLTag(
            "md", Namespace.metadata, "AttributeAuthorityDescriptor", attributes: roleAttributes,
            children: roleExtensions(withNames: false) + keys
                + [.service("AttributeService", OwnNamespace.soap, endpoints.attributeQuery)] + formats + attributes)
    }

    private var roleAttributes: [(String, String)] {
        [("protocolSupportEnumeration", Namespace.protocol)] + (details.errorURL.map { [("errorURL", $0)] } ?? [])
    }

    private var formats: [XMLNode] {
        [NameIDFormat.persistent, NameIDFormat.transient].map {
            .element(XMLTag("md", Namespace.metadata, "NameIDFormat", text: $0))
        }
    }

    /// What a member may ask for: the attributes of policy, and the subject identifiers where the deployment has a scope for them.
    private var attributes: [XMLNode] {
        let subjects = scope == nil ? [] : [(SubjectIdentifierName.pairwise, "pairwise-id"), (SubjectIdentifierName.general, "subject-id")]
        return (AttributeSource.allCases.map { ($0.samlName, $0.rawValue) } + subjects).map { name, friendly in
            .element(
                XMLTag(
                    "saml", Namespace.assertion, "Attribute",
                    attributes: [("Name", name), ("NameFormat", AttributeNameFormat.uri), ("FriendlyName", friendly)]))
        }
    }

    /// `shibmd:Scope` (SDP-IDP14: no regular expression), and what discovery pages show.
    private func roleExtensions(withNames: Bool) -> [XMLNode] {
        var children = details.scopes.map {
            XMLNode.element(XMLTag("shibmd", OwnNamespace.scope, "Scope", attributes: [("regexp", "false")], children: [.text($0)]))
        }
        let shown =
            XMLNode.inLanguages("mdui", OwnNamespace.interface, "DisplayName", details.displayNames)
            + XMLNode.inLanguages("mdui", OwnNamespace.interface, "Description", details.descriptions)
            + XMLNode.inLanguages("mdui", OwnNamespace.interface, "InformationURL", details.informationURLs)
            + XMLNode.inLanguages("mdui", OwnNamespace.interface, "PrivacyStatementURL", details.privacyURLs)
        if withNames, !shown.isEmpty {
            children.append(.element(XMLTag("mdui", OwnNamespace.interface, "UIInfo", children: shown)))
        }
        return children.isEmpty ? [] : [.element(XMLTag("md", Namespace.metadata, "Extensions", children: children))]
    }
}

enum OwnNamespace {
    static let soap = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
    static let interface = "urn:oasis:names:tc:SAML:metadata:ui"
    static let registration = "urn:oasis:names:tc:SAML:metadata:rpi"
    static let scope = "urn:mace:shibboleth:metadata:1.0"
    static let refeds = "http://refeds.org/metadata"
    static let certification = "urn:oasis:names:tc:SAML:attribute:assurance-certification"
}
