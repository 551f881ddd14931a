/// authorityInformationAccess and subjectInformationAccess (RFC 5280 §4.2.2): where to ask about an authority. Addresses only; whoever
/// fetches holds them against the operator's list.
struct InformationAccess: Sendable {
    private(set) var responders: [String] = []
    private(set) var issuers: [String] = []

    init() {}

    init(_ reader: DERReader) throws(DERError) {
        var reader = reader
        repeat {
            var access = try reader.expect(DERTag.sequence).reader
            let method = try access.expect(DERTag.objectIdentifier).objectIdentifier()
            let location = try GeneralName(access.next())
            try access.finish()
            guard case .uri(let uri) = location else { continue }
            if method == .ocspAccess { responders.append(uri) }
            if method == .authorityCertificateAccess { issuers.append(uri) }
        } while !reader.isAtEnd
    }
}

extension ObjectIdentifier {
    /// id-ad-caIssuers.
    package static let authorityCertificateAccess = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 2)
    package static let anyExtendedKeyUsage = ObjectIdentifier(2, 5, 29, 37, 0)
    package static let serverAuthentication = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 1)
    /// PKCS #9, deprecated in names and still constrained there (RFC 5280 §4.2.1.10).
    package static let emailAddress = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 1)
    /// id-on-SmtpUTF8Mailbox (RFC 9598 §3): a mailbox in an otherName.
    package static let internationalMailbox = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 8, 9)
}
