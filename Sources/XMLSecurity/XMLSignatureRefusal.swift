package import Vocabulary

/// Why a signature proved nothing, or could not be made. Verification throws; it never answers with a Boolean (A17, A18).
package enum XMLSignatureRefusal: Error, Hashable, Sendable {
    /// The element has no `ds:Signature` child of its own.
    case noSignature
    /// More than one `ds:Signature` child, or one inside another (A5, A6).
    case severalSignatures
    /// The signature does not stand where the schema has it: after Issuer, else first (A4).
    case misplaced
    /// A part is missing, repeated, out of order, unknown, or has text where none belongs; the part's name.
    case malformed(String)
    /// The URI of a signature, digest or canonicalization algorithm that is not allowed (A15; SHA-1 by default).
    case algorithm(String)
    /// The Reference's URI: zero or several references, or one that does not name the element (A1–A5).
    case reference(String)
    /// A transform outside {enveloped, exclusive canonicalization}, repeated, out of order, or a required one is missing (C4).
    case transform(String)
    /// The element has no `ID` attribute, or its value is not an NCName (A14).
    case identifier
    /// Another element carries the same identifier (A2).
    case duplicateID
    /// The canonical form does not exist (A10).
    case canonicalization
    /// The content was changed after signing.
    case digest
    /// No given key made this signature.
    case signature
    /// No key at all, or none of the type that the algorithm needs (A15).
    case keyMissing
    /// The private key could not sign with the chosen algorithm.
    case signing
}

extension XMLSignatureRefusal {
    /// For the relying party's developer; repeats only what the peer itself sent.
    package var explanation: Explanation {
        switch self {
        case .noSignature:
            explain("absent", "the message carries no signature of its own", remedy: "sign the message's root element")
        case .severalSignatures:
            explain("several", "more than one signature stands where one is allowed", remedy: "sign each element once")
        case .misplaced:
            explain("misplaced", "the signature does not stand where the schema has it", remedy: "put it directly after Issuer")
        case .malformed(let part):
            explain("malformed", "the signature is not built as the schema says", ("part", part), clause: "XML Signature §4")
        case .algorithm(let uri):
            explain(
                "algorithm", "the algorithm is not accepted", ("algorithm", uri),
                remedy: "use RSA or ECDSA with SHA-256 or stronger, and exclusive canonicalization")
        case .reference(let uri):
            explain(
                "reference", "the signature does not refer to exactly the element that carries it", ("URI", uri),
                remedy: "use one Reference whose URI is `#` and the ID of the signed element")
        case .transform(let uri):
            explain(
                "transform", "only the enveloped signature and exclusive canonicalization transforms are accepted",
                ("Transform", uri), clause: "SAML Core §5.4.4", remedy: "use these two transforms, in this order")
        case .identifier:
            explain("identifier", "the signed element has no usable ID", clause: "SAML Core §5.4.2", remedy: "give it an ID")
        case .duplicateID:
            explain("duplicate-id", "two elements carry the same identifier", clause: "SAML Core §1.3.4")
        case .canonicalization:
            explain(
                "canonicalization", "the content has no canonical form", clause: "Exclusive XML Canonicalization §3",
                remedy: "use absolute namespace names")
        case .digest:
            explain("digest", "the content is not the content that was signed", remedy: "send the signed bytes unchanged")
        case .signature:
            explain("value", "none of the registered keys made this signature", remedy: "register the current signing key")
        case .keyMissing:
            explain("key", "no registered key fits the signature's algorithm", remedy: "register a signing key of that type")
        case .signing:
            explain("signing", "our signing key could not sign", remedy: "tell the operator")
        }
    }

    private func explain(
        _ code: String, _ summary: String, _ compared: (String, String)? = nil, clause: String = "SAML Core §5.4",
        remedy: String = "use a maintained XML signature library"
    ) -> Explanation {
        Explanation(
            "xml.signature." + code, summary, compared: compared.map { [Explanation.Compared($0.0, $0.1)] } ?? [],
            clause: clause, remedy: remedy)
    }
}
