package import Vocabulary

/// One X.509 certificate (RFC 5280 §4), read strictly: what it says, not yet whether anybody should believe it. Cheap to copy. Equal
/// certificates are equal bytes.
package struct Certificate: Hashable, Sendable {
    /// A card's certificate has 1.6 kB; federation certificates with long chains of names stay below 10 kB.
    package static let largest = 65_536

    private let contents: Contents

    /// Shared by all copies: a path hands certificates around, and each is one reference.
    private final class Contents: Sendable {
        let der: [UInt8]
        let publicKey: PublicKey
        let fields: CertificateFields
        let fingerprint: [UInt8]
        let isSelfIssued: Bool
        let signatureAlgorithm: SignatureAlgorithm?

        init(der: [UInt8], publicKey: PublicKey, fields: CertificateFields) {
            self.der = der
            self.publicKey = publicKey
            self.fields = fields
            fingerprint = Digest.sha256(der)
            isSelfIssued = fields.issuer == fields.subject
            signatureAlgorithm = SignatureAlgorithm(identifier: fields.signed.algorithmIdentifier)
        }
    }

    /// Exactly one certificate in DER, nothing behind it, at most 64 KiB, with a key that `PublicKey` accepts. Version 3 is asked for
    /// where a path is validated: old authorities may be version 1.
    package init(der: [UInt8]) throws(CertificateRefusal) {
        guard der.count <= Self.largest else { throw .tooLarge(der.count) }
        let fields = try CertificateFields(der: der)
        let publicKey: PublicKey
        do { publicKey = try PublicKey(spki: fields.spki) } catch { throw .key(error) }
        contents = Contents(der: der, publicKey: publicKey, fields: fields)
    }

    /// Text with exactly one CERTIFICATE block.
    package init(pem: [UInt8]) throws(CertificateRefusal) {
        guard pem.count <= 4 * Self.largest else { throw .tooLarge(pem.count) }
        let blocks = PEM.decode(pem, label: "CERTIFICATE")
        guard blocks.count == 1, let der = blocks.first else { throw .pem }
        try self.init(der: der)
    }

    package var der: [UInt8] { contents.der }
    package var publicKey: PublicKey { contents.publicKey }
    package var subject: DistinguishedName { contents.fields.subject }
    package var issuer: DistinguishedName { contents.fields.issuer }
    /// Content bytes of the INTEGER.
    package var serial: [UInt8] { contents.fields.serial }
    /// Lower-case hexadecimal. Never shown outside the platform: a serial is a nation-wide tracking number.
    package var serialText: String { Hexadecimal.encode(serial) }
    package var notBefore: Timestamp { contents.fields.notBefore }
    /// A whole second, and the last one in which the certificate is valid.
    package var notAfter: Timestamp { contents.fields.notAfter }
    package var version: Int { contents.fields.version }
    /// SHA-256 of the DER.
    package var fingerprint: [UInt8] { contents.fingerprint }

    package var keyUsage: KeyUsage? { contents.fields.extensions.keyUsage }
    package var extendedKeyUsage: [ObjectIdentifier]? { contents.fields.extensions.extendedKeyUsage }
    /// certificatePolicies as written: what the certificate claims, before a path allows it.
    package var policies: [ObjectIdentifier] { contents.fields.extensions.policies ?? [] }
    /// basicConstraints cA.
    package var isAuthority: Bool { contents.fields.extensions.isAuthority }
    package var pathLength: Int? { contents.fields.extensions.pathLength }
    package var subjectKeyIdentifier: [UInt8]? { contents.fields.extensions.subjectKeyIdentifier }
    package var authorityKeyIdentifier: [UInt8]? { contents.fields.extensions.authorityKeyIdentifier?.key }
    package var crlDistributionPoints: [DistributionPoint] { contents.fields.extensions.distributionPoints }
    package var ocspURIs: [String] { contents.fields.extensions.access.responders }
    package var alternativeNames: [GeneralName] { contents.fields.extensions.names }
    /// An OCSP responder's certificate that needs no status itself (RFC 6960 §4.2.2.2.1).
    package var hasNoRevocationCheck: Bool { contents.fields.extensions.hasNoRevocationCheck }
    /// Critical extensions this room does not read. A path with such a certificate is refused.
    package var unknownCriticalExtensions: [ObjectIdentifier] { contents.fields.extensions.unknownCritical }

    /// The otherNames of subjectAltName whose value is a UTF8String, in their order: the four attributes of a signature certificate.
    package var otherNames: [(ObjectIdentifier, String)] {
        alternativeNames.compactMap { name in
            guard case .otherName(let kind, let value) = name else { return nil }
            var reader = DERReader(value)
            guard let text = try? reader.expect(DERTag.utf8String).utf8String() else { return nil }
            return (kind, text)
        }
    }

    /// Whether this key made the signature. Says nothing of names, times or rights. False for SHA-1 and algorithms we do not know.
    package func isSigned(by key: PublicKey) -> Bool { contents.fields.signed.isSigned(by: key) }

    package static func == (left: Certificate, right: Certificate) -> Bool {
        left.contents === right.contents || left.der == right.der
    }
    package func hash(into hasher: inout Hasher) { hasher.combine(contents.fingerprint) }
}

/// What RFC 5280 §6 asks a certificate about its place in a path.
extension Certificate {
    /// Issuer and subject have one name: an authority's certificate for another key of its own (RFC 5280 §3.2). Not the same as signed
    /// by its own key.
    package var isSelfIssued: Bool { contents.isSelfIssued }
    /// nil for an algorithm we do not know.
    package var signatureAlgorithm: SignatureAlgorithm? { contents.signatureAlgorithm }
    /// Whether there is a certificatePolicies extension: without one, no policy is valid for a path from here on.
    package var hasPolicies: Bool { contents.fields.extensions.policies != nil }
    package var policyMappings: [PolicyMapping] { contents.fields.extensions.policyMappings }
    /// policyConstraints: after how many more certificates an explicit policy is required.
    package var requireExplicitPolicy: Int? { contents.fields.extensions.requireExplicitPolicy }
    /// policyConstraints: after how many more certificates policies are no longer mapped.
    package var inhibitPolicyMapping: Int? { contents.fields.extensions.inhibitPolicyMapping }
    /// After how many more certificates anyPolicy no longer counts.
    package var inhibitAnyPolicy: Int? { contents.fields.extensions.inhibitAnyPolicy }
    package var nameConstraints: NameConstraints? { contents.fields.extensions.nameConstraints }
    /// The names and serial by which authorityKeyIdentifier points at the issuing certificate; empty and nil when it has none.
    package var authorityKeyIssuer: [GeneralName] { contents.fields.extensions.authorityKeyIdentifier?.issuer ?? [] }
    package var authorityKeySerial: [UInt8]? { contents.fields.extensions.authorityKeyIdentifier?.serial }
    /// Where the issuing certificates are said to be (id-ad-caIssuers).
    package var caIssuersURIs: [String] { contents.fields.extensions.access.issuers }
    package var extensions: ExtensionKinds { contents.fields.extensions.present }
    package var criticalExtensions: ExtensionKinds { contents.fields.extensions.critical }
}
