package import Vocabulary

/// Why nothing was decrypted or encrypted. All but `undecryptable` are decided by what everybody can see in the message, before a
/// private key is touched; whatever depends on a secret is `undecryptable`, after the same work (A20).
package enum XMLEncryptionRefusal: Error, Hashable, Sendable {
    /// A part is missing, repeated, out of order or unknown; the part's name.
    case malformed(String)
    /// The URI of a cipher, key transport or digest that is not spoken or not allowed here (A20).
    case algorithm(String)
    /// We hold no key of the kind that any of the encrypted keys needs.
    case keyMissing
    /// More ciphertext or more encrypted keys than the limits allow.
    case tooLarge
    /// Wrong key, changed ciphertext, bad padding, plaintext that is not XML: nobody learns which.
    case undecryptable
    /// We could not encrypt.
    case encryption
}

extension XMLEncryptionRefusal {
    package var explanation: Explanation {
        switch self {
        case .malformed(let part):
            explain("malformed", "the encrypted element is not built as the schema says", ("part", part), "use a maintained library")
        case .algorithm(let uri):
            explain(
                "algorithm", "the encryption algorithm is not accepted", ("algorithm", uri),
                "use AES-GCM with RSA-OAEP or ECDH-ES, as our metadata lists", clause: "XML Encryption 1.1 §5.1")
        case .keyMissing:
            explain("key", "no decryption key fits any of the encrypted keys", nil, "encrypt to the key in our metadata")
        case .tooLarge:
            explain("size", "the encrypted element is larger than allowed", nil, "send fewer keys or less content")
        case .undecryptable:
            explain(
                "undecryptable", "the element could not be decrypted", nil,
                "encrypt to the current key in our metadata, and send the ciphertext unchanged")
        case .encryption:
            explain("failed", "the answer could not be encrypted for the registered key", nil, "register an RSA or EC encryption key")
        }
    }

    private func explain(
        _ code: String, _ summary: String, _ compared: (String, String)?, _ remedy: String, clause: String = "XML Encryption 1.1 §3"
    ) -> Explanation {
        Explanation(
            "xml.encryption." + code, summary, compared: compared.map { [Explanation.Compared($0.0, $0.1)] } ?? [], clause: clause,
            remedy: remedy)
    }
}
