import Cryptography
import SAML
import Testing
import Vocabulary

@Suite struct `A member's metadata, SAML Metadata §2.4` {
    private static let post = Federation.post

    private func problems(_ xml: String, development: Bool = false, limits: MetadataLimits = .standard) -> [String] {
        do {
            _ = try ServiceProvider.read(metadata: Array(xml.utf8), development: development, limits: limits)
            return []
        } catch {
            return error.problems.map(\.code)
        }
    }

    private static func consumer(_ location: String, index: String = "0", binding: String = post) -> String {
        "<md:AssertionConsumerService index=\"\(index)\" Binding=\"\(binding)\" Location=\"\(location)\"/>"
    }

    @Test func `is read whole`() throws {
        let ministry = try Federation.ministry(extra: "<md:AttributeConsumingService index=\"4\"/>")
        #expect(ministry.entityID.text == Federation.ministryID)
        #expect(ministry.authnRequestsSigned)
        #expect(ministry.wantAssertionsSigned)
        #expect(ministry.signingKeys == [Federation.ministryKey.publicKey])
        #expect(ministry.consumers.map(\.index) == [0, 1, 2])
        #expect(ministry.consumers.map(\.isDefault) == [true, nil, nil])
        #expect(ministry.attributeServices == [4])
        #expect(ministry.signing == .both)
        let library = try Federation.library(formats: [NameIDFormat.transient])
        #expect(library.nameIDFormats == [NameIDFormat.transient])
        #expect(library.signingKeys.isEmpty)
        #expect(!library.authnRequestsSigned)
    }

    @Test(arguments: [(ResponseSigning.both, ResponseSigning.both), (.assertion, .assertion), (.response, .both)])
    func `an operator's choice of signatures honours WantAssertionsSigned, checklist S40`(choice: ResponseSigning, effect: ResponseSigning)
        throws
    {
        #expect(try Federation.ministry().signing(choice).signing == effect)
        #expect(try Federation.library().signing(choice).signing == choice)
    }

    @Suite struct `keys, checklist A16 and IIP-MD07` {
        private func keys(_ uses: [String?], signed: Bool = false) throws -> [PublicKey] {
            try Federation.one(
                Federation.metadata(
                    Federation.libraryID, attributes: "AuthnRequestsSigned=\"\(signed)\"",
                    keys: try zip(uses, [Federation.ministryKey, Federation.otherKey, Federation.curveKey])
                        .map { Federation.keyDescriptor(try Federation.certificate(of: $1), use: $0) }.joined())
            ).signingKeys
        }

        @Test func `without use serve both uses`() throws {
            #expect(try keys([nil]) == [Federation.ministryKey.publicKey])
            #expect(try keys(["encryption", nil]) == [Federation.otherKey.publicKey])
        }

        @Test func `for encryption only verify nothing`() throws {
            #expect(try keys(["encryption"]).isEmpty)
        }

        @Test func `are all kept, in their order`() throws {
            #expect(
                try keys(["signing", nil, "signing"])
                    == [Federation.ministryKey, Federation.otherKey, Federation.curveKey].map(\.publicKey))
        }

        @Test(arguments: [[], ["encryption"]])
        func `AuthnRequestsSigned without a key for signing is refused, never validation switched off`(uses: [String]) throws {
            #expect(throws: MetadataRefusal.self) { try keys(uses, signed: true) }
        }

        @Test func `of an unknown use are refused`() throws {
            #expect(throws: MetadataRefusal.self) { try keys(["Signing"]) }
        }

        @Test func `come as key values too`() throws {
            let rsa = try #require(Federation.ministryKey.publicKey.rsaComponents)
            let point = try #require(Federation.curveKey.publicKey.ecPoint)
            let descriptors = """
                <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>\(Base64.encode(rsa.modulus))</ds:Modulus>\
                <ds:Exponent>\(Base64.encode(rsa.exponent))</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo></md:KeyDescriptor>
                <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:KeyValue><e:ECKeyValue xmlns:e="http://www.w3.org/2009/xmldsig11#">\
                <e:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/><e:PublicKey>\(Base64.encode([4] + point.x + point.y))</e:PublicKey>\
                </e:ECKeyValue></ds:KeyValue></ds:KeyInfo></md:KeyDescriptor>
                """
            let provider = try Federation.one(Federation.metadata(Federation.libraryID, keys: descriptors))
            #expect(provider.signingKeys == [Federation.ministryKey.publicKey, Federation.curveKey.publicKey])
        }

