import Settings
import Testing
import Vocabulary

@Suite struct `Where a citizen who lost a card turns to, in sekisho.yaml` {
    private func loaded(_ care: String) throws -> Configuration {
        let deployment = try Deployment()
        try deployment.write("sekisho.yaml", try deployment.read("sekisho.yaml") + "\n" + care + "\n")
        return try deployment.load()
    }

    @Test func `is what the file says, in both languages`() throws {
        let care = try loaded(
            """
            care:
              hotline:
                number: "0120-000-000"
                abroad: "+81 50-0000-0000"
                name: {ja: 総合窓口, en: Card desk}
                hours: {ja: 24時間, en: day and night}
              counter: {ja: 市役所1階, en: "City hall, ground floor"}
              ledger-days: 1825
            """
        ).care
        #expect(care.hotline?.number == "0120-000-000")
        #expect(care.hotline?.abroad == "+81 50-0000-0000")
        #expect(care.hotline?.name == ["ja": "総合窓口", "en": "Card desk"])
        #expect(care.hotline?.hours["en"] == "day and night")
        #expect(care.counter["ja"] == "市役所1階")
        let now = try #require(Timestamp("2026-11-21T00:00:00Z"))
        #expect(care.ledgerStart(at: now) == now.adding(seconds: -1825 * 86_400))
    }

    @Test func `is nothing where it says nothing: no number is built in`() throws {
        let care = try Deployment().load().care
        #expect(care == CarePart())
        #expect(care.ledgerStart(at: Timestamp(seconds: 0)) == nil)
    }

    @Test(
        arguments: [
            ("hotline: {number: call-us}", "care.number"), ("hotline: {number: \"javascript:1\"}", "care.number"),
            ("hotline: {number: \"++81\"}", "care.number"), ("hotline: {hours: {ja: いつでも}}", "yaml.key.missing"),
            ("ledger-days: 0", "yaml.value"), ("ledger-days: ten", "yaml.value"), ("hotlines: 1", "yaml.key.unknown"),
            ("counter: {fr: mairie}", "yaml.key.unknown"),
        ])
    func `is refused when it is none`(line: String, code: String) throws {
        let deployment = try Deployment()
        try deployment.write("sekisho.yaml", try deployment.read("sekisho.yaml") + "\ncare:\n  " + line + "\n")
        #expect(deployment.problems([:]).map(\.code).contains(code))
    }
}
