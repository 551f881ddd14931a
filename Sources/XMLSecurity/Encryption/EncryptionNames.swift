package import Cryptography
import XML

/// Names of XML Encryption that we speak.
enum EncryptionNames {
    static let xenc = "http://www.w3.org/2001/04/xmlenc#"
    static let xenc11 = "http://www.w3.org/2009/xmlenc11#"
    static let dsig11 = "http://www.w3.org/2009/xmldsig11#"

    static let element = xenc + "Element"
    static let content = xenc + "Content"
    static let derivation = xenc11 + "ConcatKDF"

    static func xenc(_ local: String) -> XMLName { XMLName(xenc, local) }
    static func xenc11(_ local: String) -> XMLName { XMLName(xenc11, local) }
    static func dsig11(_ local: String) -> XMLName { XMLName(dsig11, local) }

    private static let masks: [(uri: String, digest: DigestAlgorithm)] = DigestAlgorithm.allCases.map {
        (xenc11 + "mgf1" + $0.rawValue, $0)
    }

    static func mask(_ uri: String) -> DigestAlgorithm? { masks.first { $0.uri == uri }?.digest }
    static func uri(ofMask digest: DigestAlgorithm) -> String { xenc11 + "mgf1" + digest.rawValue }

    /// Key length of an AES key wrap.
    static func wrap(_ uri: String) -> Int? { [16, 24, 32].first { wrap(keyLength: $0) == uri } }
    static func wrap(keyLength: Int) -> String { xenc + "kw-aes\(keyLength * 8)" }

    static func urn(of curve: EllipticCurve) -> String {
        switch curve {
        case .p256: "urn:oid:1.2.840.10045.3.1.7"
        case .p384: "urn:oid:1.3.132.0.34"
        case .p521: "urn:oid:1.3.132.0.35"
        }
    }

    static func curve(_ urn: String) -> EllipticCurve? { EllipticCurve.allCases.first { self.urn(of: $0) == urn } }
}

/// How the content's key reaches the reader (XML Encryption 1.1 §5.5, §5.6). RSA with PKCS#1 v1.5 padding is not spoken, for reading
/// or writing: it is an oracle by construction (checklist S52, A20).
package enum KeyTransport: Hashable, Sendable {
    case rsaOAEP(digest: DigestAlgorithm, mgf: DigestAlgorithm, name: OAEPName = .older)
    /// A fresh key of ours on the reader's curve, ConcatKDF with SHA-256, AES key wrap.
    case ecdhES

    /// RSA-OAEP has two names. With SHA-1 as the mask both mean the same, and a reader is written to under the one it declared (IIP-MD10);
    /// with any other mask only the newer one will do.
    package enum OAEPName: Hashable, Sendable {
        /// `rsa-oaep-mgf1p`, XML Encryption 1.0.
        case older
        /// `rsa-oaep`, XML Encryption 1.1.
        case newer
    }

    /// SHA-1 twice: neither collision nor preimage resistance is asked of it here, and it is the pair that every service provider
    /// reads (saml2int, SDP-MD08; checklist S52).
    package static let saml2int = KeyTransport.rsaOAEP(digest: .sha1, mgf: .sha1)

    /// What `md:EncryptionMethod` lists for it.
    package var uri: String {
        switch self {
        case .rsaOAEP(_, .sha1, .older): EncryptionNames.xenc + "rsa-oaep-mgf1p"
        case .rsaOAEP: EncryptionNames.xenc11 + "rsa-oaep"
        case .ecdhES: EncryptionNames.xenc11 + "ECDH-ES"
        }
    }

    /// From the URIs of an `md:EncryptionMethod` and its `ds:DigestMethod` and `xenc11:MGF`; both default to SHA-1. Nil for what we do
    /// not speak.
    package init?(uri: String, digest: String? = nil, mgf: String? = nil) {
        switch uri {
        case EncryptionNames.xenc11 + "ECDH-ES": self = .ecdhES
        case EncryptionNames.xenc + "rsa-oaep-mgf1p", EncryptionNames.xenc11 + "rsa-oaep":
            // The older name has SHA-1 as its mask (XML Encryption 1.1 §5.5.2), but libxmlsec1 since 1.3 writes another beside it and
            // means that; we write such a pair under the newer name.
            guard let digest = digest.map(Algorithms.digest) ?? .sha1, let mask = mgf.map(EncryptionNames.mask) ?? .sha1 else {
                return nil
            }
            self = .rsaOAEP(digest: digest, mgf: mask, name: uri == EncryptionNames.xenc11 + "rsa-oaep" ? .newer : .older)
        default: return nil
        }
    }

    package func fits(_ kind: KeyKind) -> Bool {
        switch (self, kind) {
        case (.rsaOAEP, .rsa), (.ecdhES, .ec): true
        default: false
        }
    }
}
