import Deflate
import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary
import XML

/// Input that is not made to be understood (checklist A8, A12, A14, A18, A25, C1–C5, D1, D2): an error and a bound.
@Suite struct `Hostile input` {
    private func reason(_ xml: String) throws -> SAMLRefusal.Reason? {
        try UnverifiedAuthnRequest.reason({ try .post(form: Wire.form(xml)) }, for: Federation.library())
    }

    private func library(_ children: String = "", issuer: String? = nil) -> Asking {
        var asking = Asking.library(Federation.postAddress, children: children)
        asking.issuerMarkup = issuer
        return asking
    }

    @Test(arguments: [
        "<saml:Issuer>https://library.example/sp<!-- -->.evil.example</saml:Issuer>",
        "<saml:Issuer>https://library<!---->.example/sp</saml:Issuer>",
        "<saml:Issuer>https://library.example/sp<x/>.evil</saml:Issuer>", "<saml:Issuer>https://library.example/sp<?x y?></saml:Issuer>",
    ])
    func `a comment or instruction never cuts a name, checklist A8`(issuer: String) throws {
        #expect(try reason(library(issuer: issuer).xml) != nil)
    }

    @Test func `CDATA is text like any other, whole, checklist A8`() throws {
        #expect(try reason(library(issuer: "<saml:Issuer>https://<![CDATA[library.example]]>/sp</saml:Issuer>").xml) == nil)
        let longer = library(issuer: "<saml:Issuer>https://library.example/sp<![CDATA[.evil.example]]></saml:Issuer>").xml
        let request = try UnverifiedAuthnRequest.post(form: Wire.form(longer))
        #expect(request.issuer.text == "https://library.example/sp.evil.example")
    }

    @Test(arguments: [
        "<!DOCTYPE r>", "<!DOCTYPE r SYSTEM \"file:///etc/passwd\">", "<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>",
        "<!DOCTYPE r [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/x\"> %p;]>",
        "<!DOCTYPE r [<!ATTLIST samlp:AuthnRequest ID ID #FIXED \"_x\">]>",
        "<?xml version=\"1.0\"?><!DOCTYPE r>", "<?xml-stylesheet href=\"http://127.0.0.1:1/\"?>",
    ])
    func `no document type, entity or instruction is read, checklist A12, C1 to C3`(prolog: String) throws {
        guard case .xml = try reason(prolog + library().xml) else {
            Issue.record("read: \(prolog)")
            return
        }
    }

    @Test(arguments: ["&e;", "&#0;", "&#x1;"])
    func `no entity of anybody's making is expanded, checklist A12`(reference: String) throws {
        guard case .xml = try reason(library(issuer: "<saml:Issuer>\(reference)</saml:Issuer>").xml) else {
            Issue.record("read: \(reference)")
            return
        }
    }

    @Test func `other encodings are refused, a DOCTYPE in them too, checklist C1`() throws {
        let text = "<!DOCTYPE r>" + library().xml
        var utf16: [UInt8] = [0xff, 0xfe]
        for unit in text.utf16 { utf16 += [UInt8(unit & 255), UInt8(unit >> 8)] }
        var utf32: [UInt8] = [0xff, 0xfe, 0, 0]
        for scalar in text.unicodeScalars { utf32 += [UInt8(scalar.value & 255), UInt8(scalar.value >> 8 & 255), 0, 0] }
        for bytes in [utf16, utf32, Array(library().xml.utf8) + [0xff], [0xc0, 0x80] + Array(library().xml.utf8)] {
            let form = Array(("SAMLRequest=" + Wire.escaped(Base64.encode(bytes))).utf8)
            guard case .xml = try UnverifiedAuthnRequest.reason({ try .post(form: form) }, for: Federation.library()) else {
                Issue.record("read in another encoding")
                continue
            }
        }
        for name in ["UTF-16", "ISO-8859-1", "UTF-7", "ebcdic-cp-us", "Shift_JIS"] {
            guard case .xml = try reason("<?xml version=\"1.0\" encoding=\"\(name)\"?>" + library().xml) else {
                Issue.record("read as \(name)")
                continue
            }
        }
    }

    @Test func `XInclude and schemaLocation fetch nothing, checklist C3`() throws {
        let include = "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"http://127.0.0.1:1/\"/>"
        #expect(try reason(library("<samlp:Extensions>\(include)</samlp:Extensions>").xml) != nil)
        var asking = library()
        asking.attributes = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:x http://127.0.0.1:1/\""
        #expect(try reason(asking.xml) == nil)
    }

    @Suite(.timeLimit(.minutes(1))) struct `trees, checklist C5` {
        private let outer = `Hostile input`()

        private func refused(_ inside: String) throws {
            let clock = ContinuousClock()
            let start = clock.now
            guard case .xml = try outer.reason(outer.library("<samlp:Extensions>\(inside)</samlp:Extensions>").xml) else {
                Issue.record("read")
                return
            }
            #expect(start.duration(to: clock.now) < .seconds(20))
        }

        @Test func `that are too deep`() throws {
            try refused(String(repeating: "<a>", count: 5000) + String(repeating: "</a>", count: 5000))
        }

        @Test func `that are too wide`() throws {
            try refused(String(repeating: "<a/>", count: 20_000))
        }

        @Test func `with too many attributes`() throws {
            try refused("<a " + (0..<5000).map { "b\($0)=\"\"" }.joined(separator: " ") + "/>")
        }

        @Test func `with too many namespaces`() throws {
            try refused("<a " + (0..<3000).map { "xmlns:n\($0)=\"urn:\($0)\"" }.joined(separator: " ") + "/>")
        }
    }

