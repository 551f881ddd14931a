package import Cryptography
package import XML

/// The one form of signature that SAML allows (Core §5.4): a child of the signed element, with one reference to that element's
/// `ID`, exclusive canonicalization, enveloped.
package enum EnvelopedSignature {
    /// Some `ds:Signature` is a direct child of `root`. Says nothing about its worth.
    package static func isPresent(in root: XMLElement) -> Bool {
        root.child(Algorithms.ds("Signature")) != nil
    }

    /// The signed content of `root`, or the reason why there is none. `root` may be the message or an element inside it that is
    /// signed by itself (an Assertion); only that element is proven.
    ///
    /// The key comes from `keys`, never from the message; the algorithm must be in `allowed` and fit the key. `inSchemaPlace`
    /// false forgives a peer that puts its signature last; what is signed is decided by the Reference in any case (A4).
    /// `wholeDocument` accepts an empty Reference URI as well, for a `root` that is the document's, as most federations sign
    /// their metadata. One pass over the document for duplicate identifiers, one for the canonical form. Checklist A1–A15, C4.
    package static func verify(
        _ root: XMLElement, keys: [PublicKey], allowed: Set<SignatureAlgorithm> = .modernXMLSignatures,
        inSchemaPlace: Bool = true, wholeDocument: Bool = false
    ) throws(XMLSignatureRefusal) -> SignedElement {
        guard !keys.isEmpty else { throw isPresent(in: root) ? .keyMissing : .noSignature }
        return try unverified(root, allowed: allowed, inSchemaPlace: inSchemaPlace, wholeDocument: wholeDocument).verified(by: keys)
    }

    /// Everything of `verify` that needs no key.
    package static func unverified(
        _ root: XMLElement, allowed: Set<SignatureAlgorithm> = .modernXMLSignatures, inSchemaPlace: Bool = true,
        wholeDocument: Bool = false
    ) throws(XMLSignatureRefusal) -> UnverifiedSignature {
        let signatures = root.children(Algorithms.ds("Signature"))
        guard let signature = signatures.first else { throw .noSignature }
        guard signatures.count == 1 else { throw .severalSignatures }
        guard !inSchemaPlace || isInPlace(signature, in: root) else { throw .misplaced }
        let syntax = try SignatureSyntax(signature, allowed: allowed)
        let uri = syntax.reference.uri
        if uri.isEmpty {
            guard wholeDocument, root.isDocumentRoot else { throw .reference(uri) }
        } else {
            guard let identifier = root.attribute("ID"), Identifier.isName(identifier) else { throw .identifier }
            guard uri.utf8.elementsEqual("#\(identifier)".utf8) else { throw .reference(uri) }
            guard root.countInDocument(attributes: Identifier.attributes, valued: identifier) == 1 else { throw .duplicateID }
        }
        return try UnverifiedSignature(syntax, over: root)
    }

    /// Where the schemas of SAML messages, assertions and metadata have it: second after Issuer, else first (A4).
    private static func isInPlace(_ signature: XMLElement, in root: XMLElement) -> Bool {
        let children = root.children
        guard let first = children.first else { return false }
        if signature.isSame(as: first) { return true }
        return children.count > 1 && signature.isSame(as: children[1]) && first.name.local == "Issuer"
    }

    /// `tag` with a signature over it. See `XMLSigner`, which does the same with its constant parts made once.
    package static func sign(
        _ tag: XMLTag, insertAfterIssuer: Bool = true, key: PrivateKey, algorithm: SignatureAlgorithm,
        certificate: [UInt8]? = nil
    ) throws(XMLSignatureRefusal) -> XMLTag {
        try XMLSigner(key: key, algorithm: algorithm, certificate: certificate)
            .sign(tag, insertAfterIssuer: insertAfterIssuer)
    }
}
