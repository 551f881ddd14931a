import Cryptography
import SAML
import Settings
import Testing
import Vocabulary
import XML
import XMLSecurity

/// Checklist S4; SAML Bindings §3.6; eGov-050, eGov-070…073.
@Suite struct `An answer by artifact` {
    @Test func `the browser carries a reference, and the service's server gets the answer once`() async throws {
        let house = try await House.ordinary()
        let archive = Archive(house: house)
        let sent = try await archive.login(Browser(house))
        #expect(sent.status == 303)
        #expect(sent.location?.hasPrefix(Parties.archiveACS + "?SAMLart=") == true)
        #expect(sent.parameter("RelayState") == "/files/1")
        #expect(!sent.text.contains("SAMLResponse"))
        let artifact = try #require(sent.parameter("SAMLart"))

        let answer = try archive.proven(await archive.resolve(artifact))
        let response = try #require(answer.named("Response"))
        #expect(response.codes == ["Success"])
        #expect(response.named("Assertion")?.named("Subject")?.named("NameID") != nil)
        let key = house.world.configuration.identityProvider.signingKey(at: World.now).key.publicKey
        #expect(throws: Never.self) { try EnvelopedSignature.verify(response, keys: [key]) }

        let again = try archive.proven(await archive.resolve(artifact))
        #expect(again.codes == ["Success"])
        #expect(again.named("Response") == nil)
        let events = try await house.events()
        #expect(events.suffix(3) == ["signon.granted", "artifact.resolved", "artifact.refused"])
        let trail = try await house.trail().joined()
        #expect(!trail.contains(artifact))
    }

    @Test func `a minute later nothing is there any more`() async throws {
        let house = try await House.ordinary()
        let archive = Archive(house: house)
        let artifact = try #require(try await archive.login(Browser(house)).parameter("SAMLart"))
        house.pass(SealedAnswer.lifetime)
        #expect(try archive.proven(await archive.resolve(artifact)).named("Response") == nil)
    }

    @Test func `a question that was seen before resolves nothing`() async throws {
        let house = try await House.ordinary()
        let archive = Archive(house: house)
        let browser = Browser(house)
        let one = try #require(try await archive.login(browser).parameter("SAMLart"))
        let two = try #require(try await archive.login(browser).parameter("SAMLart"))
        #expect(one != two)
        #expect(try archive.proven(await archive.resolve(one, id: "_same")).named("Response") != nil)
        #expect(try archive.proven(await archive.resolve(two, id: "_same")).named("Response") == nil)
        #expect(try archive.proven(await archive.resolve(two)).named("Response") != nil)
    }

    @Test func `an error travels the same way`() async throws {
        let house = try await House.ordinary()
        let archive = Archive(house: house)
        var question = SAMLQuestion(Parties.archive)
        question.consumer = nil
        question.passive = true
        let sent = try await Browser(house).get(question.path)
        let artifact = try #require(sent.parameter("SAMLart"))
        let response = try archive.proven(await archive.resolve(artifact)).named("Response")
        #expect(response?.codes == ["Responder", "NoPassive"])
    }

    @Test func `nobody gets anything who has not signed, checklist A31`() async throws {
        let house = try await House.ordinary()
        let archive = Archive(house: house)
        let artifact = try #require(try await archive.login(Browser(house)).parameter("SAMLart"))
        let unsigned = try await archive.post("/saml/artifact", archive.question(artifact))
        #expect(unsigned.status == 403)
        #expect(unsigned.text.contains("<faultcode>soap:Client</faultcode>"))
        #expect(unsigned.text.contains("saml.signature.due"))
        let stranger = try await archive.post(
            "/saml/artifact", archive.signed(archive.message("ArtifactResolve", issuer: "https://nobody.example", [])))
        #expect(stranger.status == 403)
        #expect(stranger.text.contains("saml.member.unknown"))
        #expect(try archive.proven(await archive.resolve(artifact)).named("Response") != nil)
    }

    @Test(arguments: [
        ("text/plain", "<x/>", 415, "soap.content-type"), ("text/xml", "<x/>", 500, "soap.envelope"),
        ("text/xml", "", 500, "soap.xml"), ("text/xml", "<!DOCTYPE x><x/>", 500, "soap.xml"),
    ])
    func `what is no SOAP gets a Fault with a code`(type: String, body: String, status: Int, code: String) async throws {
        let answer = try await Archive(house: House.ordinary()).post("/saml/artifact", Array(body.utf8), type: type)
        #expect(answer.status == status)
        #expect(answer.text.contains(code))
        #expect(answer.text.contains("Fault"))
    }
}

/// Checklist S4; SAML Bindings §3.6, the other way.
@Suite struct `A request by artifact` {
    /// A house whose archive answers with `request`.
    private static func house(_ request: @escaping @Sendable (Archive) -> XMLTag?) async throws -> House {
        let world = try await World.shared()
        let other = try House(world)
        return try House(
            world,
            fetch: { question in
                #expect(question.address == Parties.archiveService)
                let archive = Archive(house: other)
                guard let carried = request(archive) else { throw SAMLRefusal.Reason.artifactUnresolved("no answer") }
                let status = XMLTag(
                    "samlp", Archive.samlp, "Status",
                    children: [
                        .element(
                            XMLTag(
                                "samlp", Archive.samlp, "StatusCode",
                                attributes: [("Value", "urn:oasis:names:tc:SAML:2.0:status:Success")]))
                    ])
                let answer = archive.message(
                    "ArtifactResponse", attributes: [("InResponseTo", question.id)], [.element(status), .element(carried)])
                return SOAPEnvelope.wrap(try archive.signed(answer))
            })
    }

    private static func form(_ member: String = Parties.archive) throws -> [(String, String)] {
        let id = try #require(MemberID(member))
        let artifact = [0, 4, 0, 0] + Artifact.source(of: id) + [UInt8](repeating: 5, count: 20)
        return [("SAMLart", Base64.encode(artifact)), ("RelayState", "/files/2")]
    }

    private static func path(_ member: String = Parties.archive) throws -> String { "/saml/sso?" + Form.text(try form(member)) }

    @Test func `is fetched, waits for the card, and is answered with its RelayState`() async throws {
        let house = try await Self.house { $0.message("AuthnRequest", []) }
        let browser = Browser(house)
        let journey = try await browser.begin(Self.path())
        let sent = try await browser.login("hanako", at: journey)
        #expect(sent.location?.hasPrefix(Parties.archiveACS + "?SAMLart=") == true)
        #expect(sent.parameter("RelayState") == "/files/2")
        let posted = try await browser.post("/saml/sso", Self.form())
        #expect(posted.status == 303, "in a form as well")
    }

    @Test func `that nobody answers is a page, and asks nobody who is not registered`() async throws {
        let silent = Browser(try await Self.house { _ in nil })
        let page = try await silent.get(Self.path())
        #expect(page.status == 400)
        #expect(page.code == "saml.artifact.unresolved")
        let unknown = try await silent.get(Self.path("https://nobody.example"))
        #expect(unknown.code == "saml.artifact")
        let keyless = try await silent.get(Self.path(Parties.library))
        #expect(keyless.code == "saml.artifact.endpoint")
    }

    @Test func `that speaks for somebody else is refused`() async throws {
        let browser = Browser(try await Self.house { $0.message("AuthnRequest", issuer: Parties.library, []) })
        #expect(try await browser.get(Self.path()).code == "saml.request.issuer")
    }
}
