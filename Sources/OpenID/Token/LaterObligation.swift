import SignOn
import TrustFramework
import Vocabulary

/// What a rule obliges to, once time has passed since the login: a refresh or an exchange has no page, so what is not met any more is
/// refused. By the names that rules have for it.
enum LaterObligation: String, CaseIterable {
    case authenticateAgain = "authenticate-again"
    case refreshStatus = "refresh-status"
    case consent
    case session
    case nameMandate = "name-mandate"

    /// The first that is not met by this login; nil: all are.
    static func unmet(
        _ obligations: Obligations, of entitlement: Entitlement, _ assurance: GrantedAssurance, at now: Timestamp
    ) -> LaterObligation? {
        // Islands are exact, both ways: what a login was made for apart does not serve the open sea either.
        guard obligations.session?.island == assurance.island else { return .session }
        if obligations.isEmpty { return nil }
        if let again = obligations.authenticateAgain, !again.isMet(by: assurance.facts, at: now) { return .authenticateAgain }
        if let age = obligations.refreshStatus, !assurance.facts.hasStatus(notOlderThan: age, at: now) { return .refreshStatus }
        if obligations.namesMandate { return .nameMandate }
        if let session = obligations.session {
            let isOver = session.lifetime.map { now >= assurance.facts.authenticatedAt.adding(seconds: $0) } ?? false
            if isOver || session.once { return .session }
        }
        let agreed = Set(entitlement.citizen?.consented ?? [])
        let due = entitlement.told.filter { source in
            (obligations.consent.contains(source)
                || obligations.derived.contains { $0.value == source && obligations.consent.contains($0.key) })
                && !agreed.contains(source)
        }
        return due.isEmpty ? nil : .consent
    }
}

extension Entitlement {
    /// Everything that it tells, in the ID token or at userinfo.
    var told: [AttributeSource] {
        let named = Set((claims.members ?? []).map(\.0)).union((userInfoClaims.members ?? []).map(\.0))
        let personal = Set((citizen?.idToken ?? []) + (citizen?.userInfo ?? []))
        return AttributeSource.allCases.filter { personal.contains($0) || !$0.isPersonal && named.contains($0.claim) }
    }

    /// No more than policy releases now: what a rule no longer tells, or tells in a smaller form only, is left out.
    func narrowed(to decision: Decision) -> Entitlement {
        guard case .permit(_, let release) = decision.outcome else { return self }
        let derived = decision.obligations.derived
        let whole = Set(release.map { derived[$0] ?? $0 })
        let allowed = whole.union(whole.compactMap(\.companion))
        if told.allSatisfy(allowed.contains) { return self }
        return telling(only: allowed)
    }
}
