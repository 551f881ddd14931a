package import Vocabulary

extension JWERefusal {
    /// For the developer who sent the token; repeats only what it shows itself.
    package var explanation: Explanation {
        switch self {
        case .tooLarge(let limit):
            explain("too-large", "the encrypted token is longer than allowed", ("limit", String(limit)), remedy: "put less into it")
        case .parts:
            explain(
                "parts", "the token has not exactly five parts with dots between them", clause: "RFC 7516 §7.1",
                remedy: "send a JWE in compact serialization; three parts are a JWS")
        case .encoding:
            explain(
                "encoding", "a part of the encrypted token is not base64url without padding, in its only spelling", clause: "RFC 7516 §2",
                remedy: "send what the library wrote, unchanged and without line breaks")
        case .header(let why):
            explain("header", "the encrypted token's header is not strict JSON", ("found", why.words), clause: "RFC 7516 §4")
        case .headerMember(let name):
            explain(
                "header-member", "a member of the encryption header is absent, of the wrong type, or one that is never followed",
                ("member", name), clause: "RFC 7516 §4.1",
                remedy: "send alg, enc and kid as strings, epk with ECDH-ES, and neither crit nor zip")
        case .algorithm(let name):
            explain(
                "algorithm", "the key encryption algorithm is never accepted", ("alg", name), clause: "RFC 8725 §3.2",
                remedy: "use RSA-OAEP-256 or ECDH-ES: never RSA1_5, dir, PBES2 or a symmetric key")
        case .content(let name):
            explain(
                "content", "the content encryption algorithm is never accepted", ("enc", name), clause: "RFC 7518 §5.1",
                remedy: "use A256GCM or A128CBC-HS256")
        case .algorithmNotAllowed(let algorithm):
            explain(
                "algorithm-not-allowed", "the key encryption algorithm is not the one that was agreed", ("alg", algorithm.rawValue),
                clause: "RFC 8725 §3.1", remedy: "encrypt with the registered algorithm")
        case .contentNotAllowed(let content):
            explain(
                "content-not-allowed", "the content encryption algorithm is not the one that was agreed", ("enc", content.rawValue),
                clause: "RFC 8725 §3.1", remedy: "encrypt with the registered algorithm")
        case .length(let part):
            explain(
                "length", "a part of the encrypted token has another length than its algorithm gives it", ("part", part),
                clause: "RFC 7518 §5")
        case .ephemeralKey(let why):
            explain(
                "ephemeral-key", "epk is no public key on the curve of the key that was encrypted to", ("found", why.words),
                clause: "RFC 7518 §4.6.1.1", remedy: "use a maintained library, and the curve of the published key")
        case .keyMissing(let keyID):
            explain(
                "key", "no decryption key has this name and serves the algorithm", ("kid", keyID ?? "none"), clause: "RFC 7516 §4.1.6",
                remedy: "encrypt to a key that is published now, with its kid")
        case .tooManyKeys(let limit):
            explain(
                "too-many-keys", "more decryption keys fit than are tried", ("limit", String(limit)), clause: "RFC 7516 §4.1.6",
                remedy: "name the key by kid")
        case .unavailable:
            explain(
                "unavailable", "the decryption key is in a token that does not answer", clause: "PKCS #11 §5",
                remedy: "try again; the operator sees the token's state with `sekisho keys`")
        case .undecryptable:
            explain(
                "undecryptable", "the token could not be decrypted", clause: "RFC 7516 §11.5",
                remedy: "encrypt to the current key, and send the token unchanged")
        }
    }

    private func explain(
        _ code: String, _ summary: String, _ compared: (String, String)? = nil, clause: String = "RFC 7516 §5.2",
        remedy: String = "use a maintained library"
    ) -> Explanation {
        Explanation(
            "jose.encryption." + code, summary, compared: compared.map { [.init($0.0, $0.1)] } ?? [], clause: clause, remedy: remedy)
    }
}
