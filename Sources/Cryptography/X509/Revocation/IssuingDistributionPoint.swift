/// What a list says it covers (RFC 5280 §5.2.5). Without it a list covers every certificate of its issuer, for every reason.
package struct IssuingDistributionPoint: Hashable, Sendable {
    /// Names of one point. A list has one or two; with thousands it wants to cost its readers time.
    package static let mostNames = 1_024

    /// nil: every distribution point.
    package let point: DistributionPoint?
    package let onlyUsers: Bool
    package let onlyAuthorities: Bool
    /// nil: all reasons.
    package let reasons: ReasonFlags?
    /// Entries of other authorities may be among its own.
    package let isIndirect: Bool

    /// Lists of attribute certificates are refused by name: they are never about a certificate.
    init(_ reader: DERReader, issuer: DistinguishedName) throws(RevocationListRefusal) {
        let fields: Fields
        do { fields = try Fields(reader, issuer: issuer) } catch { throw .extension(.issuingDistributionPoint, error) }
        guard !fields.onlyAttributes else { throw .attributeCertificates }
        point = fields.names.map { DistributionPoint(names: $0) }
        onlyUsers = fields.onlyUsers
        onlyAuthorities = fields.onlyAuthorities
        reasons = fields.reasons
        isIndirect = fields.isIndirect
    }

    /// Whether certificates of this kind are on the list: §6.3.3 (b)(2)(ii) and (iii).
    package func coversKind(of certificate: Certificate) -> Bool {
        guard onlyUsers || onlyAuthorities else { return true }
        // A version 1 certificate cannot say whether it is an authority: (ii) and (iii) need basicConstraints.
        return certificate.version == 3 && certificate.isAuthority == onlyAuthorities
    }

    private struct Fields {
        let names: [GeneralName]?
        let onlyUsers: Bool
        let onlyAuthorities: Bool
        let reasons: ReasonFlags?
        let isIndirect: Bool
        let onlyAttributes: Bool

        init(_ reader: DERReader, issuer: DistinguishedName) throws(DERError) {
            var reader = reader
            // An empty sequence would say nothing; §5.2.5 forbids it.
            guard !reader.isAtEnd else { throw .value }
            names = try reader.takeExplicit(0).map { choice throws(DERError) in
                try DistributionPoint.names(choice, relativeTo: [issuer])
            }
            guard names?.count ?? 0 <= IssuingDistributionPoint.mostNames else { throw .value }
            onlyUsers = try Self.flag(1, &reader)
            onlyAuthorities = try Self.flag(2, &reader)
            reasons = try reader.take(DERTag.context(3)).map { flags throws(DERError) in try ReasonFlags(bits: flags) }
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
