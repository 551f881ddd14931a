import Cryptography
import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary
import XML
import XMLSecurity

@Suite struct `Encrypted assertions, checklist S50 to S53` {
    static let reader = Federation.otherKey
    static let curveReader = Federation.curveKey

    static func provider(
        _ methods: [String]?, key: PrivateKey = reader, use: String? = "encryption", _ change: (inout MemberOptions) -> Void = { _ in }
    ) throws -> ServiceProvider {
        let declared = (methods ?? []).map { "<md:EncryptionMethod Algorithm=\"\($0)\"/>" }.joined()
        let descriptor = Federation.keyDescriptor(try Federation.certificate(of: key), use: use)
            .replacing("</md:KeyDescriptor>", with: declared + "</md:KeyDescriptor>")
        var options = MemberOptions()
        change(&options)
        return try Federation.one(
            Federation.metadata(
                Federation.libraryID, keys: methods == nil && use == nil ? "" : descriptor,
                consumers:
                    "<md:AssertionConsumerService index=\"0\" Binding=\"\(Federation.post)\" Location=\"\(Federation.libraryConsumer)\"/>"
            )
        ).with(options)
    }

    enum Method {
        static let gcm128 = "http://www.w3.org/2009/xmlenc11#aes128-gcm"
        static let gcm256 = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
        static let cbc128 = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
        static let cbc256 = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
        static let des = "http://www.w3.org/2001/04/xmlenc#tripledes-cbc"
        static let oaep = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
        static let oaep11 = "http://www.w3.org/2009/xmlenc11#rsa-oaep"
        static let old = "http://www.w3.org/2001/04/xmlenc#rsa-1_5"
        static let agreement = "http://www.w3.org/2009/xmlenc11#ECDH-ES"
    }

    /// Content and transport, in the URIs of the message.
    private func algorithms(_ answered: Answered) throws -> [String] {
        let data = try answered.descend("EncryptedAssertion", "EncryptedData")
        var found: [String] = []
        data.forEachInSubtree { element in
            if ["EncryptionMethod", "AgreementMethod"].contains(element.name.local) { found.append(element.attribute("Algorithm") ?? "") }
        }
        return found
    }

    private func opened(_ answered: Answered, _ key: PrivateKey = reader, allowing: Set<ContentCipher> = .authenticated) throws
        -> XMLElement
    {
        try XMLEncryption.decrypt(try answered.descend("EncryptedAssertion"), with: [key], allowing: allowing).root
    }

    @Test(arguments: ["encryption", nil])
    func `go to the key for encryption in the member's metadata, or to the one without use`(use: String?) throws {
        let answered = try Answered.answer(for: Self.provider([], use: use))
        #expect(answered.root.children.map(\.name.local) == ["Issuer", "Signature", "Status", "EncryptedAssertion"])
        #expect(!answered.text.contains(Federation.citizen))
        #expect(!answered.text.contains("AuthnStatement"))
        let assertion = try opened(answered)
        #expect(assertion.name.local == "Assertion")
        #expect(assertion.children.contains { $0.name.local == "AttributeStatement" })
        #expect(throws: XMLEncryptionRefusal.self) { try opened(answered, Federation.ministryKey) }
    }

    @Test func `are signed first and then encrypted, whole, checklist S40`() throws {
        let answered = try Answered.answer(for: Self.provider([]))
        #expect(answered.signed == ["Response"])
        let assertion = try opened(answered)
        _ = try EnvelopedSignature.verify(assertion, keys: [Federation.ownKey.publicKey])
        #expect(!assertion.children.contains { $0.name.local.hasPrefix("Encrypted") })
        var nested = 0
        assertion.forEachInSubtree { if $0.name.local.hasPrefix("Encrypted") { nested += 1 } }
        #expect(nested == 0, "SDP-IDP11: no EncryptedID or EncryptedAttribute inside")
    }

    @Test(arguments: [
        ([Method.gcm128, Method.oaep], [Method.gcm128, Method.oaep]), ([Method.gcm256, Method.gcm128], [Method.gcm256, Method.oaep]),
        ([Method.cbc128, Method.gcm128, Method.gcm256], [Method.gcm128, Method.oaep]),
        ([Method.des, Method.gcm256, Method.old, Method.oaep], [Method.gcm256, Method.oaep]),
        ([Method.oaep], [Method.gcm256, Method.oaep]), ([], [Method.gcm256, Method.oaep]),
        ([Method.gcm128, Method.oaep11], [Method.gcm128, Method.oaep11]),
        ([Method.oaep, Method.oaep11], [Method.gcm256, Method.oaep]),
    ])
    func `take the first authenticated cipher that the member declares, checklist S51`(declared: [String], used: [String]) throws {
        let answered = try Answered.answer(for: Self.provider(declared))
        #expect(try algorithms(answered) == used)
        #expect(try opened(answered).name.local == "Assertion")
    }

