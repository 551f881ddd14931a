import Cryptography
import Foundation
import JOSE
import OpenID
import SAML
import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `A member whose file names a certificate profile` {
    private static let id = "https://ministry.example/sp"

    /// A deployment with a bridge profile that believes `authority` alone.
    private static func deployment(_ authority: ImaginaryAuthority, lines: String = "") throws -> Deployment {
        let deployment = try Deployment()
        try deployment.makeFolder("Keys/anchors-of")
        try deployment.makeFolder("Keys/anchors-of/government-bridge")
        try deployment.write("Keys/anchors-of/government-bridge/root.pem", authority.pem)
        if !lines.isEmpty { try deployment.write("Keys/profiles/government-bridge.yaml", lines) }
        return deployment
    }

    private static func metadata(_ certificates: [[Certificate]]) -> String {
        let keys = certificates.map { chain in
            "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">"
                + chain.prefix(1).map {
                    "<ds:X509Data><ds:X509Certificate>\n\(Base64.encode($0.der))\n</ds:X509Certificate></ds:X509Data>"
                }.joined() + "</ds:KeyInfo></md:KeyDescriptor>"
        }
        return """
            <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="\(id)">
              <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                \(keys.joined())
                <md:AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://ministry.example/acs"/>
              </md:SPSSODescriptor>
            </md:EntityDescriptor>

            """
    }

    private static func write(_ certificates: [Certificate], to deployment: Deployment, folder: String = "Metadata/members") throws {
        try deployment.write(folder + "/ministry.xml", metadata(certificates.map { [$0] }))
        try deployment.write(
            folder + "/ministry.yaml", Samples.ministry(id, metadata: "ministry.xml") + "certificate-profile: government-bridge\n")
    }

    @Test func `signs with the keys whose certificates count`() throws {
        let authority = try ImaginaryAuthority("Root")
        let key = try PrivateKey.generate(.ec(.p256)).publicKey, other = try PrivateKey.generate(.ec(.p256)).publicKey
        let stranger = try ImaginaryAuthority("Stranger")
        let deployment = try Self.deployment(authority)
        try Self.write([try authority.issue("Ministry", for: key), try stranger.issue("Ministry", for: other)], to: deployment)
        let configuration = try deployment.load()
        let provider = try #require(configuration.federation.serviceProvider(Self.id))
        #expect(provider.signingKeys == [key])
        let notice = try #require(configuration.notices.first { $0.code == "member.certificate" })
        #expect(notice.file == "Metadata/members/ministry.xml" && notice.message.contains("`government-bridge`"))
        #expect(notice.message.contains("no anchor named") && notice.message.contains("CN=Ministry"), "\(notice)")
    }

    @Test func `is left with no key, and every request has to be signed, when no certificate counts`() throws {
        let deployment = try Self.deployment(try ImaginaryAuthority("Root"))
        let key = try PrivateKey.generate(.ec(.p256)).publicKey
        try Self.write([try ImaginaryAuthority("Root").issue("Ministry", for: key)], to: deployment)
        let provider = try #require(try deployment.load().federation.serviceProvider(Self.id))
        #expect(provider.signingKeys.isEmpty && provider.authnRequestsSigned)
    }

    @Test func `is no longer believed on the day its certificate ends, and keeps the platform up`() throws {
        let authority = try ImaginaryAuthority("Root")
        let deployment = try Self.deployment(authority)
        try Self.write([try authority.issue("Ministry", for: try PrivateKey.generate(.ec(.p256)).publicKey)], to: deployment)
        #expect(try deployment.load().federation.serviceProvider(Self.id)?.signingKeys.count == 1)
        let later = try deployment.load(at: Deployment.now.adding(seconds: 86_400 * 1001))
        #expect(later.federation.serviceProvider(Self.id)?.signingKeys.isEmpty == true)
        #expect(later.notices.contains { $0.code == "member.certificate" && $0.message.contains("expired") })
    }

    @Test func `may come through the bridge's other authorities, as far as the profile goes`() throws {
        let root = try ImaginaryAuthority("Root")
        let bridge = try ImaginaryAuthority("Bridge", by: root), other = try ImaginaryAuthority("Other", by: bridge)
        let key = try PrivateKey.generate(.ec(.p256)).publicKey
        let certificate = try other.issue("Shop", for: key)
        let deployment = try Self.deployment(root)
        func shop(_ chain: [Certificate]) throws -> String {
            let point = try #require(key.ecPoint)
            let chain = chain.map { "\"" + Base64.encode($0.der) + "\"" }.joined(separator: ", ")
            return try Samples.shop("shop").split(separator: "\n").dropLast().joined(separator: "\n") + """

                  jwks: {keys: [{kty: EC, crv: P-256, kid: one, x: \(Base64url.encode(point.x)), y: \(Base64url.encode(point.y)), x5c: [\(chain)]}]}
                certificate-profile: government-bridge

                """
        }
        func keys() throws -> [PublicKey]? {
            guard case .privateKeyJWT(let set)? = try deployment.load().federation.client("shop")?.authentication else { return nil }
            return set.keys.map(\.key)
        }
        try deployment.write("Metadata/members/shop.yaml", try shop([certificate, other.certificate, bridge.certificate]))
        #expect(try keys() == [key])
        try deployment.write("Metadata/members/shop.yaml", try shop([certificate, other.certificate]))
        #expect(try keys() == nil, "nothing leads to the anchor")
        try deployment.write("Metadata/members/shop.yaml", try shop([other.certificate, certificate, bridge.certificate]))
        #expect(try keys() == nil, "the first certificate is the key's own (RFC 7517 §4.7)")
        try deployment.write("Metadata/members/shop.yaml", try shop([certificate, other.certificate, bridge.certificate]))
        try deployment.edit("Keys/profiles/government-bridge.yaml", "longest-path: 4 ", "longest-path: 1 ")
        #expect(try keys() == nil, "a client without a key is none")
    }

    @Test func `may come through cross certificates that the operator keeps at hand`() throws {
        let root = try ImaginaryAuthority("Root")
        let bridge = try ImaginaryAuthority("Bridge", by: root), other = try ImaginaryAuthority("Other", by: bridge)
        let deployment = try Self.deployment(root)
        let key = try PrivateKey.generate(.ec(.p256)).publicKey
        let certificate = try other.issue("Ministry", for: key)
        try Self.write([certificate], to: deployment)
        func keys() throws -> [PublicKey]? { try deployment.load().federation.serviceProvider(Self.id)?.signingKeys }
        #expect(try keys() == [])
        try deployment.makeFolder("Keys/intermediates")
        try deployment.write("Keys/intermediates/bridge.pem", bridge.pem + other.pem)
        #expect(try keys() == [key])
        try deployment.write("Keys/intermediates/bridge.pem", bridge.pem)
        #expect(try keys() == [])
        try deployment.write("Keys/intermediates/bridge.pem", PEM.encode(certificate.der, label: "CERTIFICATE"))
        #expect(deployment.codes() == ["intermediate.authority"])
    }

    @Test func `is refused at the door for a certificate that does not count`() throws {
        let authority = try ImaginaryAuthority("Root"), stranger = try ImaginaryAuthority("Stranger")
        let deployment = try Self.deployment(authority)
        let outside = Deployment(emptyAt: Deployment.fresh())
        try FileManager.default.createDirectory(atPath: outside.path, withIntermediateDirectories: true)
        let key = try PrivateKey.generate(.ec(.p256)).publicKey
        try Self.write([try stranger.issue("Ministry", for: key)], to: outside, folder: ".")
        #expect {
            _ = try Settings.add(member: outside.path + "/ministry.yaml", to: deployment.path, at: Deployment.now)
        } throws: {
            ($0 as? SettingsProblems)?.problems.map(\.code) == ["member.certificate"]
        }
        #expect(try deployment.load().federation.members.isEmpty)
        try Self.write([try authority.issue("Ministry", for: key)], to: outside, folder: ".")
        _ = try Settings.add(member: outside.path + "/ministry.yaml", to: deployment.path, at: Deployment.now)
        #expect(try deployment.load().federation.serviceProvider(Self.id)?.signingKeys == [key])
    }

    @Test func `is refused when there is no such profile`() throws {
        let deployment = try Deployment()
        try deployment.addMinistry(yaml: "certificate-profile: government-brigde\n")
        let problems = deployment.problems()
        #expect(problems.map(\.code) == ["member.certificate-profile"] && problems.first?.remedy.contains("government-bridge") == true)
        #expect(problems.first?.line == (try deployment.line(of: "certificate-profile", in: "Metadata/members/ministry.yaml")))
    }

    @Test func `needs known status when the profile asks for it, and lists on the disk give it`() throws {
        let authority = try ImaginaryAuthority("Root")
        let deployment = try Self.deployment(authority, lines: "status: {demand: required}\n")
        let certificate = try authority.issue("Ministry", for: try PrivateKey.generate(.ec(.p256)).publicKey)
        try Self.write([certificate], to: deployment)
        func count() throws -> Int? { try deployment.load().federation.serviceProvider(Self.id)?.signingKeys.count }
        #expect(try count() == 0, "nobody knows")
        try deployment.keep(try authority.list(revoking: []))
        #expect(try count() == 1)
        try deployment.keep(try authority.list(revoking: [certificate]))
        #expect(try count() == 0, "revoked")
        try deployment.write("Keys/profiles/government-bridge.yaml", "status: {demand: if-present}\n")
        #expect(try count() == 0, "a revocation at hand refuses whatever is demanded")
        try deployment.keep(try ImaginaryAuthority("Root").list(revoking: [certificate]))
        #expect(try count() == 1, "the list of another authority of that name says nothing")
    }
}

