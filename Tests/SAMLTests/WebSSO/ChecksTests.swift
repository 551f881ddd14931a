import Cryptography
import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary
import XMLSecurity

@Suite struct `An AuthnRequest, SAML Core §3.4.1` {
    static func redirect(_ asking: Asking, signedBy key: PrivateKey? = nil) throws -> UnverifiedAuthnRequest {
        try UnverifiedAuthnRequest.redirect(query: Wire.query(asking.xml, relayState: "r", signedBy: key))
    }

    static func reason(
        _ asking: Asking, at idp: IdentityProvider? = nil, now: Timestamp = Federation.now
    ) throws -> SAMLRefusal.Reason? {
        let isMinistry = asking.issuer == Federation.ministryID
        return try UnverifiedAuthnRequest.reason(
            { try redirect(asking, signedBy: isMinistry ? Federation.ministryKey : nil) },
            for: isMinistry ? Federation.ministry() : Federation.library(), at: idp, now: now)
    }

    static func verified(_ asking: Asking, for provider: ServiceProvider? = nil) throws -> VerifiedAuthnRequest {
        try redirect(asking).verified(for: provider ?? Federation.library(), at: Federation.identityProvider(), at: Federation.now)
    }

    @Test func `becomes an ask`() throws {
        let verified = try Self.redirect(
            .ministry(attributes: "ForceAuthn=\"true\" IsPassive=\"0\""), signedBy: Federation.ministryKey
        ).verified(for: Federation.ministry(), at: Federation.identityProvider(), at: Federation.now)
        #expect(verified.ask.member.text == Federation.ministryID)
        #expect(verified.ask.forceAuthentication)
        #expect(!verified.ask.passive)
        #expect(verified.ask.purpose == nil)
        #expect(verified.ask.requirement == nil)
        #expect(verified.ask.askedAt == Federation.now)
        #expect(verified.id == "_request-1")
        #expect(verified.isSigned)
        #expect(verified.acs.location == Federation.ministryConsumer)
    }

    @Test func `is proven again from the same octets at the same moment`() throws {
        let query = try Wire.query(Asking.ministry().xml, signedBy: Federation.ministryKey)
        let first = try UnverifiedAuthnRequest.redirect(query: query)
            .verified(for: Federation.ministry(), at: Federation.identityProvider(), at: Federation.now)
        let again = try UnverifiedAuthnRequest.redirect(query: query)
            .verified(for: Federation.ministry(), at: Federation.identityProvider(), at: Federation.now)
        #expect(first.ask == again.ask)
        #expect(first.replayKey == again.replayKey)
    }

    @Test func `names its replay key by issuer and ID until it is stale, checklist S33`() throws {
        let key = try Self.verified(.library()).replayKey
        #expect(key.scope == "saml-request " + Federation.libraryID)
        #expect(key.key == "_request-1")
        #expect(key.until == Federation.now.adding(seconds: -5 + 180 + 180 + 1))
    }

    @Suite struct `its sender` {
        @Test func `must be a member`() throws {
            let request = try `An AuthnRequest, SAML Core §3.4.1`.redirect(.library())
            #expect(try UnverifiedAuthnRequest.reason({ request }, for: nil) == .unknownMember(request.issuer))
            #expect(try UnverifiedAuthnRequest.reason({ request }, for: Federation.ministry()) == .unknownMember(request.issuer))
            #expect(try UnverifiedAuthnRequest.reason({ request }, for: Federation.library()) == nil)
        }

        @Test(arguments: [(-1, true), (0, true), (1, false)])
        func `must have metadata that still holds, checklist M9`(seconds: Int64, refused: Bool) throws {
            let end = Federation.now.adding(seconds: seconds)
            let provider = try Federation.one(Federation.metadata(Federation.libraryID, outer: "validUntil=\"\(end.text)\""))
            let reason = try UnverifiedAuthnRequest.reason({ try `An AuthnRequest, SAML Core §3.4.1`.redirect(.library()) }, for: provider)
            #expect(reason == (refused ? .metadataExpired(end) : nil))
        }

