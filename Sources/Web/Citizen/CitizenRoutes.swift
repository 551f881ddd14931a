import HTTPTypes
import Hummingbird

extension Doors {
    /// The citizen's own page.
    static func citizen(_ router: Router<DoorContext>, _ platform: Platform) {
        router.get("/me") { request, _ in try await platform.citizenOverview(request) }
        router.post("/me/login") { request, _ in try await platform.citizenLogin(request, to: .overview) }
        router.get("/me/sessions") { request, _ in try await platform.citizenSessions(request) }
        router.post("/me/sessions/end") { request, _ in try await platform.citizenSessionsEnded(request) }
        router.post("/me/sessions/not-me") { request, _ in try await platform.sessionDisavowed(request) }
        router.get("/me/services") { request, _ in try await platform.citizenServices(request) }
        router.post("/me/services/stop") { request, _ in try await platform.accessStopped(request) }
        router.get("/me/told") { request, _ in try await platform.citizenTold(request, .told) }
        router.post("/me/told/not-me") { request, _ in try await platform.entryDisavowed(request) }
        router.get("/me/ledger.json") { request, _ in try await platform.ledgerDownload(request, as: .json) }
        router.get("/me/ledger.csv") { request, _ in try await platform.ledgerDownload(request, as: .csv) }
        router.get("/me/consents") { request, _ in try await platform.citizenConsents(request) }
        router.post("/me/consents/stop") { request, _ in try await platform.consentsStopped(request, .consents) }
        router.get("/me/cards") { request, _ in try await platform.citizenCards(request) }
        router.post("/me/cards/lift") { request, _ in try await platform.blockLifted(request) }
        router.get("/me/lost") { request, _ in try await platform.citizenLost(request) }
        router.post("/me/lost") { request, _ in try await platform.lossReported(request) }
        router.get("/me/lost/done") { request, _ in try await platform.lossDone(request) }
        // The addresses of before there was `/me`.
        router.get("/ledger") { request, _ in try await platform.citizenTold(request, .ledger) }
        router.post("/ledger/login") { request, _ in try await platform.citizenLogin(request, to: .ledger) }
        router.post("/ledger/withdraw") { request, _ in try await platform.consentsStopped(request, .ledger) }
    }
}
