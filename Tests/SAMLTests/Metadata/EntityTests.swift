import Cryptography
import SAML
import Testing
import Vocabulary

@Suite struct `What a member's metadata says beside addresses and keys` {
    private static func role(_ inner: String, _ attributes: String = "") -> String {
        """
        <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" \(attributes)>\(inner)\
        <md:AssertionConsumerService index="0" Binding="\(Federation.post)" Location="https://sp.example/acs"/></md:SPSSODescriptor>
        """
    }

    private static func entity(_ body: String, _ attributes: String = "") -> [UInt8] {
        Array(
            """
            <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" \
            xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui" xmlns:mdrpi="urn:oasis:names:tc:SAML:metadata:rpi" \
            xmlns:mdattr="urn:oasis:names:tc:SAML:metadata:attribute" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" \
            xmlns:alg="urn:oasis:names:tc:SAML:metadata:algsupport" xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" \
            entityID="https://sp.example" \(attributes)>\(body)</md:EntityDescriptor>
            """.utf8)
    }

    private static func attribute(_ name: String, _ values: String...) -> String {
        "<saml:Attribute Name=\"\(name)\" NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\">"
            + values.map { "<saml:AttributeValue>\($0)</saml:AttributeValue>" }.joined() + "</saml:Attribute>"
    }

    private func provider(_ xml: [UInt8], inherited: InheritedMetadata = InheritedMetadata()) throws -> ServiceProvider {
        try #require(try MetadataEntity.read(xml, inherited: inherited).provider)
    }

    @Test func `logout, artifact and attribute services`() throws {
        let provider = try provider(
            Self.entity(
                Self.role(
                    """
                    <md:ArtifactResolutionService index="3" Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="https://sp.example/art"/>\
                    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://sp.example/slo" \
                    ResponseLocation="https://sp.example/slo-done"/>\
                    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="https://sp.example/soap"/>\
                    <md:AttributeConsumingService index="1"><md:ServiceName xml:lang="ja">窓口</md:ServiceName>\
                    <md:RequestedAttribute Name="urn:oid:2.5.4.42" FriendlyName="givenName" isRequired="true"/>\
                    <md:RequestedAttribute Name="urn:oid:2.5.4.4"><saml:AttributeValue>x</saml:AttributeValue></md:RequestedAttribute>\
                    </md:AttributeConsumingService>
                    """)))
        #expect(provider.artifactServices.map(\.index) == [3])
        #expect(provider.logoutServices.map(\.answers) == ["https://sp.example/slo-done", "https://sp.example/soap"])
        let service = try #require(provider.defaultAttributeService)
        #expect(service.names == ["ja": "窓口"])
        #expect(service.requested.map(\.isRequired) == [true, false])
        #expect(service.requested.map(\.values) == [[], ["x"]])
        #expect(provider.attributeService(2) == nil)
        #expect(provider.displayNames == ["ja": "窓口"])
    }

    @Test func `entity attributes and the registrar add up with what the groups around it say`() throws {
        let body = "<md:Extensions><mdattr:EntityAttributes>\(Self.attribute("cat", "a"))</mdattr:EntityAttributes></md:Extensions>"
        let outer = InheritedMetadata(registrationAuthority: "https://group.example", entityAttributes: ["cat": ["b"], "x": ["1"]])
        let inside = try provider(Self.entity(body + Self.role("")), inherited: outer)
        #expect(inside.entityAttributes == ["cat": ["a", "b"], "x": ["1"]])
        #expect(inside.registrationAuthority == "https://group.example")
        let own =
            "<md:Extensions><mdrpi:RegistrationInfo registrationAuthority=\"https://own.example\" "
            + "registrationInstant=\"2020-01-02T03:04:05Z\"/></md:Extensions>"
        let registered = try provider(Self.entity(own + Self.role("")), inherited: outer)
        #expect(registered.registrationAuthority == "https://own.example")
        #expect(registered.facts.registrationInstant?.text == "2020-01-02T03:04:05Z")
        #expect(try provider(Self.entity(Self.role(""))).registrationAuthority == nil)
    }

