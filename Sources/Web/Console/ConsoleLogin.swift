import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Administrators come in by the login that citizens have, under rules of their own: `Policies/administration.yaml`.
extension Platform {
    static let administrationPurpose = "administration"

    /// Stands for the console before the policy and on the login page; it is never told anything.
    static func administration(_ settings: Configuration) -> Member? {
        guard let id = MemberID(settings.baseURL), let purpose = Purpose(administrationPurpose) else { return nil }
        return Member(
            id: id, kind: .ministry, displayName: ["ja": "関所 管理コンソール", "en": "Sekisho administrators' console"],
            accreditation: Accreditation(
                state: .accredited, notBefore: Timestamp(milliseconds: .min), notAfter: Timestamp(milliseconds: .max),
                purposes: [purpose]),
            defaultPurpose: purpose)
    }

    /// `fresh`: for the login itself, which takes the card in this very visit.
    static func consoleAsk(_ member: Member, fresh: Bool = false, at now: Timestamp) -> Ask {
        Ask(member: member.id, purpose: member.defaultPurpose, forceAuthentication: fresh, askedAt: now)
    }

    /// `POST /console/login`
    func consoleLogin(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard let member = MemberID(settings.baseURL) else { throw StoreRefusal() }
        return try await begun(.console, message: [], member: member, settings, at: now)
    }

    /// The officer is here: the trail says so, by the reference under which everything else is said.
    func consoleArrived(_ session: Session, _ facts: AssuranceFacts, _ settings: Configuration, at now: Timestamp) async throws {
        let officer = settings.officers.holder(of: session.subject)
        try await stores.append(
            Record(
                "console.login", at: now,
                [
                    ("officer", officer.map { .string($0.id) } ?? .null), ("subject", .string(session.subject.text)),
                    ("login", .string(Self.loginReference(session, facts))), ("mode", .string(facts.mode.rawValue)),
                    ("status-source", .string(facts.statusSource.rawValue)),
                    ("policy-version", .string(settings.policy.version)),
                ]))
    }
}
