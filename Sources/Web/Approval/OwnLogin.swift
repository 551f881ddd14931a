import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// A citizen logs in to a page of ours. `about`: the digest of a ticket he came with.
struct OwnLogin: Sendable {
    let ask: Ask
    let about: [UInt8]?
    /// Where he goes when he is here.
    let page: String
    /// The rules decide about this login as they do about a member's: the console. For other pages of ours any login will do.
    var isUnderPolicy = false
    /// Card or phone has to be used in this very journey, at least so.
    var again: AuthenticateAgain?
    /// A second card or phone is shown in it.
    var meeting: Meeting?
}

extension Platform {
    /// Who asks on the login page: a member, or for a page of ours we ourselves.
    func asker(of transaction: Transaction, _ settings: Configuration) -> Member? {
        if transaction.origin == .console { return Self.administration(settings) }
        return [.approval, .ledger, .linking].contains(transaction.origin)
            ? Self.ourselves(settings) : settings.federation.member(transaction.member)
    }

    /// Stands for this platform on the login page and in the trail; it is never told anything, and policy never asked about it.
    private static func ourselves(_ settings: Configuration) -> Member? {
        guard let id = MemberID(settings.baseURL), let purpose = Purpose("approval") else { return nil }
        return Member(
            id: id, kind: .ministry, displayName: ["ja": "関所", "en": "Sekisho"],
            accreditation: Accreditation(
                state: .accredited, notBefore: Timestamp(milliseconds: .min), notAfter: Timestamp(milliseconds: .max), purposes: []),
            defaultPurpose: purpose)
    }

    func ownLogin(_ transaction: Transaction, _ settings: Configuration) throws -> Tongue {
        if transaction.origin == .linking { return .own(OwnLogin(linking: transaction)) }
        if transaction.origin == .ledger { return .own(OwnLogin(citizen: transaction)) }
        if transaction.origin == .console, let console = Self.administration(settings) {
            return .own(
                OwnLogin(
                    ask: Self.consoleAsk(console, fresh: true, at: transaction.receivedAt), about: nil, page: ConsolePart.home,
                    isUnderPolicy: true))
        }
        return .own(
            OwnLogin(
                ask: Ask(member: transaction.member, askedAt: transaction.receivedAt),
                about: transaction.message.isEmpty ? nil : transaction.message,
                page: transaction.origin == .ledger ? "/ledger" : "/approve"))
    }

    /// A grant that still waits, behind the digest that the paused visit keeps.
    func awaited(_ transaction: Transaction, _ kind: AwaitedGrant.Kind) async throws -> Tongue {
        guard let (grant, state) = try await stores.awaited(transaction.message, kind, at: clock()), grant.client == transaction.member
        else {
            throw TongueRefusal(
                explanation: Self.awaitedGone, response: Answer.page(Pages.refusal(Self.awaitedGone), status: .badRequest))
        }
        guard state == .waiting else {
            throw TongueRefusal(
                explanation: Self.awaitedDecided, response: Answer.page(Pages.refusal(Self.awaitedDecided), status: .badRequest))
        }
        return .awaited(grant, grant.ask(at: transaction.receivedAt, of: configuration.current.federation.client(grant.client)))
    }

    /// Where a journey of ours goes when the citizen is here: to the page where he decides. Nil where a service waits for an answer, and
    /// where a login is missing.
    func arrived(_ visit: Visit) async throws -> Response? {
        switch visit.tongue {
        case .saml, .openID: return nil
        case .awaited:
            guard case .permit = visit.step else { return nil }
            return Self.redirect(visit, "/confirm")
        case .own(let login):
            guard let session = visit.session, login.isMet(by: session, in: visit.transaction.id, at: visit.now) else { return nil }
            if login.isUnderPolicy {
                guard case .permit(let permit) = visit.step else { return nil }
                try await consoleArrived(session, permit.facts, visit.settings, at: visit.now)
            }
            return try await close(visit) {
                if let about = login.about, let answer = try await opened(about, for: session, visit.settings, at: visit.now) {
                    return answer
                }
                return Answer.redirect(visit.settings.baseURL + login.page)
            }
        }
    }

    static let awaitedGone = Explanation(
        "openid.awaited.gone", "nobody waits for this any more", clause: "RFC 8628 §3.3; CIBA Core §7.3",
        remedy: "start again on the device, or ask the service")
    static let awaitedDecided = Explanation(
        "openid.awaited.decided", "this was decided before, here or in another browser", clause: "checklist H7",
        remedy: "nothing more is to be done; start again on the device if it does not go on")
}
