import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `The status of a card by lists` {
    static let serial: [UInt8] = [0x06, 0xd1, 0x80, 0x06]

    static func revoked(_ reason: RevocationReason, town: String?) -> @Sendable (inout ListDraft) -> Void {
        { draft in
            if let town { draft.partition(town) }
            draft.entries = [.init(serial: serial, reason: UInt8(reason.rawValue), at: Moment.days(-3))]
        }
    }

    static func empty(town: String?, from: Timestamp = Moment.days(-1)) -> @Sendable (inout ListDraft) -> Void {
        { draft in
            if let town { draft.partition(town) }
            draft.thisUpdate = from
        }
    }

    static func status(
        _ drafts: [@Sendable (inout ListDraft) -> Void], town: String? = "Kiyose", at now: Timestamp = Moment.now, maximumAge: Int64? = nil
    ) throws -> CertificateStatus {
        let authority = try Authority.first.get()
        let chain = try authority.chain(authority.card(serial: serial, town: town))
        return try RevocationLists(drafts.map { try authority.verifiedList(change: $0) }).status(of: chain, at: now, maximumAge: maximumAge)
    }

    @Test(arguments: [.keyCompromise, .superseded, .cessationOfOperation, .certificateHold, .unspecified] as [RevocationReason])
    func `is revoked, with the reason, by the list of its own partition or a full one`(reason: RevocationReason) throws {
        for town in ["Kiyose", nil] {
            let status = try Self.status([Self.revoked(reason, town: town)])
            #expect(status.verdict == .revoked(reason, Moment.days(-3)))
            #expect(status.source == .crl && status.thisUpdate == Moment.days(-1) && status.nextUpdate == Moment.days(1))
            #expect(status.checkedAt == Moment.now)
        }
    }

    @Test func `is good when a fresh list of its partition, or a full one, does not hold it`() throws {
        for town in ["Kiyose", nil] { #expect(try Self.status([Self.empty(town: town)]).verdict == .good) }
    }

    @Test func `is unknown without any list`() throws {
        let status = try Self.status([])
        #expect(status == .unknown(checkedAt: Moment.now) && status.source == .none && status.thisUpdate == nil)
    }

    @Test func `is unknown by the list of another partition, even when that holds its serial`() throws {
        #expect(try Self.status([Self.empty(town: "Higashimurayama")]).verdict == .unknown)
        #expect(try Self.status([Self.revoked(.keyCompromise, town: "Higashimurayama")]).verdict == .unknown)
    }

    @Test func `is unknown by a partition when the card names no distribution point`() throws {
        #expect(try Self.status([Self.empty(town: "Kiyose")], town: nil).verdict == .unknown)
        #expect(try Self.status([Self.empty(town: nil)], town: nil).verdict == .good)
    }

    @Test func `is unknown when the list grew stale after it was believed`() throws {
        #expect(try Self.status([Self.empty(town: "Kiyose")], at: Moment.days(1)).verdict == .good)
        #expect(try Self.status([Self.empty(town: "Kiyose")], at: Moment.days(1).adding(seconds: 1)).verdict == .unknown)
        #expect(try Self.status([Self.revoked(.superseded, town: "Kiyose")], at: Moment.days(2)).verdict == .unknown)
    }

    @Test func `is unknown when the list is older than the caller allows`() throws {
        #expect(try Self.status([Self.empty(town: "Kiyose")], maximumAge: 86_400).verdict == .good)
        #expect(try Self.status([Self.empty(town: "Kiyose")], maximumAge: 86_399).verdict == .unknown)
    }

    @Test func `by a list without an end needs a maximum age`() throws {
        let endless: @Sendable (inout ListDraft) -> Void = { $0.nextUpdate = nil }
        #expect(try Self.status([endless]).verdict == .unknown)
        #expect(try Self.status([endless], maximumAge: 86_400).verdict == .good)
    }

    @Test func `follows the newest list when a hold ends, and no list when a revocation for good is missing`() throws {
        let held = Self.revoked(.certificateHold, town: nil)
        let released = Self.empty(town: "Kiyose", from: Moment.minutes(-5))
        #expect(try Self.status([held, released]).verdict == .good)
        #expect(try Self.status([released, held]).thisUpdate == Moment.minutes(-5))
        let gone = try Self.status([Self.revoked(.keyCompromise, town: nil), released])
        #expect(gone.verdict == .revoked(.keyCompromise, Moment.days(-3)))
    }

    @Test func `follows the newer of two lists of one scope, in either order`() throws {
        let older = Self.empty(town: "Kiyose", from: Moment.days(-2))
        let newer = Self.revoked(.superseded, town: "Kiyose")
        for order in [[older, newer], [newer, older]] {
            #expect(try Self.status(order).verdict == .revoked(.superseded, Moment.days(-3)))
        }
    }

    @Test func `is unknown by a complete list that says removeFromCRL`() throws {
        #expect(try Self.status([Self.revoked(.removeFromCRL, town: "Kiyose")]).verdict == .unknown)
    }

    @Test func `is none of another generation's business`() throws {
        let first = try Authority.first.get()
        let second = try Authority.second.get()
        let lists = try RevocationLists([second.verifiedList(change: Self.revoked(.keyCompromise, town: "Kiyose"))])
        #expect(try lists.status(of: first.chain(first.card(serial: Self.serial)), at: Moment.now).verdict == .unknown)
        #expect(
            try lists.status(of: second.chain(second.card(serial: Self.serial)), at: Moment.now).verdict
                == .revoked(.keyCompromise, Moment.days(-3)))
    }

    @Test func `is not on a list for authorities, and may be on one for users`() throws {
        func scoped(_ number: UInt8) -> @Sendable (inout ListDraft) -> Void {
            { $0.extensions.append(Extension.issuingPoint { $0.context(number, content: [0xff]) }) }
        }
        #expect(try Self.status([scoped(1)]).verdict == .good)
        #expect(try Self.status([scoped(2)]).verdict == .unknown)
    }

    static let points: [(String, StatusVerdict, @Sendable (inout DERWriter) -> Void)] = [
        ("the same URI", .good, { Extension.pointURI("http://crl.example/a", to: &$0) }),
        ("another URI", .unknown, { Extension.pointURI("http://crl.example/b", to: &$0) }),
        (
            "the same URI, but a list of another authority", .unknown,
            {
                Extension.pointURI("http://crl.example/a", to: &$0)
                $0.context(2) { $0.context(4) { $0.raw(DistinguishedName([(.commonName, "Other")]).der) } }
            }
        ),
        (
            "the same URI, but for some reasons", .unknown,
            {
                Extension.pointURI("http://crl.example/a", to: &$0)
                $0.context(1, content: [6, 0x40])
            }
        ),
        (
            "a name relative to the issuer", .good,
            { writer in
                writer.context(0) { writer in
                    writer.constructed(DERTag.contextConstructed(1)) { writer in
                        writer.sequence {
                            $0.objectIdentifier(NameAttribute.Kind.commonName.objectIdentifier)
                            $0.utf8String("CRL 1")
                        }
                    }
                }
            }
        ),
    ]

    @Test(arguments: points.indices) func `hangs on the names of the distribution point, RFC 5280 §6.3.3`(index: Int) throws {
        let (name, verdict, point) = Self.points[index]
        let authority = try Authority.first.get()
        let card = try authority.card(serial: Self.serial, town: nil) { $0.extensions.append(Extension.distributionPoints([point])) }
        let relative = DistinguishedName([
            (.country, "JP"), (.organization, "Imaginary"), (.organizationalUnit, "Imaginary user authentication"), (.commonName, "CRL 1"),
        ])
        let lists = try [
            authority.verifiedList { $0.extensions.append(Extension.issuingPoint { Extension.pointURI("http://crl.example/a", to: &$0) }) },
            authority.verifiedList { $0.extensions.append(Extension.issuingPoint { Extension.pointName(relative, to: &$0) }) },
        ]
        #expect(try RevocationLists(lists).status(of: authority.chain(card), at: Moment.now).verdict == verdict, "\(name)")
    }
}
