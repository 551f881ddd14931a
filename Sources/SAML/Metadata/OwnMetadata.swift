import Cryptography
package import TrustFramework
package import Vocabulary
import XML
import XMLSecurity

extension IdentityProvider {
    /// Our metadata, signed, good until `now` + `lifetimes.metadata` (M1, M2). It lists only what is true: the algorithms we accept and
    /// use (IIP-MD09), two NameID formats, the two bindings, the first class of each context of the ladder, the attributes we know.
    ///
    /// Equal input gives equal bytes; give a moment rounded to the hour to keep the document stable between requests.
    package func metadata(at now: Timestamp, ladder: AssuranceLadder) throws(AnswerFailure) -> [UInt8] {
        let id = "_" + Hexadecimal.encode(Digest.sha256(Array((entityID.text + " " + now.text).utf8)).prefix(20))
        let entity = XMLTag(
            "md", Namespace.metadata, "EntityDescriptor",
            attributes: [
                ("ID", id), ("entityID", entityID.text), ("validUntil", now.adding(seconds: lifetimes.metadata).text),
                ("cacheDuration", "PT\(lifetimes.metadataCache)S"),
            ],
            children: [.element(extensions(ladder)), .element(role)])
        return try signingKey.signed(entity).canonicalBytes()
    }

    private func extensions(_ ladder: AssuranceLadder) -> XMLTag {
        var children: [XMLNode] = MessageAlgorithm.digests.map {
            .element(XMLTag("alg", Namespace.algorithms, "DigestMethod", attributes: [("Algorithm", $0)]))
        }
        children += MessageAlgorithm.all.map {
            .element(XMLTag("alg", Namespace.algorithms, "SigningMethod", attributes: [("Algorithm", $0.identifier)]))
        }
        let classes = ladder.contexts.compactMap(\.samlClasses.first)
        if !classes.isEmpty {
            // SAML V2.0 Identity Assurance Profiles §3: the levels this identity provider can assert.
            let attribute = XMLTag(
                "saml", Namespace.assertion, "Attribute",
                attributes: [
                    ("Name", "urn:oasis:names:tc:SAML:attribute:assurance-certification"), ("NameFormat", AttributeNameFormat.uri),
                ],
                children: classes.map { .element(XMLTag("saml", Namespace.assertion, "AttributeValue", text: $0)) })
            children.append(
                .element(XMLTag("mdattr", Namespace.attributes, "EntityAttributes", children: [.element(attribute)])))
        }
        return XMLTag("md", Namespace.metadata, "Extensions", children: children)
    }

    private var role: XMLTag {
        // Many service providers read only the first key (M3): the one that signs stands first.
        var children: [XMLNode] = ([signingKey.certificateText] + upcomingCertificates.map { Base64.encode($0) }).map { text in
            let data = XMLTag(
                "ds", Namespace.signature, "X509Data",
                children: [.element(XMLTag("ds", Namespace.signature, "X509Certificate", text: text))])
            return .element(
                XMLTag(
                    "md", Namespace.metadata, "KeyDescriptor", attributes: [("use", "signing")],
                    children: [.element(XMLTag("ds", Namespace.signature, "KeyInfo", children: [.element(data)]))]))
        }
        children += [NameIDFormat.persistent, NameIDFormat.transient].map {
            .element(XMLTag("md", Namespace.metadata, "NameIDFormat", text: $0))
        }
        children += [(Binding.redirect, singleSignOnRedirect), (Binding.post, singleSignOnPost)].map { binding, location in
            .element(
                XMLTag("md", Namespace.metadata, "SingleSignOnService", attributes: [("Binding", binding), ("Location", location)]))
        }
        children += AttributeSource.allCases.map {
            .element(
                XMLTag(
                    "saml", Namespace.assertion, "Attribute",
                    attributes: [("Name", $0.samlName), ("NameFormat", AttributeNameFormat.uri), ("FriendlyName", $0.rawValue)]))
        }
        return XMLTag(
            "md", Namespace.metadata, "IDPSSODescriptor",
            attributes: [
                ("protocolSupportEnumeration", Namespace.protocol), ("WantAuthnRequestsSigned", wantAuthnRequestsSigned ? "true" : "false"),
            ],
            children: children)
    }
}
