import Cryptography
import SAML
import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `The saml part of a member's file` {
    private static let id = "https://ministry.example/sp"

    private func options(_ lines: String) throws -> MemberOptions {
        let deployment = try Deployment()
        try deployment.addMinistry(yaml: lines)
        return try #require(try deployment.load().federation.serviceProvider(Self.id)).options
    }

    private func problems(_ lines: String) throws -> [Problem] {
        let deployment = try Deployment()
        try deployment.addMinistry(yaml: lines)
        return deployment.problems()
    }

    @Test func `has defaults that suit a member of whom nothing is known but its metadata`() throws {
        #expect(try options("") == MemberOptions())
    }

    @Test func `says everything that can be said of one member`() throws {
        let options = try options(
            """
              sign: response
              encrypt: off
              ciphers: allow-cbc
              unsolicited: true
              response-binding: artifact
              signing-key: \(String(repeating: "AB", count: 32))
              algorithm: ecdsa-sha384
              name-id: transient
              relay-state: 80
              key-info: certificate-and-name
              subject-identifier: pairwise-id
              release: required
              value-type: xs:string
              consent: current-explicit
              session-expiry: false
              logout: browser
              allow-create: always
              attributes:
                pin-used: urn:oid:1.2.3
                card-mode: {name: mode, format: basic, friendly-name: Card}

            """)
        var expected = MemberOptions()
        expected.signing = .response
        expected.encryption = .off
        expected.ciphers = .cbc
        expected.unsolicited = true
        expected.responseBinding = .artifact
        expected.signingKeyPin = String(repeating: "ab", count: 32)
        expected.algorithm = .ecdsa(.sha384)
        expected.nameID = .transient
        expected.relayState = 80
        expected.keyInfo = .named
        expected.subjectIdentifier = .pairwise
        expected.release = .required
        expected.valueType = .string
        expected.consent = .explicit
        expected.sessionExpiry = false
        expected.logout = .browser
        expected.creation = .always
        expected.attributeNames = [
            .pinUsed: .init(name: "urn:oid:1.2.3", friendlyName: "pin-used"),
            .cardMode: .init(name: "mode", format: .basic, friendlyName: "Card"),
        ]
        #expect(options == expected)
    }

    @Test(arguments: [
        ("  encrypt: sometimes\n", "yaml.value"), ("  ciphers: cbc\n", "yaml.value"), ("  ciphers: allow-cbc-name\n", "yaml.value"),
        ("  unsolicited: yes please\n", "yaml.type"),
        ("  signing-key: abc\n", "member.signing-key"), ("  algorithm: rsa-sha1\n", "yaml.value"),
        ("  name-id: emailAddress\n", "yaml.value"),
        ("  relay-state: 8193\n", "yaml.value"), ("  consent: maybe\n", "yaml.value"), ("  encryption: off\n", "yaml.key.unknown"),
        ("  attributes: {nickname: urn:x}\n", "yaml.key.unknown"), ("  attributes: {carrier: {format: uri}}\n", "yaml.key.missing"),
        ("  attributes: {carrier: urn:x, pin-used: urn:x}\n", "member.attributes"),
    ])
    func `is refused where it says what cannot be, with its line`(lines: String, code: String) throws {
        let problem = try #require(try problems(lines).first)
        #expect(problem.code == code)
        #expect(problem.file == "Metadata/members/ministry.yaml")
        #expect(problem.line != nil)
    }
}

@Suite struct `What an operator is told of how a member is answered` {
    /// The member's metadata with a key for encryption that declares these algorithms.
    private func notices(_ lines: String, declaring: [String]? = nil, wishes: String = "") throws -> [String] {
        try told(lines, declaring: declaring, wishes: wishes).map(\.code)
    }

    private func told(_ lines: String, declaring: [String]? = nil, wishes: String = "") throws -> [Problem] {
        let deployment = try Deployment()
        try deployment.addMinistry(yaml: lines)
        let key = try Self.certificate.get()
        let methods = (declaring ?? []).map { "<md:EncryptionMethod Algorithm=\"\($0)\"/>" }.joined()
        let descriptor = """
            <md:KeyDescriptor use="encryption"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>\
            <ds:X509Certificate>\(Base64.encode(key))</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\(methods)</md:KeyDescriptor>
            """
        let metadata = try deployment.read("Metadata/members/ministry.xml")
            .replacing("<md:AssertionConsumerService", with: (declaring == nil ? "" : descriptor) + "<md:AssertionConsumerService")
            .replacing("</md:SPSSODescriptor>", with: wishes + "</md:SPSSODescriptor>")
        try deployment.write("Metadata/members/ministry.xml", metadata)
        return try deployment.load().notices.filter { $0.code.hasPrefix("member.") || $0.code.hasPrefix("saml.") }
    }

