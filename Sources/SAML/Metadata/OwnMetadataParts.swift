import Cryptography
import XML

extension XMLNode {
    static func keyDescriptor(_ use: String, _ certificate: String, _ methods: [XMLNode] = []) -> XMLNode {
        let data = XMLTag(
            "ds", Namespace.signature, "X509Data",
            children: [.element(XMLTag("ds", Namespace.signature, "X509Certificate", text: certificate))])
        return .element(
            XMLTag(
                "md", Namespace.metadata, "KeyDescriptor", attributes: [("use", use)],
                children: [.element(XMLTag("ds", Namespace.signature, "KeyInfo", children: [.element(data)]))] + methods))
    }

    static func service(_ name: String, _ binding: String, _ location: String, index: Int? = nil) -> XMLNode {
        var attributes = [("Binding", binding), ("Location", location)]
        if let index { attributes += [("index", String(index)), ("isDefault", "true")] }
        return .element(XMLTag("md", Namespace.metadata, name, attributes: attributes))
    }

    /// One element for each language, in the order of their tags.
    static func inLanguages(_ prefix: String, _ namespace: String, _ name: String, _ texts: [String: String]) -> [XMLNode] {
        texts.sorted { $0.key < $1.key }.map { language, text in
            .element(
                XMLTag(prefix, namespace, name, attributes: [("xml:lang", language)], children: [.text(text)]))
        }
    }
}

extension PublishedDetails.Organization {
    var tag: XMLTag {
        XMLTag(
            "md", Namespace.metadata, "Organization",
            children: XMLNode.inLanguages("md", Namespace.metadata, "OrganizationName", names)
                + XMLNode.inLanguages("md", Namespace.metadata, "OrganizationDisplayName", displayNames)
                + XMLNode.inLanguages("md", Namespace.metadata, "OrganizationURL", urls))
    }
}

extension PublishedDetails.Contact {
    var tag: XMLTag {
        func item(_ name: String, _ text: String) -> XMLNode { .element(XMLTag("md", Namespace.metadata, name, text: text)) }
        var children: [XMLNode] = []
        if let company { children.append(item("Company", company)) }
        if let givenName { children.append(item("GivenName", givenName)) }
        if let surname { children.append(item("SurName", surname)) }
        children += emails.map { item("EmailAddress", "mailto:" + $0) } + phones.map { item("TelephoneNumber", $0) }
        guard kind == .security else {
            return XMLTag("md", Namespace.metadata, "ContactPerson", attributes: [("contactType", kind.rawValue)], children: children)
        }
        // REFEDS security contacts: an attribute of their own beside the schema's `other`.
        return XMLTag(
            "md", Namespace.metadata, "ContactPerson",
            attributes: [("contactType", "other"), ("remd:contactType", OwnNamespace.refeds + "/contactType/security")],
            namespaces: [("remd", OwnNamespace.refeds)], children: children)
    }
}

/// `md:EncryptionMethod`: what can be decrypted here, the best first (IIP-MD09). No CBC and no RSA 1.5, which others would then choose.
enum EncryptionMethods {
    static func of(_ kind: KeyKind) -> [XMLNode] {
        let content = ["http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2009/xmlenc11#aes128-gcm"].map { method($0) }
        switch kind {
        case .rsa:
            let digests = ["http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"]
            return content
                + [
                    // Without an MGF, which means MGF1 with SHA-1 (XML Encryption 1.1 §5.5.2): federations check metadata by schemas that
                    // do not know the element and refuse the whole document for it (pyFF). Every pair is decrypted here.
                    method("http://www.w3.org/2009/xmlenc11#rsa-oaep", digest: digests[0]),
                    // The pair that every service provider reads (SDP-MD08); nothing is asked of SHA-1 here that it cannot give.
                    method("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", digest: digests[1]),
                ]
        case .ec:
            return content
                + [
                    method("http://www.w3.org/2009/xmlenc11#ECDH-ES"), method("http://www.w3.org/2001/04/xmlenc#kw-aes256"),
                    method("http://www.w3.org/2001/04/xmlenc#kw-aes128"),
                ]
        case .ed25519, .x25519: return []
        }
    }

    private static func method(_ identifier: String, digest: String? = nil) -> XMLNode {
        let children = digest.map { [XMLNode.element(XMLTag("ds", Namespace.signature, "DigestMethod", attributes: [("Algorithm", $0)]))] }
        return .element(
            XMLTag("md", Namespace.metadata, "EncryptionMethod", attributes: [("Algorithm", identifier)], children: children ?? []))
    }
}
