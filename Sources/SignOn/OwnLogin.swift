package import TrustFramework
import Vocabulary

extension SignOn {
    /// The login that a page of ours needs: any level of the ladder will do that takes the key of the card, and no rule of the policy speaks,
    /// since no member learns of it. What a member is told afterwards goes through `next` like everything else.
    ///
    /// The PIN is what is asked for, though a face that was compared opens these pages too, and a key that signed without a word about how
    /// it was opened: a client that hears `presence` sends just that, and it opens none of them. Where that came, the citizen is told why he
    /// is asked again.
    /// `again`: a page that wants card or phone used once more, at least so.
    package static func ownLogin(in session: Session?, under ladder: AssuranceLadder, again: AuthenticateAgain? = nil) -> Need {
        let contexts = ladder.contexts.filter { $0.modes != [.presence] || !$0.needsStatement }
        var need = Need(acceptable: contexts.isEmpty ? ladder.contexts : contexts, samePerson: session?.subject)
        need.atLeast = .pin
        if let session, !session.opensOwnPages { need.why = .stronger }
        if let again { need.why = .again(again) }
        return need
    }
}

extension Session {
    /// Whether it opens the citizen's own pages. A terminal that only saw the card (mode C) says that the card is there, not who holds it: a
    /// found card must not tell its finder whom the citizen deals with.
    package var opensOwnPages: Bool {
        authentications.contains { !$0.isSpent && !($0.facts.mode == .presence && $0.facts.modeIsStated) }
    }
}
