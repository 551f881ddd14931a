package import Vocabulary

/// A certificate revocation list (RFC 5280 §5), read strictly: what it says, not yet whether anybody should believe it: complete, delta,
/// indirect, partitioned and reason-scoped lists alike. `extensions` says which of them it is.
///
/// Read as a stream, whatever its size: once over the bytes, which are hashed as they are passed, into a compact index. While it is read
/// it takes, beside the bytes themselves, 16 bytes per entry and the index; afterwards the index alone.
package struct ParsedRevocationList: Sendable {
    /// About 1.7 million entries of a card authority; one municipality has tens of thousands.
    package static let largest = 64 << 20
    /// A list that is mapped from a file: some two hundred million entries.
    package static let largestMapped = 8 << 30

    package let issuer: DistinguishedName
    package let thisUpdate: Timestamp
    /// RFC 5280 §5.1.2.5 asks for it; without it a list is as good as the reader's own maximum age.
    package let nextUpdate: Timestamp?
    package let extensions: RevocationListExtensions
    /// The content of TBSCertList without its entries, as the authority wrote it.
    let fields: [UInt8]
    let signature: RevocationListSignature
    let index: RevocationIndex

    package init(der: [UInt8], atMost limit: Int = ParsedRevocationList.largest) throws(RevocationListRefusal) {
        guard der.count <= limit else { throw .tooLarge(der.count) }
        try self.init(mapped: FixedBytes(copying: der), atMost: limit)
    }

    /// A list that lies in a file. The bytes are let go when this returns, unless the list is signed by Ed25519, which needs them whole.
    package init(mapped list: FixedBytes, atMost limit: Int = ParsedRevocationList.largestMapped) throws(RevocationListRefusal) {
        guard list.count <= limit else { throw .tooLarge(list.count) }
        let frame: RevocationListFrame
        let head: RevocationListHead
        do { frame = try RevocationListFrame(list) } catch { throw .malformed(error) }
        head = try RevocationListHead(fields: frame.fields, algorithmIdentifier: frame.algorithmIdentifier)
        let algorithm = SignatureAlgorithm(identifier: frame.algorithmIdentifier)
        let digest = algorithm?.digest.flatMap { $0 == .sha1 ? nil : RunningDigest($0) }
        var hashed = frame.body.lowerBound
        func pass(_ stop: Int) {
            digest?.update(list, hashed..<stop)
            hashed = stop
        }
        var builder = RevocationIndexBuilder()
        if let range = frame.entries {
            var reader = RevocationEntryReader(
                list, range, issuer: head.issuer, isVersionTwo: head.isVersionTwo, isIndirect: head.extensions.scope?.isIndirect == true)
            try reader.readAll(into: &builder, pass)
        }
        pass(frame.body.upperBound)
        let signed: RevocationListSignature.Signed =
            if let digest { .digest(digest.finish()) } else if algorithm == .ed25519 { .bytes(list, frame.body) } else { .nothing }
        signature = RevocationListSignature(algorithmIdentifier: frame.algorithmIdentifier, signature: frame.signature, signed: signed)
        index = try builder.build(from: list)
        fields = frame.fields
        issuer = head.issuer
        thisUpdate = head.thisUpdate
        nextUpdate = head.nextUpdate
        extensions = head.extensions
    }

    /// From its parts, which a sealed index kept.
    init(fields: [UInt8], signature: RevocationListSignature, index: RevocationIndex) throws(RevocationListRefusal) {
        let head = try RevocationListHead(fields: fields, algorithmIdentifier: signature.algorithmIdentifier)
        self.index = index
        self.fields = fields
        self.signature = signature
        issuer = head.issuer
        thisUpdate = head.thisUpdate
        nextUpdate = head.nextUpdate
        extensions = head.extensions
    }

    /// Content bytes of cRLNumber.
    package var number: [UInt8]? { extensions.number }
    package var authorityKeyIdentifier: [UInt8]? { extensions.authorityKeyIdentifier }
    /// nil: covers everything its issuer issued.
    package var scope: IssuingDistributionPoint? { extensions.scope }
    package var count: Int { index.count }

    /// The entry of a serial of the list's own issuer; nil: not on this list.
    package func entry(_ serial: [UInt8]) -> RevocationEntry? { index.entry(serial) }

    /// The entry of a serial of any issuer: of an indirect list, entries belong to whom the list says.
    package func entry(_ serial: [UInt8], issuer: DistinguishedName) -> RevocationEntry? { entries.entry(serial, issuer: issuer) }

    /// Whether this key made the signature. False for SHA-1 and algorithms we do not know.
    package func isSigned(by key: PublicKey) -> Bool { signature.isSigned(by: key) }

    /// The same list without its signature, which is of no use once it was looked at.
    package var entries: RevocationEntries { RevocationEntries(issuer: issuer, index: index) }
}

/// The entries of a list that was read, alone, in memory or mapped from a file.
package struct RevocationEntries: Sendable {
    private let issuer: DistinguishedName
    private let index: RevocationIndex

    init(issuer: DistinguishedName, index: RevocationIndex) {
        self.issuer = issuer
        self.index = index
    }

    /// All entries, of all issuers.
    package var count: Int { index.count }
    /// Bytes of the index, in memory or in the mapped file.
    package var size: Int { index.body.count }
    /// Bytes of it that say when and why; the others say who.
    package var sizeOfFacts: Int { index.sizeOfFacts }

    /// The entry of a serial of the list's own issuer; nil: not on the list.
    package func entry(_ serial: [UInt8]) -> RevocationEntry? { index.entry(serial) }

    /// The entry of a serial of any issuer.
    package func entry(_ serial: [UInt8], issuer: DistinguishedName) -> RevocationEntry? {
        issuer == self.issuer ? index.entry(serial) : index.entry(serial, of: issuer)
    }
}
