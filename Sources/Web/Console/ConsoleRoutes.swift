import Hummingbird

extension Doors {
    /// Administrators' console. Every door names the roles that open it; the list of parts says the same to the eye.
    static func console(_ router: Router<DoorContext>, _ platform: Platform) {
        router.get("/console") { request, _ in try await platform.consoleOverview(request) }
        router.post("/console/login") { request, _ in try await platform.consoleLogin(request) }
        router.post("/console/bootstrap") { request, _ in try await platform.consoleBootstrap(request) }
        router.post("/console/ask") { request, _ in try await platform.consoleAsk(request) }
        router.get("/console/officers") { request, _ in try await platform.consoleOfficers(request) }
        router.post("/console/officers/approve") { request, _ in try await platform.consoleOfficerApprove(request) }
        router.post("/console/officers/reject") { request, _ in try await platform.consoleOfficerReject(request) }
        router.get("/console/trust") { request, _ in try await platform.consoleTrust(request) }
        router.get("/console/keys") { request, _ in try await platform.consoleKeys(request) }
        router.get("/console/policies") { request, _ in try await platform.consolePolicies(request) }
        router.get("/console/policies/{version}") { request, context in try await platform.consolePolicyVersion(request, context) }
        router.post("/console/policies/propose") { request, _ in try await platform.consolePolicyPropose(request) }
        router.post("/console/policies/approve") { request, _ in try await platform.consolePolicyApprove(request) }
        router.post("/console/policies/reject") { request, _ in try await platform.consolePolicyReject(request) }
        router.get("/console/sessions") { request, _ in try await platform.consoleSessions(request) }
        router.post("/console/sessions/find") { request, _ in try await platform.consoleSessionsFind(request) }
        router.post("/console/sessions/end") { request, _ in try await platform.consoleSessionEnd(request) }
        router.get("/console/audit") { request, _ in try await platform.consoleAudit(request) }
        router.post("/console/audit/find") { request, _ in try await platform.consoleAuditFind(request) }
        router.post("/console/audit/chain") { request, _ in try await platform.consoleAuditChain(request) }
        router.get("/console/audit/{record}") { request, context in try await platform.consoleAuditRecord(request, context) }
        router.get("/console/metering") { request, _ in try await platform.consoleMetering(request) }
        router.get("/console/metering.csv") { request, _ in try await platform.consoleMeteringCSV(request) }
        router.get("/console/export") { request, _ in try await platform.consoleExport(request) }
        router.get("/console/export.txt") { request, _ in try await platform.consoleExportText(request) }
    }
}
