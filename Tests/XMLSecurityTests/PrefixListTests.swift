import Cryptography
import Foundation
import Testing
import Vocabulary
import XML
import XMLSecurity

/// Values that use prefixes (`xsi:type="xs:string"`, checklist S49): the declaration is content and must be signed.
@Suite struct `S55 PrefixList in what we sign` {
    private static let xs = "http://www.w3.org/2001/XMLSchema"

    private func assertion() -> XMLTag {
        let xsi = "http://www.w3.org/2001/XMLSchema-instance"
        let value = XMLTag(
            "saml", saml, "AttributeValue", attributes: [("xsi:type", "xs:string")], namespaces: [("xsi", xsi)],
            children: [.text("hanako")])
        return XMLTag(
            "saml", saml, "Assertion", attributes: [("ID", "_a")], declaring: [("xs", Self.xs)],
            children: [.element(XMLTag("saml", saml, "Issuer", text: "i")), .element(value)])
    }

    @Test func `the declaration cannot be changed, moved or dropped, and xmlsec1 agrees`() throws {
        let signer = try XMLSigner(key: try Keys.of(), algorithm: .rsaPKCS1(.sha256), prefixes: ["xs"])
        let signed = text(try signer.sign(assertion()))
        #expect(signed.contains("PrefixList=\"xs\""))
        let declaration = " xmlns:xs=\"\(Self.xs)\""
        #expect(try refusal(signed) == nil)
        #expect(try refusal(try signed.with(declaration, " xmlns:xs=\"urn:evil\"")) == .digest)
        #expect(try refusal(try signed.with(declaration, "")) == .digest)
        // To declare without listing is a mistake that the first reader sees, not a signature over less.
        let unlisted = text(try EnvelopedSignature.sign(assertion(), key: try Keys.of(), algorithm: .rsaPKCS1(.sha256)))
        #expect(try refusal(unlisted) == .digest)
        guard let program = Program.find("xmlsec1") else { return print("NOT RUN: xmlsec1 is not installed") }
        for (message, isTrue) in [(signed, true), (try signed.with(declaration, " xmlns:xs=\"urn:evil\""), false)] {
            let status = try Program.inScratch { folder in
                let (file, key) = (folder.appending(path: "m.xml"), folder.appending(path: "k.pem"))
                try Data(message.utf8).write(to: file)
                try Data(PEM.encode(try Keys.of().publicKey.spki, label: "PUBLIC KEY").utf8).write(to: key)
                return try Program.run(
                    program, ["--verify", "--pubkey-pem", key.path(), "--id-attr:ID", saml + ":Assertion", file.path()]
                ).status
            }
            #expect((status == 0) == isTrue)
        }
    }

    @Test func `it survives encryption, and comes out as it was signed`() throws {
        let signer = try XMLSigner(key: try Keys.of(), algorithm: .rsaPKCS1(.sha256), prefixes: ["xs"])
        let signed = try signer.sign(assertion())
        let whole = text(try Encrypted.tag(signed))
        // A message around it that means something else by the same prefix changes nothing.
        let around = "<e:Response xmlns:e=\"urn:e\" xmlns:xs=\"urn:evil\" xmlns=\"urn:default\">\(whole)</e:Response>"
        let element = try #require(try parse(around).children.first)
        let document = try XMLEncryption.decrypt(element, with: [try Keys.of()])
        let proven = try EnvelopedSignature.verify(document.root, keys: [try Keys.of().publicKey])
        #expect(proven.element.namespace(ofPrefix: "xs") == Self.xs)
    }

    @Test(arguments: [
        (
            "<e:InclusiveNamespaces xmlns:e=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"LIST\"/>",
            XMLSignatureRefusal.malformed("InclusiveNamespaces")
        ),
        (
            "<e:InclusiveNamespaces xmlns:e=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"xs\"><e:x/></e:InclusiveNamespaces>",
            .malformed("InclusiveNamespaces")
        ),
        (
            "<e:InclusiveNamespaces xmlns:e=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/><e:InclusiveNamespaces xmlns:e=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
            .malformed("Transform")
        ),
        ("<x:InclusiveNamespaces xmlns:x=\"urn:x\" PrefixList=\"xs\"/>", .malformed("Transform")), ("text", .malformed("Transform")),
    ])
    func `C5 lists that are long, doubled or not lists are refused`(content: String, reason: XMLSignatureRefusal) throws {
        let signed = try Message.authnRequest.signed()
        let transform = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>"
        let list = content.replacing("LIST", with: (0..<33).map { "p\($0)" }.joined(separator: " "))
        #expect(try refusal(try signed.with(transform, transform.replacing("></", with: ">\(list)</"))) == reason)
    }

    @Test func `a digest method with something inside is refused`() throws {
        let signed = try Message.authnRequest.signed()
        let method = try signed.part("<ds:DigestMethod", "</ds:DigestMethod>")
        #expect(try refusal(try signed.with(method, method.replacing("></", with: "><ds:x/></"))) == .malformed("DigestMethod"))
        #expect(try refusal(signed) == nil)
    }
}
