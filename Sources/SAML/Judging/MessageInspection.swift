package import Cryptography
package import Vocabulary
import XML
import XMLSecurity

/// Everything that can be said of a pasted message without believing it.
package struct MessageInspection: Sendable {
    package struct Signature: Sendable {
        package let element: String
        package let id: String
        package let algorithm: String
        /// Why it is no signature that SAML allows; nil when its form is right and the digest fits the content.
        package let fault: Explanation?
        /// DER, of KeyInfo. Anybody can put one there.
        package let certificates: [[UInt8]]
        /// Whether one of them made it: says that nothing was changed since, not who made it. Nil when none can be read.
        package let fitsCertificate: Bool?
    }

    package let purpose: String?
    package let claims: MessageClaims
    package let signatures: [Signature]
    /// Element and algorithms of what is encrypted.
    package let encrypted: [(element: String, algorithms: [String])]
    package let parts: [MessagePart]
    /// Nil where the document cannot be read; `refusal` says why.
    package let refusal: MessageVerdict.Refusal?
    /// What is wrong whatever is known of the sender: each would refuse the message where it counts.
    package let findings: [MessageVerdict.Refusal]
    /// Keys of the certificates in the message, to judge what would follow if they were trusted.
    package let embeddedKeys: [PublicKey]

    package init(_ pasted: PastedMessage, revealing: Bool) {
        let document: XMLElement
        do {
            let limits: XMLLimits = pasted.form == .metadata ? .metadata : .message
            document = try XMLDocument(parsing: pasted.xml, limits: limits).root
        } catch {
            (purpose, claims, signatures, encrypted, parts, findings, embeddedKeys) = (nil, MessageClaims(), [], [], [], [], [])
            let reason = SAMLRefusal.Reason.xml(error)
            refusal = MessageVerdict.Refusal(.xml, reason.explanation)
            return
        }
        refusal = nil
        let root = Self.message(in: document)
        purpose = MessageGuide.purpose(of: root.name.local)
        claims = MessageClaims(root)
        parts = MessageGuide.parts(of: root, revealing: revealing)
        var signatures: [Signature] = []
        var encrypted: [(element: String, algorithms: [String])] = []
        var keys: [PublicKey] = []
        document.forEachInSubtree { element in
            if element.isNamed(.signature("Signature")), signatures.count < 16 {
                let found = Self.signature(element, isMetadata: pasted.form == .metadata)
                signatures.append(found.signature)
                keys += found.keys
            }
            if element.isNamed(XMLName("http://www.w3.org/2001/04/xmlenc#", "EncryptedData")), encrypted.count < 16 {
                var algorithms: [String] = []
                element.parent.map {
                    $0.forEachInSubtree { inner in
                        if let uri = inner.attribute("Algorithm"), algorithms.count < 16 { algorithms.append(uri) }
                    }
                }
                encrypted.append((element.parent?.name.local ?? element.name.local, algorithms))
            }
        }
        self.signatures = signatures
        self.encrypted = encrypted
        embeddedKeys = keys
        var findings: [MessageVerdict.Refusal] = []
        for fault in signatures.compactMap(\.fault) { findings.append(MessageVerdict.Refusal(.signature, fault)) }
        for algorithm in encrypted.flatMap(\.algorithms) where Self.refused.contains(where: algorithm.hasSuffix) {
            let refusal = XMLEncryptionRefusal.algorithm(algorithm).explanation
            if !findings.contains(where: { $0.explanation == refusal }) { findings.append(MessageVerdict.Refusal(.encryption, refusal)) }
        }
        self.findings = findings
    }

    /// Encryption that is refused, the CBC ciphers unless a member's operator allows them.
    private static let refused = ["#rsa-1_5", "#tripledes-cbc", "#aes128-cbc", "#aes192-cbc", "#aes256-cbc"]

    private static func message(in root: XMLElement) -> XMLElement {
        guard root.name.local == "Envelope", let body = root.children.last, let first = body.children.first else { return root }
        return first
    }

    private static func signature(_ element: XMLElement, isMetadata: Bool) -> (signature: Signature, keys: [PublicKey]) {
        var certificates: [[UInt8]] = []
        element.forEachInSubtree { inner in
            guard inner.isNamed(.signature("X509Certificate")), certificates.count < 8 else { return }
            if let der = Base64.decodeLenient(inner.text) { certificates.append(der) }
        }
        let keys = certificates.compactMap { try? Certificate(der: $0).publicKey }
        let method = element.child(.signature("SignedInfo"))?.child(.signature("SignatureMethod"))?.attribute("Algorithm") ?? ""
        guard let signed = element.parent else {
            return (
                Signature(
                    element: "nothing", id: "", algorithm: method, fault: XMLSignatureRefusal.misplaced.explanation,
                    certificates: certificates,
                    fitsCertificate: nil), keys
            )
        }
        var fault: Explanation?
        var fits: Bool?
        do throws(XMLSignatureRefusal) {
            let unverified = try EnvelopedSignature.unverified(
                signed, allowed: Set<SignatureAlgorithm>.modernXMLSignatures.union([.rsaPKCS1(.sha1), .ecdsa(.sha1)]),
                wholeDocument: isMetadata)
            if !keys.isEmpty { fits = (try? unverified.verified(by: keys)) != nil }
            if !Set<SignatureAlgorithm>.modernXMLSignatures.contains(unverified.algorithm) {
                fault = XMLSignatureRefusal.algorithm(method).explanation
            }
        } catch { fault = error.explanation }
        return (
            Signature(
                element: signed.name.local, id: signed.attribute("ID") ?? "", algorithm: method, fault: fault, certificates: certificates,
                fitsCertificate: fits), keys
        )
    }
}
