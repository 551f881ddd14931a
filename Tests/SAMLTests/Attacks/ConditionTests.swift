import SAML
import Testing
import Vocabulary

/// One mutation for each thing a service provider has to compare (checklist A22): the same genuine message, judged by rules of which one
/// differs, or at another time.
@Suite struct `Conditions of an assertion, checklist A22` {
    @Test(
        arguments: [
            ("audience", "https://other.example/sp", "saml.assertion.audience"),
            ("issuer", "https://other.example/idp", "saml.response.issuer"),
            ("address", "https://library.example/acs/", "saml.response.destination"),
            ("inResponseTo", "_request-2", "saml.response.in-response-to"),
        ] as [(String, String, String)])
    func `each is compared byte for byte`(part: String, other: String, code: String) throws {
        let genuine = try JudgedResponse()
        var rules = try JudgedResponse.rules()
        #expect(try JudgedResponse.code(genuine.xml, rules) == nil)
        try Self.set(part, of: &rules, other)
        #expect(try JudgedResponse.code(genuine.xml, rules) == code)
        try Self.set(part, of: &rules, nil)
        let verdict = try JudgedResponse.verdict(genuine.xml, rules)
        #expect(verdict.refusal == nil && !verdict.unchecked.isEmpty, "what is not given is not compared, and the verdict says so")
    }

    @Test(
        arguments: [
            (-600, "saml.response.future"), (-239, nil), (0, nil), (479, nil), (481, "saml.assertion.expired"),
            (86_400, "saml.assertion.expired"),
        ] as [(Int64, String?)]) func `time is within the conditions and three minutes`(seconds: Int64, code: String?) throws
    {
        let genuine = try JudgedResponse()
        let found = try JudgedResponse.code(genuine.xml, at: Federation.now.adding(seconds: seconds))
        // IssueInstant is the moment of the answer: more than the tolerance before it, the message comes from the future.
        #expect(found == (seconds < -180 ? "saml.response.future" : code))
    }

    @Test func `an answer to nobody's question is refused where one is open, and taken where none is, S8`() throws {
        var rules = try JudgedResponse.rules()
        rules.inResponseTo = nil
        rules.isUnsolicited = true
        #expect(try JudgedResponse.code(JudgedResponse().xml, rules) == "saml.response.in-response-to")
    }

    @Test(
        arguments: [
            ("<saml:AudienceRestriction>", "<saml:Condition></saml:Condition><saml:AudienceRestriction>", "saml.assertion.condition"),
            ("<saml:AudienceRestriction>", "<saml:OneTimeUse></saml:OneTimeUse><saml:AudienceRestriction>", nil),
            (
                "<saml:AudienceRestriction>",
                "<saml:AudienceRestriction><saml:Audience>https://other.example/sp</saml:Audience></saml:AudienceRestriction><saml:AudienceRestriction>",
                "saml.assertion.audience"
            ),
            ("cm:bearer", "cm:sender-vouches", "saml.assertion.confirmation"),
            (" Version=\"2.0\"", " Version=\"1.1\"", "saml.response.version"),
        ] as [(String, String, String?)])
    func `what else stands in the assertion counts too`(old: String, new: String, code: String?) throws {
        // Signed anew, so that only the content can be what is refused.
        let genuine = try JudgedResponse(.response)
        let bent = try Self.resigned(genuine.xml.replacing(try genuine.signature, with: "").replacing(old, with: new))
        #expect(try JudgedResponse.code(bent) == code)
        #expect(try JudgedResponse.code(Self.resigned(genuine.xml.replacing(try genuine.signature, with: ""))) == nil)
    }

    private static func set(_ part: String, of rules: inout JudgeRules, _ value: String?) throws {
        switch part {
        case "audience": rules.audience = value
        case "issuer": rules.issuer = value
        case "address": rules.address = value
        case "inResponseTo": rules.inResponseTo = value
        default: throw Unexpected(part)
        }
    }

    static func resigned(_ xml: String) throws -> String { try Resigned.response(xml) }
}
