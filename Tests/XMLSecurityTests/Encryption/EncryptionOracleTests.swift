import Cryptography
import Foundation
import Testing
import Vocabulary
import XML
import XMLSecurity

/// xmlsec1 (libxmlsec1, what lasso, mod_auth_mellon, pysaml2 and python3-saml decrypt with) as an independent judge.
@Suite struct `xmlsec1 and we read each other's encryption` {
    private static let program = Program.find("xmlsec1")

    private func write(_ bytes: [UInt8], _ url: URL) throws -> String {
        try Data(bytes).write(to: url)
        return url.path()
    }

    @Test(arguments: [ContentCipher.aes128gcm, .aes256gcm, .aes128cbc, .aes256cbc], [false, true])
    func `it decrypts ours, in both layouts`(cipher: ContentCipher, beside: Bool) throws {
        guard let program = Self.program else { return print("NOT RUN: xmlsec1 is not installed") }
        var message = try Encrypted.text(cipher)
        if beside { message = try Encrypted.sibling(message) }
        let result = try Program.inScratch { folder in
            let file = try write(Array(message.utf8), folder.appending(path: "m.xml"))
            let pem = try write(try Keys.of().exportPEM(), folder.appending(path: "k.pem"))
            return try Program.run(program, ["--decrypt", "--privkey-pem", pem, "--id-attr:Id", xenc + ":EncryptedKey", file])
        }
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("hanako"))
        let assertion = try #require(try parse(result.output).child(XMLName(saml, "Assertion")))
        #expect(try Canonical.exclusive(assertion) == Message.assertion.tag().canonicalBytes())
        #expect(try refusal(decrypting: message, allowing: .withCBC) == nil)
    }

    @Test(arguments: [("aes-128", xenc11 + "aes128-gcm"), ("aes-256", xenc11 + "aes256-gcm"), ("aes-256", xenc + "aes256-cbc")])
    func `we decrypt its`(session: String, method: String) throws {
        guard let program = Self.program else { return print("NOT RUN: xmlsec1 is not installed") }
        let template = """
            <xenc:EncryptedData xmlns:xenc="\(xenc)" xmlns:ds="\(ds)" Type="\(xenc)Element">
              <xenc:EncryptionMethod Algorithm="\(method)"/>
              <ds:KeyInfo><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="\(xenc)rsa-oaep-mgf1p"/>
                <xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>
              <xenc:CipherData><xenc:CipherValue/></xenc:CipherData>
            </xenc:EncryptedData>
            """
        let plain =
            "<samlp:LogoutRequest xmlns:samlp=\"\(samlp)\" xmlns:saml=\"\(saml)\"><saml:NameID>hanako</saml:NameID></samlp:LogoutRequest>"
        let result = try Program.inScratch { folder in
            let template = try write(Array(template.utf8), folder.appending(path: "t.xml"))
            let data = try write(Array(plain.utf8), folder.appending(path: "d.xml"))
            let pem = try write(Array(PEM.encode(try Keys.of().publicKey.spki, label: "PUBLIC KEY").utf8), folder.appending(path: "k.pem"))
            // It encrypts the NameID where it stands, so the prefix is declared outside of what it encrypts.
            return try Program.run(
                program,
                [
                    "--encrypt", "--pubkey-pem", pem, "--session-key", session, "--xml-data", data, "--node-name", saml + ":NameID",
                    template,
                ])
        }
        try #require(result.status == 0, "\(result.output)")
        let root = try parse(result.output)
        let document = try XMLEncryption.decrypt(root, with: [try Keys.of()], allowing: .withCBC)
        #expect(document.root.name == XMLName(saml, "NameID") && document.root.text == "hanako")
        #expect(throws: XMLEncryptionRefusal.undecryptable) {
            try XMLEncryption.decrypt(root, with: [try Keys.ofStranger()], allowing: .withCBC)
        }
    }
}
