import Cryptography
import Dispatch
import Foundation
import SimulatedJPKI
import Synchronization
import Testing
import Vocabulary

@Suite struct `The simulator's folder` {
    @Test func `is made in an empty place only`() async throws {
        let world = try await World.shared()
        var random = SystemRandom()
        await #expect(throws: SimulatorRefusal.notEmpty(world.simulator.folder.path)) {
            try await Simulator.make(at: world.simulator.folder.path, at: World.now, using: &random)
        }
        let elsewhere = World.path()
        #expect(throws: SimulatorRefusal.notASimulator(elsewhere)) { try Simulator(opening: elsewhere) }
    }

    @Test func `shows its keys to its owner only`() async throws {
        let world = try await World.shared()
        let key = world.simulator.folder.path + "/authorities/user-2/key.pem"
        let mode = try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
    }

    @Test func `keeps every change of several that come at once`() async throws {
        let world = try await World.copy()
        let handles = ["hanako", "emi", "shota", "sakura", "goro", "minoru", "kenji", "yuki"]
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: handles.count) { index in
            do {
                for _ in 0..<20 {
                    try world.simulator.revoke(handles[index], .user, reason: "certificateHold", at: World.now)
                    try world.simulator.release(handles[index], .user)
                }
                try world.simulator.revoke(handles[index], .user, reason: "superseded", at: World.now)
            } catch {
                failures.withLock { $0.append("\(handles[index]): \(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        for handle in handles {
            let entry = try #require(try world.simulator.entry(try world.simulator.record(handle).user))
            #expect(entry.revocation?.reason == .superseded, "\(handle)")
        }
    }

    @Test func `takes new cards, once for each name`() async throws {
        let world = try await World.copy()
        let secrets = try #require(CardSecrets(pin: "4321", password: "ABCDEF"))
        let citizen = try world.simulator.record("hanako").citizen
        var random = SystemRandom()
        let new = NewCard(handle: "ichiro", note: "", citizen: citizen, carrier: .card, generation: 3, secrets: secrets)
        try world.simulator.issue(new, at: World.now, using: &random)
        try world.simulator.card("ichiro").verify(pin: "4321")
        #expect(throws: SimulatorRefusal.cardExists("ichiro")) { try world.simulator.issue(new, at: World.now, using: &random) }
        let rogue = NewCard(handle: "../x", note: "", citizen: citizen, carrier: .card, generation: 3, secrets: secrets)
        #expect(throws: SimulatorRefusal.self) { try world.simulator.issue(rogue, at: World.now, using: &random) }
        #expect(throws: SimulatorRefusal.unknownCard("../hanako")) { try world.simulator.card("../hanako") }
        #expect(throws: SimulatorRefusal.unknownTerminal("../kiosk")) { try world.simulator.terminal("../kiosk") }
    }

    @Test func `issues nothing before an authority exists`() async throws {
        let world = try await World.copy()
        let secrets = try #require(CardSecrets(pin: "4321", password: "ABCDEF"))
        var random = SystemRandom()
        let new = NewCard(
            handle: "early", note: "", citizen: try world.simulator.record("hanako").citizen, carrier: .card, generation: 3,
            secrets: secrets)
        #expect(throws: SimulatorRefusal.noAuthority) {
            try world.simulator.issue(new, at: World.now.adding(seconds: -300 * 86_400), using: &random)
        }
    }

    @Test(arguments: [(nil, "ABCDE"), ("123", nil), ("12345", nil), (nil, "abcdef"), (nil, "ABCDEFGHIJKLMNOPQ")] as [(String?, String?)])
    func `refuses PINs and passwords of another form`(pin: String?, password: String?) {
        #expect(CardSecrets(pin: pin, password: password) == nil)
    }
}

@Suite struct `Exports` {
    @Test(arguments: [("hanako", Purpose.user), ("hanako", .sign), ("misaki", .user)])
    func `are read by the openssl command`(handle: String, purpose: Purpose) async throws {
        let world = try await World.shared()
        let folder = StateFolder(World.path())
        let files = try world.simulator.export(handle, purpose, password: "secret")
        for file in files { try folder.write(file.name, file.bytes) }
        let stem = folder.path + "/" + handle + (purpose == .user ? "" : "-sign")
        guard let bundle = try run("openssl", ["pkcs12", "-in", stem + ".p12", "-passin", "pass:secret", "-nodes"]) else {
            Issue.record("the openssl command is not installed: exports were not read")
            return
        }
        #expect(bundle.status == 0, "\(bundle.output)")
        #expect(bundle.output.contains("JPKI-SIMULATED"))
        #expect(bundle.output.components(separatedBy: "BEGIN CERTIFICATE").count == 3)
        #expect(bundle.output.contains("BEGIN PRIVATE KEY"))
        let wrong = try run("openssl", ["pkcs12", "-in", stem + ".p12", "-passin", "pass:guess", "-nodes"])
        #expect(wrong?.status != 0)
        let own = try run("openssl", ["x509", "-in", stem + ".pem", "-noout", "-pubkey"])
        let key = try run("openssl", ["pkey", "-in", stem + "-key.pem", "-pubout"])
        #expect(own?.output == key?.output)
        let at = String(World.now.seconds)
        let chain = try run("openssl", ["verify", "-attime", at, "-x509_strict", "-CAfile", stem + "-issuer.pem", stem + ".pem"])
        #expect(chain?.status == 0, "\(chain?.output ?? "")")
    }

    @Test func `of lists are read by the openssl command`() async throws {
        let verdicts = Verdicts(try await World.shared())
        let folder = StateFolder(World.path())
        try folder.write("list.crl", try verdicts.list("/crl/user/2/99301.crl"))
        let issuer = PEM.encode(try verdicts.world.simulator.authority("user-2").certificate.der, label: "CERTIFICATE")
        try folder.write("issuer.pem", issuer.utf8)
        let text = try run(
            "openssl",
            ["crl", "-inform", "DER", "-in", folder.path + "/list.crl", "-noout", "-text", "-CAfile", folder.path + "/issuer.pem"])
        let output = try #require(text, "the openssl command is not installed").output
        #expect(output.contains("verify OK"))
        #expect(output.contains("Key Compromise"))
        #expect(output.contains("X509v3 Issuing Distribution Point: critical"))
        #expect(output.contains("CN = Yamabe-mura CRLDP"))
    }

    @Test func `for a deployment hold public things only`() async throws {
        let world = try await World.shared()
        let files = try world.simulator.deployment()
        #expect(
            files.map(\.name).sorted() == [
                "anchors/jpki-simulated-user-1.pem", "anchors/jpki-simulated-user-2.pem", "anchors/jpki-simulated-user-3.pem",
                "terminals/kiosk.json", "terminals/sekisho-app.json", "terminals/stb.json",
            ])
        for file in files {
            let text = String(decoding: file.bytes, as: UTF8.self)
            #expect(!text.contains("PRIVATE"))
            #expect(!text.contains("\"d\""))
        }
        #expect(try world.simulator.deployment([.user, .sign]).count == 9)
        #expect(world.simulator.deploymentYAML([.user]).contains("ocsp-url: http://127.0.0.1:8700/ocsp/user"))
    }
}
