import TrustFramework
import Vocabulary

/// The facts of a case: any word of the language, with one value each. What is left out has the value that most requests have.
struct CaseFacts {
    enum Login: String, CaseIterable {
        case none, pin, face, presence
        var mode: CardMode? { CardMode(rawValue: rawValue) }
    }

    /// Without a `date` and `hours` a case is decided on this day and minute, always the same: a Wednesday at ten in the morning.
    private static let day = Timestamp(seconds: 1_775_005_200).dayInJapan
    private static let minute: Int64 = 600

    private let kind: MemberKind
    private let member: MemberID?
    private let sector: String?
    private let operatedBy: MemberID?
    private let permissions: Set<Permission>?
    private let purpose: Purpose
    private let request: RequestFacts
    private let level: String?
    private let login: Login
    private let carrier: Carrier
    private let door: Door
    private let terminal: String?
    private let isStated: Bool
    private let upstream: MemberID?
    private let source: StatusSource
    private let statusAge: Int64
    private let loginAge: Int64
    private let hasSignature: Bool
    private let load: LoadState
    private let now: Timestamp
    /// What the case says of the contexts that the login reaches.
    private let floor: String?
    private let proofing: Int?
    private let authentication: Int?
    private let said: Set<String>

    init?(_ section: Section) {
        func id(_ fact: Fact) -> MemberID? {
            guard let text = section.text(fact.rawValue), text != Fact.none else { return nil }
            if let id = MemberID(text) { return id }
            section.report(
                "rules.member", at: section.line(of: fact.rawValue), "`\(Explanation.redacted(text))` is no member's id",
                "copy it from the member's file")
            return nil
        }
        func word(_ fact: Fact) -> String? { section.text(fact.rawValue, limit: 64).flatMap { $0 == Fact.none ? nil : $0 } }
        let kind = section.choice(Fact.kind.rawValue, MemberKind.self, required: true)
        member = id(.member)
        sector = section.text(Fact.sector.rawValue)
        operatedBy = id(.operator)
        permissions = section.choices(Fact.permission.rawValue, Permission.self)
        let purpose = section.text(Fact.purpose.rawValue, required: true, limit: 64).flatMap {
            Purpose($0) ?? PurposeWord.refuse($0, section.line(of: Fact.purpose.rawValue), section)
        }
        request = RequestFacts(
            protocol: section.choice(Fact.protocol.rawValue, RequestProtocol.self),
            path: section.choice(Fact.path.rawValue, IssuancePath.self) ?? .signOn,
            asked: section.choices(Fact.asksFor.rawValue, AttributeSource.self) ?? [],
            actingFor: section.choice(Fact.actingFor.rawValue, ActingFor.self) ?? .nobody)
        level = word(.levelAsked)
        // `mode` is the word of the rules, `login` the older one, which also says `none`.
        let key = section.has(Fact.mode.rawValue) && !section.has("login") ? Fact.mode.rawValue : "login"
        let login = section.choice(key, Login.self, required: true)
        carrier = section.choice(Fact.carrier.rawValue, Carrier.self) ?? .card
        door = section.choice(Fact.door.rawValue, Door.self) ?? .challenge
        terminal = word(.terminal)
        isStated = section.flag(Fact.modeStated.rawValue, default: true)
        upstream = id(.upstream)
        source = section.choice(Fact.statusSource.rawValue, StatusSource.self) ?? .crl
        let ages: ClosedRange<Int64> = 0...3650 * 86_400
        statusAge = section.duration(Fact.maximumStatusAge.rawValue, in: ages, default: 0)
        loginAge = section.duration(Fact.maximumLoginAge.rawValue, in: ages, default: 0)
        hasSignature = section.flag(Fact.signatureCertificate.rawValue, default: false)
        load = section.choice(Fact.load.rawValue, LoadState.self) ?? .normal
        floor = section.text(Fact.floor.rawValue, limit: 64)
        proofing = section.integer(Fact.proofingLevel.rawValue, in: 0...3)
        authentication = section.integer(Fact.authenticationLevel.rawValue, in: 0...3)
        let now = Self.moment(section)
        said = Set(section.keys)
        guard let kind, let purpose, let login, let now else { return nil }
        self.kind = kind
        self.purpose = purpose
        self.login = login
        self.now = now
        if login == .none {
            let evidence = Fact.allCases.filter(\.isEvidence).map(\.rawValue)
            for word in evidence where section.has(word) && word != Fact.mode.rawValue {
                section.report(
                    "policy.case.login", at: section.line(of: word), "`\(word)` speaks of a login, and the case has none",
                    "remove it, or say which login")
            }
        }
        if !isStated, terminal != nil {
            section.report(
                "policy.case.login", at: section.line(of: Fact.modeStated.rawValue), "a terminal that states no mode is no `terminal`",
                "remove one of the two")
        }
    }

