import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import OpenID
import Settings
import Vocabulary

/// Before and behind every door: turns what a door could not answer into an answer, and logs route and status, never a URI, a name or a
/// token.
struct Threshold: RouterMiddleware {
    let platform: Platform

    typealias Context = DoorContext

    @concurrent func handle(
        _ request: Request, context: DoorContext, next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        platform.attendance.enter()
        defer { platform.attendance.leave() }
        let settings = platform.configuration.current
        var response = try await inLanguage(request, context, settings, next)
        // What came over TLS once comes over TLS always; of our sub-domains only the operator knows.
        if settings.isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        // Whatever the answer is and whoever made it: the length of a body, and none (RFC 9110 §9.3.2).
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// A page knows its language when it says its first word; `?lang=` and `?screen=` on a page of ours are taken here, before any door.
    private func inLanguage(
        _ request: Request, _ context: DoorContext, _ settings: Configuration,
        _ next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        if let chosen = LanguageChoice.chosen(by: request) {
            let names = CookieNames(secure: settings.isSecure)
            return chosen.cookies.prefix(2).reduce(Answer.redirect(chosen.location)) { answer, cookie in
                answer.setting(names.set(cookie.name, cookie.value, maximumAge: 365 * 86_400))
            }
        }
        return try await Language.$choice.withValue(LanguageChoice(request, base: settings.baseURL)) {
            try await answer(request, context, next)
        }
    }

    private func answer(
        _ request: Request, _ context: DoorContext, _ next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        do {
            let response = try await next(request, context)
            if response.status.code >= 500 { log(.error, context, response.status.code, nil) }
            return response
        } catch let error as HTTPError {
            return Answer.page(
                Pages.refusal(
                    Explanation(
                        "http." + String(error.status.code), "there is no such page, or not this way", clause: "RFC 9110 §15.5",
                        remedy: "start again from the service you want to use")), status: error.status)
        } catch is BrokenBody {
            return Self.brokenBody(at: request.uri.path)
        } catch {
            log(.error, context, 500, error)
            if Self.isForPrograms(request.uri.path) { return Self.unavailability(at: request.uri.path) }
            return Answer.page(Pages.refusal(Self.unavailable), status: .serviceUnavailable)
        }
    }

    private static let unavailable = Explanation(
        "platform.unavailable", "something of ours failed; nothing was granted", clause: "RFC 9110 §15.6.1",
        remedy: "try again in a moment; tell the operator the time if it goes on")

    private static let broken = Explanation(
        "http.body", "the body of the request is broken or ends too early", clause: "RFC 9112 §7.1, §8",
        remedy: "send the request again, whole")

    /// Behind a body whose end nobody knows nothing more can be read from the connection.
    private static func brokenBody(at path: String) -> Response {
        var answer =
            isForPrograms(path)
            ? Platform.answer(TokenRefusal(.invalidRequest, broken))
            : Answer.page(Pages.refusal(broken), status: .badRequest)
        answer.headers[.connection] = "close"
        return path == "/openid/userinfo" ? Platform.readableAcrossOrigins(answer) : answer
    }

    /// An endpoint where a client or a receiver asks, and reads JSON: no browser with a citizen before it comes there.
    private static func isForPrograms(_ path: String) -> Bool {
        let parts = path.split(separator: "/").map { String($0) }
        guard parts.count > 1 else { return false }
        return parts[0] == "ssf" || parts[0] == "openid" && !["authorize", "logout"].contains(parts[1])
    }

    /// Said as those endpoints say no, with seconds to wait (RFC 9110 §10.2.3).
    private static func unavailability(at path: String) -> Response {
        var answer = Platform.answer(TokenRefusal(.serverError, unavailable, status: 503))
        answer.headers[.retryAfter] = "5"
        return path == "/openid/userinfo" ? Platform.readableAcrossOrigins(answer) : answer
    }

    private func log(_ level: Logger.Level, _ context: DoorContext, _ status: Int, _ error: (any Error)?) {
        var metadata: Logger.Metadata = ["route": "\(context.endpointPath ?? "none")", "status": "\(status)"]
        // The type only: an error's own text may quote what a citizen or a peer sent.
        if let error { metadata["error"] = "\(type(of: error))" }
        platform.logger.log(level: level, "request failed", metadata: metadata)
    }
}
