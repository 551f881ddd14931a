import Cryptography
import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary
import XML
import XMLSecurity

@Suite struct `An AttributeQuery, SAML Core §3.3.2.3 (checklist S12)` {
    private static let address = Federation.base + "/saml/attributes"

    private static func ministry(allowed: Bool = true) throws -> ServiceProvider {
        let provider = try BackChannel.ministry()
        var options = provider.options
        options.attributeQuery = allowed
        return provider.with(options)
    }

    private static let citizen = "<saml:NameID Format=\"\(NameIDFormat.persistent)\">\(Federation.citizen)</saml:NameID>"

    private static func query(subject: String = citizen, _ attributes: String = "") -> BackChannel {
        BackChannel(name: "AttributeQuery", children: "<saml:Subject>\(subject)</saml:Subject>" + attributes)
    }

    private static func verified(_ query: BackChannel, for provider: ServiceProvider? = nil) throws -> VerifiedAttributeQuery {
        let proven = try query.proven(for: provider ?? ministry(), address: address)
        return try VerifiedAttributeQuery(reading: proven, at: Federation.identityProvider(), at: Federation.now)
    }

    private static let name = MemberName.nameID(
        Federation.citizen, format: NameIDFormat.persistent, nameQualifier: Federation.base + "/saml/metadata",
        spNameQualifier: Federation.ministryID)

    private static func answered(
        _ query: BackChannel, for provider: ServiceProvider? = nil, release: Set<AttributeSource> = [.pinUsed, .cardMode]
    ) throws -> (answer: QueryAnswer, response: XMLElement) {
        let verified = try verified(query, for: provider)
        var dice = Dice()
        let answer = try verified.response(
            for: Federation.grant(for: verified.ask(at: Federation.now), release: release), named: name,
            from: Federation.identityProvider(), at: Federation.now, using: &dice)
        let body = try SOAPEnvelope.body(of: answer.envelope)
        return (answer, try EnvelopedSignature.verify(body, keys: [Federation.ownKey.publicKey]).element)
    }

    private static func attributes(_ response: XMLElement) -> [String: String] {
        let assertion = response.children.first { $0.name.local == "Assertion" }
        let statement = assertion?.children.first { $0.name.local == "AttributeStatement" }
        return (statement?.children ?? []).reduce(into: [:]) { $0[$1.attribute("Name") ?? ""] = $1.children.first?.text }
    }

    private static let pin = AttributeSource.pinUsed.samlName
    private static let mode = AttributeSource.cardMode.samlName

    private static func attribute(_ name: String, format: String? = nil, _ values: String...) -> String {
        let format = format.map { " NameFormat=\"\($0)\"" } ?? ""
        return "<saml:Attribute Name=\"\(name)\"\(format)>" + values.map { "<saml:AttributeValue>\($0)</saml:AttributeValue>" }.joined()
            + "</saml:Attribute>"
    }

    @Test func `that names no attribute gets all that policy releases, in a signed answer about the same name`() throws {
        let (answer, response) = try Self.answered(Self.query())
        #expect(response.attribute("InResponseTo") == "_question-1")
        #expect(response.children.map(\.name.local) == ["Issuer", "Status", "Assertion"])
        #expect(Self.attributes(response) == [Self.pin: "true", Self.mode: "pin"])
        let assertion = try #require(response.children.last)
        #expect(assertion.children.map(\.name.local) == ["Issuer", "Signature", "Subject", "Conditions", "AttributeStatement"])
        let nameID = try #require(assertion.children[2].children.first)
        #expect(nameID.text == Federation.citizen)
        #expect(nameID.attribute("SPNameQualifier") == Federation.ministryID)
        let confirmation = try #require(assertion.children[2].children.last)
        #expect(assertion.children[2].children.count == 2)
        #expect(confirmation.attribute("Method") == "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches", "nobody can log in with it")
        #expect(answer.record.map(\.name) == ["response-id", "in-response-to", "attributes", "asked"])
    }

