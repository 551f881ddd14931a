import Cryptography
import Testing
import Trust
import Upkeep
import Vocabulary

typealias Small = SmallAuthority

@Suite(.serialized) struct `The status ladder` {
    /// What the main responder, the lists and memory say, and what a login is told.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var order = StatusRules.Order.listFirst
        var listed: RevocationReason?
        var hasList = true
        var listMade = Small.days(-1)
        var main: RespondingServer.Behaviour = .answers(.init())
        var other: RespondingServer.Behaviour = .answers(.init())
        let verdict: StatusVerdict
        let source: StatusSource
        var askedMain = 0
        var askedOther = 0
    }

    static let revoked = StatusVerdict.revoked(.keyCompromise, Small.days(-3))
    static let held = StatusVerdict.revoked(.certificateHold, Small.days(-3))
    static func says(_ verdict: StatusVerdict) -> RespondingServer.Behaviour { .answers(.init(status: verdict)) }

    static let cases: [Case] = [
        // List first.
        Case(testDescription: "list first, good: nobody is asked", main: says(revoked), verdict: .good, source: .crl),
        Case(
            testDescription: "list first, revoked: nobody is asked", listed: .superseded,
            verdict: .revoked(.superseded, Small.days(-10)), source: .crl),
        Case(testDescription: "list first, no list: the main responder", hasList: false, verdict: .good, source: .ocsp, askedMain: 1),
        Case(
            testDescription: "list first, list too old: the main responder", listMade: Small.days(-1).adding(seconds: -13 * 3600),
            main: says(revoked), verdict: revoked, source: .ocsp, askedMain: 1),
        Case(
            testDescription: "list first, on hold: newer word on-line lifts it", listed: .certificateHold, verdict: .good, source: .ocsp,
            askedMain: 1),
        Case(
            testDescription: "list first, on hold: older word on-line does not", listed: .certificateHold, listMade: Small.minutes(-9),
            verdict: .revoked(.certificateHold, Small.days(-10)), source: .crl, askedMain: 1),
        Case(
            testDescription: "list first, on hold, responders down: stays on hold", listed: .certificateHold, main: .status(500),
            other: .status(500), verdict: .revoked(.certificateHold, Small.days(-10)), source: .crl, askedMain: 1, askedOther: 1),
        // On-line first.
        Case(testDescription: "on-line first, good", order: .onlineFirst, verdict: .good, source: .ocsp, askedMain: 1),
        Case(
            testDescription: "on-line first, revoked", order: .onlineFirst, main: says(revoked), verdict: revoked, source: .ocsp,
            askedMain: 1),
        Case(
            testDescription: "on-line first, revoked by the list: the last word", order: .onlineFirst, listed: .superseded,
            verdict: .revoked(.superseded, Small.days(-10)), source: .crl),
        Case(
            testDescription: "on-line first, on hold on-line, a good list from before", order: .onlineFirst, main: says(held),
            verdict: held, source: .ocsp, askedMain: 1),
        Case(
            testDescription: "on-line first, main down: the fall-back", order: .onlineFirst, main: .status(503), verdict: .good,
            source: .ocsp, askedMain: 1, askedOther: 1),
        Case(
            testDescription: "on-line first, main down, fall-back says revoked", order: .onlineFirst, main: .status(503),
            other: says(revoked), verdict: revoked, source: .ocsp, askedMain: 1, askedOther: 1),
        Case(
            testDescription: "on-line first, both down: the list", order: .onlineFirst, main: .status(503), other: .declines(.tryLater),
            verdict: .good, source: .crl, askedMain: 1, askedOther: 1),
        Case(
            testDescription: "on-line first, both down, no list: unknown", order: .onlineFirst, hasList: false, main: .status(503),
            other: .declines(.internalError), verdict: .unknown, source: .none, askedMain: 1, askedOther: 1),
        Case(
            testDescription: "on-line first, main does not know it: the fall-back does", order: .onlineFirst, main: says(.unknown),
            verdict: .good, source: .ocsp, askedMain: 2, askedOther: 1),
        Case(
            testDescription: "nobody knows it: unknown, by a source that was asked", order: .onlineFirst, hasList: false,
            main: says(.unknown), other: says(.unknown), verdict: .unknown, source: .ocsp, askedMain: 2, askedOther: 2),
        // What is not believed leads on.
        Case(
            testDescription: "wrong signature: the fall-back", order: .onlineFirst,
            main: .answers(.init(status: revoked, hasRightSignature: false)), verdict: .good, source: .ocsp, askedMain: 1, askedOther: 1),
        Case(
            testDescription: "stale by its own nextUpdate: the fall-back", order: .onlineFirst,
            main: .answers(.init(nextUpdate: Small.minutes(-2))), verdict: .good, source: .ocsp, askedMain: 1, askedOther: 1),
        Case(
            testDescription: "older than the rules allow, everywhere: the list", order: .onlineFirst,
            main: .answers(.init(thisUpdate: Small.minutes(-62), nextUpdate: Small.days(1))),
            other: .answers(.init(thisUpdate: Small.minutes(-62), nextUpdate: Small.days(1))), verdict: .good, source: .crl, askedMain: 1,
            askedOther: 1),
        Case(
            testDescription: "a clock two minutes ahead: the fall-back", order: .onlineFirst,
            main: .answers(.init(thisUpdate: Small.minutes(2), nextUpdate: Small.minutes(20))), verdict: .good, source: .ocsp,
            askedMain: 1, askedOther: 1),
        Case(
            testDescription: "a clock a minute ahead: within the skew", order: .onlineFirst, hasList: false,
            main: .answers(.init(thisUpdate: Small.minutes(1), nextUpdate: Small.minutes(20))), verdict: .good, source: .ocsp, askedMain: 1
        ),
        Case(
            testDescription: "about another certificate: asked by the other digest, then the fall-back", order: .onlineFirst,
            main: .answers(.init(serial: 99)), verdict: .good, source: .ocsp, askedMain: 2, askedOther: 1),
        Case(
            testDescription: "no answer at all but bytes: the fall-back", order: .onlineFirst, main: .bytes([0x30, 0x03, 1, 2, 3]),
            verdict: .good, source: .ocsp, askedMain: 1, askedOther: 1),
        Case(
            testDescription: "more bytes than an answer has: the fall-back", order: .onlineFirst,
            main: .bytes([UInt8](repeating: 0x30, count: 70_000)), verdict: .good, source: .ocsp, askedMain: 1, askedOther: 1),
    ]

    @Test(arguments: cases) func `leads to`(_ test: Case) async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let entries = [test.listed].compactMap { $0 }.map { (serial: UInt8(7), reason: $0) }
        let lists = test.hasList ? try authority.lists(entries, thisUpdate: test.listMade) : RevocationLists()
        let server = RespondingServer(authority, ["/main": test.main, "/other": test.other])
        try await server.serving { base in
            var form = DeskForm()
            form.lists = Published(lists)
            form.main = base + "/main"
            form.fallBack = base + "/other"
            form.order = test.order
            let desk = form.desk
            let status = try #require(await desk.status(of: chain, at: Small.now).first)
            #expect(status.verdict == test.verdict)
            #expect(status.source == test.source)
            #expect(status.checkedAt == Small.now)
            // Whoever spoke, how old the word is can be told.
            #expect((status.age != nil) == (test.source != .none))
            #expect(server.count("/main") == test.askedMain)
            #expect(server.count("/other") == test.askedOther)
        }
    }

    @Test func `follows the order that policy asks of one decision`() async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let lists = try authority.lists()
        let server = RespondingServer(authority, ["/main": .answers(.init())])
        try await server.serving { base in
            for configured in StatusRules.Order.allCases {
                var form = DeskForm()
                form.lists = Published(lists)
                form.main = base + "/main"
                form.order = configured
                let desk = form.desk
                #expect(await desk.status(of: chain, order: .listFirst, at: Small.now).first?.source == .crl)
                #expect(await desk.status(of: chain, order: .onlineFirst, at: Small.now).first?.source == .ocsp)
                let own: StatusSource = configured == .listFirst ? .crl : .ocsp
                #expect(await desk.status(of: chain, at: Small.now).first?.source == own)
            }
        }
    }

    @Test func `answers for every certificate below the anchor`() async throws {
        let authority = try Small.shared.get()
        let chain = try authority.longChain()
        var form = DeskForm()
        form.isOnLine = false
        form.lists = Published(try authority.lists())
        let statuses = await form.desk.status(of: chain, at: Small.now)
        // The anchor's list speaks of the authority below it, and of nobody below that.
        #expect(statuses.map(\.verdict) == [.unknown, .good])
        form.lists = Published(try authority.lists([(2, .cACompromise)]))
        let revoked = await form.desk.status(of: chain, at: Small.now)
        #expect(revoked.map(\.verdict) == [.unknown, .revoked(.cACompromise, Small.days(-10))])
    }

    @Test(arguments: [
        ("a host the operator did not list", ["127.0.0.1:1"] as Set<String>, StatusVerdict.unknown),
        ("a listed one", ["127.0.0.1"] as Set<String>, StatusVerdict.good),
    ]) func `asks the responder a certificate names only at`(name: String, hosts: Set<String>, verdict: StatusVerdict) async throws {
        let authority = try Small.shared.get()
        let server = RespondingServer(authority, ["/main": .answers(.init())])
        try await server.serving { base in
            let chain = try authority.chain(ocsp: [base + "/main"])
            var form = DeskForm()
            form.hosts = hosts
            let desk = form.desk
            #expect(await desk.status(of: chain, at: Small.now).first?.verdict == verdict, "\(name)")
            #expect(server.count("/main") == (verdict == .good ? 1 : 0))
            let gauge = try #require(desk.health.responders.first)
            #expect(gauge.role == .certificate)
            #expect(gauge.lastFailureCode == (verdict == .good ? nil : .refused))
        }
    }
}

