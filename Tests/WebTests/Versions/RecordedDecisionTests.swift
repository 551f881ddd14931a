import Cryptography
import Settings
import Testing
import TrustFramework
import Vocabulary
import Web

@Suite struct `The decision in the trail` {
    private static func records(_ house: House, _ event: String) async throws -> [JSON] {
        try await house.trail().map { try JSON(reading: $0, limit: 1 << 20) }.filter { $0["event"]?.string == event }
    }

    private static func trace(_ record: JSON?) throws -> DecisionTrace {
        let record = try #require(record)
        return try #require(DecisionTrace(record: record))
    }

    @Test func `of a SAML sign-on is found by the request, and asks again what was asked`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let question = SAMLQuestion()
        _ = try await browser.login("hanako", at: try await browser.begin(question.path))
        let record = try #require(try await Self.records(house, "signon.granted").first)
        #expect(record["request"]?.string == question.id && record["answer"]?.string?.isEmpty == false)
        let trace = try Self.trace(record)
        #expect(trace.outcome == "permit" && trace.context == "card-pin")
        let policy = house.world.configuration.policy
        let replay = try trace.replayed(under: policy)
        #expect(replay.differences == [])
        #expect(replay.question.member.id.text == Parties.ministry && replay.question.facts?.mode == .pin)
        #expect(replay.question.request.protocol == .saml && replay.question.request.path == .signOn)
        // Another policy under the same name is found out.
        let forbid = Rule(id: "never", effect: .forbid, basis: "test")
        let other = Policy(rules: policy.rules + [forbid], ladder: policy.ladder, version: policy.version)
        #expect(try trace.replayed(under: other).differences.map(\.what).contains("outcome"))
    }

    @Test func `of a code and its tokens is found by their digests, and by nothing that opens anything`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let question = OpenIDQuestion()
        let end = try await browser.login("hanako", at: try await browser.begin(question.path))
        let code = try #require(end.parameter("code"))
        let tokens = try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        let token = try #require(try tokens.json["access_token"]?.string)
        func digest(_ text: String) -> String { String(Hexadecimal.encode(Digest.sha256(Array(text.utf8))).prefix(32)) }
        let granted = try #require(try await Self.records(house, "signon.granted").first)
        let issued = try #require(try await Self.records(house, "token.issued").first)
        #expect(granted["answer"]?.string == digest(code) && issued["answer"]?.string == digest(token))
        #expect(try Self.trace(granted).replayed(under: house.world.configuration.policy).question.request.protocol == .openid)
        #expect(try Self.trace(issued).outcome == "permit")
        for record in [granted, issued] {
            #expect(!record.text.has(code) && !record.text.has(token))
            // What the citizen is called at the member stands nowhere.
            #expect(!record.text.has("pairwise") && record["sub"] == nil)
        }
    }

    @Test func `stands behind a refusal of the policy's, and behind no other`() async throws {
        let house = try await House.ordinary()
        var passive = SAMLQuestion()
        passive.passive = true
        _ = try await Browser(house).get(passive.path)
        let refused = try #require(try await Self.records(house, "signon.refused").first)
        let trace = try Self.trace(refused)
        #expect(trace.outcome == "authenticate" && !trace.acceptable.isEmpty)
        #expect(try trace.replayed(under: house.world.configuration.policy).question.facts == nil)
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        _ = try await browser.post(journey + "/cancel", [])
        let records = try await Self.records(house, "signon.refused")
        #expect(records.count == 2 && records.last?["code"]?.string == "signon.cancelled" && records.last?["decision"] == nil)
    }

    @Test func `of an exchange is the target's`() async throws {
        let office = Office(house: try await House.ordinary())
        let answer = try await office.exchange(office.login().token())
        try #require(answer.status == 200, "\(answer.text)")
        let record = try #require(try await Self.records(office.house, "token.exchanged").first)
        let replay = try Self.trace(record).replayed(under: office.house.world.configuration.policy)
        #expect(replay.differences == [] && replay.question.request.path == .exchange)
        #expect(replay.question.member.id.text == Parties.town)
    }

    @Test func `of a device's grant stands in the approval and in the token`() async throws {
        let waiter = try await Waiter()
        let shown = try await waiter.begin()
        let phone = Browser(waiter.house)
        let journey = try await waiter.type(shown.userCode, in: phone)
        _ = try await phone.login("hanako", at: journey)
        _ = try await waiter.decide("approve", at: journey, in: phone)
        #expect(try await waiter.poll(shown).status == 200)
        for event in ["awaited.approved", "token.issued"] {
            let trace = try Self.trace(try await Self.records(waiter.house, event).first)
            #expect(try trace.replayed(under: waiter.house.world.configuration.policy).differences == [], "\(event)")
        }
    }

    @Test func `never is missing where something was issued`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion().path))
        let question = OpenIDQuestion()
        let end = try await browser.get(question.path)
        let code = try #require(end.parameter("code"))
        _ = try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        for body in try await house.trail() {
            let record = try JSON(reading: body, limit: 1 << 20)
            guard RecordedDecisions.always.contains(record["event"]?.string ?? "") else { continue }
            #expect(DecisionTrace(record: record) != nil, "\(body)")
            #expect(body.utf8.count < 2_500, "the trail is kept for years: \(body.utf8.count) bytes")
        }
    }
}
