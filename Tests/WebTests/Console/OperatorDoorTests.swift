import SQLiteStores
import Settings
import SignOn
import Testing
import Vocabulary
import Web

@Suite struct `The operator in the console` {
    @Test func `finds sessions by reference, and orders their end once`() async throws {
        let console = try await ConsoleHouse()
        let officer = try await console.officer("suzuki", "hanako", [.operator])
        let citizen = Browser(console.house)
        _ = try await citizen.login("taro", at: try await citizen.begin(OpenIDQuestion().path))
        let subject = try await console.subject(citizen)
        let page = try await officer.get("/console/sessions")
        #expect(page.text.has(subject.text))
        for secret in try console.house.world.secrets(of: "taro") { #expect(!page.text.has(secret)) }
        let mark = try page.mark()
        let found = try await officer.post("/console/sessions/find", [("what", subject.text), ("mark", mark)])
        #expect(found.text.has(subject.text))
        #expect(try await officer.post("/console/sessions/find", [("what", "short"), ("mark", mark)]).text.has("role=\"alert\""))
        let end = try await officer.post("/console/sessions/end", [("subject", subject.text), ("reason", "stolen"), ("mark", mark)])
        #expect(end.location?.contains("/console/sessions?ended=") == true)
        let orders = try await console.house.store.orders(limit: 9, at: console.house.now)
        #expect(orders.map(\.target) == [.subject(subject)])
        let record = try #require(try await console.house.trail().last { $0.has("console.session-ended") })
        #expect(record.has("suzuki") && record.has("stolen"))
        #expect(try await officer.post("/console/sessions/end", [("session", "zz"), ("mark", mark)]).status == 303)
        #expect(try await console.house.store.orders(limit: 9, at: console.house.now).count == 1, "nothing was named")
    }

    @Test func `finds a session by what a service calls the citizen`() async throws {
        let console = try await ConsoleHouse()
        let officer = try await console.officer("suzuki", "hanako", [.operator])
        let citizen = Browser(console.house)
        _ = try await citizen.login("taro", at: try await citizen.begin(OpenIDQuestion().path))
        let subject = try await console.subject(citizen)
        let live = try #require(try await console.house.store.liveSessions(limit: 9, at: console.house.now).first { $0.subject == subject })
        let participation = try #require(try await console.house.store.participations(in: live.thread).first)
        let name = participation.name.text
        let mark = try await officer.get("/console/sessions").mark()
        let form = [("what", name), ("member", participation.member.text), ("mark", mark)]
        #expect(try await officer.post("/console/sessions/find", form).text.has(subject.text))
        let other = [("what", name), ("member", "https://other.example.jp"), ("mark", mark)]
        #expect(try await officer.post("/console/sessions/find", other).text.has(subject.text) == false)
    }

    @Test func `sees how the trust store is`() async throws {
        let console = try await ConsoleHouse(
            trust: .object([
                ("at", "2026-11-21T04:00:00Z"), ("well", .bool(false)),
                ("lists", .array([.object([("source", "http://crl.example.jp/<b>.crl"), ("state", "stale"), ("age", 7200)])])),
                ("unknown", .array([.object([("issuer", "CN=Nobody"), ("count", 3)])])),
                ("server", .object([("state", "stale"), ("reasons", .array([.object([("code", "list.stale"), ("subject", "crl")])]))])),
            ]))
        let officer = try await console.officer("suzuki", "hanako", [.operator])
        let page = try await officer.get("/console/trust")
        #expect(page.text.has("list.stale") && page.text.has("CN=Nobody") && page.text.has("120") && page.text.has("&lt;b&gt;.crl"))
        #expect(try await officer.get("/console").text.has("list.stale"), "an alarm of the overview")
    }

    @Test func `is told what ends 30, 14 and 3 days before`() async throws {
        let console = try await ConsoleHouse()
        let officer = try await console.officer("suzuki", "hanako", [.operator])
        let subject = try await console.subject(officer)
        #expect(try await officer.get("/console").text.has("officer.within") == false)
        for (until, word) in [
            ("2026-12-15", "officer.within-30d"), ("2026-12-01", "officer.within-14d"), ("2026-11-23", "officer.within-3d"),
        ] {
            try console.officer("suzuki", [.operator], card: subject, until: until)
            try await console.reload()
            #expect(try await officer.get("/console").text.has(word), "\(until)")
        }
        #expect(try await officer.get("/console/keys").text.has("suzuki"))
    }
}

@Suite struct `Metering and exports in the console` {
    private func used(_ console: ConsoleHouse) async throws {
        for (member, count) in [(Parties.bank, 3), (Parties.shop, 2)] {
            for _ in 1...count {
                try await console.house.store.append(Record("card.accepted", at: console.house.now, [("member", .string(member))]))
            }
        }
        _ = try await console.house.store.meter(limit: 10_000)
    }

    @Test func `show members and costs, as table, chart and CSV`() async throws {
        let console = try await ConsoleHouse()
        try console.write(
            "sekisho.yaml", try console.read("sekisho.yaml") + "\nmetering:\n  currency: JPY\n  costs:\n    card-login: \"2.5\"\n")
        try await console.reload()
        let officer = try await console.officer("suzuki", "hanako", [.registrar])
        try await used(console)
        let page = try await officer.get("/console/metering")
        #expect(page.text.has("<svg") && page.text.has("7.5") && page.text.has("role=\"img\"") && page.hasOnlyOwnScripts)
        let csv = try await officer.get("/console/metering.csv?month=2026-11").text
        #expect(csv.hasPrefix("month,member,kind,count,price,cost,currency\r\n"))
        #expect(csv.has("2026-11,\(Parties.bank),card-login,3,2.5,7.5,JPY\r\n"))
        #expect(try await officer.get("/console/metering.csv?month=2026-10").text == "month,member,kind,count,price,cost,currency\r\n")
    }

    @Test func `show a developer the own member and no other`() async throws {
        let console = try await ConsoleHouse()
        try await used(console)
        let developer = try await console.officer("dev", "hanako", [.developer], member: Parties.bank)
        for path in ["/console", "/console/metering", "/console/metering.csv", "/console/metering.csv?member=" + Parties.shop] {
            #expect(try await developer.get(path).text.has(Parties.shop) == false, "\(path)")
        }
        #expect(try await developer.get("/console/metering.csv").text.has(Parties.bank))
        #expect(try await developer.get("/console").text.has(Parties.bank))
    }

    @Test func `take the deployment away as text that stays the same`() async throws {
        let console = try await ConsoleHouse()
        let officer = try await console.officer("suzuki", "hanako", [.auditor])
        let first = try await officer.get("/console/export.txt").text
        console.house.pass(60)
        #expect(try await officer.get("/console/export.txt").text == first)
        let lines = first.split(separator: "\n").map(String.init)
        #expect(lines == lines.sorted() && lines.contains { $0.hasPrefix("member ") } && lines.contains("officer suzuki card bound"))
        let subject = try await console.subject(officer).text
        #expect(!first.has("PRIVATE") && !first.has(subject))
    }
}
