import Cryptography
import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary
import XML
import XMLSecurity

/// Answers on their way by artifact.
enum Issued {
    /// An answer to the ministry, which takes artifacts only.
    static func delivery(seed: UInt64 = 1, relayState: String? = "r s") throws -> (ArtifactDelivery, SAMLAnswer) {
        let provider = try BackChannel.ministry()
        let idp = try Federation.identityProvider()
        let request = try UnverifiedAuthnRequest.redirect(query: Wire.query(Asking.ministry().xml, relayState: relayState))
            .verified(for: provider, at: idp, at: Federation.now)
        var dice = Dice(seed)
        let answer = try request.response(for: Federation.grant(for: request.ask), from: idp, at: Federation.now, using: &dice)
        return (try answer.byArtifact(from: idp, at: Federation.now, using: &dice), answer)
    }

    static func artifact(_ delivery: ArtifactDelivery) throws -> Artifact {
        let field = try #require(delivery.fields.first { $0.name == "SAMLart" })
        return try #require(Artifact(field.value))
    }
}

@Suite struct `An artifact, SAML Bindings §3.6.4.2 (checklist S4)` {
    @Test func `of ours is of type 4, names our entityID by its SHA-1 and endpoint 0`() throws {
        let (delivery, answer) = try Issued.delivery()
        #expect(answer.binding == .artifact)
        let text = try #require(delivery.fields.first).value
        let bytes = try #require(Base64.decode(text))
        #expect(bytes.count == 44)
        #expect(Array(bytes[0..<4]) == [0, 4, 0, 0])
        #expect(Array(bytes[4..<24]) == Digest.compute(.sha1, Array((Federation.base + "/saml/metadata").utf8)))
        let other = try #require(try Issued.delivery(seed: 2).0.fields.first).value
        #expect(Base64.decode(other).map { Array($0[24...]) } != Array(bytes[24...]))
    }

    @Test(arguments: ["\n", "\r\n", " "])
    func `with white space around it, as Shibboleth's service provider sends it, is the same`(space: String) throws {
        let text = Base64.encode([0, 4] + [UInt8](repeating: 7, count: 42))
        let artifact = try #require(Artifact(text))
        #expect(Artifact(text + space) == artifact && Artifact(space + text) == artifact && artifact.text == text)
        #expect(Artifact(String(text.prefix(30)) + space + String(text.suffix(30))) == nil)
    }

    @Test func `goes to the proven consumer with RelayState as it came`() throws {
        let delivery = try Issued.delivery().0
        let location = try #require(delivery.location)
        #expect(location.hasPrefix(Federation.ministryConsumer + "?SAMLart="))
        #expect(location.hasSuffix("&RelayState=r%20s"))
        #expect(try Issued.delivery(relayState: nil).0.fields.map(\.name) == ["SAMLart"])
    }

    @Test func `goes in a form when the address would be too long`() throws {
        let delivery = try Issued.delivery(relayState: String(repeating: "é", count: 400)).0
        #expect(delivery.location == nil)
        #expect(delivery.fields.map(\.name) == ["SAMLart", "RelayState"])
    }

