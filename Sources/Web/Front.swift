import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

extension Platform {
    func front(_ request: Request) async throws -> Response {
        Answer.page(Pages.front(try await session(of: request, at: clock())))
    }

    func health() -> Response {
        let served: [(String, JSON)] = [("status", "ok"), ("policy-version", .string(configuration.current.policy.version))]
        return Answer.json(.object(served + (trust().map { [("trust", $0)] } ?? []) + (members().map { [("metadata", $0)] } ?? [])))
    }
}
