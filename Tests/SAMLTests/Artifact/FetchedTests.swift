import Cryptography
import SAML
import SignOn
import Testing
import Vocabulary
import XML
import XMLSecurity

@Suite struct `An AuthnRequest brought by artifact, SAML Bindings §3.6 (checklist S4)` {
    /// An artifact of the ministry's, under endpoint index 3.
    private static func artifact(endpoint: UInt8 = 3, of id: String = Federation.ministryID) -> String {
        Base64.encode([0, 4, 0, endpoint] + Digest.compute(.sha1, Array(id.utf8)) + [UInt8](repeating: 7, count: 20))
    }

    private static func brought(_ artifact: String, _ more: String = "&RelayState=a%2Bb") throws -> ArtifactMessage {
        try ArtifactMessage(reading: Array("SAMLart=\(Wire.escaped(artifact))\(more)".utf8))
    }

    private static func question(_ message: ArtifactMessage, to provider: ServiceProvider?) throws -> ArtifactQuestion {
        var dice = Dice(3)
        return try message.question(to: provider, at: Federation.identityProvider(), on: Federation.now, using: &dice)
    }

    /// The ministry's answer to `question`.
    private static func resolved(
        _ message: ArtifactMessage, _ question: ArtifactQuestion, request: String? = nil, status: String = "Success",
        inResponseTo: String? = nil,
        signedBy key: PrivateKey? = Federation.ministryKey, issuer: String = Federation.ministryID
    ) throws -> ResolvedArtifact {
        var answer = BackChannel(
            name: "ArtifactResponse", id: "_answer-1", issuer: issuer,
            attributes: "InResponseTo=\"\(inResponseTo ?? question.id)\"",
            children: """
                <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:\(status)"/></samlp:Status>\
                \(request ?? Asking.ministry(nil).xml)
                """)
        answer.issuer = issuer
        let tag = try #require(Copy.tag(of: XMLDocument(parsing: Array(answer.xml.utf8)).root))
        let signed = try key.map {
            try XMLSigner(key: $0, algorithm: .rsaPKCS1(.sha256), certificate: Federation.certificate(of: $0)).sign(tag)
        }
        return ResolvedArtifact(question: question, relayState: message.relayState, envelope: SOAPEnvelope.wrap(signed ?? tag))
    }

    private static func verified(_ resolved: ResolvedArtifact, for provider: ServiceProvider) throws -> VerifiedAuthnRequest {
        let idp = try Federation.identityProvider()
        return try UnverifiedAuthnRequest.artifact(resolved, by: provider, at: idp, on: Federation.now)
            .verified(for: provider, at: idp, at: Federation.now)
    }

    private static func reason(_ resolved: ResolvedArtifact) throws -> SAMLRefusal.Reason? {
        do {
            _ = try verified(resolved, for: BackChannel.ministry())
            return nil
        } catch let refusal as SAMLRefusal {
            return refusal.reason
        }
    }

    @Test func `is fetched with a signed question from the address that the member declares under the artifact's index`() throws {
        let message = try Self.brought(Self.artifact())
        #expect(message.relayState == "a+b")
        let question = try Self.question(message, to: BackChannel.ministry())
        #expect(question.address == BackChannel.artifactService)
        let body = try SOAPEnvelope.body(of: question.envelope)
        let signed = try EnvelopedSignature.verify(body, keys: [Federation.ownKey.publicKey])
        #expect(signed.element.children.map(\.name.local) == ["Issuer", "Artifact"])
        #expect(signed.element.children.last?.text == Self.artifact())
        #expect(signed.element.attribute("Destination") == BackChannel.artifactService)
    }

    @Test func `is proven by the signature around it, keeps RelayState, and is proven again from what a journey keeps`() throws {
        let message = try Self.brought(Self.artifact())
        let provider = try BackChannel.ministry()
        let resolved = try Self.resolved(message, Self.question(message, to: provider))
        let kept = try #require(ResolvedArtifact(bytes: resolved.bytes))
        for each in [resolved, kept] {
            let verified = try Self.verified(each, for: provider)
            #expect(verified.id == "_request-1")
            #expect(verified.relayState == "a+b")
            #expect(verified.isSigned)
            #expect(verified.binding == .artifact)
        }
    }