    @Test(arguments: [
        "", "AAQ=", String(repeating: "A", count: 60), "AAQ" + String(repeating: "A", count: 60),
        "AAQ" + String(repeating: " ", count: 57),
    ])
    func `of another type or length is none`(text: String) { #expect(Artifact(text) == nil) }

    @Test func `leaves nothing in the store that resolves it or reads what it stands for`() throws {
        let (delivery, answer) = try Issued.delivery()
        let artifact = try Issued.artifact(delivery)
        let sealed = delivery.sealed
        #expect(sealed.digest == SealedAnswer.digest(of: artifact))
        #expect(sealed.member.text == Federation.ministryID)
        #expect(sealed.expiresAt == Federation.now.adding(seconds: SealedAnswer.lifetime))
        let handle = Array(try #require(Base64.decode(artifact.text))[24...])
        #expect(!sealed.digest.starts(with: handle))
        #expect(sealed.sealed.count == answer.xml.count + 16)
        #expect(sealed.sealed.firstRange(of: Array("Response".utf8)) == nil)
    }
}

@Suite struct `Resolving an artifact, SAML Core §3.5` {
    private static func answered(
        _ sealed: SealedAnswer?, _ artifact: Artifact, by provider: ServiceProvider? = nil
    ) throws -> (bytes: [UInt8], response: SignedElement) {
        var dice = Dice(9)
        let proven = try BackChannel.resolve(artifact.text).proven(for: provider ?? BackChannel.ministry())
        let question = try ArtifactResolve(reading: proven)
        #expect(question.artifact == artifact)
        let bytes = try question.response(with: sealed, from: Federation.identityProvider(), at: Federation.now, using: &dice)
        let body = try SOAPEnvelope.body(of: bytes)
        #expect(body.name.local == "ArtifactResponse")
        #expect(body.attribute("InResponseTo") == "_question-1")
        return (bytes, try EnvelopedSignature.verify(body, keys: [Federation.ownKey.publicKey]))
    }

    private static func carried(_ response: SignedElement) -> XMLElement? {
        response.element.children.first { $0.name.local == "Response" }
    }

    @Test(arguments: [ResponseSigning.both, .response, .assertion])
    func `gives the very message, its signatures whole, inside a signed ArtifactResponse (eGov-070…073)`(signing: ResponseSigning) throws {
        let provider = try BackChannel.ministry().signing(signing)
        let idp = try Federation.identityProvider()
        let request = try UnverifiedAuthnRequest.redirect(query: Wire.query(Asking.ministry().xml))
            .verified(for: provider, at: idp, at: Federation.now)
        var dice = Dice()
        let answer = try request.response(for: Federation.grant(for: request.ask), from: idp, at: Federation.now, using: &dice)
        let delivery = try answer.byArtifact(from: idp, at: Federation.now, using: &dice)
        let (bytes, response) = try Self.answered(delivery.sealed, Issued.artifact(delivery))
        #expect(bytes.firstRange(of: answer.xml) != nil)
        #expect(response.element.children.map(\.name.local) == ["Issuer", "Status", "Response"])
        // As a service provider reads it: out of the middle of the envelope.
        let carried = try #require(SOAPEnvelope.body(of: bytes).children.first { $0.name.local == "Response" })
        let assertion = try #require(carried.children.first { $0.name.local == "Assertion" })
        let keys = [Federation.ownKey.publicKey]
        if signing != .assertion { #expect(throws: Never.self) { try EnvelopedSignature.verify(carried, keys: keys) } }
        if signing != .response { #expect(throws: Never.self) { try EnvelopedSignature.verify(assertion, keys: keys) } }
    }

    @Test func `breaks with one changed character of the message`() throws {
        let (delivery, _) = try Issued.delivery()
        let (bytes, _) = try Self.answered(delivery.sealed, Issued.artifact(delivery))
        let changed = String(decoding: bytes, as: UTF8.self).replacing(Federation.citizen, with: "bbcdefghijklmnopqrstuvwxyz234567")
        let body = try SOAPEnvelope.body(of: Array(changed.utf8))
        #expect(throws: XMLSignatureRefusal.digest) { try EnvelopedSignature.verify(body, keys: [Federation.ownKey.publicKey]) }
    }

    @Test func `that nothing is known of gives an empty success, Core §3.5.3`() throws {
        let (delivery, _) = try Issued.delivery()
        let (_, response) = try Self.answered(nil, Issued.artifact(delivery))
        #expect(response.element.children.map(\.name.local) == ["Issuer", "Status"])
        #expect(
            response.element.children.last?.children.first?.attribute("Value") == "urn:oasis:names:tc:SAML:2.0:status:Success")
    }

    @Test func `gives another member nothing even if the store handed it out`() throws {
        let (delivery, _) = try Issued.delivery()
        let artifact = try Issued.artifact(delivery)
        let other = try BackChannel.ministry("https://other.example/sp")
        var question = BackChannel.resolve(artifact.text)
        question.issuer = other.entityID.text
        var dice = Dice(9)
        let bytes = try ArtifactResolve(reading: question.proven(for: other))
            .response(with: delivery.sealed, from: Federation.identityProvider(), at: Federation.now, using: &dice)
        #expect(Self.carried(try EnvelopedSignature.verify(SOAPEnvelope.body(of: bytes), keys: [Federation.ownKey.publicKey])) == nil)
    }

    @Test func `opens nothing with another artifact, or when somebody wrote into the store`() throws {
        let (delivery, _) = try Issued.delivery()
        let (second, _) = try Issued.delivery(seed: 5)
        let other = try Issued.artifact(second)
        #expect(throws: AnswerFailure.sealing) { try Self.answered(delivery.sealed, other) }
        let artifact = try Issued.artifact(delivery)
        var bytes = delivery.sealed.sealed
        bytes[40] ^= 1
        let forged = SealedAnswer(
            digest: delivery.sealed.digest, member: delivery.sealed.member, sealed: bytes, expiresAt: delivery.sealed.expiresAt)
        #expect(throws: AnswerFailure.sealing) { try Self.answered(forged, artifact) }
    }

    @Test func `must be signed by the member itself, whatever connection it came by (checklist A31)`() throws {
        let artifact = try Issued.artifact(
            Issued.delivery().0)
        let provider = try BackChannel.ministry()
        #expect(throws: Never.self) { try BackChannel.resolve(artifact.text).proven(for: provider) }
        #expect(throws: SAMLRefusal.Reason.signatureDue(declaredBy: "SAML Profiles §5.5.1; eGov 2.0 §2.5.2")) {
            try BackChannel.resolve(artifact.text).proven(for: provider, signedBy: nil)
        }
        #expect(throws: SAMLRefusal.Reason.messageSignature(.signature)) {
            try BackChannel.resolve(artifact.text).proven(for: provider, signedBy: Federation.otherKey)
        }
        var misdirected = BackChannel.resolve(artifact.text)
        misdirected.destination = "https://other.example/saml/artifact"
        #expect(throws: SAMLRefusal.Reason.destination("https://other.example/saml/artifact", expected: Federation.base + "/saml/artifact"))
        {
            try misdirected.proven(for: provider)
        }
        var stale = BackChannel.resolve(artifact.text)
        stale.issued = Federation.now.adding(seconds: -3600).text
        #expect(throws: SAMLRefusal.Reason.self) { try stale.proven(for: provider) }
    }

    @Test(arguments: [
        "", "<samlp:Artifact>AAQA</samlp:Artifact>", "<samlp:Artifact/><samlp:Artifact/>", "<samlp:Other/>",
    ])
    func `that follows no schema is told so, under the member's own message`(children: String) throws {
        var question = BackChannel.resolve("")
        question.children = children
        let proven = try question.proven(for: BackChannel.ministry())
        let reason = #expect(throws: SAMLRefusal.Reason.self) { try ArtifactResolve(reading: proven) }
        var dice = Dice()
        let bytes = try ArtifactResponse.refusing(
            try #require(reason), to: proven, from: Federation.identityProvider(), at: Federation.now, using: &dice)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("status:Requester"))
        #expect(text.contains("InResponseTo=\"_question-1\""))
    }
}
