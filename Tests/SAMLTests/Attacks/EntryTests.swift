import Cryptography
import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// Classes that are about who may come in at all, and about names (checklist A27, A29, A30, A35).
@Suite struct `Entries and names` {
    enum Standing: String, CaseIterable, Sendable { case inForce, notYet, over, suspended, withdrawn, notAccredited }

    static func member(_ standing: Standing) throws -> Member {
        let purpose = try #require(Purpose("procedure"))
        let now = Federation.now
        let state: Accreditation.State =
            switch standing {
            case .suspended: .suspended
            case .withdrawn: .withdrawn
            case .notAccredited: .applied
            default: .accredited
            }
        return Member(
            id: try #require(MemberID(Federation.libraryID)), kind: .ministry, displayName: [:],
            accreditation: Accreditation(
                state: state, notBefore: now.adding(seconds: standing == .notYet ? 60 : -60),
                notAfter: now.adding(seconds: standing == .over ? -1 : 86_400), purposes: [purpose]), defaultPurpose: purpose)
    }

    /// Every state of a member with every way in: a request by redirect, by form, and an answer that nobody asked for.
    @Test(arguments: Standing.allCases, ["redirect", "post", "unsolicited"])
    func `a member that is not in force gets nothing on any way in, checklist A27`(standing: Standing, entry: String) throws {
        let provider = try Federation.library()
        let identityProvider = try Federation.identityProvider()
        let ask: Ask =
            switch entry {
            case "redirect":
                try UnverifiedAuthnRequest.redirect(query: Wire.query(Asking.library().xml))
                    .verified(for: provider, at: identityProvider, at: Federation.now).ask
            case "post":
                try UnverifiedAuthnRequest.post(form: Wire.form(Asking.library(Federation.postAddress).xml))
                    .verified(for: provider, at: identityProvider, at: Federation.now).ask
            default:
                Ask(member: provider.entityID, askedAt: Federation.now)
            }
        let policy = Policy(
            rules: [Rule(id: "all", effect: .permit, release: [], basis: "test")], ladder: Federation.ladder, version: "test")
        let step = SignOn.next(
            for: ask, by: try Self.member(standing), in: nil, under: policy,
            sessions: SessionRules(idle: 1800, absolute: 28_800), at: Federation.now)
        if standing == .inForce {
            guard case .authenticate = step else { return #expect(Bool(false), "\(step)") }
        } else {
            guard case .refuse = step else { return #expect(Bool(false), "\(standing) by \(entry): \(step)") }
        }
    }

    /// Names are stored and random, never computed (`SQLiteStoresTests`); what differs in a byte is another name.
    @Test(arguments: ["ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "abcdefghijklmnopqrstuvwxyz23456", "abcdefghijklmnopqrstuvwxyz234567 "])
    func `a name that differs in one byte is another citizen's, checklist A29`(other: String) throws {
        let name = try #require(PairwiseID(Federation.citizen))
        #expect(PairwiseID(Federation.citizen) == name)
        #expect(PairwiseID(other) != name)
    }
}
