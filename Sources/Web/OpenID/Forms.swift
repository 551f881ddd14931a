import HTTPTypes
import Hummingbird
import OpenID
import Vocabulary

extension Platform {
    /// The content type of every form that OAuth speaks of (RFC 6749 appendix B).
    static func isForm(_ request: Request) -> Bool {
        mediaType(request) == "application/x-www-form-urlencoded"
    }

    /// The content type without its parameters, in small letters; white space may stand before their semicolon (RFC 9110 §5.6.6).
    static func mediaType(_ request: Request) -> String? {
        request.headers[.contentType]?.prefix { $0 != ";" }.trimming(" \t").lowercased()
    }

    /// A refusal of an endpoint that clients talk to, with the headers it needs.
    static func answer(_ refusal: TokenRefusal) -> Response {
        var answer = Answer.json(refusal.body, status: .init(code: refusal.status))
        if let challenge = refusal.authenticateHeader { answer.headers[.wwwAuthenticate] = challenge }
        if let nonce = refusal.nonce { answer.headers[.dpopNonce] = nonce }
        return answer
    }

    /// A refusal of an endpoint that takes access tokens, with its `challenges`.
    static func answer(_ refusal: ResourceRefusal, _ challenges: [String]) -> Response {
        var answer = Answer.json(refusal.body, status: .init(code: refusal.status))
        for challenge in challenges {
            answer.headers.append(HTTPField(name: .wwwAuthenticate, value: challenge))
        }
        if let nonce = refusal.nonce { answer.headers[.dpopNonce] = nonce }
        return answer
    }
}

extension HTTPField.Name {
    /// RFC 9449 §4.1, §8.1. A name that is none would be a fault of this line, found by the first test.
    static let dpop = named("DPoP")
    static let dpopNonce = named("DPoP-Nonce")

    private static func named(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .wwwAuthenticate }
}

extension Platform {
    /// Of a refused request: the client that it said it came from, proven or not; whoever looks for a stolen token begins here.
    static func calledItself(_ client: MemberID?) -> (name: String, value: JSON) {
        ("client-named", client.map { .string($0.text) } ?? .null)
    }
}
