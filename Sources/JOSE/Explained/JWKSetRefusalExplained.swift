package import Vocabulary

extension JWKSetRefusal {
    package var explanation: Explanation {
        switch self {
        case .malformed: explain("malformed", "this is no set of keys", "an object with a list `keys`")
        case .tooManyKeys(let limit): explain("too-many", "the set has more keys than are read", "at most \(limit)")
        case .duplicateKeyID(let name): explain("duplicate", "two keys of one use have one name", name)
        case .secret(_, let member): JWKRefusal.secret(member: member).explanation
        }
    }

    private func explain(_ code: String, _ summary: String, _ value: String) -> Explanation {
        Explanation(
            "jose.keys." + code, summary, compared: [.init("keys", value)], clause: "RFC 7517 §5",
            remedy: "publish each key once, with its kid")
    }
}
