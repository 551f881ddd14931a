import Credentials
import SignOn
import TrustFramework
import Vocabulary

struct Missing: Error {
    let what: String
}

/// A ministry that needs the PIN, a shop that is content with the card, and a citizen's session.
enum Fixture {
    static let now = Timestamp(milliseconds: 1_795_233_600_000)  // 2026-11-21T04:00:00Z
    static let rules = SessionRules(idle: 1800, absolute: 28_800)

    static let ladder = AssuranceLadder([
        context("card-presence", [.presence], level: 1), context("card-face", [.face], level: 2), context("card-pin", [.pin], level: 3),
    ])

    private static func context(_ name: String, _ modes: Set<CardMode>, level: Int) -> AssuranceContext {
        AssuranceContext(
            name: name, samlClasses: ["urn:x-sekisho:ac:" + name], acrValues: ["urn:x-sekisho:ac:" + name], amr: ["sc"], proofingLevel: 3,
            authenticationLevel: level, modes: modes, carriers: [.card, .phone], needsStatement: false)
    }

    static func some<Value>(_ value: Value?, _ what: String) throws(Missing) -> Value {
        guard let value else { throw Missing(what: what) }
        return value
    }

    static func policy(version: String = "v1", maximumStatusAge: Int64? = nil) throws(Missing) -> Policy {
        Policy(
            rules: [
                Rule(
                    id: "ministries", effect: .permit, kinds: [.ministry], floor: "card-pin", maximumStatusAge: maximumStatusAge,
                    release: [.revocationSource, .pinUsed, .cardMode], basis: "law"),
                Rule(id: "shops", effect: .permit, kinds: [.privateVerifier], release: [.pinUsed], basis: "accreditation"),
                Rule(
                    id: "no profiling", effect: .forbid, purposes: [try some(Purpose("profiling"), "purpose")], basis: "law"),
            ], ladder: ladder, version: version)
    }

    static func ministry() throws(Missing) -> Member { try member(.ministry, "https://ministry.example/sp", ["procedure", "profiling"]) }
    static func shop() throws(Missing) -> Member { try member(.privateVerifier, "shop", ["points"]) }

    static func member(
        _ kind: MemberKind, _ id: String, _ purposes: [String], state: Accreditation.State = .accredited
    ) throws(Missing) -> Member {
        let words = purposes.compactMap { Purpose($0) }
        return Member(
            id: try some(MemberID(id), id), kind: kind, displayName: ["en": id],
            accreditation: Accreditation(
                state: state, notBefore: now.adding(seconds: -86_400), notAfter: now.adding(seconds: 30 * 86_400), purposes: Set(words)),
            defaultPurpose: try some(words.first, "purpose"))
    }

    static func login(
        _ mode: CardMode, at moment: Timestamp = now, serial: String = "01", terminal: String? = "kiosk", journey: String? = nil
    ) -> SessionAuthentication {
        SessionAuthentication(
            restored: AssuranceFacts(
                mode: mode, modeIsStated: terminal != nil, carrier: .card, door: .challenge, statusSource: .crl,
                statusAt: moment.adding(seconds: -600), authenticatedAt: moment),
            certificate: CertificateIdentity(issuer: String(repeating: "a", count: 64), serial: serial),
            terminal: terminal.flatMap { TerminalID($0) }, journey: journey.flatMap { TransactionID($0) })
    }

    static func session(
        _ logins: [SessionAuthentication], created: Timestamp = now, seen: Timestamp? = nil, seed: UInt8 = 7
    ) throws(Missing) -> Session {
        Session(
            id: try some(SessionID([UInt8](repeating: 1, count: 32)), "session"),
            subject: try some(SubjectID("citizen-0123456789"), "subject"), authentications: logins, createdAt: created,
            lastSeenAt: seen ?? created, indexSeed: [UInt8](repeating: seed, count: 32))
    }

    static func ask(
        _ member: Member, purpose: String? = nil, force: Bool = false, passive: Bool = false, maximumAge: Int64? = nil,
        requirement: ContextRequirement? = nil, expected: PairwiseID? = nil, at moment: Timestamp = now, during journey: String? = nil
    ) -> Ask {
        let ask = Ask(
            member: member.id, purpose: purpose.flatMap { Purpose($0) }, forceAuthentication: force, passive: passive,
            maximumAge: maximumAge,
            requirement: requirement, expected: expected, askedAt: moment)
        return journey.flatMap { TransactionID($0) }.map(ask.during) ?? ask
    }

    static func next(_ ask: Ask, _ member: Member, _ session: Session?, at moment: Timestamp = now) throws(Missing) -> Step {
        SignOn.next(for: ask, by: member, in: session, under: try policy(), sessions: rules, at: moment)
    }
}

extension Step {
    /// A flat picture, to compare and to read in a failing test.
    var picture: String {
        switch self {
        case .authenticate(let need):
            "authenticate " + need.acceptable.map(\.name).joined(separator: ", ") + (need.samePerson == nil ? "" : " by the same person")
        case .refreshStatus(let need): "refresh within \(need.maximumAge)"
        case .lookUpCustomers: "look up customers"
        case .presentSignature(let need): "signature for " + need.attributes.map(\.rawValue).sorted().joined(separator: ", ")
        case .consent(let need): "consent to " + need.asks.map(\.rawValue).sorted().joined(separator: ", ")
        case .permit(let permit): "permit " + permit.context.name
        case .refuse(let refusal): "refuse " + refusal.explanation.code
        }
    }

    var permitted: Permit? {
        guard case .permit(let permit) = self else { return nil }
        return permit
    }
}
