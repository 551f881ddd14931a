import HTTPTypes
import Hummingbird

extension Doors {
    /// For developers of services: answers that are wrong on purpose, under a name and keys of their own.
    static func sandbox(_ router: Router<DoorContext>, _ platform: Platform) {
        router.get("/sandbox/answers") { _, _ in platform.sandboxAnswers() }
        router.get("/sandbox/saml/metadata") { _, _ in try platform.sandboxMetadata() }
        router.get("/sandbox/saml/metadata/signing.pem") { _, _ in platform.sandboxMetadataKeys() }
        router.get("/sandbox/saml/sso") { request, _ in try await platform.sandboxSignOn(request) }
        router.post("/sandbox/saml/sso") { request, _ in try await platform.sandboxSignOn(request) }
        router.post("/sandbox/saml/answer") { request, _ in try await platform.sandboxAnswer(request) }
        router.get("/sandbox/.well-known/openid-configuration") { _, _ in platform.sandboxDiscovery() }
        router.get("/sandbox/openid/jwks") { _, _ in platform.sandboxKeys() }
        router.get("/sandbox/openid/authorize") { request, _ in try await platform.sandboxAuthorize(request) }
        router.post("/sandbox/openid/authorize") { request, _ in try await platform.sandboxAuthorize(request) }
        router.post("/sandbox/openid/answer") { request, _ in try await platform.sandboxAuthorized(request) }
        router.post("/sandbox/openid/par") { request, context in try await platform.sandboxPush(request, context) }
        for method in [HTTPRequest.Method.get, .put, .delete, .patch, .head] {
            router.on("/sandbox/openid/par", method: method) { _, _ in platform.sandboxPushByOtherMethod() }
        }
        router.post("/sandbox/openid/token") { request, context in try await platform.sandboxToken(request, context) }
        router.get("/sandbox/openid/userinfo") { request, context in try await platform.sandboxUserInfo(request, context) }
        router.post("/sandbox/openid/userinfo") { request, context in try await platform.sandboxUserInfo(request, context) }
    }
}
