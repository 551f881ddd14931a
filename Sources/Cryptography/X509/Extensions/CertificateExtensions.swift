/// The extensions of one certificate (RFC 5280 §4.2), each read whole: one that we name is malformed or well formed, nothing between.
struct CertificateExtensions: Sendable {
    var keyUsage: KeyUsage?
    var isAuthority = false
    var pathLength: Int?
    /// nil: no certificatePolicies at all, which is not the same as none that count.
    var policies: [ObjectIdentifier]?
    var policyMappings: [PolicyMapping] = []
    var requireExplicitPolicy: Int?
    var inhibitPolicyMapping: Int?
    var inhibitAnyPolicy: Int?
    var nameConstraints: NameConstraints?
    var subjectKeyIdentifier: [UInt8]?
    var authorityKeyIdentifier: AuthorityKeyIdentifier?
    var names: [GeneralName] = []
    var distributionPoints: [DistributionPoint] = []
    var freshestPoints: [DistributionPoint] = []
    var access = InformationAccess()
    var extendedKeyUsage: [ObjectIdentifier]?
    var hasNoRevocationCheck = false
    /// Critical, and nothing this room reads: whoever relies on such a certificate must refuse it.
    var unknownCritical: [ObjectIdentifier] = []
    /// Which of those we read are there, and which of them are critical.
    var present: ExtensionKinds = []
    var critical: ExtensionKinds = []

    init() {}

    init(_ list: [RawExtension], issuer: DistinguishedName) throws(CertificateRefusal) {
        for raw in list {
            do {
                try read(raw, issuer: issuer)
            } catch { throw .extension(raw.identifier, error) }
        }
    }

    private mutating func read(_ raw: RawExtension, issuer: DistinguishedName) throws(DERError) {
        if let kind = ExtensionKinds(raw.identifier) {
            present.insert(kind)
            if raw.isCritical { critical.insert(kind) }
        }
        switch raw.identifier {
        case .keyUsage:
            let flags = try raw.element(DERTag.bitString).namedBits()
            guard flags != 0 else { throw .value }
            keyUsage = KeyUsage(rawValue: flags)
        case .basicConstraints: try readBasicConstraints(raw)
        case .certificatePolicies: policies = try PolicySyntax.policies(raw.sequence())
        case .policyMappings: policyMappings = try PolicySyntax.mappings(raw.sequence())
        case .policyConstraints: (requireExplicitPolicy, inhibitPolicyMapping) = try PolicySyntax.constraints(raw.sequence())
        case .inhibitAnyPolicy: inhibitAnyPolicy = try raw.element(DERTag.integer).smallInteger()
        case .nameConstraints: nameConstraints = try NameConstraints(raw.sequence())
        case .subjectKeyIdentifier: subjectKeyIdentifier = try raw.element(DERTag.octetString).content
        case .authorityKeyIdentifier: authorityKeyIdentifier = try AuthorityKeyIdentifier(raw.sequence())
        case .subjectAlternativeName: names = try GeneralName.list(raw.sequence())
        case .issuerAlternativeName: _ = try GeneralName.list(raw.sequence())
        case .crlDistributionPoints: distributionPoints = try DistributionPoint.list(raw.sequence(), issuer: issuer)
        case .freshestCRL: freshestPoints = try DistributionPoint.list(raw.sequence(), issuer: issuer)
        case .authorityInformationAccess: access = try InformationAccess(raw.sequence())
        case .subjectInformationAccess: _ = try InformationAccess(raw.sequence())
        case .extendedKeyUsage: extendedKeyUsage = try Self.purposes(raw.sequence())
        case .ocspNoCheck:
            try raw.element(DERTag.null).null()
            hasNoRevocationCheck = true
        case .subjectDirectoryAttributes:
            var attributes = try raw.sequence()
            repeat { _ = try attributes.expect(DERTag.sequence) } while !attributes.isAtEnd
        default:
            if raw.isCritical { unknownCritical.append(raw.identifier) }
        }
    }

    private mutating func readBasicConstraints(_ raw: RawExtension) throws(DERError) {
        var fields = try raw.sequence()
        // A written FALSE is not DER, but so common that refusing it would refuse authorities everybody trusts.
        isAuthority = try fields.take(DERTag.boolean)?.boolean() ?? false
        pathLength = try fields.take(DERTag.integer)?.smallInteger()
        try fields.finish()
        guard pathLength ?? 0 <= 255 else { throw .value }
    }

    private static func purposes(_ reader: DERReader) throws(DERError) -> [ObjectIdentifier] {
        var reader = reader
        var purposes: [ObjectIdentifier] = []
        repeat { purposes.append(try reader.expect(DERTag.objectIdentifier).objectIdentifier()) } while !reader.isAtEnd
        return purposes
    }
}
