import Hummingbird

extension Doors {
    /// The registrar's desk.
    static func consoleMembers(_ router: Router<DoorContext>, _ platform: Platform) {
        router.get("/console/members") { request, _ in try await platform.consoleMembers(request) }
        router.get("/console/members/show") { request, _ in try await platform.consoleMember(request) }
        router.post("/console/members/test") { request, _ in try await platform.consoleMemberTest(request) }
        router.get("/console/members/versions") { request, _ in try await platform.consoleMemberVersions(request) }
        router.post("/console/members/rollback") { request, _ in try await platform.consoleMemberRollback(request) }
        router.post("/console/members/act") { request, _ in try await platform.consoleMemberAct(request) }
        router.get("/console/members/new") { request, _ in try await platform.consoleMemberNew(request) }
        router.post("/console/members/check") { request, _ in try await platform.consoleMemberCheck(request) }
        router.post("/console/members/propose") { request, _ in try await platform.consoleMemberPropose(request) }
        router.get("/console/members/proposals/{name}") { request, context in try await platform.consoleProposal(request, context) }
        router.post("/console/members/approve") { request, _ in try await platform.consoleProposalApprove(request) }
        router.post("/console/members/reject") { request, _ in try await platform.consoleProposalReject(request) }
    }
}
