import Hummingbird
import OpenID
import Settings
import TrustFramework
import Vocabulary

/// What the OpenID Provider tells everybody: its metadata and its keys.
extension Platform {
    func discovery() -> Response {
        let settings = configuration.current
        let document = settings.openIDProvider.discovery(
            ladder: settings.policy.ladder, releasing: settings.policy.releasable, at: clock())
        return Answer.published(document.bytes, type: "application/json", seconds: 3600)
    }

    /// The userinfo endpoint as a protected resource (RFC 9728 §3).
    func userInfoResource() -> Response {
        Answer.published(configuration.current.openIDProvider.userInfoResource(at: clock()).bytes, type: "application/json", seconds: 3600)
    }

    func keys() -> Response {
        Answer.published(configuration.current.openIDProvider.jwks(at: clock()).bytes, type: "application/jwk-set+json", seconds: 3600)
    }
}
