import Credentials
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// Customers' numbers, evidence and merges.
enum Knot {
    static let shop = "shop.example"

    static func customer(_ number: Int = 1) throws(Missing) -> CustomerID { try F.some(CustomerID("A-\(number)"), "customer") }
    static func member(_ name: String = shop) throws(Missing) -> MemberID { try F.some(MemberID(name), name) }
    static func terms(_ name: String = shop, sector: String = "a") throws(Missing) -> ProposalTerms {
        ProposalTerms(member: try member(name), sector: sector, codeLifetime: 3_600)
    }
    static func line(_ number: Int = 1, _ wish: LinkProposal.Wish = .code, anew: Bool = false) throws(Missing) -> LinkProposal {
        LinkProposal(customer: try customer(number), wish: wish, isAnew: anew)
    }
    static func tally(_ counts: [ProposalOutcome.Word: Int]) -> Record {
        Record("links.listed", at: F.now, counts.map { ($0.key.rawValue, .integer(Int64($0.value))) })
    }
    static func trace(_ link: CustomerLink) -> Record { Record("link.confirmed", at: F.now) }
    static func merge(_ number: Int = 1) throws(Missing) -> MergeID {
        try F.some(MergeID(Hexadecimal.encode(Array(F.bytes(number, "merge").prefix(16)))), "merge")
    }
    static func evidence(
        _ kind: LinkEvidence.Kind, _ citizen: Int, _ certificate: Int, earlier: Int? = nil
    ) throws(Missing) -> LinkEvidence {
        LinkEvidence(
            kind, of: try F.subject(citizen), certificate: F.certificate(certificate), earlier: earlier.map { F.certificate($0) },
            at: F.now, basis: ["mode": "pin"])
    }
    static func link(_ certificate: Int, of citizen: Int, in store: any Stores, card: Int? = nil) async throws -> SubjectID? {
        try await store.link(
            F.certificate(certificate), by: evidence(.first, citizen, certificate), card: card.map { F.certificate($0) },
            recording: F.record(certificate))
    }
    static func propose(
        _ lines: [LinkProposal], to store: any Stores, _ name: String = shop, sector: String = "a", at moment: Timestamp = F.now
    ) async throws -> [ProposalOutcome] {
        try await store.propose(lines, under: terms(name, sector: sector), recording: tally, at: moment)
    }
}

extension Promise {
    static let links = customers + certificateLinks + mergers

