import Cryptography
import Testing
import Vocabulary
import XML
import XMLSecurity

private let spoken: [(KeyKind, SignatureAlgorithm)] = [
    (.rsa(bits: 2048), .rsaPKCS1(.sha256)), (.rsa(bits: 2048), .rsaPKCS1(.sha384)), (.rsa(bits: 2048), .rsaPKCS1(.sha512)),
    (.rsa(bits: 2048), .rsaPSS(.sha256)), (.rsa(bits: 2048), .rsaPSS(.sha384)), (.rsa(bits: 2048), .rsaPSS(.sha512)),
    (.ec(.p256), .ecdsa(.sha256)), (.ec(.p384), .ecdsa(.sha384)), (.ec(.p521), .ecdsa(.sha512)), (.ec(.p256), .ecdsa(.sha512)),
]

@Suite struct `An enveloped signature` {
    @Test(arguments: Message.allCases)
    func `that is genuine gives back the content it covers, and only that`(message: Message) throws {
        let root = try parse(try message.signed())
        let key = try Keys.of().publicKey
        let signed = try EnvelopedSignature.verify(root, keys: [try Keys.of(.ec(.p256)).publicKey, key])
        #expect(signed.key == key)
        #expect(signed.algorithm == .rsaPKCS1(.sha256))
        #expect(signed.element.name.local == message.rawValue)
        #expect(signed.element.child(XMLName(ds, "Signature")) == nil)
        #expect(signed.element.parent == nil)
        #expect(all("NameID", in: signed.element).map(\.text) == ["hanako"])
    }

    @Test(arguments: Message.allCases)
    func `A17 over changed content is refused`(message: Message) throws {
        #expect(try refusal(try message.signed().with("hanako", "hanaka")) == .digest)
        #expect(try refusal(try message.signed().with("Version=\"2.0\"", "Version=\"2.1\"")) == .digest)
    }

    @Test func `A17 with any changed byte of its value, or of what it signs, is refused`() throws {
        let original = try Message.authnRequest.signed()
        let value = try original.part("<ds:SignatureValue>", "</ds:SignatureValue>")
        let other = try Message.authnRequest.signed(name: "taro").part("<ds:SignatureValue>", "</ds:SignatureValue>")
        #expect(try refusal(try original.with(value, other)) == .signature)
        #expect(try refusal(try original.with("<ds:SignedInfo>", "<ds:SignedInfo Id=\"x\">")) == .signature)
        for (index, byte) in original.utf8.enumerated() where index.isMultiple(of: 7) {
            var bytes = Array(original.utf8)
            bytes[index] = byte == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            guard let root = try? XMLDocument(parsing: bytes).root else { continue }
            #expect(throws: XMLSignatureRefusal.self) { try EnvelopedSignature.verify(root, keys: [try Keys.of().publicKey]) }
        }
    }

    @Test func `by another key, or with no key, is refused`() throws {
        let message = try Message.response.signed()
        #expect(try refusal(message, keys: [try Keys.ofStranger().publicKey]) == .signature)
        #expect(try refusal(message, keys: []) == .keyMissing)
        #expect(try refusal(message, keys: [try Keys.of(.ec(.p256)).publicKey]) == .keyMissing)
    }

    @Test func `that is absent is refused, whatever stands elsewhere`() throws {
        #expect(try refusal(text(Message.response.tag()), keys: []) == .noSignature)
        #expect(try refusal(text(Message.response.tag())) == .noSignature)
        // The Assertion is signed, the Response is not.
        let signed = try EnvelopedSignature.sign(Message.assertion.tag(), key: try Keys.of(), algorithm: .rsaPKCS1(.sha256))
        let response = XMLTag("samlp", samlp, "Response", attributes: [("ID", "_r")], children: [.element(signed)])
        #expect(try refusal(text(response)) == .noSignature)
        let assertion = try #require(all("Assertion", in: try parse(text(response))).first)
        #expect(throws: Never.self) { try EnvelopedSignature.verify(assertion, keys: [try Keys.of().publicKey]) }
    }

    @Test(arguments: spoken)
    func `is made and verified with each algorithm, and not accepted where that algorithm is not allowed`(
        kind: KeyKind, algorithm: SignatureAlgorithm
    ) throws {
        let key = try Keys.of(kind)
        let message = text(try EnvelopedSignature.sign(Message.logoutRequest.tag(), key: key, algorithm: algorithm))
        #expect(try EnvelopedSignature.verify(try parse(message), keys: [key.publicKey]).algorithm == algorithm)
        guard case .algorithm = try refusal(message, keys: [key.publicKey], allowed: [.ecdsa(.sha1)]) else {
            Issue.record("accepted")
            return
        }
    }

