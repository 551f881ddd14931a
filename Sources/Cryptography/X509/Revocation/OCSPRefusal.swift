/// Why bytes are not an OCSP message we use.
package enum OCSPRefusal: Error, Hashable, Sendable {
    case tooLarge(Int)
    case malformed(DERError)
    /// The responder gave no answer: OCSPResponseStatus (RFC 6960 §4.2.1).
    case status(OCSPResponderStatus)
    /// Some response other than id-pkix-ocsp-basic.
    case kind(ObjectIdentifier)
    case unknownCriticalExtension(ObjectIdentifier)
}

package enum OCSPResponderStatus: Int, Hashable, Sendable {
    case malformedRequest = 1
    case internalError = 2
    case tryLater = 3
    case signatureRequired = 5
    case unauthorized = 6
}
