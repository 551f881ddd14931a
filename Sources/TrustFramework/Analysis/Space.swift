package import Vocabulary

/// The finite picture of every question that policies can be asked: for each fact the values that some rule tells apart, and one for all
/// others. Facts that hang together share an axis; beside that the picture is a plain product, in which every rule is a box.
///
/// What stands for what is decided by the language itself: a class is a question, and whether a condition holds for it is asked of
/// `Question.value` and `Domain.contains`, never answered a second time here.
package struct Space: Sendable {
    enum Axis: Hashable, Sendable {
        case member, purpose, `protocol`, path, actingFor, load, moment, login
        case asked(Int)
    }

    let ladders: [AssuranceLadder]
    package let members: [MemberGroup]
    /// Members of the deployment that may not be answered at all now.
    package let notInForce: Int
    /// The members stand for all that there could be; nobody is registered under their names.
    package let isOfKinds: Bool
    let purposes: [Purpose]
    let protocols: [RequestProtocol?]
    let paths: [IssuancePath]
    let acting: [ActingFor]
    let loads: [LoadState]
    let moments: Moments
    let logins: LoginSpace
    let groups: [AskedGroup]
    let axes: [Axis]
    let sizes: [Int]

    /// Facts that some rule speaks of, and the words it says of them.
    let mentioned: Set<Fact>
    private let words: [Fact: Set<String>]

    package init(
        of policies: [Policy], population: Population, from now: Timestamp, limits: AnalysisLimits = AnalysisLimits()
    ) throws(AnalysisRefusal) {
        let mentioned = Mentioned(policies)
        func words<Word: CaseIterable>(_ fact: Fact, _ standard: Word) -> [Word] {
            mentioned.facts.contains(fact) ? Array(Word.allCases) : [standard]
        }
        ladders = policies.map(\.ladder)
        var purposes = mentioned.named(.purpose).compactMap { Purpose($0) }
        switch population {
        case .members(let all, let moment):
            isOfKinds = false
            (members, notInForce) = MemberGroup.groups(of: all, at: moment, telling: mentioned)
            let known = Set(purposes)
            purposes += Set(members.flatMap(\.scope.purposes)).subtracting(known).sorted { $0.text < $1.text }
        case .kinds:
            purposes += [Purpose(mentioned.other(.purpose, "any-other"))].compactMap(\.self)
            members = try MemberGroup.kinds(purposes: purposes, telling: mentioned, most: limits.classes)
            notInForce = 0
            isOfKinds = true
        }
        guard purposes.count <= limits.classes, members.count <= limits.classes else {
            throw .tooManyClasses(facts: [.member, .purpose], limit: limits.classes)
        }
        self.purposes = purposes
        protocols = mentioned.facts.contains(.protocol) ? RequestProtocol.allCases + [nil] : [RequestProtocol.openid]
        paths = words(.path, .signOn)
        acting = words(.actingFor, .nobody)
        loads = words(.load, .normal)
        moments = try Moments(from: now, mentioned, most: limits.classes)
        logins = try LoginSpace(policies, mentioned, most: limits.classes)
        groups = AskedGroup.groups(mentioned, scopes: Set(members.compactMap(\.scope.attributes)))
        axes =
            [.member, .purpose, .protocol, .path, .actingFor, .load, .moment, .login] + groups.indices.map { .asked($0) }
        sizes =
            [
                members.count, purposes.count, protocols.count, paths.count, acting.count, loads.count, moments.classes.count,
                logins.rows.count,
            ] + groups.map(\.states.count)
        self.mentioned = mentioned.facts
        self.words = mentioned.words
    }

    /// Every question there is.
    package var whole: Region { Region(sizes.map { ClassSet(allOf: $0) }) }

    func named(_ fact: Fact) -> Set<String> { words[fact] ?? [] }

    /// The position of the axis that a fact belongs to; `asks-for` has several, of which this is the first.
    func position(of fact: Fact) -> Int? {
        switch fact.group {
        case .member: return 0
        case .evidence: return 7
        case .circumstances: return fact == .load ? 5 : 6
        case .request:
            switch fact {
            case .purpose: return 1
            case .protocol: return 2
            case .path: return 3
            case .actingFor: return 4
            case .levelAsked: return 7
            default: return groups.isEmpty ? nil : 8
            }
        }
    }

    /// The question at a point; nil where the classes do not go together, or where nobody is there to ask.
    package func question(at point: [Int]) -> Question? {
        guard point.count == axes.count, zip(point, sizes).allSatisfy({ $0 >= 0 && $0 < $1 }) else { return nil }
        let states = groups.indices.map { groups[$0].states[point[8 + $0]] }
        let isUnknown = states.contains(.unknown)
        guard !isUnknown || states.allSatisfy({ $0 == .unknown }) else { return nil }
        let asked = groups.isEmpty ? [] : isUnknown ? nil : Set(zip(groups, states).flatMap { $0.asked($1) ?? [] })
        let now = moments.classes[point[6]].moment
        return Question(
            member: members[point[0]].member, purpose: purposes[point[1]], facts: logins.facts(point[7], at: now),
            requirement: logins.requirement(point[7]), now: now,
            request: RequestFacts(
                protocol: protocols[point[2]], path: paths[point[3]], asked: asked, actingFor: acting[point[4]]),
            circumstances: Circumstances(load: loads[point[5]]))
    }
}