@Suite(.serialized) struct `An appointed responder at the desk` {
    /// Whether its certificate says nocheck, what the lists say of it, what the rule says when they say nothing; and what a login is told.
    static let cases: [(noCheck: Bool, list: StatusVerdict, rule: OCSPRules.ResponderStatus, failure: StatusHealth.Failure?)] = [
        (true, .unknown, .known, nil), (true, `The status ladder`.revoked, .known, nil),
        (false, .good, .known, nil), (false, .good, .unlessRevoked, nil),
        (false, .unknown, .unlessRevoked, nil), (false, .unknown, .known, .responderUnknown),
        (false, `The status ladder`.revoked, .unlessRevoked, .responderRevoked),
        (false, `The status ladder`.revoked, .known, .responderRevoked),
    ]

    @Test(arguments: cases.indices) func `is held against the lists at hand`(index: Int) async throws {
        let test = Self.cases[index]
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let answer = SmallAuthority.Answer(responder: 50, hasNoCheck: test.noCheck)
        let server = RespondingServer(authority, ["/main": .answers(answer)])
        let lists =
            switch test.list {
            case .good: try authority.lists()
            case .revoked: try authority.lists([(50, .keyCompromise)])
            case .unknown: RevocationLists()
            }
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            form.order = .onlineFirst
            form.lists = Published(lists)
            form.responderStatus = test.rule
            let desk = form.desk
            let status = await desk.status(of: chain, at: Small.now).first
            #expect(status?.source == (test.failure == nil ? .ocsp : test.list == .unknown ? StatusSource.none : .crl))
            #expect(desk.health.responders.first?.lastFailureCode == test.failure)
        }
    }
}

