import Cryptography
import Deflate
import SAML
import Testing
import Vocabulary
import XML

/// What developers copy, and what they are told about it.
@Suite struct `A pasted message` {
    static let xml = Asking.ministry().xml

    static func value(deflated: Bool) -> String {
        Base64.encode(deflated ? Wire.stored(Array(xml.utf8)) : Array(xml.utf8))
    }

    static func broken(_ text: String) -> String {
        var rest = text[...]
        var lines: [Substring] = []
        while !rest.isEmpty {
            lines.append(rest.prefix(64))
            rest = rest.dropFirst(64)
        }
        return lines.joined(separator: "\r\n")
    }

    static let pastes: [(paste: String, form: PastedMessage.Form)] = [
        ("https://idp.example/saml/sso?SAMLRequest=\(Wire.escaped(value(deflated: true)))&RelayState=x#top", .query),
        ("SAMLRequest=\(Wire.escaped(value(deflated: true)))&SigAlg=a&Signature=b", .query),
        ("SAMLRequest=\(Wire.escaped(value(deflated: false)))&RelayState=x", .form), (value(deflated: true), .deflated),
        (value(deflated: false), .base64), (broken(value(deflated: false)), .base64),
        ("  " + broken(value(deflated: true)) + "\n\n", .deflated),
        (Wire.escaped(value(deflated: false)), .base64), (xml, .xml), ("\u{feff}" + xml, .xml),
        (
            "<html><body><form method='post'><input type='hidden' name='SAMLRequest' value='\(value(deflated: false))'/></form></body></html>",
            .page
        ),
        (
            "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\(xml)</soap:Body></soap:Envelope>",
            .envelope
        ),
        (Federation.metadata("https://sp.example/"), .metadata),
        ("SAMLart=AAQAAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJyg%3D", .artifact),
    ]

    @Test(arguments: pastes) func `is recognised by its looks`(paste: String, form: PastedMessage.Form) throws {
        let found = try PastedMessage(Array(paste.utf8))
        #expect(found.form == form)
        if [.query, .form, .deflated, .base64, .xml, .page].contains(form) {
            #expect(String(decoding: found.xml, as: UTF8.self).hasSuffix(Self.xml))
        }
    }

    /// The field is the root's matter, whatever words stand before it and inside it.
    @Test(
        arguments: [
            (Asking.ministry(attributes: "AssertionConsumerServiceURL=\"https://sp.example/SAMLResponse\"").xml, "SAMLRequest"),
            ("<!-- <samlp:Response> -->" + xml, "SAMLRequest"), ("<?xml version='1.0'?><Response/>", "SAMLResponse"),
            ("<!-- <AuthnRequest> --><p:LogoutResponse xmlns:p='urn:p'/>", "SAMLResponse"),
        ] as [(String, String)])
    func `as a bare value gets the field of its root`(xml: String, field: String) throws {
        #expect(try PastedMessage(Array(Base64.encode(Array(xml.utf8)).utf8)).field == field)
        #expect(try PastedMessage(Array(Base64.encode(Wire.stored(Array(xml.utf8))).utf8)).field == field)
    }

    @Test(
        arguments: [
            ("<!-- <md:EntityDescriptor> -->" + xml, .xml), (Federation.metadata("https://sp.example/Envelope"), .metadata),
        ] as [(String, PastedMessage.Form)])
    func `in markup is what its root says`(paste: String, form: PastedMessage.Form) throws {
        #expect(try PastedMessage(Array(paste.utf8)).form == form)
    }

    @Test(arguments: ["", " \n", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "SAMLRequest=%zz", "hello", "SAMLart=AAQ", "!!!!", "AAAA"])
    func `that is none of these is refused with a code`(paste: String) throws {
        let error = #expect(throws: PasteRefusal.self) { try PastedMessage(Array(paste.utf8)) }
        #expect(error?.explanation.code.hasPrefix("saml.paste.") == true)
    }

    @Test func `random damage never traps`() throws {
        var dice = Dice(7)
        for (paste, _) in Self.pastes {
            for _ in 0..<40 {
                var bytes = Array(paste.utf8)
                for _ in 0..<3 { bytes[Int.random(in: bytes.indices, using: &dice)] = UInt8.random(in: 0...255, using: &dice) }
                guard let found = try? PastedMessage(bytes) else { continue }
                _ = MessageInspection(found, revealing: false)
                _ = SourceView.lines(found.xml, revealing: false)
            }
        }
    }

