import Foundation
import HTTPTypes
import Settings
import SignOn
import Testing
import Vocabulary
import Web

/// R24; checklist H3, H7, H17.
@Suite struct `The administrators' console` {
    @Test func `opens to nobody without a login under its own rules`() async throws {
        let console = try await ConsoleHouse()
        let browser = Browser(console.house)
        #expect(try await browser.get("/console").text.has("/console/login"))
        #expect(try await browser.get("/console/audit").status == 403)
        // A citizen who is logged in elsewhere is not logged in here.
        let citizen = try await browser.post("/ledger/login")
        _ = try await browser.login("hanako", at: try #require(citizen.location))
        let subject = try await console.subject(browser)
        try console.officer("suzuki", [.auditor], card: subject)
        try await console.reload()
        #expect(try await browser.get("/console/audit").status == 403)
        #expect(try await browser.get("/console").text.has("/console/login"))
    }

    @Test func `takes a new use of the card with its PIN, and is over after half an hour`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.auditor])
        #expect(try await browser.get("/console/audit").status == 200)
        console.house.pass(1_790)
        #expect(try await browser.get("/console/audit").status == 200)
        console.house.pass(20)
        let over = try await browser.get("/console/audit")
        #expect(over.status == 403 && over.text.has("/console/login") && !over.text.has("suzuki"))
    }

    @Test(arguments: [CardMode.face, .presence])
    func `stays closed to a card without its PIN`(mode: CardMode) async throws {
        let console = try await ConsoleHouse()
        let browser = Browser(console.house)
        let begun = try await browser.post("/console/login")
        let journey = try #require(begun.location)
        let end = try? await browser.login("hanako", at: journey, mode, terminal: mode == .face ? "kiosk" : "gate")
        #expect(end?.location != World.base + "/console")
        #expect(try await browser.get("/console").text.has("/console/login"))
    }

    @Test func `stays closed when the rules let in less than the PIN, and when they are gone`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.auditor])
        let rules = try console.read("Policies/administration.yaml")
        let cut = try #require(rules.range(of: "rules:"))
        try console.write("Policies/administration.yaml", String(rules[..<cut.lowerBound]) + "rules: []\ncases: []\n")
        try await console.reload()
        let closed = try await browser.get("/console/audit")
        #expect(closed.status == 403 && !closed.text.has("/console/audit/find"))
    }

    @Test func `knows no officer whose term is over or who was revoked`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.auditor])
        let subject = try await console.subject(browser)
        try console.officer("suzuki", [.auditor], card: subject, until: "2026-03-31")
        try await console.reload()
        #expect(try await browser.get("/console/audit").code == "console.term")
        try console.officer("suzuki", [.auditor], card: subject, more: "revoked: true\n")
        try await console.reload()
        #expect(try await browser.get("/console/audit").code == "console.term")
        try console.officer("suzuki", [.auditor], card: subject)
        try await console.reload()
        #expect(try await browser.get("/console/audit").status == 200)
    }

    @Test func `writes every login into the trail, and every door that stayed closed`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.operator])
        #expect(try await browser.get("/console/audit").status == 403)
        let trail = try await console.house.trail()
        #expect(trail.contains { $0.has("console.login") })
        #expect(trail.contains { $0.has("console.refused") && $0.has("suzuki") && $0.has("auditor") })
    }

    @Test func `believes no form without the mark of this login, nor one from another site`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.auditor])
        let form = [("id", "nothing")]
        let asked = try await browser.post("/console/audit/find", form)
        #expect(asked.status == 409 && asked.text.has("nothing"), "it is shown again, and not done")
        let forged = try await browser.post("/console/audit/find", form + [("mark", "AAAA")])
        #expect(forged.status == 409)
        let name = try #require(HTTPField.Name("Sec-Fetch-Site"))
        let mark = try await browser.get("/console/audit").mark()
        #expect(try await browser.post("/console/audit/find", form + [("mark", mark)], [name: "cross-site"]).code == "http.cross-site")
        #expect(try await browser.post("/console/audit/find", form + [("mark", mark)]).status == 400, "no such record")
    }

    @Test func `loses nothing that was typed when the login is over`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.auditor])
        let mark = try await browser.get("/console/audit").mark()
        console.house.pass(1_801)
        let text = "a < b & \"c\" 日本"
        let kept = try await browser.post("/console/audit/find", [("id", text), ("mark", mark)])
        #expect(kept.status == 403 && kept.text.has("/console/login"))
        #expect(kept.text.has("value=\"a &lt; b &amp; &quot;c&quot; 日本\""))
        #expect(!kept.text.has(mark), "an old mark is of no use, and not repeated")
        // Logged in anew: the same form asks once more, then is done.
        let begun = try await browser.post("/console/login")
        _ = try await browser.login("hanako", at: try #require(begun.location))
        let again = try await browser.post("/console/audit/find", [("id", text), ("mark", "")])
        #expect(again.status == 409 && again.text.has("日本"))
        #expect(try await browser.post("/console/audit/find", [("id", text), ("mark", try again.mark())]).status == 400)
    }

    @Test func `escapes what it shows again`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.auditor])
        let page = try await browser.post("/console/audit/find", [("<script>alert(1)</script>", "<img src=x>")])
        #expect(!page.text.has("<script>alert") && !page.text.has("<img src"))
        let search = try await browser.get("/console/audit?text=%3Cscript%3E&event=%22%3E%3Cb%3E")
        #expect(!search.text.has("<script>\"") && !search.text.has("\"><b>") && search.status == 400)
    }
}
