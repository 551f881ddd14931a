import Vocabulary

/// What a rule may speak of: the keys of a rule's conditions, and nothing else. A language without functions, texts to match or sums
/// always ends, and what it says can be counted through.
package enum Fact: String, Sendable, CaseIterable, Hashable {
    // The member.
    case kind, member, sector
    /// The platform operator that serves it; `none`.
    case `operator`
    /// The separate permissions of its accreditation.
    case permission

    // The request.
    case purpose
    case `protocol`
    case path
    case asksFor = "asks-for"
    /// The lowest context that the request asks for; `none`.
    case levelAsked = "level-asked"
    case actingFor = "acting-for"

    // The evidence.
    case mode, carrier, door
    /// The class of the terminal that stated the mode; `none`.
    case terminal
    case modeStated = "mode-stated"
    /// The contexts up to the reached one. `floor: card-face` holds when `card-face` is among them.
    case floor
    case proofingLevel = "proofing-level"
    case authenticationLevel = "authentication-level"
    /// The identity provider that authenticated in our place; `none`.
    case upstream
    case statusSource = "status-source"
    /// Age of the revocation data at the login.
    case maximumStatusAge = "maximum-status-age"
    /// Age of the login now.
    case maximumLoginAge = "maximum-login-age"
    case signatureCertificate = "signature-certificate"

    // The circumstances. Days and hours are Japan's.
    case date, hours, weekday, load

    /// What is not there has this word, which is a value like any other; what is not known has none.
    package static let none = "none"
}

/// What values a fact has.
package enum FactKind: Hashable, Sendable {
    package enum Unit: Hashable, Sendable {
        case seconds
        case level
        /// Days since 1970-01-01 in Japan.
        case day
        /// Minutes since midnight in Japan.
        case minute
    }

    /// One word; `closed` lists all there are, nil: members, terminals and the like, which files name.
    case word(closed: [String]?)
    /// Several words at once.
    case words(closed: [String]?)
    case number(Unit)
    /// `true` or `false`, kept as words.
    case flag
}

extension Fact {
    /// Which party to the decision it is a fact of.
    package enum Group: String, Sendable, CaseIterable {
        case member, request, evidence, circumstances
    }

    package var group: Group {
        switch self {
        case .kind, .member, .sector, .operator, .permission: .member
        case .purpose, .protocol, .path, .asksFor, .levelAsked, .actingFor: .request
        case .mode, .carrier, .door, .terminal, .modeStated, .floor, .proofingLevel, .authenticationLevel, .upstream, .statusSource,
            .maximumStatusAge, .maximumLoginAge, .signatureCertificate:
            .evidence
        case .date, .hours, .weekday, .load: .circumstances
        }
    }

    /// A login decides it: before one it is open, and another login may change it.
    package var isEvidence: Bool { group == .evidence }

    package var kind: FactKind {
        switch self {
        case .kind: .word(closed: MemberKind.allCases.map(\.rawValue))
        case .member, .sector, .operator, .purpose, .terminal, .upstream, .levelAsked: .word(closed: nil)
        case .permission: .words(closed: Permission.allCases.map(\.rawValue))
        case .protocol: .word(closed: RequestProtocol.allCases.map(\.rawValue))
        case .path: .word(closed: IssuancePath.allCases.map(\.rawValue))
        case .asksFor: .words(closed: AttributeSource.allCases.map(\.rawValue))
        case .actingFor: .word(closed: ActingFor.allCases.map(\.rawValue))
        case .mode: .word(closed: CardMode.allCases.map(\.rawValue))
        case .carrier: .word(closed: Carrier.allCases.map(\.rawValue))
        case .door: .word(closed: Door.allCases.map(\.rawValue))
        case .modeStated, .signatureCertificate: .flag
        case .floor: .words(closed: nil)
        case .proofingLevel, .authenticationLevel: .number(.level)
        case .statusSource: .word(closed: StatusSource.allCases.map(\.rawValue))
        case .maximumStatusAge, .maximumLoginAge: .number(.seconds)
        case .date: .number(.day)
        case .hours: .number(.minute)
        case .weekday: .word(closed: Weekday.allCases.map(\.rawValue))
        case .load: .word(closed: LoadState.allCases.map(\.rawValue))
        }
    }
}

/// A fact as one question has it.
package enum FactValue: Hashable, Sendable {
    case word(String)
    case number(Int64)
    case words(Set<String>)
    /// Nobody said. A permit that turns on it does not hold, a forbid does.
    case unknown

    package static func flag(_ value: Bool) -> FactValue { .word(value ? "true" : "false") }
}