    @Test func `a bomb is stopped at the budget of a message, checklist D1`() throws {
        var limits = MessageLimits()
        limits.message = 100
        #expect(throws: PasteRefusal.deflate(.tooLarge(limit: 100))) {
            try PastedMessage(Array(Self.value(deflated: true).utf8), limits: limits)
        }
    }
}

@Suite struct `The laid-out view` {
    static let text =
        "<a:R  xmlns:a='u' b=\"1\"><a:NameID>hanako</a:NameID><x><!-- c --><AttributeValue>secret</AttributeValue></x><e/></a:R>"

    @Test func `changes nothing but the white space between tags`() {
        let lines = SourceView.lines(Array(Self.text.utf8), revealing: true)
        #expect(lines.map { $0.drop { $0 == " " } }.joined() == Self.text)
        #expect(lines.count > 5)
    }

    @Test func `shows names and values by their length`() {
        let shown = SourceView.lines(Array(Self.text.utf8), revealing: false).joined(separator: "\n")
        #expect(!shown.contains("hanako") && !shown.contains("secret"))
        #expect(shown.contains("‹6 octets not shown›"))
    }

    @Test func `names characters that cannot be seen or turn the direction of reading`() {
        let shown = SourceView.lines(Array("<a>x\u{202e}y\u{7}</a>".utf8), revealing: true).joined()
        #expect(shown == "<a>x\\u{202e}y\\u{7}</a>")
    }

    @Test func `ends with a bomb`() {
        let lines = SourceView.lines(Array(String(repeating: "<a>", count: 50_000).utf8), revealing: true, most: 100)
        #expect(lines.count == 101)
    }

    /// One line, and what was quadratic in its pieces.
    @Test func `ends with a line that does not`() {
        let text = Array(("<a>" + String(repeating: "x<![CDATA[y]]>", count: 50_000) + "</a>").utf8)
        let whole = SourceView.lines(text, revealing: true)
        #expect(whole.count == 1 && whole.first?.utf8.count == text.count)
        let cut = SourceView.lines(text, revealing: true, octets: 1_000)
        #expect(cut.count == 2 && cut.joined().utf8.count < 1_200)
        #expect(cut.last?.hasPrefix("… (") == true)
    }

    @Test func `hides what stands deeper in a name, and not what stands behind it`() {
        let text = "<r><NameID><x><AttributeValue/><y>hanako</y></x></NameID></NameID><z>open</z></r>"
        let shown = SourceView.lines(Array(text.utf8), revealing: false).joined(separator: "\n")
        #expect(!shown.contains("hanako") && shown.contains("open"))
    }
}

@Suite struct `What is said of a message without believing it` {
    static func inspection(_ xml: String, revealing: Bool = false) throws -> MessageInspection {
        MessageInspection(try PastedMessage(Array(xml.utf8)), revealing: revealing)
    }

    @Test func `the signatures, whether anything changed since, and by which certificate`() throws {
        let genuine = try Self.inspection(Asking.ministry().signedXML(by: Federation.ministryKey))
        #expect(genuine.signatures.map(\.element) == ["AuthnRequest"])
        #expect(genuine.signatures.first?.fault == nil)
        #expect(genuine.signatures.first?.fitsCertificate == true)
        #expect(genuine.findings.isEmpty)
        let bent = try Self.inspection(
            Asking.ministry().signedXML(by: Federation.ministryKey).replacing(
                "ID=\"_request-1\"", with: "ID=\"_request-1\" IsPassive=\"true\""))
        #expect(bent.signatures.first?.fault?.code == "xml.signature.digest")
        #expect(bent.findings.map(\.layer) == [.signature])
    }

    @Test func `the meaning of its parts, with names hidden`() throws {
        let response = try JudgedResponse().xml
        let hidden = try Self.inspection(response)
        #expect(hidden.purpose?.contains("identity provider answers") == true)
        #expect(!hidden.parts.contains { $0.value.contains(Federation.citizen) })
        #expect(hidden.parts.contains { $0.path == "Response/Assertion/Conditions/AudienceRestriction/Audience" })
        let shown = try Self.inspection(response, revealing: true)
        #expect(shown.parts.contains { $0.value == Federation.citizen })
    }

    @Test func `why a document cannot be read`() throws {
        #expect(try Self.inspection("<!DOCTYPE a><a></a>").refusal?.explanation.code == "saml.xml")
    }
}
