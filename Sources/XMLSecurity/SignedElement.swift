package import Cryptography
package import XML

/// Proof: the content seen through `element` was signed by the holder of `key`. The view cannot climb above the signed element
/// and does not show its enveloped signature, so what is read is what was signed (A1, A2, A9).
/// Made only by `UnverifiedSignature.verified(by:)`, below.
package struct SignedElement: Sendable {
    package let element: XMLElement
    package let algorithm: SignatureAlgorithm
    package let key: PublicKey

    fileprivate init(element: XMLElement, algorithm: SignatureAlgorithm, key: PublicKey) {
        self.element = element
        self.algorithm = algorithm
        self.key = key
    }
}

/// A signature of the right form over content that has the digest it claims, by a key that nobody has vouched for yet. It gives
/// no access to the content. What it shows is what a log or another verifier needs.
package struct UnverifiedSignature: Sendable {
    package let algorithm: SignatureAlgorithm
    /// The canonical SignedInfo.
    package let signedBytes: [UInt8]
    package let value: [UInt8]
    private let target: XMLElement
    /// The signature itself, which stands inside the target.
    private let hidden: XMLElement

    /// INVARIANT: `target` is what `syntax.reference.uri` names, and the only such element; callers establish it.
    init(_ syntax: SignatureSyntax, over target: XMLElement) throws(XMLSignatureRefusal) {
        guard syntax.reference.isEnveloped else { throw .transform("no enveloped-signature") }
        hidden = syntax.element
        self.target = target
        algorithm = syntax.algorithm
        value = syntax.value
        signedBytes = try syntax.canonicalization.bytes(of: syntax.signedInfo, comments: true)
        // A same-document reference selects no comments, whatever the canonicalization (XML Signature §4.4.3.3).
        let content = try syntax.reference.canonicalization.bytes(of: target, comments: false, excluding: hidden)
        guard ConstantTime.equal(Digest.compute(syntax.reference.digest, content), syntax.reference.value) else {
            throw .digest
        }
    }

    /// Each key of `keys` that fits the algorithm is tried; the message has no say in which (A15).
    package func verified(by keys: [PublicKey]) throws(XMLSignatureRefusal) -> SignedElement {
        let candidates = keys.filter { algorithm.fits($0.kind) }
        guard !candidates.isEmpty else { throw .keyMissing }
        for key in candidates where key.verifies(value, over: signedBytes, algorithm, encoding: .raw) {
            return SignedElement(element: target.view(hiding: hidden), algorithm: algorithm, key: key)
        }
        throw .signature
    }
}

/// Identifiers, compared by bytes.
enum Identifier {
    /// Names under which some schema or some sloppy reader finds an identifier (A2).
    static let attributes = ["ID", "Id", "id", "iD", "AssertionID", "RequestID", "ResponseID"]

    /// ASCII part of NCName, plus any non-ASCII character: enough to keep quotes and markup out (A14).
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 256 else { return false }
        let isStart = first >= 0x80 || first == UInt8(ascii: "_") || isLetter(first)
        return isStart
            && text.utf8.allSatisfy {
                $0 >= 0x80 || isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
                    || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
            }
    }

    /// The one element of the document that carries the identifier, under whichever name (A2).
    static func only(_ identifier: String, in root: XMLElement) throws(XMLSignatureRefusal) -> XMLElement {
        guard isName(identifier) else { throw .reference("#" + identifier) }
        var found: XMLElement?
        root.forEachInSubtree { if $0.count(attributes: attributes, valued: identifier) > 0 { found = $0 } }
        guard let found else { throw .reference("#" + identifier) }
        guard root.countInDocument(attributes: attributes, valued: identifier) == 1 else { throw .duplicateID }
        return found
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }
}
