import OpenID
import SAML
package import SignOn

extension Federation {
    /// How the member of a participation is told that the session ended, as its registration is now.
    package func logoutPlan(for participation: Participation) -> LogoutPlan {
        switch participation.name.tongue {
        case .saml: serviceProvider(participation.member)?.logoutPlan ?? LogoutPlan(.none, .notRegistered)
        case .openID: client(participation.member)?.logoutPlan ?? LogoutPlan(.none, .notRegistered)
        }
    }
}
