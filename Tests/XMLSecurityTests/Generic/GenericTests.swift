import Cryptography
import Foundation
import Testing
import Vocabulary
import XML
import XMLSecurity

private let inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
private let inclusive11 = "http://www.w3.org/2006/12/xml-c14n11"
private let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
private let xpath = "http://www.w3.org/TR/1999/REC-xpath-19991116"
private let enveloped = ds + "enveloped-signature"
private let sha256 = "http://www.w3.org/2001/04/xmlenc#sha256"
private let rsa = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

/// A plain signature made by hand through the generic door's own canonical forms and our keys.
private struct Signed: Sendable {
    var body: @Sendable (String) -> String
    var references: [(uri: String, transforms: String)]
    var canonicalization = inclusive
    var method = rsa
    var object = ""

    /// The digests are filled in from what `referencedOctets` says, so a fault there shows in xmlsec1's verdict only.
    func text(_ options: GenericOptions = GenericOptions(), comments: Bool = false) throws -> String {
        var digests = references.map { _ in "AA==" }
        for index in references.indices {
            let octets = try GenericXML.referencedOctets(Array(document(digests, "AA==").utf8), reference: index, options: options)
            digests[index] = Base64.encode(Digest.sha256(octets))
        }
        let unsigned = Array(document(digests, "AA==").utf8)
        let signed = try GenericXML.canonicalize(unsigned, method: canonicalization, apex: "//*[local-name()='SignedInfo']")
        return document(digests, Base64.encode(try Keys.of().sign(signed, .rsaPKCS1(.sha256))))
    }

    private func document(_ digests: [String], _ value: String) -> String {
        let list = zip(references, digests).map { reference, digest in
            "<Reference URI=\"\(reference.uri)\">\(reference.transforms)<DigestMethod Algorithm=\"\(sha256)\"/>"
                + "<DigestValue>\(digest)</DigestValue></Reference>"
        }
        return body(
            "<Signature xmlns=\"\(ds)\"><SignedInfo><CanonicalizationMethod Algorithm=\"\(canonicalization)\"/>"
                + "<SignatureMethod Algorithm=\"\(method)\"/>\(list.joined())</SignedInfo><SignatureValue>\(value)</SignatureValue>"
                + "\(object)</Signature>")
    }
}

private func transforms(_ all: String...) -> String {
    "<Transforms>" + all.map { $0.hasPrefix("<") ? $0 : "<Transform Algorithm=\"\($0)\"/>" }.joined() + "</Transforms>"
}

private func filter(_ expression: String) -> String {
    "<Transform Algorithm=\"\(xpath)\"><XPath xmlns:d=\"\(ds)\">\(expression)</XPath></Transform>"
}

private func outcome(_ text: String, _ options: GenericOptions = GenericOptions(), keys: [PublicKey]? = nil) throws -> GenericRefusal? {
    let keys = try keys ?? [try Keys.of().publicKey]
    do throws(GenericRefusal) {
        _ = try GenericXML.verify(Array(text.utf8), keys: keys, options: options)
        return nil
    } catch {
        return error
    }
}

@Suite struct `The generic verifier` {
    private static let enveloping = Signed(
        body: { "<a xmlns=\"urn:a\" xml:lang=\"ja\"><b Id=\"x\">戸籍<!-- c --></b>\($0)</a>" },
        references: [("", transforms(enveloped)), ("#x", ""), ("#xpointer(id('x'))", transforms(exclusive + "WithComments"))])