    private static let certificate: Result<[UInt8], any Error> = Result {
        try SelfSigned.certificate(
            for: try PrivateKey.generate(.rsa(bits: 2048)), commonName: "sample", notBefore: Deployment.now,
            notAfter: Deployment.now.adding(seconds: 86_400), dnsNames: [], ipAddresses: [])
    }

    private static let gcm = "http://www.w3.org/2009/xmlenc11#aes128-gcm"
    private static let cbc = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
    private static let old = "http://www.w3.org/2001/04/xmlenc#rsa-1_5"

    @Test func `nothing, where all is well`() throws {
        #expect(try notices("").isEmpty)
        #expect(try notices("", declaring: [Self.gcm]).isEmpty)
        #expect(try notices("", declaring: []).isEmpty)
    }

    @Test(
        arguments: [
            ("  ciphers: allow-cbc\n", [cbc], "member.encryption.cbc"), ("  ciphers: allow-cbc\n", [], "member.encryption.cbc"),
            ("  ciphers: allow-cbc\n", [gcm], "member.encryption.cbc-needless"), ("", [cbc], "saml.encryption.cipher"),
            ("", [gcm, old], "saml.encryption.transport"), ("  encrypt: off\n", [gcm], "member.encryption.off"),
            ("  encrypt: required\n", nil, "saml.encryption.key"), ("  unsolicited: true\n", nil, "member.unsolicited"),
            ("  subject-identifier: subject-id\n", nil, "member.subject-id"),
        ] as [(String, [String]?, String)])
    func `what lowers the guard, checklist S51`(lines: String, declaring: [String]?, code: String) throws {
        #expect(try notices(lines, declaring: declaring).contains(code))
    }

    @Test func `nothing of CBC for names alone, but where assertions would need it`() throws {
        #expect(try notices("  ciphers: allow-cbc-names\n", declaring: [Self.gcm]).isEmpty)
        #expect(try notices("  ciphers: allow-cbc-names\n", declaring: []).isEmpty)
        #expect(try notices("  ciphers: allow-cbc-names\n", declaring: [Self.cbc]) == ["saml.encryption.cipher"])
    }

    /// A setting that a remedy names in backquotes can be written into the member's file as it stands there.
    @Test(
        arguments: [
            ("  encrypt: required\n", nil, ["encrypt: when-declared"]), ("", [cbc], ["ciphers: allow-cbc", "encrypt: off"]),
            ("  ciphers: allow-cbc\n", [gcm], ["ciphers: allow-cbc-names"]),
            ("  ciphers: allow-cbc\n", [cbc], ["ciphers: allow-cbc", "ciphers: allow-cbc-names"]),
        ] as [(String, [String]?, [String])])
    func `by a remedy that names settings which there are`(lines: String, declaring: [String]?, named: [String]) throws {
        let problem = try #require(try told(lines, declaring: declaring).first)
        let parts = problem.remedy.split(separator: "`", omittingEmptySubsequences: false)
        let settings = parts.indices.filter { !$0.isMultiple(of: 2) }.map { String(parts[$0]) }
        #expect(settings == named)
        for setting in settings {
            #expect(throws: Never.self) { try told("  " + setting + "\n") }
        }
        #expect(throws: SettingsProblems.self) { try told("  encryption: off\n") }
    }

    @Test(arguments: [("urn:oid:1.2.3", true), ("urn:x-sekisho:attribute:pin-used", false)])
    func `which attributes its metadata asks for in vain`(name: String, isTold: Bool) throws {
        let wishes = """
            <md:AttributeConsumingService index="0"><md:ServiceName xml:lang="en">s</md:ServiceName>\
            <md:RequestedAttribute Name="\(name)"/></md:AttributeConsumingService>
            """
        #expect(try notices("", wishes: wishes).contains("member.attributes.unknown") == isTold)
        if isTold { #expect(try !notices("  attributes: {pin-used: \(name)}\n", wishes: wishes).contains("member.attributes.unknown")) }
    }

    @Test func `at the door a member that cannot be encrypted to is refused`() throws {
        let deployment = try Deployment()
        try deployment.addMinistry(yaml: "  encrypt: required\n")
        let source = try Deployment()
        try source.addMinistry("other", id: "https://other.example/sp", yaml: "  encrypt: required\n")
        let error = #expect(throws: SettingsProblems.self) {
            try Settings.add(member: source.path + "/Metadata/members/other.yaml", to: deployment.path, at: Deployment.now)
        }
        #expect(error?.problems.map(\.code) == ["saml.encryption.key"])
    }
}