    @Test func `that names attributes and values gets those and no others`() throws {
        let uri = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
        #expect(try Self.attributes(Self.answered(Self.query(Self.attribute(Self.pin))).response) == [Self.pin: "true"])
        #expect(
            try Self.attributes(Self.answered(Self.query(Self.attribute(Self.pin, format: uri, "true", "x"))).response) == [
                Self.pin: "true"
            ])
        #expect(try Self.attributes(Self.answered(Self.query(Self.attribute(Self.pin, ""))).response) == [Self.pin: "true"])
        for nothing in [
            Self.attribute(Self.pin, "false"), Self.attribute("urn:other"),
            Self.attribute(Self.pin, format: "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"),
        ] {
            let response = try Self.answered(Self.query(nothing)).response
            // Nothing to say is a success without an assertion.
            #expect(response.children.map(\.name.local) == ["Issuer", "Status"])
        }
    }

    @Test func `that sets values beside an attribute was told of it, whatever comes back`() throws {
        let (answer, response) = try Self.answered(Self.query(Self.attribute(Self.pin, "false")))
        #expect(Self.attributes(response) == [:])
        #expect(answer.told == ["pin-used"], "the citizen's ledger says so: it is not false")
        #expect(try Self.answered(Self.query(Self.attribute(Self.mode))).answer.told == ["card-mode"])
        let unreleased = try Self.answered(Self.query(Self.attribute(Self.pin, "false")), release: [.cardMode])
        #expect(unreleased.answer.told.isEmpty)
    }

    @Test func `gets never what policy does not release, however it is named`() throws {
        let asked = Self.query(Self.attribute(Self.pin) + Self.attribute(Self.mode))
        #expect(try Self.attributes(Self.answered(asked, release: [.pinUsed]).response) == [Self.pin: "true"])
        #expect(try Self.attributes(Self.answered(asked, release: []).response) == [:])
    }

    @Test func `is refused for a member whose operator did not allow it, which is the default`() throws {
        #expect(throws: SAMLRefusal.Reason.queryOff) { try Self.verified(Self.query(), for: Self.ministry(allowed: false)) }
        #expect(throws: SAMLRefusal.Reason.queryOff) { try Self.verified(Self.query(), for: BackChannel.ministry()) }
        #expect(throws: Never.self) { try Self.verified(Self.query()) }
    }

    @Test(arguments: [
        "", "<saml:Attribute Name=\"a\"/>",
        "<saml:Subject><saml:NameID>a</saml:NameID></saml:Subject><saml:Subject><saml:NameID>b</saml:NameID></saml:Subject>",
        "<saml:Subject><saml:NameID>a</saml:NameID></saml:Subject><saml:Attribute Name=\"a\"/><saml:Attribute Name=\"a\"/>",
        "<saml:Subject><saml:NameID>a</saml:NameID><saml:NameID>b</saml:NameID></saml:Subject>",
        "<saml:Subject><saml:NameID></saml:NameID></saml:Subject>", "<saml:Subject/>",
        "<saml:Subject><saml:NameID>a</saml:NameID></saml:Subject><saml:Attribute/>",
        "<saml:Subject><saml:NameID>a</saml:NameID></saml:Subject><samlp:Other/>",
    ])
    func `that follows no schema is refused`(children: String) throws {
        var query = Self.query()
        query.children = children
        #expect(throws: SAMLRefusal.Reason.self) { try Self.verified(query) }
    }

    @Test func `means a participation only by the very name that we gave this member`() throws {
        let seed = [UInt8](repeating: 3, count: 32)
        let participation = Participation(
            thread: SessionThread(seed: seed), subject: try #require(SubjectID("0123456789abcdef")),
            member: try #require(MemberID(Federation.ministryID)), name: Self.name, sessionIndex: "_s", joinedAt: Federation.now,
            expiresAt: Federation.now.adding(seconds: 60))
        func means(_ attributes: String, _ text: String = Federation.citizen) throws -> Bool {
            try Self.verified(Self.query(subject: "<saml:NameID \(attributes)>\(text)</saml:NameID>")).names(participation)
        }
        #expect(try means(""))
        #expect(try means("Format=\"\(NameIDFormat.persistent)\" SPNameQualifier=\"\(Federation.ministryID)\""))
        #expect(try !means("Format=\"\(NameIDFormat.transient)\""))
        #expect(try !means("SPNameQualifier=\"https://other.example/sp\""))
        #expect(try !means("NameQualifier=\"https://other.example/idp\""))
        #expect(try !means("", "bbcdefghijklmnopqrstuvwxyz234567"))
        #expect(try Self.verified(Self.query(subject: "<saml:BaseID/>")).name == nil)
    }

    @Test(arguments: [MemberOptions.Ciphers.cbc, .cbcNames])
    func `about an EncryptedID in AES-CBC is read where the operator allows CBC, and only there`(ciphers: MemberOptions.Ciphers) throws {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        let name = XMLTag("saml", Asking.Name.assertion, "NameID", text: Federation.citizen)
        func verified(_ content: ContentCipher, _ ciphers: MemberOptions.Ciphers, _ keys: [PrivateKey]) throws -> VerifiedAttributeQuery {
            var dice = Dice(7)
            let data = try XMLEncryption.encrypt(name, to: key.publicKey, content: content, transport: .saml2int, using: &dice)
            var options = try Self.ministry().options
            options.ciphers = ciphers
            let proven = try Self.query(subject: "<saml:EncryptedID>" + Leaving.text(data) + "</saml:EncryptedID>")
                .proven(for: Self.ministry().with(options), address: Self.address)
            return try VerifiedAttributeQuery(reading: proven, at: Leaving.identityProvider(keys), at: Federation.now)
        }
        #expect(try verified(.aes128cbc, ciphers, [key]).name?.text == Federation.citizen)
        #expect(try verified(.aes128gcm, .gcm, [key]).name?.text == Federation.citizen)
        #expect(throws: SAMLRefusal.Reason.nameCipher("http://www.w3.org/2001/04/xmlenc#aes128-cbc")) {
            try verified(.aes128cbc, .gcm, [key])
        }
        #expect(throws: SAMLRefusal.Reason.subject("EncryptedID cannot be read")) { try verified(.aes128cbc, ciphers, []) }
    }

    @Test func `of an unknown, ended or foreign session gets one and the same answer`() throws {
        var dice = Dice()
        let bytes = try Self.verified(Self.query()).unknownPrincipal(
            from: Federation.identityProvider(), at: Federation.now, using: &dice)
        let response = try EnvelopedSignature.verify(SOAPEnvelope.body(of: bytes), keys: [Federation.ownKey.publicKey]).element
        #expect(response.children.map(\.name.local) == ["Issuer", "Status"])
        #expect(String(decoding: bytes, as: UTF8.self).contains("status:UnknownPrincipal"))
    }

    @Test func `is answered encrypted where the member's metadata has a key for it`() throws {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        let provider = try Federation.one(
            Federation.metadata(
                Federation.ministryID,
                keys: Federation.keyDescriptor(try Federation.certificate(of: Federation.ministryKey), use: "signing")
                    + Federation.keyDescriptor(try Federation.certificate(of: key), use: "encryption")))
        var options = provider.options
        options.attributeQuery = true
        let (answer, response) = try Self.answered(Self.query(), for: provider.with(options))
        #expect(response.children.map(\.name.local) == ["Issuer", "Status", "EncryptedAssertion"])
        #expect(!String(decoding: answer.envelope, as: UTF8.self).contains(Federation.citizen))
        let hidden = try XMLEncryption.decrypt(try #require(response.children.last), with: [key]).root
        #expect(hidden.name.local == "Assertion")
        #expect(throws: Never.self) { try EnvelopedSignature.verify(hidden, keys: [Federation.ownKey.publicKey]) }
    }
}
