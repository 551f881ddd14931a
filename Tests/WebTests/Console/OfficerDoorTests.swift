import Cryptography
import SQLiteStores
import Settings
import SignOn
import Testing
import Vocabulary
import Web

/// Decision 0055: whose card is which officer's.
@Suite struct `Officers' cards` {
    private static let code = "ABCDE-FGH12-34567-89JKM"

    private func offer(_ console: ConsoleHouse, _ officer: String, seconds: Int64 = 900) async throws {
        try await console.house.store.offer(
            OfficerCode(
                digest: Ticket.digest(of: OfficerBinding.code(Self.code)), officer: officer,
                expiresAt: console.house.now.adding(seconds: seconds)))
    }

    @Test func `the first one's comes in by the one-time code, typed as people type`() async throws {
        let console = try await ConsoleHouse()
        try console.officer("suzuki", [.trustOfficer])
        try await console.reload()
        try await offer(console, "suzuki")
        let browser = try await console.browser("hanako")
        let page = try await browser.get("/console")
        #expect(page.status == 403 && page.text.has("/console/bootstrap"))
        let end = try await browser.post("/console/bootstrap", [("code", " abcde fgh12 34567 89jkm "), ("mark", try page.mark())])
        #expect(end.location == World.base + "/console")
        #expect(try await browser.get("/console/officers").status == 200)
        #expect(try console.read("Keys/officers/suzuki.yaml").has("subject: " + (try await console.subject(browser)).text))
        let record = try #require(try await console.house.trail().first { $0.has("console.bootstrapped") })
        #expect(record.has("suzuki") && !record.has("ABCDE"))
    }

    @Test func `a code is good once, for its time, and for its own officer only`() async throws {
        let console = try await ConsoleHouse()
        try console.officer("suzuki", [.trustOfficer])
        try console.officer("tanaka", [.trustOfficer])
        try await console.reload()
        let first = try await console.browser("hanako")
        let second = try await console.browser("taro")
        let mark = try await second.get("/console").mark()
        #expect(try await second.post("/console/bootstrap", [("code", "AAAAA-AAAAA-AAAAA-AAAAA"), ("mark", mark)]).status == 400)
        try await offer(console, "suzuki", seconds: 5)
        console.house.pass(6)
        #expect(try await second.post("/console/bootstrap", [("code", Self.code), ("mark", mark)]).status == 400, "too late")
        try await offer(console, "suzuki")
        let own = try await first.get("/console").mark()
        #expect(try await first.post("/console/bootstrap", [("code", Self.code), ("mark", own)]).status == 303)
        #expect(try await second.post("/console/bootstrap", [("code", Self.code), ("mark", mark)]).status == 400, "used")
        // Another code, made while nobody had a card, is of no use once somebody has one.
        try await offer(console, "tanaka")
        #expect(try await second.post("/console/bootstrap", [("code", Self.code), ("mark", mark)]).status == 400)
        #expect(try console.read("Keys/officers/tanaka.yaml").has("awaited"))
    }

    @Test func `a code needs the form of our own page`() async throws {
        let console = try await ConsoleHouse()
        try console.officer("suzuki", [.trustOfficer])
        try await console.reload()
        try await offer(console, "suzuki")
        let browser = try await console.browser("hanako")
        #expect(try await browser.post("/console/bootstrap", [("code", Self.code), ("mark", "x")]).location == World.base + "/console")
        #expect(try await Browser(console.house).post("/console/bootstrap", [("code", Self.code), ("mark", "x")]).status == 403)
        #expect(try console.read("Keys/officers/suzuki.yaml").has("awaited"))
    }

    /// Asks for the card of `card` to become `officer`'s; the number.
    private func ask(_ console: ConsoleHouse, _ card: String, _ officer: String) async throws -> (browser: Browser, name: String) {
        let browser = try await console.browser(card)
        let page = try await browser.get("/console")
        let told = try await browser.post("/console/ask", [("officer", officer), ("mark", try page.mark())])
        #expect(told.status == 200)
        let asks = try await console.house.store.asks(.officer, at: console.house.now)
        let ask = try #require(asks.first { $0.body["officer"]?.string == officer })
        #expect(told.text.has(ask.name))
        return (browser, ask.name)
    }

    @Test func `while there is one officer that one approves, and of several two`() async throws {
        let console = try await ConsoleHouse()
        let first = try await console.officer("suzuki", "hanako", [.trustOfficer])
        try console.officer("tanaka", [.trustOfficer, .registrar])
        try console.officer("yamada", [.auditor])
        try await console.reload()
        let (second, name) = try await ask(console, "taro", "tanaka")
        let mark = try await first.get("/console/officers").mark()
        let form = [("name", name), ("reason", "met in person"), ("mark", mark)]
        #expect(try await first.post("/console/officers/approve", form).location?.hasSuffix("done=bound") == true)
        #expect(try await first.post("/console/officers/approve", form).location?.hasSuffix("done=gone") == true, "a double click")
        #expect(try await second.get("/console/officers").status == 200)

        let (third, other) = try await ask(console, "misaki", "yamada")
        let again = [("name", other), ("reason", "met in person"), ("mark", mark)]
        #expect(try await first.post("/console/officers/approve", again).location?.hasSuffix("done=approved") == true)
        #expect(try await first.post("/console/officers/approve", again).status == 400, "one officer counts once")
        #expect(try await third.get("/console/audit").status == 403)
        let own = try await second.get("/console/officers").mark()
        let last = [("name", other), ("reason", "seen the badge"), ("mark", own)]
        #expect(try await second.post("/console/officers/approve", last).location?.hasSuffix("done=bound") == true)
        #expect(try await third.get("/console/audit").status == 200)
        let bound = try #require(try await console.house.trail().last { $0.has("console.card-bound") })
        #expect(bound.has("suzuki") && bound.has("tanaka") && bound.has("yamada"))
    }

