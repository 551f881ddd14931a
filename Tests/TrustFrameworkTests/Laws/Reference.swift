import Synchronization
import TrustFramework
import Vocabulary

/// What a policy means, said as slowly and plainly as possible: every rule is looked at, every login is tried, nothing is made ready. It shares
/// with the real one only the words (`Domain.contains`, `Question.value`), the ladder and the accreditation.
struct Reference {
    let rules: [Rule]
    let ladder: AssuranceLadder
    /// Nil: tries every login there is, each as a question of its own. With a book it looks their evidence up, and leaves out those that no
    /// rule and no context tells apart; that both say the same is a law by itself.
    let book: LoginBook?
    private let told: Told

    init(rules: [Rule], ladder: AssuranceLadder, book: LoginBook?) {
        self.rules = rules
        self.ladder = ladder
        self.book = book
        told = Told(rules, ladder)
    }

    func answer(_ question: Question) -> ReferenceAnswer {
        let accreditation = question.member.accreditation
        if question.standing != .inForce { return ReferenceAnswer("deny standing(\(question.standing.rawValue))") }
        if accreditation.gap(for: question.purpose) != nil { return ReferenceAnswer("deny purposeNotAccredited") }
        if case .attributes(let missing) = accreditation.gap(asking: question.request.asked) {
            return ReferenceAnswer("deny attributesNotAccredited \(missing.map(\.rawValue).sorted())")
        }
        if let facts = question.facts {
            let here = judge(rules, question)
            if here.isPermitted, accreditation.gap(from: facts.mode) == nil, let context = here.context {
                return ReferenceAnswer(permit: context, here.permits, accreditation, erring: here.erring)
            }
        }
        return search(question)
    }

    // MARK: One login

    struct Verdict {
        var permits: [Rule] = []
        var forbids: [Rule] = []
        var erring: [Rule] = []
        var context: AssuranceContext?
        var isPermitted: Bool { forbids.isEmpty && !permits.isEmpty && context != nil }
    }

    enum Truth { case yes, no, unknown }

    func judge(_ rules: [Rule], _ question: Question) -> Verdict {
        var verdict = Verdict()
        verdict.context = question.context(under: ladder)
        for rule in rules {
            let truth = truth(of: rule, question) { _ in true }
            if truth == .no { continue }
            if truth == .unknown { verdict.erring.append(rule) }
            if rule.effect == .forbid { verdict.forbids.append(rule) } else if truth == .yes { verdict.permits.append(rule) }
        }
        return verdict
    }

    private func truth(of rule: Rule, _ question: Question, _ counts: (Fact) -> Bool) -> Truth {
        var truths = [truth(of: rule.condition, question, counts)]
        for exception in rule.exceptions {
            switch truth(of: exception, question, counts) {
            case .yes: truths.append(.no)
            case .no: truths.append(.yes)
            case .unknown: truths.append(.unknown)
            }
        }
        return truths.contains(.no) ? .no : truths.contains(.unknown) ? .unknown : .yes
    }

    fileprivate func truth(of condition: Condition, _ question: Question, _ counts: (Fact) -> Bool) -> Truth {
        var result = Truth.yes
        for (fact, domain) in condition.domains where counts(fact) {
            switch domain.contains(question.value(of: fact, ladder)) {
            case true?: continue
            case false?: return .no
            case nil: result = .unknown
            }
        }
        return result
    }

    // MARK: Every login

