import HTTPTypes
import Hummingbird
import OpenID
import Vocabulary

/// By which methods an address can be asked, and what the other methods hear.
extension Router where Context == DoorContext {
    /// A page or document whose reading changes nothing: GET, and HEAD, whose body `Threshold` takes away. Doors whose GET does something, such as
    /// a step of a login, have no HEAD: whoever only looks at a link must not walk through it.
    func read(_ path: RouterPath, _ door: @escaping @Sendable (Request, DoorContext) async throws -> Response) {
        get(path) { request, context in try await door(request, context) }
        head(path) { request, context in try await door(request, context) }
    }

    /// A document that says the same to everybody, so that scripts of any page may read it, too (OpenID Connect Discovery §4; Fetch §3.2).
    func publish(_ path: RouterPath, _ document: @escaping @Sendable () -> Response) {
        read(path) { _, _ in Self.openToScripts(document()) }
        on(path, method: .options) { _, _ in
            var headers: HTTPFields = [.accessControlMaxAge: "3600", .cacheControl: "no-store"]
            headers[.accessControlAllowMethods] = "GET, HEAD"
            headers[.accessControlAllowHeaders] = "*"
            return Self.openToScripts(Response(status: .noContent, headers: headers))
        }
    }

    /// An endpoint that takes these methods only: the others are 405 with `Allow` (RFC 9110 §15.5.6), in JSON as clients read it. A script's
    /// question beforehand (OPTIONS) is one of them: clients authenticate, which a page in a browser cannot.
    func refuseOthers(than allowed: [HTTPRequest.Method], at path: RouterPath) {
        for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete, .options] where !allowed.contains(method) {
            on(path, method: method) { _, _ in Answer.refused(Self.otherMethod(allowed), allowed) }
        }
    }

    private static func openToScripts(_ response: Response) -> Response {
        var response = response
        response.headers[.accessControlAllowOrigin] = "*"
        return response
    }

    private static func otherMethod(_ allowed: [HTTPRequest.Method]) -> Explanation {
        Explanation(
            "openid.method", "this endpoint takes other methods", clause: "RFC 9110 §15.5.6",
            remedy: "use \(allowed.map(\.rawValue).joined(separator: " or "))")
    }
}

extension Answer {
    fileprivate static func refused(_ explanation: Explanation, _ allowed: [HTTPRequest.Method]) -> Response {
        var answer = json(TokenRefusal(.invalidRequest, explanation).body, status: .methodNotAllowed)
        answer.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
        return answer
    }
}