        @Test(arguments: [
            "<saml:Issuer></saml:Issuer>", "",
            "<saml:Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">https://library.example/sp</saml:Issuer>",
            "<saml:Issuer NameQualifier=\"x\">https://library.example/sp</saml:Issuer>",
            "<saml:Issuer SPNameQualifier=\"x\">https://library.example/sp</saml:Issuer>",
            "<saml:Issuer><saml:Issuer>https://library.example/sp</saml:Issuer></saml:Issuer>",
            "<Issuer>https://library.example/sp</Issuer>",
            "<saml:Issuer>https://library.example/sp</saml:Issuer><saml:Issuer>https://library.example/sp</saml:Issuer>",
        ])
        func `must be named once and plainly`(markup: String) throws {
            var asking = Asking.library()
            asking.issuerMarkup = markup
            #expect(try `An AuthnRequest, SAML Core §3.4.1`.reason(asking) != nil)
        }

        @Test(arguments: [
            "<saml:Issuer>\n   https://library.example/sp\n  </saml:Issuer>",
            "<saml:Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:entity\">https://library.example/sp</saml:Issuer>",
        ])
        func `may be pretty-printed and say its format`(markup: String) throws {
            var asking = Asking.library()
            asking.issuerMarkup = markup
            #expect(try `An AuthnRequest, SAML Core §3.4.1`.reason(asking) == nil)
        }
    }

    @Suite struct `its signature, checklist S22` {
        private func reason(_ asking: Asking, key: PrivateKey?, provider: ServiceProvider, want: Bool = false) throws -> SAMLRefusal.Reason?
        {
            try UnverifiedAuthnRequest.reason(
                { try `An AuthnRequest, SAML Core §3.4.1`.redirect(asking, signedBy: key) }, for: provider,
                at: Federation.identityProvider(wantSigned: want))
        }

        @Test func `is due when the member's metadata says so`() throws {
            let provider = try Federation.ministry()
            #expect(
                try reason(.ministry(), key: nil, provider: provider)
                    == .signatureDue(declaredBy: "AuthnRequestsSigned of " + Federation.ministryID))
            #expect(try reason(.ministry(), key: Federation.ministryKey, provider: provider) == nil)
        }

