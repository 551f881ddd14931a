import Cryptography
import SAML
import Testing
import Vocabulary
import XMLSecurity

@Suite struct `HTTP-POST, SAML Bindings §3.5` {
    private func reason(_ form: [UInt8], for provider: ServiceProvider? = nil) throws -> SAMLRefusal.Reason? {
        try UnverifiedAuthnRequest.reason({ try .post(form: form) }, for: try provider ?? Federation.library())
    }

    @Test func `takes an unsigned request of a member that does not sign`() throws {
        let form = Wire.form(Asking.library(Federation.postAddress).xml, relayState: "日本")
        let verified = try UnverifiedAuthnRequest.post(form: form)
            .verified(for: Federation.library(), at: Federation.identityProvider(), at: Federation.now)
        #expect(verified.relayState == "日本")
        #expect(verified.binding == .post)
    }

    @Test func `takes Base64 with line breaks and spaces, checklist S2`() throws {
        let text = Base64.encode(Array(Asking.library(Federation.postAddress).xml.utf8))
        var broken = ""
        for (index, character) in text.enumerated() {
            if index % 76 == 75 { broken += "\r\n " }
            broken.append(character)
        }
        #expect(try reason(Array(("SAMLRequest=" + Wire.escaped(broken)).utf8)) == nil)
    }

    @Test(arguments: [
        (SignatureAlgorithm.rsaPKCS1(.sha256), false), (.rsaPKCS1(.sha512), false), (.rsaPSS(.sha256), false), (.ecdsa(.sha256), true),
    ])
    func `takes a message signed by a key of the member's metadata`(algorithm: SignatureAlgorithm, curve: Bool) throws {
        let key = curve ? Federation.curveKey : Federation.ministryKey
        let form = try Wire.form(Asking.ministry(Federation.postAddress).signedXML(by: key, algorithm: algorithm))
        let provider = try Federation.ministry(keys: [Federation.otherKey, Federation.ministryKey, Federation.curveKey])
        let verified = try UnverifiedAuthnRequest.post(form: form)
            .verified(for: provider, at: Federation.identityProvider(), at: Federation.now)
        #expect(verified.isSigned)
        #expect(try reason(form, for: Federation.ministry(keys: [curve ? Federation.ministryKey : Federation.otherKey])) != nil)
    }

    @Test(arguments: ["SigAlg", "Signature", "KeyInfo"])
    func `does not pass over the signature of a binding it does not speak`(name: String) throws {
        let form = Wire.form(Asking.library(Federation.postAddress).xml) + Array("&\(name)=x".utf8)
        #expect(try reason(form) == .unexpected(name))
    }

    @Test(arguments: ["SAMLRequest", "RelayState"])
    func `refuses a second copy, checklist A24`(name: String) throws {
        let form = Wire.form(Asking.library(Federation.postAddress).xml, relayState: "r") + Array("&\(name)=x".utf8)
        #expect(try reason(form) == .duplicate(name))
    }

    @Test func `refuses a response beside the request, checklist A23`() throws {
        #expect(
            try reason(Wire.form(Asking.library(Federation.postAddress).xml) + Array("&SAMLResponse=x".utf8)) == .unexpected("SAMLResponse")
        )
    }

    @Test func `refuses a deflated message`() throws {
        let form = "SAMLRequest=" + Wire.escaped(Base64.encode(Wire.stored(Array(Asking.library(Federation.postAddress).xml.utf8))))
        guard case .xml = try reason(Array(form.utf8)) else {
            Issue.record("a deflated message was read")
            return
        }
    }

    @Test(arguments: ["", "SAMLRequest", "SAMLRequest=%", "SAMLRequest=%41", "SAMLRequest=a*b="])
    func `refuses what is no message`(form: String) throws {
        #expect(try reason(Array(form.utf8)) != nil)
    }
}