    @Suite struct `sizes, checklist D1 and D2: a cap for each form` {
        private func reason(_ read: () throws -> UnverifiedAuthnRequest) throws -> SAMLRefusal.Reason? {
            try UnverifiedAuthnRequest.reason(read, for: Federation.library())
        }

        @Test func `the query`() throws {
            let query = "SAMLRequest=" + String(repeating: "A", count: 16_384)
            #expect(try reason { try .redirect(query: query) } == .tooLarge("query", limit: 16_384))
        }

        @Test func `the form`() throws {
            let form = Array(("SAMLRequest=" + String(repeating: "A", count: 262_144)).utf8)
            #expect(try reason { try .post(form: form) } == .tooLarge("form", limit: 262_144))
        }

        @Test func `the number of parameters`() throws {
            let query = String(repeating: "a=b&", count: 33)
            #expect(try reason { try .redirect(query: query) } == .tooLarge("parameters", limit: 32))
        }

        @Test func `the decoded message`() throws {
            let form = Wire.form(String(repeating: " ", count: 131_073))
            #expect(try reason { try .post(form: form) } == .tooLarge("SAMLRequest", limit: 131_072))
        }

        @Test func `the inflated message: a bomb of a few octets`() throws {
            let bomb = Bits.bomb(repeats: 4000)
            #expect(bomb.count < 7000)
            let query = try Wire.query(deflated: bomb)
            guard case .deflate(.tooLarge(let limit)) = try reason({ try .redirect(query: query) }) else {
                Issue.record("inflated")
                return
            }
            #expect(limit <= 131_072)
        }
    }

    /// Values of the request come back in the answer (InResponseTo, RelayState, Destination): they are written by the serializer, so
    /// what looks like markup stays text (checklist A25).
    @Test(arguments: [
        "\"><script>alert(1)</script>", "</saml:AttributeValue><saml:AttributeValue>", "]]>", "&lt;&amp;", "'\"<>&",
    ])
    func `cannot write into our answers`(text: String) throws {
        let xml = library().xml
        let request = try UnverifiedAuthnRequest.post(form: Wire.form(xml, relayState: text))
            .verified(for: Federation.library(), at: Federation.identityProvider(), at: Federation.now)
        var dice = Dice()
        let answer = try request.response(
            for: Federation.grant(for: request.ask, to: "0123456789abcdef" + text), from: Federation.identityProvider(), at: Federation.now,
            using: &dice)
        let answered = try Answered(answer)
        #expect(answer.relayState == text)
        #expect(!answered.text.contains("alert") || !answered.text.contains("<script"))
        #expect(try answered.descend("Assertion", "Subject", "NameID").text == "0123456789abcdef" + text)
        #expect(answered.signed == ["Response", "Assertion"])
    }

    @Test func `names with markup come back as text from metadata too, checklist A25`() throws {
        let id = "https://library.example/sp?a=1&amp;b=&lt;x&gt;&quot;"
        let provider = try Federation.one(
            Federation.metadata(
                id,
                consumers:
                    "<md:AssertionConsumerService index=\"0\" Binding=\"\(Federation.post)\" Location=\"https://library.example/acs?a=1&amp;b=2\"/>"
            ))
        let request = try UnverifiedAuthnRequest.redirect(query: Wire.query(Asking(issuer: id).xml))
            .verified(for: provider, at: Federation.identityProvider(), at: Federation.now)
        var dice = Dice()
        let answered = try Answered(
            request.response(for: Federation.grant(for: request.ask), from: Federation.identityProvider(), at: Federation.now, using: &dice)
        )
        #expect(try answered.descend("Assertion", "Conditions", "AudienceRestriction", "Audience").text == provider.entityID.text)
        #expect(answered.root.attribute("Destination") == "https://library.example/acs?a=1&b=2")
    }

    /// Bent in every way, a message gives one of our refusals and never a trap (checklist A18, A37).
    @Test func `random damage is refused or harmless, and never traps`() throws {
        let xml = Array(
            library(
                "<samlp:NameIDPolicy AllowCreate=\"true\"/><samlp:RequestedAuthnContext Comparison=\"exact\"><saml:AuthnContextClassRef>urn:a</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>"
            ).xml.utf8)
        let provider = try Federation.library()
        let idp = try Federation.identityProvider()
        var dice = Dice(11)
        for round in 0..<3000 {
            var bent = xml
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                let at = Int.random(in: 0..<bent.count, using: &dice)
                switch Int.random(in: 0..<4, using: &dice) {
                case 0: bent[at] = UInt8.random(in: 0...255, using: &dice)
                case 1: bent.remove(at: at)
                case 2: bent.insert(contentsOf: bent[at...].prefix(Int.random(in: 0..<40, using: &dice)), at: at)
                default: bent.removeSubrange(at..<min(bent.count, at + 20))
                }
                if bent.isEmpty { bent = [0x3c] }
            }
            let form = Array(("SAMLRequest=" + Wire.escaped(Base64.encode(bent))).utf8)
            _ = try UnverifiedAuthnRequest.reason({ try .post(form: form) }, for: provider, at: idp)
            if round % 3 == 0 {
                let query = String(decoding: bent, as: UTF8.self)
                _ = try UnverifiedAuthnRequest.reason({ try .redirect(query: query) }, for: provider, at: idp)
            }
        }
    }
}
