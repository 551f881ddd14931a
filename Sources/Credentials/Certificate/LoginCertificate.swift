import Cryptography
package import Trust
package import Vocabulary

/// A certificate that may log a citizen in: issued by a configured login authority, in its time, for authentication and nothing else.
/// A proof about the certificate only; whoever holds a copy can send it (`jpki.md` §7.2), so it says nothing yet about a person.
package struct LoginCertificate: Sendable {
    package let chain: TrustedChain
    package let carrier: Carrier
    package let identity: CertificateIdentity
    package let algorithm: CardAlgorithm

    fileprivate init(chain: TrustedChain, carrier: Carrier, algorithm: CardAlgorithm) {
        self.chain = chain
        self.carrier = carrier
        self.identity = CertificateIdentity(of: chain)
        self.algorithm = algorithm
    }
}

extension CardProfile {
    /// Looks at everything a certificate says of itself, then who says so. Revocation is not looked at here: the caller asks for the
    /// status of `chain` and hands it to `authentication(answering:…)`.
    ///
    /// extendedKeyUsage is not looked at: whether JPKI sets it is unknown (`jpki.md` §1.2), and the policy already names the use.
    package func recognise(
        certificate der: [UInt8], anchors: TrustStore, allowSimulated: Bool, at now: Timestamp
    ) throws(CredentialRefusal) -> LoginCertificate {
        let leaf: Certificate
        do { leaf = try Certificate(der: der) } catch { throw .certificateMalformed(error) }
        try refuseOtherUses(of: leaf)
        guard let (carrier, policy) = leaf.carrier(among: loginPolicies) else { throw .policy(leaf.policies.map(\.dotted)) }
        try leaf.inItsTime(at: now)
        guard let algorithm = CardAlgorithm(leaf.publicKey.kind), allowedAlgorithms.contains(algorithm) else {
            throw .keyAlgorithm(leaf.publicKey.kind)
        }
        let chain: TrustedChain
        do {
            chain = try CandidateChain(leaf: leaf).trusted(by: anchors, policies: [policy], at: now)
        } catch { throw .untrusted(error) }
        try refuseOtherAuthorities(of: chain, allowSimulated: allowSimulated)
        guard algorithms(of: chain.issuer).contains(algorithm) else { throw .keyAlgorithm(leaf.publicKey.kind) }
        return LoginCertificate(chain: chain, carrier: carrier, algorithm: algorithm)
    }

    /// keyUsage is exactly digitalSignature: a signature certificate has nonRepudiation beside it, and asking a person to sign with
    /// that key what is meant as a login would be a signature under law.
    private func refuseOtherUses(of leaf: Certificate) throws(CredentialRefusal) {
        guard !leaf.isAuthority else { throw .authorityCertificate }
        guard let usage = leaf.keyUsage else { throw .keyUsage(nil) }
        guard !usage.contains(.nonRepudiation), signaturePolicies.allSatisfy({ !leaf.policies.contains($0) }) else {
            throw .signatureCertificate
        }
        guard usage == [.digitalSignature] else { throw .keyUsage(usage) }
    }

    /// The anchor that signed decides, never the name in the leaf. The signature authority is anchored in the same deployments, so
    /// being trusted does not make an authority the right one.
    private func refuseOtherAuthorities(of chain: TrustedChain, allowSimulated: Bool) throws(CredentialRefusal) {
        let name = chain.anchor.certificate.subject
        let isSimulated = chain.anchor.isSimulated || simulatedAuthorities.contains(name)
        guard !isSimulated || allowSimulated else { throw .simulatedAuthority(name.text) }
        guard loginAuthorities.contains(name) || simulatedAuthorities.contains(name) else { throw .authority(name.text) }
    }
}

extension Certificate {
    /// What carries its key, by its policies. Nil for none and for two: a certificate that claims to be two things is neither.
    func carrier(among policies: [Carrier: [ObjectIdentifier]]) -> (Carrier, ObjectIdentifier)? {
        let found = Carrier.allCases.compactMap { carrier in
            policies[carrier, default: []].first(where: self.policies.contains).map { (carrier, $0) }
        }
        return found.count == 1 ? found.first : nil
    }

    /// Both ends belong to the validity (RFC 5280 §4.1.2.5). `notAfter` names a whole second, which is valid to its last millisecond.
    func inItsTime(at now: Timestamp) throws(CredentialRefusal) {
        guard notBefore <= now else { throw .notYetValid(notBefore: notBefore, now: now) }
        guard now < notAfter.adding(seconds: 1) else { throw .expired(notAfter: notAfter, now: now) }
    }
}