    private func search(_ question: Question) -> ReferenceAnswer {
        let accreditation = question.member.accreditation
        // A rule that says no whatever the login is out; one that nobody can tell about is erring.
        let open = rules.filter { beforeLogin($0, question) != .no }
        let erring = open.filter { beforeLogin($0, question) == .unknown }
        let always = open.filter { $0.effect == .forbid && !turnsOnLogin($0, question) }
        if !always.isEmpty { return ReferenceAnswer("deny forbidden", by: always, erring: erring) }
        let permits = open.filter { $0.effect == .permit && couldHold($0, question) }
        if permits.isEmpty { return ReferenceAnswer("deny noPermit", erring: erring) }

        var acceptable: Set<String> = []
        var making: [Rule] = []
        var barred: [(mode: CardMode, rules: [Rule])] = []
        var refusing: [Rule] = []
        if question.facts != nil {
            let here = judge(open, question)
            if !here.permits.isEmpty { refusing += here.forbids }
        }
        let rests = open.map { Rest($0, in: self, question) }
        for (login, verdict) in verdicts(open, rests, question) {
            guard let context = verdict.context, !verdict.permits.isEmpty else { continue }
            if !verdict.forbids.isEmpty {
                refusing += verdict.forbids
            } else if accreditation.gap(from: login.mode) != nil {
                barred.append((login.mode, verdict.permits))
            } else {
                acceptable.insert(context.name)
                making += verdict.permits
            }
        }
        if !acceptable.isEmpty {
            var answer = ReferenceAnswer(
                "authenticate " + ladder.contexts.map(\.name).filter(acceptable.contains).joined(separator: ", "), by: making,
                erring: erring)
            answer.needsSignature = needsSignature(question)
            return answer
        }
        for mode in CardMode.allCases where barred.contains(where: { $0.mode == mode }) {
            let rules = barred.filter { $0.mode == mode }.flatMap(\.rules)
            switch accreditation.gap(from: mode) {
            case .permission(let missing): return ReferenceAnswer("deny permissionMissing(\(missing.rawValue))", by: rules, erring: erring)
            default: return ReferenceAnswer("deny modeNotAccredited(\(mode.rawValue))", by: rules, erring: erring)
            }
        }
        if !refusing.isEmpty { return ReferenceAnswer("deny forbidden", by: refusing, erring: erring) }
        return ReferenceAnswer("deny contextOutOfReach", by: permits, erring: erring)
    }

    private func verdicts(_ open: [Rule], _ rests: [Rest], _ question: Question) -> [(AssuranceFacts, Verdict)] {
        guard let book else { return logins(question).map { ($0, judge(open, question.with($0))) } }
        let terminal = question.facts?.terminalClass
        let upstream = question.facts?.upstream
        let isSigned = question.facts?.signatureCertificate == true
        var found: [(AssuranceFacts, Verdict)] = []
        for entry in book.entries(question.asked(of: ladder)?.map(\.name)) {
            let login = entry.login
            // At hand: no terminal, this one, or before any the ones that somebody names; the upstream that answered, or none.
            if let theirs = login.upstream {
                guard theirs == upstream else { continue }
            } else if let place = login.terminalClass {
                guard terminal.map({ $0 == place }) ?? told.terminals.contains(place) else { continue }
            }
            guard isSigned ? login.signatureCertificate : (told.signature || !login.signatureCertificate) else { continue }
            guard told.carrier || login.carrier == .card, told.door || login.door == .tls, told.source || login.statusSource == .crl else {
                continue
            }
            var verdict = Verdict()
            verdict.context = entry.context
            for rest in rests {
                let truth = rest.truth(entry.values)
                if truth == .no { continue }
                if rest.rule.effect == .forbid {
                    verdict.forbids.append(rest.rule)
                } else if truth == .yes {
                    verdict.permits.append(rest.rule)
                }
            }
            found.append((login, verdict))
        }
        return found
    }

    private func needsSignature(_ question: Question) -> Bool {
        guard let facts = question.facts, !facts.signatureCertificate else { return false }
        let presented = judge(rules, question.with(facts.presenting(signatureCertificate: true)))
        return presented.isPermitted && question.member.accreditation.gap(from: facts.mode) == nil
    }

    /// What can be said of a rule without a login.
    private func beforeLogin(_ rule: Rule, _ question: Question) -> Truth {
        var truths = [truth(of: rule.condition, question) { !$0.isEvidence }]
        for exception in rule.exceptions {
            let truth = truth(of: exception, question) { !$0.isEvidence }
            if truth == .yes, !exception.facts.contains(where: \.isEvidence) { truths.append(.no) }
            if truth == .unknown { truths.append(.unknown) }
        }
        return truths.contains(.no) ? .no : truths.contains(.unknown) ? .unknown : .yes
    }

    /// There may be a login for which nothing is left unknown.
    private func couldHold(_ rule: Rule, _ question: Question) -> Bool {
        truth(of: rule.condition, question) { !$0.isEvidence } == .yes
            && rule.exceptions.allSatisfy { exception in
                exception.facts.contains(where: \.isEvidence) || truth(of: exception, question) { _ in true } == .no
            }
    }

