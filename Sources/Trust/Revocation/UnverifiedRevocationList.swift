package import Cryptography
package import Vocabulary

/// A revocation list as it was fetched. Read strictly, believed by nobody yet.
package struct UnverifiedRevocationList: Sendable {
    /// Seconds by which an authority's clock may be ahead of ours.
    package static let skew: Int64 = 60

    private let parsed: ParsedRevocationList

    package init(der: [UInt8], atMost limit: Int = ParsedRevocationList.largest) throws(RevocationRefusal) {
        do { parsed = try ParsedRevocationList(der: der, atMost: limit) } catch { throw .list(error) }
    }

    /// Who claims to have made it: for finding the authority whose key can tell.
    package var claimedIssuer: DistinguishedName { parsed.issuer }
    package var claimedKeyIdentifier: [UInt8]? { parsed.authorityKeyIdentifier }

    /// RFC 5280 §6.3.3 (b)–(g), as far as the list and its authority go. Generations share a name, so the key identifier and the
    /// signature say whose list it is. Refuses a list from the future and one whose nextUpdate is past.
    package func verified(issuer: Certificate, at now: Timestamp) throws(RevocationRefusal) -> VerifiedRevocationList {
        guard parsed.issuer == issuer.subject else { throw .issuer }
        if let named = parsed.authorityKeyIdentifier, let own = issuer.subjectKeyIdentifier, named != own { throw .issuer }
        guard issuer.keyUsage?.contains(.cRLSign) ?? true else { throw .issuerUsage }
        guard parsed.thisUpdate <= now.adding(seconds: Self.skew) else { throw .future(thisUpdate: parsed.thisUpdate, now: now) }
        if let next = parsed.nextUpdate, next < now { throw .stale(nextUpdate: next, now: now) }
        guard parsed.isSigned(by: issuer.publicKey) else { throw .signature }
        return VerifiedRevocationList(parsed, issuer: issuer)
    }
}

/// A list that its authority signed, at hand for look-ups: sorted entries, no bytes. It may have grown stale since; `RevocationLists`
/// looks. A proof: made here only.
package struct VerifiedRevocationList: Sendable {
    package let issuer: Certificate
    /// Content bytes of cRLNumber.
    package let number: [UInt8]?
    package let thisUpdate: Timestamp
    package let nextUpdate: Timestamp?
    /// nil: a full list.
    package let scope: IssuingDistributionPoint?
    private let entries: RevocationEntries

    fileprivate init(_ parsed: ParsedRevocationList, issuer: Certificate) {
        self.issuer = issuer
        number = parsed.number
        thisUpdate = parsed.thisUpdate
        nextUpdate = parsed.nextUpdate
        scope = parsed.scope
        entries = parsed.entries
    }

    package var count: Int { entries.count }

    /// The entry of a serial of this issuer; nil says good only when the list is in scope and fresh, which `RevocationLists` decides.
    package func entry(_ serial: [UInt8]) -> RevocationEntry? { entries.entry(serial) }

    /// Whether a certificate of this issuer is on this list if it is on any. A certificate that sends its readers to lists of another
    /// authority only, or to lists of some reasons only, is on none that we read.
    func covers(_ certificate: Certificate) -> Bool {
        let points = certificate.crlDistributionPoints
        guard points.isEmpty || points.contains(where: { !$0.isPartial }) else { return false }
        return scope?.covers(certificate) ?? true
    }

    /// Fresh: made, not over, and not older than `maximumAge` seconds. A list without nextUpdate is fresh only by a maximum age.
    func isFresh(at now: Timestamp, maximumAge: Int64?) -> Bool {
        guard thisUpdate <= now.adding(seconds: UnverifiedRevocationList.skew) else { return false }
        if let maximumAge, now.seconds(since: thisUpdate) > maximumAge { return false }
        guard let nextUpdate else { return maximumAge != nil }
        return now <= nextUpdate
    }
}
