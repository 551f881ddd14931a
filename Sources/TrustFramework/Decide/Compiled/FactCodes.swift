import Vocabulary

/// The facts of one question as numbers of a `FactTable`. Below 0: not known.
struct FactCodes {
    static let unknown: Int32 = -1

    private var codes = InlineArray<28, Int32>(repeating: -1)
    private(set) var asked: UInt64 = 0
    private(set) var isAskedKnown = false

    @inline(__always) subscript(place: Int) -> Int32 {
        get { codes[place] }
        set { codes[place] = newValue }
    }

    /// Those of `mask`, from a question whose login reaches the context of this rank (nil: none).
    mutating func fill(_ mask: UInt32, _ question: Question, _ reach: Reach, _ table: FactTable, _ ladder: AssuranceLadder) {
        var rest = mask
        while rest != 0 {
            let place = rest.trailingZeroBitCount
            rest &= rest &- 1
            let fact = Fact.inOrder[place]
            if fact.isEvidence {
                guard let facts = question.facts else { continue }
                codes[place] = Self.evidence(fact, place, facts, question.now, reach.rank, table, ladder)
            } else {
                codes[place] = other(fact, place, question, reach, table)
            }
        }
    }

    private mutating func other(_ fact: Fact, _ place: Int, _ question: Question, _ reach: Reach, _ table: FactTable) -> Int32 {
        switch fact {
        case .kind: return question.member.kind.code
        case .member: return table.word(place, question.member.id.text)
        case .sector: return table.word(place, question.member.sector)
        case .operator: return table.word(place, question.member.operatedBy?.text ?? Fact.none)
        case .permission:
            let permissions = question.member.accreditation.permissions
            guard !permissions.isEmpty else { return 0 }
            var mask: Int32 = 0
            for (index, permission) in Permission.allCases.enumerated() where permissions.contains(permission) {
                mask |= 1 << Int32(index)
            }
            return mask
        case .purpose: return table.word(place, question.purpose.text)
        case .protocol: return question.request.protocol?.code ?? Self.unknown
        case .path: return question.request.path.code
        case .asksFor:
            guard let sources = question.request.asked else { return Self.unknown }
            asked = AttributeBits.of(sources)
            isAskedKnown = true
            return 0
        case .levelAsked: return reach.levelAsked
        case .actingFor: return question.request.actingFor.code
        case .date: return table.number(place, question.now.dayInJapan)
        case .hours: return table.number(place, question.now.minuteInJapan)
        case .weekday: return question.now.weekdayCode
        case .load: return question.circumstances.load.code
        default: return Self.unknown
        }
    }

    static func evidence(
        _ fact: Fact, _ place: Int, _ facts: AssuranceFacts, _ now: Timestamp, _ rank: Int?, _ table: FactTable, _ ladder: AssuranceLadder
    ) -> Int32 {
        switch fact {
        case .mode: facts.mode.code
        case .carrier: facts.carrier.code
        case .door: facts.door.code
        case .terminal: table.word(place, facts.terminalClass ?? Fact.none)
        case .modeStated: facts.modeIsStated ? 1 : 0
        case .floor: rank.map { Int32($0) + 1 } ?? 0
        case .proofingLevel: table.number(place, rank.map { Int64(ladder.contexts[$0].proofingLevel) } ?? 0)
        case .authenticationLevel: table.number(place, rank.map { Int64(ladder.contexts[$0].authenticationLevel) } ?? 0)
        case .upstream: table.word(place, facts.upstream?.text ?? Fact.none)
        case .statusSource: facts.statusSource.code
        case .maximumStatusAge: table.number(place, facts.statusAge)
        case .maximumLoginAge: table.number(place, facts.loginAge(at: now))
        case .signatureCertificate: facts.signatureCertificate ? 1 : 0
        default: unknown
        }
    }
}

// The position among all cases. Swift keeps enumerations as these very numbers, so each comes down to a byte that is read.

extension MemberKind {
    var code: Int32 {
        switch self {
        case .ministry: 0
        case .localGovernment: 1
        case .privateVerifier: 2
        case .platformOperator: 3
        case .servedFirm: 4
        case .identityProvider: 5
        }
    }
}

extension CardMode {
    var code: Int32 {
        switch self {
        case .pin: 0
        case .face: 1
        case .presence: 2
        }
    }
}

extension Carrier {
    var code: Int32 { self == .card ? 0 : 1 }
}

extension Door {
    var code: Int32 {
        switch self {
        case .tls: 0
        case .challenge: 1
        case .otherDevice: 2
        }
    }
}

extension StatusSource {
    var code: Int32 { self == .crl ? 0 : 1 }
}

extension RequestProtocol {
    var code: Int32 { self == .saml ? 0 : 1 }
}

extension IssuancePath {
    var code: Int32 {
        switch self {
        case .signOn: 0
        case .refresh: 1
        case .exchange: 2
        case .device: 3
        case .backchannel: 4
        case .artifact: 5
        case .attributeQuery: 6
        case .userInfo: 7
        case .introspection: 8
        case .unsolicited: 9
        }
    }
}

extension ActingFor {
    var code: Int32 {
        switch self {
        case .nobody: 0
        case .person: 1
        case .company: 2
        }
    }
}

extension LoadState {
    var code: Int32 {
        switch self {
        case .normal: 0
        case .busy: 1
        case .emergency: 2
        }
    }
}

extension Timestamp {
    /// Monday is 0; 1970-01-01 was a Thursday.
    var weekdayCode: Int32 { Int32(((dayInJapan + 3) % 7 + 7) % 7) }
}
