package import TrustFramework
package import Vocabulary

/// Why a member gets no answer about a citizen.
package enum SignOnRefusal: Error, Sendable, Hashable {
    /// Policy, accreditation or the ladder say no, whatever the citizen does.
    case denied(Decision.Denial, member: MemberID, purpose: Purpose, policyVersion: String, because: Reasons = Reasons())
    /// A page would be needed but the member asked for none.
    case passive(sessionExists: Bool)
    /// The same: the rules want the card used again, or used for this member apart from others.
    case passiveLogin
    /// The same: the citizen's yes is missing.
    case passiveConsent
    /// The same: a signature certificate has to be presented.
    case passiveSignature
    /// The member named the citizen it expects, and another one is here.
    case otherCitizen
    /// The member knows no identifier of this citizen, and wants no new one.
    case noIdentifier
    /// In a step-up another citizen's card was shown.
    case otherCitizenAtStepUp
    /// A first link needs a login in which the key signed; presence of the card is not enough (law art. 38-4; mode C).
    case presenceNeverLinks
    case cancelled
    /// The citizen was shown what would be sent, and said no.
    case consentRefused
    /// A rule wants to know for whom the citizen acts.
    case mandate(MandateFault)
    /// The certificate of the login was asked about on line: it is revoked, on hold, or its authority does not know it.
    case certificateRevoked
    /// Nobody could be asked.
    case statusUnknown
    /// The newest word is older than the rules want it, in seconds.
    case statusStale(maximumAge: Int64)
    /// A logout came between the login page and the card.
    case sessionEnded
    /// Its citizen, or an officer, told us that card or phone is lost; nobody logs in with it until that is lifted.
    case certificateBlocked
    /// Certificates of one citizen could not be brought together.
    case link(LinkFault)

    /// The decision's reasons in the words of those who read them.
    package struct Reasons: Sendable, Hashable {
        /// By language tag, a sentence each.
        package var citizen: [String: [String]] = [:]
        /// In English.
        package var developer: [String] = []

        package init() {}
    }

    static func denied(
        _ denial: Decision.Denial, by decision: Decision, of member: MemberID, for purpose: Purpose, under policy: Policy
    ) -> SignOnRefusal {
        var told = Reasons()
        for language in ["ja", "en", "ja-easy"] { told.citizen[language] = decision.told(to: .citizen, in: language, policy) }
        told.developer = decision.told(to: .developer, in: "en", policy)
        return .denied(denial, member: member, purpose: purpose, policyVersion: decision.policyVersion, because: told)
    }

    /// What a person without a protocol reads; empty where `explanation` says it all.
    package var citizenWords: [String: [String]] {
        guard case .denied(_, _, _, _, let told) = self else { return [:] }
        return told.citizen
    }
}

