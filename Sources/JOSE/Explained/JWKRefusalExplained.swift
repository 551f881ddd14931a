import Cryptography
package import Vocabulary

extension JWKRefusal {
    package var explanation: Explanation {
        switch self {
        case .malformed: explain("malformed", "the key is not built as its type says", remedy: "publish what the library wrote")
        case .secret:
            explain(
                "secret", "the key is private or symmetric where a public one belongs", clause: "RFC 7517 §9.2",
                remedy: "replace the key, for whoever saw it can use it, and publish the public half")
        case .unsupported:
            explain(
                "unsupported", "a key of this kind is not taken", remedy: "use RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519")
        case .contradiction: explain("contradiction", "members of the key contradict each other", clause: "RFC 7517 §4.3")
        case .key(.weak):
            explain(
                "weak", "the key is too short, or made by a faulty generator", clause: "NIST SP 800-57 part 1 §5.6",
                remedy: "make a new key")
        case .key: explain("unusable", "the key is no key: no point on its curve, or numbers that do not belong together")
        }
    }

    /// In words, without the key.
    var words: String {
        switch self {
        case .malformed(let member): "`\(member)` is absent or malformed"
        case .secret(let member): "`\(member)` is secret"
        case .unsupported(let member, let value): "`\(member)` is \(value)"
        case .contradiction(let member): "`\(member)` contradicts the rest"
        case .key(.weak(let bits)): "weak, \(bits) bits"
        case .key(.malformed): "no point on its curve, or no number of such a key"
        case .key(.mismatch): "the halves do not belong together"
        case .key: "not usable"
        }
    }

    private func explain(
        _ code: String, _ summary: String, clause: String = "RFC 7518 §6", remedy: String = "use a maintained library"
    ) -> Explanation {
        Explanation("jose.key." + code, summary, compared: [.init("found", words)], clause: clause, remedy: remedy)
    }
}
