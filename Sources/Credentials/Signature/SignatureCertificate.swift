import Cryptography
package import Trust
package import Vocabulary

/// A certificate of a person's signature key: issued by a configured signature authority, in its time, with four attributes that can be
/// read. A proof about the certificate only; whoever was once shown it has a copy, so it says nothing yet about who is here.
package struct SignatureCertificate: Sendable {
    package let chain: TrustedChain
    package let carrier: Carrier
    package let identity: CertificateIdentity
    package let algorithm: CardAlgorithm
    let attributes: BasicAttributes
    let place: AddressPlace

    fileprivate init(
        chain: TrustedChain, carrier: Carrier, algorithm: CardAlgorithm, attributes: BasicAttributes, place: AddressPlace
    ) {
        self.chain = chain
        self.carrier = carrier
        identity = CertificateIdentity(of: chain)
        self.algorithm = algorithm
        self.attributes = attributes
        self.place = place
    }
}

extension SignatureProfile {
    /// Looks at everything a certificate says of itself, then who says so. Revocation is not looked at here: the caller asks for the
    /// status of `chain` and hands it to `identity(answering:…)`.
    package func recognise(
        certificate der: [UInt8], anchors: TrustStore, allowSimulated: Bool, at now: Timestamp
    ) throws(IdentityRefusal) -> SignatureCertificate {
        let leaf: Certificate
        do { leaf = try Certificate(der: der) } catch { throw .certificateMalformed(error) }
        try refuseOtherUses(of: leaf)
        guard let (carrier, policy) = leaf.carrier(among: policies) else { throw .policy(leaf.policies.map(\.dotted)) }
        do throws(CredentialRefusal) { try leaf.inItsTime(at: now) } catch { throw .time(error) }
        guard let algorithm = CardAlgorithm(leaf.publicKey.kind), algorithms.contains(algorithm) else {
            throw .keyAlgorithm(leaf.publicKey.kind)
        }
        let chain: TrustedChain
        do {
            chain = try CandidateChain(leaf: leaf).trusted(by: anchors, policies: [policy], at: now)
        } catch { throw .untrusted(error) }
        try refuseOtherAuthorities(of: chain, allowSimulated: allowSimulated)
        // Only now are its contents worth reading: what a trusted authority never signed is not looked at.
        let attributes: BasicAttributes
        do throws(CertifiedFault) { attributes = try self.attributes(of: leaf) } catch { throw .attributes(error) }
        return SignatureCertificate(
            chain: chain, carrier: carrier, algorithm: algorithm, attributes: attributes, place: gazetteer.place(of: attributes))
    }

    /// nonRepudiation, and nothing beside it but digitalSignature (`jpki.md` §1.2): without it the key does not sign under law.
    private func refuseOtherUses(of leaf: Certificate) throws(IdentityRefusal) {
        guard !leaf.isAuthority else { throw .authorityCertificate }
        guard let usage = leaf.keyUsage else { throw .keyUsage(nil) }
        guard usage != [.digitalSignature] else { throw .loginCertificate }
        guard usage.contains(.nonRepudiation), usage.isSubset(of: [.nonRepudiation, .digitalSignature]) else { throw .keyUsage(usage) }
    }

    /// The anchor that signed decides, never the name in the leaf: the login authority is anchored in the same deployments.
    private func refuseOtherAuthorities(of chain: TrustedChain, allowSimulated: Bool) throws(IdentityRefusal) {
        let name = chain.anchor.certificate.subject
        let isSimulated = chain.anchor.isSimulated || simulatedAuthorities.contains(name)
        guard !isSimulated || allowSimulated else { throw .simulatedAuthority(name.text) }
        guard authorities.contains(name) || simulatedAuthorities.contains(name) else { throw .authority(name.text) }
    }
}
