import HTTPTypes
import SQLiteStores
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `What a citizen can take back and take home` {
    private func agreed(_ home: CitizenHome, _ browser: Browser, _ member: String = Parties.bank, _ handle: String = "misaki") async throws
    {
        var question = OpenIDQuestion(member)
        if member == Parties.app { question.callback = Parties.appCallback }
        let journey = try await browser.begin(question.path)
        if browser.sessionCookie == nil { _ = try await browser.login(handle, at: journey) } else { _ = try await browser.get(journey) }
        _ = try await Duty.agree(browser, journey)
    }

    @Test func `every consent goes with one button, and a second press changes nothing`() async throws {
        let home = try await CitizenHome()
        let browser = Browser(home.house)
        try await agreed(home, browser)
        try await agreed(home, browser, Parties.app)
        #expect(try await browser.get("/me/consents").text.components(between: "name=\"for\" value=\"", and: "\"").count == 2)
        for _ in 0..<2 { _ = try await home.press("/me/consents/stop", [("all", "yes")], in: browser, on: "/me/lost") }
        #expect(try await browser.get("/me/consents").text.has("現在、同意している内容はありません。"))
        #expect(try await home.records("consent.withdrawn").count == 2)
    }

    @Test func `one citizen's button takes nothing of another's back (H17)`() async throws {
        let home = try await CitizenHome()
        let (own, other) = (Browser(home.house), Browser(home.house))
        try await agreed(home, own)
        try await home.login("taro", in: other)
        for fields in [[("all", "yes")], [("service", Parties.bank), ("for", "identity-check")]] {
            _ = try await home.press("/me/consents/stop", fields, in: other, on: "/me/lost")
        }
        #expect(try await own.get("/me/consents").text.has("同意を取り消す"))
        #expect(try await home.records("consent.withdrawn").isEmpty)
    }

    @Test func `services are listed with the number they know the citizen by, to that citizen alone`() async throws {
        let home = try await CitizenHome()
        let (own, other) = (Browser(home.house), Browser(home.house))
        try await agreed(home, own)
        try await home.login("taro", in: other)
        let number = try #require(try await home.house.store.sectors(of: try await home.subject(own)).first?.pairwise.text)
        let page = try await own.get("/me/services")
        #expect(page.text.has(number))
        #expect(!page.text.has("<script>alert"), "the bank's name is hostile (H12)")
        #expect(try await other.get("/me/services").text.has(number) == false)
    }

    @Test func `the whole ledger goes home as JSON, in pages, and another's does not`() async throws {
        let home = try await CitizenHome()
        let (own, other) = (Browser(home.house), Browser(home.house))
        try await home.login("hanako", in: own)
        try await home.login("taro", in: other)
        let (subject, stranger) = (try await home.subject(own), try await home.subject(other))
        for number in 0..<450 { try await keep(number, of: subject, home) }
        try await keep(1_000, of: stranger, home)
        let file = try await own.get("/me/ledger.json")
        #expect(file.headers[.contentType] == "application/json")
        #expect(file.headers[try #require(HTTPField.Name("Content-Disposition"))] == "attachment; filename=\"sekisho-ledger.json\"")
        let json = try JSON(reading: file.body, limit: 1 << 22)
        let entries = try #require(json["entries"]?.array)
        #expect(entries.count == 450)
        #expect(Set(entries.compactMap { $0["reference"]?.string }).count == 450)
        #expect(json["count"]?.integer == 450)
        #expect(json["complete"]?.bool == true)
        #expect(entries.compactMap { $0["at"]?.string } == entries.compactMap { $0["at"]?.string }.sorted(by: >))
        let theirs = try JSON(reading: try await other.get("/me/ledger.json").body, limit: 1 << 20)
        #expect(theirs["count"]?.integer == 1)
    }

    @Test func `as CSV too, where no spreadsheet takes a word for a formula`() async throws {
        let home = try await CitizenHome()
        let browser = Browser(home.house)
        try await home.login("hanako", in: browser)
        try await keep(1, of: try await home.subject(browser), home, rules: ["=HYPERLINK(\"http://evil\")"])
        try await keep(2, of: try await home.subject(browser), home, rules: ["plain, \"quoted\""])
        let file = try await browser.get("/me/ledger.csv")
        #expect(file.body.starts(with: [0xef, 0xbb, 0xbf]))
        let lines = String(file.text.dropFirst()).components(splitBy: "\r\n")
        #expect(lines.count == 4, "a head, two entries, and the end of the last line")
        #expect(file.text.has("\"'=HYPERLINK(\"\"http://evil\"\")\""))
        #expect(file.text.has("\"plain, \"\"quoted\"\"\""))
        #expect(!file.text.has(",\"="))
    }

    @Test func `nothing goes home without a login`() async throws {
        let home = try await CitizenHome()
        for path in ["/me/ledger.json", "/me/ledger.csv"] {
            let answer = try await Browser(home.house).get(path)
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            #expect(answer.text.has("/me/login"))
        }
    }

    @Test func `pages go on behind their last entry, by the new and by the old address`() async throws {
        let home = try await CitizenHome()
        let browser = Browser(home.house)
        try await home.login("hanako", in: browser)
        let subject = try await home.subject(browser)
        for number in 0..<60 { try await keep(number, of: subject, home) }
        let first = try await browser.get("/me/told")
        let next = try #require(first.between("<a href=\"/me/told?after=", "\""))
        let second = try await browser.get("/me/told?after=" + next)
        let shown = [first, second].flatMap { $0.text.components(between: "name=\"entry\" value=\"", and: "\"") }
        #expect(shown.count == 60)
        #expect(Set(shown).count == 60)
        #expect(try await browser.get("/ledger?before=0").text.has("記録はありません。"))
        #expect(try await browser.get("/me/told?after=nonsense").text.has("name=\"entry\""))
    }

    private func keep(_ number: Int, of subject: SubjectID, _ home: CitizenHome, rules: [String] = ["a-rule"]) async throws {
        let digest = Ticket.digest(of: "entry \(number) \(subject.text)")
        _ = try await home.house.store.note(
            LedgerEntry(
                reference: try #require(LedgerReference(digest: digest)), subject: subject,
                member: try #require(MemberID(Parties.bank)), purpose: try #require(Purpose("identity-check")), told: ["pin-used"],
                rules: rules, bases: ["bank law"], policyVersion: "v1", protocolName: "openid", path: .signOn, consentedAt: nil,
                at: home.house.now.adding(seconds: -Int64(number / 7))),
            recording: Record("test.told", at: home.house.now, []))
    }
}
