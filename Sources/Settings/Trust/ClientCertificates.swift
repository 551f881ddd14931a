import Cryptography
package import OpenID
package import Trust
package import Vocabulary

extension TrustProfile {
    /// Whether a client's certificate is believed under this profile: over bridges and with policy mapping where the profile has them, with
    /// the revocation lists that the night shift keeps, none of which counts when it is older than the profile allows. `others` came
    /// with the certificate and are candidates for the path only.
    package func verdict(
        onClient der: [UInt8], with others: [[UInt8]], lists: RevocationLists, at now: Timestamp
    ) -> PresentedCertificate.Verdict {
        guard let leaf = try? Certificate(der: der) else { return .refused("it cannot be read") }
        if let purposes = leaf.extendedKeyUsage, !purposes.contains(where: { Self.clientPurposes.contains($0.dotted) }) {
            return .refused("it is for other purposes than a TLS client's")
        }
        let candidates = others.compactMap { try? Certificate(der: $0) } + intermediates
        let aged = demand == .none || maximumAge == nil ? lists : RevocationLists(lists.lists, maximumAge: maximumAge)
        switch PathSearch(store: store, profile: rules).verdict(on: leaf, with: candidates, at: now, status: status(aged)) {
        case .trusted: return .trusted
        case .refused(let reason, _): return .refused("\(reason)")
        }
    }

    /// id-kp-clientAuth, anyExtendedKeyUsage (RFC 5280 §4.2.1.12).
    private static let clientPurposes: Set<String> = ["1.3.6.1.5.5.7.3.2", "2.5.29.37.0"]
}
