package import SignOn

/// What single logout adds to the names of SAML (Core §3.7, Asynchronous Single Logout Protocol Extension 1.0).
enum LogoutName {
    static let asynchronous = "urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo"
    static let soap = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
    static let request = "LogoutRequest"
    static let response = "LogoutResponse"
    /// The profile demands it on every channel; over SOAP another way to authenticate would do, and we have none (Profiles §4.4.4.1).
    static let signed = "SAML Profiles §4.4.3.1, §4.4.4.1"
}

/// Why we ask members to end a session (`Reason`, Core §3.7.3).
package enum LogoutCause: String, Sendable {
    case user = "urn:oasis:names:tc:SAML:2.0:logout:user"
    case administrator = "urn:oasis:names:tc:SAML:2.0:logout:admin"
}

extension ServiceProvider {
    /// How this member is told that a session ended: by ourselves where it declares SOAP, else by the citizen's browser; by the browser first
    /// where its operator says so.
    package var logoutPlan: LogoutPlan {
        if options.logout == .browser, frontLogoutService != nil { return LogoutPlan(.front) }
        if logoutServices.contains(where: { $0.binding == LogoutName.soap }) { return LogoutPlan(.back) }
        return frontLogoutService == nil ? LogoutPlan(.none, .noService) : LogoutPlan(.front)
    }

    /// As above, for a session in which it was told this name. Without a NameID nobody is asked: a request has to name the citizen as both
    /// sides do (SAML Core §3.7.1), and an `UnknownPrincipal` to a guessed name would be read as "nothing is open there".
    package func logoutPlan(for name: MemberName) -> LogoutPlan {
        name.isUntold ? LogoutPlan(.none, .unnamed) : logoutPlan
    }

    /// The first address in its metadata that a browser can be sent to.
    var frontLogoutService: LogoutService? {
        logoutServices.first { $0.binding == Binding.redirect || $0.binding == Binding.post }
    }

    /// Where answers to its requests go: by the way they came, where it has an address for that, else by the other (Profiles §4.4.3.2).
    func logoutReturn(_ binding: MessageBinding) -> LogoutService? {
        let same = binding == .post ? Binding.post : Binding.redirect
        return logoutServices.first { $0.binding == same } ?? frontLogoutService
    }
}