    @Test(arguments: [
        inclusive, inclusive + "#WithComments", inclusive11, inclusive11 + "#WithComments", exclusive, exclusive + "WithComments",
    ])
    func `proves every reference and says what it covers, under each canonicalization`(method: String) throws {
        var signed = Self.enveloping
        signed.canonicalization = method
        let text = try signed.text()
        let verdict = try GenericXML.verify(Array(text.utf8), keys: [try Keys.of().publicKey])
        #expect(verdict.references.map(\.uri) == ["", "#x", "#xpointer(id('x'))"])
        #expect(verdict.references.map(\.identifier) == [nil, "x", "x"])
        // Inclusive forms carry the context of the apex along; comments only where an XPointer selected them.
        #expect(String(decoding: verdict.references[1].octets, as: UTF8.self) == "<b xmlns=\"urn:a\" Id=\"x\" xml:lang=\"ja\">戸籍</b>")
        #expect(String(decoding: verdict.references[2].octets, as: UTF8.self) == "<b xmlns=\"urn:a\" Id=\"x\">戸籍<!-- c --></b>")
        #expect(try outcome(try text.with("戸籍", "国籍")) == .signature(.digest))
        #expect(try outcome(text, keys: [try Keys.ofStranger().publicKey]) == .signature(.signature))
        #expect(try outcome(text, keys: []) == .signature(.keyMissing))
    }

    @Test func `A13 every reference counts, not the last one`() throws {
        let text = try Self.enveloping.text()
        let comment = try text.with("<!-- c -->", "<!-- d -->")
        // Only the third reference sees comments.
        #expect(try outcome(comment) == .signature(.digest))
    }

    @Test func `xmlsec1 believes the same`() throws {
        guard let program = Program.find("xmlsec1") else { return print("NOT RUN: xmlsec1 is not installed") }
        var options = GenericOptions()
        options.allowXPath = true
        var filtered = Self.enveloping
        filtered.references = [("", transforms(filter("not(ancestor-or-self::d:Signature)"), inclusive11)), ("#x", transforms(exclusive))]
        for (signed, isTrue) in [(Self.enveloping, true), (filtered, true), (filtered, false)] {
            var text = try signed.text(options)
            if !isTrue { text = try text.with("戸籍", "国籍") }
            let status = try Program.inScratch { folder in
                let (file, key) = (folder.appending(path: "m.xml"), folder.appending(path: "k.pem"))
                try Data(text.utf8).write(to: file)
                try Data(PEM.encode(try Keys.of().publicKey.spki, label: "PUBLIC KEY").utf8).write(to: key)
                return try Program.run(program, ["--verify", "--pubkey-pem", key.path(), "--id-attr:Id", "urn:a:b", file.path()]).status
            }
            #expect((status == 0) == isTrue)
            #expect(try (outcome(text, options) == nil) == isTrue)
        }
    }

    @Test func `what is dangerous is off until it is named`() throws {
        var options = GenericOptions()
        options.allowXPath = true
        var filtered = Self.enveloping
        filtered.references = [("", transforms(filter("not(ancestor-or-self::d:Signature)")))]
        let text = try filtered.text(options)
        #expect(try outcome(text, options) == nil)
        #expect(try outcome(text) == .unsupported(xpath))
        let old = try Self.enveloping.text().with("<DigestMethod Algorithm=\"\(sha256)", "<DigestMethod Algorithm=\"\(ds)sha1")
        #expect(try outcome(old) == .signature(.signature))
        let oldMethod = try Self.enveloping.text().with(rsa, ds + "rsa-sha1")
        #expect(try outcome(oldMethod) == .signature(.algorithm(ds + "rsa-sha1")))
    }

    @Test func `A15 a key from the message counts only when the caller says so`() throws {
        let key = try #require(try Keys.of().publicKey.rsaComponents)
        let info =
            "<KeyInfo><KeyValue><RSAKeyValue><Modulus>\(Base64.encode(key.modulus))</Modulus>"
            + "<Exponent>\(Base64.encode(key.exponent))</Exponent></RSAKeyValue></KeyValue></KeyInfo>"
        var signed = Self.enveloping
        signed.object = info
        let text = try signed.text()
        var options = GenericOptions()
        #expect(try outcome(text, options, keys: []) == .signature(.keyMissing))
        options.keyFromMessage = true
        #expect(try outcome(text, options, keys: []) == nil)
    }

