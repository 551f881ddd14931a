package import Cryptography

/// Object identifiers in what the simulator makes, beside those that `Cryptography` knows.
package enum OID {
    static let sha1 = known("1.3.14.3.2.26")
    static let sha256 = known("2.16.840.1.101.3.4.2.1")
    static let sha256WithRSA = known("1.2.840.113549.1.1.11")
    static let ecdsaWithSHA384 = known("1.2.840.10045.4.3.3")
    static let ecPublicKey = known("1.2.840.10045.2.1")
    /// Key purposes and access methods of RFC 5280 §4.2.1.12 and §4.2.2.1.
    package static let serverAuthentication = known("1.3.6.1.5.5.7.3.1")
    static let authoritiesAccess = known("1.3.6.1.5.5.7.48.2")

    /// `jpki.md` §1.2 (C2·JSR).
    package static let userPolicy = known("1.2.392.200149.8.5.1.3.30")
    package static let signPolicy = known("1.2.392.200149.8.5.1.1.20")
    /// The real ones of phones are unknown (`jpki.md` §8, 2). These stand under the number kept for examples (RFC 5612).
    package static let phoneUserPolicy = known("1.3.6.1.4.1.32473.8.5.1.3.30")
    package static let phoneSignPolicy = known("1.3.6.1.4.1.32473.8.5.1.1.20")

    /// `jpki.md` §1.3: the attributes of the signature certificate are `.1` to `.6` below this.
    package static func attribute(_ number: Int) -> ObjectIdentifier { known("1.2.392.200149.8.5.5.\(number)") }

    static func known(_ dotted: String) -> ObjectIdentifier {
        guard let identifier = ObjectIdentifier(dotted) else { preconditionFailure("\(dotted) is not an object identifier") }
        return identifier
    }
}