    private static func moment(_ section: Section) -> Timestamp? {
        var day = day
        var minute = minute
        let weekday = section.choice(Fact.weekday.rawValue, Weekday.self)
        if let text = section.text(Fact.date.rawValue, limit: 10) {
            guard text.utf8.count == 10, let moment = Timestamp(text + "T00:00:00+09:00") else {
                section.report(
                    "yaml.value", at: section.line(of: Fact.date.rawValue), "`date` is no day", "write 2026-04-01, a day in Japan")
                return nil
            }
            day = moment.dayInJapan
        }
        if let text = section.text(Fact.hours.rawValue, limit: 5) {
            guard text.utf8.count == 5, let moment = Timestamp("2026-01-01T" + text + ":00+09:00") else {
                section.report(
                    "yaml.value", at: section.line(of: Fact.hours.rawValue), "`hours` is no time of day", "write 10:30, Japan's time")
                return nil
            }
            minute = moment.minuteInJapan
        }
        func moment(_ day: Int64) -> Timestamp { Timestamp(seconds: day * 86_400 + (minute - 540) * 60) }
        guard let weekday, moment(day).weekdayInJapan != weekday else { return moment(day) }
        guard !section.has(Fact.date.rawValue) else {
            section.report(
                "policy.case.date", at: section.line(of: Fact.weekday.rawValue),
                "that day is a \(moment(day).weekdayInJapan.rawValue), no \(weekday.rawValue)", "remove one of the two")
            return nil
        }
        return (day..<day + 7).map(moment).first { $0.weekdayInJapan == weekday }
    }

    /// Facts that matter, change from day to day, and are not said.
    func silent(of mattered: [Fact]) -> [Fact] {
        let time: Set<Fact> = [.date, .hours, .weekday]
        return mattered.filter {
            time.contains($0) && !said.contains($0.rawValue) && !($0 == .weekday && said.contains(Fact.date.rawValue))
        }
    }
}

extension CaseFacts {
    /// The question of a member whose accreditation covers it. Nil after a report when the ladder does not know a word, or when the login does
    /// not reach what the case says of it.
    func question(under ladder: AssuranceLadder, _ item: Case, _ findings: Findings) -> Question? {
        let names = ladder.contexts.map(\.name)
        for word in [level, floor, item.context].compactMap(\.self) where ladder[word] == nil {
            item.report(
                findings, "policy.case.context", "the ladder has no context `\(Explanation.redacted(word))`",
                Suggestion.nearest(to: word, among: names).map { "did you mean `\($0)`?" } ?? "choose among "
                    + names.joined(separator: ", "))
            return nil
        }
        guard let id = member ?? MemberID("urn:x-sekisho:case") else { return nil }
        let requirement = level.flatMap { ladder[$0]?.acrValues.first }.map {
            ContextRequirement(values: [$0], comparison: .exact, essential: true)
        }
        let question = Question(
            member: asking(id), purpose: purpose, facts: login.mode.map(evidence), requirement: requirement, now: now, request: request,
            circumstances: Circumstances(load: load))
        let reached = question.context(under: ladder)
        func differs(_ fact: Fact, _ wanted: String, _ found: String) {
            item.report(
                findings, "policy.case.reach",
                "the login of “\(Explanation.redacted(item.says))” has `\(fact.rawValue)` \(found), not \(wanted)",
                "it follows from the login and the ladder: change the login, or remove the line")
        }
        let before = findings.problems.count
        if let floor, reached?.name != floor { differs(.floor, floor, reached?.name ?? "none") }
        if let proofing, reached?.proofingLevel ?? 0 != proofing {
            differs(.proofingLevel, "\(proofing)", "\(reached?.proofingLevel ?? 0)")
        }
        if let authentication, reached?.authenticationLevel ?? 0 != authentication {
            differs(.authenticationLevel, "\(authentication)", "\(reached?.authenticationLevel ?? 0)")
        }
        return findings.problems.count == before ? question : nil
    }

    private func evidence(_ mode: CardMode) -> AssuranceFacts {
        let authenticated = now.adding(seconds: -loginAge)
        return AssuranceFacts(
            mode: mode, modeIsStated: isStated, carrier: carrier, door: door, statusSource: source,
            statusAt: authenticated.adding(seconds: -statusAge), authenticatedAt: authenticated, terminalClass: terminal,
            upstream: upstream,
            signatureCertificate: hasSignature)
    }

    private func asking(_ id: MemberID) -> Member {
        func accredited(_ purposes: Set<Purpose>) -> Accreditation {
            Accreditation(state: .accredited, notBefore: now, notAfter: now, purposes: purposes, permissions: permissions)
        }
        let member = Member(
            id: id, kind: kind, displayName: [:], accreditation: accredited([purpose]), sector: sector, defaultPurpose: purpose,
            operatedBy: operatedBy)
        return member.resolved { id in
            Member(id: id, kind: .platformOperator, displayName: [:], accreditation: accredited([]), defaultPurpose: purpose)
        }
    }
}
