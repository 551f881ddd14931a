package import Cryptography
import Vocabulary
package import XML

/// Signs messages with one key. Everything that does not depend on the message is built once; a signature then costs one
/// serialization of the message, one digest, and the private-key operation. No XML is parsed.
package struct XMLSigner: Sendable {
    private let key: PrivateKey
    private let algorithm: SignatureAlgorithm
    private let digest: DigestAlgorithm
    private let keyInfo: [XMLNode]
    /// SignedInfo standing alone, as it is signed: identifier, digest.
    private let signedInfo: XMLTemplate
    /// The whole signature, as it is sent: identifier, digest, value.
    private let signature: XMLTemplate

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
        keyInfo = certificate.map { [.element(XMLSigner.keyInfo($0))] } ?? []
        signedInfo = XMLTemplate(XMLSigner.signedInfo(uri, digest, [XMLTemplate.slot(0), XMLTemplate.slot(1)]))
        signature = XMLTemplate(XMLSigner.signature(uri, digest, (0..<3).map(XMLTemplate.slot), keyInfo))
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

    private func signature(over content: [UInt8], identifier: String) throws(XMLSignatureRefusal) -> XMLTag.Insertion {
        let digestValue = Base64.encode(Digest.compute(digest, content))
        guard let value = try? key.sign(signedInfo.filled([identifier, digestValue]), algorithm, encoding: .raw),
            let uri = Algorithms.uri(of: algorithm)
        else { throw .signing }
        let values = [identifier, digestValue, Base64.encode(value)]
        return XMLTag.Insertion(bytes: signature.filled(values), prefixes: signature.prefixes) { [digest, keyInfo] in
            XMLSigner.signature(uri, digest, values, keyInfo)
        }
    }

    private static func signature(_ uri: String, _ digest: DigestAlgorithm, _ values: [String], _ keyInfo: [XMLNode]) -> XMLTag {
        ds("Signature", [.element(signedInfo(uri, digest, values)), .element(ds("SignatureValue", [.text(values[2])]))] + keyInfo)
    }

    private static func signedInfo(_ uri: String, _ digest: DigestAlgorithm, _ values: [String]) -> XMLTag {
        let transforms = ds("Transforms", [named("Transform", Algorithms.enveloped), named("Transform", Algorithms.exclusive)])
        let reference = XMLTag(
            "ds", Algorithms.signatureNamespace, "Reference", attributes: [("URI", "#" + values[0])],
            children: [
                .element(transforms), named("DigestMethod", Algorithms.uri(of: digest)), .element(ds("DigestValue", [.text(values[1])])),
            ])
        return ds(
            "SignedInfo", [named("CanonicalizationMethod", Algorithms.exclusive), named("SignatureMethod", uri), .element(reference)])
    }

    private static func keyInfo(_ certificate: [UInt8]) -> XMLTag {
        ds("KeyInfo", [.element(ds("X509Data", [.element(ds("X509Certificate", [.text(Base64.encode(certificate))]))]))])
    }

    private static func beginsWithIssuer(_ tag: XMLTag) -> Bool {
        guard case .element(let first) = tag.children.first else { return false }
        return first.local == "Issuer" && first.namespace == "urn:oasis:names:tc:SAML:2.0:assertion"
    }

    private static func ds(_ local: String, _ children: [XMLNode]) -> XMLTag {
        XMLTag("ds", Algorithms.signatureNamespace, local, children: children)
    }

    private static func named(_ local: String, _ algorithm: String) -> XMLNode {
        .element(XMLTag("ds", Algorithms.signatureNamespace, local, attributes: [("Algorithm", algorithm)]))
    }
}