        @Test(arguments: [
            "<ds:KeyInfo><ds:KeyName>k</ds:KeyName></ds:KeyInfo>", "",
            "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
            "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>*</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
            "<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>",
            "<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue></ds:KeyInfo>",
            "<ds:KeyInfo><ds:KeyValue><e:ECKeyValue xmlns:e=\"http://www.w3.org/2009/xmldsig11#\"><e:NamedCurve URI=\"urn:oid:1.2.840.10045.3.1.7\"/><e:PublicKey>BA==</e:PublicKey></e:ECKeyValue></ds:KeyValue></ds:KeyInfo>",
        ])
        func `that cannot be read or are weak are refused, not passed over`(keyInfo: String) {
            let xml = Federation.metadata(Federation.libraryID, keys: "<md:KeyDescriptor use=\"signing\">\(keyInfo)</md:KeyDescriptor>")
            #expect(throws: MetadataRefusal.self) { try ServiceProvider.read(metadata: Array(xml.utf8)) }
        }

        @Test func `two different ones in one descriptor are refused`() throws {
            let one = Base64.encode(try Federation.certificate(of: Federation.ministryKey))
            let two = Base64.encode(try Federation.certificate(of: Federation.otherKey))
            func xml(_ first: String, _ second: String) -> String {
                Federation.metadata(
                    Federation.libraryID,
                    keys: """
                        <md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\(first)</ds:X509Certificate>\
                        <ds:X509Certificate>\(second)</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
                        """)
            }
            #expect(throws: MetadataRefusal.self) { try ServiceProvider.read(metadata: Array(xml(one, two).utf8)) }
            #expect(try Federation.one(xml(one, one)).signingKeys.count == 1)
        }

