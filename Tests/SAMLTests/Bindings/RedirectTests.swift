import Cryptography
import Deflate
import SAML
import Testing
import Vocabulary

@Suite struct `HTTP-Redirect, SAML Bindings §3.4` {
    private func reason(_ query: String, for provider: ServiceProvider? = nil) throws -> SAMLRefusal.Reason? {
        try UnverifiedAuthnRequest.reason({ try .redirect(query: query) }, for: try provider ?? Federation.library())
    }

    @Test func `takes an unsigned request of a member that does not sign`() throws {
        let query = try Wire.query(Asking.library().xml, relayState: "there & back")
        let request = try UnverifiedAuthnRequest.redirect(query: query)
        #expect(request.issuer.text == Federation.libraryID)
        let verified = try request.verified(for: Federation.library(), at: Federation.identityProvider(), at: Federation.now)
        #expect(verified.relayState == "there & back")
        #expect(!verified.isSigned)
    }

    @Test func `tells an empty RelayState from none`() throws {
        let without = try UnverifiedAuthnRequest.redirect(query: Wire.query(Asking.library().xml))
        let empty = try UnverifiedAuthnRequest.redirect(query: Wire.query(Asking.library().xml, relayState: ""))
        let idp = try Federation.identityProvider()
        #expect(try without.verified(for: Federation.library(), at: idp, at: Federation.now).relayState == nil)
        #expect(try empty.verified(for: Federation.library(), at: idp, at: Federation.now).relayState == "")
    }

