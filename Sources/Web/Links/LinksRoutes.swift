import HTTPTypes
import Hummingbird

extension Doors {
    /// What ties customers, cards and phones to a citizen.
    static func links(_ router: Router<DoorContext>, _ platform: Platform) {
        router.get("/me/links") { request, _ in try await platform.linksPage(request) }
        router.post("/me/links/confirm") { request, _ in try await platform.linksConfirmed(request) }
        router.post("/me/links/end") { request, _ in try await platform.linkEnded(request) }
        router.post("/me/links/code") { request, _ in try await platform.linkCode(request) }
        router.post("/me/links/add") { request, _ in try await platform.addCertificate(request) }
        router.post("/me/links/undo") { request, _ in try await platform.mergeUndone(request) }

        router.get("/journey/{transaction}/newcomer") { request, context in try await platform.newcomer(request, context) }
        router.post("/journey/{transaction}/newcomer") { request, context in try await platform.newcomerAnswered(request, context) }
        router.get("/journey/{transaction}/newcomer/identity") { request, context in try await platform.newcomerIdentity(request, context) }
        router.post("/journey/{transaction}/newcomer/identity/challenge") { request, context in
            try await platform.newcomerChallenge(request, context)
        }
        router.post("/journey/{transaction}/newcomer/identity/answer") { request, context in
            try await platform.newcomerProof(request, context)
        }
        router.get("/journey/{transaction}/joining") { request, context in try await platform.joining(request, context) }
        router.post("/journey/{transaction}/joining") { request, context in try await platform.joined(request, context) }

        router.post("/links") { request, context in try await platform.linkList(request, context) }
        router.get("/links") { request, context in try await platform.listedLinks(request, context) }
    }
}