    @Test(arguments: [
        "<Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>", "<Transform Algorithm=\"urn:other\"/>", "<Transform/>",
        "<Transform Algorithm=\"http://www.w3.org/2002/06/xmldsig-filter2\"/>",
    ])
    func `C4 other transforms are unsupported by name`(transform: String) throws {
        let text = try Self.enveloping.text().with("<Transform Algorithm=\"\(enveloped)\"/>", transform)
        // Nothing of them is looked at before the signature over them holds.
        #expect(try outcome(text) == .signature(.signature))
        #expect(throws: GenericRefusal.self) { try GenericXML.referencedOctets(Array(text.utf8), reference: 0) }
    }

    @Test(arguments: ["https://peer.example/x", "file:///etc/passwd", "x.xml"])
    func `C3 nothing is fetched; a resource is what the caller gives`(uri: String) throws {
        var signed = Self.enveloping
        signed.references = [(uri, "")]
        var options = GenericOptions()
        options.resources[uri] = Array("bytes".utf8)
        let text = try signed.text(options)
        #expect(try outcome(text, options) == nil)
        #expect(try outcome(text) == .unsupported("Reference outside the document: " + uri))
        options.resources[uri] = Array("other".utf8)
        #expect(try outcome(text, options) == .signature(.digest))
    }

    @Test func `A2 an identifier that stands twice is nobody's`() throws {
        var signed = Self.enveloping
        signed.references = [("#x", "")]
        let text = try signed.text()
        #expect(try outcome(text) == nil)
        #expect(try outcome(try text.with("<a xmlns", "<a ID=\"x\" xmlns")) == .signature(.duplicateID))
        #expect(try outcome(try text.with("Id=\"x\"", "Id=\"y\"")) == .signature(.reference("#x")))
    }

    @Test(arguments: [
        "//*[count(//*) > count(//*/*)]/..//*[//*[//*[//*]]]", "here()", "count(", "d:Unknown:x", "document('/etc/passwd')",
        "x:count(1)", "id('x') or d:key('x')", "$x", "'x", "\"x", "and(1)", "or (1)",
        String(repeating: "(", count: 5000) + "1",
    ])
    func `C4 an XPath filter opens nothing and ends`(expression: String) throws {
        let many = String(repeating: "<e><f/></e>", count: 300)
        let escaped = expression.replacing("<", with: "&lt;")
        let text =
            "<a>\(many)<Signature xmlns=\"\(ds)\"><SignedInfo><Reference URI=\"\">\(transforms(filter(escaped)))</Reference></SignedInfo>"
            + "</Signature></a>"
        var options = GenericOptions()
        options.allowXPath = true
        options.operations = 2_000_000
        #expect(throws: GenericRefusal.self) { try GenericXML.referencedOctets(Array(text.utf8), reference: 0, options: options) }
    }

    /// A minus may stand before a name, and a name may hold one (XPath 1.0 §3.7).
    @Test(arguments: ["count(//e)-count(//e) = 0", "-count(//e) = -1", "1-count(//e) = 0", "2 -count(//e)=1"])
    func `an XPath filter may calculate with what functions give`(expression: String) throws {
        func octets(_ expression: String) throws -> [UInt8] {
            let reference = "<Reference URI=\"\">\(transforms(filter(expression)))</Reference>"
            let text = "<a><e/><Signature xmlns=\"\(ds)\"><SignedInfo>\(reference)</SignedInfo></Signature></a>"
            var options = GenericOptions()
            options.allowXPath = true
            return try GenericXML.referencedOctets(Array(text.utf8), reference: 0, options: options)
        }
        #expect(try octets(expression).isEmpty == false)
        for unknown in ["count-all(//e) = 0", "-here() = 0", "1-document('x') = 0", "count(//e)-x:count(//e) = 0", "'" + expression] {
            #expect(throws: GenericRefusal.unsupported("XPath expression")) { try octets(unknown) }
        }
    }

