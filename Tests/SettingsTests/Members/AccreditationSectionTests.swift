import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `The accreditation in a member's file` {
    static let file = "Metadata/members/ministry.yaml"
    static let plain = """
          state: accredited
          not-before: 2026-04-01
          not-after: 2027-03-31
          purposes: [procedure]
        """
    static let whole = """
          state: accredited
          not-before: 2026-04-01
          not-after: 2027-03-31
          purposes: [procedure]
          attributes: [card-mode, pin-used]
          modes: [pin, face]
          permissions: [face-terminals]
          note: for the counters only
          documents:
            - {title: audit, sha256: 0000000000000000000000000000000000000000000000000000000000000001, date: 2026-03-01}
          history:
            - {state: applied, at: 2026-02-01, by: sato, reason: application}
            - {state: examined, at: 2026-03-01, by: sato, reason: complete}
            - state: accredited
              at: 2026-03-15
              by: sato
              reason: decided
              not-before: 2026-04-01
              not-after: 2027-03-31
        """

    static func deployment(_ accreditation: String, more: String = "") throws -> Deployment {
        let deployment = try Deployment()
        try deployment.addMinistry(yaml: more)
        let old = plain.split(separator: "\n").map { $0.drop { $0 == " " } }.map { "  " + $0 }.joined(separator: "\n")
        let new = accreditation.split(separator: "\n").joined(separator: "\n")
        try deployment.edit(file, old, new)
        return deployment
    }

    @Test func `may say what it covers, on which papers, and how it came to be`() throws {
        let deployment = try Self.deployment(Self.whole)
        let member = try #require(try deployment.load().federation.member(try memberID("https://ministry.example/sp")))
        let accreditation = member.accreditation
        #expect(accreditation.attributes == [.cardMode, .pinUsed] && accreditation.modes == [.pin, .face])
        #expect(accreditation.permissions == [.faceTerminals] && accreditation.statesPermissions)
        #expect(accreditation.documents.map(\.title) == ["audit"] && accreditation.documents.first?.sha256.last == 1)
        #expect(accreditation.history.map(\.state) == [.applied, .examined, .accredited])
        #expect(member.standing(at: Deployment.now) == .inForce)
        #expect(member.standingReason(at: try #require(Timestamp("2026-03-20T00:00:00Z"))).standing == .notYet)
        #expect(member.standingReason(at: try #require(Timestamp("2026-02-20T00:00:00Z"))).event?.reason == "application")
    }

    @Test func `as it was written until now it covers what it covered`() throws {
        let deployment = try Self.deployment(Self.plain)
        let accreditation = try #require(
            try deployment.load().federation.member(try memberID("https://ministry.example/sp"))
        ).accreditation
        #expect(accreditation.attributes == nil && accreditation.modes == nil && !accreditation.statesPermissions)
        #expect(accreditation.history.isEmpty)
    }

    @Test(arguments: [
        // Half an edit, both ways round.
        (
            "  state: accredited\n  not-before: 2026-04-01\n  not-after: 2027-03-31\n  purposes",
            "  state: suspended\n  not-before: 2026-04-01\n  not-after: 2027-03-31\n  purposes", "member.history.state", "state: suspended"
        ),
        ("- {state: applied, at: 2026-02-01", "- {state: applied, at: 2026-05-01", "member.history.order", "- {state: examined"),
        (
            "- {state: examined, at: 2026-03-01, by: sato, reason: complete}",
            "- {state: suspended, at: 2026-03-01, by: sato, reason: complete}", "member.history.step", "- {state: suspended"
        ),
        ("- {state: applied, at: 2026-02-01, by: sato, reason: application}\n    ", "", "member.history.step", "- {state: examined"),
        ("at: 2026-03-15", "at: 2026-12-15", "member.history.future", "at: 2026-12-15"),
        (
            "reason: decided\n      not-before: 2026-04-01", "reason: decided\n      not-before: 2026-04-02", "member.history.term",
            "not-before: 2026-04-01"
        ),
        (
            "reason: decided\n      not-before: 2026-04-01", "reason: decided\n      not-before: 2027-04-01", "member.dates",
            "not-after: 2027-03-31\nsaml"
        ),
        (
            "reason: application}", "reason: application, not-before: 2026-04-01, not-after: 2027-03-31}", "member.history.term",
            "- {state: applied"
        ),
        ("by: sato, reason: application", "reason: application", "yaml.key.missing", "- {state: applied"),
        ("modes: [pin, face]", "modes: []", "member.modes", "modes: []"),
        ("permissions: [face-terminals]", "permissions: []", "member.permissions", "modes: [pin, face]"),
        ("  permissions: [face-terminals]\n", "", "member.permissions", "modes: [pin, face]"),
        ("sha256: 0000000000000000000000000000000000000000000000000000000000000001", "sha256: abcd", "member.documents", "- {title: audit"),
        ("attributes: [card-mode, pin-used]", "attributes: [my-number]", "yaml.value", "attributes: [my-number]"),
    ])
    func `that contradicts itself is refused with its line, and nothing else is`(
        old: String, new: String, code: String, place: String
    ) throws {
        let deployment = try Self.deployment(Self.whole)
        try deployment.edit(Self.file, old, new)
        let problems = deployment.problems()
        #expect(problems.map(\.code) == [code], "\(problems)")
        #expect(problems.first?.file == Self.file)
        if !place.contains("\n") { #expect(problems.first?.line == (try deployment.line(of: place, in: Self.file))) }
    }

    @Test(arguments: [
        ("contacts: [{role: technical, name: Taro}]\n", "member.contacts"),
        ("contacts: [{role: technical, name: Taro, mail: nowhere}]\n", "member.contacts"),
        ("contacts: [{role: boss, name: Taro, mail: t@example.jp}]\n", "yaml.value"),
        ("applicant-sha256: abc\n", "member.applicant"),
        ("operated-by: https://nobody.example\n", "member.operator.unknown"),
        ("operated-by: https://ministry.example/sp\n", "member.operator.cycle"),
    ])
    func `contacts, references and operators that are none are refused`(more: String, code: String) throws {
        let deployment = try Deployment()
        try deployment.addMinistry(yaml: more)
        #expect(deployment.codes() == [code])
    }

    @Test func `of operators that go round in a circle is refused, with the circle`() throws {
        let deployment = try Deployment()
        for (name, other) in [("a", "b"), ("b", "a")] {
            try deployment.addShop(name, id: name)
            try deployment.edit("Metadata/members/\(name).yaml", "kind: private-verifier", "kind: platform-operator\noperated-by: \(other)")
        }
        let problems = deployment.problems()
        #expect(problems.map(\.code) == ["member.operator.cycle", "member.operator.cycle"])
        #expect(problems.first?.message.contains("a → b → a") == true)
    }

    @Test func `of a firm stands and falls with its operator in the folder`() throws {
        let deployment = try Deployment()
        try deployment.addShop("platform", id: "platform")
        try deployment.edit("Metadata/members/platform.yaml", "kind: private-verifier", "kind: platform-operator")
        try deployment.addShop("firm", id: "firm")
        try deployment.edit("Metadata/members/firm.yaml", "kind: private-verifier", "kind: served-firm\noperated-by: platform")
        let firm = try memberID("firm")
        #expect(try deployment.load().federation.member(firm)?.standing(at: Deployment.now) == .inForce)
        try deployment.edit("Metadata/members/platform.yaml", "state: accredited", "state: suspended")
        let federation = try deployment.load().federation
        #expect(federation.member(firm)?.standing(at: Deployment.now) == .operatorNotInForce)
        #expect(federation.registration(firm)?.member.standing(at: Deployment.now) == .operatorNotInForce)
        #expect(federation.members.first { $0.id == firm }?.standing(at: Deployment.now) == .operatorNotInForce)
    }

    @Test func `a firm that names no operator is told of, and read`() throws {
        let deployment = try Deployment()
        try deployment.addShop()
        try deployment.edit("Metadata/members/shop.yaml", "kind: private-verifier", "kind: served-firm")
        #expect(try deployment.load().notices.contains { $0.code == "member.operator.unsaid" })
    }

    @Test func `of an applicant needs neither a term nor a protocol, and of a member it does`() throws {
        let deployment = try Deployment()
        try deployment.write(
            "Metadata/members/new.yaml",
            "id: new\nkind: private-verifier\nnames: {ja: 新}\naccreditation: {state: applied, purposes: [points]}\n")
        let federation = try deployment.load().federation
        let id = try memberID("new")
        #expect(federation.member(id) == nil && federation.applicants.map(\.member.id) == [id])
        #expect(federation.anyMember(id)?.standing(at: Deployment.now) == .notAccredited)
        try deployment.edit("Metadata/members/new.yaml", "state: applied,", "state: accredited,")
        #expect(Set(deployment.codes()) == ["yaml.key.missing", "member.protocol"])
    }
}
