/// The object identifiers this room knows by heart.
extension ObjectIdentifier {
    // Certificate and CRL extensions, RFC 5280 §4.2 and §5.2: 2.5.29.n.
    package static let subjectDirectoryAttributes = ObjectIdentifier(2, 5, 29, 9)
    package static let subjectKeyIdentifier = ObjectIdentifier(2, 5, 29, 14)
    package static let keyUsage = ObjectIdentifier(2, 5, 29, 15)
    package static let subjectAlternativeName = ObjectIdentifier(2, 5, 29, 17)
    package static let issuerAlternativeName = ObjectIdentifier(2, 5, 29, 18)
    package static let basicConstraints = ObjectIdentifier(2, 5, 29, 19)
    package static let crlNumber = ObjectIdentifier(2, 5, 29, 20)
    package static let reasonCode = ObjectIdentifier(2, 5, 29, 21)
    package static let invalidityDate = ObjectIdentifier(2, 5, 29, 24)
    package static let deltaCRLIndicator = ObjectIdentifier(2, 5, 29, 27)
    package static let issuingDistributionPoint = ObjectIdentifier(2, 5, 29, 28)
    package static let certificateIssuer = ObjectIdentifier(2, 5, 29, 29)
    package static let nameConstraints = ObjectIdentifier(2, 5, 29, 30)
    package static let crlDistributionPoints = ObjectIdentifier(2, 5, 29, 31)
    package static let certificatePolicies = ObjectIdentifier(2, 5, 29, 32)
    package static let anyPolicy = ObjectIdentifier(2, 5, 29, 32, 0)
    package static let policyMappings = ObjectIdentifier(2, 5, 29, 33)
    package static let authorityKeyIdentifier = ObjectIdentifier(2, 5, 29, 35)
    package static let policyConstraints = ObjectIdentifier(2, 5, 29, 36)
    package static let extendedKeyUsage = ObjectIdentifier(2, 5, 29, 37)
    package static let freshestCRL = ObjectIdentifier(2, 5, 29, 46)
    package static let inhibitAnyPolicy = ObjectIdentifier(2, 5, 29, 54)
    package static let authorityInformationAccess = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 1, 1)
    package static let subjectInformationAccess = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 1, 11)

    // Policy qualifiers, access methods and key purposes: 1.3.6.1.5.5.7.{2,48,3}.
    package static let cpsQualifier = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 2, 1)
    package static let userNoticeQualifier = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 2, 2)
    package static let ocspAccess = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 1)
    package static let ocspSigning = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 9)
    package static let clientAuthentication = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 2)

    // OCSP, RFC 6960 §4.
    package static let ocspBasicResponse = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 1, 1)
    package static let ocspNonce = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 1, 2)
    package static let ocspNoCheck = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 1, 5)
    /// Certificate Transparency receipts in an OCSP answer (RFC 6962 §3.3): about how a certificate was logged, not about its status.
    static let ocspTransparency = ObjectIdentifier(1, 3, 6, 1, 4, 1, 11129, 2, 4, 5)

    // Digests: RFC 3279 §2.1, NIST CSOR.
    static let sha1 = ObjectIdentifier(1, 3, 14, 3, 2, 26)
    static let sha256 = ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 1)
    static let sha384 = ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 2)
    static let sha512 = ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 3)
}
