import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

extension Platform {
    func front(_ request: Request) async throws -> Response {
        Answer.page(Pages.front(try await session(of: request, at: clock())))
    }

    /// Ends this browser's session. The cookie is `SameSite=Lax`: a form on another site cannot bring it here (checklist H4).
    func endSession(_ request: Request) async throws -> Response {
        let now = clock()
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        let names = CookieNames(secure: configuration.current.isSecure)
        if let session = try await session(of: request, at: now) {
            try await stores.end(session.id)
            try await stores.append(Record("session.ended", at: now, [("subject", .string(session.subject.text)), ("by", "citizen")]))
        }
        return Answer.redirect(configuration.current.baseURL + "/").setting(names.remove(names.session))
    }

    func health() -> Response {
        let served: [(String, JSON)] = [("status", "ok"), ("policy-version", .string(configuration.current.policy.version))]
        return Answer.json(.object(served + (trust().map { [("trust", $0)] } ?? [])))
    }
}