    private func turnsOnLogin(_ rule: Rule, _ question: Question) -> Bool {
        rule.condition.facts.contains(where: \.isEvidence)
            || rule.exceptions.contains { exception in
                exception.facts.contains(where: \.isEvidence) && truth(of: exception, question) { !$0.isEvidence } == .yes
            }
    }

    private func logins(_ question: Question) -> [AssuranceFacts] {
        let terminals = question.facts?.terminalClass.map { [$0] } ?? told.terminals.sorted()
        let upstreams = question.facts?.upstream.map { [$0] } ?? []
        return LoginBook.logins(terminals: terminals, upstreams: upstreams, at: question.now)
            .filter { question.facts?.signatureCertificate != true || $0.signatureCertificate }
    }
}

/// What rules and contexts tell apart.
private struct Told {
    var terminals: Set<String>
    let carrier: Bool
    let door: Bool
    let source: Bool
    let signature: Bool

    init(_ rules: [Rule], _ ladder: AssuranceLadder) {
        terminals = Set(ladder.terminalClasses).union([AssuranceLadder.unclassified])
        var spoken: Set<Fact> = []
        for rule in rules {
            spoken.formUnion(rule.facts)
            for condition in [rule.condition] + rule.exceptions { terminals.formUnion(condition[.terminal]?.named ?? []) }
        }
        terminals.remove(Fact.none)
        carrier = spoken.contains(.carrier) || ladder.contexts.contains { $0.carriers.count < Carrier.allCases.count }
        door = spoken.contains(.door) || ladder.contexts.contains { $0.doors != Door.ownDevice }
        source = spoken.contains(.statusSource) || ladder.contexts.contains { $0.statusSources.count < StatusSource.allCases.count }
        signature = spoken.contains(.signatureCertificate)
    }
}

/// Every fresh login of a federation, with what it is worth: looked up, because what a fresh login shows does not turn on who asks, only on
/// the contexts that are asked for. Logins that reach none of them are left out.
final class LoginBook: Sendable {
    struct Entry: Sendable {
        let login: AssuranceFacts
        let context: AssuranceContext?
        let values: [Fact: FactValue]
    }

    private static let made = Mutex<LoginBook?>(nil)
    private let logins: [AssuranceFacts]
    private let ladder: AssuranceLadder
    private let question: Question
    private let known = Mutex<[[String]?: [Entry]]>([:])

    private init(_ logins: [AssuranceFacts], _ ladder: AssuranceLadder, _ question: Question) {
        self.logins = logins
        self.ladder = ladder
        self.question = question
    }

    /// One for all universes, which are the same.
    static func shared(_ ladder: AssuranceLadder, terminals: [String], upstreams: [MemberID], asking question: Question) -> LoginBook {
        made.withLock { made in
            if let made { return made }
            let book = LoginBook(logins(terminals: terminals, upstreams: upstreams, at: question.now), ladder, question)
            made = book
            return book
        }
    }

    static func logins(terminals: [String], upstreams: [MemberID], at now: Timestamp) -> [AssuranceFacts] {
        let places: [(Bool, String?, MemberID?)] =
            [(false, nil, nil)] + terminals.map { (true, $0, nil) } + upstreams.flatMap { [(true, nil, $0), (false, nil, $0)] }
        var found: [AssuranceFacts] = []
        for mode in CardMode.allCases {
            for carrier in Carrier.allCases {
                for door in Door.allCases {
                    for source in StatusSource.allCases {
                        for (isStated, terminal, upstream) in places {
                            for signature in [false, true] {
                                found.append(
                                    AssuranceFacts(
                                        mode: mode, modeIsStated: isStated, carrier: carrier, door: door, statusSource: source,
                                        statusAt: now, authenticatedAt: now, terminalClass: terminal, upstream: upstream,
                                        signatureCertificate: signature))
                            }
                        }
                    }
                }
            }
        }
        return found
    }