    @Test(arguments: [
        ("subject-id", SubjectIDRequirement.subject), ("pairwise-id", .pairwise), ("any", .any), ("none", SubjectIDRequirement.none),
        ("SUBJECT-ID", SubjectIDRequirement.none),
    ])
    func `subject-id:req is understood, and nothing that merely looks like it`(value: String, expected: SubjectIDRequirement) throws {
        let body =
            "<md:Extensions><mdattr:EntityAttributes>"
            + Self.attribute("urn:oasis:names:tc:SAML:profiles:subject-id:req", value) + "</mdattr:EntityAttributes></md:Extensions>"
        #expect(try provider(Self.entity(body + Self.role(""))).subjectIDRequirement == expected)
        let two =
            "<md:Extensions><mdattr:EntityAttributes>"
            + Self.attribute("urn:oasis:names:tc:SAML:profiles:subject-id:req", "subject-id", "pairwise-id")
            + "</mdattr:EntityAttributes></md:Extensions>"
        #expect(try provider(Self.entity(two + Self.role(""))).subjectIDRequirement == .none)
    }

    @Test func `algorithms of the role take the place of those of the entity`() throws {
        func method(_ name: String) -> String { "<alg:SigningMethod Algorithm=\"\(name)\"/><alg:DigestMethod Algorithm=\"d-\(name)\"/>" }
        let outer = "<md:Extensions>\(method("outer"))</md:Extensions>"
        let both = try provider(Self.entity(outer + Self.role("<md:Extensions>\(method("inner"))</md:Extensions>")))
        #expect(both.declaredSigningAlgorithms == ["inner"] && both.declaredDigests == ["d-inner"])
        #expect(try provider(Self.entity(outer + Self.role(""))).declaredSigningAlgorithms == ["outer"])
    }

    @Test func `names are data: collapsed, bounded, without control and direction characters`() throws {
        func names(_ text: String) throws -> [String: String] {
            try provider(
                Self.entity(
                    Self.role(
                        "<md:Extensions><mdui:UIInfo><mdui:DisplayName xml:lang=\"EN\">\(text)</mdui:DisplayName></mdui:UIInfo></md:Extensions>"
                    ))
            ).displayNames
        }
        #expect(try names("  A \n  service ") == ["en": "A service"])
        #expect(try names("A\u{202e}ecivres") == ["en": "Aecivres"])
        #expect(try names("&lt;script&gt;") == ["en": "<script>"])
        #expect(try names(String(repeating: "x", count: 201)).isEmpty)
        #expect(try names("\u{200b}").isEmpty)
    }

    @Test(arguments: [
        ("https://sp.example/logo.png", true), ("data:image/png;base64,iVBORw0KGgoAAA==", true),
        ("data:image/gif;base64,R0lGODlhAQ==", true),
        ("data:image/svg+xml;base64,PHN2Zz4=", false), ("data:image/png;base64,PHN2Zz4=", false), ("http://sp.example/logo.png", false),
        ("javascript:alert(1)", false), ("data:text/html;base64,PHN2Zz4=", false), ("data:image/png,abc", false),
        ("//x.example/l.png", false),
    ])
    func `a logo is a vetted raster picture or an https address, checklist M13`(logo: String, isTaken: Bool) throws {
        let xml = Self.entity(
            Self.role("<md:Extensions><mdui:UIInfo><mdui:Logo width=\"80\" height=\"60\">\(logo)</mdui:Logo></mdui:UIInfo></md:Extensions>")
        )
        let entity = try MetadataEntity.read(xml)
        #expect((entity.provider?.facts.display.logos.count == 1) == isTaken)
        #expect(entity.notes.isEmpty == isTaken)
    }

    @Test func `scopes are names; a pattern is refused, checklist M16`() throws {
        func scoped(_ scope: String) -> [UInt8] { Self.entity("<md:Extensions>\(scope)</md:Extensions>" + Self.role("")) }
        #expect(try provider(scoped("<shibmd:Scope regexp=\"false\">example.jp</shibmd:Scope>")).scopes == ["example.jp"])
        for bad in ["<shibmd:Scope regexp=\"true\">(a+)+$</shibmd:Scope>", "<shibmd:Scope>a b</shibmd:Scope>"] {
            let entity = try MetadataEntity.read(scoped(bad))
            #expect(entity.provider?.scopes == [] && entity.notes.map(\.code) == ["saml.metadata.scope"])
            #expect(throws: MetadataRefusal.self) { try ServiceProvider.read(metadata: scoped(bad)) }
        }
    }

    @Suite struct `keys for encryption, IIP-MD08 and MD10` {
        private static func descriptor(_ key: PrivateKey, _ use: String?, _ methods: String = "") throws -> String {
            Federation.keyDescriptor(try Federation.certificate(of: key), use: use)
                .replacing("</md:KeyDescriptor>", with: methods + "</md:KeyDescriptor>")
        }

