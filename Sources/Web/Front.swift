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
        if let session, session.opensOwnPages { waiting = try await stores.countWaiting(for: session.subject, at: now) }
        return Answer.page(Pages.front(session, waiting: waiting, ends: session.map { ends($0, at: now) }, at: now))
    }

    /// When a session that is used now ends if it is not used again.
    func ends(_ session: Session, at now: Timestamp) -> Timestamp {
        let rules = configuration.current.sessions
        return min(now.adding(seconds: rules.idle), session.expires(under: rules))
    }

    /// `GET /session`: to open it is to use the session.
    func sessionPage(_ request: Request) async throws -> Response {
        let now = clock()
        let session = try await session(of: request, at: now)
        return Answer.page(Pages.session(ends: session.map { ends($0, at: now) }, at: now))
    }

    func health() -> Response {
        let served: [(String, JSON)] = [("status", "ok"), ("policy-version", .string(configuration.current.policy.version))]
        let watched: [(String, JSON?)] = [
            ("trust", trust()), ("metadata", members()), ("settings", settingsHealth()), ("policy-shadow", shadow()),
            ("deadlines", console.deadlineSummary()),
        ]
        return Answer.json(.object(served + watched.compactMap { name, value in value.map { (name, $0) } }))
    }
}
