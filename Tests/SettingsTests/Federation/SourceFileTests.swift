import Cryptography
import Foundation
import SAML
import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Metadata/sources, one file per source` {
    private static let key: [UInt8] = {
        guard let key = try? PrivateKey.generate(.ec(.p256)) else { return [] }
        return Array(("-----BEGIN PUBLIC KEY-----\n" + Base64.encode(key.publicKey.spki) + "\n-----END PUBLIC KEY-----\n").utf8)
    }()

    private static let terms = """
        terms:
          kind: private-verifier
          names: {en: A service of the federation}
          accreditation: {state: accredited, not-before: 2026-04-01, not-after: 2031-03-31, purposes: [login, points]}
          default-purpose: login
        """

    private static func read(_ text: String, development: Bool = false) throws(SettingsProblems) -> MetadataSource {
        try Settings.source(
            reading: text, named: "fed", beside: { $0 == "fed.pem" ? key : nil }, development: development, base: "/srv/sekisho")
    }

    private func codes(_ text: String, development: Bool = false) -> [String] {
        do {
            _ = try Self.read(text, development: development)
            return []
        } catch { return error.problems.map(\.code) }
    }

    @Test func `is read whole`() throws {
        let source = try Self.read(
            """
            kind: url
            location: [https://mds.example/all.xml, https://mirror.example/all.xml]
            signed-by: fed.pem
            refresh: {every: 4h, at-least: 20m}
            valid-until: {required: true, longest: 14d}
            largest: 209715200
            entities: 20000
            take:
              registration-authorities: [https://registrar.example]
              not-entities: ['https://bad.example/*']
              not-roles: [idp]
            changes: {policy: held-for-approval, hold: [key, address, member], generations: 9}
            \(Self.terms)
              sector: https://sector.example
              saml: {sign: assertion, encrypt: required}
            members:
              - id: https://ministry.example/sp
                kind: ministry
                accreditation: {state: accredited, not-before: 2026-04-01, not-after: 2031-03-31, purposes: [procedure]}
            """)
        #expect(source.kind == .url && source.locations.count == 2 && source.keys.count == 1)
        #expect(source.refresh.every == 4 * 3600 && source.refresh.least == 1200)
        #expect(source.validity.isRequired && source.validity.longest == 14 * 86_400)
        #expect(source.largest == 209_715_200 && source.mostEntities == 20_000)
        #expect(source.changes.word == .held && source.changes.held == [.key, .address, .member] && source.changes.generations == 9)

        func entity(_ id: String, _ authority: String) throws -> MetadataEntity {
            try MetadataEntity.read(
                Array(
                    """
                    <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="\(id)"><md:SPSSODescriptor \
                    protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:AssertionConsumerService index="0" \
                    Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example/acs"/></md:SPSSODescriptor>\
                    </md:EntityDescriptor>
                    """.utf8), inherited: InheritedMetadata(registrationAuthority: authority))
        }
        let one = try #require(source.registration(of: try entity("https://sp.example", "https://registrar.example")))
        #expect(one.member.kind == .privateVerifier && one.member.sector == "https://sector.example")
        #expect(one.member.displayName == ["en": "A service of the federation"] && one.member.defaultPurpose.text == "login")
        guard case .saml(let provider) = one.speech else { return #expect(Bool(false)) }
        #expect(provider.options.signing == .assertion && provider.options.encryption == .required)
        let special = try #require(source.registration(of: try entity("https://ministry.example/sp", "https://registrar.example")))
        #expect(special.member.kind == .ministry && special.member.sector == "https://ministry.example/sp")
        #expect(source.registration(of: try entity("https://sp.example", "https://other.example")) == nil)
        #expect(source.registration(of: try entity("https://bad.example/1", "https://registrar.example")) == nil)
    }

    @Test func `has careful defaults`() throws {
        let source = try Self.read("kind: mdq\nlocation: https://mdq.example/\nsigned-by: fed.pem\n" + Self.terms)
        #expect(source.validity.isRequired && source.validity.longest == 28 * 86_400)
        #expect(source.changes.word == .automatic)
        #expect(
            source.query.entities == 2000 && source.query.negative == 300 && source.query.timeout == 5 && source.query.name == .entityID)
        #expect(source.largest == 1_048_576)
    }

    @Test(arguments: [
        ("kind: url\nlocation: https://x.example/", "production.metadata-signature"),
        ("kind: mdq\nlocation: https://x.example/", "production.metadata-signature"),
        ("kind: url\nlocation: https://x.example/\nunsigned: true", "production.metadata-signature"),
        ("kind: file\nlocation: a.xml", "source.key"),
        ("kind: url\nlocation: https://x.example/\nsigned-by: fed.pem\nunsigned: true", "source.unsigned"),
        ("kind: url\nlocation: ftp://x.example/\nsigned-by: fed.pem", "source.location"),
        ("kind: url\nlocation: https://me@x.example/\nsigned-by: fed.pem", "source.location"),
        ("kind: url\nlocation: []\nsigned-by: fed.pem", "source.location"),
        ("kind: url\nlocation: https://x.example/\nsigned-by: ../key.pem", "member.file"),
        ("kind: feed\nlocation: https://x.example/\nsigned-by: fed.pem", "yaml.value"),
        ("kind: url\nlocation: https://x.example/\nsigned-by: fed.pem\nrefresh: {every: 1h, at-least: 2h}", "source.refresh"),
        ("kind: url\nlocation: https://x.example/\nsigned-by: fed.pem\nrefresh: {evry: 1h}", "yaml.key.unknown"),
        ("kind: url\nlocation: https://x.example/\nsigned-by: fed.pem\nchanges: {hold: [key]}", "source.changes"),
        ("kind: url\nlocation: https://x.example/\nsigned-by: fed.pem\nquery: {timeout: 3s}", "source.query"),
        ("kind: url\nlocation: https://x.example/\nsigned-by: fed.pem\ntake: {not-roles: [sp]}", "source.take"),
        ("kind: url\nlocation: https://x.example/\nsigned-by: fed.pem\nvalid-until: {longest: 1y}", "yaml.value"),
    ])
    func `a slip is refused with its code`(text: String, code: String) {
        #expect(codes(text + "\n" + Self.terms) == [code])
    }

    @Test func `development may go without a signature, when it says so`() {
        let text = "kind: url\nlocation: https://x.example/\n" + Self.terms
        #expect(codes(text, development: true) == ["source.key"])
        #expect(codes("unsigned: true\n" + text, development: true).isEmpty)
        #expect(codes("unsigned: true\n" + text) == ["production.metadata-signature"])
        #expect(codes("kind: file\nlocation: a.xml\nunsigned: true\n" + Self.terms).isEmpty)
    }

    @Test func `terms are needed, whole`() {
        let head = "kind: url\nlocation: https://x.example/\nsigned-by: fed.pem\n"
        #expect(codes(head) == ["yaml.key.missing"])
        #expect(codes(head + "terms: {kind: ministry}") == ["yaml.key.missing"])
        #expect(
            codes(head + Self.terms.replacing("  default-purpose: login", with: "")) == ["member.default-purpose"])
        #expect(codes(head + Self.terms.replacing("purposes: [login, points]", with: "purposes: []")).contains("member.purposes"))
    }

    @Test func `stand in a folder of their own, checked with everything else`() throws {
        let deployment = try Deployment()
        #expect(try deployment.load().federation.sources.isEmpty)
        try FileManager.default.createDirectory(atPath: deployment.path + "/Metadata/sources", withIntermediateDirectories: true)
        try deployment.write("Metadata/sources/fed.yaml", "kind: url\nlocation: https://x.example/\nsigned-by: fed.pem\n" + Self.terms)
        #expect(throws: SettingsProblems.self) { try deployment.load() }
        try deployment.write("Metadata/sources/fed.pem", Self.key)
        #expect(try deployment.load().federation.sources.map(\.name) == ["fed"])
        try deployment.write("Metadata/sources/stray.pem", Self.key)
        #expect(throws: SettingsProblems.self) { try deployment.load() }
    }

    @Test func `another value, another seal`() throws {
        func seal(_ more: String) throws -> String {
            try Self.read("kind: url\nlocation: https://x.example/\nsigned-by: fed.pem\n" + more + "\n" + Self.terms).seal
        }
        #expect(try seal("") == seal("refresh: {every: 1h}"))
        #expect(try seal("") != seal("take: {not-entities: [a]}"))
    }
}
