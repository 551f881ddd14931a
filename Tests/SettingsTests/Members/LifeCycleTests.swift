import Cryptography
import Foundation
import OpenID
import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `A member's life, written into its file` {
    static func at(_ days: Int64) -> Timestamp { Deployment.now.adding(seconds: days * 86_400) }

    static func act(
        _ step: MemberAct.Step, _ id: String, _ deployment: Deployment, _ reason: String = "because", days: Int64 = 0,
        _ change: (inout MemberScope) -> Void = { _ in }
    ) throws {
        var scope = MemberScope()
        change(&scope)
        let edit = try Settings.edit(
            MemberAct(step, at: at(days), by: "sato", reason: reason, scope: scope), of: try memberID(id), in: deployment.path,
            at: at(days))
        _ = try Settings.take(edit, in: deployment.path, at: at(days))
    }

    static func codes(_ work: () throws -> Void) -> [String] {
        do {
            try work()
            return []
        } catch let problems as SettingsProblems {
            return problems.problems.map(\.code)
        } catch {
            return ["\(error)"]
        }
    }

    static func application(_ id: String = "https://new.example/sp", file: String? = nil) throws -> MemberApplication {
        var scope = MemberScope()
        scope.purposes = ["points", "identity-check"]
        return MemberApplication(
            id: try memberID(id), kind: .privateVerifier, names: ["ja": "新しい商店", "en": "New \"Shop\""],
            contacts: [MemberContact(role: .technical, name: "Taro", mail: "taro@example.jp", telephone: nil)], scope: scope,
            applicantDigest: Digest.sha256(Array("reference-of-22-letters".utf8)), file: file)
    }

    static func apply(_ deployment: Deployment) throws -> String {
        let edit = try Settings.edit(try application(), in: deployment.path, by: "sato", reason: "application", at: at(0))
        _ = try Settings.take(edit, in: deployment.path, at: at(0))
        return edit.file
    }

    @Test func `goes from the application to the withdrawal, and every day of it is known afterwards`() throws {
        let deployment = try Deployment()
        let file = try Self.apply(deployment)
        let id = "https://new.example/sp"
        #expect(file == "Metadata/members/new-example-sp.yaml")
        try Self.act(.examine, id, deployment, days: 1) {
            $0.documents = [AccreditationDocument(title: "audit", sha256: [UInt8](repeating: 7, count: 32), date: Self.at(1))]
                .compactMap(\.self)
        }
        // How it speaks comes with the file, as a member's administrator sends it.
        let shop = try Samples.shop("x")
        let openID = try #require(shop.firstRange(of: "openid:")).lowerBound
        try deployment.write(file, try deployment.read(file) + shop[openID...])
        try Self.act(.accredit, id, deployment, days: 2) {
            $0.notAfter = "2027-03-31"
            $0.modes = ["pin", "face"]
            $0.permissions = ["face-terminals"]
        }
        try Self.act(.suspend, id, deployment, "audit overdue", days: 3)
        try Self.act(.reinstate, id, deployment, "audit done", days: 4)
        try Self.act(.accredit, id, deployment, "renewed", days: 5) { $0.notAfter = "2028-03-31" }
        try Self.act(.withdraw, id, deployment, "business given up", days: 6)
        let member = try #require(try deployment.load(at: Self.at(7)).federation.anyMember(try memberID(id)))
        let standings = (0...7).map { member.standing(at: Self.at($0)) }
        #expect(
            standings == [
                .notAccredited, .notAccredited, .inForce, .suspended, .inForce, .inForce, .withdrawn, .withdrawn,
            ])
        #expect(member.standingReason(at: Self.at(3)).event?.reason == "audit overdue")
        #expect(member.accreditation.modes == [.pin, .face] && member.accreditation.documents.count == 1)
        #expect(member.accreditation.history.count == 7)
        #expect(member.standingReason(at: Self.at(5)).until == Timestamp("2028-03-31T14:59:59.999Z"))
    }

    @Test(arguments: [
        (MemberAct.Step.reinstate, "member.act.step"), (.examine, "member.act.step"), (.apply, "member.act.step"),
        (.sendBack, "member.act.step"),
    ])
    func `a step that the law does not know is refused, and the file stays`(step: MemberAct.Step, code: String) throws {
        let deployment = try Deployment()
        try deployment.addShop()
        let before = try deployment.read("Metadata/members/shop.yaml")
        #expect(Self.codes { try Self.act(step, "shop", deployment) } == [code])
        #expect(try deployment.read("Metadata/members/shop.yaml") == before)
    }

    @Test func `nobody is accredited for a time that nobody named, nor before the last event`() throws {
        let deployment = try Deployment()
        _ = try Self.apply(deployment)
        let id = "https://new.example/sp"
        let early = MemberAct(.examine, at: Self.at(-1), by: "sato", reason: "because")
        #expect(
            Self.codes { _ = try Settings.edit(early, of: try memberID(id), in: deployment.path, at: Self.at(0)) } == ["member.act.early"])
        try Self.act(.examine, id, deployment)
        #expect(Self.codes { try Self.act(.accredit, id, deployment) } == ["member.act.end"])
        // In force it would have to speak a protocol.
        #expect(Self.codes { try Self.act(.accredit, id, deployment) { $0.notAfter = "2027-03-31" } } == ["member.protocol"])
        #expect(Self.codes { try Self.act(.suspend, "nobody", deployment) } == ["member.unknown"])
    }

    @Test func `a member without a history gets one that claims nothing it does not know`() throws {
        let deployment = try Deployment()
        try deployment.addShop()
        try Self.act(.suspend, "shop", deployment, "complaint")
        let shop = try memberID("shop")
        let member = try #require(try deployment.load().federation.member(shop))
        #expect(member.accreditation.history.map(\.state) == [.accredited, .suspended])
        #expect(member.standing(at: Self.at(-1)) == .inForce && member.standing(at: Self.at(0)) == .suspended)
        let other = try Deployment()
        try other.addShop()
        try other.edit("Metadata/members/shop.yaml", "state: accredited", "state: suspended")
        try Self.act(.reinstate, "shop", other)
        let back = try #require(try other.load().federation.member(shop))
        #expect(back.standing(at: Self.at(-1)) == .suspended, "nobody knows since when it was suspended")
        #expect(back.standing(at: Self.at(0)) == .inForce)
    }

    @Test func `a file that changed meanwhile is not overwritten`() throws {
        let deployment = try Deployment()
        try deployment.addShop()
        let edit = try Settings.edit(
            MemberAct(.suspend, at: Self.at(0), by: "sato", reason: "r"), of: try memberID("shop"), in: deployment.path,
            at: Self.at(0))
        try deployment.edit("Metadata/members/shop.yaml", "見本商店", "見本商会")
        #expect(Self.codes { _ = try Settings.take(edit, in: deployment.path, at: Self.at(0)) } == ["member.act.changed"])
    }

    @Test func `the applicant sees the state, what is missing and what is next, behind the reference only`() throws {
        let deployment = try Deployment()
        try deployment.write(
            "sekisho.yaml",
            try deployment.read("sekisho.yaml") + "\nmembers:\n  documents: {private-verifier: [Audit report]}\n")
        _ = try Self.apply(deployment)
        let configuration = try deployment.load()
        #expect(configuration.federation.applicant(behind: "another-of-22-letters-") == nil)
        #expect(configuration.federation.applicant(behind: "") == nil)
        let id = try #require(configuration.federation.applicant(behind: "reference-of-22-letters"))
        let view = try #require(configuration.applicantView(of: id, at: Self.at(0)))
        #expect(view.state == .applied)
        #expect(view.missing.map(\.code) == ["documents", "contacts.security", "protocol"])
        #expect(view.headline.en.contains("received") && view.next.ja.contains("不足"))
        #expect(view.steps.map(\.state) == [.applied])
    }
}