extension SignOnRefusal {
    package var explanation: Explanation {
        switch self {
        case .denied(let denial, let member, let purpose, let version, let told):
            denied(
                denial,
                [.init("member", member.text), .init("purpose", purpose.text), .init("policy-version", version)]
                    + (told.developer.isEmpty ? [] : [.init("reason", told.developer.joined(separator: "; "))]))
        case .passive(let exists):
            Explanation(
                "signon.passive", "the citizen would have to be asked, but the request forbids any page",
                compared: [.init("session", exists ? "present, not sufficient" : "none")],
                clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.1 prompt=none",
                remedy: "send the request again without IsPassive or prompt=none")
        case .passiveLogin:
            Explanation(
                "signon.passive.login", "the rules want the card used again for this, but the request forbids any page",
                clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.6 login_required",
                remedy: "send the request again without IsPassive or prompt=none")
        case .passiveConsent:
            Explanation(
                "signon.passive.consent", "the citizen has not agreed to what would be sent, but the request forbids any page",
                clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.6 consent_required",
                remedy: "send the request again without IsPassive or prompt=none")
        case .passiveSignature:
            Explanation(
                "signon.passive.signature", "a signature certificate has to be presented, but the request forbids any page",
                clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.6 interaction_required",
                remedy: "send the request again without IsPassive or prompt=none")
        case .consentRefused:
            Explanation(
                "signon.consent.refused", "the citizen did not agree to what would be sent", clause: "trust framework: consent",
                remedy: "offer a way that needs less, or ask for less")
        case .mandate(.unnamed):
            Explanation(
                "signon.mandate.unnamed", "a rule wants the request to say for whom the citizen acts, and it does not",
                clause: "trust framework: obligations, name-mandate",
                remedy: "ask with the claim acting_for, `person` or `company`, once the mandate is on record")
        case .mandate(.unproven(let whom)):
            Explanation(
                "signon.mandate.unproven", "the citizen is said to act for another, and no mandate on record here proves it",
                compared: [.init("acting-for", whom.rawValue)], clause: "trust framework: obligations, name-mandate",
                remedy: "leave acting_for out, or have the mandate recorded")
        case .certificateRevoked:
            Explanation(
                "signon.status.revoked", "the certificate of this login is revoked or on hold", clause: "RFC 6960 §2.2",
                remedy: "the citizen has the card's certificate renewed at the town office")
        case .statusUnknown:
            Explanation(
                "signon.status.unknown", "the rules want the certificate's status on line, and nobody could be asked",
                clause: "trust framework: obligations, refresh-status", remedy: "try again in a moment")
        case .statusStale(let age):
            Explanation(
                "signon.status.stale", "the newest word on the certificate is older than the rules want it",
                compared: [.init("maximum-age-seconds", String(age))], clause: "trust framework: obligations, refresh-status",
                remedy: "try again in a moment; tell the operator if it goes on")
        case .otherCitizen:
            Explanation(
                "signon.subject.other", "the citizen who is here is not the one the request names",
                clause: "SAML Core §3.4.1.2; OpenID Connect Core §3.1.2.2",
                remedy: "leave the hint out, or ask the citizen to log out first")
        case .noIdentifier:
            Explanation(
                "signon.identifier.none", "the service knows no identifier of this citizen yet, and asks that none be made",
                clause: "SAML Core §3.4.1.1 AllowCreate",
                remedy: "send AllowCreate=\"true\" or none when the citizen signs up; the operator may set `allow-create: always`")
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
        case .link(let fault): fault.explanation
        case .certificateBlocked:
            Explanation(
                "signon.certificate.blocked",
                "this card or phone was reported as lost or misused here, and logs nobody in; use another one with its PIN, or ask at the counter",
                clause: "trust framework: loss reports",
                remedy: "the citizen logs in with another card or phone and its PIN and lifts the block, or asks at the counter")
        case .cancelled:
            Explanation("signon.cancelled", "the citizen stopped the login", clause: "SAML Core §3.2.2.2", remedy: "offer to start again")
        }
    }

    private func denied(_ denial: Decision.Denial, _ compared: [Explanation.Compared]) -> Explanation {
        switch denial {
        case .standing(let standing):
            return Explanation(
                "policy.member." + standing.rawValue, "the member's accreditation is not in force",
                compared: compared + [.init("standing", standing.rawValue)], clause: "trust framework: accreditation",
                remedy: "the member's administrator renews or reinstates its accreditation")
        case .purposeNotAccredited:
            return Explanation(
                "policy.purpose", "the member is not accredited for this purpose", compared: compared,
                clause: "trust framework: accreditation", remedy: "ask for a purpose in the member's accreditation, or have it extended")
        case .attributesNotAccredited(let missing):
            return Explanation(
                "policy.attributes-not-accredited", "the member asks for attributes that its accreditation does not cover",
                compared: compared + [.init("attributes", missing.map(\.rawValue).sorted().joined(separator: " "))],
                clause: "trust framework: accreditation", remedy: "ask for less, or have the accreditation extended")
        case .modeNotAccredited(let mode):
            return Explanation(
                "policy.mode-not-accredited", "the member is not accredited for logins of the mode that would do",
                compared: compared + [.init("mode", mode.rawValue)], clause: "trust framework: accreditation",
                remedy: "have the accreditation extended by this mode")
        case .permissionMissing(let permission):
            return Explanation(
                "policy.permission-missing", "the member lacks the permission for terminals without PIN",
                compared: compared + [.init("permission", permission.rawValue)], clause: "trust framework: accreditation",
                remedy: "have the permission accredited")
        case .forbidden:
            return Explanation(
                "policy.forbidden", "a rule forbids this", compared: compared, clause: "trust framework: rules",
                remedy: "see the rule named in the audit record")
        case .noPermit:
            return Explanation(
                "policy.no-permit", "no rule permits this", compared: compared, clause: "trust framework: default deny",
                remedy: "have a rule written for this kind of member and purpose")
        case .contextOutOfReach:
            return Explanation(
                "policy.context", "no authentication context satisfies both the request and the rules", compared: compared,
                clause: "SAML Core §3.3.2.2.1; OpenID Connect Core §3.1.2.1", remedy: "ask for a context that this deployment publishes")
        }
    }
}
