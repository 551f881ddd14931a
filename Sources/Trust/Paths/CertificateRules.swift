import Cryptography
import Vocabulary

/// What a profile asks of one certificate by itself, wherever the path goes on. Each rule is used twice: to leave a certificate aside
/// while a path is built, and to name the fault of a path that was built anyway.
extension PathProfile {
    typealias Finding = (reason: PathFault.Reason, rule: String)

    /// RFC 5280 §6.1.3 (a)(2). Both ends belong to the validity; notAfter names a whole second.
    static func timeFault(of certificate: Certificate, at now: Timestamp) -> Finding? {
        if now < certificate.notBefore { return (.notYetValid, "RFC 5280 §6.1.3 (a)(2)") }
        return now < certificate.notAfter.adding(seconds: 1) ? nil : (.expired, "RFC 5280 §6.1.3 (a)(2)")
    }

    /// Signature algorithm and key of what `issuer` issued.
    func strengthFault(of certificate: Certificate, issuedBy issuer: Certificate) -> Finding? {
        let rules = rules(of: issuer)
        // An algorithm we do not know verifies nothing: the signature says so.
        if let algorithm = certificate.signatureAlgorithm, !rules.allows(algorithm) { return (.weak, "signature algorithm") }
        return rules.allows(certificate.publicKey.kind) ? nil : (.weak, "key")
    }

    func rules(of authority: Certificate) -> AlgorithmRules {
        guard !algorithmsByAuthority.isEmpty else { return algorithms }
        return algorithmsByAuthority[Hexadecimal.encode(authority.fingerprint)] ?? algorithms
    }

    /// §6.1.4 (k), (n): whether a certificate may have issued others, and its purposes.
    func authorityFault(of certificate: Certificate) -> Finding? {
        guard certificate.version == 3, certificate.isAuthority else { return (.authority, "RFC 5280 §6.1.4 (k)") }
        guard certificate.keyUsage?.contains(.keyCertSign) ?? true else { return (.authority, "RFC 5280 §6.1.4 (n)") }
        return purposeFault(ofAuthority: certificate)
    }

    func purposeFault(ofAuthority certificate: Certificate) -> Finding? {
        guard !purposes.isEmpty, let own = certificate.extendedKeyUsage else { return nil }
        return own.contains(.anyExtendedKeyUsage) || own.contains(where: purposes.contains) ? nil : (.purpose, "RFC 5280 §4.2.1.12")
    }

    /// §6.1.4 (o), §6.1.5 (f).
    static func extensionFault(of certificate: Certificate) -> Finding? {
        certificate.unknownCriticalExtensions.isEmpty ? nil : (.criticalExtension, "RFC 5280 §6.1.4 (o)")
    }

    /// The rules about names look at every name: that is work, and counted.
    func conformanceFault(
        of certificate: Certificate, isAnchor: Bool = false, _ budget: inout PathBudget
    ) throws(PathStop) -> Finding? {
        if issuers.contains(.names) {
            try budget.spend(.nameComparisons, certificate.alternativeNames.count + (certificate.nameConstraints?.count ?? 0))
        }
        return issuers.clause(brokenBy: certificate, isAnchor: isAnchor).map { (.conformance, "RFC 5280 " + $0) }
    }

    /// What the leaf may be used for, and whose it is.
    func useFault(of leaf: Certificate) -> Finding? {
        if let usage = leaf.keyUsage, !usage.isSuperset(of: keyUsage) { return (.keyUsage, "RFC 5280 §4.2.1.3") }
        if !purposes.isEmpty, let own = leaf.extendedKeyUsage, !own.contains(where: purposes.contains) {
            return (.purpose, "RFC 5280 §4.2.1.12")
        }
        if let names, !names.isMet(by: leaf) { return (.name, "RFC 9525 §6") }
        return nil
    }
}

extension NameConstraints {
    var count: Int { permitted.count + excluded.count }
}
