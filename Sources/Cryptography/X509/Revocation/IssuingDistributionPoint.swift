/// What a list says it covers (RFC 5280 §5.2.5). Without it a list covers every certificate of its issuer.
package struct IssuingDistributionPoint: Hashable, Sendable {
    /// nil: every distribution point.
    package let point: DistributionPoint?
    package let onlyUsers: Bool
    package let onlyAuthorities: Bool

    init(_ reader: DERReader, issuer: DistinguishedName) throws(RevocationListRefusal) {
        let fields: Fields
        do { fields = try Fields(reader, issuer: issuer) } catch { throw .extension(.issuingDistributionPoint, error) }
        guard !fields.isIndirect else { throw .indirect }
        guard !fields.hasReasons else { throw .someReasons }
        guard !fields.onlyAttributes else { throw .attributeCertificates }
        point = fields.names.map { DistributionPoint(names: $0, isPartial: false) }
        onlyUsers = fields.onlyUsers
        onlyAuthorities = fields.onlyAuthorities
    }

    /// Whether a certificate's status is on this list if it is on any of its issuer's.
    package func covers(_ certificate: Certificate) -> Bool {
        guard !(certificate.isAuthority ? onlyUsers : onlyAuthorities) else { return false }
        // A version 1 certificate does not say whether it is an authority (§6.3.3 (b)(2)(ii) needs basicConstraints).
        guard certificate.version == 3 || !(onlyUsers || onlyAuthorities) else { return false }
        guard let point else { return true }
        return certificate.crlDistributionPoints.contains { !$0.isPartial && $0.meets(point) }
    }

    private struct Fields {
        let names: [GeneralName]?
        let onlyUsers: Bool
        let onlyAuthorities: Bool
        let hasReasons: Bool
        let isIndirect: Bool
        let onlyAttributes: Bool

        init(_ reader: DERReader, issuer: DistinguishedName) throws(DERError) {
            var reader = reader
            // An empty sequence would say nothing; §5.2.5 forbids it.
            guard !reader.isAtEnd else { throw .value }
            names = try reader.takeExplicit(0).map { choice throws(DERError) in try DistributionPoint.names(choice, issuer: issuer) }
            onlyUsers = try Self.flag(1, &reader)
            onlyAuthorities = try Self.flag(2, &reader)
            let reasons = try reader.take(DERTag.context(3))
            _ = try reasons?.namedBits()
            hasReasons = reasons != nil
            isIndirect = try Self.flag(4, &reader)
            onlyAttributes = try Self.flag(5, &reader)
            try reader.finish()
            guard [onlyUsers, onlyAuthorities, onlyAttributes].count(where: { $0 }) <= 1 else { throw .value }
        }

        /// BOOLEAN DEFAULT FALSE: when it is written it is true (X.690 §11.5).
        private static func flag(_ number: UInt8, _ reader: inout DERReader) throws(DERError) -> Bool {
            guard let element = try reader.take(DERTag.context(number)) else { return false }
            guard try element.boolean() else { throw .value }
            return true
        }
    }
}
