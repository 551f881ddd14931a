import Cryptography
import Foundation
import Settings
import Testing
import Trust

@Suite struct `An authority` {
    private static func add(_ pem: String, to deployment: Deployment, for profile: String? = nil) throws -> [AnchorChange] {
        try Settings.add(anchors: Array(pem.utf8), from: "new.pem", for: profile, to: deployment.path, at: Deployment.now)
    }

    private static func codes(_ work: () throws -> Void) -> [String] {
        do { try work() } catch { return (error as? SettingsProblems)?.problems.map(\.code) ?? ["\(error)"] }
        return []
    }

    @Test func `comes in under a name that tells who it is, and goes out by its fingerprint`() throws {
        let deployment = try Deployment()
        let authority = try ImaginaryAuthority("Root of 2026")
        let change = try #require(try Self.add(authority.pem, to: deployment).first)
        #expect(change.fingerprint == authority.fingerprint && change.der == authority.certificate.der)
        #expect(change.file == "Keys/anchors/root-of-2026-\(authority.fingerprint.prefix(12)).pem")
        #expect(try deployment.load().cards.anchorList.map(\.certificate) == [authority.certificate])
        let gone = try Settings.remove(anchor: "SHA256:" + authority.fingerprint.uppercased(), from: deployment.path, at: Deployment.now)
        #expect(gone.map(\.file) == [change.file])
        #expect(try deployment.load().cards.anchorList.isEmpty)
    }

    @Test func `of one profile stays out of the others`() throws {
        let deployment = try Deployment()
        let authority = try ImaginaryAuthority("Bridge")
        let change = try #require(try Self.add(authority.pem, to: deployment, for: "government-bridge").first)
        #expect(change.file.hasPrefix("Keys/anchors-of/government-bridge/bridge-"))
        let configuration = try deployment.load()
        #expect(configuration.profiles["government-bridge"]?.store.anchors.count == 1 && configuration.cards.anchorList.isEmpty)
        #expect(Self.codes { _ = try Self.add(authority.pem, to: deployment, for: "nobody") } == ["profile.missing"])
    }

    @Test func `leaves the rest of its file alone when it goes`() throws {
        let deployment = try Deployment()
        let one = try ImaginaryAuthority("One"), two = try ImaginaryAuthority("Two")
        try deployment.write("Keys/anchors/both.pem", one.pem + two.pem)
        _ = try Settings.remove(anchor: one.fingerprint, from: deployment.path, at: Deployment.now)
        #expect(try deployment.load().cards.anchorList.map(\.certificate) == [two.certificate])
    }

    @Test func `changes nothing when anything is wrong`() throws {
        let deployment = try Production.deployment()
        let before = try FileManager.default.contentsOfDirectory(atPath: deployment.path + "/Keys/anchors")
        let authority = try ImaginaryAuthority("Root", organization: "Simulated JPKI")
        #expect(Self.codes { _ = try Self.add(authority.pem, to: deployment) } == ["production.simulated-anchor"])
        let leaf = try authority.issue("Somebody", for: try PrivateKey.generate(.ec(.p256)).publicKey)
        #expect(Self.codes { _ = try Self.add(PEM.encode(leaf.der, label: "CERTIFICATE"), to: deployment) } == ["anchor.authority"])
        #expect(Self.codes { _ = try Self.add("no certificate", to: deployment) } == ["certificate.unreadable"])
        let only = try #require(try deployment.load().cards.anchorList.first?.certificate)
        #expect(Self.codes { _ = try Self.add(PEM.encode(only.der, label: "CERTIFICATE"), to: deployment) } == ["anchor.duplicate"])
        let fingerprint = only.fingerprint.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(
            Self.codes { _ = try Settings.remove(anchor: fingerprint, from: deployment.path, at: Deployment.now) } == ["anchor.none"],
            "the last login authority of a production deployment stays")
        for text in ["abc", String(repeating: "0", count: 64)] {
            #expect(!Self.codes { _ = try Settings.remove(anchor: text, from: deployment.path, at: Deployment.now) }.isEmpty)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: deployment.path + "/Keys/anchors") == before)
        #expect(deployment.problems().isEmpty)
    }
}
