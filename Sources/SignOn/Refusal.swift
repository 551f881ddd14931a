package import TrustFramework
package import Vocabulary

/// Why a member gets no answer about a citizen.
package enum SignOnRefusal: Error, Sendable, Hashable {
    /// Policy, accreditation or the ladder say no, whatever the citizen does.
    case denied(Decision.Denial, member: MemberID, purpose: Purpose, policyVersion: String)
    /// A page would be needed but the member asked for none.
    case passive(sessionExists: Bool)
    /// The member named the citizen it expects, and another one is here.
    case otherCitizen
    /// The member knows no identifier of this citizen, and wants no new one.
    case noIdentifier
    /// In a step-up another citizen's card was shown.
    case otherCitizenAtStepUp
    /// A first link needs a login in which the key signed; presence of the card is not enough (law art. 38-4; mode C).
    case presenceNeverLinks
    case cancelled
    /// A logout came between the login page and the card.
    case sessionEnded
}

extension SignOnRefusal {
    package var explanation: Explanation {
        switch self {
        case .denied(let denial, let member, let purpose, let version):
            denied(denial, [.init("member", member.text), .init("purpose", purpose.text), .init("policy-version", version)])
        case .passive(let exists):
            Explanation(
                "signon.passive", "the citizen would have to be asked, but the request forbids any page",
                compared: [.init("session", exists ? "present, not sufficient" : "none")],
                clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.1 prompt=none",
                remedy: "send the request again without IsPassive or prompt=none")
        case .otherCitizen:
            Explanation(
                "signon.subject.other", "the citizen who is here is not the one the request names",
                clause: "SAML Core §3.4.1.2; OpenID Connect Core §3.1.2.2",
                remedy: "leave the hint out, or ask the citizen to log out first")
        case .noIdentifier:
            Explanation(
                "signon.identifier.none", "the service knows no identifier of this citizen yet, and asks that none be made",
                clause: "SAML Core §3.4.1.1 AllowCreate", remedy: "send AllowCreate=\"true\", or leave it out, when the citizen signs up")
        case .otherCitizenAtStepUp:
            Explanation(
                "signon.step-up.other-person", "the card belongs to another citizen than this session",
                clause: "step-up is a new login by the same person", remedy: "use the same card, or log out and start again")
        case .presenceNeverLinks:
            Explanation(
                "signon.presence.first-link", "this card has not been used with its PIN here yet",
                clause: "Public Personal Authentication Act art. 38-4 (mode C)", remedy: "log in once with the card and its PIN")
        case .sessionEnded:
            Explanation(
                "session.ended", "the login was ended meanwhile, in another tab or by a service", clause: "checklist H2",
                remedy: "start again from the service you want to use")
        case .cancelled:
            Explanation("signon.cancelled", "the citizen stopped the login", clause: "SAML Core §3.2.2.2", remedy: "offer to start again")
        }
    }

    private func denied(_ denial: Decision.Denial, _ compared: [Explanation.Compared]) -> Explanation {
        switch denial {
        case .standing(let standing):
            Explanation(
                "policy.member." + standing.rawValue, "the member's accreditation is not in force",
                compared: compared + [.init("standing", standing.rawValue)], clause: "trust framework: accreditation",
                remedy: "the member's administrator renews or reinstates its accreditation")
        case .purposeNotAccredited:
            Explanation(
                "policy.purpose", "the member is not accredited for this purpose", compared: compared,
                clause: "trust framework: accreditation", remedy: "ask for a purpose in the member's accreditation, or have it extended")
        case .forbidden:
            Explanation(
                "policy.forbidden", "a rule forbids this", compared: compared, clause: "trust framework: rules",
                remedy: "see the rule named in the audit record")
        case .noPermit:
            Explanation(
                "policy.no-permit", "no rule permits this", compared: compared, clause: "trust framework: default deny",
                remedy: "have a rule written for this kind of member and purpose")
        case .contextOutOfReach:
            Explanation(
                "policy.context", "no authentication context satisfies both the request and the rules", compared: compared,
                clause: "SAML Core §3.3.2.2.1; OpenID Connect Core §3.1.2.1",
                remedy: "ask for a context that this deployment publishes")
        }
    }
}
