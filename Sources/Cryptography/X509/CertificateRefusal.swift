/// Why bytes are not a certificate we read: facts for the log, no content of the certificate.
package enum CertificateRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Bytes that came; the limit is `Certificate.largest`.
    case tooLarge(Int)
    /// Not exactly one CERTIFICATE block.
    case pem
    case malformed(DERError)
    /// Not 1, 2 or 3, version 1 spelled out, or a field that the version does not have.
    case version
    case serial
    /// The algorithm inside the signed part is another than the one beside the signature (RFC 5280 §4.1.1.2).
    case algorithmMismatch
    /// An issuer without a name, or neither a subject nor a critical subjectAltName (§4.1.2.4, §4.1.2.6).
    case nameless
    case `extension`(ObjectIdentifier, DERError)
    case key(KeyError)

    package var description: String {
        switch self {
        case .tooLarge(let count): "\(count) bytes"
        case .pem: "not exactly one PEM block"
        case .malformed(let why): "no DER certificate: \(why)"
        case .version: "version"
        case .serial: "serial number"
        case .algorithmMismatch: "two signature algorithms"
        case .nameless: "no name"
        case .extension(let identifier, let why): "extension \(identifier): \(why)"
        case .key(let why): "key: \(why)"
        }
    }
}
