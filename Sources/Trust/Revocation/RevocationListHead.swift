package import Cryptography
package import Vocabulary

/// What a revocation list says of itself: whose it is, which, what it covers and when it was made. Enough to explain a decision, or to tell
/// whether the list can be about a certificate; says nothing of whether anybody should believe it.
package struct RevocationListHead: Hashable, Sendable {
    package let issuer: DistinguishedName
    package let authorityKeyIdentifier: [UInt8]?
    /// Content bytes of cRLNumber.
    package let number: [UInt8]?
    /// Content bytes of the number of the list this one holds the changes of; nil for a complete list.
    package let base: [UInt8]?
    /// nil: everything its issuer issued.
    package let scope: IssuingDistributionPoint?
    package let thisUpdate: Timestamp
    package let nextUpdate: Timestamp?

    init(_ parsed: ParsedRevocationList) {
        issuer = parsed.issuer
        authorityKeyIdentifier = parsed.authorityKeyIdentifier
        number = parsed.number
        base = parsed.extensions.base
        scope = parsed.scope
        thisUpdate = parsed.thisUpdate
        nextUpdate = parsed.nextUpdate
    }

    package var isDelta: Bool { base != nil }
    package var isIndirect: Bool { scope?.isIndirect ?? false }

    /// RFC 5280 §6.3.3 (b) and (d): for which reasons this list speaks about this certificate. Never empty.
    ///
    /// A list that no distribution point of the certificate names is taken as if one named the certificate's issuer (the last paragraph
    /// of §6.3.3). Narrower than that paragraph: not for a certificate all whose points name other issuers, because its authority has
    /// said who speaks for it.
    func reasons(for certificate: Certificate) throws(RevocationRefusal) -> ReasonFlags {
        let points = certificate.crlDistributionPoints
        let own = issuer == certificate.issuer
        let named = points.filter { point in
            point.namesIssuer ? isIndirect && point.issuers.contains(issuer) : own
        }
        guard own || !named.isEmpty else { throw .issuer }
        guard scope?.coversKind(of: certificate) ?? true else { throw .otherKind }
        let covered = scope?.reasons ?? .all
        let matching = matching(named)
        var reasons = matching.reduce(into: ReasonFlags()) { $0.formUnion($1.reasons ?? .all) }
        if matching.isEmpty {
            guard own else { throw .otherPoint }
            guard points.isEmpty || points.contains(where: { !$0.namesIssuer }) else { throw .elsewhere }
            guard scope?.point?.names?.contains(.directory(certificate.issuer)) ?? true else { throw .otherPoint }
            reasons = .all
        }
        reasons.formIntersection(covered)
        guard !reasons.isEmpty else { throw .otherPoint }
        return reasons
    }

    /// Whether the list's own point has one of a point's names (§6.3.3 (b)(2)(i)); a list without one is for every point.
    private func matching(_ points: [DistributionPoint]) -> [DistributionPoint] {
        guard let own = scope?.point?.names else { return points }
        guard own.count > 4 else { return points.filter { point in own.contains { point.effectiveNames.contains($0) } } }
        // Whoever writes thousands of names into both gets no more than their sum of work.
        let known = Set(own)
        return points.filter { !known.isDisjoint(with: $0.effectiveNames) }
    }

    /// Names that `reasons(for:)` compares at the most, for a budget.
    func comparisons(for certificate: Certificate) -> Int {
        certificate.crlDistributionPoints.reduce((scope?.point?.names?.count ?? 0) + 1) {
            $0 + ($1.names?.count ?? 0) + $1.issuers.count
        }
    }

    /// Made, not over, and not older than `maximumAge` seconds. A list without nextUpdate is fresh only by a maximum age.
    func refuseOtherTime(at now: Timestamp, maximumAge: Int64?, skew: Int64) throws(RevocationRefusal) {
        try refuseFuture(at: now, skew: skew)
        if let maximumAge, now.seconds(since: thisUpdate) > maximumAge {
            throw .aged(thisUpdate: thisUpdate, maximumAge: maximumAge)
        }
        guard nextUpdate.map({ now <= $0 }) ?? (maximumAge != nil) else { throw .stale(nextUpdate: nextUpdate, now: now) }
    }

    func refuseFuture(at now: Timestamp, skew: Int64) throws(RevocationRefusal) {
        guard thisUpdate <= now.adding(seconds: skew) else { throw .future(thisUpdate: thisUpdate, now: now) }
    }

    /// Whether this delta brings that complete list up to date: RFC 5280 §5.2.4 and §6.3.3 (c). One issuer, one scope, one key, and the
    /// complete list between the delta's base and the delta.
    func updates(_ complete: RevocationListHead) -> Bool {
        guard let base, let number, let other = complete.number, !complete.isDelta else { return false }
        return issuer == complete.issuer && scope == complete.scope && authorityKeyIdentifier == complete.authorityKeyIdentifier
            && !Self.precedes(other, base) && Self.precedes(other, number)
    }

    /// Numbers that are not negative, in the shortest form: more bytes are more.
    static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count ? left.lexicographicallyPrecedes(right) : left.count < right.count
    }
}
