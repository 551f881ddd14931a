import SAML
import Testing
import Vocabulary

/// Genuine assertions, bent and signed anew by their issuer: what is refused is refused for its form.
@Suite struct `The form of an assertion, SAML Core §2` {
    /// The library's Response without its signature.
    static func bare() throws -> String {
        let genuine = try JudgedResponse(.response)
        return genuine.xml.replacing(try genuine.signature, with: "")
    }

    static func code(_ xml: String, _ depth: JudgeRules.Depth = .full) throws -> String? {
        var rules = try JudgedResponse.rules()
        rules.depth = depth
        return try JudgedResponse.code(Resigned.response(xml), rules)
    }

    static func bent(_ old: String, _ new: String) throws -> String {
        let bare = try bare()
        let bent = bare.replacing(old, with: new)
        try #require(bent != bare, "nothing was bent")
        return bent
    }

    /// The first attribute of this name has another value.
    static func with(_ name: String, _ value: (String) -> String, in xml: String) throws -> String {
        let from = try #require(xml.firstRange(of: " \(name)=\"")).upperBound
        let to = try #require(xml[from...].firstIndex(of: "\""))
        return String(xml[..<from]) + value(String(xml[from..<to])) + String(xml[to...])
    }

    // MARK: Statements

    static let instant = "AuthnInstant=\"\(Federation.now.text)\""
    static let context = "<saml:AuthnContext><saml:AuthnContextClassRef>urn:x:other</saml:AuthnContextClassRef></saml:AuthnContext>"

    @Test(
        arguments: [
            ("", nil), ("<saml:AuthnStatement \(instant)>\(context)</saml:AuthnStatement>", nil),
            ("<saml:AuthnStatement \(instant)></saml:AuthnStatement>", "saml.assertion.statement"),
            ("<saml:AuthnStatement>\(context)</saml:AuthnStatement>", "saml.assertion.statement"),
            ("<saml:AuthnStatement AuthnInstant=\"today\">\(context)</saml:AuthnStatement>", "saml.assertion.statement"),
            ("<saml:AuthnStatement \(instant)>\(context)\(context)</saml:AuthnStatement>", "saml.response.malformed"),
            (
                "<saml:AuthnStatement AuthnInstant=\"\(Federation.now.adding(seconds: 600).text)\">\(context)</saml:AuthnStatement>",
                "saml.assertion.statement"
            ),
        ] as [(String, String?)])
    func `has a second AuthnStatement that is whole, or none, §2.7.2`(second: String, code: String?) throws {
        let xml = try Self.bare().replacing("</saml:AuthnStatement>", with: "</saml:AuthnStatement>" + second)
        #expect(try Self.code(xml) == code)
    }

    static let contexts: [(old: String, new: String, code: String?)] = [
        ("</saml:AuthnContextClassRef>", "</saml:AuthnContextClassRef><saml:AuthnContextDeclRef>urn:x</saml:AuthnContextDeclRef>", nil),
        ("saml:AuthnContextClassRef>", "saml:AuthnContextDeclRef>", nil),
        (
            "</saml:AuthnContextClassRef>", "</saml:AuthnContextClassRef><saml:AuthenticatingAuthority>a</saml:AuthenticatingAuthority>",
            nil
        ),
        ("saml:AuthnContextClassRef>", "saml:AuthenticatingAuthority>", "saml.assertion.statement"),
        (
            "</saml:AuthnContextClassRef>",
            "</saml:AuthnContextClassRef><saml:AuthnContextClassRef>urn:x</saml:AuthnContextClassRef>", "saml.response.malformed"
        ),
        (
            "</saml:AuthnContextClassRef>",
            "</saml:AuthnContextClassRef><saml:AuthnContextDecl></saml:AuthnContextDecl><saml:AuthnContextDeclRef>a</saml:AuthnContextDeclRef>",
            "saml.response.malformed"
        ),
        ("</saml:AuthnContext>", "</saml:AuthnContext><saml:AuthnContext></saml:AuthnContext>", "saml.response.malformed"),
    ]

