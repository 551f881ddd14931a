import Cryptography
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

/// Signature wrapping and its kin over AuthnRequest (checklist A1–A9): a message genuinely signed by the ministry, captured, and bent so
/// that it says something else. Each must be refused, whatever the member's metadata says about signatures.
@Suite struct `Signature wrapping over AuthnRequest` {
    /// The genuine message and the parts of it.
    struct Captured {
        let xml: String
        let signature: String
        let open: String
        let body: String

        init() throws {
            xml = try Asking.ministry(Federation.postAddress, children: "<samlp:NameIDPolicy Format=\"\(NameIDFormat.persistent)\"/>")
                .signedXML(by: Federation.ministryKey)
            let start = try #require(xml.firstRange(of: "<ds:Signature ")).lowerBound
            let end = try #require(xml.firstRange(of: "</ds:Signature>")).upperBound
            signature = String(xml[start..<end])
            let openEnd = try #require(xml.firstIndex(of: ">"))
            open = String(xml[...openEnd])
            body = String(xml[xml.index(after: openEnd)...].dropLast("</samlp:AuthnRequest>".count))
        }

        /// The genuine message without its signature.
        var bare: String { xml.replacing(signature, with: "") }

        /// What the attacker wants: another address for the answer.
        func evil(id: String = "_evil", inside: String) -> String {
            open.replacing("ID=\"_request-1\"", with: "ID=\"\(id)\" AssertionConsumerServiceURL=\"\(Federation.ministryConsumer)/second\"")
                + "<saml:Issuer xmlns:saml=\"\(Asking.Name.assertion)\">\(Federation.ministryID)</saml:Issuer>" + inside
                + "</samlp:AuthnRequest>"
        }

        func signature(with object: String) -> String {
            signature.replacing("</ds:Signature>", with: "<ds:Object>\(object)</ds:Object></ds:Signature>")
        }
    }

    /// Through both policies: signature due, and not due. Nil only when nobody refuses.
    static func refusals(_ xml: String) throws -> [SAMLRefusal.Reason?] {
        try [true, false].map { due in
            try UnverifiedAuthnRequest.reason({ try .post(form: Wire.form(xml)) }, for: Federation.ministry(signed: due))
        }
    }

    @Test func `the genuine message passes, else a refusal proves nothing`() throws {
        #expect(try Self.refusals(Captured().xml) == [nil, nil])
    }

