import Cryptography
import Foundation
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

/// A ring with a current RSA key, its successor, its predecessor, and a P-256 key beside them.
private struct Ring {
    static let day: Int64 = 86_400
    static let promotion = Federation.now.adding(seconds: day)
    static let old = make(
        "old", Federation.ownKey, KeyLife(from: .init(seconds: 0), succeeded: promotion, until: promotion.adding(seconds: day)))
    static let new = make("new", Federation.otherKey, KeyLife(from: promotion))
    static let curve = make("curve", Federation.curveKey, .always, .ecdsa(.sha256))

    static func make(_ name: String, _ key: PrivateKey, _ life: KeyLife, _ usual: SignatureAlgorithm = .rsaPKCS1(.sha256)) -> OwnKey? {
        try? OwnKey(name: name, key: key, certificate: Federation.certificate(of: key), usual: usual, life: life)
    }

    static func keys(_ order: SigningKeys.Order = .currentFirst, curveFirst: Bool = false) throws -> SigningKeys {
        let (old, new, curve) = (try #require(old), try #require(new), try #require(curve))
        return try #require(SigningKeys(curveFirst ? [curve, old, new] : [old, new, curve], order: order))
    }
}

@Suite struct `The life of a key` {
    static let life = KeyLife(
        from: Timestamp(seconds: 100), succeeded: Timestamp(seconds: 200), until: Timestamp(seconds: 300))

    @Test(
        arguments: [
            (99, KeyLife.State.next), (100, .current), (199, .current), (200, .retiring), (299, .retiring), (300, .gone),
        ] as [(Int64, KeyLife.State)])
    func `follows from its dates and from nothing else`(second: Int64, state: KeyLife.State) {
        #expect(Self.life.state(at: Timestamp(seconds: second)) == state)
        #expect(Self.life.isPublished(at: Timestamp(seconds: second)) == (state != .gone))
    }

    @Test func `ends at once when it is revoked, and not before`() {
        let life = KeyLife(from: Timestamp(seconds: 100), revoked: Timestamp(seconds: 150))
        #expect(life.state(at: Timestamp(seconds: 149)) == .current)
        #expect(life.state(at: Timestamp(seconds: 150)) == .revoked && !life.isPublished(at: Timestamp(seconds: 150)))
    }

    @Test func `without dates lasts, or waits`() {
        #expect(KeyLife.always.state(at: Federation.now) == .current)
        #expect(KeyLife.waiting.state(at: Federation.now) == .next)
    }
}

@Suite struct `Which key signs, checklist M3 and IIP-MD10` {
    @Test func `changes at the moment of promotion without anybody's doing`() throws {
        let keys = try Ring.keys()
        #expect(keys.signer(at: Ring.promotion.adding(seconds: -1)).fingerprint == Ring.old?.fingerprint)
        #expect(keys.signer(at: Ring.promotion).fingerprint == Ring.new?.fingerprint)
    }

    @Test func `is the pinned one for a laggard, for as long as it is published`() throws {
        let keys = try Ring.keys()
        let wish = SigningWish(pin: Ring.old?.fingerprint)
        #expect(keys.signer(for: wish, at: Ring.promotion).fingerprint == Ring.old?.fingerprint)
        #expect(keys.signer(for: wish, at: Ring.promotion.adding(seconds: Ring.day)).fingerprint == Ring.new?.fingerprint, "it is gone")
        #expect(keys.signer(for: SigningWish(pin: "00"), at: Federation.now).fingerprint == Ring.old?.fingerprint, "no key of ours")
    }

    @Test func `may be the next one for a single member that tries it out`() throws {
        #expect(
            try Ring.keys().signer(for: SigningWish(pin: Ring.new?.fingerprint), at: Federation.now).fingerprint == Ring.new?.fingerprint)
    }