        @Test func `are those that say so and those that say nothing, with what they decrypt in order`() throws {
            let methods = """
                <md:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/>\
                <md:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p">\
                <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/></md:EncryptionMethod>
                """
            let keys =
                try Self.descriptor(Federation.ministryKey, "encryption", methods) + Self.descriptor(Federation.otherKey, "signing")
                + Self.descriptor(Federation.curveKey, nil)
            let provider = try Federation.one(Federation.metadata(Federation.libraryID, keys: keys))
            #expect(provider.encryptionKeys.map(\.key) == [Federation.ministryKey.publicKey, Federation.curveKey.publicKey])
            #expect(
                provider.encryptionKeys.first?.methods
                    == ["http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"])
            #expect(provider.encryptionKeys.first?.declared.last?.digest == "http://www.w3.org/2001/04/xmlenc#sha256")
            #expect(provider.encryptionKeys.last?.declared == [])
        }

        /// The modulus has 1024 bits. A key without `use` is meant for both uses.
        @Test(
            arguments: ["encryption", nil] as [String?],
            [
                "<ds:KeyName>k</ds:KeyName>", "<ds:KeyValue><ds:DSAKeyValue/></ds:KeyValue>",
                "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>\(Base64.encode([UInt8](repeating: 0xc5, count: 128)))</ds:Modulus>"
                    + "<ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>",
            ])
        func `that cannot be read never mean sending in clear, IIP-MD11`(use: String?, keyInfo: String) throws {
            let attribute = use.map { " use=\"\($0)\"" } ?? ""
            let bad = "<md:KeyDescriptor\(attribute)><ds:KeyInfo>\(keyInfo)</ds:KeyInfo></md:KeyDescriptor>"
            let alone = Array(Federation.metadata(Federation.libraryID, keys: bad).utf8)
            #expect(throws: MetadataRefusal.self) { try ServiceProvider.read(metadata: alone) }
            #expect(throws: MetadataRefusal.self) { try MetadataEntity.read(alone) }
            let beside = Array(
                Federation.metadata(Federation.libraryID, keys: bad + (try Self.descriptor(Federation.otherKey, "encryption"))).utf8)
            #expect(try MetadataEntity.read(beside).provider?.encryptionKeys.map(\.key) == [Federation.otherKey.publicKey])
        }

