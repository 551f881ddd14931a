package import Vocabulary

extension JWSRefusal {
    /// For the developer who sent the token; repeats only what it shows itself.
    package var explanation: Explanation {
        switch self {
        case .tooLarge(let limit):
            explain("too-large", "the token is longer than allowed", ("limit", String(limit)), remedy: "put less into it")
        case .parts:
            explain(
                "parts", "the token has not exactly three parts with dots between them", clause: "RFC 7515 §7.1",
                remedy: "send a JWS in compact serialization; five parts are a JWE")
        case .encoding:
            explain(
                "encoding", "a part of the token is not base64url without padding, in its only spelling", clause: "RFC 7515 §2",
                remedy: "send what the library wrote, unchanged and without line breaks")
        case .header(let why):
            explain("header", "the token's header is not strict JSON", ("found", why.words), clause: "RFC 7515 §4; RFC 8725 §2.4")
        case .headerMember(let name):
            explain(
                "header-member", "a member of the header is absent, of the wrong type, or one that is never followed", ("member", name),
                clause: "RFC 7515 §4.1", remedy: "send alg, kid and typ as strings, and neither crit, b64 nor zip")
        case .algorithm(let name):
            explain(
                "algorithm", "the signature algorithm is never accepted", ("alg", name), clause: "RFC 8725 §3.1, §3.2",
                remedy: "sign with RS, PS, ES or Ed25519: never none, never HMAC")
        case .algorithmNotAllowed(let algorithm):
            explain(
                "algorithm-not-allowed", "the signature algorithm is not the one that was agreed", ("alg", algorithm.rawValue),
                clause: "RFC 8725 §3.1", remedy: "sign with the registered algorithm")
        case .keyMissing(let keyID):
            explain(
                "key", "no known key has this name and serves the algorithm", ("kid", keyID ?? "none"), clause: "RFC 7515 §4.1.4",
                remedy: "register the key, with its kid and without another alg or use")
        case .tooManyKeys(let limit):
            explain(
                "too-many-keys", "more keys could have signed than are tried", ("limit", String(limit)), clause: "RFC 7515 §4.1.4",
                remedy: "name the key by kid")
        case .ownKey(let why):
            explain(
                "own-key", "the key inside the token is no public key that is taken", ("found", why.words), clause: "RFC 9449 §4.2",
                remedy: "put the public key alone into jwk")
        case .signature:
            explain(
                "value", "the signature is not of any known key", clause: "RFC 7515 §5.2",
                remedy: "sign with the registered key, and send the token unchanged")
        }
    }

    private func explain(
        _ code: String, _ summary: String, _ compared: (String, String)? = nil, clause: String = "RFC 7515 §5.2",
        remedy: String = "use a maintained library"
    ) -> Explanation {
        Explanation(
            "jose.signature." + code, summary, compared: compared.map { [.init($0.0, $0.1)] } ?? [], clause: clause, remedy: remedy)
    }
}

extension JSONRefusal {
    /// In words, without what was read.
    var words: String {
        switch self {
        case .tooLarge(let limit): "more than \(limit) octets"
        case .tooDeep(let limit): "nested more than \(limit) deep"
        case .duplicateMember(let name): "two members `\(name)`"
        case .notUTF8: "no UTF-8"
        case .syntax(let place): "no JSON at octet \(place)"
        }
    }
}