    /// libxml2 counts the making of a text as one operation, however long the text is.
    @Test(arguments: [
        "string-length(string(/)) = 3", "contains(., string(/))", "translate(/, /, '') = 'x'", "concat(/, /, /, /) = 'x'",
        "//e = //f", "sum(//e) = 1", "self::e[. = 'x']", "-/ = 1", "//e != . or //e * 2 = 1",
    ])
    func `C4 an XPath filter pays for the texts that it makes`(expression: String) throws {
        func octets(_ count: Int) throws -> [UInt8] {
            let many = String(repeating: "<e>ab</e>", count: count)
            let reference = "<Reference URI=\"\">\(transforms(filter(expression)))</Reference>"
            let text = "<a>\(many)<Signature xmlns=\"\(ds)\"><SignedInfo>\(reference)</SignedInfo></Signature></a>"
            var options = GenericOptions()
            options.allowXPath = true
            options.operations = 2_000_000
            return try GenericXML.referencedOctets(Array(text.utf8), reference: 0, options: options)
        }
        #expect(throws: GenericRefusal.xml(.tooManyElements)) { try octets(3_000) }
        #expect(try octets(1).count < 1_000)
    }

    @Test(arguments: ["not(ancestor-or-self::d:Signature)", "ancestor-or-self::*[local-name() = 'e'] and name() != 'b'", "self::text()"])
    func `an XPath filter that makes no texts is cheap in a large document`(expression: String) throws {
        let many = String(repeating: "<e>ab</e>", count: 3_000)
        let reference = "<Reference URI=\"\">\(transforms(filter(expression)))</Reference>"
        let text = "<a>\(many)<Signature xmlns=\"\(ds)\"><SignedInfo>\(reference)</SignedInfo></Signature></a>"
        var options = GenericOptions()
        options.allowXPath = true
        options.operations = 1_000_000
        #expect(try GenericXML.referencedOctets(Array(text.utf8), reference: 0, options: options).isEmpty == false)
        options.operations = 10_000
        #expect(throws: GenericRefusal.xml(.tooManyElements)) {
            try GenericXML.referencedOctets(Array(text.utf8), reference: 0, options: options)
        }
    }

    @Test func `C4 the XPath filters of one signature share one budget`() throws {
        var options = GenericOptions()
        options.allowXPath = true
        var many = Self.enveloping
        many.references = (0..<30).map { _ in (uri: "", transforms: transforms(filter("not(ancestor-or-self::d:Signature)"))) }
        let text = try many.text(options)
        #expect(try outcome(text, options) == nil)
        options.operations = 100_000
        _ = try GenericXML.referencedOctets(Array(text.utf8), reference: 0, options: options)
        #expect(try outcome(text, options) == .xml(.tooManyElements))
    }

    @Test(arguments: [("(", "1", ")"), ("not(", "1", ")"), ("-", "1", ""), ("*[", "1", "]")])
    func `A37 a deeply nested expression is judged or refused, on any thread`(open: String, middle: String, close: String) throws {
        let depth = 4000 / (open.utf8.count + close.utf8.count)
        let expression = String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
        let text =
            "<a><Signature xmlns=\"\(ds)\"><SignedInfo><Reference URI=\"\">\(transforms(filter(expression)))</Reference></SignedInfo></Signature></a>"
        var options = GenericOptions()
        options.allowXPath = true
        options.operations = 100_000
        do throws(GenericRefusal) {
            #expect(try GenericXML.referencedOctets(Array(text.utf8), reference: 0, options: options).count <= text.utf8.count)
        } catch {
            #expect([.unsupported("XPath expression"), .xml(.tooManyElements)].contains(error))
        }
    }

    @Test func `the Base64 transform gives the decoded octets`() throws {
        var signed = Self.enveloping
        signed.object = "<Object Id=\"o\">aGFu\n<i>YWtv</i></Object>"
        signed.references = [("#o", transforms(ds + "base64"))]
        let verdict = try GenericXML.verify(Array(try signed.text().utf8), keys: [try Keys.of().publicKey])
        #expect(verdict.references[0].octets == Array("hanako".utf8))
        signed.object = "<Object Id=\"o\">*</Object>"
        #expect(throws: GenericRefusal.signature(.transform(ds + "base64"))) { try signed.text() }
    }

    @Test func `no signature, too many references and stray parts are refused`() throws {
        #expect(try outcome("<a/>") == .signature(.noSignature))
        #expect(try outcome("<!DOCTYPE a><a/>") == .xml(.doctype))
        let text = try Self.enveloping.text()
        #expect(try outcome(try text.with("</SignatureValue>", "</SignatureValue>x")) == .signature(.malformed("Signature")))
        #expect(try outcome(try text.with("<SignatureValue>", "<SignatureValue><!-- -->")) == .signature(.malformed("SignatureValue")))
        let one = try text.part("<Reference URI=\"#x\"", "</Reference>")
        #expect(try outcome(try text.with(one, String(repeating: one, count: 70))) == .signature(.reference("72 References")))
        #expect(GenericRefusal.unsupported("u").explanation.code == "xml.unsupported")
    }
}

