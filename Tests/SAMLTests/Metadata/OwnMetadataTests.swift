import Cryptography
import SAML
import Testing
import TrustFramework
import Vocabulary
import XML
import XMLSecurity

@Suite struct `Our own metadata, checklist M1 to M3` {
    private static let md = "urn:oasis:names:tc:SAML:2.0:metadata"

    private func root(_ idp: IdentityProvider) throws -> XMLElement {
        let xml = try idp.metadata(at: Federation.now, ladder: Federation.ladder)
        return try EnvelopedSignature.verify(XMLDocument(parsing: xml).root, keys: [Federation.ownKey.publicKey]).element
    }

    @Test func `is signed by the message key`() throws {
        let xml = try Federation.identityProvider().metadata(at: Federation.now, ladder: Federation.ladder)
        let root = try XMLDocument(parsing: xml).root
        #expect(throws: Never.self) { try EnvelopedSignature.verify(root, keys: [Federation.ownKey.publicKey]) }
        #expect(throws: XMLSignatureRefusal.self) { try EnvelopedSignature.verify(root, keys: [Federation.otherKey.publicKey]) }
        let first = try #require(root.children.first)
        #expect(first.name.local == "Signature")
    }

    @Test func `says who, until when, where, and how`() throws {
        let root = try root(Federation.identityProvider(wantSigned: true))
        #expect(root.attribute("entityID") == Federation.base + "/saml/metadata")
        #expect(root.attribute("validUntil") == Federation.now.adding(seconds: 14 * 86_400).text)
        #expect(root.attribute("cacheDuration") == "PT21600S")
        let role = try #require(root.child(XMLName(Self.md, "IDPSSODescriptor")))
        #expect(role.attribute("WantAuthnRequestsSigned") == "true")
        let services = role.children(XMLName(Self.md, "SingleSignOnService"))
        #expect(
            services.map { $0.attribute("Binding")?.split(separator: ":").last.map(String.init) }
                == ["HTTP-Redirect", "HTTP-POST", "HTTP-Artifact"])
        #expect(
            services.map { $0.attribute("Location") } == [Federation.redirectAddress, Federation.postAddress, Federation.postAddress])
        #expect(role.children(XMLName(Self.md, "NameIDFormat")).map(\.text) == [NameIDFormat.persistent, NameIDFormat.transient])
    }

    @Test func `lists the algorithms we take, and no SHA-1`() throws {
        let xml = String(decoding: try Federation.identityProvider().metadata(at: Federation.now, ladder: Federation.ladder), as: UTF8.self)
        #expect(xml.contains("algsupport\" Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\""))
        #expect(xml.contains("algsupport\" Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\""))
        #expect(!xml.contains("sha1"))
    }

    @Test func `tells the first class of each context`() throws {
        let xml = String(decoding: try Federation.identityProvider().metadata(at: Federation.now, ladder: Federation.ladder), as: UTF8.self)
        for name in ["presence", "face", "pin"] {
            #expect(xml.contains("<saml:AttributeValue>urn:x-sekisho:ac:\(name)</saml:AttributeValue>"))
        }
        #expect(!xml.contains("SmartcardPKI"))
    }

    @Test func `publishes the next key behind the one that signs, checklist M3`() throws {
        let next = try Federation.certificate(of: Federation.otherKey)
        let role = try #require(root(Federation.identityProvider(upcoming: [next])).child(XMLName(Self.md, "IDPSSODescriptor")))
        let certificates = role.children(XMLName(Self.md, "KeyDescriptor")).map { $0.children.first?.children.first?.children.first?.text }
        #expect(certificates.count == 2)
        #expect(certificates.last == Base64.encode(next))
    }

    /// pyFF, and what else checks by the schemas of SAML, refuses a document with an element that no schema of theirs declares.
    @Test func `says how to encrypt to us without an element of XML Encryption 1_1`() throws {
        let idp = try Leaving.identityProvider([PrivateKey.generate(.rsa(bits: 2048))])
        let xml = String(decoding: try idp.metadata(at: Federation.now, ladder: Federation.ladder), as: UTF8.self)
        #expect(xml.contains("<md:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#rsa-oaep\"><ds:DigestMethod"))
        #expect(!xml.contains("=\"http://www.w3.org/2009/xmlenc11#\"") && !xml.contains(":MGF"))
    }

    @Test func `has an order that the schema allows`() throws {
        let role = try #require(root(Federation.identityProvider()).child(XMLName(Self.md, "IDPSSODescriptor")))
        var kinds: [String] = []
        for name in role.children.map(\.name.local) where kinds.last != name { kinds.append(name) }
        #expect(
            kinds == [
                "KeyDescriptor", "ArtifactResolutionService", "SingleLogoutService", "NameIDFormat", "SingleSignOnService", "Attribute",
            ])
    }
}
