import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary
import XML

@Suite struct `What a request asks for` {
    private static let persistent = NameIDFormat.persistent
    private static let transient = NameIDFormat.transient

    private func verified(_ children: String, attributes: String = "", for provider: ServiceProvider? = nil) throws -> VerifiedAuthnRequest
    {
        try `An AuthnRequest, SAML Core §3.4.1`.verified(.library(attributes: attributes, children: children), for: provider)
    }

    private func refusal(_ children: String, attributes: String = "", for provider: ServiceProvider? = nil) throws -> SAMLRefusal? {
        do {
            _ = try verified(children, attributes: attributes, for: provider)
            return nil
        } catch let refusal as SAMLRefusal {
            return refusal
        }
    }

    @Suite struct `NameIDPolicy, checklist S23` {
        private let outer = `What a request asks for`()

        @Test(
            arguments: [
                ("<samlp:NameIDPolicy Format=\"\(NameIDFormat.persistent)\"/>", [], NameIDKind.persistent),
                ("<samlp:NameIDPolicy Format=\"\(NameIDFormat.transient)\"/>", [], .transient),
                ("<samlp:NameIDPolicy Format=\"\(NameIDFormat.unspecified)\"/>", [], .persistent),
                ("<samlp:NameIDPolicy/>", [], .persistent), ("", [], .persistent),
                ("", [NameIDFormat.transient, NameIDFormat.persistent], .transient),
                ("<samlp:NameIDPolicy Format=\"\(NameIDFormat.unspecified)\"/>", ["urn:x", NameIDFormat.transient], .transient),
                ("<samlp:NameIDPolicy Format=\"\(NameIDFormat.persistent)\"/>", [NameIDFormat.transient], .persistent),
                ("", ["urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"], .persistent),
            ] as [(String, [String], NameIDKind)])
        func `chooses the kind of identifier`(policy: String, formats: [String], kind: NameIDKind) throws {
            #expect(try outer.verified(policy, for: Federation.library(formats: formats)).nameIDKind == kind)
        }

        @Test(arguments: [
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", "urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress",
            "urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted", "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos", "persistent", "",
        ])
        func `an unknown format is an error to the member, never a fallback`(format: String) throws {
            let refusal = try #require(try outer.refusal("<samlp:NameIDPolicy Format=\"\(format)\"/>"))
            #expect(refusal.reason == .nameIDFormat(format))
            #expect(refusal.answer?.status.top == .requester)
            #expect(refusal.answer?.status.second == .invalidNameIDPolicy)
        }

        @Test func `a qualifier other than the member's own is refused`() throws {
            #expect(try outer.refusal("<samlp:NameIDPolicy SPNameQualifier=\"\(Federation.libraryID)\"/>") == nil)
            let refusal = try outer.refusal("<samlp:NameIDPolicy SPNameQualifier=\"https://other.example\"/>")
            #expect(refusal?.reason == .nameQualifier("https://other.example"))
            #expect(refusal?.answer?.status.second == .invalidNameIDPolicy)
        }

        @Test(arguments: [
            ("AllowCreate=\"false\"", true), ("AllowCreate=\"0\"", true), ("AllowCreate=\"true\"", false), ("", false),
            ("AllowCreate=\"false\" Format=\"\(NameIDFormat.persistent)\"", true),
            // Errata E14: it means nothing for an identifier that is made for the session in any case.
            ("AllowCreate=\"false\" Format=\"\(NameIDFormat.transient)\"", false),
        ])
        func `AllowCreate false forbids a new identifier that lasts`(attribute: String, forbids: Bool) throws {
            #expect(try outer.verified("<samlp:NameIDPolicy \(attribute)/>").ask.forbidsNewIdentifier == forbids)
        }

        @Test func `AllowCreate false means nothing where the operator says so`() throws {
            var options = MemberOptions()
            options.creation = .always
            let library = try Federation.library(formats: [NameIDFormat.persistent]).with(options)
            #expect(try !outer.verified("<samlp:NameIDPolicy AllowCreate=\"false\"/>", for: library).ask.forbidsNewIdentifier)
        }

        @Test(arguments: [(NameIDKind.transient, NameIDFormat.transient), (.unspecified, NameIDFormat.unspecified)])
        func `the operator's choice fills the gap that a request leaves`(kind: NameIDKind, format: String) throws {
            var options = MemberOptions()
            options.nameID = kind
            let library = try Federation.library(formats: [NameIDFormat.persistent]).with(options)
            for policy in ["", "<samlp:NameIDPolicy Format=\"\(NameIDFormat.unspecified)\"/>"] {
                #expect(try outer.verified(policy, for: library).nameIDKind == kind)
            }
            let asked = "<samlp:NameIDPolicy Format=\"\(NameIDFormat.persistent)\"/>"
            #expect(try outer.verified(asked, for: library).nameIDKind == .persistent, "a request that chooses is kept to")
            let name = try Answered.answer(to: .library(), for: library).descend("Assertion", "Subject", "NameID")
            #expect(name.attribute("Format") == format)
            #expect(name.attribute("SPNameQualifier") == nil)
        }
    }

