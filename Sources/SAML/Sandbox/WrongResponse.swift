/// What the sandbox gets wrong in a Response, each on purpose and one at a time: a service provider has to refuse all but `right`.
package enum WrongResponse: String, Sendable, CaseIterable {
    case right
    case unsigned
    /// The NameID was changed after the signature was made.
    case altered
    /// Signed by a key that is not in our metadata, whose certificate lies in the message.
    case otherKey = "other-key"
    /// The signed element is still there, moved aside; another without a signature stands in its place (signature wrapping).
    case wrappedBefore = "wrapped-before"
    case wrappedAfter = "wrapped-after"
    case wrongIssuer = "wrong-issuer"
    case wrongAudience = "wrong-audience"
    case noAudience = "no-audience"
    case wrongRecipient = "wrong-recipient"
    case wrongDestination = "wrong-destination"
    case wrongRequest = "wrong-in-response-to"
    case expired
    case early
    case otherMethod = "not-bearer"
    /// The status is no success, and an assertion lies in the message all the same.
    case failed = "failed-status"
    /// The context class is none that anybody could want.
    case lowContext = "low-context"
    /// A document type declaration before the message.
    case doctype

    /// The clause that makes the service refuse it.
    package var clause: String {
        switch self {
        case .right: "SAML Profiles §4.1.4.3"
        case .unsigned: "SAML Profiles §4.1.4.5; SAML Bindings §3.5.4.2"
        case .altered, .otherKey: "SAML Core §5; XML Signature §3.2"
        case .wrappedBefore, .wrappedAfter: "SAML Core §5.4.2; checklist A1, A9"
        case .wrongIssuer: "SAML Profiles §4.1.4.2"
        case .wrongAudience, .noAudience: "SAML Core §2.5.1.4; SAML Profiles §4.1.4.2"
        case .wrongRecipient, .wrongRequest, .otherMethod: "SAML Profiles §4.1.4.3"
        case .wrongDestination: "SAML Core §3.2.2; SAML Bindings §3.5.5.2"
        case .expired, .early: "SAML Core §2.5.1.2; SAML Profiles §4.1.4.3"
        case .failed: "SAML Core §3.2.2.2"
        case .lowContext: "SAML Core §3.3.2.2.1"
        case .doctype: "SAML Core §1.3; checklist C1 (external entities)"
        }
    }

    /// Whether a service provider that accepts it breaks the standard. The others are good practice, or matter only to a service that asked
    /// for a level.
    package var isBinding: Bool {
        switch self {
        case .right, .lowContext, .doctype: false
        default: true
        }
    }
}
