import Vocabulary

extension Space {
    /// Where a question lies in the picture; nil when it lies outside: a member that may not be answered or that is of no group, a purpose or
    /// attributes that its accreditation does not cover, an upstream where nothing speaks of any, a moment of the past, a level asked for in a way that is
    /// not walked.
    package func point(of question: Question) -> [Int]? {
        guard question.standing == .inForce, question.member.accreditation.gap(asking: question.request.asked) == nil,
            question.member.accreditation.gap(for: question.purpose) == nil,
            let member = members.firstIndex(where: { isAlike($0, question.member) }),
            let purpose = purposes.firstIndex(of: question.purpose) ?? other(.purpose, in: purposes.map(\.text)),
            let `protocol` = index(question.request.protocol, in: protocols, .protocol),
            let path = index(question.request.path, in: paths, .path),
            let acting = index(question.request.actingFor, in: acting, .actingFor),
            let load = index(question.circumstances.load, in: loads, .load), let moment = moments.index(of: question.now),
            let login = logins.row(of: question, under: ladders)
        else { return nil }
        var point = [member, purpose, `protocol`, path, acting, load, moment, login]
        for group in groups {
            guard let state = group.states.firstIndex(of: group.state(of: question.request.asked)) else { return nil }
            point.append(state)
        }
        return point
    }

    private func index<Word: Equatable>(_ word: Word, in words: [Word], _ fact: Fact) -> Int? {
        mentioned.contains(fact) ? words.firstIndex(of: word) : 0
    }

    /// The class of what no rule mentions.
    private func other(_ fact: Fact, in words: [String]) -> Int? { words.lastIndex { !named(fact).contains($0) } }

    private func isAlike(_ group: MemberGroup, _ member: Member) -> Bool {
        func isAlike(_ fact: Fact, _ one: String?, _ two: String?) -> Bool {
            let (one, two) = (one ?? Fact.none, two ?? Fact.none)
            // `none` is a word like any other, and all words that nobody mentions are alike.
            return one == two || !named(fact).contains(one) && !named(fact).contains(two)
        }
        return group.member.kind == member.kind && group.scope == MemberGroup.Scope(member.accreditation)
            && isAlike(.member, group.member.id.text, member.id.text) && isAlike(.sector, group.member.sector, member.sector)
            && isAlike(.operator, group.member.operatedBy?.text, member.operatedBy?.text)
    }
}

extension AskedGroup {
    fileprivate func state(of asked: Set<AttributeSource>?) -> State {
        guard let asked else { return .unknown }
        let present = attributes.count(where: asked.contains)
        return present == 0 ? .none : present == attributes.count ? .all : .some
    }
}

extension LoginSpace {
    fileprivate func row(of question: Question, under ladders: [AssuranceLadder]) -> Int? {
        func meaning(_ requirement: ContextRequirement?) -> [[String]?] {
            ladders.map { ladder in
                let satisfying = requirement.map { ladder.satisfying($0) }
                return satisfying?.isEmpty == true && requirement?.essential == false ? nil : satisfying?.map(\.name)
            }
        }
        let wanted = meaning(question.requirement)
        guard let asked = asked.firstIndex(where: { meaning($0) == wanted }) else { return nil }
        guard let facts = question.facts else { return rows.firstIndex(of: [0] + Array(repeating: -1, count: 9) + [asked]) }
        let way = Way(isStated: facts.modeIsStated, terminal: facts.terminalClass)
        let values: [Int?] = [
            1, CardMode.allCases.firstIndex(of: facts.mode), Carrier.allCases.firstIndex(of: facts.carrier),
            doors.firstIndex(of: facts.door) ?? (doors.count == 1 && Door.ownDevice.contains(facts.door) ? 0 : nil),
            ways.firstIndex(of: way) ?? (way.isStated ? ways.count - 1 : nil),
            upstreams.firstIndex(of: facts.upstream) ?? (upstreams.count > 1 ? upstreams.count - 1 : nil),
            sources.firstIndex(of: facts.statusSource) ?? (sources.count == 1 ? 0 : nil),
            statusAges.firstIndex { $0.contains(facts.statusAge) },
            loginAges.firstIndex { $0.contains(facts.loginAge(at: question.now)) },
            signatures.firstIndex(of: facts.signatureCertificate) ?? (signatures.count == 1 ? 0 : nil), asked,
        ]
        let row = values.compactMap(\.self)
        return row.count == values.count ? rows.firstIndex(of: row) : nil
    }
}
