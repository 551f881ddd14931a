import Cryptography
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

@Suite struct `What our metadata tells, checklist M1, M2, M5, M15, M16, M20` {
    private static let md = "urn:oasis:names:tc:SAML:2.0:metadata"
    private static func name(_ local: String) -> XMLName { XMLName(md, local) }

    private func keys() throws -> SigningKeys {
        SigningKeys(
            try SAMLSigningKey(
                key: Federation.ownKey, certificate: Federation.certificate(of: Federation.ownKey), algorithm: .rsaPKCS1(.sha256)))
    }

    private func decryption(_ name: String, _ key: PrivateKey, _ life: KeyLife = .always) throws -> DecryptionKey {
        DecryptionKey(name: name, key: key, certificate: try Federation.certificate(of: key), life: life)
    }

    private func root(_ idp: IdentityProvider) throws -> XMLElement {
        try XMLDocument(parsing: idp.metadata(at: Federation.now, ladder: Federation.ladder)).root
    }

    @Test func `lists every address of ours with its binding`() throws {
        let root = try root(Federation.identityProvider())
        let role = try #require(root.child(Self.name("IDPSSODescriptor")))
        let base = Federation.base
        func services(_ element: XMLElement, _ name: String) -> [String] {
            element.children(Self.name(name)).map {
                ($0.attribute("Binding")?.split(separator: ":").last.map(String.init) ?? "") + " " + ($0.attribute("Location") ?? "")
            }
        }
        #expect(services(role, "ArtifactResolutionService") == ["SOAP \(base)/saml/artifact"])
        #expect(role.child(Self.name("ArtifactResolutionService"))?.attribute("index") == "0")
        #expect(
            services(role, "SingleLogoutService")
                == ["HTTP-Redirect \(base)/saml/logout", "HTTP-POST \(base)/saml/logout", "SOAP \(base)/saml/logout/soap"])
        let authority = try #require(root.child(Self.name("AttributeAuthorityDescriptor")))
        #expect(services(authority, "AttributeService") == ["SOAP \(base)/saml/attributes"])
        #expect(authority.children(Self.name("KeyDescriptor")).count == role.children(Self.name("KeyDescriptor")).count)
    }

    @Test func `publishes the current key for encryption with its methods, and no CBC or RSA 1.5`() throws {
        let idp = try IdentityProvider.ring(
            keys(), encryption: [decryption("rsa", Federation.otherKey), decryption("ec", Federation.curveKey)])
        let role = try #require(root(idp).child(Self.name("IDPSSODescriptor")))
        let encrypting = role.children(Self.name("KeyDescriptor")).filter { $0.attribute("use") == "encryption" }
        let methods = encrypting.map { $0.children(Self.name("EncryptionMethod")).compactMap { $0.attribute("Algorithm") } }
        #expect(methods.count == 2)
        #expect(
            methods.first == [
                "http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2009/xmlenc11#aes128-gcm",
                "http://www.w3.org/2009/xmlenc11#rsa-oaep", "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
            ])
        #expect(methods.last?.contains("http://www.w3.org/2009/xmlenc11#ECDH-ES") == true)
        #expect(!methods.joined().contains { $0.contains("cbc") || $0.contains("rsa-1_5") })
    }

    @Test func `lets the next and the retiring key decrypt without publishing them, IIP-MD08`() throws {
        let now = Federation.now
        let idp = try IdentityProvider.ring(
            keys(),
            encryption: [
                decryption("old", Federation.ownKey, KeyLife(from: now.adding(seconds: -100), succeeded: now.adding(seconds: -10))),
                decryption("now", Federation.otherKey, KeyLife(from: now.adding(seconds: -10))),
                decryption("next", Federation.ministryKey, .waiting),
                decryption("stolen", Federation.curveKey, KeyLife(from: now.adding(seconds: -100), revoked: now)),
                decryption(
                    "gone", Federation.curveKey,
                    KeyLife(from: now.adding(seconds: -100), succeeded: now.adding(seconds: -50), until: now)),
            ])
        let role = try #require(root(idp).child(Self.name("IDPSSODescriptor")))
        #expect(role.children(Self.name("KeyDescriptor")).count { $0.attribute("use") == "encryption" } == 1)
        #expect(
            idp.decryptionKeys(at: now).map(\.publicKey)
                == [Federation.ownKey.publicKey, Federation.otherKey.publicKey, Federation.ministryKey.publicKey])
        #expect(idp.decryptionKeys(at: now.adding(seconds: -1)).last?.publicKey == Federation.curveKey.publicKey, "until it is gone")
    }

    @Test func `is signed by a key of its own where there is one, M20`() throws {
        let own = try OwnKey(
            name: "metadata", key: Federation.curveKey, certificate: Federation.certificate(of: Federation.curveKey), usual: .ecdsa(.sha256)
        )
        let idp = try IdentityProvider.ring(keys(), metadata: SigningKeys([own]))
        let root = try root(idp)
        #expect(throws: Never.self) { try EnvelopedSignature.verify(root, keys: [Federation.curveKey.publicKey]) }
        #expect(throws: XMLSignatureRefusal.self) { try EnvelopedSignature.verify(root, keys: [Federation.ownKey.publicKey]) }
        let role = try #require(root.child(Self.name("IDPSSODescriptor")))
        #expect(role.children(Self.name("KeyDescriptor")).count == 1, "no message is ever signed with it")
        #expect(idp.metadataCertificates(at: Federation.now).contains("# current, SHA-256 \(own.fingerprint)\n-----BEGIN CERTIFICATE-----"))
    }

    @Test func `shows what the operator wrote, in the places that federations look at`() throws {
        var details = PublishedDetails()
        details.displayNames = ["ja": "関所", "en": "Sekisho"]
        details.informationURLs = ["en": "https://login.example.jp/about"]
        details.errorURL = "https://login.example.jp/error?code=ERRORURL_CODE"
        details.scopes = ["example.jp"]
        details.organization = .init(names: ["ja": "庁"], displayNames: ["ja": "庁"], urls: ["ja": "https://example.jp/"])
        details.contacts = [
            .init(kind: .technical, givenName: "当直", emails: ["noc@example.jp"]), .init(kind: .security, emails: ["csirt@example.jp"]),
        ]
        details.entityAttributes = ["http://macedir.org/entity-category-support": ["http://refeds.org/category/research-and-scholarship"]]
        let idp = try IdentityProvider.ring(keys(), details: details)
        let xml = String(decoding: try idp.metadata(at: Federation.now, ladder: Federation.ladder), as: UTF8.self)
        for text in [
            "<mdui:DisplayName xml:lang=\"ja\">関所</mdui:DisplayName>",
            "xml:lang=\"en\">https://login.example.jp/about</mdui:InformationURL>",
            "errorURL=\"https://login.example.jp/error?code=ERRORURL_CODE\"", "regexp=\"false\">example.jp</shibmd:Scope>",
            "<md:OrganizationName xml:lang=\"ja\">庁</md:OrganizationName>",
            "<md:ContactPerson contactType=\"technical\"><md:GivenName>当直</md:GivenName><md:EmailAddress>mailto:noc@example.jp</md:EmailAddress>",
            "FriendlyName=\"pairwise-id\" Name=\"urn:oasis:names:tc:SAML:attribute:pairwise-id\"",
            "Name=\"http://macedir.org/entity-category-support\"",
        ] { #expect(xml.contains(text), "\(text)") }
        #expect(xml.contains("remd:contactType=\"http://refeds.org/metadata/contactType/security\""))
        #expect(idp.scope == "example.jp")
        let root = try XMLDocument(parsing: Array(xml.utf8)).root
        #expect(
            root.children.map(\.name.local)
                == [
                    "Signature", "Extensions", "IDPSSODescriptor", "AttributeAuthorityDescriptor", "Organization", "ContactPerson",
                    "ContactPerson",
                ])
    }

    @Test func `says nothing of what the operator left out`() throws {
        let xml = String(decoding: try Federation.identityProvider().metadata(at: Federation.now, ladder: Federation.ladder), as: UTF8.self)
        for text in ["UIInfo", "pairwise-id", "Scope", "Organization", "ContactPerson", "errorURL", "use=\"encryption\""] {
            #expect(!xml.contains(text), "\(text)")
        }
    }
}
