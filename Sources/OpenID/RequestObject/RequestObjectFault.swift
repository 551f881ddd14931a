import JOSE
import Vocabulary

/// Why a request object is not believed: `invalid_request_object` wherever it was sent, unless the fault is ours.
struct RequestObjectFault: Error {
    let explanation: Explanation
    let error: AuthorizationError

    /// Our key for it is in a token that does not answer at present: no word about the object.
    private static let keyAway = Explanation(
        "openid.request-object.key-away", "our key for the request object does not answer at present", clause: "RFC 6749 §4.1.2.1",
        remedy: "send the same request again in a minute")

    init(_ code: String, _ why: String, _ clause: String, _ found: String? = nil, expected: String? = nil) {
        error = .invalidRequestObject
        explanation = Explanation(
            "openid.request-object." + code, "the request object is not accepted: " + why,
            compared: [("found", found), ("expected", expected)].compactMap { name, value in value.map { .init(name, $0) } },
            clause: clause, remedy: "correct the request object and sign it anew")
    }

    private init(_ error: AuthorizationError, _ explanation: Explanation) {
        self.error = error
        self.explanation = explanation
    }

    static func missing(_ claim: String, _ clause: String) -> RequestObjectFault {
        RequestObjectFault("missing", "a claim is missing", clause, nil, expected: claim)
    }

    /// No signature, another one, or one by a key or algorithm that the client did not register (checklist E9, E10, E12).
    init(_ refusal: JWSRefusal, _ client: Client) {
        let accepted = client.requestObjects.algorithms.map(\.rawValue).sorted().joined(separator: " ")
        switch refusal {
        case .algorithm(let name):
            self.init("algorithm", "its alg is never accepted", "RFC 9101 §10.5; RFC 8725 §3.2", name, expected: accepted)
        case .algorithmNotAllowed(let algorithm):
            self.init("algorithm", "its alg is not registered", "RFC 8725 §3.1", algorithm.rawValue, expected: accepted)
        case .keyMissing(let keyID):
            self.init("key", "no registered key has its kid and serves its alg", "RFC 9101 §6.1", keyID ?? "no kid")
        case .signature: self.init("signature", "its signature does not verify", "RFC 9101 §6.1")
        case .headerMember(let member): self.init("header", "its header has a member we never follow", "RFC 7515 §4.1.11", member)
        default: self.init("form", "it is no compact JWS", "RFC 9101 §4")
        }
    }

    init(_ refusal: JWERefusal) {
        switch refusal {
        case .algorithm(let name), .content(let name):
            self.init("encryption", "its encryption is never accepted", "RFC 9101 §6.1; RFC 8725 §3.2", name)
        case .algorithmNotAllowed(let algorithm):
            self.init("encryption", "its encryption is not accepted", "RFC 9101 §6.1", algorithm.rawValue)
        case .contentNotAllowed(let content): self.init("encryption", "its encryption is not accepted", "RFC 9101 §6.1", content.rawValue)
        case .keyMissing(let keyID): self.init("encryption-key", "none of our keys has its kid and serves its alg", "RFC 9101 §6.1", keyID)
        case .unavailable: self.init(.serverError, Self.keyAway)
        default: self.init("encryption", "it cannot be deciphered", "RFC 9101 §6.1")
        }
    }
}
