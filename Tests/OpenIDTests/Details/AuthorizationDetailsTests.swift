import OpenID
import SignOn
import Testing
import Vocabulary

@Suite struct `Authorization details (RFC 9396; checklist O5)` {
    private static let good = #"[{"type":"agency-filing","locations":["https://town.example/api"],"actions":["submit"],"copies":2}]"#

    private func refusal(_ details: String, _ client: Client? = nil) throws -> AuthorizationRefusal? {
        let federation = try Federation()
        return try federation.judgedRefusal(Federation.query([("authorization_details", details)]), client ?? federation.rp())
    }

    @Test(arguments: [
        good, #"[{"locations":["https://a.example","https://b.example/x?y=1"],"type":"agency-filing"}]"#,
        #"[{"type":"agency-filing","locations":["https://a.example"],"urgent":true,"effective":"2028-02-29","case":{"number":"A-1"}}]"#,
        #"[{"type":"agency-filing","locations":["https://a.example"]},{"type":"agency-filing","locations":["https://b.example"]}]"#,
    ])
    func `details as their type has them are accepted`(details: String) throws {
        #expect(try refusal(details) == nil)
    }

    @Test(
        arguments: [
            ("", nil), ("{", "form"), ("{}", "form"), ("[]", "form"), ("[1]", "form"), ("[{}]", "form"), (#"[{"type":1}]"#, "form"),
            (#"{"type":"agency-filing"}"#, "form"), (#"[{"type":"unknown"}]"#, "type"), (#"[{"type":"Agency-Filing"}]"#, "type"),
            (#"[{"type":"agency-filing"}]"#, "field"), (#"[{"type":"agency-filing","locations":[]}]"#, "field"),
            (#"[{"type":"agency-filing","locations":"https://a.example"}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["http://a.example"]}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example#f"]}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://u@a.example"]}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example","https://a.example"]}]"#, "field"),
            (
                #"[{"type":"agency-filing","locations":["https://a.example","https://b.example","https://c.example","https://d.example"]}]"#,
                "field"
            ),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"actions":["destroy"]}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"actions":"submit"}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"effective":"2027-02-29"}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"effective":"tomorrow"}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"copies":0}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"copies":6}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"copies":1.5}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"copies":"2"}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"urgent":"yes"}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"case":{}}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"case":{"number":"A","x":1}}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"case":{"number":"12345678901234567"}}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"case":{"number":"a\u202eb"}}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"unknown":1}]"#, "field"),
            (#"[{"type":"agency-filing","locations":["https://a.example"],"type":"agency-filing"}]"#, "form"),
            (#"[{"type":"agency-filing","locations":null}]"#, "field"), ("[" + String(repeating: "[", count: 2_000), "form"),
            (
                "[" + Array(repeating: #"{"type":"agency-filing","locations":["https://a.example"]}"#, count: 17).joined(separator: ",")
                    + "]", "form"
            ),
        ] as [(String, String?)])
    func `others are invalid_authorization_details with a reason`(details: String, part: String?) throws {
        let refusal = try refusal(details)
        #expect(refusal?.explanation.code == part.map { "openid.details." + $0 })
        #expect(refusal?.error == (part == nil ? nil : .invalidAuthorizationDetails))
        #expect(refusal?.isPage != true)
    }

    @Test func `a type serves only clients that registered it, and only members that it names`() throws {
        let federation = try Federation()
        let unregistered = try federation.rp { $0.authorizationDetailsTypes = [] }
        #expect(try refusal(Self.good, unregistered)?.explanation.code == "openid.details.type")
        let pension = #"[{"type":"pension-only","year":2026}]"#
        #expect(try refusal(pension)?.explanation.code == "openid.details.type", "registered, but the type names another member")
        #expect(throws: Never.self) { try Federation.details.validated(pension, for: federation.rp(id: "pension")) }
    }

    @Test func `equal details are equal texts, whatever the order of the members`() throws {
        let federation = try Federation()
        let client = try federation.rp()
        let one = try Federation.details.validated(
            #"[{"copies":2,"locations":["https://a.example"],"type":"agency-filing"}]"#, for: client)
        let other = try Federation.details.validated(
            #"[{"type":"agency-filing","locations":["https://a.example"],"copies":2}]"#, for: client)
        #expect(one == other)
        #expect(one.text == #"[{"type":"agency-filing","locations":["https://a.example"],"copies":2}]"#)
    }

    @Test func `what was asked for reaches the entitlement, and the card is used for it anew`() throws {
        let federation = try Federation()
        let request = try federation.judged(Federation.query([("authorization_details", Self.good)]), federation.rp())
        #expect(request.ask.forceAuthentication, "no session may stand for the citizen's word on them")
        #expect(try federation.judged(Federation.query(), federation.rp()).ask.forceAuthentication == false)
        #expect(
            request.authorizationDetails?.text
                == #"[{"type":"agency-filing","locations":["https://town.example/api"],"actions":["submit"],"copies":2}]"#)
        // The fresh use of the card is missing: prompt=none cannot be answered.
        let silent = try federation.judged(
            Federation.query([("authorization_details", Self.good), ("prompt", "none")]), federation.rp())
        #expect(throws: Never.self) { try federation.refusal(silent.ask, member: federation.member(), session: federation.session()) }
    }

    @Test func `every member is told in words, in both languages`() throws {
        let federation = try Federation()
        let details = try Federation.details.validated(
            #"[{"type":"agency-filing","locations":["https://a.example","https://b.example"],"actions":["submit","follow"],"effective":"2027-04-01","copies":2,"urgent":true,"case":{"number":"A-1"}}]"#,
            for: federation.rp())
        let words = try #require(Federation.details.words(for: details).first)
        #expect(words.title == Wording(japanese: "役所への届出", english: "Filing with agencies"))
        #expect(
            words.lines.map { $0.title.english + "=" + $0.values.map(\.english).joined(separator: "|") } == [
                "Filed with=https://a.example|https://b.example", "What is done=submit|follow", "Effective from=2027-04-01", "Copies=2",
                "Urgent=yes", "Application: number=A-1",
            ])
        #expect(words.lines[1].values.map(\.japanese) == ["提出する", "状況を見る"])
        #expect(Federation.details.words(for: .array([])).isEmpty)
    }

    // MARK: - Less than was granted

    private static let granted =
        #"[{"type":"agency-filing","locations":["https://a.example","https://b.example"],"actions":["submit","follow"],"copies":3,"urgent":true},{"type":"agency-filing","locations":["https://c.example"]}]"#

    @Test(arguments: [
        (granted, true),
        (#"[{"type":"agency-filing","locations":["https://a.example"],"actions":["follow"],"copies":3,"urgent":true}]"#, true),
        (#"[{"type":"agency-filing","locations":["https://a.example"],"actions":["follow"],"copies":1,"urgent":true}]"#, true),
        (#"[{"type":"agency-filing","locations":["https://c.example"]}]"#, true),
        (#"[{"type":"agency-filing","locations":["https://a.example"]}]"#, false),
        (#"[{"type":"agency-filing","locations":["https://a.example"],"copies":3,"urgent":true}]"#, false),
        (#"[{"type":"agency-filing","locations":["https://c.example"],"actions":["submit"]}]"#, false),
        (#"[{"type":"agency-filing","locations":["https://a.example"],"actions":["follow"],"copies":4,"urgent":true}]"#, false),
        (#"[{"type":"agency-filing","locations":["https://a.example"],"actions":["follow"],"copies":3,"urgent":false}]"#, false),
        (
            #"[{"type":"agency-filing","locations":["https://a.example","https://c.example"],"actions":["follow"],"copies":3,"urgent":true}]"#,
            false
        ),
        (#"[{"type":"agency-filing","locations":["https://d.example"]}]"#, false),
    ])
    func `a narrower request needs one grant that holds it whole`(asked: String, isHeld: Bool) throws {
        let federation = try Federation()
        let client = try federation.rp()
        let granted = try Federation.details.validated(Self.granted, for: client)
        #expect(try Federation.details.isSubset(Federation.details.validated(asked, for: client), of: granted) == isHeld)
        if isHeld {
            #expect(
                try Federation.details.narrowed(asked, within: granted, for: client) == Federation.details.validated(asked, for: client))
        } else {
            #expect(throws: AuthorizationDetailsFault.self) { try Federation.details.narrowed(asked, within: granted, for: client) }
        }
    }

    @Test func `asking nothing keeps everything, and asking where nothing was granted gets nothing`() throws {
        let federation = try Federation()
        let client = try federation.rp()
        let granted = try Federation.details.validated(Self.granted, for: client)
        #expect(try Federation.details.narrowed(nil, within: granted, for: client) == granted)
        #expect(try Federation.details.narrowed(nil, within: nil, for: client) == nil)
        #expect(throws: AuthorizationDetailsFault.self) { try Federation.details.narrowed(Self.good, within: nil, for: client) }
        #expect(!Federation.details.isSubset(.array([]), of: granted))
        #expect(!AuthorizationDetailsTypes([]).isSubset(granted, of: granted), "a type that is gone compares with nothing")
    }
}