extension Deployment {
    /// As the night shift keeps the list in use of one source.
    fileprivate func keep(_ list: [UInt8]) throws {
        let place = path + "/State/trust/lists"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let digest = Hexadecimal.encode(Digest.sha256(list))
        try Data(list).write(to: URL(fileURLWithPath: place + "/" + digest + ".crl"))
        try Data("{\"digest\": \"\(digest)\"}".utf8).write(to: URL(fileURLWithPath: place + "/source.json"))
    }
}

extension ImaginaryAuthority {
    /// A complete list, made an hour ago and good for a day.
    func list(revoking certificates: [Certificate]) throws -> [UInt8] {
        let number = DERWriter.build { writer in
            writer.sequence {
                $0.objectIdentifier(.crlNumber)
                $0.octetString([0x02, 0x01, 0x07])
            }
        }
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.integer(1)
                writer.raw(SignatureAlgorithm.ecdsa(.sha256).identifier)
                writer.raw(certificate.subject.der)
                writer.time(Deployment.now.adding(seconds: -3600))
                writer.time(Deployment.now.adding(seconds: 86_400))
                if !certificates.isEmpty {
                    writer.sequence { writer in
                        for certificate in certificates {
                            writer.sequence {
                                $0.integer(content: certificate.serial)
                                $0.time(Deployment.now.adding(seconds: -7200))
                            }
                        }
                    }
                }
                writer.context(0) { writer in writer.sequence { $0.raw(number) } }
            }
        }
        return try SignedStructure.make(body, key: key, .ecdsa(.sha256))
    }
}
