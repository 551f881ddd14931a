import Cryptography
import SimulatedJPKI
import Testing
import Trust
import Vocabulary

@Suite struct `Authorities, jpki.md §1.1` {
    @Test(arguments: Purpose.allCases) func `have their names, country printable and all else UTF-8`(purpose: Purpose) async throws {
        let world = try await World.shared()
        let unit = purpose == .user ? "JPKI for user authentication" : "JPKI for digital signature"
        let expected = DERWriter.build {
            $0.sequence { name in
                for (last, tag, text) in [
                    (UInt8(6), DERTag.printableString, "JP"), (10, DERTag.utf8String, "JPKI-SIMULATED"), (11, DERTag.utf8String, unit),
                    (11, DERTag.utf8String, "Japan Agency for Local Authority Information Systems"),
                ] {
                    name.set {
                        $0.sequence { pair in
                            pair.element(DERTag.objectIdentifier, [0x55, 0x04, last])
                            pair.element(tag, Array(text.utf8))
                        }
                    }
                }
            }
        }
        for authority in world.simulator.authorities where authority.purpose == purpose {
            #expect(authority.certificate.subject.der == expected)
            #expect(authority.certificate.issuer.der == expected)
        }
    }

    @Test func `have two living RSA generations each, and one with P-384 for the next card`() async throws {
        let world = try await World.shared()
        for purpose in Purpose.allCases {
            let generations = world.simulator.authorities.filter { $0.purpose == purpose }
            #expect(generations.map(\.generation) == [1, 2, 3])
            #expect(generations.map(\.certificate.publicKey.kind) == [.rsa(bits: 2048), .rsa(bits: 2048), .ec(.p384)])
            #expect(Set(generations.map(\.certificate.subject)).count == 1)
            #expect(Set(generations.map { $0.certificate.publicKey.spki }).count == 3)
            for generation in generations {
                #expect(generation.certificate.notBefore <= World.now && World.now <= generation.certificate.notAfter)
            }
        }
    }

    @Test func `carry exactly the extensions of the real ones`() async throws {
        let world = try await World.shared()
        for authority in world.simulator.authorities {
            let certificate = authority.certificate
            #expect(certificate.version == 3)
            #expect(certificate.isSigned(by: certificate.publicKey))
            #expect(certificate.isAuthority)
            #expect(certificate.pathLength == nil)
            #expect(certificate.keyUsage == [.keyCertSign, .cRLSign])
            #expect(certificate.subjectKeyIdentifier?.count == 20)
            #expect(certificate.authorityKeyIdentifier == nil)
            #expect(certificate.policies.isEmpty)
            #expect(certificate.ocspURIs.isEmpty)
            #expect(certificate.extendedKeyUsage == nil)
            #expect(certificate.crlDistributionPoints.map(\.directoryNames) == [[certificate.subject]])
            #expect(certificate.crlDistributionPoints.allSatisfy { $0.uris.isEmpty })
            guard case .directory(let name)? = certificate.alternativeNames.first else {
                Issue.record("no directory name")
                continue
            }
            #expect(name.text == "O=公的個人認証サービス（模擬）,C=JP")
            #expect(certificate.notAfter.text.hasSuffix("T14:59:59Z"))
            #expect(try Raw.criticals(certificate) == ["2.5.29.15", "2.5.29.19"])
            #expect(try Raw.validityTags(certificate) == [DERTag.utcTime, DERTag.utcTime])
        }
    }

    @Test func `number themselves on one counter`() async throws {
        let world = try await World.shared()
        #expect(world.simulator.authorities.first { $0.name == "user-1" }?.certificate.serial == [0x01])
        #expect(world.simulator.authorities.first { $0.name == "user-2" }?.certificate.serial == [0x01, 0x33, 0xc3, 0x49])
    }
}

@Suite struct `Generations of one name` {
    @Test(arguments: [("taro", "user-1"), ("hanako", "user-2"), ("misaki", "user-3")])
    func `are told apart by key only`(handle: String, name: String) async throws {
        let world = try await World.shared()
        let certificate = try world.user(handle)
        for authority in world.simulator.authorities where authority.purpose == .user {
            #expect(certificate.issuer == authority.certificate.subject)
            #expect(certificate.isSigned(by: authority.certificate.publicKey) == (authority.name == name))
            #expect((certificate.authorityKeyIdentifier == authority.certificate.subjectKeyIdentifier) == (authority.name == name))
        }
        let chain = try CandidateChain(leaf: certificate).trusted(by: world.store, at: World.now)
        #expect(chain.anchor.certificate == (try world.simulator.authority(name)).certificate)
    }

    @Test(arguments: [("taro", "user-1"), ("hanako", "user-2"), ("misaki", "user-3")])
    func `do not stand in for one another`(handle: String, name: String) async throws {
        let world = try await World.shared()
        let others = TrustStore(
            anchors: world.store.anchors.filter { (try? world.simulator.authority(name))?.certificate != $0.certificate })
        #expect(others.anchors.count == 2)
        #expect(throws: TrustRefusal.self) {
            try CandidateChain(leaf: try world.user(handle)).trusted(by: others, at: World.now)
        }
    }
}

/// Looks below what `Certificate` shows.
enum Raw {
    static func body(_ certificate: Certificate) throws -> DERReader {
        var whole = try DERReader.whole(certificate.der)
        return try whole.expect(DERTag.sequence).reader
    }

    static func validityTags(_ certificate: Certificate) throws -> [UInt8] {
        var body = try body(certificate)
        for _ in 0..<4 { _ = try body.next() }
        var validity = try body.next().reader
        return [try validity.next().tag, try validity.next().tag]
    }

    static func extensions(_ certificate: Certificate) throws -> [(name: String, isCritical: Bool, value: [UInt8])] {
        var body = try body(certificate)
        while let tag = body.nextTag, tag != DERTag.contextConstructed(3) { _ = try body.next() }
        guard var list = try body.takeExplicit(3)?.reader else { return [] }
        var found: [(String, Bool, [UInt8])] = []
        while !list.isAtEnd {
            var item = try list.expect(DERTag.sequence).reader
            let name = try item.expect(DERTag.objectIdentifier).objectIdentifier().dotted
            let isCritical = try item.take(DERTag.boolean)?.boolean() ?? false
            found.append((name, isCritical, try item.expect(DERTag.octetString).content))
        }
        return found
    }

    static func criticals(_ certificate: Certificate) throws -> [String] {
        try extensions(certificate).filter(\.isCritical).map(\.name)
    }
}
