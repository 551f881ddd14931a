/// Why an answer could not be made. None of these is the citizen's or the member's doing: each is a fault of ours or of the deployment.
package enum AnswerFailure: Error, Hashable, Sendable {
    /// The grant speaks of another member than the request.
    case otherMember
    /// The context of the grant has no SAML class.
    case contextWithoutClass(String)
    /// The address is none that a browser may be sent to (checklist A26, at render).
    case address(String)
    case signature
    /// The machine has no memory to deflate it.
    case deflation
    /// The assertion could not be encrypted as the member needs it; the code of the reason.
    case encryption(String)
    /// An answer for later could not be sealed for the store, or what the store gave back is not what was sealed.
    case sealing
}