        @Test func `is due when ours says so`() throws {
            let provider = try Federation.ministry(signed: false)
            #expect(
                try reason(.ministry(), key: nil, provider: provider, want: true)
                    == .signatureDue(declaredBy: "WantAuthnRequestsSigned of " + Federation.base + "/saml/metadata"))
            #expect(try reason(.ministry(), key: nil, provider: provider) == nil)
            #expect(try reason(.ministry(), key: Federation.ministryKey, provider: provider, want: true) == nil)
        }

        @Test func `must be good even when none was due`() throws {
            let provider = try Federation.ministry(signed: false)
            #expect(
                try reason(.ministry(), key: Federation.otherKey, provider: provider) == .querySignature(algorithm: Wire.rsaSHA256))
            let form = try Wire.form(Asking.ministry(Federation.postAddress).signedXML(by: Federation.otherKey))
            #expect(try UnverifiedAuthnRequest.reason({ try .post(form: form) }, for: provider) == .messageSignature(.signature))
        }

        @Test func `cannot be judged without a key of the member, checklist A15`() throws {
            #expect(try reason(.library(), key: Federation.otherKey, provider: Federation.library()) == .noKeys)
            var asking = Asking.library(Federation.postAddress)
            asking.id = "_x"
            let form = try Wire.form(asking.signedXML(by: Federation.otherKey))
            #expect(try UnverifiedAuthnRequest.reason({ try .post(form: form) }, for: Federation.library()) == .noKeys)
        }
    }

    @Suite struct `its place, checklist S21` {
        @Test(arguments: [Federation.redirectAddress, nil])
        func `is our published address, or unsaid in an unsigned message`(destination: String?) throws {
            #expect(try `An AuthnRequest, SAML Core §3.4.1`.reason(.library(destination)) == nil)
        }

        @Test(arguments: [
            Federation.postAddress, Federation.redirectAddress + "/", Federation.redirectAddress + "?x",
            "https://idp.sekisho.EXAMPLE/saml/redirect", "",
            "http://idp.sekisho.example/saml/redirect", "https://other.example/saml/redirect",
        ])
        func `is no other`(destination: String) throws {
            for asking in [Asking.library(destination), .ministry(destination)] {
                #expect(
                    try `An AuthnRequest, SAML Core §3.4.1`.reason(asking)
                        == .destination(destination, expected: Federation.redirectAddress))
            }
        }

        @Test func `is said in a signed message`() throws {
            #expect(
                try `An AuthnRequest, SAML Core §3.4.1`.reason(.ministry(nil)) == .destination(nil, expected: Federation.redirectAddress))
        }

        @Test func `differs by binding`() throws {
            let form = Wire.form(Asking.library(Federation.redirectAddress).xml)
            #expect(
                try UnverifiedAuthnRequest.reason({ try .post(form: form) }, for: Federation.library())
                    == .destination(Federation.redirectAddress, expected: Federation.postAddress))
        }
    }

    @Suite struct `its time, checklist S34` {
        @Test(arguments: [(-360, true), (-361, false), (0, true), (180, true), (181, false), (86_400, false), (-86_400, false)])
        func `is within lifetime and skew`(seconds: Int64, passes: Bool) throws {
            var asking = Asking.library()
            let issued = Federation.now.adding(seconds: seconds)
            asking.issued = issued.text
            let reason = try `An AuthnRequest, SAML Core §3.4.1`.reason(asking)
            if passes {
                #expect(reason == nil)
            } else if seconds > 0 {
                #expect(reason == .issuedInFuture(issued, now: Federation.now))
            } else {
                #expect(reason == .stale(issued, now: Federation.now, lifetime: 180))
            }
        }

        @Test(arguments: ["", "yesterday", "2026-11-21", "2026-13-01T00:00:00Z", "99999-01-01T00:00:00Z"])
        func `is a moment`(text: String) throws {
            var asking = Asking.library()
            asking.issued = text
            #expect(try `An AuthnRequest, SAML Core §3.4.1`.reason(asking) == .malformed("IssueInstant", text))
        }
    }

    @Suite struct `its form` {
        @Test(arguments: ["1.1", "2.1", "", "2"])
        func `is version 2.0`(version: String) throws {
            var asking = Asking.library()
            asking.version = version
            #expect(try `An AuthnRequest, SAML Core §3.4.1`.reason(asking) == .version(version))
        }

        @Test(arguments: ["", "a b", "a:b", "a'b", "a&quot;b", "']|//*", "1:2", "1 2"])
        func `has an ID of the characters of a name, checklist A14`(id: String) throws {
            var asking = Asking.library()
            asking.id = id
            #expect(try `An AuthnRequest, SAML Core §3.4.1`.reason(asking) == .malformed("ID", id.replacing("&quot;", with: "\"")))
        }

        /// Also those that only their first character keeps from being one: bare UUIDs and random Base64url.
        @Test(arguments: [
            "_a", "a.b-c_d", "é1", "識別子", String(repeating: "a", count: 256), "1abc", "-a", "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        ])
        func `takes every NCName of up to 256 characters, checklist S35`(id: String) throws {
            var asking = Asking.library()
            asking.id = id
            #expect(try `An AuthnRequest, SAML Core §3.4.1`.reason(asking) == nil)
        }

        @Test func `has no longer strings, and cuts none, checklist S35`() throws {
            let long = String(repeating: "a", count: 257)
            var asking = Asking.library()
            asking.id = long
            #expect(try `An AuthnRequest, SAML Core §3.4.1`.reason(asking) == .tooLong("ID", limit: 256))
            #expect(
                try `An AuthnRequest, SAML Core §3.4.1`.reason(.library(attributes: "ProviderName=\"\(long)\""))
                    == .tooLong("ProviderName", limit: 256))
            #expect(
                try `An AuthnRequest, SAML Core §3.4.1`.reason(.library(children: "<samlp:NameIDPolicy Format=\"\(long)\"/>"))
                    == .tooLong("Format", limit: 256))
            let issuer = Asking(issuer: "https://" + String(repeating: "a", count: 1017))
            #expect(throws: SAMLRefusal.self) { try `An AuthnRequest, SAML Core §3.4.1`.redirect(issuer) }
        }

        @Test(arguments: [
            "ForceAuthn=\"yes\"", "IsPassive=\"TRUE\"", "AssertionConsumerServiceIndex=\"-1\"", "AssertionConsumerServiceIndex=\"70000\"",
            "AttributeConsumingServiceIndex=\"x\"", "AssertionConsumerServiceIndex=\"99999999999999999999\"",
        ])
        func `has values of their types`(attribute: String) throws {
            guard case .malformed = try `An AuthnRequest, SAML Core §3.4.1`.reason(.library(attributes: attribute)) else {
                Issue.record("\(attribute) was read")
                return
            }
        }

        @Test(arguments: [
            "<samlp:NameIDPolicy/><samlp:NameIDPolicy/>", "<samlp:Unknown/>", "<saml:Assertion/>", "text", "<samlp:RequestedAuthnContext/>",
            "<saml:Subject>text</saml:Subject>", "<samlp:NameIDPolicy>text</samlp:NameIDPolicy>",
            "<samlp:NameIDPolicy><x/></samlp:NameIDPolicy>",
            "<samlp:RequestedAuthnContext><x/></samlp:RequestedAuthnContext>",
            "<saml:Subject><saml:NameID>a</saml:NameID><saml:NameID>b</saml:NameID></saml:Subject>",
        ])
        func `has each part once, and no other`(children: String) throws {
            guard case .malformed = try `An AuthnRequest, SAML Core §3.4.1`.reason(.library(children: children)) else {
                Issue.record("\(children) was read")
                return
            }
        }

        @Test(arguments: [
            "<samlp:Extensions><x:SPType xmlns:x=\"http://eidas.europa.eu/saml-extensions\">public</x:SPType></samlp:Extensions>",
            "<saml:Conditions NotBefore=\"2000-01-01T00:00:00Z\"/>", "<samlp:Scoping ProxyCount=\"0\"/>",
            "<samlp:Scoping><samlp:IDPList><samlp:IDPEntry ProviderID=\"x\"/></samlp:IDPList></samlp:Scoping>", "<!-- a comment -->",
        ])
        func `may have extensions, conditions and scoping, which are passed over, checklist S28 to S30`(children: String) throws {
            #expect(try `An AuthnRequest, SAML Core §3.4.1`.reason(.library(children: children)) == nil)
        }

        @Test(arguments: ["Response", "LogoutRequest", "AttributeQuery", "ArtifactResolve"])
        func `is no other message`(name: String) throws {
            let xml = Asking.library().xml.replacing("samlp:AuthnRequest", with: "samlp:" + name)
            #expect(throws: SAMLRefusal.self) { try UnverifiedAuthnRequest.redirect(query: Wire.query(xml)) }
        }

        @Test func `is in SAML's namespace, not merely so named`() throws {
            let xml = Asking.library().xml.replacing("2.0:protocol", with: "1.1:protocol")
            #expect(throws: SAMLRefusal.self) { try UnverifiedAuthnRequest.redirect(query: Wire.query(xml)) }
        }
    }

    @Test func `every refusal explains itself under a stable code`() throws {
        for reason in [
            try Self.reason(.library("https://x.example/")), try Self.reason(.library(children: "<x/>")),
            try Self.reason(.library(attributes: "AssertionConsumerServiceURL=\"https://evil.example/\"")),
        ] {
            let refusal = try #require(reason)
            let explanation = refusal.explanation
            #expect(explanation.code.hasPrefix("saml."))
            #expect(!explanation.clause.isEmpty)
            #expect(!explanation.remedy.isEmpty)
        }
    }
}