    @Test func `nobody approves what they asked for themselves, nor without a reason`() async throws {
        let console = try await ConsoleHouse()
        let first = try await console.officer("suzuki", "hanako", [.trustOfficer])
        try console.officer("tanaka", [.trustOfficer])
        try await console.reload()
        let (second, name) = try await ask(console, "taro", "tanaka")
        let mark = try await first.get("/console/officers").mark()
        #expect(try await first.post("/console/officers/approve", [("name", name), ("reason", "  "), ("mark", mark)]).status == 400)
        // The citizen who asked has become another officer meanwhile: it is still the same citizen.
        try console.officer("kato", [.trustOfficer], card: try await console.subject(second))
        try await console.reload()
        let own = try console.mark(second)
        #expect(try await second.get("/console/officers").text.has("/console/officers/approve") == false, "no button for it")
        #expect(try await second.post("/console/officers/approve", [("name", name), ("reason", "me"), ("mark", own)]).status == 400)
        #expect(try console.read("Keys/officers/tanaka.yaml").has("awaited"))
    }

    @Test func `one citizen is never two officers`() async throws {
        let console = try await ConsoleHouse()
        let browser = try await console.officer("suzuki", "hanako", [.trustOfficer])
        try console.officer("tanaka", [.trustOfficer], card: try await console.subject(browser))
        #expect(await console.house.platform.console.reload() == false)
        #expect(throws: SettingsProblems.self) { try Settings.load(console.folder, at: World.now) }
    }

    @Test func `an ask tells nobody who the officers are`() async throws {
        let console = try await ConsoleHouse()
        _ = try await console.officer("suzuki", "hanako", [.trustOfficer])
        try console.officer("tanaka", [.auditor])
        try await console.reload()
        let browser = try await console.browser("taro")
        let mark = try await browser.get("/console").mark()
        var pages: Set<String> = []
        for officer in ["suzuki", "tanaka", "nobody"] {
            let told = try await browser.post("/console/ask", [("officer", officer), ("mark", mark)])
            #expect(told.status == 200)
            // The number is the only thing that differs, and twelve digits look alike.
            let number = try #require(told.text.firstMatch(of: /[0-9a-f]{12}/)).output
            pages.insert(told.text.replacing(number, with: "N").replacing(/nonce-[^'" ]+|value="[^"]*"/, with: ""))
        }
        #expect(pages.count == 1, "one that has a card, one that has none, and nobody")
        let asks = try await console.house.store.asks(.officer, at: console.house.now)
        #expect(asks.map { $0.body["officer"]?.string } == ["tanaka"], "what can be approved waits, and nothing else")
        let trail = try await console.house.trail().filter { $0.has("console.card-asked") }
        #expect(trail.count == 3 && trail.count { $0.has("\"for\":\"nobody\"") } == 2, "an auditor sees who tries names")
    }

    @Test func `a citizen asks so often in a day and no more, for whomever`() async throws {
        let console = try await ConsoleHouse()
        try console.officer("tanaka", [.auditor])
        try await console.reload()
        let browser = try await console.browser("taro")
        let mark = try await browser.get("/console").mark()
        for number in 1...5 {
            #expect(try await browser.post("/console/ask", [("officer", "officer-\(number)"), ("mark", mark)]).status == 200)
        }
        for officer in ["tanaka", "officer-6"] {
            #expect(try await browser.post("/console/ask", [("officer", officer), ("mark", mark)]).status == 400, "\(officer)")
        }
        #expect(try await console.house.store.asks(.officer, at: console.house.now).isEmpty)
        let other = try await console.browser("misaki")
        let own = try await other.get("/console").mark()
        #expect(try await other.post("/console/ask", [("officer", "tanaka"), ("mark", own)]).status == 200)
    }

    @Test func `an ask is taken back, runs out, and names only officers without a card`() async throws {
        let console = try await ConsoleHouse()
        let first = try await console.officer("suzuki", "hanako", [.trustOfficer])
        try console.officer("tanaka", [.auditor])
        try await console.reload()
        let (second, name) = try await ask(console, "taro", "tanaka")
        let page = try await second.get("/console")
        for officer in ["../../etc/passwd", "", "SUZUKI"] {
            #expect(try await second.post("/console/ask", [("officer", officer), ("mark", try page.mark())]).status == 400, "\(officer)")
        }
        let mark = try await first.get("/console/officers").mark()
        #expect(
            try await first.post("/console/officers/reject", [("name", name), ("mark", mark)]).location?.hasSuffix("done=rejected") == true)
        #expect(try await console.house.store.asks(.officer, at: console.house.now).isEmpty)
        _ = try await ask(console, "misaki", "tanaka")
        #expect(
            try await console.house.store.asks(.officer, at: console.house.now.adding(seconds: OfficerBinding.lifetime + 1)).isEmpty)
    }
}
