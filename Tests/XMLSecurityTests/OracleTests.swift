import Cryptography
import Foundation
import Testing
import Vocabulary
import XML
import XMLSecurity

/// xmlsec1 as an independent judge, where it is installed (`apt-get install xmlsec1`).
@Suite struct `xmlsec1 agrees` {
    private static let program = Program.find("xmlsec1")

    private func write(_ bytes: [UInt8], _ url: URL) throws -> String {
        try Data(bytes).write(to: url)
        return url.path()
    }

    /// Whether xmlsec1 believes the first signature at or below the element named `node`.
    private func believes(_ message: [UInt8], _ key: PublicKey, node: String? = nil) throws -> Bool {
        let program = try #require(Self.program)
        return try Program.inScratch { folder in
            let file = try write(message, folder.appending(path: "m.xml"))
            let pem = try write(Array(PEM.encode(key.spki, label: "PUBLIC KEY").utf8), folder.appending(path: "k.pem"))
            var arguments = ["--verify", "--pubkey-pem", pem]
            for name in ["Response", "AuthnRequest", "LogoutRequest", "LogoutResponse"] {
                arguments += ["--id-attr:ID", samlp + ":" + name]
            }
            arguments += ["--id-attr:ID", saml + ":Assertion"]
            if let node { arguments += ["--node-xpath", node] }
            return try Program.run(program, arguments + [file]).status == 0
        }
    }

    @Test(arguments: [
        (KeyKind.rsa(bits: 2048), SignatureAlgorithm.rsaPKCS1(.sha256)), (.rsa(bits: 2048), .rsaPKCS1(.sha512)),
        (.ec(.p256), .ecdsa(.sha256)), (.ec(.p384), .ecdsa(.sha384)),
    ])
    func `with what we sign, and not with what was changed`(kind: KeyKind, algorithm: SignatureAlgorithm) throws {
        guard Self.program != nil else { return print("NOT RUN: xmlsec1 is not installed") }
        let key = try Keys.of(kind)
        for message in Message.allCases {
            let signed = text(try EnvelopedSignature.sign(message.tag(), key: key, algorithm: algorithm))
            #expect(try believes(Array(signed.utf8), key.publicKey))
            #expect(try !believes(Array(try signed.with("hanako", "hanaka").utf8), key.publicKey))
        }
    }

    @Test(arguments: ["samlp", "saml", "ds", "p"])
    func `with a signed Assertion inside a signed Response, whatever the prefixes`(prefix: String) throws {
        guard Self.program != nil else { return print("NOT RUN: xmlsec1 is not installed") }
        let key = try Keys.of()
        let signer = try XMLSigner(key: key, algorithm: .rsaPKCS1(.sha256))
        let assertion = try signer.sign(
            XMLTag(
                "saml", saml, "Assertion", attributes: [("ID", "_a")],
                children: [
                    .element(XMLTag("saml", saml, "Issuer", text: "a & b")),
                    .element(XMLTag("saml", saml, "X", attributes: [("xsi:nil", "1\n"), ("z", "\"")], namespaces: [("xsi", "urn:xsi")])),
                    .element(XMLTag("", "", "plain", text: "戸籍\r")),
                ]))
        let response = try signer.sign(
            XMLTag(
                prefix, samlp, "Response", attributes: [("ID", "_r")],
                children: [.element(XMLTag("saml", saml, "Issuer", text: "i")), .element(assertion)]))
        let bytes = response.canonicalBytes()
        #expect(try believes(bytes, key.publicKey, node: "/*/*[local-name()='Signature']"))
        #expect(try believes(bytes, key.publicKey, node: "//*[local-name()='Assertion']/*[local-name()='Signature']"))
        #expect(try believes(assertion.canonicalBytes(), key.publicKey))
    }

    @Test(arguments: ["", "xs xsi #default"])
    func `S55 we believe what it signs, with and without PrefixList and pretty printing`(prefixes: String) throws {
        guard let program = Self.program else { return print("NOT RUN: xmlsec1 is not installed") }
        let key = try Keys.of()
        let list = "<InclusiveNamespaces xmlns=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"\(prefixes)\"/>"
        let inner = prefixes.isEmpty ? "" : list
        let template = """
            <?xml version="1.0" encoding="UTF-8"?>
            <p:LogoutRequest xmlns:p="\(samlp)" xmlns="\(saml)" xmlns:xs="urn:xs"
                xmlns:xsi="urn:xsi"  ID='_1'   Version="2.0">
              <Issuer>peer</Issuer>
              <Signature xmlns="\(ds)">
                <SignedInfo>
                  <CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">\(inner)</CanonicalizationMethod>
                  <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
                  <Reference URI="#_1"><Transforms>
                    <Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
                    <Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">\(inner)</Transform>
                  </Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference>
                </SignedInfo><SignatureValue/>
              </Signature>
              <NameID xsi:type='xs:string'><![CDATA[a<b]]>&amp;&#x42;<!-- c --></NameID>
            </p:LogoutRequest>
            """
        let signed = try Program.inScratch { folder in
            let file = try write(Array(template.utf8), folder.appending(path: "t.xml"))
            let pem = try write(key.exportPEM(), folder.appending(path: "k.pem"))
            return try Program.run(program, ["--sign", "--privkey-pem", pem, "--id-attr:ID", samlp + ":LogoutRequest", file]).output
        }
        let root = try parse(signed)
        let element = try EnvelopedSignature.verify(root, keys: [key.publicKey]).element
        #expect(element.child(XMLName(saml, "NameID"))?.text == "a<b&B")
        #expect(try refusal(try signed.with("peer", "pear"), keys: [key.publicKey]) == .digest)
        // Exclusive canonicalization does not see a prefix used in content only; with PrefixList it is signed.
        let redefined = try signed.with("xmlns:xs=\"urn:xs\"", "xmlns:xs=\"urn:evil\"")
        #expect(try refusal(redefined, keys: [key.publicKey]) == (prefixes.isEmpty ? nil : .signature) || !prefixes.isEmpty)
        if !prefixes.isEmpty { #expect(try refusal(redefined, keys: [key.publicKey]) != nil) }
    }
}
