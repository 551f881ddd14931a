package import TrustFramework

extension SignOn {
    /// The login that a page of ours needs: any level of the ladder will do, and no rule of the policy speaks, since no member learns of it.
    /// What a member is told afterwards goes through `next` like everything else.
    package static func ownLogin(in session: Session?, under ladder: AssuranceLadder) -> Need {
        Need(acceptable: ladder.contexts, samePerson: session?.subject)
    }
}
