package import Cryptography
import Vocabulary
package import XML

/// Signs messages with one key. Everything that does not depend on the message is built once; a signature then costs one
/// serialization of the message, one digest, and the private-key operation. No XML is parsed.
package struct XMLSigner: Sendable {
    private let key: PrivateKey
    private let algorithm: SignatureAlgorithm
    private let digest: DigestAlgorithm
    private let shape: Shape
    /// SignedInfo standing alone, as it is signed: identifier, digest.
    private let signedInfo: XMLTemplate
    /// The whole signature, as it is sent: identifier, digest, value.
    private let signature: XMLTemplate

    /// `certificate` (DER) and `keyName` are put into KeyInfo for readers that match keys by them. `prefixes` are those that values of the
    /// signed content use (`xs:string`), for the InclusiveNamespaces of its transform (S55). Refuses an algorithm that XML Signature has
    /// no name for, SHA-1, or one that does not fit the key.
    package init(
        key: PrivateKey, algorithm: SignatureAlgorithm, certificate: [UInt8]? = nil, keyName: String? = nil, prefixes: [String] = []
    ) throws(XMLSignatureRefusal) {
        guard let uri = Algorithms.uri(of: algorithm), let digest = algorithm.digest, digest != .sha1 else {
            throw .algorithm("\(algorithm)")
        }
        guard algorithm.fits(key.publicKey.kind) else { throw .keyMissing }
        self.key = key
        self.algorithm = algorithm
        self.digest = digest
        shape = Shape(
            algorithm: uri, digest: Algorithms.uri(of: digest), keyInfo: XMLSigner.keyInfo(certificate, keyName),
            prefixes: prefixes.joined(separator: " "))
        signedInfo = XMLTemplate(XMLSigner.signedInfo(shape, [XMLTemplate.slot(0), XMLTemplate.slot(1)]))
        signature = XMLTemplate(XMLSigner.signature(shape, (0..<3).map(XMLTemplate.slot)))
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
        guard let value = try? key.sign(signedInfo.filled([identifier, digestValue]).bytes, algorithm, encoding: .raw) else {
            throw .signing
        }
        let values = [identifier, digestValue, Base64.encode(value)]
        return XMLTag.Insertion(bytes: signature.filled(values).bytes, prefixes: signature.prefixes) { [shape] in
            XMLSigner.signature(shape, values)
        }
    }

    /// The bytes of a filled template with `ds:Signature` at its `place`. `identifier` is the value of its root's `ID`.
    package func sign(
        _ template: XMLTemplate, _ values: [String], around inner: [UInt8] = [], identifier: String
    ) throws(XMLSignatureRefusal) -> [UInt8] {
        let content = template.filled(values, around: inner)
        guard Identifier.isName(identifier), let place = content.place, !template.prefixes.contains(where: signature.prefixes.contains)
        else {
            throw .identifier
        }
        let child = try signature(over: content.bytes, identifier: identifier).bytes
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.bytes.count + child.count)
        bytes += content.bytes[..<place]
        bytes += child
        bytes += content.bytes[place...]
        return bytes
    }

    /// What does not depend on the message.
    private struct Shape: Sendable {
        let algorithm: String
        let digest: String
        let keyInfo: [XMLNode]
        let prefixes: String
    }

    private static func signature(_ shape: Shape, _ values: [String]) -> XMLTag {
        ds("Signature", [.element(signedInfo(shape, values)), .element(ds("SignatureValue", [.text(values[2])]))] + shape.keyInfo)
    }

    private static func signedInfo(_ shape: Shape, _ values: [String]) -> XMLTag {
        let inclusive = XMLTag("ec", Algorithms.exclusive, "InclusiveNamespaces", attributes: [("PrefixList", shape.prefixes)])
        let transforms = ds(
            "Transforms",
            [
                named("Transform", Algorithms.enveloped),
                named("Transform", Algorithms.exclusive, shape.prefixes.isEmpty ? [] : [.element(inclusive)]),
            ])
        let reference = XMLTag(
            "ds", Algorithms.signatureNamespace, "Reference", attributes: [("URI", "#" + values[0])],
            children: [.element(transforms), named("DigestMethod", shape.digest), .element(ds("DigestValue", [.text(values[1])]))])
        return ds(
            "SignedInfo",
            [named("CanonicalizationMethod", Algorithms.exclusive), named("SignatureMethod", shape.algorithm), .element(reference)])
    }

    private static func keyInfo(_ certificate: [UInt8]?, _ name: String?) -> [XMLNode] {
        var items: [XMLNode] = []
        if let name { items.append(.element(ds("KeyName", [.text(name)]))) }
        if let certificate {
            items.append(.element(ds("X509Data", [.element(ds("X509Certificate", [.text(Base64.encode(certificate))]))])))
        }
        return items.isEmpty ? [] : [.element(ds("KeyInfo", items))]
    }

    private static func beginsWithIssuer(_ tag: XMLTag) -> Bool {
        guard case .element(let first) = tag.children.first else { return false }
        return first.local == "Issuer" && first.namespace == "urn:oasis:names:tc:SAML:2.0:assertion"
    }

    private static func ds(_ local: String, _ children: [XMLNode]) -> XMLTag {
        XMLTag("ds", Algorithms.signatureNamespace, local, children: children)
    }

    private static func named(_ local: String, _ algorithm: String, _ children: [XMLNode] = []) -> XMLNode {
        .element(
            XMLTag("ds", Algorithms.signatureNamespace, local, attributes: [("Algorithm", algorithm)], children: children))
    }
}