    @Test func `is refused unsigned, however it was fetched (checklist A31)`() throws {
        let message = try Self.brought(Self.artifact())
        let question = try Self.question(message, to: BackChannel.ministry())
        #expect(
            try Self.reason(Self.resolved(message, question, signedBy: nil))
                == .signatureDue(declaredBy: "SAML Profiles §5.5.2; eGov 2.0 §2.5.2"))
        #expect(try Self.reason(Self.resolved(message, question, signedBy: Federation.otherKey)) == .messageSignature(.signature))
    }

    @Test func `is refused in the answer to another question, from another member, or when the member says no`() throws {
        let message = try Self.brought(Self.artifact())
        let question = try Self.question(message, to: BackChannel.ministry())
        #expect(try Self.reason(Self.resolved(message, question, inResponseTo: "_other")) == .inResponseTo("_other", expected: question.id))
        #expect(
            try Self.reason(Self.resolved(message, question, issuer: "https://other.example/sp")) == .issuer("https://other.example/sp"))
        #expect(
            try Self.reason(Self.resolved(message, question, status: "Responder"))
                == .artifactUnresolved("urn:oasis:names:tc:SAML:2.0:status:Responder"))
        #expect(try Self.reason(Self.resolved(message, question, request: "")) == .artifactUnresolved("no message"))
        #expect(
            try Self.reason(Self.resolved(message, question, request: Asking.library(nil).xml)) == .issuer(Federation.libraryID))
        let two = Asking.ministry(nil).xml + Asking.ministry(nil).xml.replacing("_request-1", with: "_request-2")
        #expect(try Self.reason(Self.resolved(message, question, request: two)) == .malformed("ArtifactResponse", "AuthnRequest"))
        let fault = ResolvedArtifact(question: question, relayState: nil, envelope: SOAPEnvelope.fault(.failure))
        #expect(try Self.reason(fault) == .artifactUnresolved("soap.fault"))
    }

    @Test func `is not asked for where nobody declared it`() throws {
        let message = try Self.brought(Self.artifact())
        #expect(throws: SAMLRefusal.Reason.artifact("of nobody who is registered here")) { try Self.question(message, to: nil) }
        #expect(throws: SAMLRefusal.Reason.artifact("of nobody who is registered here")) {
            try Self.question(message, to: Federation.library())
        }
        #expect(throws: SAMLRefusal.Reason.artifactService(0)) {
            try Self.question(Self.brought(Self.artifact(endpoint: 0)), to: BackChannel.ministry(more: [1]))
        }
        #expect(throws: SAMLRefusal.Reason.artifactService(3)) {
            try Self.question(Self.brought(Self.artifact()), to: Federation.ministry())
        }
    }

    @Test func `is asked for at the service of its index, or at the only one there is`() throws {
        let two = try BackChannel.ministry(more: [1])
        #expect(try Self.question(Self.brought(Self.artifact(endpoint: 1)), to: two).address == BackChannel.artifactService + "/1")
        #expect(try Self.question(Self.brought(Self.artifact(endpoint: 3)), to: two).address == BackChannel.artifactService)
        // pysaml2 writes the digits of the index, so that 0 comes as 0x3030.
        let one = try BackChannel.ministry()
        #expect(try Self.question(Self.brought(Self.artifact(endpoint: 0x30)), to: one).address == BackChannel.artifactService)
    }

    @Test(arguments: ["&SAMLRequest=AA", "&SAMLResponse=AA", "&Signature=AA", "&SAMLart=AA", "&SAMLEncoding=x"])
    func `has nothing of another message beside it (checklist A23)`(more: String) {
        #expect(throws: SAMLRefusal.Reason.self) { try Self.brought(Self.artifact(), more) }
    }

    @Test(arguments: [("SAMLart=AA", true), ("RelayState=x&SAMLart=AA", true), ("SAMLRequest=AA&SAMLart=AA", false), ("x=SAMLart", false)])
    func `is told from a request that stands in the query itself`(query: String, isArtifact: Bool) {
        #expect(ArtifactMessage.isPresent(in: Array(query.utf8)) == isArtifact)
    }
}
