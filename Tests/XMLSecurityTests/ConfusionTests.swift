import Cryptography
import Testing
import Vocabulary
import XML
import XMLSecurity

/// Signs arbitrary SignedInfo bytes with the genuine key, so that a test can ask for shapes that `XMLSigner` never makes.
private func signed(
    _ message: Message = .authnRequest, id: String = "_genuine", key: PrivateKey? = nil, uri: String? = nil,
    method: String = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalization: String = "http://www.w3.org/2001/10/xml-exc-c14n#",
    transforms: String =
        "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>",
    digest: String? = nil, edit: (String) throws -> String = { $0 }
) throws -> String {
    let bare = text(message.tag(id: id))
    let value = Base64.encode(Digest.sha256(Array(bare.utf8)))
    let list = transforms.isEmpty ? "" : "<ds:Transforms>\(transforms)</ds:Transforms>"
    let reference =
        "<ds:Reference URI=\"\(uri ?? "#" + id)\">\(list)<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>"
        + "<ds:DigestValue>\(digest ?? value)</ds:DigestValue></ds:Reference>"
    let info = try edit(
        "<ds:SignedInfo xmlns:ds=\"\(ds)\"><ds:CanonicalizationMethod Algorithm=\"\(canonicalization)\"></ds:CanonicalizationMethod>"
            + "<ds:SignatureMethod Algorithm=\"\(method)\"></ds:SignatureMethod>\(reference)</ds:SignedInfo>")
    let canonical = try Canonical.exclusive(try parse(info))
    let signature = Base64.encode(try (key ?? Keys.of()).sign(canonical, .rsaPKCS1(.sha256)))
    return try bare.with(
        "</saml:Issuer>",
        "</saml:Issuer><ds:Signature xmlns:ds=\"\(ds)\">\(info)<ds:SignatureValue>\(signature)</ds:SignatureValue></ds:Signature>")
}

private let enveloped = "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>"
private let exclusive = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>"

private func transform(_ uri: String, _ inner: String = "") -> String {
    "<ds:Transform Algorithm=\"\(uri)\">\(inner)</ds:Transform>"
}

