import Credentials
import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `A login certificate, jpki.md §1` {
    @Test(arguments: [Authority.older, Authority.newer]) func `comes from any of the generations that share a name`(authority: Authority)
        throws
    {
        let login = try Card(authority: authority).recognised()
        #expect(login.chain.anchor.certificate == authority.certificate)
        #expect(login.carrier == .card)
        #expect(login.algorithm == .rs256)
        #expect(login.identity.serial == "06d18007")
    }

    @Test func `of one serial in two generations is two people`() throws {
        let one = try Card(authority: .older).recognised().identity
        let other = try Card(authority: .newer).recognised().identity
        #expect(one.serial == other.serial)
        #expect(one.issuer != other.issuer)
        #expect(one.issuer.utf8.count == 64)
        #expect(try Card(authority: .older, key: Card.p384).recognised().identity == one)
    }

    @Test func `comes from no authority that merely bears the name`() throws {
        #expect {
            try Card(authority: .stranger).recognised()
        } throws: { error in
            guard case .untrusted? = error as? CredentialRefusal else { return false }
            return true
        }
    }

    /// A self-made card verifies against its own authority, EF 000B (`jpki.md` §1.1).
    @Test func `never brings its own authority`() throws {
        let card = Card(authority: .stranger)
        #expect(throws: CredentialRefusal.self) {
            try CardProfile.jpki.recognise(
                certificate: card.certificate() + Authority.stranger.certificate.der, anchors: Authority.anchors, allowSimulated: true,
                at: Moment.now)
        }
        #expect(throws: CredentialRefusal.authorityCertificate) {
            try CardProfile.jpki.recognise(
                certificate: Authority.newer.certificate.der, anchors: Authority.anchors, allowSimulated: false, at: Moment.now)
        }
    }

    @Test func `is not a signature certificate`() throws {
        let real = Card(authority: .signing, policies: ["1.2.392.200149.8.5.1.1.20"], usage: [0, 1])
        #expect(throws: CredentialRefusal.signatureCertificate) { try real.recognised() }
        // One sign of it is enough.
        #expect(throws: CredentialRefusal.signatureCertificate) { try Card(usage: [0, 1]).recognised() }
        #expect(throws: CredentialRefusal.signatureCertificate) { try Card(usage: [1]).recognised() }
        #expect(throws: CredentialRefusal.signatureCertificate) {
            try Card(policies: ["1.2.392.200149.8.5.1.3.30", "1.2.392.200149.8.5.1.1.20"]).recognised()
        }
    }

    /// Everything says login but the authority that signed.
    @Test func `does not come from the signature authority`() throws {
        #expect(throws: CredentialRefusal.authority(Authority.signing.name.text)) { try Card(authority: .signing).recognised() }
    }

    @Test(arguments: [nil, [], [0, 2], [2], [0, 5], [4], [0, 7, 8]] as [[Int]?]) func `is for digitalSignature and nothing else`(
        usage: [Int]?
    ) {
        #expect {
            try Card(usage: usage).recognised()
        } throws: { error in
            switch error as? CredentialRefusal {
            case .keyUsage: true
            // An empty keyUsage is no certificate (RFC 5280 §4.2.1.3).
            case .certificateMalformed: usage == []
            default: false
            }
        }
    }

    @Test(arguments: [
        [], ["1.2.392.200149.8.5.1.3.31"], ["1.2.392.200149.8.5.1.3"], ["1.2.392.200149.8.5.1.3.30.1"], ["2.5.29.32.0"], ["2.23.140.1.2.1"],
    ]) func `bears a configured policy`(policies: [String]) {
        #expect {
            try Card(policies: policies).recognised()
        } throws: { error in
            switch error as? CredentialRefusal {
            case .policy(policies): true
            // certificatePolicies without one is no certificate (RFC 5280 §4.2.1.4).
            case .certificateMalformed: policies.isEmpty
            default: false
            }
        }
    }

    @Test func `may bear further policies`() throws {
        #expect(try Card(policies: ["1.2.3.4", "1.2.392.200149.8.5.1.3.30"]).recognised().carrier == .card)
    }

    /// Where phones are told from cards is unknown (`jpki.md` §1.5), so the policy is configuration.
    @Test func `of a phone is told by its policy, once that is configured`() throws {
        let phone = Card(policies: ["1.2.392.200149.8.5.1.3.99"])
        #expect(throws: CredentialRefusal.policy(["1.2.392.200149.8.5.1.3.99"])) { try phone.recognised() }
        let profile = CardProfile.jpki.adding(phonePolicies: [ObjectIdentifier("1.2.392.200149.8.5.1.3.99")].compactMap { $0 })
        #expect(try phone.recognised(by: profile).carrier == .phone)
        #expect(try Card().recognised(by: profile).carrier == .card)
        #expect(throws: CredentialRefusal.self) {
            try Card(policies: ["1.2.392.200149.8.5.1.3.99", "1.2.392.200149.8.5.1.3.30"]).recognised(by: profile)
        }
    }

    @Test func `is valid from its first to its last second`() throws {
        let card = Card()
        #expect(try card.recognised(at: card.from).carrier == .card)
        #expect(try card.recognised(at: card.to.adding(milliseconds: -1)).carrier == .card)
        #expect(try card.recognised(at: card.to).carrier == .card)
        #expect(try card.recognised(at: card.to.adding(milliseconds: 999)).carrier == .card)
        let late = card.to.adding(seconds: 1)
        let early = card.from.adding(milliseconds: -1)
        #expect(throws: CredentialRefusal.expired(notAfter: card.to, now: late)) { try card.recognised(at: late) }
        #expect(throws: CredentialRefusal.notYetValid(notBefore: card.from, now: early)) { try card.recognised(at: early) }
    }

    @Test func `ends with its authority`() throws {
        let card = Card(authority: .older, to: Moment.now.adding(seconds: 8 * Moment.year))
        #expect(throws: CredentialRefusal.self) { try card.recognised(at: Moment.now.adding(seconds: 5 * Moment.year)) }
    }

    @Test(arguments: [KeyKind.ec(.p256), .ec(.p521), .ed25519]) func `has a key that cards have`(kind: KeyKind) {
        #expect(throws: CredentialRefusal.keyAlgorithm(kind)) { try Card(key: Card.key(kind)).recognised() }
    }

    /// `jpki.md` §1.6: accepted beside RSA from day one; the list is per generation, not global.
    @Test func `of the next card has P-384`() throws {
        #expect(try Card(key: Card.p384).recognised().algorithm == .es384)
        let base = CardProfile.jpki
        let profile = CardProfile(
            loginPolicies: base.loginPolicies, signaturePolicies: base.signaturePolicies, loginAuthorities: base.loginAuthorities,
            simulatedAuthorities: base.simulatedAuthorities,
            algorithmsByAuthority: [Hexadecimal.encode(Authority.older.certificate.fingerprint): [.rs256]])
        #expect(try Card(authority: .newer, key: Card.p384).recognised(by: profile).algorithm == .es384)
        #expect(try Card(authority: .older).recognised(by: profile).algorithm == .rs256)
        #expect(throws: CredentialRefusal.keyAlgorithm(.ec(.p384))) { try Card(authority: .older, key: Card.p384).recognised(by: profile) }
    }

    @Test func `of a test hierarchy counts only where the deployment says development`() throws {
        let card = Card(authority: .test)
        let name = Authority.test.name.text
        #expect(name.contains("O=JPKI-TEST"))
        for anchor in [Authority.test.anchor, Authority.test.simulatedAnchor] {
            let anchors = TrustStore(anchors: [Authority.newer.anchor, anchor])
            #expect(throws: CredentialRefusal.simulatedAuthority(name)) { try card.recognised(anchors: anchors) }
            #expect(try card.recognised(anchors: anchors, allowSimulated: true).carrier == .card)
        }
        // And not at all without its anchor.
        #expect(throws: CredentialRefusal.self) { try card.recognised(allowSimulated: true) }
    }

    @Test func `of a simulated authority that bears the real name is refused by its anchor's mark`() throws {
        let anchors = TrustStore(anchors: [Authority.newer.simulatedAnchor])
        #expect(throws: CredentialRefusal.simulatedAuthority(Authority.newer.name.text)) { try Card().recognised(anchors: anchors) }
        #expect(try Card().recognised(anchors: anchors, allowSimulated: true).chain.anchor.isSimulated)
    }

    @Test func `is one certificate, whole`() throws {
        let der = try Card().certificate()
        let broken: [[UInt8]] = [
            [], [0x30], Array(der.dropLast()), der + [0], Array(der.prefix(100)), [UInt8](repeating: 0x30, count: 70_000),
            Array("-----BEGIN".utf8),
        ]
        for bytes in broken {
            #expect {
                try CardProfile.jpki.recognise(certificate: bytes, anchors: Authority.anchors, allowSimulated: true, at: Moment.now)
            } throws: { error in
                guard case .certificateMalformed? = error as? CredentialRefusal else { return false }
                return true
            }
        }
    }

    @Test func `with any bit turned is refused`() throws {
        let der = try Card().certificate()
        for position in stride(from: 0, to: der.count, by: 7) {
            var bytes = der
            bytes[position] ^= 1 << UInt8(position % 8)
            #expect(throws: CredentialRefusal.self, "byte \(position)") {
                try CardProfile.jpki.recognise(certificate: bytes, anchors: Authority.anchors, allowSimulated: false, at: Moment.now)
            }
        }
    }
}
