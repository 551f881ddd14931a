package import Hummingbird
import NIOCore

/// The front page of the room: every route.
package enum Doors {
    package static func main(_ platform: Platform) -> Router<DoorContext> {
        let router = Router(context: DoorContext.self)
        router.add(middleware: Threshold(platform: platform))

        router.get("/") { request, _ in try await platform.front(request) }
        router.post("/session/end") { request, _ in try await platform.endSession(request) }
        router.get("/health") { _, _ in platform.health() }

        router.get("/saml/metadata") { _, _ in try platform.samlMetadata() }
        router.get("/saml/sso") { request, _ in try await platform.samlRedirect(request) }
        router.post("/saml/sso") { request, _ in try await platform.samlPost(request) }

        router.get("/.well-known/openid-configuration") { _, _ in platform.discovery() }
        router.get("/openid/jwks") { _, _ in platform.keys() }
        router.get("/openid/authorize") { request, _ in try await platform.authorize(request) }
        router.post("/openid/authorize") { request, _ in try await platform.authorize(request) }
        router.post("/openid/token") { request, _ in try await platform.token(request) }
        router.get("/openid/userinfo") { request, _ in try await platform.userInfo(request) }
        router.post("/openid/userinfo") { request, _ in try await platform.userInfo(request) }

        router.get("/journey/{transaction}") { request, context in try await platform.journey(request, context) }
        router.get("/journey/{transaction}/continue") { request, context in try await platform.continued(request, context) }
        router.post("/journey/{transaction}/challenge") { request, context in try await platform.challenge(request, context) }
        router.post("/journey/{transaction}/answer") { request, context in try await platform.answer(request, context) }
        router.get("/journey/{transaction}/handover") { request, context in try await platform.handover(request, context) }
        router.post("/journey/{transaction}/cancel") { request, context in try await platform.cancel(request, context) }
        return router
    }

    /// The listener that asks for the card's client certificate.
    package static func card(_ platform: Platform) -> Router<DoorContext> {
        let router = Router(context: DoorContext.self)
        router.add(middleware: Threshold(platform: platform))
        router.get("/card/{transaction}") { request, context in try await platform.presentCertificate(request, context) }
        return router
    }
}

/// What a door knows of its request beside the request: the connection it came on.
package struct DoorContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