@Suite struct `Canonical forms` {
    private let text =
        "<!-- before --><r xmlns=\"urn:r\" xmlns:p=\"urn:p\" xml:base=\"http://x/y/\" xml:id=\"i\"><p:e b='2' a=\"1\"><!-- c -->&#13;</p:e></r>"

    @Test(arguments: [
        (inclusive, "<r xmlns=\"urn:r\" xmlns:p=\"urn:p\" xml:base=\"http://x/y/\" xml:id=\"i\"><p:e a=\"1\" b=\"2\">&#xD;</p:e></r>"),
        (
            inclusive + "#WithComments",
            "<!-- before -->\n<r xmlns=\"urn:r\" xmlns:p=\"urn:p\" xml:base=\"http://x/y/\" xml:id=\"i\">"
                + "<p:e a=\"1\" b=\"2\"><!-- c -->&#xD;</p:e></r>"
        ),
        (exclusive, "<r xmlns=\"urn:r\" xml:base=\"http://x/y/\" xml:id=\"i\"><p:e xmlns:p=\"urn:p\" a=\"1\" b=\"2\">&#xD;</p:e></r>"),
    ])
    func `of a whole document`(method: String, expected: String) throws {
        #expect(String(decoding: try GenericXML.canonicalize(Array(text.utf8), method: method), as: UTF8.self) == expected)
    }

    /// The one difference that matters between the versions: 1.1 does not copy `xml:id` to an apex below (Canonical XML 1.1 §2.4).
    @Test func `1.0 inherits xml:id and 1.1 does not`() throws {
        let apex = "//*[local-name()='e']"
        let old = try GenericXML.canonicalize(Array(text.utf8), method: inclusive, apex: apex)
        let new = try GenericXML.canonicalize(Array(text.utf8), method: inclusive11, apex: apex)
        #expect(String(decoding: old, as: UTF8.self).contains("xml:id") && !String(decoding: new, as: UTF8.self).contains("xml:id"))
        #expect(String(decoding: new, as: UTF8.self).contains("xml:base=\"http://x/y/\""))
    }

    @Test func `S55 a PrefixList brings the prefixes of values along`() throws {
        let bytes = Array("<r xmlns:xs=\"urn:xs\" xmlns=\"urn:r\"><p:e xmlns:p=\"urn:p\" t=\"xs:string\"/></r>".utf8)
        let apex = "//*[local-name()='e']"
        let plain = try GenericXML.canonicalize(bytes, method: exclusive, apex: apex)
        #expect(String(decoding: plain, as: UTF8.self) == "<p:e xmlns:p=\"urn:p\" t=\"xs:string\"></p:e>")
        let listed = try GenericXML.canonicalize(bytes, method: exclusive, prefixes: ["xs", "#default"], apex: apex)
        #expect(
            String(decoding: listed, as: UTF8.self)
                == "<p:e xmlns=\"urn:r\" xmlns:p=\"urn:p\" xmlns:xs=\"urn:xs\" t=\"xs:string\"></p:e>")
    }

    @Test(
        arguments: [
            ("<r/>", "urn:none", nil, GenericRefusal.unsupported("urn:none")), ("<r/>", exclusive, "#x", .path("#x")),
            ("<r><x/><x/></r>", exclusive, "//*[local-name()='x']", .path("//*[local-name()='x']")), ("<r/>", exclusive, "/r", .path("/r")),
            ("<r xmlns=\"relative\"/>", inclusive, nil, .xml(.canonicalization)), ("<r", inclusive, nil, .xml(.notWellFormed(line: 1))),
        ] as [(String, String, String?, GenericRefusal)])
    func `A10 an error is an error`(text: String, method: String, path: String?, refusal: GenericRefusal) {
        #expect(throws: refusal) { try GenericXML.canonicalize(Array(text.utf8), method: method, apex: path) }
    }
}

