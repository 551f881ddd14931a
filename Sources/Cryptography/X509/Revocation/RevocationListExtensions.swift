/// The extensions of a revocation list (RFC 5280 §5.2), each read whole. Which of them a reader can live with is for Trust to say; what
/// nobody here knows and the list calls critical is refused.
package struct RevocationListExtensions: Sendable {
    /// Content bytes of cRLNumber.
    package private(set) var number: [UInt8]?
    package private(set) var authorityKeyIdentifier: [UInt8]?
    /// nil: covers everything its issuer issued.
    package private(set) var scope: IssuingDistributionPoint?
    /// Content bytes of BaseCRLNumber: this list holds only the changes since that list (§5.2.4). nil: a complete list for its scope.
    package private(set) var base: [UInt8]?
    /// Where changes to this list are to be found (§5.2.6).
    package private(set) var freshest: [DistributionPoint] = []

    /// Reads them one by one; `issuer` is the list's, to which relative names belong.
    init(_ list: [RawExtension], issuer: DistinguishedName) throws(RevocationListRefusal) {
        for raw in list { try read(raw, issuer: issuer) }
    }

    private mutating func read(_ raw: RawExtension, issuer: DistinguishedName) throws(RevocationListRefusal) {
        do {
            switch raw.identifier {
            case .crlNumber:
                // §5.2.3: non-critical, so that readers without deltas can pass over it.
                guard !raw.isCritical else { throw DERError.value }
                number = try Self.number(raw)
            case .deltaCRLIndicator:
                // §5.2.4: a reader that does not know it must not take the list for a complete one.
                guard raw.isCritical else { throw DERError.value }
                base = try Self.number(raw)
            case .authorityKeyIdentifier: authorityKeyIdentifier = try AuthorityKeyIdentifier.read(raw.sequence())
            case .issuingDistributionPoint: scope = try IssuingDistributionPoint(raw.sequence(), issuer: issuer)
            // Other names of the issuer: nothing depends on them.
            case .issuerAlternativeName: _ = try GeneralName.list(raw.sequence())
            case .freshestCRL: freshest = try DistributionPoint.list(raw.sequence(), issuer: issuer)
            default:
                guard !raw.isCritical else { throw RevocationListRefusal.unknownCriticalExtension(raw.identifier) }
            }
        } catch let error as DERError {
            throw .extension(raw.identifier, error)
        } catch let refusal as RevocationListRefusal {
            throw refusal
        } catch { throw .extension(raw.identifier, .value) }
    }

    /// CRLNumber ::= INTEGER (0..MAX), up to 20 octets (§5.2.3).
    private static func number(_ raw: RawExtension) throws(DERError) -> [UInt8] {
        let content = try raw.element(DERTag.integer).integer()
        guard content.count <= 20, let first = content.first, first < 0x80 else { throw .value }
        return content
    }
}
