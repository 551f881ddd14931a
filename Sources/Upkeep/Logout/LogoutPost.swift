import OpenID
package import Outbound
import SAML
package import Settings
import SignOn
import TrustFramework
package import Vocabulary

/// One message for a leg, or why there is none.
enum LogoutPacking {
    case parcel(LogoutParcel)
    /// There will be none.
    case never(LogoutReason)
    /// Our key did not sign at this moment.
    case later
}

/// One message to one member, outside of any request.
struct LogoutParcel: Sendable {
    let id: String
    let address: String
    let type: String
    var headers: [OutboundRequest.Header] = []
    let body: [UInt8]

    /// The message for a leg as its member's registration is now; or why there is none.
    static func packed(
        _ leg: LogoutLeg, of logout: Logout, _ settings: Configuration, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) -> LogoutPacking {
        // Its standing of today: what was planned while it was in force is not sent when it is not any more.
        if let member = settings.federation.member(leg.member), member.standing(at: now) != .inForce { return .never(.notInForce) }
        switch leg.participation.name.tongue {
        case .openID:
            guard let client = settings.federation.client(leg.member) else { return .never(.notRegistered) }
            let made: LogoutToken?
            do {
                made = try LogoutToken(telling: client, of: leg.participation, from: settings.openIDProvider, at: now, using: &random)
            } catch {
                return .later
            }
            guard let token = made else { return .never(client.backchannelLogoutURI == nil ? .noService : .unspeakable) }
            return .parcel(LogoutParcel(id: token.id, address: token.address, type: LogoutToken.contentType, body: token.form))
        case .saml:
            guard let provider = settings.federation.serviceProvider(leg.member) else { return .never(.notRegistered) }
            let cause: LogoutCause = logout.origin == .administrator ? .administrator : .user
            let made: OutgoingLogout?
            do throws(AnswerFailure) {
                made = try provider.logoutRequest(
                    ending: leg.participation, by: .back, because: cause, relayState: nil, from: settings.identityProvider, at: now,
                    using: &random)
            } catch {
                return error == .signature ? .later : .never(.unspeakable)
            }
            guard let message = made, case .soap(let address, let envelope) = message.carrier else {
                return .never(provider.logoutPlan(for: leg.participation.name).channel == .back ? .unspeakable : .noService)
            }
            return .parcel(
                LogoutParcel(
                    id: message.id, address: address, type: SOAPEnvelope.contentType,
                    headers: [OutboundRequest.Header("SOAPAction", SOAPEnvelope.action)], body: envelope))
        }
    }

    /// What the member's answer comes to.
    func verdict(_ answer: OutboundAnswer, on leg: LogoutLeg, _ settings: Configuration, at now: Timestamp) -> LogoutVerdict {
        switch leg.participation.name.tongue {
        case .openID:
            switch LogoutToken.verdict(status: answer.status) {
            case .ended: return .ended(status: String(answer.status))
            case .refused: return .refused(status: String(answer.status))
            case .tryAgain: return .again(.badAnswer)
            }
        case .saml:
            guard let message = try? UnverifiedLogoutMessage.soapResponse(answer.body, limits: settings.identityProvider.limits) else {
                return .again(.badAnswer)
            }
            let provider = settings.federation.serviceProvider(leg.member)
            guard message.issuer == leg.member,
                let response = try? message.response(from: provider, at: settings.identityProvider, at: now),
                response.inResponseTo.hasSameBytes(as: id)
            else { return .again(.unproven) }
            return response.hasEnded ? .ended(status: response.status) : .refused(status: response.status)
        }
    }
}

enum LogoutVerdict: Hashable, Sendable {
    case ended(status: String)
    /// A no of its own: another try would not change it.
    case refused(status: String)
    case again(LogoutReason)
}

extension Configuration {
    /// Members' own addresses, from metadata and registrations that an operator or a federation vouches for; still never into our own network
    /// unless the deployment says so, never after a redirect, and one slow member costs five seconds (checklist C14).
    package var logoutRules: OutboundRules {
        OutboundRules(
            hosts: nil, allowsPrivateAddresses: outbound.allowsPrivateAddresses, allowsPlainHTTP: mode == .development, limit: 262_144,
            seconds: 5, redirects: 0)
    }

    /// The same for whoever is told at addresses of this member's. For those that a client registered itself nobody vouches: they are asked
    /// as what its registration points to is (checklist E21).
    package func rules(telling member: MemberID) -> OutboundRules {
        guard RegistrationRecord.isDynamic(member) else { return logoutRules }
        return RegistrationFetch.rules(self, limit: logoutRules.limit) ?? logoutRules
    }
}