@Suite struct `The form of a written file` {
    @Test func `is stable, keeps comments, and is read as what it was`() throws {
        let deployment = try Deployment()
        try deployment.addShop()
        let yaml = try deployment.read("Metadata/members/shop.yaml")
        let marked =
            "# Called by Mr. Sato\n"
            + yaml.replacing("kind: private-verifier", with: "kind: private-verifier  # since April")
            .replacing("openid:", with: "# the new gateway\nopenid:") + "# the end\n"
        try deployment.write("Metadata/members/shop.yaml", marked)
        try `A member's life, written into its file`.act(.suspend, "shop", deployment, "it's \"late\": #1\u{2028}")
        let once = try deployment.read("Metadata/members/shop.yaml")
        for comment in ["# Called by Mr. Sato", "# since April", "# the new gateway", "# the end"] { #expect(once.contains(comment)) }
        let client = try #require(try deployment.load().federation.client("shop"))
        #expect(client.redirectURIs == ["https://shop.example/callback"])
        let reason = try deployment.load().federation.member(try memberID("shop"))?.accreditation.history.last?.reason
        #expect(reason == "it's \"late\": #1\u{2028}")
        try `A member's life, written into its file`.act(.reinstate, "shop", deployment, days: 1)
        let twice = try deployment.read("Metadata/members/shop.yaml")
        // Two lines more for each key that changed, and none moved.
        let lines = Set(once.split(separator: "\n"))
        let moved = twice.split(separator: "\n").filter { !lines.contains($0) }
        #expect(moved.count <= 6, "\(moved)")
    }
}

@Suite struct `Changes of members that need two people` {
    struct Office {
        let deployment: Deployment
        let keys: [String: PrivateKey]