    /// `asked`: names of contexts; nil: whatever is reached.
    func entries(_ asked: [String]?) -> [Entry] {
        known.withLock { known in
            if let entries = known[asked] { return entries }
            let requirement = asked.map { names in
                ContextRequirement(
                    values: names.compactMap { ladder[$0]?.acrValues.first }, comparison: .exact, essential: true)
            }
            let entries = logins.compactMap { login -> Entry? in
                let asked = Question(
                    member: question.member, purpose: question.purpose, facts: login, requirement: requirement, now: question.now)
                guard let context = asked.context(under: ladder) else { return nil }
                var values: [Fact: FactValue] = [:]
                for fact in Fact.allCases where fact.isEvidence { values[fact] = asked.value(of: fact, ladder) }
                return Entry(login: login, context: context, values: values)
            }
            known[asked] = entries
            return entries
        }
    }
}

/// What is left of a rule when everything but the evidence is known.
private struct Rest {
    let rule: Rule
    private let condition: (Reference.Truth, [(Fact, Domain)])
    private let exceptions: [(Reference.Truth, [(Fact, Domain)])]

    init(_ rule: Rule, in reference: Reference, _ question: Question) {
        self.rule = rule
        func rest(_ condition: Condition) -> (Reference.Truth, [(Fact, Domain)]) {
            (reference.truth(of: condition, question) { !$0.isEvidence }, condition.domains.filter { $0.key.isEvidence }.map { ($0, $1) })
        }
        condition = rest(rule.condition)
        exceptions = rule.exceptions.map(rest)
    }

    func truth(_ evidence: [Fact: FactValue]) -> Reference.Truth {
        func whole(_ rest: (Reference.Truth, [(Fact, Domain)])) -> Reference.Truth {
            rest.1.allSatisfy { $1.contains(evidence[$0] ?? .unknown) == true } ? rest.0 : .no
        }
        var result = whole(condition)
        for exception in exceptions where result != .no {
            switch whole(exception) {
            case .yes: result = .no
            case .unknown: result = .unknown
            case .no: break
            }
        }
        return result
    }
}

/// A decision as texts, to compare and to read.
struct ReferenceAnswer: Equatable, CustomStringConvertible {
    var outcome: String
    var determining: [String]
    var erring: [String]
    var bases: [String]
    var obligations = "{}"
    var needsSignature = false

    init(_ outcome: String, by rules: [Rule] = [], erring: [Rule] = []) {
        self.outcome = outcome
        determining = Set(rules.map(\.id)).sorted()
        self.erring = Set(erring.map(\.id)).sorted()
        bases = Set(rules.map(\.basis)).sorted()
    }

    init(permit context: AssuranceContext, _ rules: [Rule], _ accreditation: Accreditation, erring: [Rule]) {
        var told: Set<AttributeSource> = []
        for rule in rules { told.formUnion(rule.release) }
        told = accreditation.attributes.map { told.intersection($0) } ?? told
        self.init("permit \(context.name) \(told.map(\.rawValue).sorted())", by: rules, erring: erring)
        var joined = Obligations.none
        for rule in rules { joined = joined.joined(with: rule.obligations) }
        obligations = joined.json.text
    }

    init(_ decision: Decision) {
        switch decision.outcome {
        case .permit(let context, let release): outcome = "permit \(context.name) \(release.map(\.rawValue).sorted())"
        case .authenticate(let acceptable): outcome = "authenticate " + acceptable.map(\.name).joined(separator: ", ")
        case .deny(.standing(let standing)): outcome = "deny standing(\(standing.rawValue))"
        case .deny(.attributesNotAccredited(let missing)): outcome = "deny attributesNotAccredited \(missing.map(\.rawValue).sorted())"
        case .deny(.modeNotAccredited(let mode)): outcome = "deny modeNotAccredited(\(mode.rawValue))"
        case .deny(.permissionMissing(let permission)): outcome = "deny permissionMissing(\(permission.rawValue))"
        case .deny(let denial): outcome = "deny \(denial)"
        }
        determining = decision.determining
        erring = decision.erring
        bases = decision.bases
        obligations = decision.obligations.json.text
        needsSignature = decision.needsSignature
    }

    var isPermit: Bool { outcome.hasPrefix("permit") }
    /// The contexts that a login may reach, when one is asked for.
    var acceptable: Set<Substring>? {
        outcome.hasPrefix("authenticate ") ? Set(outcome.dropFirst("authenticate ".count).split(separator: ", ")) : nil
    }

    var description: String {
        "\(outcome) by \(determining), erring \(erring), on \(bases), obliged to \(obligations)\(needsSignature ? ", needs a signature" : "")"
    }
}
