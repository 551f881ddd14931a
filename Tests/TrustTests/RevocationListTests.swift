import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `A revocation list` {
    static let serial: [UInt8] = [0x06, 0xd1, 0x80, 0x06]

    @Test(arguments: RevocationReason.allCases) func `keeps the reason and the date of each entry`(reason: RevocationReason) throws {
        let list = try Authority.first.get().verifiedList {
            $0.entries = [.init(serial: Self.serial, reason: UInt8(reason.rawValue), at: Moment.days(-3))]
        }
        #expect(list.entry(Self.serial) == RevocationEntry(serial: Self.serial, reason: reason, at: Moment.days(-3)))
        #expect(list.count == 1 && list.number == [7] && list.scope == nil)
        #expect(list.thisUpdate == Moment.days(-1) && list.nextUpdate == Moment.days(1))
    }

    @Test func `without a reason says unspecified`() throws {
        let list = try Authority.first.get().verifiedList { $0.entries = [.init(serial: Self.serial)] }
        #expect(list.entry(Self.serial)?.reason == .unspecified)
    }

    @Test(arguments: [7, 11, 127] as [UInt8]) func `has no other reasons`(reason: UInt8) throws {
        let der = try Authority.first.get().list { $0.entries = [.init(serial: Self.serial, reason: reason)] }
        #expect(throws: RevocationRefusal.list(.extension(.reasonCode, .value))) { try UnverifiedRevocationList(der: der) }
    }

    @Test func `is exact: it finds every serial it holds and no other, short and long`() throws {
        var random = SeededRandom(seed: 20)
        var serials: Set<[UInt8]> = [[0], [1], [0x7f], [0, 0x80], [0, 0xff], [0x80], [0xff, 0x7f]]
        while serials.count < 3000 {
            let width = Int.random(in: 1...20, using: &random)
            var serial = (0..<width).map { _ in UInt8.random(in: 0...255, using: &random) }
            serial[0] = UInt8.random(in: 1...0x7f, using: &random)
            serials.insert(serial)
        }
        let kept = serials.shuffled(using: &random)
        let list = try Authority.first.get().verifiedList { draft in
            draft.entries = kept.prefix(1500).map { .init(serial: $0, reason: UInt8($0[0] % 7), at: Moment.days(-Int64($0[0]))) }
        }
        #expect(list.count == 1500)
        for serial in kept.prefix(1500) {
            let entry = try #require(list.entry(serial))
            #expect(entry.serial == serial && entry.reason.rawValue == Int(serial[0] % 7) && entry.at == Moment.days(-Int64(serial[0])))
        }
        for serial in kept.dropFirst(1500) { #expect(list.entry(serial) == nil) }
    }

    @Test func `with the same entry twice has it once, and with two that differ is refused`() throws {
        let authority = try Authority.first.get()
        for serial in [Self.serial, [UInt8](repeating: 5, count: 16)] {
            let twins = try authority.verifiedList { $0.entries = [.init(serial: serial, reason: 1), .init(serial: serial, reason: 1)] }
            #expect(twins.count == 1)
            let der = try authority.list { $0.entries = [.init(serial: serial, reason: 6), .init(serial: serial, reason: 1)] }
            #expect(throws: RevocationRefusal.list(.contradiction)) { try UnverifiedRevocationList(der: der) }
        }
    }

    @Test func `says what it covers`() throws {
        let list = try Authority.first.get().verifiedList { $0.partition("Kiyose") }
        #expect(list.scope?.point?.directoryNames == [Authority.partition("Kiyose")])
        #expect(list.scope?.onlyUsers == false && list.scope?.onlyAuthorities == false)
    }

    static let refusedLists: [(String, RevocationListRefusal, @Sendable (inout ListDraft) -> Void)] = [
        (
            "entries of other authorities", .indirect,
            { draft in
                let issuer = Extension.raw(.certificateIssuer, critical: true) {
                    $0.sequence { $0.context(4) { $0.raw(Authority.name.der) } }
                }
                draft.entries = [.init(serial: [1], extensions: [issuer])]
            }
        ),
        (
            "attribute certificates", .attributeCertificates,
            { $0.extensions.append(Extension.issuingPoint { $0.context(5, content: [0xff]) }) }
        ),
        (
            "users and authorities", .extension(.issuingDistributionPoint, .value),
            { draft in
                draft.extensions.append(
                    Extension.issuingPoint {
                        $0.context(1, content: [0xff])
                        $0.context(2, content: [0xff])
                    })
            }
        ),
        ("a scope of nothing", .extension(.issuingDistributionPoint, .value), { $0.extensions.append(Extension.issuingPoint { _ in }) }),
        (
            "version 1 with entry extensions", .version,
            { draft in
                draft.version = []
                draft.entries = [.init(serial: [1], reason: 1)]
            }
        ),
        ("version 1 spelled out", .version, { $0.version = [2, 1, 0] }),
        ("version 3", .version, { $0.version = [2, 1, 2] }),
        ("an end before its beginning", .malformed(.value), { $0.nextUpdate = Moment.days(-2) }),
        ("a negative number", .extension(.crlNumber, .value), { $0.number = -1 }),
        (
            "a critical number", .extension(.crlNumber, .value),
            { draft in
                draft.writesNumber = false
                draft.extensions.append(Extension.raw(.crlNumber, critical: true) { $0.integer(7) })
            }
        ),
        (
            "an unknown critical extension", .unknownCriticalExtension(.policyMappings),
            {
                $0.extensions.append(Extension.raw(.policyMappings, critical: true) { $0.null() })
            }
        ),
        (
            "an entry's unknown critical extension", .unknownCriticalExtension(.policyMappings),
            {
                $0.entries = [.init(serial: [1], extensions: [Extension.raw(.policyMappings, critical: true) { $0.null() }])]
            }
        ),
    ]

    @Test(arguments: refusedLists.indices) func `is refused by the name of what it is`(index: Int) throws {
        let (name, refusal, plant) = Self.refusedLists[index]
        let der = try Authority.first.get().list(change: plant)
        #expect(throws: RevocationRefusal.list(refusal), "\(name)") { try UnverifiedRevocationList(der: der) }
    }

    @Test func `takes extensions that are not critical and do not matter`() throws {
        let list = try Authority.first.get().verifiedList { draft in
            draft.extensions.append(Extension.raw(.policyMappings) { $0.null() })
            draft.entries = [
                .init(serial: Self.serial, reason: 1, extensions: [Extension.raw(.invalidityDate) { $0.generalizedTime(Moment.early) }])
            ]
        }
        #expect(list.entry(Self.serial)?.reason == .keyCompromise)
    }

    @Test func `has a longest length`() throws {
        let der = try Authority.first.get().list()
        #expect(throws: RevocationRefusal.list(.tooLarge(der.count))) { try UnverifiedRevocationList(der: der, atMost: der.count - 1) }
        _ = try UnverifiedRevocationList(der: der, atMost: der.count)
    }

    @Test func `is believed from its own generation only`() throws {
        let first = try Authority.first.get()
        let second = try Authority.second.get()
        let unverified = try UnverifiedRevocationList(der: first.list())
        #expect(throws: RevocationRefusal.issuer) { try unverified.verified(issuer: second.certificate, at: Moment.now) }
        // Without a key identifier the signature tells.
        let nameless = try UnverifiedRevocationList(der: first.list { $0.keyIdentifier = nil })
        _ = try nameless.verified(issuer: first.certificate, at: Moment.now)
        #expect(throws: RevocationRefusal.signature) { try nameless.verified(issuer: second.certificate, at: Moment.now) }
        let forged = try UnverifiedRevocationList(der: first.list { $0.signer = second.key })
        #expect(throws: RevocationRefusal.signature) { try forged.verified(issuer: first.certificate, at: Moment.now) }
        let other = try UnverifiedRevocationList(der: first.list { $0.issuer = DistinguishedName([(.commonName, "Other")]) })
        #expect(throws: RevocationRefusal.issuer) { try other.verified(issuer: first.certificate, at: Moment.now) }
    }

    @Test func `is not signed by an authority that may not`() throws {
        let silent = try Authority { $0.extensions[0] = Extension.keyUsage([.keyCertSign]) }
        #expect(throws: RevocationRefusal.issuerUsage) { try silent.verifiedList() }
    }

    @Test func `is believed in its time`() throws {
        let authority = try Authority.first.get()
        let next = Moment.days(1)
        for inside in [Moment.days(-1), Moment.days(-1).adding(seconds: -60), next] { _ = try authority.verifiedList(at: inside) }
        #expect(throws: RevocationRefusal.future(thisUpdate: Moment.days(-1), now: Moment.days(-2))) {
            try authority.verifiedList(at: Moment.days(-2))
        }
        #expect(throws: RevocationRefusal.stale(nextUpdate: next, now: next.adding(seconds: 1))) {
            try authority.verifiedList(at: next.adding(seconds: 1))
        }
    }

    /// Every cut is an error, and no changed byte leaves a list that its authority signed.
    @Test func `survives every cut and every changed byte`() throws {
        let authority = try Authority.first.get()
        let der = try authority.list { draft in
            draft.partition("Kiyose")
            draft.entries = [.init(serial: Self.serial, reason: 1), .init(serial: [UInt8](repeating: 9, count: 12), reason: 6)]
        }
        for length in 0..<der.count {
            #expect(throws: RevocationRefusal.self) { try UnverifiedRevocationList(der: Array(der.prefix(length))) }
        }
        var believed = 0
        for index in der.indices {
            for flip in [UInt8(0x01), 0x80, 0xff] {
                var changed = der
                changed[index] ^= flip
                guard let list = try? UnverifiedRevocationList(der: changed) else { continue }
                if (try? list.verified(issuer: authority.certificate, at: Moment.now)) != nil { believed += 1 }
            }
        }
        #expect(believed == 0)
    }
}

/// SplitMix64: the same numbers in every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
