import Cryptography
import Testing
import Vocabulary
import XML
import XMLSecurity

let xenc = "http://www.w3.org/2001/04/xmlenc#"
let xenc11 = "http://www.w3.org/2009/xmlenc11#"

/// An encrypted assertion as SAML wraps it.
enum Encrypted {
    static func tag(
        _ inner: XMLTag? = nil, to kind: KeyKind = .rsa(bits: 2048), content: ContentCipher = .aes256gcm,
        transport: KeyTransport? = nil, recipient: String? = nil
    ) throws -> XMLTag {
        var random = SystemRandom()
        let transport = transport ?? (kind == .rsa(bits: 2048) ? .saml2int : .ecdhES)
        let data = try XMLEncryption.encrypt(
            inner ?? Message.assertion.tag(), to: try Keys.of(kind).publicKey, content: content, transport: transport,
            recipient: recipient, using: &random)
        return XMLTag("saml", saml, "EncryptedAssertion", children: [.element(data)])
    }

    static func text(_ content: ContentCipher = .aes256gcm, to kind: KeyKind = .rsa(bits: 2048)) throws -> String {
        String(decoding: try tag(to: kind, content: content).canonicalBytes(), as: UTF8.self)
    }

    private static let retrieval = "<ds:RetrievalMethod Type=\"\(xenc)EncryptedKey\" URI=\"#_k\"></ds:RetrievalMethod>"

    /// The sibling layout: the key beside the data, with or without a RetrievalMethod that points at it.
    static func sibling(_ text: String, retrieval: String? = Encrypted.retrieval) throws -> String {
        let key = try text.part("<xenc:EncryptedKey", "</xenc:EncryptedKey>")
        let info = retrieval.map { "<ds:KeyInfo xmlns:ds=\"\(ds)\">\($0)</ds:KeyInfo>" } ?? ""
        let beside = try key.with("<xenc:EncryptedKey", "<xenc:EncryptedKey Id=\"_k\" xmlns:xenc=\"\(xenc)\" xmlns:ds=\"\(ds)\"")
        return try text.with(try text.part("<ds:KeyInfo", "</ds:KeyInfo>"), info)
            .with("</saml:EncryptedAssertion>", beside + "</saml:EncryptedAssertion>")
    }
}

func refusal(
    decrypting text: String, with keys: [PrivateKey]? = nil, allowing: Set<ContentCipher> = .authenticated, recipient: String? = nil
) throws -> XMLEncryptionRefusal? {
    let keys = try keys ?? [try Keys.of()]
    let element = try parse(text)
    do throws(XMLEncryptionRefusal) {
        _ = try XMLEncryption.decrypt(element, with: keys, allowing: allowing, recipient: recipient)
        return nil
    } catch {
        return error
    }
}

@Suite struct `XML encryption` {
    @Test(arguments: ContentCipher.allCases, [KeyKind.rsa(bits: 2048), .ec(.p256), .ec(.p384), .ec(.p521)])
    func `S50 S51 S52 S53 gives back what went in, byte for byte`(cipher: ContentCipher, kind: KeyKind) throws {
        let text = try Encrypted.text(cipher, to: kind)
        #expect(text.contains(cipher.uri) && !text.contains("hanako"))
        let keys = [try Keys.of(kind)]
        let document = try XMLEncryption.decrypt(try parse(text), with: keys, allowing: .withCBC)
        #expect(try Canonical.exclusive(document.root) == Message.assertion.tag().canonicalBytes())
        // CBC comes in by name only (A20).
        #expect(try refusal(decrypting: text, with: keys) == (cipher.isAuthenticated ? nil : .algorithm(cipher.uri)))
        #expect(try refusal(decrypting: text, with: [try Keys.ofStranger()], allowing: .withCBC) != nil)
    }