    @Test(arguments: [
        (["http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"], SignatureAlgorithm.ecdsa(.sha256)),
        (["http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"], .rsaPKCS1(.sha512)),
        (["http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"], .rsaPSS(.sha256)),
        (["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"], .rsaPKCS1(.sha256)),
        ([], .rsaPKCS1(.sha256)),
    ]) func `is one that the member declares it can verify`(declared: [String], algorithm: SignatureAlgorithm) throws {
        let keys = try Ring.keys()
        let wish = SigningWish(declared: declared)
        #expect(keys.signer(for: wish, at: Federation.now).algorithm == algorithm)
        #expect(keys.suits(wish, at: Federation.now))
    }

    @Test func `is the first where none suits, and that is told`() throws {
        let keys = try Ring.keys()
        let wish = SigningWish(declared: ["http://www.w3.org/2000/09/xmldsig#rsa-sha1"])
        #expect(keys.signer(for: wish, at: Federation.now).algorithm == .rsaPKCS1(.sha256), "SHA-1 is never an answer (A15)")
        #expect(!keys.suits(wish, at: Federation.now))
    }

    @Test func `heeds the declared digests too`() throws {
        let wish = SigningWish(digests: ["http://www.w3.org/2001/04/xmlenc#sha512"])
        #expect(try Ring.keys().signer(for: wish, at: Federation.now).algorithm == .rsaPKCS1(.sha512))
    }

    @Test func `is what the operator set, whatever is declared`() throws {
        let wish = SigningWish(algorithm: .ecdsa(.sha256), declared: ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"])
        #expect(try Ring.keys().signer(for: wish, at: Federation.now).algorithm == .ecdsa(.sha256))
    }

    @Test func `of two families is the one that the folder names first`() throws {
        #expect(try Ring.keys(curveFirst: true).signer(at: Federation.now).algorithm == .ecdsa(.sha256))
    }

    @Test func `follows the metadata and the options of a real member`() throws {
        let declared = """
            <md:Extensions xmlns:alg="urn:oasis:names:tc:SAML:metadata:algsupport"><alg:SigningMethod \
            Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/></md:Extensions>
            """
        let xml = Federation.metadata(Federation.libraryID).replacingOccurrences(
            of: "<md:SPSSODescriptor ", with: declared + "<md:SPSSODescriptor ")
        let provider = try Federation.one(xml)
        let idp = try IdentityProvider.ring(Ring.keys())
        #expect(idp.signingKey(for: provider, at: Federation.now).algorithm == .ecdsa(.sha256))
        var options = provider.options
        options.signingKeyPin = Ring.new?.fingerprint
        #expect(idp.signingKey(for: provider.with(options), at: Federation.now).fingerprint == Ring.new?.fingerprint)
        #expect(try idp.signingKey(for: Federation.library(), at: Federation.now).algorithm == .rsaPKCS1(.sha256))
    }
}

@Suite struct `KeyDescriptors during a roll-over` {
    @Test(arguments: [
        (SigningKeys.Order.currentFirst, ["old", "curve", "new"], ["new", "curve", "old"]),
        (.nextFirst, ["new", "old", "curve"], ["new", "curve", "old"]),
        (.retiringFirst, ["old", "curve", "new"], ["old", "new", "curve"]),
    ]) func `stand in the configured order`(order: SigningKeys.Order, before: [String], after: [String]) throws {
        let keys = try Ring.keys(order)
        #expect(keys.published(at: Federation.now).map(\.name) == before)
        #expect(keys.published(at: Ring.promotion).map(\.name) == after)
    }

    @Test func `lose a key when it is gone`() throws {
        #expect(try Ring.keys().published(at: Ring.promotion.adding(seconds: Ring.day)).map(\.name) == ["new", "curve"])
    }

    @Test func `put the pinned key first in the pinned member's own copy`() throws {
        let idp = try IdentityProvider.ring(Ring.keys())
        let pinned = try idp.publication(at: Ring.promotion, ladder: Federation.ladder, first: Ring.old?.fingerprint)
        #expect(try certificates(pinned.bytes).first == Ring.old.map { Base64.encode($0.certificate) })
        let common = try idp.publication(at: Ring.promotion, ladder: Federation.ladder)
        #expect(try certificates(common.bytes).first == Ring.new.map { Base64.encode($0.certificate) })
    }