    @Test func `cannot be made with SHA-1, an algorithm of another key, or without an ID`() throws {
        let key = try Keys.of()
        #expect(throws: XMLSignatureRefusal.algorithm("rsaPKCS1(Cryptography.DigestAlgorithm.sha1)")) {
            try XMLSigner(key: key, algorithm: .rsaPKCS1(.sha1))
        }
        #expect(throws: XMLSignatureRefusal.algorithm("ed25519")) { try XMLSigner(key: key, algorithm: .ed25519) }
        #expect(throws: XMLSignatureRefusal.keyMissing) { try XMLSigner(key: key, algorithm: .ecdsa(.sha256)) }
        for id in ["", "1a", "a b", "a'", "a\"", "a<", "#a", "a:b"] {
            #expect(throws: XMLSignatureRefusal.identifier) {
                try EnvelopedSignature.sign(Message.response.tag(id: id), key: key, algorithm: .rsaPKCS1(.sha256))
            }
        }
        #expect(throws: XMLSignatureRefusal.identifier) {
            try EnvelopedSignature.sign(XMLTag("samlp", samlp, "Response"), key: key, algorithm: .rsaPKCS1(.sha256))
        }
    }

    @Test func `stands after the Issuer, or first`() throws {
        let key = try Keys.of()
        let signed = try parse(try Message.response.signed())
        #expect(signed.children.map(\.name.local) == ["Issuer", "Signature", "Assertion"])
        let bare = XMLTag("md", "urn:md", "EntityDescriptor", attributes: [("ID", "_1")], children: [.element(XMLTag("md", "urn:md", "x"))])
        let metadata = try parse(text(try EnvelopedSignature.sign(bare, key: key, algorithm: .rsaPKCS1(.sha256))))
        #expect(metadata.children.map(\.name.local) == ["Signature", "x"])
        #expect(throws: Never.self) { try EnvelopedSignature.verify(metadata, keys: [key.publicKey]) }
    }

    @Test func `of an Assertion holds inside a signed Response and when taken out`() throws {
        let signer = try XMLSigner(key: try Keys.of(), algorithm: .rsaPKCS1(.sha256), certificate: [1, 2, 3])
        let assertion = try signer.sign(Message.assertion.tag(id: "_a"))
        for (prefix, namespace) in [("samlp", samlp), ("saml", samlp), ("ds", samlp), ("saml", saml), ("", samlp)] {
            let response = try signer.sign(
                XMLTag(
                    prefix, namespace, "Response", attributes: [("ID", "_r")],
                    children: [.element(XMLTag("saml", saml, "Issuer", text: "i")), .element(assertion)]))
            let root = try XMLDocument(parsing: response.canonicalBytes()).root
            let keys = [try Keys.of().publicKey]
            #expect(try Canonical.exclusive(root) == response.canonicalBytes())
            #expect(throws: Never.self) { try EnvelopedSignature.verify(root, keys: keys) }
            let inner = try #require(root.child(XMLName(saml, "Assertion")))
            #expect(throws: Never.self) { try EnvelopedSignature.verify(inner, keys: keys) }
            #expect(try Canonical.exclusive(inner) == assertion.canonicalBytes())
            let alone = try XMLDocument(parsing: assertion.canonicalBytes()).root
            #expect(throws: Never.self) { try EnvelopedSignature.verify(alone, keys: keys) }
        }
    }

    @Test func `C5 A37 costs bounded time over the largest message that is read at all`() throws {
        var nodes: [XMLNode] = []
        for index in 0..<5_000 { nodes.append(.element(XMLTag("saml", saml, "x", attributes: [("ID", "_\(index)")]))) }
        let tag = XMLTag("samlp", samlp, "Extensions", attributes: [("ID", "_root")], children: nodes)
        let message = try EnvelopedSignature.sign(tag, key: try Keys.of(), algorithm: .rsaPKCS1(.sha256))
        let root = try XMLDocument(parsing: message.canonicalBytes(), limits: .metadata).root
        let clock = ContinuousClock()
        let spent = try clock.measure { _ = try EnvelopedSignature.verify(root, keys: [try Keys.of().publicKey]) }
        #expect(spent < .seconds(30))
    }

    @Test func `refusals explain themselves without echoing control characters`() {
        let all: [XMLSignatureRefusal] = [
            .noSignature, .severalSignatures, .malformed("x"), .algorithm("u\n"), .reference("#\u{202e}"), .transform("t"), .identifier,
            .duplicateID, .canonicalization, .digest, .signature, .keyMissing, .signing,
        ]
        let explanations = all.map(\.explanation)
        #expect(Set(explanations.map(\.code)).count == all.count)
        #expect(explanations.allSatisfy { $0.code.hasPrefix("xml.signature.") && !$0.clause.isEmpty && !$0.remedy.isEmpty })
        #expect(!explanations.contains { $0.compared.contains { $0.value.contains("\n") || $0.value.contains("\u{202e}") } })
    }
}
