import Cryptography
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

extension Parties {
    /// A register of a ministry: its metadata names what it asks to be told of the person.
    static let register = "https://register.example.go.jp/sp"

    static let registerFiles: [(name: String, text: String)] = [
        ("register.xml", registerMetadata),
        ("register.yaml", member(register, "ministry", "見本登記所", "procedure", "saml:\n  metadata: register.xml\n")),
    ]

    private static var registerMetadata: String {
        let asked = ["name", "birth-date", "address", "sex"].map { name in
            "<md:RequestedAttribute Name=\"urn:x-sekisho:attribute:\(name)\" NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"/>"
        }
        return """
            <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="\(register)">
              <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                <md:AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://register.example.go.jp/acs"/>
                <md:AttributeConsumingService index="0" isDefault="true">
                  <md:ServiceName xml:lang="en">Register</md:ServiceName>\(asked.joined())
                </md:AttributeConsumingService>
              </md:SPSSODescriptor>
            </md:EntityDescriptor>

            """
    }
}

@Suite struct `The four attributes in a SAML assertion (R7, R11)` {
    private struct Asked {
        let browser: Browser
        let journey: String
        let question: SAMLQuestion
    }

    /// Logged in, and at the page that asks who the citizen is.
    private func asked(_ handle: String = "hanako") async throws -> Asked {
        let browser = Browser(try await Showing.house())
        var question = SAMLQuestion(Parties.register)
        question.consumer = nil
        let journey = try await browser.begin(question.path)
        let next = try await browser.login(handle, at: journey)
        try #require(next.location == journey + "/identity", "\(next.location ?? next.text)")
        return Asked(browser: browser, journey: journey, question: question)
    }

    private func answer(to asked: Asked, _ handle: String = "hanako") async throws -> Answer {
        let shown = try await asked.browser.show(handle, at: asked.journey)
        return try await asked.browser.get(try #require(try shown.json["continue"]?.string, "\(shown.text)"))
    }

    /// Names and values of the assertion, whose signature `SAMLReading` has proven.
    private func attributes(_ reading: SAMLReading) throws -> [String: [String]] {
        let saml = "urn:oasis:names:tc:SAML:2.0:assertion"
        let root = try XMLDocument(parsing: Array(reading.xml.utf8)).root
        let statement = root.child(XMLName(saml, "Assertion"))?.child(XMLName(saml, "AttributeStatement"))
        var found: [String: [String]] = [:]
        for attribute in try #require(statement).children(XMLName(saml, "Attribute")) {
            found[attribute.attribute("Name") ?? ""] = attribute.children(XMLName(saml, "AttributeValue")).map(\.text)
        }
        return found
    }

    @Test func `are told when the certificate was shown, with their marks, and nothing else of the person`() async throws {
        let asked = try await asked()
        let reading = try SAMLReading(try await answer(to: asked), in: asked.browser.house.world)
        #expect(reading.isSuccess)
        let prefix = "urn:x-sekisho:attribute:"
        #expect(
            try attributes(reading) == [
                prefix + "name": ["関所　花子"], prefix + "name-substitution": ["00000"], prefix + "birth-date": ["1990-04-02"],
                prefix + "sex": ["female"], prefix + "address": ["見本県関町市本町一丁目２番３号"],
                prefix + "address-substitution": ["000000000000000"],
            ])
        let trail = try await asked.browser.house.trail().joined()
        #expect(trail.has("birth-date"), "the trail says what was told")
        for secret in ["花子", "1990-04-02", "本町"] { #expect(!trail.has(secret)) }
    }

    @Test func `stay with a citizen who does not show it: RequestDenied`() async throws {
        let asked = try await asked()
        let reading = try SAMLReading(
            try await asked.browser.post(asked.journey + "/identity/refuse"), in: asked.browser.house.world)
        #expect(reading.has("RequestDenied") && reading.nameID == nil)
        #expect(!reading.xml.has("花子"))
    }

    @Test func `are of another citizen's card never told`() async throws {
        let asked = try await asked()
        let shown = try await asked.browser.show("minoru", at: asked.journey)
        #expect(shown.status == 403 && shown.code == "card.status.revoked")
        #expect(try await asked.browser.get(asked.journey + "/continue").location == asked.journey + "/identity")
    }

    @Test func `are no page for a passive request: NoPassive`() async throws {
        let asked = try await asked()
        var question = SAMLQuestion(Parties.register)
        (question.consumer, question.passive) = (nil, true)
        #expect(try SAMLReading(try await asked.browser.get(question.path), in: asked.browser.house.world).has("NoPassive"))
        _ = try await answer(to: asked)
        var again = SAMLQuestion(Parties.register)
        (again.consumer, again.passive) = (nil, true)
        let reading = try SAMLReading(try await asked.browser.get(again.path), in: asked.browser.house.world)
        #expect(try attributes(reading)["urn:x-sekisho:attribute:name"] == ["関所　花子"], "shown once, for this purpose and its time")
    }

    /// The rules would release a name to the library too; its metadata asks for none.
    @Test func `are not asked for by a service whose metadata names none of them`() async throws {
        let browser = Browser(try await Showing.house())
        let end = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion(Parties.library).path))
        let reading = try SAMLReading(end, in: browser.house.world)
        #expect(reading.isSuccess)
        #expect(!reading.xml.has("花子") && !reading.xml.has("見本県"))
    }
}
