import Cryptography

/// The signature algorithms we accept and publish, by their XML names (RFC 9231; S54). SHA-1, MD5, DSA and every HMAC have no entry: what
/// is not here cannot be asked for (checklist A15).
struct MessageAlgorithm: Sendable {
    let identifier: String
    let signature: SignatureAlgorithm

    static let all: [MessageAlgorithm] = [
        MessageAlgorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", .rsaPKCS1(.sha256)),
        MessageAlgorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", .rsaPKCS1(.sha384)),
        MessageAlgorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", .rsaPKCS1(.sha512)),
        MessageAlgorithm("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", .ecdsa(.sha256)),
        MessageAlgorithm("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", .ecdsa(.sha384)),
        MessageAlgorithm("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", .ecdsa(.sha512)),
        MessageAlgorithm("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", .rsaPSS(.sha256)),
        MessageAlgorithm("http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1", .rsaPSS(.sha384)),
        MessageAlgorithm("http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", .rsaPSS(.sha512)),
    ]

    /// What may stand in `alg:DigestMethod`.
    static let digests = [
        "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512",
    ]

    /// The XML name of the digest that the signature is made over.
    var digestIdentifier: String {
        switch signature {
        case .rsaPKCS1(.sha384), .rsaPSS(.sha384), .ecdsa(.sha384): Self.digests[1]
        case .rsaPKCS1(.sha512), .rsaPSS(.sha512), .ecdsa(.sha512): Self.digests[2]
        default: Self.digests[0]
        }
    }

    init?(identifier: String) {
        guard let known = Self.all.first(where: { $0.identifier == identifier }) else { return nil }
        self = known
    }

    private init(_ identifier: String, _ signature: SignatureAlgorithm) {
        self.identifier = identifier
        self.signature = signature
    }
}
