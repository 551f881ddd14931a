package import Cryptography
package import Vocabulary

/// All the lists we hold, by the key of who made them: one immutable value that is published whole.
package struct RevocationLists: Sendable {
    private let byIssuer: [Issuer: Shelf]

    /// Generations of one authority share a name, never a key.
    private struct Issuer: Hashable {
        let name: DistinguishedName
        let key: PublicKey

        init(_ certificate: Certificate) {
            name = certificate.subject
            key = certificate.publicKey
        }
    }

    /// The lists of one issuer by the names of what they cover: a nation has a list per municipality.
    private struct Shelf {
        let lists: [VerifiedRevocationList]
        private var everywhere: [Int] = []
        private var byName: [DistinguishedName: [Int]] = [:]
        private var byURI: [String: [Int]] = [:]

        init(_ lists: [VerifiedRevocationList]) {
            self.lists = lists
            for (position, list) in lists.enumerated() {
                guard let point = list.scope?.point else {
                    everywhere.append(position)
                    continue
                }
                for name in point.directoryNames { byName[name, default: []].append(position) }
                for uri in point.uris { byURI[uri, default: []].append(position) }
            }
        }

        func covering(_ certificate: Certificate) -> [VerifiedRevocationList] {
            var positions = Set(everywhere)
            for point in certificate.crlDistributionPoints {
                for name in point.directoryNames { positions.formUnion(byName[name, default: []]) }
                for uri in point.uris { positions.formUnion(byURI[uri, default: []]) }
            }
            return positions.sorted().map { lists[$0] }.filter { $0.covers(certificate) }
        }
    }

    /// Of several lists of one issuer with one scope the newest is kept.
    package init(_ lists: [VerifiedRevocationList] = []) {
        var newest: [Issuer: [IssuingDistributionPoint?: VerifiedRevocationList]] = [:]
        for list in lists {
            let known = newest[Issuer(list.issuer)]?[list.scope]
            if known.map({ $0.thisUpdate <= list.thisUpdate }) ?? true { newest[Issuer(list.issuer), default: [:]][list.scope] = list }
        }
        byIssuer = newest.mapValues { Shelf(Array($0.values)) }
    }

    package var lists: [VerifiedRevocationList] { byIssuer.values.flatMap(\.lists) }

    /// What the lists say of a leaf: the partition its distribution points name, or a full list of its issuer; unknown when none of
    /// them is fresh. `maximumAge` in seconds, beside each list's own nextUpdate.
    package func status(of chain: TrustedChain, at now: Timestamp, maximumAge: Int64? = nil) -> CertificateStatus {
        status(of: chain.leaf, issuedBy: chain.issuer, at: now, maximumAge: maximumAge)
    }

    /// The same for a certificate of whose issuer the caller knows otherwise: an authority of a path, or one that is being explained.
    ///
    /// Of several fresh lists the newest counts, except that a revocation for good in any of them stays.
    package func status(
        of certificate: Certificate, issuedBy issuer: Certificate, at now: Timestamp, maximumAge: Int64? = nil
    ) -> CertificateStatus {
        let fresh = byIssuer[Issuer(issuer)]?.covering(certificate).filter { $0.isFresh(at: now, maximumAge: maximumAge) } ?? []
        let words = fresh.map { (list: $0, verdict: Self.verdict($0.entry(certificate.serial))) }
        let final = words.first { if case .revoked(let reason, _) = $0.verdict { reason.isPermanent } else { false } }
        guard let word = final ?? words.max(by: { $0.list.thisUpdate < $1.list.thisUpdate }) else { return .unknown(checkedAt: now) }
        return CertificateStatus(
            word.verdict, from: .crl, thisUpdate: word.list.thisUpdate, nextUpdate: word.list.nextUpdate, checkedAt: now)
    }

    private static func verdict(_ entry: RevocationEntry?) -> StatusVerdict {
        guard let entry else { return .good }
        // It belongs in delta lists (RFC 5280 §5.3.1). A complete list that has it contradicts itself, and a contradiction is not good.
        guard entry.reason != .removeFromCRL else { return .unknown }
        return .revoked(entry.reason, entry.at)
    }
}
