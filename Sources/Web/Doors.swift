import HTTPTypes
package import Hummingbird
import NIOCore

/// The front page of the room: every route.
package enum Doors {
    package static func main(_ platform: Platform) -> Router<DoorContext> {
        let router = Router(context: DoorContext.self)
        router.add(middleware: Threshold(platform: platform))
        router.add(middleware: ForwardedReading(platform: platform))

        router.read("/") { request, _ in try await platform.front(request) }
        router.post("/session/end") { request, _ in try await platform.endSession(request) }
        pages(router, platform)
        router.read("/services") { _, _ in platform.services() }
        router.read("/health") { _, _ in platform.health() }
        router.read("/help") { _, _ in platform.citizenHelp() }
        router.read("/help/codes") { _, _ in platform.helpIndex() }
        router.read("/help/{code}") { _, context in platform.help(context) }

        router.read("/saml/metadata") { request, _ in try platform.samlMetadata(request) }
        router.read("/saml/metadata/signing.pem") { _, _ in platform.samlMetadataKeys() }
        // The well-known location is the entityID itself (SAML Metadata §4.1).
        if let path = platform.entityPath { router.read(RouterPath(path)) { request, _ in try platform.samlMetadata(request) } }
        router.get("/saml/sso") { request, _ in try await platform.samlRedirect(request) }
        router.post("/saml/sso") { request, _ in try await platform.samlPost(request) }
        router.post("/saml/artifact") { request, _ in try await platform.resolveArtifact(request) }
        router.post("/saml/attributes") { request, _ in try await platform.queryAttributes(request) }
        router.get("/saml/unsolicited") { request, _ in try await platform.unsolicited(request) }
        router.post("/saml/unsolicited") { request, _ in try await platform.unsolicitedConfirmed(request) }

        router.get("/saml/logout") { request, _ in try await platform.samlLogoutRedirect(request) }
        router.post("/saml/logout") { request, _ in try await platform.samlLogoutPost(request) }
        router.post("/saml/logout/soap") { request, _ in try await platform.samlLogoutSOAP(request) }
        router.get("/logout/{logout}") { request, context in try await platform.logoutPage(request, context) }
        router.get("/logout/{logout}/next") { request, context in try await platform.logoutNext(request, context) }
        router.post("/logout/{logout}/skip") { request, context in try await platform.logoutSkip(request, context) }
        router.get("/logout/{logout}/answer") { request, context in try await platform.logoutAnswer(request, context) }

        clients(router, platform)
        // It names an address of this listener, and says nothing of the one for mutual TLS (RFC 9728 §3.3).
        router.publish("/.well-known/oauth-protected-resource/openid/userinfo") { platform.userInfoResource() }
        sandbox(router, platform)
        developers(router, platform)
        console(router, platform)
        consoleMembers(router, platform)
        links(router, platform)
        router.read("/.well-known/openid-federation") { _, _ in platform.entityConfiguration() }
        router.read("/federation/trust-mark") { request, _ in platform.trustMark(request) }
        router.post("/federation/trust-mark-status") { request, _ in try await platform.trustMarkStatus(request) }
        router.read("/federation/trust-mark-list") { request, _ in platform.trustMarkList(request) }
        for path in ["trust-mark", "trust-mark-list"] { router.refuseOthers(than: [.get, .head], at: RouterPath("/federation/" + path)) }
        router.refuseOthers(than: [.post], at: "/federation/trust-mark-status")
        router.read("/trust-marks/{kind}") { _, context in platform.trustMarkMeaning(context) }
        router.get("/applicants/{reference}") { _, context in platform.applicant(context) }
        router.get("/openid/authorize") { request, _ in try await platform.authorize(request) }
        router.post("/openid/authorize") { request, _ in try await platform.authorize(request) }
        router.get("/openid/logout") { request, _ in try await platform.openIDLogout(request) }
        router.post("/openid/logout") { request, _ in try await platform.openIDLogout(request) }
        for path in ["authorize", "logout"] { router.refuseOthers(than: [.get, .post], at: RouterPath("/openid/" + path)) }
        router.post("/openid/logout/confirm") { request, _ in try await platform.openIDLogoutConfirmed(request) }

        router.read("/device") { request, _ in platform.devicePage(request) }
        router.post("/device") { request, context in try await platform.deviceCode(request, context) }
        router.get("/approve") { request, _ in try await platform.approvals(request) }
        router.get("/approve/{ticket}") { request, context in try await platform.approval(request, context) }
        router.post("/approve/login") { request, _ in try await platform.approvalLogin(request) }
        router.post("/approve/open") { request, _ in try await platform.approvalOpen(request) }
        router.get("/journey/{transaction}/consent") { request, context in try await platform.consent(request, context) }
        router.post("/journey/{transaction}/consent") { request, context in try await platform.consented(request, context) }
        citizen(router, platform)
        router.get("/journey/{transaction}/about") { request, context in try await platform.deviceAbout(request, context) }
        router.get("/journey/{transaction}/confirm") { request, context in try await platform.decision(request, context) }
        router.post("/journey/{transaction}/confirm") { request, context in try await platform.decided(request, context) }

        router.get("/journey/{transaction}") { request, context in try await platform.journey(request, context) }
        router.get("/journey/{transaction}/continue") { request, context in try await platform.continued(request, context) }
        router.post("/journey/{transaction}/challenge") { request, context in try await platform.challenge(request, context) }
        router.post("/journey/{transaction}/answer") { request, context in try await platform.answer(request, context) }
        router.get("/journey/{transaction}/identity") { request, context in try await platform.identity(request, context) }
        router.post("/journey/{transaction}/identity/challenge") { request, context in
            try await platform.identityChallenge(request, context)
        }
        router.post("/journey/{transaction}/identity/answer") { request, context in try await platform.identityAnswer(request, context) }
        router.post("/journey/{transaction}/identity/refuse") { request, context in try await platform.identityRefused(request, context) }
        router.post("/openid/identity/compare") { request, context in try await platform.compareIdentity(request, context) }
        router.refuseOthers(than: [.post], at: "/openid/identity/compare")
        router.get("/identity") { request, _ in try await platform.keptIdentities(request) }
        router.post("/identity/forget") { request, _ in try await platform.forgetIdentity(request) }
        router.get("/journey/{transaction}/handover") { request, context in try await platform.handover(request, context) }
        router.post("/journey/{transaction}/cancel") { request, context in try await platform.cancel(request, context) }
        return router
    }

    /// What clients ask for themselves, without a browser: served by the main listener and by the one for mutual TLS.
    private static func clients(_ router: Router<DoorContext>, _ platform: Platform) {
        router.publish("/.well-known/openid-configuration") { platform.discovery() }
        router.publish("/.well-known/oauth-authorization-server") { platform.discovery() }
        router.publish("/openid/jwks") { platform.keys() }
        router.refuseOthers(than: [.get, .head, .options], at: "/openid/jwks")
        router.post("/openid/par") { request, context in try await platform.push(request, context) }
        for method in [HTTPRequest.Method.get, .put, .delete, .patch, .head, .options] {
            router.on("/openid/par", method: method) { _, _ in platform.pushByOtherMethod() }
        }
        router.post("/openid/token") { request, context in try await platform.token(request, context) }
        router.get("/openid/userinfo") { request, context in try await platform.userInfo(request, context) }
        router.post("/openid/userinfo") { request, context in try await platform.userInfo(request, context) }
        router.on("/openid/userinfo", method: .options) { _, _ in platform.userInfoPreflight() }
        router.post("/openid/introspect") { request, context in try await platform.introspect(request, context) }
        router.post("/openid/revoke") { request, context in try await platform.revoke(request, context) }
        router.post("/openid/device_authorization") { request, context in try await platform.authorizeDevice(request, context) }
        router.post("/openid/register") { request, _ in try await platform.register(request) }
        router.read("/openid/register/{client}") { request, context in try await platform.readRegistration(request, context) }
        router.put("/openid/register/{client}") { request, context in try await platform.updateRegistration(request, context) }
        router.delete("/openid/register/{client}") { request, context in try await platform.deleteRegistration(request, context) }
        router.post("/openid/ciba") { request, context in try await platform.backchannel(request, context) }
        for path in ["token", "introspect", "revoke", "device_authorization", "ciba", "register"] {
            router.refuseOthers(than: [.post], at: RouterPath("/openid/" + path))
        }
        router.refuseOthers(than: [.get, .head, .put, .delete], at: "/openid/register/{client}")
        router.refuseOthers(than: [.get, .post, .options], at: "/openid/userinfo")
        signals(router, platform)
    }

    /// The listener that asks clients for a certificate. No browser has any business here.
    package static func mutualTLS(_ platform: Platform) -> Router<DoorContext> {
        let router = Router(context: DoorContext.self)
        router.add(middleware: Threshold(platform: platform))
        router.add(middleware: HandshakeReading(platform: platform))
        router.get("/help/{code}") { _, context in platform.help(context) }
        clients(router, platform)
        return router
    }

    /// The listener that asks for the card's client certificate.
    package static func card(_ platform: Platform) -> Router<DoorContext> {
        let router = Router(context: DoorContext.self)
        router.add(middleware: Threshold(platform: platform))
        router.get("/help/{code}") { _, context in platform.help(context) }
        router.get("/card/{transaction}") { request, context in try await platform.presentCertificate(request, context) }
        return router
    }
}

/// What a door knows of its request beside the request: the connection it came on.
package struct DoorContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// Set where a client may show a certificate.
    var client: TLSClient?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
