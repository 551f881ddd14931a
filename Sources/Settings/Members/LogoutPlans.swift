import OpenID
import SAML
package import SignOn
import TrustFramework
package import Vocabulary

extension Federation {
    /// How the member of a participation is told that the session ended, as its registration and its standing are now: whoever is not in
    /// force is told nothing, and the citizen reads that the service is still open.
    package func logoutPlan(for participation: Participation, at now: Timestamp) -> LogoutPlan {
        if let member = member(participation.member), member.standing(at: now) != .inForce { return LogoutPlan(.none, .notInForce) }
        return switch participation.name.tongue {
        case .saml: serviceProvider(participation.member)?.logoutPlan(for: participation.name) ?? LogoutPlan(.none, .notRegistered)
        case .openID: client(participation.member)?.logoutPlan ?? LogoutPlan(.none, .notRegistered)
        }
    }
}
