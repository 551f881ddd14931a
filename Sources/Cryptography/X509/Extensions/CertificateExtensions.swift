/// The extensions of one certificate (RFC 5280 §4.2), each read whole: one that we name is malformed or well formed, nothing between.
struct CertificateExtensions: Sendable {
    var keyUsage: KeyUsage?
    var isAuthority = false
    var pathLength: Int?
    var policies: [ObjectIdentifier] = []
    var subjectKeyIdentifier: [UInt8]?
    var authorityKeyIdentifier: [UInt8]?
    var names: [GeneralName] = []
    var namesAreCritical = false
    var distributionPoints: [DistributionPoint] = []
    var ocspURIs: [String] = []
    var extendedKeyUsage: [ObjectIdentifier]?
    var hasNoRevocationCheck = false
    /// Critical, and nothing this room reads: whoever relies on such a certificate must refuse it.
    var unknownCritical: [ObjectIdentifier] = []

    init() {}

    init(_ list: [RawExtension], issuer: DistinguishedName) throws(CertificateRefusal) {
        for raw in list {
            do {
                try read(raw, issuer: issuer)
            } catch { throw .extension(raw.identifier, error) }
        }
    }

    private mutating func read(_ raw: RawExtension, issuer: DistinguishedName) throws(DERError) {
        switch raw.identifier {
        case .keyUsage:
            let flags = try raw.element(DERTag.bitString).namedBits()
            guard flags != 0 else { throw .value }
            keyUsage = KeyUsage(rawValue: flags)
        case .basicConstraints: try readBasicConstraints(raw)
        case .certificatePolicies: policies = try PolicySyntax.policies(raw.sequence())
        case .policyMappings: try PolicySyntax.mappings(raw.sequence())
        case .policyConstraints: try PolicySyntax.constraints(raw.sequence())
        case .inhibitAnyPolicy: _ = try raw.element(DERTag.integer).smallInteger()
        case .nameConstraints: try NameConstraintSyntax.check(raw.sequence())
        case .subjectKeyIdentifier: subjectKeyIdentifier = try raw.element(DERTag.octetString).content
        case .authorityKeyIdentifier: authorityKeyIdentifier = try AuthorityKeyIdentifier.read(raw.sequence())
        case .subjectAlternativeName:
            names = try GeneralName.list(raw.sequence())
            namesAreCritical = raw.isCritical
        case .issuerAlternativeName: _ = try GeneralName.list(raw.sequence())
        case .crlDistributionPoints: distributionPoints = try DistributionPoint.list(raw.sequence(), issuer: issuer)
        case .freshestCRL: _ = try DistributionPoint.list(raw.sequence(), issuer: issuer)
        case .authorityInformationAccess: ocspURIs = try Self.ocspURIs(raw.sequence())
        case .subjectInformationAccess: _ = try Self.ocspURIs(raw.sequence())
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

    private static func ocspURIs(_ reader: DERReader) throws(DERError) -> [String] {
        var reader = reader
        var uris: [String] = []
        repeat {
            var access = try reader.expect(DERTag.sequence).reader
            let method = try access.expect(DERTag.objectIdentifier).objectIdentifier()
            let location = try GeneralName(access.next())
            try access.finish()
            if method == .ocspAccess, case .uri(let uri) = location { uris.append(uri) }
        } while !reader.isAtEnd
        return uris
    }

    private static func purposes(_ reader: DERReader) throws(DERError) -> [ObjectIdentifier] {
        var reader = reader
        var purposes: [ObjectIdentifier] = []
        repeat { purposes.append(try reader.expect(DERTag.objectIdentifier).objectIdentifier()) } while !reader.isAtEnd
        return purposes
    }
}

/// AuthorityKeyIdentifier (RFC 5280 §4.2.1.1): the key identifier counts, issuer and serial are read and left alone.
enum AuthorityKeyIdentifier {
    static func read(_ reader: DERReader) throws(DERError) -> [UInt8]? {
        var reader = reader
        let key = try reader.take(DERTag.context(0))?.content
        let issuer = try reader.take(DERTag.contextConstructed(1))
        let serial = try reader.take(DERTag.context(2))
        try reader.finish()
        guard (issuer == nil) == (serial == nil) else { throw .value }
        if let issuer { _ = try GeneralName.list(issuer.reader) }
        _ = try serial?.integer()
        return key
    }
}