    @Test(arguments: DigestAlgorithm.allCases, DigestAlgorithm.allCases)
    func `S52 every pair of digests of RSA-OAEP, each under its name`(digest: DigestAlgorithm, mask: DigestAlgorithm) throws {
        let transport = KeyTransport.rsaOAEP(digest: digest, mgf: mask)
        let text = String(decoding: try Encrypted.tag(transport: transport).canonicalBytes(), as: UTF8.self)
        #expect(text.contains(mask == .sha1 ? xenc + "rsa-oaep-mgf1p" : xenc11 + "rsa-oaep\""))
        #expect(text.contains(xenc11 + "mgf1") == (mask != .sha1))
        #expect(try refusal(decrypting: text) == nil)
        #expect(
            KeyTransport(uri: transport.uri, digest: nil, mgf: nil)
                == .rsaOAEP(digest: .sha1, mgf: .sha1, name: mask == .sha1 ? .older : .newer))
    }

    /// XML Encryption 1.1 §5.5.2: the mask is SHA-1 where nothing else is said. A reader is written to by the name it knows (IIP-MD10).
    @Test(arguments: [(xenc + "rsa-oaep-mgf1p", xenc11 + "rsa-oaep\""), (xenc11 + "rsa-oaep", xenc + "rsa-oaep-mgf1p\"")])
    func `S52 RSA-OAEP goes under the name that was declared, and not under its other one`(declared: String, other: String) throws {
        for digest in [nil, xenc + "sha256"] {
            let transport = try #require(KeyTransport(uri: declared, digest: digest))
            #expect(transport.uri == declared)
            let text = String(decoding: try Encrypted.tag(transport: transport).canonicalBytes(), as: UTF8.self)
            #expect(text.contains("Algorithm=\"\(declared)\"") && !text.contains(other) && !text.contains(xenc11 + "mgf1"))
            #expect(try refusal(decrypting: text) == nil)
            #expect(try refusal(decrypting: text, with: [try Keys.ofStranger()]) == .undecryptable)
        }
    }

    @Test func `S40 a signed assertion is still signed when it comes out, and stands alone`() throws {
        let signed = try EnvelopedSignature.sign(Message.assertion.tag(), key: try Keys.of(), algorithm: .rsaPKCS1(.sha256))
        let outer = XMLTag("samlp", samlp, "Response", attributes: [("ID", "_r")], children: [.element(try Encrypted.tag(signed))])
        let root = try parse(text(outer))
        let inner = try XMLEncryption.decrypt(
            try #require(root.child(XMLName(saml, "EncryptedAssertion"))), with: [try Keys.of()])
        let element = try EnvelopedSignature.verify(inner.root, keys: [try Keys.of().publicKey]).element
        #expect(element.child(XMLName(saml, "Issuer"))?.text == "https://peer.example")
        // The clear text by itself is a document: every namespace is declared in it.
        #expect(try XMLDocument(parsing: signed.canonicalBytes()).root.name == XMLName(saml, "Assertion"))
        #expect(throws: XMLSignatureRefusal.keyMissing) { try EnvelopedSignature.verify(inner.root, keys: []) }
    }

    @Test func `A38 two encryptions differ in every part`() throws {
        let (one, two) = (try parse(Encrypted.text()), try parse(Encrypted.text()))
        let values = (all("CipherValue", in: one) + all("CipherValue", in: two)).map(\.text)
        #expect(Set(values).count == 4)
        #expect(Set(all("CipherValue", in: one).map { $0.text.prefix(16) }).count == 2)
    }

    @Test func `both layouts are read: inside KeyInfo, and beside with RetrievalMethod or without`() throws {
        let text = try Encrypted.text()
        #expect(try refusal(decrypting: text) == nil)
        #expect(try refusal(decrypting: try Encrypted.sibling(text)) == nil)
        #expect(try refusal(decrypting: try Encrypted.sibling(text, retrieval: nil)) == nil)
        #expect(try refusal(decrypting: try Encrypted.sibling(text, retrieval: "<ds:KeyName>k</ds:KeyName>")) == nil)
        // EncryptedData by itself, too.
        #expect(try refusal(decrypting: try text.part("<xenc:EncryptedData", "</xenc:EncryptedData>")) == nil)
    }

    @Test(arguments: [
        "<ds:RetrievalMethod URI=\"#_other\"/>", "<ds:RetrievalMethod URI=\"https://peer.example/key\"/>", "<ds:RetrievalMethod/>",
        "<ds:RetrievalMethod URI=\"#\"/>", "<ds:RetrievalMethod URI=\"#_k\"><ds:Transforms/></ds:RetrievalMethod>",
        "<ds:RetrievalMethod URI=\"#xpointer(id('_k'))\"/>",
    ])
    func `C4 a RetrievalMethod names a sibling and does nothing else`(method: String) throws {
        #expect(try refusal(decrypting: try Encrypted.sibling(try Encrypted.text(), retrieval: method)) == .malformed("RetrievalMethod"))
    }

    @Test func `A2 a RetrievalMethod does not see identifiers elsewhere, nor two of one name`() throws {
        let text = try Encrypted.sibling(try Encrypted.text())
        let key = try text.part("<xenc:EncryptedKey", "</xenc:EncryptedKey>")
        let twice = try text.with(key, key + key)
        #expect(try refusal(decrypting: twice) == .malformed("RetrievalMethod"))
        let elsewhere = try text.with(key, "<saml:Advice>\(key)</saml:Advice>")
        #expect(try refusal(decrypting: elsewhere) == .malformed("RetrievalMethod"))
    }

    @Test func `several readers and several keys of ours, in any order`() throws {
        let (text, other) = (try Encrypted.text(), try Encrypted.text(to: .ec(.p256)))
        let foreign = try other.part("<xenc:EncryptedKey", "</xenc:EncryptedKey>")
        let both = try text.with("<xenc:EncryptedKey", foreign + "<xenc:EncryptedKey")
        let (ours, stranger, ec) = (try Keys.of(), try Keys.ofStranger(), try Keys.of(.ec(.p384)))
        for keys in [[ours], [stranger, ours], [ours, stranger], [ec, stranger, ours]] {
            #expect(try refusal(decrypting: both, with: keys) == nil)
        }
        #expect(try refusal(decrypting: both, with: [stranger]) == .undecryptable)
        #expect(try refusal(decrypting: text, with: [ec]) == .keyMissing)
        #expect(try refusal(decrypting: text, with: []) == .keyMissing)
    }

    @Test func `Recipient is written, and passes over keys meant for somebody else`() throws {
        let text = String(decoding: try Encrypted.tag(recipient: "https://sp.example").canonicalBytes(), as: UTF8.self)
        #expect(text.contains("Recipient=\"https://sp.example\""))
        #expect(try refusal(decrypting: text) == nil)
        #expect(try refusal(decrypting: text, recipient: "https://sp.example") == nil)
        #expect(try refusal(decrypting: text, recipient: "https://other.example") == .keyMissing)
        #expect(try refusal(decrypting: try Encrypted.text(), recipient: "https://other.example") == nil)
    }

    @Test func `a fragment that leans on prefixes outside is read in its place`() throws {
        var random = SystemRandom()
        let encryptor = try XMLEncryptor(to: try Keys.of().publicKey)
        let data = try encryptor.encrypt(Array("<saml:NameID Format=\"f\">hanako</saml:NameID>".utf8), using: &random)
        let whole = text(XMLTag("saml", saml, "EncryptedID", children: [.element(data)]))
        let document = try XMLEncryption.decrypt(try parse(whole), with: [try Keys.of()])
        #expect(document.root.name == XMLName(saml, "NameID") && document.root.text == "hanako")
        #expect(document.root.parent == nil && document.root.isDocumentRoot)
        let alone = "<saml:NameID xmlns:saml=\"\(saml)\" Format=\"f\">hanako</saml:NameID>"
        #expect(try Canonical.exclusive(document.root) == Array(alone.utf8))
        // Without the declaration outside it means nothing.
        #expect(try refusal(decrypting: text(data)) == .undecryptable)
    }

    @Test(arguments: [
        "", "hanako", "<a/><b/>", "</w><w>", "</w><w><a/>", "<a/></w><w/>", "<a>", "<!DOCTYPE a><a/>", "<a>&e;</a>", "<?p?><a/>",
        "x<a/>", "\u{0}",
    ])
    func `what comes out is one element, or nothing`(plain: String) throws {
        var random = SystemRandom()
        let data = try XMLEncryptor(to: try Keys.of().publicKey).encrypt(Array(plain.utf8), using: &random)
        let whole = text(XMLTag("saml", saml, "EncryptedID", children: [.element(data)]))
        #expect(try refusal(decrypting: whole) == .undecryptable)
    }

    @Test(arguments: [
        (KeyTransport.ecdhES, KeyKind.rsa(bits: 2048)), (.saml2int, .ec(.p256)), (.saml2int, .ed25519), (.ecdhES, .ed25519),
    ])
    func `a transport that does not fit the key is refused at once`(transport: KeyTransport, kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind).publicKey
        #expect(!transport.fits(kind))
        #expect(throws: XMLEncryptionRefusal.keyMissing) { try XMLEncryptor(to: key, transport: transport) }
    }

    @Test(
        arguments: [
            (xenc + "rsa-1_5", nil, nil), (xenc + "rsa-oaep-mgf1p", "http://www.w3.org/2001/04/xmldsig-more#md5", nil),
            (xenc11 + "rsa-oaep", nil, "mgf1"), (xenc11 + "dh-es", nil, nil),
            (xenc + "kw-aes128", nil, nil), ("", nil, nil),
        ] as [(String, String?, String?)])
    func `S52 nothing else is a key transport`(uri: String, digest: String?, mask: String?) {
        #expect(KeyTransport(uri: uri, digest: digest, mgf: mask) == nil)
    }

    @Test func `a member's URIs name what we speak`() {
        #expect(KeyTransport(uri: xenc + "rsa-oaep-mgf1p") == .saml2int)
        let both = KeyTransport(uri: xenc11 + "rsa-oaep", digest: xenc + "sha256", mgf: xenc11 + "mgf1sha256")
        #expect(both == .rsaOAEP(digest: .sha256, mgf: .sha256, name: .newer) && both?.uri == xenc11 + "rsa-oaep")
        let mixed = KeyTransport(uri: xenc + "rsa-oaep-mgf1p", digest: xenc + "sha256", mgf: xenc11 + "mgf1sha512")
        #expect(mixed == .rsaOAEP(digest: .sha256, mgf: .sha512) && mixed?.uri == xenc11 + "rsa-oaep")
        #expect(KeyTransport(uri: xenc11 + "ECDH-ES") == .ecdhES)
        for cipher in ContentCipher.allCases { #expect(ContentCipher(uri: cipher.uri) == cipher) }
        #expect(ContentCipher(uri: xenc + "tripledes-cbc") == nil)
    }
}