@Suite struct `The generic decrypter` {
    @Test(arguments: ["<x/>", "text &amp; <b/>"]) func `puts the plaintext where it was taken from`(inner: String) throws {
        var random = SystemRandom()
        let data = try XMLEncryptor(to: try Keys.of().publicKey).encrypt(Array(inner.utf8), using: &random)
        let encrypted = inner == "<x/>" ? text(data) : text(data).replacing(xenc + "Element", with: xenc + "Content")
        let whole = "<r a=\"&gt;>\"><!-- <xenc:EncryptedData> --><![CDATA[<b>]]><b/>\(encrypted)<c>\(inner)</c></r>"
        let plain = try GenericXML.decrypt(Array(whole.utf8), with: [try Keys.of()])
        #expect(String(decoding: plain.document, as: UTF8.self) == whole.replacing(encrypted, with: inner))
        #expect(plain.octets == Array(inner.utf8) && plain.type == xenc + (inner == "<x/>" ? "Element" : "Content"))
        #expect(throws: GenericRefusal.encryption(.undecryptable)) {
            try GenericXML.decrypt(Array(whole.utf8), with: [try Keys.ofStranger()])
        }
        #expect(throws: GenericRefusal.encryption(.malformed("EncryptedData"))) { try GenericXML.decrypt(Array("<a/>".utf8), with: []) }
    }

    @Test func `keys that both have open content and wrapped keys; the others do not`() throws {
        let nonce = [UInt8](repeating: 7, count: 12)
        let key = [UInt8](repeating: 1, count: 32)
        let sealed = nonce + (try AES.sealGCM(Array("hanako".utf8), key: Secret(copying: key.span), nonce: nonce))
        let value = { (bytes: [UInt8]) in
            "<x:CipherData><x:CipherValue>\(Base64.encode(bytes))</x:CipherValue></x:CipherData>"
        }
        let method = { (uri: String) in "<x:EncryptionMethod Algorithm=\"\(uri)\"/>" }
        let cipher = method(ContentCipher.aes256gcm.uri)
        let direct = "<x:EncryptedData xmlns:x=\"\(xenc)\">\(cipher)\(value(sealed))</x:EncryptedData>"
        let outer = [UInt8](repeating: 2, count: 16)
        let wrapped = try AES.wrap(Secret(copying: key.span), with: Secret(copying: outer.span))
        let inner = "<x:EncryptedKey>\(method(xenc + "kw-aes128"))\(value(wrapped))</x:EncryptedKey>"
        let indirect =
            "<x:EncryptedData xmlns:x=\"\(xenc)\">\(cipher)<k:KeyInfo xmlns:k=\"\(ds)\">\(inner)</k:KeyInfo>\(value(sealed))</x:EncryptedData>"
        for (text, secret) in [(direct, key), (indirect, outer)] {
            #expect(try GenericXML.decrypt(Array(text.utf8), with: [], secrets: [secret]).octets == Array("hanako".utf8))
            let wrong = secret.map { $0 ^ 1 }
            #expect(throws: GenericRefusal.encryption(.undecryptable)) {
                try GenericXML.decrypt(Array(text.utf8), with: [], secrets: [wrong])
            }
            #expect(throws: GenericRefusal.encryption(.keyMissing)) { try GenericXML.decrypt(Array(text.utf8), with: []) }
            // SAML's door has no such keys.
            #expect(try refusal(decrypting: text) == .keyMissing)
        }
    }
}
