import Cryptography
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

/// The classes of checklist §5.A that concern Responses, against the judge that a service provider's developer gets from us. Every refusal
/// has a genuine message beside it that passes.
@Suite struct `Attacks on a Response` {
    @Test(arguments: ResponseSigning.allCases)
    func `the genuine message passes, whatever is signed, else a refusal proves nothing`(signing: ResponseSigning) throws {
        let verdict = try JudgedResponse.verdict(JudgedResponse(signing).xml)
        #expect(verdict.refusal == nil, "\(String(describing: verdict.refusal))")
        #expect(verdict.content?.name?.value == Federation.citizen)
        #expect(
            verdict.verified.map(\.element)
                == (signing == .both ? ["Response", "Assertion"] : [signing == .response ? "Response" : "Assertion"]))
        #expect(verdict.unchecked.isEmpty)
    }

    @Test(arguments: 1...8) func `XSW variants over Response and Assertion are refused, checklist A1`(variant: Int) throws {
        let whole = try JudgedResponse(.response)
        let inner = try JudgedResponse(.assertion)
        let (signature, assertion) = (try variant < 3 ? whole.signature : inner.signature, try inner.assertion)
        let bare = assertion.replacing(signature, with: "")
        let evil = try inner.evil(bare)
        let object = { (inside: String) in
            signature.replacing("</ds:Signature>", with: "<ds:Object>\(inside)</ds:Object></ds:Signature>")
        }
        let signedEvil = { (signature: String) in evil.replacing("</saml:Issuer>", with: "</saml:Issuer>" + signature) }
        let response = { (assertions: String) in inner.xml.replacing(assertion, with: assertions) }
        let original = whole.xml.replacing(signature, with: "")
        let evilResponse = try whole.evil(original)
        let xml =
            switch variant {
            // 1, 2: the whole Response is wrapped.
            case 1: evilResponse.replacing("</saml:Issuer><samlp:Status", with: "</saml:Issuer>" + object(original) + "<samlp:Status")
            case 2: evilResponse.replacing("</saml:Issuer><samlp:Status", with: "</saml:Issuer>" + original + signature + "<samlp:Status")
            // 3 to 8: the Assertion is.
            case 3: response(evil + assertion)
            case 4: response(evil.replacing("</saml:Assertion>", with: assertion + "</saml:Assertion>"))
            case 5: response(signedEvil(signature) + bare)
            case 6: response(signedEvil(signature.replacing("</ds:SignatureValue>", with: "</ds:SignatureValue>" + bare)))
            case 7: response("<samlp:Extensions>" + (try inner.evil(bare, keepingID: true)) + "</samlp:Extensions>" + assertion)
            default: response(signedEvil(object(bare)))
            }
        let verdict = try JudgedResponse.verdict(xml)
        #expect(verdict.refusal != nil)
        #expect(verdict.content == nil)
    }

    @Test(arguments: ["ID", "Id", "AssertionID"]) func `two elements with one identifier are refused, checklist A2`(name: String) throws {
        let genuine = try JudgedResponse(.assertion)
        let id = try #require(genuine.assertion.split(separator: " ID=\"").dropFirst().first?.split(separator: "\"").first)
        let xml = genuine.xml.replacing(
            "<samlp:Status>", with: "<samlp:Extensions><x \(name)=\"\(id)\"></x></samlp:Extensions><samlp:Status>")
        #expect(try JudgedResponse.code(xml) == "xml.signature.duplicate-id")
    }

    @Test func `a signature moved from the Assertion to the Response is refused, checklist A4`() throws {
        let genuine = try JudgedResponse(.assertion)
        let signature = try genuine.signature
        let moved = genuine.xml.replacing(signature, with: "")
            .replacing("<samlp:Status>", with: signature + "<samlp:Status>")
        #expect(try JudgedResponse.code(moved) == "xml.signature.reference")
    }

    @Test func `a status of failure with an assertion beside it gives nothing, checklist A6`() throws {
        let genuine = try JudgedResponse(.assertion)
        let failed = genuine.xml.replacing("status:Success", with: "status:Responder")
        #expect(try JudgedResponse.code(failed) == "saml.response.content-beside-failure")
        let bare = failed.replacing(try genuine.assertion, with: "")
        #expect(try JudgedResponse.code(bare) == "saml.response.status")
    }

    @Test(arguments: ["<!-- -->", "<!--.evil-->"]) func `a comment never cuts a name, checklist A7 and A8`(comment: String) throws {
        let genuine = try JudgedResponse()
        // Exclusive canonicalization leaves comments out: the signature stays good, and the name must not become shorter.
        let name = Federation.citizen
        let cut = genuine.xml.replacing(name, with: String(name.prefix(8)) + comment + String(name.dropFirst(8)))
        let verdict = try JudgedResponse.verdict(cut)
        #expect(verdict.refusal?.explanation.code == "saml.response.comment")
        #expect(verdict.verified.count == 2)
    }

    @Test func `a digest of nothing and a changed byte sign nothing, checklist A10 and A17`() throws {
        let genuine = try JudgedResponse()
        #expect(
            try JudgedResponse.code(genuine.xml.replacing(Federation.citizen, with: Federation.citizen.uppercased()))
                == "xml.signature.digest")
        let other = try JudgedResponse(seed: 2)
        let swapped = genuine.xml.replacing(try genuine.signature, with: try other.signature)
        #expect(try JudgedResponse.code(swapped) == "xml.signature.reference")
    }

    @Test func `a key in the message is not looked at, checklist A15`() throws {
        var rules = try JudgedResponse.rules()
        rules.keys = [Federation.otherKey.publicKey]
        #expect(try JudgedResponse.code(JudgedResponse().xml, rules) == "xml.signature.value")
        rules.keys = []
        #expect(try JudgedResponse.code(JudgedResponse().xml, rules) == "saml.response.no-key")
    }

    @Test func `without any signature nothing is believed, checklist A17`() throws {
        let genuine = try JudgedResponse(.response)
        #expect(try JudgedResponse.code(genuine.xml.replacing(try genuine.signature, with: "")) == "saml.response.unsigned")
    }

    @Test func `an assertion that somebody encrypted to us is as unsigned as it was, checklist A19`() throws {
        let genuine = try JudgedResponse(.assertion)
        let reader = try PrivateKey.generate(.rsa(bits: 2048))
        var rules = try JudgedResponse.rules()
        rules.decryptionKeys = [reader]
        var dice = Dice()
        func encrypted(_ assertion: String) throws -> String {
            let data = try XMLEncryptor(to: reader.publicKey).encrypt(Array(assertion.utf8), using: &dice)
            let text = String(decoding: data.canonicalBytes(), as: UTF8.self)
            return genuine.xml.replacing(try genuine.assertion, with: "<saml:EncryptedAssertion>\(text)</saml:EncryptedAssertion>")
                .replacing("<saml:EncryptedAssertion>", with: "<saml:EncryptedAssertion xmlns:saml=\"\(Asking.Name.assertion)\">")
        }
        let standing = try genuine.assertion
        let kept = try JudgedResponse.verdict(try encrypted(standing), rules)
        #expect(kept.refusal == nil, "\(String(describing: kept.refusal))")
        #expect(kept.verified.map(\.wasEncrypted) == [true])
        let forged = standing.replacing(try genuine.signature, with: "").replacing(Federation.citizen, with: "mallory")
        #expect(try JudgedResponse.code(try encrypted(forged), rules) == "saml.response.unsigned")
        rules.decryptionKeys = [Federation.otherKey]
        #expect(try JudgedResponse.code(try encrypted(standing), rules)?.hasPrefix("xml.encryption.") == true)
    }

    @Test func `two assertions are refused, both signed or not, checklist A21`() throws {
        let genuine = try JudgedResponse(.assertion)
        let second = try JudgedResponse(.assertion, seed: 2).assertion
        for pair in [try genuine.assertion + second, second + (try genuine.assertion)] {
            #expect(try JudgedResponse.code(genuine.xml.replacing(try genuine.assertion, with: pair)) == "saml.response.assertions")
        }
        #expect(try JudgedResponse.code(genuine.xml.replacing(try genuine.assertion, with: "")) == "saml.response.assertions")
    }
}