    @Suite struct `Subject, checklist S27` {
        private let outer = `What a request asks for`()

        private func subject(_ text: String, _ attributes: String, confirmation: String = "") -> String {
            "<saml:Subject><saml:NameID \(attributes)>\(text)</saml:NameID>\(confirmation)</saml:Subject>"
        }

        @Test(arguments: [
            "Format=\"\(NameIDFormat.persistent)\"",
            "Format=\"\(NameIDFormat.persistent)\" NameQualifier=\"https://idp.sekisho.example/saml/metadata\" SPNameQualifier=\"https://library.example/sp\"",
        ])
        func `names the citizen who is expected`(attributes: String) throws {
            let verified = try outer.verified(subject(Federation.citizen, attributes))
            #expect(verified.ask.expected?.text == Federation.citizen)
            #expect(verified.nameIDKind == .persistent)
        }

        @Test func `is kept to: another citizen is refused, without telling who is there`() throws {
            let verified = try outer.verified(subject("somebody-else-entirely", "Format=\"\(NameIDFormat.persistent)\""))
            #expect(throws: SignOnRefusal.otherCitizen) { try Federation.grant(for: verified.ask) }
            var dice = Dice()
            let answer = try verified.response(
                refusing: .otherCitizen, from: Federation.identityProvider(), at: Federation.now, using: &dice)
            let xml = String(decoding: answer.xml, as: UTF8.self)
            #expect(xml.contains("status:UnknownPrincipal"))
            #expect(!xml.contains(Federation.citizen))
        }

        @Test(arguments: [
            "Format=\"\(NameIDFormat.transient)\"", "Format=\"\(NameIDFormat.unspecified)\"", "",
            "Format=\"\(NameIDFormat.persistent)\" NameQualifier=\"https://other.example\"",
            "Format=\"\(NameIDFormat.persistent)\" SPNameQualifier=\"https://other.example\"",
        ])
        func `that cannot be ours is refused, not passed over`(attributes: String) throws {
            let refusal = try #require(try outer.refusal(subject(Federation.citizen, attributes)))
            guard case .subject = refusal.reason else {
                Issue.record("\(refusal.reason)")
                return
            }
            #expect(refusal.answer?.status.top == .responder)
            #expect(refusal.answer?.status.second == .unknownPrincipal)
        }

        @Test(arguments: [
            "<saml:Subject/>", "<saml:Subject><saml:BaseID/></saml:Subject>", "<saml:Subject><saml:EncryptedID/></saml:Subject>",
            "<saml:Subject><saml:NameID Format=\"\(NameIDFormat.persistent)\">short</saml:NameID></saml:Subject>",
            "<saml:Subject><saml:NameID Format=\"\(NameIDFormat.persistent)\">abcdefghijklmnopqrstuvwxyz</saml:NameID><saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:holder-of-key\"/></saml:Subject>",
        ])
        func `of another kind is refused`(markup: String) throws {
            let reason = try outer.refusal(markup)?.reason
            guard case .subject = reason else {
                Issue.record("\(String(describing: reason))")
                return
            }
        }

        @Test func `with a bearer confirmation passes`() throws {
            let confirmation = "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"/>"
            let markup = subject(Federation.citizen, "Format=\"\(NameIDFormat.persistent)\"", confirmation: confirmation)
            #expect(try outer.verified(markup).ask.expected?.text == Federation.citizen)
        }

        @Test func `is not answered with a transient identifier`() throws {
            let policy = "<samlp:NameIDPolicy Format=\"\(NameIDFormat.transient)\"/>"
            let markup = subject(Federation.citizen, "Format=\"\(NameIDFormat.persistent)\"") + policy
            #expect(try outer.refusal(markup)?.reason == .nameIDFormat(NameIDFormat.transient))
            let preferring = try Federation.library(formats: [NameIDFormat.transient])
            let verified = try outer.verified(subject(Federation.citizen, "Format=\"\(NameIDFormat.persistent)\""), for: preferring)
            #expect(verified.nameIDKind == .persistent)
        }
    }

    @Suite struct `RequestedAuthnContext, checklist S26` {
        private let outer = `What a request asks for`()