        init(stopAlone: Bool = false) throws {
            deployment = try Deployment()
            var keys: [String: PrivateKey] = [:]
            try FileManager.default.createDirectory(atPath: deployment.path + "/Keys/officers", withIntermediateDirectories: true)
            for (name, role) in [("sato", "registrar"), ("tanaka", "registrar"), ("mori", "policy-officer")] {
                let key = try PrivateKey.generate(.ec(.p256))
                keys[name] = key
                let point = try #require(key.publicKey.ecPoint)
                try deployment.write(
                    "Keys/officers/\(name).yaml",
                    """
                    name: \(name)
                    roles: [\(role)]
                    public-key: '{"kty":"EC","crv":"P-256","x":"\(Base64url.encode(point.x))","y":"\(Base64url.encode(point.y))"}'
                    not-before: 2026-01-01
                    not-after: 2027-12-31

                    """)
            }
            self.keys = keys
            try deployment.addShop()
            try deployment.write(
                "sekisho.yaml",
                try deployment.read("sekisho.yaml") + "\nmembers: {changes: two-people, stop-alone: \(stopAlone)}\n")
        }

        func sign(_ name: String) throws {
            _ = try Settings.sign(
                members: nil, in: deployment.path, reason: "seen", as: name, with: try #require(keys[name]), at: Deployment.now)
        }

        func edit(_ step: MemberAct.Step = .suspend) throws -> MemberEdit {
            try Settings.edit(
                MemberAct(step, at: Deployment.now, by: "sato", reason: "complaint"), of: try memberID("shop"),
                in: deployment.path, at: Deployment.now)
        }

        func change(_ edit: MemberEdit, _ name: String) throws -> SignedChange {
            try SignedChange.signed(
                .member, digest: edit.digest, reason: "seen", as: name, with: try #require(keys[name]), at: Deployment.now)
        }

        func take(_ edit: MemberEdit, _ names: [String]) -> [String] {
            `A member's life, written into its file`.codes {
                _ = try Settings.take(edit, signed: try names.map { try change(edit, $0) }, in: deployment.path, at: Deployment.now)
            }
        }
    }

    @Test func `a file counts with the signatures of two registrars, and however it was changed without them it does not`() throws {
        let office = try Office()
        #expect(office.deployment.codes() == ["member.approvals.missing"])
        try office.sign("sato")
        #expect(office.deployment.codes() == ["member.approvals.few"])
        try office.sign("sato")
        #expect(office.deployment.codes() == ["member.approvals.few"], "one person twice is one person")
        #expect(throws: (any Error).self) { try office.sign("mori") }
        try office.sign("tanaka")
        #expect(office.deployment.codes().isEmpty)
        try office.deployment.edit("Metadata/members/shop.yaml", "見本商店", "見本商会")
        #expect(office.deployment.codes() == ["member.approvals.few"])
        #expect(office.deployment.problems().first?.file == "Metadata/members/shop.yaml")
    }

    @Test func `a change takes effect with the second signature only`() throws {
        let office = try Office()
        try office.sign("sato")
        try office.sign("tanaka")
        let edit = try office.edit()
        #expect(edit.signatures(under: try office.deployment.load().members) == 2)
        #expect(office.take(edit, []) == ["member.approvals.missing"])
        #expect(office.take(edit, ["sato"]) == ["member.approvals.few"])
        #expect(office.take(edit, ["sato", "sato"]) == ["member.approvals.few"])
        #expect(office.take(edit, ["sato", "mori"]) == ["member.approvals.few"])
        let shop = try memberID("shop")
        #expect(try office.deployment.load().federation.member(shop)?.standing(at: Deployment.now) == .inForce)
        #expect(office.take(edit, ["sato", "tanaka"]).isEmpty)
        #expect(try office.deployment.load().federation.member(shop)?.standing(at: Deployment.now) == .suspended)
        #expect(try office.deployment.load().memberFiles(at: Deployment.now).map(\.officers) == [["sato", "tanaka"]])
    }

    @Test func `one may stop a member where the deployment says so, and it takes two to let it in again`() throws {
        let office = try Office(stopAlone: true)
        try office.sign("sato")
        try office.sign("tanaka")
        #expect(office.take(try office.edit(), ["sato"]).isEmpty)
        let back = try office.edit(.reinstate)
        #expect(office.take(back, ["sato"]) == ["member.approvals.few"])
        #expect(office.take(back, ["sato", "tanaka"]).isEmpty)
    }

    @Test func `one may stop a member, and change nothing else of it by the way`() throws {
        let office = try Office(stopAlone: true)
        try office.sign("sato")
        try office.sign("tanaka")
        let part = try office.deployment.load().members
        #expect(try office.edit().signatures(under: part) == 1)
        // A scope that is changed with the step.
        var act = MemberAct(.suspend, at: Deployment.now, by: "sato", reason: "complaint")
        act.scope.modes = ["pin"]
        let more = try Settings.edit(act, of: try memberID("shop"), in: office.deployment.path, at: Deployment.now)
        #expect(more.signatures(under: part) == 2)
        #expect(office.take(more, ["sato"]) == ["member.approvals.few"])
        // A file that takes the place of the old one, and calls its member suspended.
        let file = office.deployment.path + "/other/shop.yaml"
        try FileManager.default.createDirectory(atPath: office.deployment.path + "/other", withIntermediateDirectories: true)
        let suspended = String(decoding: try office.edit().after, as: UTF8.self)
        try Data(suspended.replacingOccurrences(of: "shop.example", with: "thief.example").utf8).write(to: URL(fileURLWithPath: file))
        let replaced = try Settings.edit(adding: file, to: office.deployment.path, replacing: true, at: Deployment.now)
        #expect(replaced.state == .suspended)
        #expect(office.take(replaced, ["sato"]) == ["member.approvals.few"])
        #expect(office.take(replaced, ["sato", "tanaka"]).isEmpty)
    }

    @Test func `what is read before it is signed neither hides nor turns round`() throws {
        let office = try Office()
        try office.sign("sato")
        try office.sign("tanaka")
        let after = Array("# \u{202e}evil\u{2066}\u{200b}\u{7}\n".utf8), companion: [UInt8] = [1, 2, 3]
        let digest = MemberApprovals.digest(of: after, companion: companion)
        let json =
            #"{"member":"shop","act":"replace","file":"Metadata/members/shop.yaml","state":"accredited","before":null,"after":"\#(Base64.encode(after))","companion-name":"shop.pem","companion":"\#(Base64.encode(companion))","stale":null,"signed":[]}"#
        try FileManager.default.createDirectory(
            atPath: office.deployment.path + "/Metadata/proposals", withIntermediateDirectories: true)
        try office.deployment.write("Metadata/proposals/\(Hexadecimal.encode(digest).prefix(12)).json", json)
        let shown = try #require(MemberProposals.all(in: office.deployment.path).proposals.first).edit.difference
        #expect(shown.contains("+ # \u{fffd}evil\u{fffd}\u{fffd}\u{fffd}"))
        #expect(shown.last?.hasPrefix("  with shop.pem, 3 bytes, SHA-256 039058c6f2c0cb49") == true)
    }

    @Test func `a proposal waits with its first signature, shows what would change, and goes when it is taken back`() throws {
        let office = try Office()
        try office.sign("sato")
        try office.sign("tanaka")
        let edit = try office.edit()
        let proposal = try MemberProposals.put(edit, signed: [try office.change(edit, "sato")], in: office.deployment.path)
        #expect(office.deployment.codes().isEmpty, "what waits changes nothing")
        let (found, broken) = MemberProposals.all(in: office.deployment.path)
        #expect(found.map(\.name) == [proposal.name] && broken.isEmpty)
        let read = try #require(found.first)
        #expect(read.edit.digest == edit.digest && read.edit.after == edit.after)
        #expect(read.edit.difference.contains("-   state: accredited") && read.edit.difference.contains("+   state: suspended"))
        // Another change of the same member has to wait for this one.
        let other = try Settings.edit(
            MemberAct(.withdraw, at: Deployment.now, by: "sato", reason: "r"), of: try memberID("shop"),
            in: office.deployment.path,
            at: Deployment.now)
        #expect(throws: SettingsProblems.self) { try MemberProposals.put(other, signed: [], in: office.deployment.path) }
        #expect(office.take(read.edit, ["sato", "tanaka"]).isEmpty)
        MemberProposals.remove(proposal.name, from: office.deployment.path)
        #expect(MemberProposals.all(in: office.deployment.path).proposals.isEmpty)
    }

    @Test(arguments: ["../../Keys/keys.yaml", "Metadata/members/../x.yaml", "Keys/keys.yaml", "Metadata/members/.x"])
    func `a proposal names files of members and no others`(file: String) throws {
        let office = try Office()
        let edit = Base64.encode(Array("x".utf8))
        let json = #"{"member":"m","act":"add","file":"\#(file)","state":"applied","before":null,"after":"\#(edit)","signed":[]}"#
        try FileManager.default.createDirectory(
            atPath: office.deployment.path + "/Metadata/proposals", withIntermediateDirectories: true)
        try office.deployment.write("Metadata/proposals/000000000000.json", json)
        let (found, broken) = MemberProposals.all(in: office.deployment.path)
        #expect(found.isEmpty && broken.count == 1)
    }
}

func memberID(_ text: String) throws -> MemberID {
    guard let id = MemberID(text) else { throw Missing(what: text) }
    return id
}
