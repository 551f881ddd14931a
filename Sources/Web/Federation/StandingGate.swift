import OpenID
import SAML
import Settings
import TrustFramework
import Vocabulary

/// The standing of a member on paths that ask no policy: whoever is not in force gets no answer there either (docs/decisions/0051).
extension Configuration {
    /// Nil: in force at this moment.
    func refusal(ofSAML member: MemberID, at now: Timestamp) -> SAMLRefusal.Reason? {
        let standing = federation.member(member)?.standing(at: now)
        return standing == .inForce ? nil : .notInForce(member, standing?.rawValue ?? "no member")
    }

    /// The same for a client, whose logout nobody answers.
    func refusal(ofLogoutBy client: MemberID, at now: Timestamp) -> Explanation? {
        let standing = federation.member(client)?.standing(at: now)
        return standing == .inForce
            ? nil
            : Explanation(
                "openid.logout.member", "the service's accreditation is not in force, so that it cannot end sessions here",
                compared: [.init("standing", standing?.rawValue ?? "no member")], clause: "trust framework: accreditation",
                remedy: "the citizen ends the session on this site's own page")
    }
}
