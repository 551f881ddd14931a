import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

extension Platform {
    func front(_ request: Request) async throws -> Response {
        let now = clock()
        let session = try await session(of: request, at: now)
        var waiting = 0
        if let session { waiting = try await stores.countWaiting(for: session.subject, at: now) }
        return Answer.page(Pages.front(session, waiting: waiting))
    }

    func health() -> Response {
        let served: [(String, JSON)] = [("status", "ok"), ("policy-version", .string(configuration.current.policy.version))]
        let watched: [(String, JSON?)] = [
            ("trust", trust()), ("metadata", members()), ("settings", settingsHealth()), ("policy-shadow", shadow()),
        ]
        return Answer.json(.object(served + watched.compactMap { name, value in value.map { (name, $0) } }))
    }
}