        @Test func `more than the limit are refused, because each costs a verification`() throws {
            var limits = MetadataLimits()
            limits.signingKeys = 1
            let xml = Federation.metadata(
                Federation.libraryID,
                keys: try [Federation.ministryKey, Federation.otherKey].map {
                    Federation.keyDescriptor(try Federation.certificate(of: $0), use: "signing")
                }.joined())
            #expect(throws: MetadataRefusal.self) { try ServiceProvider.read(metadata: Array(xml.utf8), limits: limits) }
        }
    }

    @Test(arguments: [
        "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "data:text/html,x", "vbscript:x", "//sp.example/acs", "/acs",
        "",
        "ftp://sp.example/acs", "https:sp.example/acs", "https://", "https:///acs", "https://sp.example/&quot;onload=&quot;x",
        "https://sp.example/a&lt;b", "https://user@sp.example/acs", "https://sp.example/acs#x", "https://sp.example/a b",
        "https://sp.example/a&#10;b", "https://日本.example/acs",
    ])
    func `an address that is no plain https address is refused, checklist A26`(location: String) {
        #expect(problems(Federation.metadata(Federation.libraryID, consumers: Self.consumer(location))).contains("saml.metadata.endpoint"))
    }

    @Test func `http passes in development only`() {
        let xml = Federation.metadata(Federation.libraryID, consumers: Self.consumer("http://localhost:8080/acs?x=1"))
        #expect(problems(xml) == ["saml.metadata.endpoint", "saml.metadata.endpoint"])
        #expect(problems(xml, development: true).isEmpty)
    }

    @Test(arguments: [
        "", "<md:AssertionConsumerService index=\"0\" Binding=\"\(Federation.artifact)\" Location=\"javascript:a\"/>",
        "<md:AssertionConsumerService index=\"0\" Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:PAOS\" Location=\"https://sp.example/a\"/>",
    ])
    func `without an address for HTTP-POST or HTTP-Artifact it is refused`(consumers: String) {
        #expect(Set(problems(Federation.metadata(Federation.libraryID, consumers: consumers))) == ["saml.metadata.endpoint"])
    }

    @Test(arguments: ["-1", "65536", "x", ""])
    func `an index that is none is refused`(index: String) {
        let xml = Federation.metadata(
            Federation.libraryID, consumers: Self.consumer("https://sp.example/acs") + Self.consumer("https://sp.example/2", index: index))
        #expect(problems(xml) == ["saml.metadata.endpoint"])
    }

    @Test func `a repeated index is refused`() {
        let consumers = Self.consumer("https://sp.example/acs") + Self.consumer("https://sp.example/2")
        #expect(problems(Federation.metadata(Federation.libraryID, consumers: consumers)) == ["saml.metadata.endpoint"])
    }

    @Test(arguments: [
        ("https://sp.example/2", "0", "an AssertionConsumerService has no index of its own", true),
        ("https://sp.example/2", "", "an AssertionConsumerService has no index of its own", true),
        ("http://sp.example/2", "1", "an AssertionConsumerService is no https address", false),
    ])
    func `the remedy speaks of the index where that is what is missing`(second: String, index: String, summary: String, isIndex: Bool) {
        let consumers = Self.consumer("https://sp.example/acs") + Self.consumer(second, index: index)
        let refusal = #expect(throws: MetadataRefusal.self) {
            try ServiceProvider.read(metadata: Array(Federation.metadata(Federation.libraryID, consumers: consumers).utf8))
        }
        #expect(refusal?.problems.map(\.summary) == [summary])
        let remedy = "give each AssertionConsumerService an `index` of its own (0, 1, …)"
        #expect(refusal?.problems.contains { $0.remedy == remedy } == isIndex)
    }

    @Test func `everything wrong is told at once`() {
        let xml = Federation.metadata(
            Federation.libraryID, outer: "validUntil=\"tomorrow\"", attributes: "AuthnRequestsSigned=\"maybe\"",
            keys: "<md:KeyDescriptor use=\"x\"/>", consumers: Self.consumer("javascript:x"))
        #expect(
            Set(problems(xml)) == [
                "saml.metadata.valid-until", "saml.metadata.boolean", "saml.metadata.key", "saml.metadata.endpoint",
            ])
    }

    @Test func `several entities are read, other roles passed over`() throws {
        let xml = """
            <md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" validUntil="2026-12-01T00:00:00Z">
            \(Federation.metadata("https://a.example"))\(Federation.metadata("https://b.example", outer: "validUntil=\"2026-11-25T00:00:00Z\""))
            <md:EntityDescriptor entityID="https://idp.example"><md:IDPSSODescriptor/></md:EntityDescriptor>
            <md:EntitiesDescriptor>\(Federation.metadata("https://c.example"))</md:EntitiesDescriptor></md:EntitiesDescriptor>
            """
        let all = try ServiceProvider.read(metadata: Array(xml.utf8))
        #expect(all.map(\.entityID.text) == ["https://a.example", "https://b.example", "https://c.example"])
        #expect(all.map { $0.validUntil?.text } == ["2026-12-01T00:00:00Z", "2026-11-25T00:00:00Z", "2026-12-01T00:00:00Z"])
        var limits = MetadataLimits()
        limits.entities = 2
        #expect(problems(xml, limits: limits) == ["saml.metadata.size"])
    }

    @Test func `one entityID twice is refused`() {
        let xml = """
            <md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">\(Federation.metadata("https://a.example"))\
            \(Federation.metadata("https://a.example"))</md:EntitiesDescriptor>
            """
        #expect(problems(xml) == ["saml.metadata.entity-id"])
    }

    @Test(arguments: [
        ("<x/>", "saml.metadata.root"), ("", "saml.metadata.xml"), ("<!DOCTYPE a><a/>", "saml.metadata.xml"),
        ("<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"a\"/>", "saml.metadata.role"),
        ("<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"/>", "saml.metadata.entity-id"),
        ("<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"/>", "saml.metadata.role"),
    ])
    func `what is no service provider's metadata is refused`(xml: String, code: String) {
        #expect(problems(xml) == [code])
    }

    @Test func `a role of another protocol is not read`() {
        let xml = Federation.metadata(Federation.libraryID)
            .replacing("urn:oasis:names:tc:SAML:2.0:protocol", with: "urn:oasis:names:tc:SAML:1.1:protocol")
        #expect(problems(xml) == ["saml.metadata.role"])
    }

    @Test func `a document above the limit is refused unread`() {
        var limits = MetadataLimits()
        limits.bytes = 100
        #expect(problems(Federation.metadata(Federation.libraryID), limits: limits) == ["saml.metadata.size"])
    }
}