    @Test func `are made anew when a key begins to sign, and else by the hour`() throws {
        let idp = try IdentityProvider.ring(Ring.keys())
        let before = try idp.publication(at: Ring.promotion.adding(seconds: -60), ladder: Federation.ladder)
        #expect(before.until == Ring.promotion)
        let start = Timestamp(seconds: Federation.now.seconds / 3600 * 3600)
        #expect(try idp.publication(at: start.adding(seconds: 5), ladder: Federation.ladder).until == start.adding(seconds: 3600))
        #expect(
            try idp.publication(at: start, ladder: Federation.ladder).tag
                == idp.publication(at: start.adding(seconds: 60), ladder: Federation.ladder).tag, "RSA: two servers say the same")
    }

    private func certificates(_ xml: [UInt8]) throws -> [String] {
        let role = try XMLDocument(parsing: xml).root.child(XMLName("urn:oasis:names:tc:SAML:2.0:metadata", "IDPSSODescriptor"))
        return try #require(role).children(XMLName("urn:oasis:names:tc:SAML:2.0:metadata", "KeyDescriptor"))
            .filter { $0.attribute("use") == "signing" }.compactMap { $0.children.first?.children.first?.children.first?.text }
    }
}

@Suite struct `A roll-over in flight` {
    @Test func `ends a login that began before the promotion with a signature that the published keys verify`() throws {
        let idp = try IdentityProvider.ring(Ring.keys())
        let asked = Ring.promotion.adding(seconds: -60)
        // What a service provider read a day before, and keeps for hours.
        let metadata = try XMLDocument(parsing: idp.metadata(at: Federation.now, ladder: Federation.ladder)).root
        let role = try #require(metadata.child(XMLName("urn:oasis:names:tc:SAML:2.0:metadata", "IDPSSODescriptor")))
        let known = try role.children(XMLName("urn:oasis:names:tc:SAML:2.0:metadata", "KeyDescriptor"))
            .filter { $0.attribute("use") == "signing" }
            .compactMap { $0.children.first?.children.first?.children.first?.text }.compactMap { Base64.decodeLenient($0) }
            .map { try Certificate(der: $0).publicKey }
        var asking = Asking.library()
        asking.issued = asked.text
        let request = try UnverifiedAuthnRequest.redirect(query: Wire.query(asking.xml))
            .verified(for: Federation.library(), at: idp, at: asked)
        var dice = Dice()
        let answer = try request.response(
            for: Federation.grant(for: request.ask), from: idp, at: Ring.promotion.adding(seconds: 30), using: &dice)
        let root = try XMLDocument(parsing: answer.xml).root
        #expect(throws: Never.self) { try EnvelopedSignature.verify(root, keys: known) }
        #expect(throws: Never.self) { try EnvelopedSignature.verify(root, keys: [Federation.otherKey.publicKey]) }
        #expect(throws: XMLSignatureRefusal.self) { try EnvelopedSignature.verify(root, keys: [Federation.ownKey.publicKey]) }
    }
}

extension IdentityProvider {
    /// The federation's identity provider with other keys.
    static func ring(
        _ keys: SigningKeys, metadata: SigningKeys? = nil, encryption: [DecryptionKey] = [], details: PublishedDetails = PublishedDetails()
    ) throws -> IdentityProvider {
        IdentityProvider(
            entityID: try #require(MemberID(Federation.base + "/saml/metadata")),
            endpoints: Endpoints(
                base: Federation.base, singleSignOnRedirect: Federation.redirectAddress, singleSignOnPost: Federation.postAddress),
            signingKeys: keys, metadataKeys: metadata, encryption: encryption, details: details)
    }
}
