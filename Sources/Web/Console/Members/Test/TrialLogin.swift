import Credentials
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The way of an invented citizen from the request to the answer: the very steps of every login, with everything a citizen would be asked for
/// given at once.
struct TrialLogin {
    enum End {
        case grant(Grant)
        case refused(SignOnRefusal)
        /// The rules go on asking for something.
        case unfinished
    }

    private(set) var begun: MemberTest
    private(set) var given = Given.nothing
    private(set) var end = End.unfinished

    /// Of one kind each: what a step asks for is given once.
    private static let most = 8

    static let unfinished = Explanation(
        "console.test.unfinished", "no login that was tried satisfies the rules at this level", clause: "decision 0061",
        remedy: "try another level, or look at the rules with `sekisho policy explain`")

    init(
        _ ask: Ask, _ member: Member, _ person: SandboxPerson, _ level: String?, _ settings: Configuration, at now: Timestamp,
        using random: inout SystemRandomNumberGenerator
    ) {
        let context = Self.context(level, of: member, ask, settings.policy, at: now)
        begun = MemberTest(member: member.id, person: person.id, level: context?.name)
        let facts = context.flatMap { Self.facts(reaching: $0, at: now) }
        let record = person.record(for: ask.purpose ?? member.defaultPurpose, member.id, at: now)
        let session = facts.flatMap { facts in
            Self.session(facts, ask, member, settings, at: now, using: &random)
        }
        for _ in 0..<Self.most {
            let step = SignOn.next(
                for: ask, by: member, in: session, under: settings.policy, sessions: settings.sessions, given: given, at: now)
            switch step {
            case .permit(let permit):
                do throws(SignOnRefusal) {
                    guard let pairwise = PairwiseID(Ticket.fresh(using: &random).text) else { return }
                    end = .grant(try permit.grant(to: pairwise, for: ask))
                } catch { end = .refused(error) }
                return
            case .refuse(let refusal):
                end = .refused(refusal)
                return
            case .authenticate(let need):
                begun.steps.append(Self.words(need))
                return
            case .refreshStatus(let need):
                given.refreshed[need.certificate] = .good(.ocsp, at: now)
                begun.steps.append(BothTongues(ja: "証明書の状態をオンラインで確かめます", en: "the status of the certificate is asked on line"))
            case .lookUpCustomers:
                given.customers = CustomerID("REHEARSAL-0001").map { [$0] } ?? []
                begun.steps.append(
                    BothTongues(ja: "機関の顧客番号を調べます（試験用の番号を使います）", en: "the member's customer number is looked up; an invented one is used"))
            case .presentSignature:
                guard given.record == nil else { return }
                given.record = record
                begun.steps.append(BothTongues(ja: "署名用証明書の提示を求めます", en: "the citizen is asked for a signature certificate"))
            case .consent(let need):
                guard given.consent == nil else { return }
                given.consent = need.agreed(without: [], at: now)
                let names = need.released.map { $0.source.phrase }
                begun.steps.append(
                    BothTongues(
                        ja: "同意を求めます：" + names.map(\.ja).joined(separator: "、"),
                        en: "the citizen is asked to agree to: " + names.map(\.en).joined(separator: ", ")))
            }
        }
    }

    private static func words(_ need: Need) -> BothTongues {
        let levels = need.acceptable.map(\.name).joined(separator: ", ")
        return BothTongues(ja: "この水準では足りず、次のどれかを求めます：" + levels, en: "this level is not enough; one of these is asked for: " + levels)
    }

    /// The level that was named, else the lowest that the rules accept.
    private static func context(
        _ level: String?, of member: Member, _ ask: Ask, _ policy: Policy, at now: Timestamp
    ) -> AssuranceContext? {
        if let level { return policy.ladder.contexts.first { $0.name == level } }
        return levels(of: member, ask.request, policy, at: now).first
    }

    /// What the rules accept for the member's own purpose, lowest first.
    static func levels(of member: Member, _ request: RequestFacts, _ policy: Policy, at now: Timestamp) -> [AssuranceContext] {
        let question = Question(
            member: member, purpose: member.defaultPurpose, facts: nil, requirement: nil, now: now, request: request,
            circumstances: policy.circumstances)
        guard case .authenticate(let acceptable) = policy.decide(question).outcome else { return [] }
        return acceptable
    }

    /// The plainest use of the card that reaches the level.
    private static func facts(reaching context: AssuranceContext, at now: Timestamp) -> AssuranceFacts? {
        guard let mode = [CardMode.pin, .face, .presence].first(where: context.modes.contains),
            let carrier = Carrier.allCases.first(where: context.carriers.contains),
            let door = Door.allCases.first(where: context.doors.contains),
            let source = [StatusSource.ocsp].first(where: context.statusSources.contains)
                ?? StatusSource.allCases.first(where: context.statusSources.contains)
        else { return nil }
        return AssuranceFacts(
            mode: mode, modeIsStated: true, carrier: carrier, door: door, statusSource: source, statusAt: now, authenticatedAt: now)
    }

    /// A session of nobody, in no store.
    private static func session(
        _ facts: AssuranceFacts, _ ask: Ask, _ member: Member, _ settings: Configuration, at now: Timestamp,
        using random: inout SystemRandomNumberGenerator
    ) -> Session? {
        let login = SessionAuthentication(
            restored: facts, certificate: CertificateIdentity(issuer: "rehearsal", serial: "00"), terminal: nil)
        let island = SignOn.island(of: login, for: ask, by: member, under: settings.policy, beside: nil, at: now)
        guard let id = SessionID(Ticket.fresh(using: &random).digest), let subject = SubjectID(Ticket.fresh(using: &random).text) else {
            return nil
        }
        return Session(
            id: id, subject: subject, authentications: [login.on(island, keeping: [0])], createdAt: now, lastSeenAt: now,
            indexSeed: Ticket.fresh(using: &random).digest)
    }
}

extension SandboxPerson {
    /// What the person's signature certificate would say, shown a moment ago.
    func record(for purpose: Purpose, _ member: MemberID, at now: Timestamp) -> IdentityRecord? {
        let parts = birthDate.split(separator: "-").compactMap { Int64($0) }
        guard parts.count == 3, let birth = BirthDate(year: parts[0], month: parts[1], day: parts[2]),
            let attributes = BasicAttributes(
                name: name.replacing(" ", with: "\u{3000}"), nameSubstitutes: name.unicodeScalars.map { _ in false }, birth: birth,
                sex: Sex(rawValue: gender) ?? .notStated, address: address,
                addressSubstitutes: address.unicodeScalars.map { _ in false })
        else { return nil }
        return IdentityRecord(
            restored: attributes, certificate: Ticket.digest(of: "rehearsal " + id), carrier: .card, tie: .card, presentedFor: purpose,
            member: member, at: now, statusAt: now, expiresAt: now.adding(seconds: 600))
    }
}
