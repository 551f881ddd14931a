import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `Evidence at hand` {
    // MARK: Lists and answers together

    /// What the list says of the person (a day ago) and what the answer says (minutes ago).
    enum Said: Sendable {
        case good
        case entry(RevocationReason)
        case unknown
        case nothing
    }

    static let together: [(String, Said, Said, Word, StatusSource)] = [
        ("both good: the later counts", .good, .good, .valid, .ocsp),
        ("a list alone", .good, .nothing, .valid, .crl),
        ("an answer alone", .nothing, .good, .valid, .ocsp),
        ("neither", .nothing, .nothing, .unknown, .none),
        ("an answer that does not know", .nothing, .unknown, .unknown, .ocsp),
        ("a list, and an answer that does not know", .good, .unknown, .valid, .crl),
        ("revoked on the list, good in the later answer", .entry(.keyCompromise), .good, .revoked, .crl),
        ("good on the list, revoked in the answer", .good, .entry(.superseded), .revoked, .ocsp),
        ("held on the list, released in the later answer", .entry(.certificateHold), .good, .valid, .ocsp),
        ("good on the list, held in the later answer", .good, .entry(.certificateHold), .revoked, .ocsp),
        ("held on the list, and nobody else knows", .entry(.certificateHold), .unknown, .revoked, .crl),
    ]

    @Test(arguments: together.indices) func `of lists and answers is weighed by what it says, then by its age`(index: Int) throws {
        let (name, listed, answered, expected, source) = Self.together[index]
        var scene = try Scene()
        let authority = try scene.authority("Weighed CA")
        let leaf = try scene.person(authority)
        switch listed {
        case .good: try scene.list(by: authority)
        case .entry(let reason): try scene.list(by: authority) { $0.entries = [.revoked([7], reason)] }
        case .unknown, .nothing: break
        }
        var answers: [[UInt8]] = []
        if let status = Self.status(answered) { answers = [try Self.answer(leaf, by: authority, scene.certificates[0], status)] }
        #expect(try scene.word(on: leaf, answers: answers) == expected, "\(name)")
        #expect(try scene.status(of: leaf, answers: answers).source == source, "\(name)")
    }

    private static func status(_ said: Said) -> [UInt8]? {
        switch said {
        case .good: [0x80, 0]
        case .unknown: [0x82, 0]
        case .entry(let reason): AnswerDraft.Word.revoked(reason, at: Moment.days(-3))
        case .nothing: nil
        }
    }

    private static func answer(
        _ leaf: Certificate, by authority: Node, _ certificate: Certificate, _ status: [UInt8]
    ) throws -> [UInt8] {
        let question = OCSPCertificateID(serial: leaf.serial, issuer: certificate, digest: .sha256)
        return try AnswerDraft(
            responder: AnswerDraft.byKey(authority.key.publicKey), words: [.init(question: question, status: status)],
            signer: authority.key
        ).der()
    }

    @Test func `about another certificate, or by another key, is no answer`() throws {
        var scene = try Scene()
        let authority = try scene.authority("Weighed CA")
        let leaf = try scene.person(authority)
        let other = try scene.person(authority, serial: [8])
        let foreign = try Node("Somebody")
        for answer in [
            try Self.answer(other, by: authority, scene.certificates[0], [0x80, 0]),
            try Self.answer(leaf, by: foreign, scene.certificates[0], [0x80, 0]),
        ] {
            #expect(try scene.word(on: leaf, answers: [answer]) == .unknown)
        }
    }

    // MARK: Every authority of the path

    @Test(arguments: [nil, 0, 1, 2] as [Int?]) func `is asked for every certificate below the anchor`(revoked: Int?) throws {
        var scene = try Scene(rootList: false)
        let upper = try scene.authority("Upper CA")
        let lower = try scene.authority("Lower CA", by: upper)
        let leaf = try scene.person(lower)
        for (index, signer) in [scene.root, upper, lower].enumerated() {
            let serial = (scene.certificates + [leaf])[index].serial
            try scene.list(by: signer) { if index == revoked { $0.entries = [.revoked(serial)] } }
        }
        let verdict = try scene.verdict(on: leaf)
        #expect(Word(verdict) == (revoked == nil ? .valid : .revoked))
        if let chain = verdict.chain {
            #expect(chain.statuses.count == 3 && chain.statuses.allSatisfy { $0.verdict == .good && $0.source == .crl })
        }
        #expect(verdict.fault?.depth == revoked.map { 2 - $0 })
    }

    @Test(arguments: [0, 1, 2]) func `that is missing for one of them leaves the path unknown`(missing: Int) throws {
        var scene = try Scene(rootList: false)
        let upper = try scene.authority("Upper CA")
        let lower = try scene.authority("Lower CA", by: upper)
        let leaf = try scene.person(lower)
        for (index, signer) in [scene.root, upper, lower].enumerated() where index != missing { try scene.list(by: signer) }
        let verdict = try scene.verdict(on: leaf)
        #expect(Word(verdict) == .unknown && verdict.fault?.depth == 2 - missing)
    }

    // MARK: Time

    @Test func `is as old as the caller allows`() throws {
        var scene = try Scene()
        let authority = try scene.authority("Old CA")
        try scene.list(by: authority)
        let leaf = try scene.person(authority)
        #expect(try scene.word(on: leaf, rules: EvidenceRules(maximumListAge: 86_400)) == .valid)
        #expect(try scene.word(on: leaf, rules: EvidenceRules(maximumListAge: 86_399)) == .unknown)
    }

    @Test func `without an end needs a maximum age`() throws {
        var scene = try Scene()
        let authority = try scene.authority("Endless CA")
        try scene.list(by: authority) { $0.nextUpdate = nil }
        let leaf = try scene.person(authority)
        #expect(try scene.word(on: leaf) == .unknown)
        #expect(try scene.word(on: leaf, rules: EvidenceRules(maximumListAge: 86_400)) == .valid)
    }

    @Test func `from a clock ahead counts within the skew`() throws {
        var scene = try Scene()
        let authority = try scene.authority("Early CA")
        try scene.list(by: authority) { $0.thisUpdate = Moment.minutes(2) }
        let leaf = try scene.person(authority)
        #expect(try scene.word(on: leaf, rules: EvidenceRules(skew: 120)) == .valid)
        #expect(try scene.word(on: leaf, rules: EvidenceRules(skew: 119)) == .unknown)
    }

    @Test func `tells of a past date by the lists of that date`() throws {
        var scene = try Scene(rootList: false)
        let authority = try scene.authority("Kept CA")
        for signer in [scene.root, authority] {
            try scene.list(by: signer) { draft in
                draft.thisUpdate = Moment.days(-30)
                draft.nextUpdate = Moment.days(-29)
            }
            try scene.list(by: signer) { if signer.name == authority.name { $0.entries = [.revoked()] } }
        }
        let leaf = try scene.person(authority)
        #expect(try scene.word(on: leaf) == .revoked)
        #expect(try scene.word(on: leaf, at: Moment.days(-30)) == .valid)
        #expect(try scene.word(on: leaf, at: Moment.days(-20)) == .unknown)
    }

    // MARK: Explanation

    @Test func `explains which list decided and why the others did not count`() throws {
        var scene = try Scene()
        let authority = try scene.authority("Explained CA")
        let forger = try Node("Explained CA")
        let town = NamesDraft.directory("Kiyose CRLDP")
        try scene.list(by: authority, scope: .init(names: town)) { $0.number = 42 }
        try scene.list(by: authority, scope: .init(names: .directory("Higashimurayama CRLDP")))
        try scene.list(by: authority, scope: .init(onlyAuthorities: true))
        try scene.list(by: forger) { $0.keyIdentifier = nil }
        try scene.list(by: authority) { $0.nextUpdate = Moment.minutes(-1) }
        let leaf = try scene.person(authority, points: [.init(names: town)])
        let status = try scene.status(of: leaf)
        #expect(status.verdict == .good)
        var findings: [StatusRemark.Finding: Int] = [:]
        for remark in status.remarks { findings[remark.finding, default: 0] += 1 }
        #expect(
            findings == [
                .decided(.good): 1, .refused(.otherPoint): 1, .refused(.otherKind): 1, .refused(.signature): 1, .refused(.issuer): 1,
                .refused(.stale(nextUpdate: Moment.minutes(-1), now: Moment.now)): 1,
            ])
        let decided = try #require(status.remarks.first { $0.finding == .decided(.good) })
        guard case .list(let head) = decided.subject else { return #expect(Bool(false), "an answer") }
        #expect(head.issuer == authority.name && head.number == [42] && head.thisUpdate == Moment.days(-1))
        #expect(head.scope?.point?.directoryNames == [.named("Kiyose CRLDP")])
        #expect(decided.description.hasPrefix("list 2a of `CN=Explained CA,C=JP` from ") && decided.description.hasSuffix(": decided good"))
    }

    @Test func `of which a part is missing says what was heard`() throws {
        var scene = try Scene()
        let authority = try scene.authority("Halved CA")
        try scene.list(by: authority, scope: .init(reasons: [.keyCompromise, .cACompromise]))
        let status = try scene.status(of: scene.person(authority))
        #expect(status.verdict == .unknown && status.source == .none)
        #expect(status.remarks.contains { $0.finding == .heard(.good, [.keyCompromise, .cACompromise]) })
        #expect(status.remarks.contains { $0.description.hasSuffix("says good for 2 of 8 reasons") })
    }

    @Test func `that was needed together is as old as its oldest part`() throws {
        var scene = try Scene()
        let authority = try scene.authority("Halved CA")
        let half: ReasonFlags = [.keyCompromise, .cACompromise]
        try scene.list(by: authority, scope: .init(reasons: half)) { $0.thisUpdate = Moment.days(-5) }
        try scene.list(by: authority, scope: .init(reasons: ReasonFlags.all.subtracting(half))) { $0.nextUpdate = Moment.minutes(9) }
        let status = try scene.status(of: scene.person(authority))
        #expect(status.verdict == .good && status.thisUpdate == Moment.days(-5) && status.nextUpdate == Moment.minutes(9))
    }

    // MARK: Bounds

    @Test func `without end is given up, and unknown`() throws {
        var scene = try Scene()
        let authority = try scene.authority("Flooded CA")
        try scene.list(by: authority)
        let leaf = try scene.person(authority)
        let forger = try Node("Flooded CA")
        // Newer than the true list, and signed by somebody else.
        for minute in 1...40 {
            try scene.list(by: forger) { draft in
                draft.keyIdentifier = nil
                draft.thisUpdate = Moment.minutes(-Int64(minute))
            }
        }
        #expect(try scene.word(on: leaf) == .valid)
        let status = try scene.status(of: leaf, budget: RevocationBudget(signatures: 20))
        #expect(status.verdict == .unknown)
        #expect(status.remarks.count { $0.finding == .refused(.budget("signatures")) } == 21)
        #expect(
            try scene.status(of: leaf, budget: RevocationBudget(lists: 20)).remarks.contains { $0.finding == .refused(.budget("lists")) })
    }

    @Test func `about points without end is given up too`() throws {
        var scene = try Scene()
        let authority = try scene.authority("Verbose CA")
        try scene.list(by: authority, scope: .init(names: .directory((0..<500).map { .named("A\($0)") })))
        let leaf = try scene.person(
            authority, points: (0..<200).map { .init(names: .directory("B\($0)")) } + [.init(names: .directory("A9"))])
        #expect(try scene.word(on: leaf) == .valid)
        let status = try scene.status(of: leaf, budget: RevocationBudget(comparisons: 701))
        #expect(status.verdict == .unknown)
        #expect(status.remarks.contains { $0.finding == .refused(.budget("comparisons")) })
    }

    @Test func `has so many paths of signers and no more`() throws {
        var scene = try Scene()
        let authority = try scene.authority("Crowded CA")
        // Many generations, of which each signs a list; all of them are certified by the anchor.
        for _ in 0..<6 {
            let generation = try authority.rolled()
            try scene.certify(generation, by: scene.root)
            try scene.list(by: generation, scope: .init(names: .directory("Crowded CA")))
        }
        let leaf = try scene.person(authority)
        let status = try scene.status(of: leaf, budget: RevocationBudget(signerPaths: 4))
        #expect(status.remarks.count { $0.finding == .refused(.budget("signer paths")) } == 2 && status.verdict == .good)
        #expect(try scene.status(of: leaf, budget: RevocationBudget(signerPaths: 0)).verdict == .unknown)
    }
}