    @Test(arguments: 1...8)
    func `XSW variants are refused, checklist A1 and A3`(variant: Int) throws {
        let captured = try Captured()
        let extensions = { (inside: String) in "<samlp:Extensions>\(inside)</samlp:Extensions>" }
        let xml =
            switch variant {
            // 1, 6, 8: the evil message carries the signature, which carries the signed original.
            case 1: captured.evil(inside: captured.signature(with: captured.xml))
            case 6:
                captured.evil(inside: captured.signature.replacing("</ds:SignatureValue>", with: "</ds:SignatureValue>" + captured.bare))
            case 8: captured.evil(inside: captured.signature(with: captured.bare))
            // 2: signature and original side by side in the evil message.
            case 2: captured.evil(inside: captured.signature + captured.bare)
            // 3, 4, 7: the original, signature and all, wrapped at different places.
            case 3: captured.evil(inside: captured.xml)
            case 4: captured.evil(inside: extensions(captured.xml))
            case 7: captured.evil(inside: captured.signature + extensions(captured.bare))
            // 5: the evil message keeps the identifier, the original is appended without it.
            default: captured.evil(id: "_request-1", inside: captured.signature + extensions(captured.bare))
            }
        for reason in try Self.refusals(xml) { #expect(reason != nil) }
    }

    @Test(arguments: ["ID", "Id", "id", "xml:id", "AssertionID", "RequestID"], [true, false])
    func `a second element with the same identifier is refused, checklist A2`(attribute: String, before: Bool) throws {
        let captured = try Captured()
        let twin = "<samlp:Extensions><x \(attribute)=\"_request-1\"/></samlp:Extensions>"
        let xml =
            before
            ? captured.xml.replacing(captured.signature, with: twin + captured.signature)
            : captured.xml.replacing(captured.signature, with: captured.signature + twin)
        for reason in try Self.refusals(xml) { #expect(reason != nil) }
    }

    /// Our own signed answers are everywhere: none of them may serve as somebody's signature.
    @Test func `a signed Assertion or Response of ours inside a request signs nothing, checklist A3`() throws {
        let answered = try `A Response, SAML Profiles §4.1.4.2`.answered()
        let assertion = String(try #require(answered.text.firstRange(of: /<saml:Assertion.*<\/saml:Assertion>/).map { answered.text[$0] }))
        let signature = String(try #require(assertion.firstRange(of: /<ds:Signature.*<\/ds:Signature>/).map { assertion[$0] }))
        for inside in [assertion, answered.text, signature, "<samlp:Extensions>\(assertion)</samlp:Extensions>"] {
            let xml = try Captured().evil(inside: inside)
            for reason in try Self.refusals(xml) { #expect(reason != nil) }
        }
    }

    @Test func `a signature elsewhere than right under the message counts for nothing, checklist A4`() throws {
        let captured = try Captured()
        for moved in [
            captured.bare.replacing("</saml:Issuer>", with: captured.signature + "</saml:Issuer>"),
            captured.bare.replacing(
                "</samlp:AuthnRequest>", with: "<samlp:Extensions>\(captured.signature)</samlp:Extensions></samlp:AuthnRequest>"),
        ] {
            for reason in try Self.refusals(moved) { #expect(reason == .misplacedSignature) }
        }
    }

    @Test(arguments: [
        "two signatures", "two SignedInfo", "no SignedInfo", "two References", "no Reference", "URI empty", "no URI", "URI of another",
        "Manifest",
        "nested Signature",
    ])
    func `more or less than one Signature, SignedInfo and Reference is refused, checklist A5 and A13`(what: String) throws {
        let captured = try Captured()
        let information = String(try #require(captured.xml.firstRange(of: /<ds:SignedInfo>.*<\/ds:SignedInfo>/).map { captured.xml[$0] }))
        let reference = String(try #require(captured.xml.firstRange(of: /<ds:Reference.*<\/ds:Reference>/).map { captured.xml[$0] }))
        let xml =
            switch what {
            case "two signatures": captured.xml.replacing(captured.signature, with: captured.signature + captured.signature)
            case "two SignedInfo": captured.xml.replacing(information, with: information + information)
            case "no SignedInfo": captured.xml.replacing(information, with: "")
            case "two References": captured.xml.replacing(reference, with: reference + reference)
            case "no Reference": captured.xml.replacing(reference, with: "")
            case "URI empty": captured.xml.replacing("URI=\"#_request-1\"", with: "URI=\"\"")
            case "no URI": captured.xml.replacing(" URI=\"#_request-1\"", with: "")
            case "URI of another": captured.xml.replacing("URI=\"#_request-1\"", with: "URI=\"#_other\"")
            case "Manifest":
                captured.xml.replacing(captured.signature, with: captured.signature(with: "<ds:Manifest>\(reference)</ds:Manifest>"))
            default: captured.xml.replacing(captured.signature, with: captured.signature(with: captured.signature))
            }
        for reason in try Self.refusals(xml) {
            if what == "nested Signature" {
                #expect(reason == .misplacedSignature)
            } else if case .messageSignature = reason {
                continue
            } else {
                Issue.record("\(what): \(String(describing: reason))")
            }
        }
    }

    @Test func `a decoy with the same SignatureValue does not vanish with the signature, checklist A6`() throws {
        let captured = try Captured()
        let decoy = captured.signature(with: captured.evil(inside: ""))
        for xml in [
            captured.xml.replacing(captured.signature, with: captured.signature + decoy),
            captured.xml.replacing(captured.signature, with: decoy + captured.signature),
            captured.xml.replacing("</samlp:AuthnRequest>", with: "<samlp:Extensions>\(decoy)</samlp:Extensions></samlp:AuthnRequest>"),
        ] {
            for reason in try Self.refusals(xml) { #expect(reason != nil) }
        }
    }

    @Test(arguments: ["DigestValue", "SignatureValue"], ["<!-- -->", "<x/>", "<![CDATA[]]>A"])
    func `comments and markup inside the values are refused, checklist A7`(element: String, inserted: String) throws {
        let captured = try Captured()
        let xml = captured.xml.replacing("</ds:\(element)>", with: inserted + "</ds:\(element)>")
        for reason in try Self.refusals(xml) { #expect(reason != nil) }
    }

    @Test(arguments: [
        "Algorithm=\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\"", "Algorithm=\"http://www.w3.org/2000/09/xmldsig#rsa-sha1\"",
        "Algorithm=\"\"", "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256\"",
    ])
    func `another algorithm in the message is refused, checklist A15`(algorithm: String) throws {
        let xml = try Captured().xml.replacing("Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"", with: algorithm)
        for reason in try Self.refusals(xml) {
            guard case .messageSignature(.algorithm) = reason else {
                Issue.record("\(String(describing: reason))")
                continue
            }
        }
    }

    @Test func `a key that the message brings along is not looked at, checklist A15`() throws {
        let form = try Wire.form(Asking.ministry(Federation.postAddress).signedXML(by: Federation.otherKey))
        #expect(try UnverifiedAuthnRequest.reason({ try .post(form: form) }, for: Federation.ministry()) == .messageSignature(.signature))
    }

    @Test(arguments: [
        "http://www.w3.org/TR/1999/REC-xslt-19991116", "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2002/07/decrypt#XML",
    ])
    func `another transform is refused before it could run, checklist A10 and C4`(transform: String) throws {
        let captured = try Captured()
        for xml in [
            captured.xml.replacing("http://www.w3.org/2000/09/xmldsig#enveloped-signature", with: transform),
            captured.xml.replacing("<ds:Transforms>", with: "<ds:Transforms><ds:Transform Algorithm=\"\(transform)\"></ds:Transform>"),
        ] {
            for reason in try Self.refusals(xml) {
                guard case .messageSignature(.transform) = reason else {
                    Issue.record("\(String(describing: reason))")
                    continue
                }
            }
        }
    }

    @Test func `a canonical form that does not exist is an error, not an empty text, checklist A10`() throws {
        let captured = try Captured()
        let relative = captured.xml.replacing(
            "</samlp:AuthnRequest>", with: "<samlp:Extensions><x:y xmlns:x=\"relative\"/></samlp:Extensions></samlp:AuthnRequest>")
        for reason in try Self.refusals(relative) { #expect(reason != nil) }
    }

    @Test func `anything added, changed or removed after signing is refused, checklist A9 and A17`() throws {
        let captured = try Captured()
        for (old, new) in [
            ("Version=\"2.0\"", "Version=\"2.0\" AssertionConsumerServiceURL=\"\(Federation.ministryConsumer)/second\""),
            (NameIDFormat.persistent, NameIDFormat.transient),
            ("<samlp:NameIDPolicy", "<saml:Conditions xmlns:saml=\"\(Asking.Name.assertion)\"/><samlp:NameIDPolicy"),
            ("</saml:Issuer>", " </saml:Issuer>"), ("2026-11-21", "2026-11-22"),
        ] {
            let xml = captured.xml.replacing(old, with: new)
            #expect(xml != captured.xml)
            for reason in try Self.refusals(xml) {
                #expect(reason == .messageSignature(.digest))
            }
        }
    }

    @Test func `a signature cut off leaves an unsigned message, which is refused where one was due`() throws {
        let reasons = try Self.refusals(Captured().bare)
        #expect(reasons == [.signatureDue(declaredBy: "AuthnRequestsSigned of " + Federation.ministryID), nil])
    }

    /// The whole corpus of one-octet changes: no change of what was signed passes, and none traps (checklist A17, A18).
    @Test func `no single flipped octet passes`() throws {
        let bytes = Array(try Captured().xml.utf8)
        var dice = Dice(3)
        let provider = try Federation.ministry()
        let idp = try Federation.identityProvider()
        let signatureStart = try #require(String(decoding: bytes, as: UTF8.self).firstRange(of: "<ds:KeyInfo>")).lowerBound
        let text = String(decoding: bytes, as: UTF8.self)
        let keyInfo =
            text.utf8.distance(
                from: text.startIndex, to: signatureStart)..<text.utf8.distance(
                from: text.startIndex, to: try #require(text.firstRange(of: "</ds:KeyInfo>")).upperBound)
        for _ in 0..<600 {
            let at = Int.random(in: 0..<bytes.count, using: &dice)
            // KeyInfo is never read, so that a change there changes nothing.
            if keyInfo.contains(at) { continue }
            var bent = bytes
            bent[at] ^= UInt8(1 << Int.random(in: 0..<7, using: &dice))
            let reason = try UnverifiedAuthnRequest.reason(
                { try .post(form: Wire.form(String(decoding: bent, as: UTF8.self))) }, for: provider, at: idp)
            #expect(reason != nil, "octet \(at): \(bytes[at]) to \(bent[at])")
        }
    }
}
