import Cryptography
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

/// Wrapping and forgery over every other message that an identity provider takes (checklist A1, A3, A33, A34): each genuine one passes, and
/// what was captured and bent does not.
@Suite struct `Attacks on every message to an identity provider` {
    static let address = "https://idp.sekisho.example/saml/logout"
    static let kinds = ["LogoutRequest", "LogoutResponse", "ArtifactResolve", "AttributeQuery"]
    static let artifact = "AAQAAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJyg="

    static func tag(_ kind: String, id: String = "_one", name: String = "citizen") -> XMLTag {
        let (saml, samlp) = (Asking.Name.assertion, Asking.Name.protocol)
        var children: [XMLNode] = [.element(XMLTag("saml", saml, "Issuer", text: Federation.ministryID))]
        let person = XMLTag("saml", saml, "NameID", text: name)
        switch kind {
        case "LogoutRequest": children.append(.element(person))
        case "LogoutResponse":
            children.append(
                .element(
                    XMLTag(
                        "samlp", samlp, "Status",
                        children: [
                            .element(
                                XMLTag("samlp", samlp, "StatusCode", attributes: [("Value", "urn:oasis:names:tc:SAML:2.0:status:Success")]))
                        ])))
        case "ArtifactResolve": children.append(.element(XMLTag("samlp", samlp, "Artifact", text: artifact)))
        default: children.append(.element(XMLTag("saml", saml, "Subject", children: [.element(person)])))
        }
        let answered = kind == "LogoutResponse" ? [("InResponseTo", "_asked")] : []
        return XMLTag(
            "samlp", samlp, kind,
            attributes: [("ID", id), ("Version", "2.0"), ("IssueInstant", Federation.now.text), ("Destination", address)] + answered,
            children: children)
    }

    static func signed(_ tag: XMLTag, by key: PrivateKey = Federation.ministryKey) throws -> String {
        let signer = try XMLSigner(key: key, algorithm: .rsaPKCS1(.sha256), certificate: Federation.certificate(of: key))
        return String(decoding: try signer.sign(tag).canonicalBytes(), as: UTF8.self)
    }

    static func code(_ xml: String, keys: [PublicKey] = [Federation.ministryKey.publicKey], now: Timestamp = Federation.now) throws
        -> String?
    {
        var rules = JudgeRules()
        rules.keys = keys
        rules.issuer = Federation.ministryID
        rules.address = address
        return try JudgedResponse.verdict(xml, rules, as: .identityProvider, at: now).refusal?.explanation.code
    }

    @Test(arguments: kinds) func `the genuine one passes, else a refusal proves nothing`(kind: String) throws {
        #expect(try Self.code(Self.signed(Self.tag(kind))) == nil)
    }

    @Test(arguments: kinds, 1...8) func `XSW variants of each are refused, checklist A1 and A3`(kind: String, variant: Int) throws {
        let genuine = try Self.signed(Self.tag(kind))
        let from = try #require(genuine.firstRange(of: "<ds:Signature ")).lowerBound
        let to = try #require(genuine.firstRange(of: "</ds:Signature>")).upperBound
        let signature = String(genuine[from..<to])
        let bare = genuine.replacing(signature, with: "")
        let evil = String(decoding: Self.tag(kind, id: variant == 5 ? "_one" : "_evil", name: "mallory").canonicalBytes(), as: UTF8.self)
        let object = signature.replacing("</ds:Signature>", with: "<ds:Object>\(variant == 1 ? genuine : bare)</ds:Object></ds:Signature>")
        let extensions = { (inside: String) in "<samlp:Extensions>\(inside)</samlp:Extensions>" }
        let inside =
            switch variant {
            case 1, 8: object
            case 2: signature + bare
            case 3: genuine
            case 4: extensions(genuine)
            case 6: signature.replacing("</ds:SignatureValue>", with: "</ds:SignatureValue>" + bare)
            default: signature + extensions(bare)
            }
        #expect(try Self.code(evil.replacing("</saml:Issuer>", with: "</saml:Issuer>" + inside)) != nil)
    }

    @Test(arguments: kinds) func `our own signed Response inside one signs nothing, checklist A3`(kind: String) throws {
        let captured = try JudgedResponse().xml
        let evil = String(decoding: Self.tag(kind).canonicalBytes(), as: UTF8.self)
            .replacing("</saml:Issuer>", with: "</saml:Issuer><samlp:Extensions>\(captured)</samlp:Extensions>")
        #expect(try Self.code(evil) != nil)
    }

    @Test func `a LogoutRequest unsigned, of another sender, or too old ends nobody's session, checklist A33`() throws {
        #expect(try Self.code(String(decoding: Self.tag("LogoutRequest").canonicalBytes(), as: UTF8.self)) == "saml.signature.due")
        let genuine = try Self.signed(Self.tag("LogoutRequest"))
        #expect(try Self.code(genuine, keys: [Federation.otherKey.publicKey]) == "saml.signature.message")
        #expect(try Self.code(genuine, now: Federation.now.adding(seconds: 3600)) == "saml.request.stale")
        #expect(try Self.code(genuine.replacing(Federation.ministryID, with: Federation.libraryID)) != nil)
    }

    /// Two members whose certificates have one name and one issuer: only the key that a member's own metadata holds speaks for it.
    @Test func `a certificate of the same name speaks for nobody else, checklist A34`() throws {
        #expect(try Self.code(Self.signed(Self.tag("LogoutRequest"), by: Federation.otherKey)) == "saml.signature.message")
        #expect(try Self.code(Self.signed(Self.tag("LogoutRequest"), by: Federation.ministryKey)) == nil)
    }

    @Test(arguments: kinds) func `a member without a key for signing signs nothing, checklist A16`(kind: String) throws {
        #expect(try Self.code(Self.signed(Self.tag(kind)), keys: []) == "saml.signature.no-key")
    }

    @Test(arguments: [
        "<samlp:Request xmlns:samlp=\"urn:oasis:names:tc:SAML:1.0:protocol\" MajorVersion=\"1\" MinorVersion=\"1\"></samlp:Request>",
        "<Response xmlns=\"urn:oasis:names:tc:SAML:1.0:protocol\" MajorVersion=\"1\" MinorVersion=\"1\"></Response>",
        "<lib:AuthnRequest xmlns:lib=\"urn:liberty:iff:2003-08\" MajorVersion=\"1\" MinorVersion=\"2\"></lib:AuthnRequest>",
    ]) func `no older protocol has a way in, checklist A28`(xml: String) throws {
        for role in MessageJudge.Role.allCases {
            #expect(try JudgedResponse.verdict(xml, as: role).refusal?.layer == .schema)
        }
        #expect(throws: SAMLRefusal.self) { try UnverifiedAuthnRequest.post(form: Wire.form(xml)) }
    }
}
