/// Why an OCSP message is not used.
package enum OCSPRefusal: Error, Hashable, Sendable {
    case tooLarge(Int)
    case malformed(DERError)
    /// The responder gave no answer: OCSPResponseStatus (RFC 6960 §4.2.1).
    case status(OCSPResponderStatus)
    /// Some response other than id-pkix-ocsp-basic.
    case kind(ObjectIdentifier)
    case unknownCriticalExtension(ObjectIdentifier)
    /// Signed over SHA-1: a collision for sale (RFC 9155) proves nothing, whoever signed.
    case weakSignature
    /// The responder its authority appointed was itself revoked (RFC 6960 §4.2.2.2.1).
    case responderRevoked(RevocationReason)
    /// Nobody at hand says whether the appointed responder is still good, and the rules want it said.
    case responderUnknown
}

package enum OCSPResponderStatus: Int, Hashable, Sendable {
    case malformedRequest = 1
    case internalError = 2
    case tryLater = 3
    case signatureRequired = 5
    case unauthorized = 6
}