@Suite(.serialized) struct `A stapled answer at the desk` {
    static func form(_ lists: RevocationLists = RevocationLists(), order: StatusRules.Order = .listFirst) -> DeskForm {
        var form = DeskForm()
        form.lists = Published(lists)
        form.order = order
        form.isOnLine = false
        return form
    }

    @Test(arguments: StatusRules.Order.allCases) func `is an answer, and nobody is asked`(order: StatusRules.Order) async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let server = RespondingServer(authority, ["/main": .answers(.init())])
        let stapled = try authority.stapled(chain)
        try await server.serving { base in
            var form = DeskForm()
            form.order = order
            form.main = base + "/main"
            let status = await form.desk.status(of: chain, stapled: stapled, at: Small.now).first
            #expect(status?.verdict == .good && status?.source == .ocsp && status?.age == 600)
            #expect(server.asked.isEmpty)
        }
    }

    @Test(arguments: StatusRules.Order.allCases) func `that says revoked is the last word`(order: StatusRules.Order) async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let stapled = try authority.stapled(chain, .init(status: `The status ladder`.revoked))
        let desk = Self.form(try authority.lists(), order: order).desk
        #expect(await desk.status(of: chain, stapled: stapled, at: Small.now).first?.verdict == `The status ladder`.revoked)
    }

    @Test func `does not overrule a list that says revoked`() async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let desk = Self.form(try authority.lists([(7, .superseded)]), order: .onlineFirst).desk
        let status = await desk.status(of: chain, stapled: try authority.stapled(chain), at: Small.now).first
        #expect(status?.verdict == .revoked(.superseded, Small.days(-10)))
    }

    @Test(arguments: [
        SmallAuthority.Answer(hasRightSignature: false), .init(nextUpdate: Small.minutes(-2)), .init(serial: 99),
        .init(thisUpdate: Small.minutes(-70), nextUpdate: Small.days(1)), .init(thisUpdate: Small.minutes(5), nextUpdate: nil),
    ]) func `that is not believed says nothing`(answer: SmallAuthority.Answer) async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let desk = Self.form().desk
        #expect(await desk.status(of: chain, stapled: try authority.stapled(chain, answer), at: Small.now).first?.verdict == .unknown)
        #expect(desk.health.counts.stapledRefused == 1)
        #expect(await desk.status(of: chain, stapled: [0x30], at: Small.now).first?.verdict == .unknown)
    }

    @Test func `is about the leaf alone`() async throws {
        let authority = try Small.shared.get()
        let chain = try authority.longChain()
        let leaf = OCSPRequestBytes(chain)
        let desk = Self.form().desk
        // The authority's word about the certificate below it, handed over as if it were about the leaf.
        let stapled = try authority.respond(to: leaf.aboutIssuer)
        #expect(await desk.status(of: chain, stapled: stapled, at: Small.now).map(\.verdict) == [.unknown, .unknown])
        #expect(desk.health.counts.stapledRefused == 1)
    }
}

/// The question about the authority in the middle of a long chain.
struct OCSPRequestBytes {
    let aboutIssuer: [UInt8]

    init(_ chain: TrustedChain) {
        aboutIssuer = OCSPRequest(certificate: chain.issuer, issuer: chain.anchor.certificate).der
    }
}
