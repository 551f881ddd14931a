package import Cryptography
import Vocabulary
package import XML

/// Signs messages with one key. Everything that does not depend on the message is built once; a signature then costs one
/// serialization of the message, one digest, and the private-key operation. No XML is parsed.
package struct XMLSigner: Sendable {
    private let key: PrivateKey
    private let algorithm: SignatureAlgorithm
    private let digest: DigestAlgorithm
    private let methods: [XMLNode]
    private let transforms: [XMLNode]
    private let keyInfo: [XMLNode]

    /// `certificate` (DER) is put into KeyInfo for readers that match keys by it. Refuses an algorithm that XML Signature has
    /// no name for, SHA-1, or one that does not fit the key.
    package init(
        key: PrivateKey, algorithm: SignatureAlgorithm, certificate: [UInt8]? = nil
    ) throws(XMLSignatureRefusal) {
        guard let uri = Algorithms.uri(of: algorithm), let digest = algorithm.digest, digest != .sha1 else {
            throw .algorithm("\(algorithm)")
        }
        guard algorithm.fits(key.publicKey.kind) else { throw .keyMissing }
        self.key = key
        self.algorithm = algorithm
        self.digest = digest
        methods = [
            XMLSigner.named("CanonicalizationMethod", Algorithms.exclusive), XMLSigner.named("SignatureMethod", uri),
        ]
        transforms = [
            XMLSigner.ds(
                "Transforms",
                [XMLSigner.named("Transform", Algorithms.enveloped), XMLSigner.named("Transform", Algorithms.exclusive)]),
            XMLSigner.named("DigestMethod", Algorithms.uri(of: digest)),
        ]
        keyInfo =
            certificate.map {
                [
                    XMLSigner.ds(
                        "KeyInfo",
                        [XMLSigner.ds("X509Data", [XMLSigner.ds("X509Certificate", [.text(Base64.encode($0))])])])
                ]
            } ?? []
    }

    /// The tag, frozen, with `ds:Signature` after its leading `saml:Issuer`, else as its first child (where SAML's and SAML
    /// metadata's schemas want it). Needs an `ID` attribute that is an NCName.
    package func sign(_ tag: XMLTag, insertAfterIssuer: Bool = true) throws(XMLSignatureRefusal) -> XMLTag {
        guard let identifier = tag.attribute("ID"), Identifier.isName(identifier) else { throw .identifier }
        let place = insertAfterIssuer && XMLSigner.beginsWithIssuer(tag) ? 1 : 0
        return try tag.inserting(at: place) { (content) throws(XMLSignatureRefusal) in
            try signature(over: content, identifier: identifier)
        }
    }

    private func signature(over content: [UInt8], identifier: String) throws(XMLSignatureRefusal) -> XMLTag {
        let digestValue = XMLSigner.ds("DigestValue", [.text(Base64.encode(Digest.compute(digest, content)))])
        let reference = XMLTag(
            "ds", Algorithms.signatureNamespace, "Reference", attributes: [("URI", "#" + identifier)],
            children: transforms + [digestValue])
        let signedInfo = XMLTag(
            "ds", Algorithms.signatureNamespace, "SignedInfo", children: methods + [.element(reference)])
        guard let value = try? key.sign(signedInfo.canonicalBytes(), algorithm, encoding: .raw) else { throw .signing }
        return XMLTag(
            "ds", Algorithms.signatureNamespace, "Signature",
            children: [.element(signedInfo), XMLSigner.ds("SignatureValue", [.text(Base64.encode(value))])] + keyInfo)
    }

    private static func beginsWithIssuer(_ tag: XMLTag) -> Bool {
        guard case .element(let first) = tag.children.first else { return false }
        return first.local == "Issuer" && first.namespace == "urn:oasis:names:tc:SAML:2.0:assertion"
    }

    private static func ds(_ local: String, _ children: [XMLNode]) -> XMLNode {
        .element(XMLTag("ds", Algorithms.signatureNamespace, local, children: children))
    }

    private static func named(_ local: String, _ algorithm: String) -> XMLNode {
        .element(XMLTag("ds", Algorithms.signatureNamespace, local, attributes: [("Algorithm", algorithm)]))
    }
}
