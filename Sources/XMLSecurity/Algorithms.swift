package import Cryptography
import XML

/// Names of XML Signature that we speak. What is not here does not exist: no HMAC, DSA, MD5, XPath, XSLT, inclusive
/// canonicalization, RetrievalMethod (A15, C4).
enum Algorithms {
    static let signatureNamespace = "http://www.w3.org/2000/09/xmldsig#"
    static let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
    static let exclusiveWithComments = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"
    static let enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

    static func ds(_ local: String) -> XMLName { XMLName(signatureNamespace, local) }

    private static let more = "http://www.w3.org/2001/04/xmldsig-more#"
    private static let maskGeneration = "http://www.w3.org/2007/05/xmldsig-more#"

    static let allSignatures: [(uri: String, algorithm: SignatureAlgorithm)] = [
        (more + "rsa-sha256", .rsaPKCS1(.sha256)), (more + "rsa-sha384", .rsaPKCS1(.sha384)),
        (more + "rsa-sha512", .rsaPKCS1(.sha512)), (signatureNamespace + "rsa-sha1", .rsaPKCS1(.sha1)),
        (more + "ecdsa-sha256", .ecdsa(.sha256)), (more + "ecdsa-sha384", .ecdsa(.sha384)),
        (more + "ecdsa-sha512", .ecdsa(.sha512)), (more + "ecdsa-sha1", .ecdsa(.sha1)),
        (maskGeneration + "sha256-rsa-MGF1", .rsaPSS(.sha256)), (maskGeneration + "sha384-rsa-MGF1", .rsaPSS(.sha384)),
        (maskGeneration + "sha512-rsa-MGF1", .rsaPSS(.sha512)), (maskGeneration + "sha1-rsa-MGF1", .rsaPSS(.sha1)),
    ]

    private static let digests: [(uri: String, algorithm: DigestAlgorithm)] = [
        ("http://www.w3.org/2001/04/xmlenc#sha256", .sha256), (more + "sha384", .sha384),
        ("http://www.w3.org/2001/04/xmlenc#sha512", .sha512), (signatureNamespace + "sha1", .sha1),
    ]

    static func signature(_ uri: String) -> SignatureAlgorithm? { allSignatures.first { $0.uri == uri }?.algorithm }
    static func uri(of algorithm: SignatureAlgorithm) -> String? { allSignatures.first { $0.algorithm == algorithm }?.uri }
    static func digest(_ uri: String) -> DigestAlgorithm? { digests.first { $0.uri == uri }?.algorithm }

    static func uri(of digest: DigestAlgorithm) -> String {
        switch digest {
        case .sha1: signatureNamespace + "sha1"
        case .sha256: "http://www.w3.org/2001/04/xmlenc#sha256"
        case .sha384: more + "sha384"
        case .sha512: "http://www.w3.org/2001/04/xmlenc#sha512"
        }
    }
}

extension SignatureAlgorithm {
    var digest: DigestAlgorithm? {
        switch self {
        case .rsaPKCS1(let digest), .rsaPSS(let digest), .ecdsa(let digest): digest
        case .ed25519: nil
        }
    }
}

extension Set<SignatureAlgorithm> {
    /// What a message of today may be signed with. SHA-1 is absent and must be allowed by name.
    package static let modernXMLSignatures: Set<SignatureAlgorithm> = [
        .rsaPKCS1(.sha256), .rsaPKCS1(.sha384), .rsaPKCS1(.sha512), .rsaPSS(.sha256), .rsaPSS(.sha384), .rsaPSS(.sha512),
        .ecdsa(.sha256), .ecdsa(.sha384), .ecdsa(.sha512),
    ]
}