    @Test(arguments: [
        (Wire.rsaSHA256, SignatureAlgorithm.rsaPKCS1(.sha256), false, SignatureEncoding.der),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", .rsaPKCS1(.sha512), false, .der),
        ("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", .rsaPSS(.sha256), false, .der),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", .ecdsa(.sha256), true, .der),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", .ecdsa(.sha256), true, .raw),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", .ecdsa(.sha384), true, .raw),
    ])
    func `takes a query signed by a key of the member's metadata`(
        identifier: String, algorithm: SignatureAlgorithm, curve: Bool, encoding: SignatureEncoding
    ) throws {
        let key = curve ? Federation.curveKey : Federation.ministryKey
        let query = try Wire.query(
            deflated: Wire.stored(Array(Asking.ministry().xml.utf8)), relayState: "r", signedBy: key, algorithm: algorithm,
            identifier: identifier, encoding: encoding)
        let provider = try Federation.ministry(keys: [Federation.otherKey, Federation.ministryKey, Federation.curveKey])
        #expect(try reason(query, for: provider) == nil)
        let stranger = try Federation.ministry(keys: [Federation.otherKey])
        #expect(try reason(query, for: stranger) == .querySignature(algorithm: identifier))
    }

    @Test(arguments: ["sha1", "md5", "hmac"])
    func `knows no weak or secret-key algorithm, checklist A15`(name: String) throws {
        let identifier =
            switch name {
            case "sha1": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
            case "md5": "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"
            default: "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
            }
        let query = try Wire.query(
            deflated: Wire.stored(Array(Asking.ministry().xml.utf8)), signedBy: Federation.ministryKey, identifier: identifier)
        #expect(try reason(query, for: Federation.ministry()) == .unsupported("SigAlg", identifier))
    }

    @Test func `an HMAC with the public key as the secret is no signature, checklist A15`() throws {
        let key = Federation.ministryKey.publicKey
        let unsigned = try Wire.query(Asking.ministry().xml) + "&SigAlg=" + Wire.escaped(Wire.rsaSHA256)
        for secret in [key.spki, Array(PEM.encode(key.spki, label: "PUBLIC KEY").utf8)] {
            let query = unsigned + "&Signature=" + Wire.escaped(Base64.encode(HMAC.sha256(key: secret, Array(unsigned.utf8))))
            #expect(try reason(query, for: Federation.ministry()) == .querySignature(algorithm: Wire.rsaSHA256))
        }
    }

    @Suite struct `the octets signed are the octets sent, checklist A23` {
        private func reason(_ query: String) throws -> SAMLRefusal.Reason? {
            try UnverifiedAuthnRequest.reason({ try .redirect(query: query) }, for: try Federation.ministry())
        }

        private func signed(relayState: String? = "a b/c") throws -> String {
            try Wire.query(Asking.ministry().xml, relayState: relayState, signedBy: Federation.ministryKey)
        }

        @Test(arguments: [[3, 2, 1, 0], [2, 0, 3, 1], [1, 0, 2, 3]])
        func `whatever order the parameters came in`(order: [Int]) throws {
            let parts = try signed().split(separator: "&").map(String.init)
            #expect(try reason(order.map { parts[$0] }.joined(separator: "&")) == nil)
        }

        @Test func `with other parameters between them`() throws {
            #expect(try reason("lang=ja&" + signed() + "&utm=1") == nil)
        }

        @Test(arguments: ["a+b/c", "a%20b/c", "a%20b%2fc", "a%20b%2Fc"])
        func `whatever the sender's percent-encoding`(relayState: String) throws {
            let unsigned = try Wire.query(Asking.ministry().xml) + "&RelayState=" + relayState + "&SigAlg=" + Wire.escaped(Wire.rsaSHA256)
            let signature = try Federation.ministryKey.sign(Array(unsigned.utf8), .rsaPKCS1(.sha256))
            let query = unsigned + "&Signature=" + Wire.escaped(Base64.encode(signature))
            let request = try UnverifiedAuthnRequest.redirect(query: query)
            let verified = try request.verified(for: Federation.ministry(), at: Federation.identityProvider(), at: Federation.now)
            #expect(verified.relayState == "a b/c")
        }

        @Test(arguments: [
            ("a%20b%2Fc", "a+b%2Fc"), ("a%20b%2Fc", "a%20b%2fc"), ("a%20b%2Fc", "a%20b/c"), ("RelayState=a%20b%2Fc", "RelayState="),
            ("&RelayState=a%20b%2Fc", ""),
        ])
        func `and re-encoded or changed ones are refused`(old: String, new: String) throws {
            let query = try signed().replacing(old, with: new, maxReplacements: 1)
            #expect(try reason(query) == .querySignature(algorithm: Wire.rsaSHA256))
        }

        @Test func `a RelayState added after signing is refused`() throws {
            #expect(try reason(signed(relayState: nil) + "&RelayState=evil") == .querySignature(algorithm: Wire.rsaSHA256))
        }

        @Test func `the signature of another message is refused`() throws {
            var other = Asking.ministry()
            other.id = "_other"
            let parts = try signed(relayState: nil).split(separator: "&")
            let query = try Wire.query(other.xml) + "&" + parts[1] + "&" + parts[2]
            #expect(try reason(query) == .querySignature(algorithm: Wire.rsaSHA256))
        }

        @Test(arguments: [("SigAlg", "Signature"), ("Signature", "SigAlg")])
        func `half a signature is refused`(kept: String, missing: String) throws {
            let query = try signed().split(separator: "&").filter { !$0.hasPrefix(missing + "=") }.joined(separator: "&")
            #expect(try reason(query) == .missing(missing))
        }

        @Test func `without its signature it is unsigned, and that is refused`() throws {
            let query = try signed().split(separator: "&").prefix(2).joined(separator: "&")
            #expect(try reason(query) == .signatureDue(declaredBy: "AuthnRequestsSigned of " + Federation.ministryID))
        }
    }

    @Suite struct `each parameter once and under its name, checklist A24` {
        private func reason(_ query: String) throws -> SAMLRefusal.Reason? {
            try UnverifiedAuthnRequest.reason({ try .redirect(query: query) }, for: try Federation.ministry())
        }

        private func parts() throws -> [String] {
            try Wire.query(Asking.ministry().xml, relayState: "r", signedBy: Federation.ministryKey).split(separator: "&").map(String.init)
        }

        @Test(arguments: [(0, "SAMLRequest"), (1, "RelayState"), (2, "SigAlg"), (3, "Signature")], [false, true])
        func `twice is refused`(part: (Int, String), before: Bool) throws {
            let parts = try parts()
            let query = (before ? [part.1 + "=x"] + parts : parts + [parts[part.0]]).joined(separator: "&")
            #expect(try reason(query) == .duplicate(part.1))
        }

        @Test(arguments: [
            ("samlrequest", "SAMLRequest"), ("SAMLREQUEST", "SAMLRequest"), ("relaystate", "RelayState"), ("sigalg", "SigAlg"),
            ("signature", "Signature"),
        ])
        func `another case is refused`(sent: String, name: String) throws {
            #expect(try reason(parts().joined(separator: "&") + "&\(sent)=x") == .parameterName(sent, name))
        }

        @Test func `a percent-encoded name is refused`() throws {
            #expect(try reason("SAML%52equest=x&" + parts().joined(separator: "&")) == .parameterName("SAMLRequest", "SAMLRequest"))
        }

        @Test(arguments: ["SAMLResponse", "SAMLart"])
        func `a response beside the request is refused, checklist A23`(name: String) throws {
            #expect(try reason(parts().joined(separator: "&") + "&\(name)=x") == .unexpected(name))
        }
    }

    @Suite struct `the envelope` {
        private func reason(_ query: String) throws -> SAMLRefusal.Reason? {
            try UnverifiedAuthnRequest.reason({ try .redirect(query: query) }, for: try Federation.library())
        }

        @Test func `an XML signature inside a redirected message is refused, checklist S1`() throws {
            let query = try Wire.query(Asking.ministry().signedXML(by: Federation.ministryKey), signedBy: Federation.ministryKey)
            #expect(try reason(query) == .envelopedInRedirect)
        }

        @Test(arguments: ["", "RelayState=x", "foo=bar"])
        func `no SAMLRequest`(query: String) throws {
            #expect(try reason(query) == .missing("SAMLRequest"))
        }

        @Test(arguments: ["SAMLRequest=", "SAMLRequest=%zz", "SAMLRequest=a%4", "SAMLRequest=***", "SAMLRequest=abc", "SAMLRequest=ab+d"])
        func `no Base64`(query: String) throws {
            #expect(try reason(query) == .encoding("SAMLRequest"))
        }

        @Test(arguments: ["%ff", "%00", "%0A", "a%C0%AFb"])
        func `a RelayState that no form can carry back`(value: String) throws {
            #expect(try reason(Wire.query(Asking.library().xml) + "&RelayState=" + value) == .encoding("RelayState"))
        }

        @Test func `a RelayState of 200 octets passes and one above the cap does not, checklist S32`() throws {
            #expect(try reason(Wire.query(Asking.library().xml, relayState: String(repeating: "r", count: 200))) == nil)
            let long = try Wire.query(Asking.library().xml, relayState: String(repeating: "r", count: 1025))
            #expect(try reason(long) == .tooLarge("RelayState", limit: 1024))
        }

        @Test(arguments: [
            ("urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE", true),
            ("urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:GZIP", false),
        ])
        func `an encoding of the URL other than DEFLATE`(encoding: String, isKnown: Bool) throws {
            let query = try Wire.query(Asking.library().xml) + "&SAMLEncoding=" + Wire.escaped(encoding)
            #expect(try reason(query) == (isKnown ? nil : .unsupported("SAMLEncoding", encoding)))
        }

        @Test func `a zlib header`() throws {
            let deflated = try #require(Hexadecimal.decode("789c4b4c4a0600024d0127"))
            #expect(try reason(Wire.query(deflated: deflated)) == .deflate(.malformed))
        }
    }
}
