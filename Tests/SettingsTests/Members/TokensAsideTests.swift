import Cryptography
import Settings
import Testing
import TrustFramework
import Vocabulary

private typealias Office = `Changes of members that need two people`.Office
private typealias Life = `A member's life, written into its file`

/// The token's module is nowhere, so that whoever asks the token is refused.
@Suite struct `A member's change while a token of ours is set up wrongly` {
    /// Two registrars have signed what is there.
    private static func office() throws -> Office {
        let office = try Office()
        try office.sign("sato")
        try office.sign("tanaka")
        let deployment = office.deployment
        let change = try Settings.generate(
            KeyOrder(use: .openIDSigning, kind: .p256, name: "hsm", algorithm: "ES256"), in: deployment.path, at: Deployment.now)
        let key = try #require(change.configuration.keys.first { $0.entry.name == "hsm" })
        try deployment.write("Keys/hsm.pub.pem", PEM.encode(key.publicKey.spki, label: "PUBLIC KEY"))
        try deployment.remove("Keys/hsm.key.pem")
        try deployment.edit(
            "Keys/keys.yaml", "    key: \"hsm.key.pem\"\n",
            "    token: \"pkcs11:token=T;object=k?module-path=/nowhere.so\"\n    public: \"hsm.pub.pem\"\n")
        return office
    }

    private static func shop(_ deployment: Deployment) throws -> Member {
        let configuration = try Settings.load(deployment.path, tokens: .none, at: Deployment.now)
        return try #require(configuration.federation.anyMember(try memberID("shop")))
    }

    @Test func `is worked out, looked at, signed, made and taken back all the same, and a server's reading refuses the token`() throws {
        let office = try Self.office()
        let deployment = office.deployment
        try office.sign("sato")
        #expect(deployment.codes() == ["pkcs11.module"])
        let edit = try office.edit()
        let prospect = try Settings.outlook(on: edit, in: deployment.path, at: Deployment.now)
        #expect(prospect.federation.anyMember(edit.member)?.accreditation.state == .suspended)
        #expect(prospect.keys.first { $0.entry.name == "hsm" }?.token?.wasAsked == false)
        #expect(office.take(edit, ["sato", "tanaka"]).isEmpty)
        #expect(try Self.shop(deployment).accreditation.state == .suspended)
        let back = try Settings.edit(rollingBack: edit.member, to: "0", in: deployment.path, at: Deployment.now)
        #expect(office.take(back, ["sato", "tanaka"]).isEmpty)
        let application = try Settings.edit(
            try Life.application(), in: deployment.path, by: "sato", reason: "application", at: Deployment.now)
        #expect(office.take(application, ["sato", "tanaka"]).isEmpty)
        #expect(deployment.codes() == ["pkcs11.module"], "the changes themselves are right")
    }

    @Test func `is refused for what is wrong with the member, the signatures or a key in a file`() throws {
        let office = try Self.office()
        let deployment = office.deployment
        #expect(Life.codes { _ = try office.edit(.reinstate) } == ["member.act.step"])
        let edit = try office.edit()
        #expect(office.take(edit, ["sato"]) == ["member.approvals.few"])
        try deployment.write("Keys/openid-es256.key.pem", "no key\n")
        #expect(!office.take(edit, ["sato", "tanaka"]).isEmpty)
        #expect(Life.codes { _ = try office.edit() } != [])
    }
}