        private func requested(_ comparison: String?, _ classes: [String]) -> String {
            "<samlp:RequestedAuthnContext\(comparison.map { " Comparison=\"\($0)\"" } ?? "")>"
                + classes.map { "<saml:AuthnContextClassRef>\($0)</saml:AuthnContextClassRef>" }.joined() + "</samlp:RequestedAuthnContext>"
        }

        @Test(
            arguments: [(nil, Comparison.exact), ("exact", .exact), ("minimum", .minimum), ("maximum", .maximum), ("better", .better)]
                as [(String?, Comparison)])
        func `becomes an essential requirement`(name: String?, comparison: Comparison) throws {
            let requirement = try outer.verified(requested(name, ["urn:a", "\n   urn:b\n  "])).ask.requirement
            #expect(requirement == ContextRequirement(values: ["urn:a", "urn:b"], comparison: comparison, essential: true))
        }

        @Test(arguments: ["Minimum", "", "atleast"])
        func `with an unknown comparison is refused`(comparison: String) throws {
            let refusal = try outer.refusal(requested(comparison, ["urn:a"]))
            #expect(refusal?.reason == .comparison(comparison))
            #expect(refusal?.answer?.status.top == .requester)
        }

        @Test func `by declaration is refused`() throws {
            let markup =
                "<samlp:RequestedAuthnContext><saml:AuthnContextDeclRef>urn:d</saml:AuthnContextDeclRef></samlp:RequestedAuthnContext>"
            let refusal = try outer.refusal(markup)
            #expect(refusal?.reason == .contextDeclaration)
            #expect(refusal?.answer?.status.second == .noAuthnContext)
        }

        @Test func `has a bounded list`() throws {
            #expect(try outer.refusal(requested(nil, [String](repeating: "urn:a", count: 32))) == nil)
            let reason = try outer.refusal(requested(nil, [String](repeating: "urn:a", count: 33)))?.reason
            #expect(reason == .tooLarge("RequestedAuthnContext", limit: 32))
        }

        /// The four comparisons, from the request to the class in the answer, for a card login in `mode`.
        @Test(
            arguments: [
                ("exact", ["urn:x-sekisho:ac:face"], CardMode.pin, "urn:x-sekisho:ac:face"),
                ("exact", ["urn:x-sekisho:ac:pin"], .face, nil),
                (
                    "exact", ["urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"], .pin,
                    "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"
                ),
                ("minimum", ["urn:x-sekisho:ac:face"], .pin, "urn:x-sekisho:ac:pin"),
                ("minimum", ["urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"], .pin, "urn:x-sekisho:ac:pin"),
                ("minimum", ["urn:x-sekisho:ac:pin"], .face, nil),
                ("maximum", ["urn:x-sekisho:ac:face"], .pin, "urn:x-sekisho:ac:face"),
                ("better", ["urn:x-sekisho:ac:face"], .pin, "urn:x-sekisho:ac:pin"),
                ("better", ["urn:x-sekisho:ac:face"], .face, nil),
                ("exact", ["urn:unknown"], .pin, nil),
                // By an `acr` value of the ladder.
                ("exact", ["pin"], .pin, "pin"), ("exact", ["urn:unknown", "face"], .pin, "face"), ("exact", ["pin"], .face, nil),
                ("minimum", ["face"], .pin, "urn:x-sekisho:ac:pin"),
            ] as [(String, [String], CardMode, String?)])
        func `is answered with the class reached, or not`(comparison: String, classes: [String], mode: CardMode, answer: String?) throws {
            let verified = try outer.verified(requested(comparison, classes))
            guard let answer else {
                #expect(throws: (any Error).self) { try Federation.grant(for: verified.ask, mode: mode) }
                return
            }
            var dice = Dice()
            let response = try verified.response(
                for: Federation.grant(for: verified.ask, mode: mode), from: Federation.identityProvider(), at: Federation.now, using: &dice)
            #expect(
                String(decoding: response.xml, as: UTF8.self).contains("<saml:AuthnContextClassRef>\(answer)</saml:AuthnContextClassRef>"))
        }
    }

    @Test(arguments: [("0", false), ("4", true), ("9", false)])
    func `an attribute service must be registered, checklist S31`(index: String, passes: Bool) throws {
        let provider = try Federation.library(extra: "<md:AttributeConsumingService index=\"4\"/>")
        let refusal = try refusal("", attributes: "AttributeConsumingServiceIndex=\"\(index)\"", for: provider)
        #expect((refusal == nil) == passes)
        if !passes { #expect(refusal?.answer?.status.second == .requestUnsupported) }
    }

    @Test func `with none registered every index is an error`() throws {
        #expect(try refusal("", attributes: "AttributeConsumingServiceIndex=\"0\"")?.reason == .attributeService(0))
    }
}
