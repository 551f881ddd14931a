import Hummingbird
import OpenID
import Settings
import TrustFramework
import Vocabulary

/// What the OpenID Provider tells everybody: its metadata and its keys.
extension Platform {
    func discovery() -> Response {
        let settings = configuration.current
        return Answer.published(
            settings.openIDProvider.discovery(ladder: settings.policy.ladder).bytes, type: "application/json", seconds: 3600)
    }

    func keys() -> Response {
        Answer.published(configuration.current.openIDProvider.jwks(at: clock()).bytes, type: "application/jwk-set+json", seconds: 3600)
    }
}