    @Test(arguments: [
        ([Method.cbc128, Method.oaep], "saml.encryption.cipher"), ([Method.des], "saml.encryption.cipher"),
        ([Method.gcm128, Method.old], "saml.encryption.transport"), ([Method.gcm128, Method.agreement], "saml.encryption.transport"),
    ])
    func `are not replaced by clear ones when nothing declared will do: the member is told`(declared: [String], code: String) throws {
        let refusal = try #require(
            try UnverifiedAuthnRequest.refusal(
                { try `An AuthnRequest, SAML Core §3.4.1`.redirect(.library()) }, for: Self.provider(declared)))
        #expect(refusal.explanation.code == code)
        var dice = Dice()
        let answer = try #require(try refusal.response(from: Federation.identityProvider(), at: Federation.now, using: &dice))
        #expect(try Answered(answer).status == ["Responder", "RequestUnsupported"])
    }

    @Test(arguments: [
        ([Method.cbc128, Method.oaep], Method.cbc128), ([Method.des, Method.cbc256], Method.cbc256), ([], Method.cbc256),
        ([Method.cbc128, Method.gcm128], Method.gcm128),
    ])
    func `take CBC only when an operator allowed it, and only when there is nothing better`(declared: [String], used: String) throws {
        let answered = try Answered.answer(for: Self.provider(declared) { $0.ciphers = .cbc })
        #expect(try algorithms(answered).first == used)
        #expect(try opened(answered, allowing: .withCBC).name.local == "Assertion")
    }

    @Test(arguments: [([], Method.gcm256), ([Method.cbc128, Method.gcm128], Method.gcm128)] as [([String], String)])
    func `stay in AES-GCM where an operator allowed CBC for names only`(declared: [String], used: String) throws {
        let answered = try Answered.answer(for: Self.provider(declared) { $0.ciphers = .cbcNames })
        #expect(try algorithms(answered).first == used)
        #expect(try opened(answered).name.local == "Assertion")
        let refusal = try #require(
            try UnverifiedAuthnRequest.refusal(
                { try `An AuthnRequest, SAML Core §3.4.1`.redirect(.library()) },
                for: Self.provider([Method.cbc128, Method.oaep]) { $0.ciphers = .cbcNames }))
        #expect(refusal.explanation.code == "saml.encryption.cipher")
    }

    @Test(arguments: [("sha256", nil, ContentCipher.aes256gcm), ("sha256", "sha256", .aes256gcm), ("sha1", "sha512", .aes256gcm)])
    func `use the digest and the mask that are declared, checklist S52`(digest: String, mask: String?, cipher: ContentCipher) throws {
        let names = [
            "sha1": "http://www.w3.org/2000/09/xmldsig#sha1", "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
        ]
        let method = """
            <md:EncryptionMethod Algorithm="\(Method.oaep11)"><ds:DigestMethod Algorithm="\(names[digest] ?? "")"/>\
            \(mask.map { "<x:MGF xmlns:x=\"http://www.w3.org/2009/xmlenc11#\" Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1\($0)\"/>" } ?? "")\
            </md:EncryptionMethod>
            """
        let descriptor = Federation.keyDescriptor(try Federation.certificate(of: Self.reader), use: "encryption")
            .replacing("</md:KeyDescriptor>", with: method + "</md:KeyDescriptor>")
        let provider = try Federation.one(Federation.metadata(Federation.libraryID, keys: descriptor))
        let answered = try Answered.answer(for: provider)
        let data = try answered.descend("EncryptedAssertion", "EncryptedData")
        var parts: [String] = []
        data.forEachInSubtree { if ["DigestMethod", "MGF"].contains($0.name.local) { parts.append($0.attribute("Algorithm") ?? "") } }
        #expect(try algorithms(answered).last == Method.oaep11, "IIP-MD10: under the name that is declared")
        #expect(parts.first == names[digest])
        #expect(parts.dropFirst().first == mask.map { "http://www.w3.org/2009/xmlenc11#mgf1" + $0 })
        #expect(try opened(answered).name.local == "Assertion")
    }

    @Test(arguments: [[], [Method.gcm128, Method.agreement]])
    func `reach a member that has only an EC key, checklist S53`(declared: [String]) throws {
        let answered = try Answered.answer(for: Self.provider(declared, key: Self.curveReader))
        #expect(try algorithms(answered).contains(Method.agreement))
        #expect(try opened(answered, Self.curveReader).name.local == "Assertion")
        #expect(throws: XMLEncryptionRefusal.self) { try opened(answered) }
    }

    @Test func `are required where an operator says so, and then need a key`() throws {
        let without = try Self.provider(nil, use: nil) { $0.encryption = .required }
        let refusal = try #require(
            try UnverifiedAuthnRequest.refusal({ try `An AuthnRequest, SAML Core §3.4.1`.redirect(.library()) }, for: without))
        #expect(refusal.reason == .encryption(.noKey))
        #expect(refusal.answer?.status.second == .requestUnsupported)
        #expect(try opened(Answered.answer(for: Self.provider([]) { $0.encryption = .required })).name.local == "Assertion")
    }

    @Test func `are off where an operator says so, or where there is no key`() throws {
        for provider in [try Self.provider([]) { $0.encryption = .off }, try Self.provider(nil, use: nil)] {
            let answered = try Answered.answer(for: provider)
            #expect(answered.root.children.last?.name.local == "Assertion")
        }
    }

    @Test func `are not made in an error, which holds nothing to hide`() throws {
        let request = try UnverifiedAuthnRequest.redirect(query: Wire.query(Asking.library().xml))
            .verified(for: Self.provider([]), at: Federation.identityProvider(), at: Federation.now)
        var dice = Dice()
        let answer = try request.response(refusing: .cancelled, from: Federation.identityProvider(), at: Federation.now, using: &dice)
        #expect(try Answered(answer).root.children.map(\.name.local) == ["Issuer", "Signature", "Status"])
    }
}
