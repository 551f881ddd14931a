package import Cryptography
package import XML

/// Plain XML signatures, as far as we speak them: one reference, to the whole document or to one element of it by identifier;
/// exclusive canonicalization; enveloped where the signature stands inside what it signs, enveloping allowed.
///
/// SAML never comes here (`EnvelopedSignature` is stricter). It lets plain signatures, the vectors of other projects among them,
/// be judged with the same parts.
package enum SameDocumentSignature {
    /// `signature` is a `ds:Signature` element somewhere in `document`.
    package static func verify(
        _ signature: XMLElement, in document: XMLDocument, keys: [PublicKey], allowed: Set<SignatureAlgorithm> = .modernXMLSignatures
    ) throws(XMLSignatureRefusal) -> SignedElement {
        try unverified(signature, in: document, allowed: allowed).verified(by: keys)
    }

    /// Everything of `verify` that needs no key.
    package static func unverified(
        _ signature: XMLElement, in document: XMLDocument, allowed: Set<SignatureAlgorithm> = .modernXMLSignatures
    ) throws(XMLSignatureRefusal) -> UnverifiedSignature {
        guard signature.isNamed(Algorithms.ds("Signature")) else { throw .noSignature }
        let syntax = try SignatureSyntax(signature, allowed: allowed, objects: true)
        let target = try target(of: syntax.reference.uri, in: document.root)
        return try UnverifiedSignature(syntax, over: target, enveloped: contains(target, signature))
    }

    private static func target(of uri: String, in root: XMLElement) throws(XMLSignatureRefusal) -> XMLElement {
        if uri.isEmpty { return root }
        let identifier = String(uri.dropFirst())
        guard uri.utf8.first == UInt8(ascii: "#"), Identifier.isName(identifier) else { throw .reference(uri) }
        var found: XMLElement?
        root.forEachInSubtree { element in
            if element.count(attributes: Identifier.attributes, valued: identifier) > 0 { found = element }
        }
        guard let target = found else { throw .reference(uri) }
        guard root.countInDocument(attributes: Identifier.attributes, valued: identifier) == 1 else { throw .duplicateID }
        return target
    }

    private static func contains(_ target: XMLElement, _ signature: XMLElement) -> Bool {
        var current: XMLElement? = signature
        while let element = current {
            if element.isSame(as: target) { return true }
            current = element.parent
        }
        return false
    }
}