    static let customers = [
        Promise("a proposal for a citizen waits for his word, and is told to nobody before (R10)") { (store) async throws in
            let known = try await store.pairwise(try F.subject(), sector: "a", orElse: F.pairwise(1), at: F.now)
            let outcomes = try await Knot.propose([try Knot.line(1, .citizen(known))], to: store)
            #expect(outcomes == [ProposalOutcome(.proposed)])
            #expect(try await store.customerLinks(of: try F.subject()).map(\.state) == [.proposed])
            #expect(try await store.customers(of: try F.subject(), member: try Knot.member()).isEmpty)
            let confirmed = try await store.confirm(
                [try Knot.customer()], of: try Knot.member(), by: try F.subject(), recording: Knot.trace, at: F.now)
            #expect(confirmed.map(\.confirmation) == [.page])
            #expect(try await store.customers(of: try F.subject(), member: try Knot.member()) == [Knot.customer()])
        },
        Promise("an identifier of another sector names nobody (checklist H17)") { (store) async throws in
            let known = try await store.pairwise(try F.subject(), sector: "b", orElse: F.pairwise(1), at: F.now)
            #expect(try await Knot.propose([try Knot.line(1, .citizen(known))], to: store).map(\.word) == [.unknownCitizen])
            #expect(try await store.customerLinks(of: try F.subject()).isEmpty)
        },
        Promise("nobody confirms, ends or sees what another was proposed (checklist H17)") { (store) async throws in
            let known = try await store.pairwise(try F.subject(1), sector: "a", orElse: F.pairwise(1), at: F.now)
            _ = try await Knot.propose([try Knot.line(1, .citizen(known))], to: store)
            let stranger = try F.subject(2)
            let shop = try Knot.member()
            let other = try Knot.member("bank.example")
            #expect(
                try await store.confirm([Knot.customer()], of: shop, by: stranger, recording: Knot.trace, at: F.now).isEmpty)
            #expect(
                try await store.confirm([Knot.customer()], of: other, by: F.subject(1), recording: Knot.trace, at: F.now).isEmpty)
            #expect(try await store.end(Knot.customer(), of: shop, by: stranger, recording: F.record(1), at: F.now) == nil)
            #expect(try await store.customerLinks(of: stranger).isEmpty)
            #expect(try await store.customerLinks(of: other, after: nil, limit: 10).isEmpty)
            #expect(try await store.customerLinks(of: shop, after: nil, limit: 10).count == 1)
        },
        Promise("the same list again changes nothing and gives the same codes (wish 19)") { (store) async throws in
            let lines = try [Knot.line(1), Knot.line(2), Knot.line(3)]
            let first = try await Knot.propose(lines, to: store)
            let again = try await Knot.propose(lines, to: store, at: F.later.adding(seconds: -1))
            #expect(first.map(\.word) == [.proposed, .proposed, .proposed] && again.map(\.word) == [.waiting, .waiting, .waiting])
            #expect(first.map(\.code) == again.map(\.code) && Set(first.compactMap(\.code)).count == 3)
            #expect(first.map(\.codeUntil) == again.map(\.codeUntil))
        },
        Promise("a list that was cut off is taken up where it ended") { (store) async throws in
            let lines = try (1...6).map { number throws(Missing) in try Knot.line(number) }
            let half = try await Knot.propose(Array(lines.prefix(3)), to: store)
            let whole = try await Knot.propose(lines, to: store)
            #expect(whole.map(\.word) == [.waiting, .waiting, .waiting, .proposed, .proposed, .proposed])
            #expect(Array(whole.prefix(3)).map(\.code) == half.map(\.code))
            #expect(try await store.countCustomerLinks() == [CustomerLinkCount(member: Knot.member(), state: .proposed, links: 6)])
        },
        Promise("a code links whoever enters it, once, and again only him") { (store) async throws in
            let code = try F.some(try await Knot.propose([try Knot.line()], to: store).first?.code, "code")
            let done = try await store.redeem(code.digest, by: try F.subject(1), recording: Knot.trace, at: F.now)
            guard case .confirmed(let link) = done else { throw Missing(what: "the outcome") }
            #expect(link.subject == (try F.subject(1)) && link.confirmation == .code)
            guard case .again = try await store.redeem(code.digest, by: try F.subject(1), recording: Knot.trace, at: F.now) else {
                throw Missing(what: "the outcome")
            }
            #expect(try await store.redeem(code.digest, by: try F.subject(2), recording: Knot.trace, at: F.now) == .unknown)
            #expect(try await store.customers(of: try F.subject(1), member: try Knot.member()) == [Knot.customer()])
            #expect(try await store.customers(of: try F.subject(2), member: try Knot.member()).isEmpty)
        },
        Promise("of 100 that enter one code one is linked") { (store) async throws in
            let code = try F.some(try await Knot.propose([try Knot.line()], to: store).first?.code, "code")
            let outcomes = try await atOnce { number in
                try await store.redeem(code.digest, by: F.subject(number), recording: Knot.trace, at: F.now)
            }
            #expect(outcomes.count { if case .confirmed = $0 { true } else { false } } == 1)
            #expect(outcomes.count { $0 == .unknown } == 99)
        },
        Promise("a code ends with its last moment, and the list then gives a new one") { (store) async throws in
            let first = try F.some(try await Knot.propose([try Knot.line()], to: store).first, "outcome")
            let code = try F.some(first.code, "code")
            let until = try F.some(first.codeUntil, "until")
            #expect(try await store.redeem(code.digest, by: try F.subject(), recording: Knot.trace, at: until) == .unknown)
            let next = try await Knot.propose([try Knot.line()], to: store, at: until)
            #expect(next.map(\.word) == [.proposed] && next.first?.code != code)
        },
        Promise("a link that its citizen ended stays ended for the same list, and comes back when it is asked for anew") {
            (store) async throws in
            let known = try await store.pairwise(try F.subject(), sector: "a", orElse: F.pairwise(1), at: F.now)
            let line = try Knot.line(1, .citizen(known))
            _ = try await Knot.propose([line], to: store)
            let shop = try Knot.member()
            _ = try await store.confirm([Knot.customer()], of: shop, by: F.subject(), recording: Knot.trace, at: F.now)
            let ended = try await store.end(Knot.customer(), of: shop, by: F.subject(), recording: F.record(1), at: F.now)
            #expect(ended?.endedBy == .citizen)
            #expect(try await store.end(Knot.customer(), of: shop, by: F.subject(), recording: F.record(2), at: F.now) == nil)
            #expect(try await store.customers(of: F.subject(), member: shop).isEmpty)
            #expect(try await Knot.propose([line], to: store).map(\.word) == [.ended])
            #expect(try await Knot.propose([Knot.line(1, .citizen(known), anew: true)], to: store).map(\.word) == [.proposed])
        },
        Promise("a customer is one citizen's: another's is a conflict, and nothing changes") { (store) async throws in
            let one = try await store.pairwise(try F.subject(1), sector: "a", orElse: F.pairwise(1), at: F.now)
            let other = try await store.pairwise(try F.subject(2), sector: "a", orElse: F.pairwise(2), at: F.now)
            _ = try await Knot.propose([try Knot.line(1, .citizen(one))], to: store)
            _ = try await store.confirm([Knot.customer()], of: Knot.member(), by: F.subject(1), recording: Knot.trace, at: F.now)
            #expect(try await Knot.propose([try Knot.line(1, .citizen(other))], to: store).map(\.word) == [.conflict])
            #expect(try await store.customers(of: F.subject(1), member: Knot.member()) == [Knot.customer()])
            #expect(try await store.customerLinks(of: F.subject(2)).isEmpty)
        },
        Promise("a member ends a link, and one that is not there is none") { (store) async throws in
            _ = try await Knot.propose([try Knot.line(1)], to: store)
            #expect(try await Knot.propose([try Knot.line(1, .end), try Knot.line(2, .end)], to: store).map(\.word) == [.ended, .nothing])
            #expect(try await Knot.propose([try Knot.line(1, .end)], to: store, "bank.example").map(\.word) == [.nothing])
        },
        Promise("several customers of one member are one citizen's at once, in their order") { (store) async throws in
            let known = try await store.pairwise(try F.subject(), sector: "a", orElse: F.pairwise(1), at: F.now)
            _ = try await Knot.propose(try [3, 1, 2].map { number throws(Missing) in try Knot.line(number, .citizen(known)) }, to: store)
            let confirmed = try await store.confirm(
                try [Knot.customer(1), Knot.customer(2), Knot.customer(3)], of: try Knot.member(), by: try F.subject(),
                recording: Knot.trace, at: F.now)
            #expect(confirmed.count == 3)
            #expect(try await store.customers(of: F.subject(), member: Knot.member()).map(\.text) == ["A-1", "A-2", "A-3"])
            #expect(
                try await store.customerLinks(of: Knot.member(), after: Knot.customer(1), limit: 1).map(\.customer) == [Knot.customer(2)])
        },
    ]

    static let certificateLinks = [
        Promise("a certificate becomes a citizen's with its evidence; the same again is no noise (wish 19)") { (store) async throws in
            #expect(try await Knot.link(1, of: 1, in: store) == F.subject(1))
            #expect(try await Knot.link(1, of: 1, in: store) == F.subject(1))
            #expect(try await Knot.link(1, of: 2, in: store) == F.subject(1))
            #expect(try await store.subject(linkedTo: F.certificate(1)) == F.subject(1))
            #expect(try await store.evidence(of: F.subject(1)).count == 1)
            #expect(try await store.evidence(of: F.subject(2)).isEmpty)
        },
        Promise("evidence is a chain, and no serial stands in it") { (store) async throws in
            let one = CertificateIdentity(issuer: "needle-authority", serial: "needle-serial-1")
            let two = CertificateIdentity(issuer: "needle-authority", serial: "needle-serial-2")
            let subject = try F.subject(1)
            let first = LinkEvidence(.first, of: subject, certificate: one, at: F.now)
            let second = LinkEvidence(.bothSeen, of: subject, certificate: two, earlier: one, at: F.now, source: Array("needle".utf8))
            _ = try await store.link(one, by: first, card: nil, recording: F.record(1))
            _ = try await store.link(two, by: second, card: nil, recording: F.record(2))
            let kept = try await store.evidence(of: subject)
            let holds = kept.allSatisfy { $0.holds }
            #expect(kept.count == 2 && holds)
            #expect(kept.first?.previous == KeptEvidence.start(subject) && kept.last?.previous == kept.first?.hash)
            for piece in kept { #expect(!piece.body.contains("needle")) }
            #expect(try await store.certificateLinks(of: subject).map(\.certificate) == [one, two])
        },
        Promise("a phone ends with its card, once, and logs nobody in any more (R17)") { (store) async throws in
            _ = try await Knot.link(1, of: 1, in: store)
            _ = try await Knot.link(2, of: 1, in: store, card: 1)
            _ = try await Knot.link(3, of: 2, in: store, card: 9)
            let trace: @Sendable (CertificateLink) -> Record = { _ in Record("link.phone-ended", at: F.now) }
            let ended = try await store.endPhones(of: F.certificate(1), recording: trace, at: F.now)
            #expect(ended.map(\.certificate) == [F.certificate(2)])
            #expect(try await store.endPhones(of: F.certificate(1), recording: trace, at: F.now).isEmpty)
            #expect(try await store.subject(linkedTo: F.certificate(2)) == nil)
            #expect(try await store.certificateLink(F.certificate(2))?.endedBecause == .cardEnded)
            #expect(try await Knot.link(2, of: 3, in: store) == nil)
            #expect(try await store.subject(linkedTo: F.certificate(3)) == F.subject(2))
        },
        Promise("a phone goes over to the renewed card") { (store) async throws in
            _ = try await Knot.link(2, of: 1, in: store, card: 1)
            #expect(try await store.retie(F.certificate(2), from: F.certificate(1), to: F.certificate(4), recording: F.record(1)))
            #expect(try await !store.retie(F.certificate(2), from: F.certificate(1), to: F.certificate(5), recording: F.record(2)))
            #expect(try await store.certificateLink(F.certificate(2))?.card == F.certificate(4))
        },
        Promise("a newcomer waits in its journey, and is taken out once") { (store) async throws in
            let newcomer = Newcomer(
                transaction: try F.transactionID(), authentication: try F.some(try F.session().authentications.first, "login"),
                expiresAt: F.later)
            try await store.keep(newcomer)
            #expect(try await store.newcomer(try F.transactionID(), at: F.now) == newcomer)
            #expect(try await store.newcomer(try F.transactionID(2), at: F.now) == nil)
            #expect(try await store.newcomer(try F.transactionID(), at: F.later) == nil)
            let taken = try await atOnce { _ in try await store.consume(newcomer: F.transactionID(), at: F.now) }
            #expect(taken.compactMap { $0 } == [newcomer])
        },
    ]

    static let mergers = [
        Promise("a merge takes everything along, and its undoing brings everything back") { (store) async throws in
            _ = try await Knot.link(1, of: 1, in: store)
            _ = try await Knot.link(2, of: 2, in: store)
            let (into, from) = (try F.subject(1), try F.subject(2))
            _ = try await store.pairwise(into, sector: "a", orElse: F.pairwise(1), at: F.now)
            let lost = try await store.pairwise(from, sector: "a", orElse: F.pairwise(2), at: F.now)
            let moved = try await store.pairwise(from, sector: "b", orElse: F.pairwise(3), at: F.now)
            try await store.give(try Yes.consent(), recording: F.record(1))
            _ = try await store.note(try Yes.entry(1, of: 2), recording: F.record(2))
            let merge = try Knot.merge()
            #expect(try await store.sharedSectors(into, from) == ["a"])
            let outcome = try await store.merge(
                merge, from, into: into, keeping: [], evidence: try Knot.evidence(.merged, 1, 2, earlier: 1), recording: F.record(3),
                at: F.now)
            guard case .merged = outcome else { throw Missing(what: "the outcome") }
            #expect(try await store.subject(linkedTo: F.certificate(2)) == into)
            #expect(try await store.pairwise(into, sector: "b", orElse: F.pairwise(9), at: F.now) == moved)
            #expect(try await store.pairwise(into, sector: "a", orElse: F.pairwise(9), at: F.now) == F.pairwise(1))
            // What was told under the other identifier goes on.
            #expect(try await store.owner(of: lost)?.sector == "a")
            #expect(try await store.entries(of: into, before: F.later, limit: 9).count == 1)
            #expect(try await store.present(from) == into)
            let undone = try await store.undo(merge, recording: { _ in F.record(4) }, at: F.later)
            guard case .undone = undone else { throw Missing(what: "the outcome") }
            #expect(try await store.subject(linkedTo: F.certificate(2)) == from)
            #expect(try await store.subject(linkedTo: F.certificate(1)) == into)
            #expect(try await store.pairwise(from, sector: "b", orElse: F.pairwise(9), at: F.now) == moved)
            #expect(try await store.pairwise(from, sector: "a", orElse: F.pairwise(9), at: F.now) == lost)
            #expect(try await store.pairwise(into, sector: "b", orElse: F.pairwise(8), at: F.now) == F.pairwise(8))
            #expect(try await store.entries(of: from, before: F.later, limit: 9).count == 1)
            #expect(try await store.entries(of: into, before: F.later, limit: 9).isEmpty)
            #expect(try await store.consents(of: into).count == 1)
            #expect(try await store.present(from) == from)
            guard case .already = try await store.undo(merge, recording: { _ in F.record(5) }, at: F.later) else {
                throw Missing(what: "the outcome")
            }
        },
        Promise("the other identifier goes on where the citizen says so, and comes back as it was") { (store) async throws in
            let (into, from) = (try F.subject(1), try F.subject(2))
            let own = try await store.pairwise(into, sector: "a", orElse: F.pairwise(1), at: F.now)
            let other = try await store.pairwise(from, sector: "a", orElse: F.pairwise(2), at: F.now)
            _ = try await store.merge(
                try Knot.merge(), from, into: into, keeping: ["a", "z"], evidence: try Knot.evidence(.merged, 1, 2), recording: F.record(1),
                at: F.now)
            #expect(try await store.pairwise(into, sector: "a", orElse: F.pairwise(9), at: F.now) == other)
            _ = try await store.undo(try Knot.merge(), recording: { _ in F.record(2) }, at: F.now)
            #expect(try await store.pairwise(into, sector: "a", orElse: F.pairwise(9), at: F.now) == own)
            #expect(try await store.pairwise(from, sector: "a", orElse: F.pairwise(9), at: F.now) == other)
        },
        Promise("who was given up cannot be merged again, nor a merge undone under a later one") { (store) async throws in
            let (one, two, three) = (try F.subject(1), try F.subject(2), try F.subject(3))
            func merge(_ number: Int, _ from: SubjectID, _ into: SubjectID) async throws -> MergeOutcome {
                try await store.merge(
                    try Knot.merge(number), from, into: into, keeping: [], evidence: try Knot.evidence(.merged, 1, 2),
                    recording: F.record(number), at: F.now)
            }
            #expect(try await merge(1, one, one) == .same)
            guard case .merged = try await merge(1, two, one) else { throw Missing(what: "the outcome") }
            #expect(try await merge(2, two, three) == .changed)
            #expect(try await merge(2, three, two) == .changed)
            guard case .merged = try await merge(2, one, three) else { throw Missing(what: "the outcome") }
            #expect(try await store.undo(Knot.merge(1), recording: { _ in F.record(8) }, at: F.now) == .covered(by: Knot.merge(2)))
            #expect(try await store.present(two) == three)
            #expect(try await store.undo(Knot.merge(7), recording: { _ in F.record(9) }, at: F.now) == .unknown)
        },
        Promise("who is part of whom is known, through every merge, until it is undone") { (store) async throws in
            let (one, two, three) = (try F.subject(1), try F.subject(2), try F.subject(3))
            #expect(try await store.parts(of: one) == [one])
            for (number, from, into) in [(1, two, one), (2, one, three)] {
                _ = try await store.merge(
                    try Knot.merge(number), from, into: into, keeping: [], evidence: try Knot.evidence(.merged, 1, 2),
                    recording: F.record(number), at: F.now)
            }
            #expect(try await store.parts(of: three) == [three, one, two])
            #expect(try await store.parts(of: one) == [one, two])
            _ = try await store.undo(try Knot.merge(2), recording: { _ in F.record(8) }, at: F.now)
            #expect(try await store.parts(of: three) == [three])
            #expect(try await store.parts(of: one) == [one, two])
        },
        Promise("no session starts of who is part of another, until the two are parted again") { (store) async throws in
            let (from, into) = (try F.subject(1), try F.subject(2))
            _ = try await store.merge(
                try Knot.merge(), from, into: into, keeping: [], evidence: try Knot.evidence(.merged, 1, 2), recording: F.record(1),
                at: F.now)
            #expect(try await !store.start(try F.session(), replacing: nil, expires: F.afterwards))
            _ = try await store.undo(try Knot.merge(), recording: { _ in F.record(2) }, at: F.now)
            #expect(try await store.start(try F.session(), replacing: nil, expires: F.afterwards))
        },
        Promise("a yes to a waiting client of who is part of another is none, until the two are parted again") { (store) async throws in
            try await store.start(try F.session(1), replacing: nil, expires: F.afterwards)
            _ = try await Awaited.open(try Awaited.grant(), in: store)
            _ = try await store.merge(
                try Knot.merge(), try F.subject(1), into: try F.subject(2), keeping: [], evidence: try Knot.evidence(.merged, 1, 2),
                recording: F.record(1), at: F.now)
            #expect(try await Awaited.settle(.approved(try Awaited.approval()), in: store) == .sessionEnded)
            _ = try await store.undo(try Knot.merge(), recording: { _ in F.record(2) }, at: F.now)
            #expect(try await Awaited.settle(.approved(try Awaited.approval()), in: store) == .settled)
        },
        Promise("a merge leaves the order to end the sessions of the record that is given up, and its undoing those of the person") {
            (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.afterwards)
            let other = try F.subject(7)
            func orders() async throws -> [LogoutOrder.Target] { try await store.orders(limit: 9, at: F.now).map(\.target) }
            func merge(_ number: Int, _ from: SubjectID, _ into: SubjectID) async throws {
                _ = try await store.merge(
                    try Knot.merge(number), from, into: into, keeping: [], evidence: try Knot.evidence(.merged, 1, 2),
                    recording: F.record(number), at: F.now)
            }
            try await merge(1, other, session.subject)
            #expect(try await orders().isEmpty, "nobody is logged in by that one")
            _ = try await store.undo(try Knot.merge(1), recording: { _ in F.record(8) }, at: F.now)
            #expect(try await orders() == [.subject(session.subject)])
            try await merge(2, session.subject, other)
            #expect(try await orders() == [.subject(session.subject), .subject(session.subject)])
        },
        Promise("an order to undo waits until the merge is undone, or found to be none") { (store) async throws in
            try await store.orderUndo(try Knot.merge(), at: F.now)
            try await store.orderUndo(try Knot.merge(), at: F.now)
            for _ in 0..<2 { #expect(try await store.undoOrders() == [Knot.merge()]) }
            _ = try await store.undo(try Knot.merge(2), recording: { _ in F.record(9) }, at: F.now)
            #expect(try await store.undoOrders() == [Knot.merge()], "another's changes nothing")
            _ = try await store.undo(try Knot.merge(), recording: { _ in F.record(9) }, at: F.now)
            #expect(try await store.undoOrders().isEmpty)
        },
    ]
}