    @Test(arguments: contexts)
    func `names one class, or a declaration, §2.7.2.2`(old: String, new: String, code: String?) throws {
        #expect(try Self.code(Self.bent(old, new)) == code)
    }

    static let attributes: [(old: String, new: String, code: String?)] = [
        ("</saml:AttributeStatement>", "<saml:Attribute Name=\"urn:x:other\"></saml:Attribute></saml:AttributeStatement>", nil),
        ("</saml:AttributeStatement>", "<saml:Attribute></saml:Attribute></saml:AttributeStatement>", "saml.response.malformed"),
        ("</saml:AttributeStatement>", "<saml:Attribute Name=\" \"></saml:Attribute></saml:AttributeStatement>", "saml.response.malformed"),
        (
            "</saml:AttributeStatement>", "</saml:AttributeStatement><saml:AttributeStatement></saml:AttributeStatement>",
            "saml.response.malformed"
        ),
    ]

    @Test(arguments: attributes)
    func `has no statement without an attribute and no attribute without a name, §2.7.3`(old: String, new: String, code: String?) throws {
        let xml = try Self.bent(old, new)
        #expect(try Self.code(xml) == code)
        #expect(try Self.code(xml, .signature) == code)
    }

    // MARK: Text

    static let places = [
        "</saml:Subject>", "</saml:SubjectConfirmation>", "</saml:Conditions>", "</saml:AudienceRestriction>", "</saml:AuthnStatement>",
        "</saml:AuthnContext>", "</saml:AttributeStatement>", "</saml:Attribute>",
    ]

    @Test(arguments: places) func `has white space between its elements, and no other text`(place: String) throws {
        #expect(try Self.code(Self.bent(place, "stray" + place)) == "saml.response.malformed")
        #expect(try Self.code(Self.bent(place, "\n  " + place)) == nil)
    }

    // MARK: Times

    @Test(
        arguments: [
            (100, 101, nil), (100, 100, "saml.response.malformed"), (101, 100, "saml.response.malformed"),
        ] as [(Int64, Int64, String?)])
    func `begins before it ends, §2.5.1.2`(begin: Int64, end: Int64, code: String?) throws {
        let first = try Self.with("NotBefore", { _ in Federation.now.adding(seconds: begin).text }, in: Self.bare())
        let old = " NotOnOrAfter=\"\(Federation.now.adding(seconds: 300).text)\""
        let xml = first.replacing(old, with: " NotOnOrAfter=\"\(Federation.now.adding(seconds: end).text)\"")
        try #require(xml != first)
        #expect(try Self.code(xml) == code)
    }

    @Test(arguments: ["IssueInstant", "NotOnOrAfter", "NotBefore", "AuthnInstant"])
    func `may have white space around a time, as xs:dateTime may, and nothing else`(name: String) throws {
        #expect(try Self.code(Self.with(name, { " \($0) " }, in: Self.bare())) == nil)
        #expect(try Self.code(Self.with(name, { $0 + " x" }, in: Self.bare())) != nil)
    }
}

/// SAML Bindings §3.5.4: which field a message stands in says what it is.
@Suite struct `A judged Response by HTTP-POST` {
    @Test(arguments: [MessageJudge.Binding.auto, .post])
    func `stands in SAMLResponse and in no other field`(binding: MessageJudge.Binding) throws {
        let value = try Base64.encode(Array(JudgedResponse().xml.utf8))
        for text in [value, "SAMLResponse=" + Wire.escaped(value)] {
            let verdict = try JudgedResponse.verdict(text, by: binding)
            #expect(verdict.isAccepted && verdict.binding == "post")
        }
        let verdict = try JudgedResponse.verdict("SAMLRequest=" + Wire.escaped(value), by: binding)
        #expect(verdict.refusal?.explanation.code == "saml.parameter.unexpected")
        #expect(verdict.refusal?.layer == .decode)
    }
}
