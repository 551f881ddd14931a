extension ServiceProvider {
    /// What stands behind our identifier where this member knows citizens beyond one session: nothing for a NameID, `@` and the scope for
    /// `pairwise-id`. Nil: its NameIDs are of one session or untold, and no attribute says who it is. A request that asks for another format
    /// than the registration is of its moment and not counted here.
    package func lastingNameSuffix(scope: String?) -> String? {
        switch NameIDKind(of: self) {
        case .persistent, .unspecified: return ""
        case .transient, .untold:
            guard let scope, subjectIdentifier == .pairwise else { return nil }
            return "@" + scope
        }
    }
}
