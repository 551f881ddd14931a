package import Cryptography
package import Vocabulary

/// All the lists we hold, verified in advance, by the name of who made them: one immutable value that is published whole and asked at every
/// login.
package struct RevocationLists: Sendable {
    private let shelves: [DistinguishedName: Shelf]
    private let maximumAge: Int64?
    private let skew: Int64

    /// The lists of one issuer by the names of what they cover: a nation has a list per municipality.
    private struct Shelf {
        let lists: [VerifiedRevocationList]
        private var everywhere: [Int] = []
        private var byName: [GeneralName: [Int]] = [:]

        init(_ lists: [VerifiedRevocationList]) {
            self.lists = lists
            for (position, list) in lists.enumerated() {
                guard let names = list.scope?.point?.names else {
                    everywhere.append(position)
                    continue
                }
                for name in names { byName[name, default: []].append(position) }
            }
        }

        /// The lists that may be about a certificate whose points have these names.
        func lists(for names: [GeneralName]) -> [VerifiedRevocationList] {
            var positions = Set(everywhere)
            for name in names { positions.formUnion(byName[name, default: []]) }
            return positions.sorted().map { lists[$0] }
        }
    }

    /// What makes two lists two editions of one.
    private struct Series: Hashable {
        let issuer: DistinguishedName
        let key: PublicKey
        let scope: IssuingDistributionPoint?
        let isDelta: Bool
    }

    /// Of several editions of one list the newest is kept. `maximumAge` in seconds, beside each list's own nextUpdate, and `skew`, by which
    /// an authority's clock may be ahead, are what a question goes by that names none.
    package init(
        _ lists: [VerifiedRevocationList] = [], maximumAge: Int64? = nil, skew: Int64 = UnverifiedRevocationList.skew
    ) {
        var newest: [Series: VerifiedRevocationList] = [:]
        for list in lists {
            let series = Series(
                issuer: list.head.issuer, key: list.issuer.publicKey, scope: list.scope, isDelta: list.head.isDelta)
            if newest[series].map({ $0.thisUpdate <= list.thisUpdate }) ?? true { newest[series] = list }
        }
        shelves = Dictionary(grouping: newest.values) { $0.head.issuer }.mapValues(Shelf.init)
        self.maximumAge = maximumAge
        self.skew = skew
    }

    package var lists: [VerifiedRevocationList] { shelves.values.flatMap(\.lists) }

    /// What the lists say of a leaf: the partition its distribution points name, or a full list of its issuer, brought up to date by
    /// deltas; unknown when none of them is fresh. `maximumAge` in seconds, beside each list's own nextUpdate.
    package func status(of chain: TrustedChain, at now: Timestamp, maximumAge: Int64? = nil) -> CertificateStatus {
        status(of: chain.leaf, under: Array(chain.path.dropFirst()), at: now, maximumAge: maximumAge)
    }

    /// The same for a certificate of whose issuer the caller knows otherwise. Only lists signed by this very key of the issuer count: of its
    /// other keys nothing is known without a path.
    package func status(
        of certificate: Certificate, issuedBy issuer: Certificate, at now: Timestamp, maximumAge: Int64? = nil
    ) -> CertificateStatus {
        status(of: certificate, under: [issuer], at: now, maximumAge: maximumAge)
    }

    /// `authorities` from the certificate's issuer to the anchor; `trail` the signers whose own status is being asked.
    private func status(
        of certificate: Certificate, under authorities: [Certificate], at now: Timestamp, maximumAge: Int64?, trail: [Certificate] = []
    ) -> CertificateStatus {
        var judgement = ListJudgement(
            of: certificate, at: now, ages: .init(maximum: maximumAge ?? self.maximumAge, skew: skew))
        for list in candidates(for: certificate) {
            do {
                let reasons = try list.head.reasons(for: certificate)
                if !list.isSigned(byOneOf: authorities) {
                    try list.refuseOtherSigner(for: certificate, under: authorities)
                    try refuseDoubtful(list, for: certificate, under: authorities, at: now, maximumAge: maximumAge, trail: trail)
                }
                judgement.hear(list, for: reasons)
            } catch { judgement.passOver(list.head, error) }
        }
        return judgement.status()
    }

    /// A signer that stands beside the certificate's path counts while these lists say that it is good, and whoever vouches for it.
    private func refuseDoubtful(
        _ list: VerifiedRevocationList, for certificate: Certificate, under authorities: [Certificate], at now: Timestamp,
        maximumAge: Int64?, trail: [Certificate]
    ) throws(RevocationRefusal) {
        for (position, member) in list.path.dropLast().enumerated() where member != certificate && !authorities.contains(member) {
            guard !trail.contains(member) else { throw .circular }
            guard trail.count < RevocationEvidence.deepest else { throw .budget("depth") }
            let status = status(
                of: member, under: Array(list.path[(position + 1)...]), at: now, maximumAge: maximumAge, trail: trail + [member])
            guard status.verdict == .good else { throw .signerStatus(status.verdict) }
        }
    }

    private func candidates(for certificate: Certificate) -> [VerifiedRevocationList] {
        let points = certificate.crlDistributionPoints
        let names = points.flatMap(\.effectiveNames) + [.directory(certificate.issuer)]
        var issuers = [certificate.issuer]
        for issuer in points.flatMap(\.issuers) where !issuers.contains(issuer) { issuers.append(issuer) }
        return issuers.flatMap { shelves[$0]?.lists(for: names) ?? [] }
    }
}

extension RevocationLists: StatusEvidence {
    /// By the maximum age these lists were published with.
    package func status(of certificate: Certificate, issuer: Certificate, path: [Certificate], at now: Timestamp) -> CertificateStatus {
        guard let position = path.firstIndex(of: issuer) else { return status(of: certificate, issuedBy: issuer, at: now) }
        return status(of: certificate, under: Array(path[position...]), at: now, maximumAge: nil)
    }
}
