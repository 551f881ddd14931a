package import Vocabulary

extension JWTRefusal {
    package var explanation: Explanation {
        switch self {
        case .payload(let why): explain("payload", "the payload is not strict JSON", ("found", why.words))
        case .notAnObject: explain("not-an-object", "the payload is no JSON object")
        case .claim(let name):
            explain("malformed", "a claim has the wrong type or is out of range", ("claim", name), clause: "RFC 7519 §4.1")
        }
    }

    private func explain(
        _ code: String, _ summary: String, _ compared: (String, String)? = nil, clause: String = "RFC 7519 §7.2"
    ) -> Explanation {
        Explanation(
            "jose.claims." + code, summary, compared: compared.map { [.init($0.0, $0.1)] } ?? [], clause: clause,
            remedy: "use a maintained library")
    }
}
