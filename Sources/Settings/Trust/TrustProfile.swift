package import Cryptography
package import Trust

/// For what, from whom and how strictly a certificate is believed: a file in `Keys/profiles/` that was found right.
package struct TrustProfile: Sendable {
    /// Whether the status of every certificate below the anchor has to be known.
    package enum Demand: String, Sendable, CaseIterable {
        /// Nobody asks: the certificates are short-lived, or somebody else asks.
        case none
        /// A revocation that is at hand refuses; silence does not.
        case ifPresent = "if-present"
        /// Unknown refuses.
        case required
    }

    package let name: String
    /// Relative to the deployment folder.
    package let file: String
    package let rules: PathProfile
    package let store: TrustStore
    /// Cross and link certificates that the operator keeps at hand: candidates for a path, believed by nobody.
    package let intermediates: [Certificate]
    package let demand: Demand
    package let order: Configuration.Revocation.Order
    /// Seconds beyond which a list or an answer counts as unknown; nil leaves it to their own nextUpdate.
    package let maximumAge: Int64?
}

/// The profiles of a deployment by their names.
package struct TrustProfiles: Sendable {
    private let byName: [String: TrustProfile]
    /// `Keys/intermediates/`.
    package let intermediates: [Certificate]

    package init(_ profiles: [TrustProfile] = [], intermediates: [Certificate] = []) {
        self.intermediates = intermediates
        byName = Dictionary(profiles.map { ($0.name, $0) }) { first, _ in first }
    }

    package var all: [TrustProfile] { byName.values.sorted { $0.name < $1.name } }
    package var names: [String] { byName.keys.sorted() }

    package subscript(_ name: String) -> TrustProfile? { byName[name] }
}