/// Transform lists, and the URI or words that the refusal names.
private let transformLists: [(String, String)] = [
    ("", "no exclusive canonicalization"),
    (enveloped, "no exclusive canonicalization"),
    (exclusive, "no enveloped-signature"),
    (exclusive + enveloped, "http://www.w3.org/2001/10/xml-exc-c14n#"),
    (enveloped + enveloped, "http://www.w3.org/2000/09/xmldsig#enveloped-signature"),
    (enveloped + exclusive + exclusive, "3 transforms"),
    (enveloped + transform("http://www.w3.org/TR/1999/REC-xslt-19991116", "<x></x>"), "http://www.w3.org/TR/1999/REC-xslt-19991116"),
    (
        enveloped + transform("http://www.w3.org/TR/1999/REC-xpath-19991116", "<ds:XPath>1</ds:XPath>"),
        "http://www.w3.org/TR/1999/REC-xpath-19991116"
    ),
    (enveloped + transform("http://www.w3.org/2002/06/xmldsig-filter2"), "http://www.w3.org/2002/06/xmldsig-filter2"),
    (enveloped + transform("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"), "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
    (transform("http://www.w3.org/2000/09/xmldsig#base64") + exclusive, "http://www.w3.org/2000/09/xmldsig#base64"),
]

@Suite struct `Identifiers` {
    @Test func `control: the hand-made signature passes`() throws {
        #expect(try refusal(try signed()) == nil)
    }

    @Test(arguments: ["ID", "Id", "id", "AssertionID", "RequestID", "ResponseID", "xml:id"])
    func `A2 the same value on another element is refused, under any name and anywhere`(name: String) throws {
        let twin = "<samlp:Extensions xmlns:samlp=\"\(samlp)\"><x \(name)=\"_genuine\"></x></samlp:Extensions>"
        let bare = text(Message.authnRequest.tag())
        // The twin is part of the signed content, so only its identifier can be the reason.
        let content = try bare.with("</saml:Issuer>", "</saml:Issuer>" + twin)
        let canonical = try Canonical.exclusive(try parse(content))
        let one = try signed(digest: Base64.encode(Digest.sha256(canonical)))
        #expect(try refusal(try one.with("</ds:Signature>", "</ds:Signature>" + twin)) == .duplicateID)
        // Outside the signed element.
        let wrapped = "<r><x \(name)=\"_genuine\"/>\(try signed())</r>"
        let inner = try #require(all("AuthnRequest", in: try parse(wrapped)).first)
        #expect(throws: XMLSignatureRefusal.duplicateID) { try EnvelopedSignature.verify(inner, keys: [try Keys.of().publicKey]) }
    }

    @Test(arguments: ["Id", "id", "AssertionID"])
    func `A2 only the attribute ID counts as the root's identifier`(name: String) throws {
        #expect(try refusal(try signed().with(" ID=", " \(name)=")) == .identifier)
    }

    @Test(arguments: ["_a' or '1'='1", "a&quot;]", "x y", "", "1", "a/b", "id('x')", "_a|//*"])
    func `A14 an identifier that is not an NCName is refused before it is looked for`(id: String) throws {
        let message = try signed().with("ID=\"_genuine\"", "ID=\"\(id)\"").with("#_genuine", "#\(id)")
        #expect(try refusal(message) == .identifier)
    }

    @Test func `A2 identifiers are equal by bytes only`() throws {
        // U+212A (Kelvin sign) equals K for Swift's String.
        let message = try signed(id: "_K", uri: "#_\u{212A}")
        #expect(try refusal(message) == .reference("#_\u{212A}"))
        #expect(try refusal(try signed(id: "_K")) == nil)
    }
}

@Suite struct `References` {
    @Test(arguments: [
        "", "#", "#_other", "_genuine", "#xpointer(/)", "#xpointer(id('_genuine'))", "#_genuine ", "#%5Fgenuine",
        "http://evil.example/#_genuine",
        "file:///etc/passwd", "cid:x", "#_GENUINE",
    ])
    func `A3 A5 C4 to anything but the root's own ID are refused and not fetched`(uri: String) throws {
        #expect(try refusal(try signed(uri: uri)) == .reference(uri))
    }

    @Test func `A5 an empty URI is the whole document, for a caller that asks for it, and never an element inside`() throws {
        let message = try signed(uri: "")
        let keys = [try Keys.of().publicKey]
        #expect(throws: XMLSignatureRefusal.reference("")) { try EnvelopedSignature.verify(try parse(message), keys: keys) }
        #expect(throws: Never.self) { try EnvelopedSignature.verify(try parse(message), keys: keys, wholeDocument: true) }
        let nested = try #require(try parse("<r>\(message)</r>").children.first)
        #expect(throws: XMLSignatureRefusal.reference("")) { try EnvelopedSignature.verify(nested, keys: keys, wholeDocument: true) }
    }

    @Test func `A5 A13 none, two or three are refused, wherever the wrong one stands`() throws {
        let good = try signed().part("<ds:Reference ", "</ds:Reference>")
        let other = try good.with("#_genuine", "#_other")
        for list in ["", good + good, good + other, other + good, good + other + good] {
            let found = try refusal(try signed(edit: { try $0.with(good, list) }))
            guard case .reference = found else {
                Issue.record("\(String(describing: found))")
                continue
            }
        }
        #expect(try refusal(try signed(edit: { try $0.with(" URI=\"#_genuine\"", "") })) == .reference("no URI"))
    }

    @Test func `A3 our own signed output inside somebody's request proves nothing about the request`() throws {
        let captured = try EnvelopedSignature.sign(Message.assertion.tag(), key: try Keys.of(), algorithm: .rsaPKCS1(.sha256))
        for message in [Message.logoutRequest, .authnRequest, .logoutResponse] {
            let forged = text(message.tag(id: "_evil", name: "evil"))
            #expect(try refusal(try forged.with("</saml:Issuer>", "</saml:Issuer>" + text(captured))) == .noSignature)
            let signature = try text(captured).signature
            #expect(
                try refusal(try forged.with("</saml:Issuer>", "</saml:Issuer>" + signature + text(captured)))
                    == .reference("#_genuine"))
        }
    }

    @Test func `A4 a signature moved between Response and Assertion is refused in both`() throws {
        let response = try Message.response.signed()
        let signature = try response.signature
        // From the Response into its Assertion.
        let moved = try response.with(signature, "").with("<saml:Subject>", signature + "<saml:Subject>")
        #expect(try refusal(moved) == .noSignature)
        let assertion = try #require(all("Assertion", in: try parse(moved)).first)
        #expect(throws: XMLSignatureRefusal.reference("#_genuine")) {
            try EnvelopedSignature.verify(assertion, keys: [try Keys.of().publicKey])
        }
        // From the Assertion up to the Response.
        let inner = try EnvelopedSignature.sign(Message.assertion.tag(id: "_a"), key: try Keys.of(), algorithm: .rsaPKCS1(.sha256))
        let outer = text(XMLTag("samlp", samlp, "Response", attributes: [("ID", "_r")], children: [.element(inner)]))
        let own = try outer.signature
        let raised = try outer.with(own, "").with("</samlp:Response>", own + "</samlp:Response>")
        #expect(try refusal(raised) == .misplaced)
        #expect(throws: XMLSignatureRefusal.reference("#_a")) {
            try EnvelopedSignature.verify(try parse(raised), keys: [try Keys.of().publicKey], inSchemaPlace: false)
        }
    }

    @Test func `A4 a signature at the end is refused, unless the peer is forgiven`() throws {
        let genuine = try signed()
        let own = try genuine.signature
        let last = try genuine.with(own, "").with("</samlp:AuthnRequest>", own + "</samlp:AuthnRequest>")
        #expect(try refusal(last) == .misplaced)
        #expect(throws: Never.self) {
            try EnvelopedSignature.verify(try parse(last), keys: [try Keys.of().publicKey], inSchemaPlace: false)
        }
        // In the place of the Issuer, before it.
        #expect(try refusal(try genuine.with(own, "").with("<saml:Issuer", own + "<saml:Issuer")) == nil)
    }
}

