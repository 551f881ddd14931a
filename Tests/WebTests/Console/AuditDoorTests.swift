import Foundation
import SQLiteStores
import Settings
import SignOn
import Testing
import Vocabulary
import Web

@Suite struct `The audit trail in the console` {
    /// Where the link to earlier records goes on; nil where there is none.
    private static func next(_ page: Answer) -> String? {
        let parts = page.text.components(separatedBy: "\">これより前の記録")
        guard parts.count > 1 else { return nil }
        return parts[0].components(separatedBy: "before=").last
    }

    @Test func `is searched by event, words and days, in pages, and remembers who looked`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.auditor])
        for number in 1...120 {
            try await console.house.store.append(
                Record("test.event", at: console.house.now, [("number", .string("n\(number)x")), ("member", "https://sp.example.jp")]))
        }
        let page = try await browser.get("/console/audit?event=test.event")
        #expect(page.text.has("test.event") && !page.text.has("console.login"))
        let older = try await browser.get("/console/audit?event=test.event&before=" + (try #require(Self.next(page))))
        let oldest = try await browser.get("/console/audit?event=test.event&before=" + (try #require(Self.next(older))))
        #expect(Self.next(oldest) == nil && oldest.text.has("n1x") == false && oldest.text.has("test.event"))
        #expect(try await browser.get("/console/audit?text=n77x").text.has("test.event"))
        #expect(try await browser.get("/console/audit?text=n770x").text.has("test.event") == false)
        #expect(try await browser.get("/console/audit?event=test.&from=2026-11-21&until=2026-11-21").text.has("test.event"))
        #expect(try await browser.get("/console/audit?event=test.event&from=2026-11-22").text.has("<td><code>test.event") == false)
        #expect(try await browser.get("/console/audit?from=yesterday").status == 400)
        #expect(try await console.house.events().count { $0 == "console.audit-searched" } == 7, "each page of each search")
    }

    @Test func `finds a record by a number or a token, which stands in no address and is not kept`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.auditor])
        let citizen = Browser(console.house)
        let answer = try await citizen.login("taro", at: try await citizen.begin(OpenIDQuestion().path))
        let token = try #require(answer.location?.components(separatedBy: "code=").last?.split(separator: "&").first.map(String.init))
        let mark = try await browser.get("/console/audit").mark()
        let found = try await browser.post("/console/audit/find", [("id", token), ("mark", mark)])
        let address = try #require(found.location)
        #expect(found.status == 303 && !address.contains(token))
        let page = try await browser.get(address)
        #expect(page.text.has("explained ") && page.text.has("signon.granted"))
        #expect(try await console.house.trail().allSatisfy { !$0.has(token) })
        #expect(try await browser.post("/console/audit/find", [("id", "another"), ("mark", mark)]).status == 400)
        #expect(try await browser.get("/console/audit?before=40").status == 200)
        #expect(try await console.house.events().count { $0 == "console.audit-searched" } == 3, "who looked for whom is in it")
        #expect(try await console.house.events().count { $0 == "console.audit-read" } == 1)
    }

    @Test(arguments: ["1%20OR%201%3D1", "9223372036854775808", "-1", "%27%3B--", "0"])
    func `takes no place to go on that is none of ours (H16)`(place: String) async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.auditor])
        let page = try await browser.get("/console/audit?event=console.login&before=" + place)
        #expect(page.status == 200)
        #expect(!page.text.has("policy.activated") && !page.text.has("SQLite"))
        let words = (1...200).map { "w\($0)" }.joined(separator: "+")
        #expect(try await browser.get("/console/audit?text=" + words).status == 200, "eight words are looked at, no more")
    }

    @Test func `proves its chain, against a head that was kept too`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.auditor])
        let mark = try await browser.get("/console/audit").mark()
        let page = try await browser.post("/console/audit/chain", [("mark", mark)])
        let kept = try #require(
            page.text.components(separatedBy: "<code>").dropFirst().compactMap { $0.split(separator: "<").first }.first {
                $0.split(separator: " ").count == 2
            })
        #expect(page.text.has("role=\"status\""))
        #expect(try await browser.post("/console/audit/chain", [("head", String(kept)), ("mark", mark)]).text.has("role=\"status\""))
        let other = "1 " + String(repeating: "0", count: 64)
        #expect(try await browser.post("/console/audit/chain", [("head", other), ("mark", mark)]).text.has("role=\"alert\""))
        #expect(try await browser.post("/console/audit/chain", [("head", "nonsense"), ("mark", mark)]).status == 400)
    }
}
