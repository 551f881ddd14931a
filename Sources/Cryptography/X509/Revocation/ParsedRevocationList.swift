package import Vocabulary

/// A certificate revocation list (RFC 5280 §5), read strictly: what it says, not yet whether anybody should believe it. Complete lists
/// only; delta, indirect and reason-scoped ones are refused by name.
package struct ParsedRevocationList: Sendable {
    /// About 1.7 million entries of a card authority; one municipality has tens of thousands.
    package static let largest = 64 << 20

    package let issuer: DistinguishedName
    package let thisUpdate: Timestamp
    /// RFC 5280 §5.1.2.5 asks for it; without it a list is as good as the reader's own maximum age.
    package let nextUpdate: Timestamp?
    /// Content bytes of cRLNumber.
    package let number: [UInt8]?
    package let authorityKeyIdentifier: [UInt8]?
    /// nil: covers everything its issuer issued.
    package let scope: IssuingDistributionPoint?
    private let signed: SignedStructure
    private let index: RevocationIndex

    package init(der: [UInt8], atMost limit: Int = ParsedRevocationList.largest) throws(RevocationListRefusal) {
        guard der.count <= limit else { throw .tooLarge(der.count) }
        let fields: Fields
        do { fields = try Fields(der: der) } catch { throw .malformed(error) }
        guard !fields.spellsVersionOne, fields.version <= 2, fields.version == 2 || fields.extensions == nil else { throw .version }
        guard fields.algorithm == fields.signed.algorithmIdentifier else { throw .algorithmMismatch }
        var found = ListExtensions()
        for raw in fields.extensions ?? [] { try found.read(raw, issuer: fields.issuer) }
        var entries = RevocationEntryReader(fields.entries, isVersionTwo: fields.version == 2)
        index = try entries.readAll()
        issuer = fields.issuer
        thisUpdate = fields.thisUpdate
        nextUpdate = fields.nextUpdate
        number = found.number
        authorityKeyIdentifier = found.authorityKeyIdentifier
        scope = found.scope
        signed = fields.signed
    }

    package var count: Int { index.count }

    /// nil: not on this list.
    package func entry(_ serial: [UInt8]) -> RevocationEntry? { index.entry(serial) }

    /// Whether this key made the signature. False for SHA-1 and algorithms we do not know.
    package func isSigned(by key: PublicKey) -> Bool { signed.isSigned(by: key) }

    /// The same list without its bytes, which are of no use once the signature was looked at.
    package var entries: RevocationEntries { RevocationEntries(index: index) }

    /// CertificateList and TBSCertList (§5.1), field by field.
    private struct Fields {
        let signed: SignedStructure
        let version: Int
        let spellsVersionOne: Bool
        let algorithm: [UInt8]
        let issuer: DistinguishedName
        let thisUpdate: Timestamp
        let nextUpdate: Timestamp?
        let entries: DERReader?
        let extensions: [RawExtension]?

        init(der: [UInt8]) throws(DERError) {
            var outer = try DERReader.whole(der)
            signed = try SignedStructure(reading: &outer)
            try outer.finish()
            var fields = try DERReader.whole(signed.body)
            let written = try fields.take(DERTag.integer)
            version = (try written?.smallInteger() ?? 0) + 1
            spellsVersionOne = written != nil && version == 1
            algorithm = try fields.expect(DERTag.sequence).encoded
            issuer = try DistinguishedName(fields.expect(DERTag.sequence))
            thisUpdate = try fields.next().time()
            let hasNext = fields.nextTag == DERTag.utcTime || fields.nextTag == DERTag.generalizedTime
            nextUpdate = hasNext ? try fields.next().time() : nil
            entries = try fields.take(DERTag.sequence)?.reader
            extensions = try fields.takeExplicit(0).map { list throws(DERError) in try RawExtension.list(list) }
            try fields.finish()
            guard !issuer.isEmpty, nextUpdate.map({ $0 >= thisUpdate }) ?? true else { throw .value }
        }
    }

    private struct ListExtensions {
        var number: [UInt8]?
        var authorityKeyIdentifier: [UInt8]?
        var scope: IssuingDistributionPoint?

        mutating func read(_ raw: RawExtension, issuer: DistinguishedName) throws(RevocationListRefusal) {
            if raw.identifier == .deltaCRLIndicator { throw .delta }
            if raw.identifier == .issuingDistributionPoint {
                let fields: DERReader
                do { fields = try raw.sequence() } catch { throw .extension(raw.identifier, error) }
                scope = try IssuingDistributionPoint(fields, issuer: issuer)
                return
            }
            do {
                switch raw.identifier {
                case .crlNumber:
                    let content = try raw.element(DERTag.integer).integer()
                    // §5.2.3: up to 20 octets, never negative.
                    guard content.count <= 20, let first = content.first, first < 0x80 else { throw DERError.value }
                    number = content
                case .authorityKeyIdentifier: authorityKeyIdentifier = try AuthorityKeyIdentifier.read(raw.sequence())
                // Names of the issuer and where changes are to be found: nothing here depends on them.
                case .issuerAlternativeName: _ = try GeneralName.list(raw.sequence())
                case .freshestCRL: _ = try DistributionPoint.list(raw.sequence(), issuer: issuer)
                default:
                    guard !raw.isCritical else { throw RevocationListRefusal.unknownCriticalExtension(raw.identifier) }
                }
            } catch let error as DERError {
                throw .extension(raw.identifier, error)
            } catch let refusal as RevocationListRefusal {
                throw refusal
            } catch { throw .extension(raw.identifier, .value) }
        }
    }
}

/// The entries of a list that was read, alone: 16 bytes per revoked card.
package struct RevocationEntries: Sendable {
    private let index: RevocationIndex

    init(index: RevocationIndex) { self.index = index }

    package var count: Int { index.count }
    package func entry(_ serial: [UInt8]) -> RevocationEntry? { index.entry(serial) }
}