@Suite struct `Shape of the signature` {
    @Test func `A5 two SignedInfo, in either order, are refused`() throws {
        let genuine = try signed()
        let info = try genuine.part("<ds:SignedInfo ", "</ds:SignedInfo>")
        let forged = try info.with("<ds:DigestValue>", "<ds:DigestValue>AAAA")
        for list in [info + forged, forged + info] {
            #expect(try refusal(try genuine.with(info, list)) == .malformed("SignatureValue"))
        }
        // Hidden after the value, or one level down.
        #expect(try refusal(try genuine.with("</ds:SignatureValue>", "</ds:SignatureValue>" + info)) == .malformed("Signature"))
        #expect(try refusal(try genuine.with("</ds:SignatureValue>", "</ds:SignatureValue><ds:KeyInfo>\(info)</ds:KeyInfo>")) == nil)
    }

    @Test func `A5 two signatures, or a Manifest, are refused`() throws {
        let genuine = try signed()
        let signature = try genuine.signature
        #expect(try refusal(try genuine.with(signature, signature + signature)) == .severalSignatures)
        #expect(try refusal(try genuine.with("</samlp:AuthnRequest>", signature + "</samlp:AuthnRequest>")) == .severalSignatures)
        let manifest = "<ds:Object><ds:Manifest></ds:Manifest></ds:Object>"
        #expect(try refusal(try genuine.with("</ds:Signature>", manifest + "</ds:Signature>")) == .malformed("Signature"))
    }

    @Test func `A6 a decoy that repeats the signature is not stripped from the content`() throws {
        let genuine = try signed()
        let signature = try genuine.signature
        // Inside another element: the enveloped transform removes one node, not everything that looks like it.
        let decoy = try signature.with("</ds:Signature>", "<ds:Object>evil</ds:Object></ds:Signature>")
        let subject = try genuine.part("<saml:Subject ", "</saml:Subject>")
        #expect(try refusal(try genuine.with(subject, decoy)) == .severalSignatures)
        let nested = try genuine.with("<saml:NameID>", decoy + "<saml:NameID>")
        #expect(try refusal(nested) == .digest)
        let inKeyInfo = try genuine.with("</ds:Signature>", "<ds:KeyInfo>\(signature)</ds:KeyInfo></ds:Signature>")
        #expect(try refusal(inKeyInfo) == .severalSignatures)
    }

    @Test(arguments: ["DigestValue", "SignatureValue"])
    func `A7 a comment, a tag or CDATA games inside a value are refused or read whole`(name: String) throws {
        let genuine = try signed()
        let value = try genuine.part("<ds:\(name)>", "</ds:\(name)>").dropFirst(name.count + 5).dropLast(name.count + 6)
        let half = value.count / 2
        let (first, second) = (value.prefix(half), value.dropFirst(half))
        for middle in ["<!-- -->", "<!---->", "<x/>"] {
            let broken = try genuine.with(String(value), first + middle + second)
            let found = try refusal(broken)
            #expect(found == .malformed(name))
        }
        #expect(try refusal(try genuine.with(String(value), "<!--\(value)-->")) == .malformed(name))
        #expect(try refusal(try genuine.with(String(value), "\(value)<!--x-->")) == .malformed(name))
        #expect(try refusal(try genuine.with(String(value), "")) == .malformed(name))
        #expect(try refusal(try genuine.with(String(value), "*" + value)) == .malformed(name))
    }

