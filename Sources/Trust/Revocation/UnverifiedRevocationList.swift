package import Cryptography
package import Vocabulary

/// A revocation list as it was fetched. Read strictly, believed by nobody yet.
package struct UnverifiedRevocationList: Sendable {
    /// Seconds by which an authority's clock may be ahead of ours, where the caller says nothing else.
    package static let skew: Int64 = 60

    /// What it says of itself, proven by nothing.
    package let head: RevocationListHead
    private let parsed: ParsedRevocationList

    /// A list of some megabytes; the whole of it is read at once.
    package init(der: [UInt8], atMost limit: Int = ParsedRevocationList.largest) throws(RevocationRefusal) {
        do { self.init(try ParsedRevocationList(der: der, atMost: limit)) } catch { throw .list(error) }
    }

    /// A list that was read by another door: streamed, or mapped from its index.
    package init(_ parsed: ParsedRevocationList) {
        self.parsed = parsed
        head = RevocationListHead(parsed)
    }

    /// Who claims to have made it: for finding the authority whose key can tell.
    package var claimedIssuer: DistinguishedName { head.issuer }

    /// RFC 5280 §6.3.3 (f)–(g), as far as the list and its authority go, for an authority that the caller believes: an anchor. Generations
    /// share a name, so the key identifier and the signature say whose list it is. Refuses a list from the future and one whose nextUpdate
    /// is past.
    package func verified(
        issuer: Certificate, at now: Timestamp, skew: Int64 = UnverifiedRevocationList.skew
    ) throws(RevocationRefusal) -> VerifiedRevocationList {
        try verified(path: [issuer], at: now, skew: skew)
    }

    /// The same for a signer whose path was validated: another key of an authority (key roll-over), or a list issuer with a certificate
    /// of its own. Whether the signer itself was revoked is for the caller to have asked (`chain.statuses`).
    package func verified(
        by signer: TrustedChain, at now: Timestamp, skew: Int64 = UnverifiedRevocationList.skew
    ) throws(RevocationRefusal) -> VerifiedRevocationList {
        try verified(path: signer.path, at: now, skew: skew)
    }

    private func verified(path: [Certificate], at now: Timestamp, skew: Int64) throws(RevocationRefusal) -> VerifiedRevocationList {
        guard let signer = path.first else { throw .issuer }
        try refuseOther(signer)
        try head.refuseFuture(at: now, skew: skew)
        if let next = head.nextUpdate, next < now { throw .stale(nextUpdate: next, now: now) }
        guard isSigned(by: signer) else { throw .signature }
        return VerifiedRevocationList(parsed, head: head, path: path)
    }

    /// By names and rights, before anything is computed: whether this certificate's key may have signed the list.
    func refuseOther(_ signer: Certificate) throws(RevocationRefusal) {
        guard head.issuer == signer.subject else { throw .issuer }
        if let named = head.authorityKeyIdentifier, let own = signer.subjectKeyIdentifier, named != own { throw .issuer }
        guard signer.keyUsage?.contains(.cRLSign) ?? true else { throw .issuerUsage }
    }

    func isSigned(by signer: Certificate) -> Bool { parsed.isSigned(by: signer.publicKey) }

    /// The list as proven by a signer of which `refuseOther` and `isSigned` were asked; its time is not looked at. `path` runs from the
    /// signer to its anchor. For `RevocationEvidence`, which remembers signatures.
    func proven(path: [Certificate]) throws(RevocationRefusal) -> VerifiedRevocationList {
        guard let signer = path.first else { throw .issuer }
        try refuseOther(signer)
        return VerifiedRevocationList(parsed, head: head, path: path)
    }
}

/// A list that its authority signed, at hand for look-ups: sorted entries, no bytes. It may have grown stale since; whoever judges by it
/// looks. A proof: made here only.
package struct VerifiedRevocationList: Sendable {
    package let head: RevocationListHead
    /// Whose key signed it.
    package let issuer: Certificate
    /// From the signer to its anchor, as far as the verifier knew it: at least the signer.
    let path: [Certificate]
    private let entries: RevocationEntries

    fileprivate init(_ parsed: ParsedRevocationList, head: RevocationListHead, path: [Certificate]) {
        self.head = head
        issuer = path[0]
        self.path = path
        entries = parsed.entries
    }

    /// Content bytes of cRLNumber.
    package var number: [UInt8]? { head.number }
    package var thisUpdate: Timestamp { head.thisUpdate }
    package var nextUpdate: Timestamp? { head.nextUpdate }
    /// nil: a full list.
    package var scope: IssuingDistributionPoint? { head.scope }
    package var count: Int { entries.count }

    /// The entry of a serial of the list's own issuer; nil says good only when the list is in scope and fresh, which `RevocationLists`
    /// decides.
    package func entry(_ serial: [UInt8]) -> RevocationEntry? { entries.entry(serial) }

    /// The entry of a certificate. Only an indirect list has entries of other issuers than its own.
    func entry(of certificate: Certificate) -> RevocationEntry? { entries.entry(certificate.serial, issuer: certificate.issuer) }
}