        @Test func `are not missed where the key that cannot be read is for signing alone`() throws {
            let bad = "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:KeyName>k</ds:KeyName></ds:KeyInfo></md:KeyDescriptor>"
            let entity = try MetadataEntity.read(Array(Federation.metadata(Federation.libraryID, keys: bad).utf8))
            #expect(entity.provider?.encryptionKeys.isEmpty == true && entity.notes.map(\.code) == ["saml.metadata.key"])
        }
    }

    @Suite struct `a federation's entity is read tolerantly` {
        @Test func `what cannot be used is left out, what protects is not`() throws {
            let consumers = """
                <md:AssertionConsumerService index="0" Binding="\(Federation.post)" Location="http://plain.example/acs"/>\
                <md:AssertionConsumerService index="1" Binding="\(Federation.post)" Location="https://sp.example/acs"/>
                """
            let xml = Array(Federation.metadata(Federation.libraryID, consumers: consumers).utf8)
            let entity = try MetadataEntity.read(xml)
            #expect(entity.provider?.consumers.map(\.index) == [1])
            #expect(entity.notes.map(\.code) == ["saml.metadata.endpoint"])
            #expect(throws: MetadataRefusal.self) { try ServiceProvider.read(metadata: xml) }
            let keyless = Array(Federation.metadata(Federation.libraryID, attributes: "AuthnRequestsSigned=\"true\"").utf8)
            #expect(throws: MetadataRefusal.self) { try MetadataEntity.read(keyless) }
        }

        @Test func `only artifact is enough; neither is not`() throws {
            let artifact = "<md:AssertionConsumerService index=\"0\" Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact\" "
            let good = Federation.metadata(Federation.libraryID, consumers: artifact + "Location=\"https://sp.example/art\"/>")
            #expect(try MetadataEntity.read(Array(good.utf8)).provider?.consumers.count == 1)
            let bad = Federation.metadata(Federation.libraryID, consumers: artifact + "Location=\"javascript:x\"/>")
            #expect(throws: MetadataRefusal.self) { try MetadataEntity.read(Array(bad.utf8)) }
        }

        @Test func `an identity provider is no member, and no error`() throws {
            let xml =
                "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"a\"><md:IDPSSODescriptor/></md:EntityDescriptor>"
            let entity = try MetadataEntity.read(Array(xml.utf8))
            #expect(entity.provider == nil && entity.roles == [.identityProvider])
        }
    }

    @Suite struct `the difference between two states` {
        private func provider(_ keys: String = "", _ attributes: String = "", _ extra: String = "") throws -> ServiceProvider {
            try Federation.one(Federation.metadata(Federation.libraryID, attributes: attributes, keys: keys + extra))
        }

        @Test func `names what touches security`() throws {
            let key = Federation.keyDescriptor(try Federation.certificate(of: Federation.otherKey), use: "signing")
            let changes = MetadataChange.between(try provider(), try provider(key, "AuthnRequestsSigned=\"true\""))
            #expect(changes.map(\.subject) == [.key, .signing])
            #expect(changes.allSatisfy { $0.isSecurityRelevant })
            #expect(changes.first?.line.hasPrefix("+ key for signing RSA 2048 SHA-256 ") == true)
        }

        @Test func `is none when another certificate holds the same key`() throws {
            let one = Federation.keyDescriptor(try Federation.certificate(of: Federation.otherKey), use: "signing")
            let two = Federation.keyDescriptor(try Federation.certificate(of: Federation.otherKey), use: "signing")
            #expect(MetadataChange.between(try provider(one), try provider(two)).isEmpty)
        }

        /// A member that asks for one attribute.
        private func asking(_ attributes: String, _ values: String = "") throws -> ServiceProvider {
            try provider(
                "", "",
                """
                <md:AttributeConsumingService index="0"><md:ServiceName xml:lang="en">x</md:ServiceName>\
                <md:RequestedAttribute xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" \(attributes)>\(values)</md:RequestedAttribute>\
                </md:AttributeConsumingService>
                """)
        }

        private static let wish =
            "Name=\"urn:oid:2.5.4.42\" FriendlyName=\"givenName\" NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\""

        /// Another wish, and how it is told.
        static let wishes: [(String, String, String)] = [
            (wish.replacing("2.5.4.42", with: "2.5.4.4"), "", "asks for urn:oid:2.5.4.4 called givenName in service 0"),
            (wish.replacing("givenName", with: "sn"), "", "asks for urn:oid:2.5.4.42 called sn in service 0"),
            (
                wish.replacing("format:uri", with: "format:basic"), "",
                "asks for urn:oid:2.5.4.42 called givenName as urn:oasis:names:tc:SAML:2.0:attrname-format:basic in service 0"
            ),
            (
                wish + " isRequired=\"true\"",
                "<saml:AttributeValue>Hana</saml:AttributeValue><saml:AttributeValue>a b</saml:AttributeValue>",
                "asks for urn:oid:2.5.4.42 called givenName of \"Hana\" \"a b\" (required) in service 0"
            ),
            (
                "Name=\"urn:oid:2.5.4.42 called givenName\" NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"", "",
                "asks for \"urn:oid:2.5.4.42 called givenName\" in service 0"
            ),
        ]

        @Test(arguments: wishes)
        func `names an attribute that is asked for by all that decides what is told`(
            attributes: String, values: String, line: String
        ) throws {
            let changes = MetadataChange.between(try asking(Self.wish), try asking(attributes, values))
            #expect(changes.map(\.line) == ["- asks for urn:oid:2.5.4.42 called givenName in service 0", "+ " + line])
            #expect(changes.allSatisfy { $0.subject == .attributes })
        }

        @Test func `is none when a wish is written in another order, or its format is left out for the unspecified one`() throws {
            let bare = "FriendlyName=\"givenName\" Name=\"urn:oid:2.5.4.42\""
            let other = "NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified\" " + bare
            #expect(MetadataChange.between(try asking(bare), try asking(other)).isEmpty)
            #expect(!MetadataChange.between(try asking(bare), try asking(Self.wish)).isEmpty)
        }

        @Test func `tells who came and who went`() throws {
            #expect(MetadataChange.between(nil, try provider()).map(\.direction) == [.added])
            #expect(MetadataChange.between(try provider(), nil).map(\.line) == ["- member " + Federation.libraryID])
            #expect(MetadataChange.between(nil, nil).isEmpty)
        }
    }
}