    @Test func `A8 a comment added to signed text changes nothing that is read`() throws {
        let message = try Message.assertion.signed(name: "admin@x.example.evil.example")
        let commented = try message.with("admin@x.example", "admin@x.example<!-- -->")
        let element = try EnvelopedSignature.verify(try parse(commented), keys: [try Keys.of().publicKey]).element
        let name = try #require(all("NameID", in: element).first)
        #expect(name.text == "admin@x.example.evil.example")
        #expect(!name.hasOnlyText)
        #expect(try refusal(try message.with("admin@x.example", "admin@x.example<![CDATA[]]>")) == nil)
    }

    @Test func `A9 A11 what is read through the proof has the canonical form that was digested`() throws {
        let message = try Message.response.signed().with("<saml:Subject>", "<!-- c --><saml:Subject>")
        let root = try parse(message)
        let element = try EnvelopedSignature.verify(root, keys: [try Keys.of().publicKey]).element
        let digested = try Canonical.exclusive(root, excluding: root.child(XMLName(ds, "Signature")))
        #expect(try digest(in: root) == Digest.sha256(digested))
        #expect(digested == Message.response.tag().canonicalBytes())
        #expect(element.isSame(as: root))
    }

    private func digest(in root: XMLElement) throws -> [UInt8]? { Base64.decode(try #require(all("DigestValue", in: root).first).text) }

    @Test func `stray text, unknown children and wrong order are refused`() throws {
        let genuine = try signed()
        #expect(try refusal(try genuine.with("<ds:SignatureValue>", "x<ds:SignatureValue>")) == .malformed("Signature"))
        #expect(try refusal(try genuine.with("<ds:SignatureValue>", "<x/><ds:SignatureValue>")) == .malformed("SignatureValue"))
        #expect(try refusal(try signed(edit: { try $0.with("<ds:Reference", "<x></x><ds:Reference") })) == .reference("no Reference"))
        #expect(try refusal(try signed(edit: { try $0.with("</ds:Reference>", "</ds:Reference><x></x>") })) == .malformed("SignedInfo"))
        let value = try genuine.part("<ds:SignatureValue>", "</ds:SignatureValue>")
        #expect(try refusal(try genuine.with(value, "").with("<ds:SignedInfo ", value + "<ds:SignedInfo ")) == .malformed("SignedInfo"))
    }
}

@Suite struct `Algorithms and keys` {
    @Test(arguments: [
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
        "http://www.w3.org/2007/05/xmldsig-more#rsa-pss", "", "none", "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 ",
    ])
    func `A15 the message cannot choose an algorithm that nobody allowed`(method: String) throws {
        #expect(try refusal(try signed(method: method)) == .algorithm(method))
    }

    @Test func `A15 a MAC keyed with the public key is refused`() throws {
        let key = try Keys.of().publicKey
        let hmac = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
        for secret in [key.spki, Array(PEM.encode(key.spki, label: "PUBLIC KEY").utf8)] {
            let info = try signed(method: hmac).part("<ds:SignedInfo ", "</ds:SignedInfo>")
            let mac = Base64.encode(HMAC.sha256(key: secret, try Canonical.exclusive(try parse(info))))
            let genuine = try signed(method: hmac)
            let value = try genuine.part("<ds:SignatureValue>", "</ds:SignatureValue>")
            #expect(try refusal(try genuine.with(value, "<ds:SignatureValue>\(mac)</ds:SignatureValue>")) == .algorithm(hmac))
        }
    }

    @Test func `A15 a key inside the message is not looked at`() throws {
        let stranger = try Keys.ofStranger()
        let certificate = try SelfSigned.certificate(
            for: stranger, commonName: "evil", notBefore: Timestamp(seconds: 1_700_000_000), notAfter: Timestamp(seconds: 1_900_000_000),
            dnsNames: [], ipAddresses: [])
        let forged = try EnvelopedSignature.sign(
            Message.response.tag(name: "evil"), key: stranger, algorithm: .rsaPKCS1(.sha256), certificate: certificate)
        #expect(try refusal(text(forged)) == .signature)
        #expect(try refusal(text(forged), keys: []) == .keyMissing)
        #expect(try refusal(text(forged), keys: [stranger.publicKey]) == nil)
        // RetrievalMethod and anything else in KeyInfo neither helps nor hurts nor is fetched.
        let retrieval =
            "<ds:KeyInfo><ds:RetrievalMethod URI=\"http://evil.example/key\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/></ds:Transforms></ds:RetrievalMethod></ds:KeyInfo>"
        #expect(try refusal(try signed().with("</ds:Signature>", retrieval + "</ds:Signature>")) == nil)
    }

    @Test func `A16 keys for encryption only are no keys: an empty set never verifies`() throws {
        #expect(try refusal(try signed(), keys: []) == .keyMissing)
    }

    @Test func `A15 an algorithm of the other key type is refused`() throws {
        #expect(try refusal(try signed(method: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256")) == .keyMissing)
    }

    @Test(arguments: [
        "http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2001/04/xmldsig-more#md5",
        "http://www.w3.org/2001/04/xmldsig-more#sha224", "",
    ])
    func `weak or unknown digests are refused`(digest: String) throws {
        let message = try signed(edit: { try $0.with("http://www.w3.org/2001/04/xmlenc#sha256", digest) })
        #expect(try refusal(message) == .algorithm(digest))
    }

    @Test(arguments: [
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/TR/1999/REC-xpath-19991116", "",
    ])
    func `S55 other canonicalizations of SignedInfo are refused`(uri: String) throws {
        #expect(try refusal(try signed(canonicalization: uri)) == .algorithm(uri))
    }

    @Test(arguments: transformLists)
    func `C4 exactly two transforms are spoken, each once, in order`(transforms: String, refused: String) throws {
        #expect(try refusal(try signed(transforms: transforms)) == .transform(refused))
    }

    @Test func `S55 PrefixList is honoured, in SignedInfo and in the transform`() throws {
        let list = { (prefixes: String) in
            "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"\(prefixes)\"></ec:InclusiveNamespaces>"
        }
        let transforms = try (enveloped + exclusive).with("exc-c14n#\">", "exc-c14n#\">" + list("xs\n xsi"))
        let tag = Message.assertion.tag()
        // `xs` occurs in content only, so it is declared although nothing visibly uses it.
        let bare = try text(tag).with("xmlns:saml=", "xmlns:xs=\"urn:xs\" xmlns:saml=")
        let canonical = try Canonical.exclusive(try parse(bare), inclusivePrefixes: ["xs", "xsi"])
        #expect(String(decoding: canonical, as: UTF8.self).contains("xmlns:xs="))
        let value = Base64.encode(Digest.sha256(canonical))
        let message = try signed(.assertion, transforms: transforms, digest: value).with("xmlns:saml=", "xmlns:xs=\"urn:xs\" xmlns:saml=")
        #expect(try refusal(message) == nil)
        #expect(try refusal(try message.with("xmlns:xs=\"urn:xs\"", "xmlns:xs=\"urn:ys\"")) == .digest)
        #expect(
            try refusal(
                try signed(.assertion, transforms: transforms.with("PrefixList", "Prefixlist"), digest: value).with(
                    "xmlns:saml=", "xmlns:xs=\"urn:xs\" xmlns:saml=")) == .digest)
        let many = try (enveloped + exclusive).with("exc-c14n#\">", "exc-c14n#\">" + list(String(repeating: "p ", count: 33)))
        #expect(try refusal(try signed(transforms: many)) == .malformed("InclusiveNamespaces"))
    }

    @Test func `A10 a canonicalization that fails refuses; the digest of nothing signs nothing`() throws {
        let empty = Base64.encode(Digest.sha256([]))
        let message = try signed(digest: empty)
        #expect(try refusal(message) == .digest)
        for namespace in ["rel", "../x", "x/y"] {
            let poisoned = try message.with("<saml:Subject ", "<saml:Subject xmlns:q=\"\(namespace)\" ")
            guard let root = try? parse(poisoned) else { continue }
            #expect(throws: XMLSignatureRefusal.self) { try EnvelopedSignature.verify(root, keys: [try Keys.of().publicKey]) }
        }
        #expect(try refusal(try message.with("<saml:Subject ", "<saml:Subject xmlns:q=\"rel\" q:a=\"\" ")) == .canonicalization)
    }

    @Test func `A12 an identifier made by an entity never reaches the verifier`() {
        let text = "<!DOCTYPE r [<!ENTITY i '_genuine'>]><r ID='&i;'/>"
        #expect(throws: XMLRefusal.doctype) { try XMLDocument(parsing: Array(text.utf8)) }
        #expect(throws: XMLRefusal.entity) { try XMLDocument(parsing: Array("<r ID='&i;'/>".utf8)) }
    }
}
