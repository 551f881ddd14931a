import Cryptography

/// The name constraints of the authorities above, one after the other (permitted_subtrees and excluded_subtrees, RFC 5280 §6.1.2 (b),
/// (c)). They are kept apart: what lies in the intersection of all lies in each.
struct NameBounds {
    private struct Bounds {
        var permitted: [NameForm: [NameSubtree]] = [:]
        var excluded: [NameForm: [NameSubtree]] = [:]
    }

    private var authorities: [Bounds] = []

    /// Each base costs once here, and once for each name that is held against it.
    mutating func add(_ constraints: NameConstraints, _ budget: inout PathBudget) throws(PathStop) {
        try budget.spend(.nameComparisons, constraints.count)
        var bounds = Bounds()
        for base in constraints.permitted { bounds.permitted[NameForm(base), default: []].append(NameSubtree(base)) }
        for base in constraints.excluded { bounds.excluded[NameForm(base), default: []].append(NameSubtree(base)) }
        authorities.append(bounds)
    }

    /// The rule that a certificate's names break, or nil. Subject, every subjectAltName, and the subject's e-mail addresses, whether or
    /// not there is a subjectAltName beside them.
    func rule(brokenBy certificate: Certificate, _ budget: inout PathBudget) throws(PathStop) -> String? {
        guard !authorities.isEmpty else { return nil }
        // Names are read anew for each path. Long subjects count by their length, so that none is read for nothing.
        try budget.spend(.nameComparisons, certificate.alternativeNames.count + certificate.subject.der.count / 64)
        var names = certificate.alternativeNames.map { (form: NameForm($0), name: PresentedName($0)) }
        if !certificate.subject.isEmpty { names.append((.directory, .directory(certificate.subject))) }
        for mailbox in certificate.subject.texts(of: .emailAddress) {
            names.append((.email, PresentedName(.email(mailbox))))
        }
        // RFC 9598 §6: constraints on rfc822Name bind these mailboxes too. Nobody reads them here.
        for case .otherName(.internationalMailbox, _) in certificate.alternativeNames { names.append((.email, .unreadable)) }
        for bounds in authorities {
            for (form, name) in names {
                if let rule = try Self.rule(form, name, bounds, &budget) { return rule }
            }
        }
        return nil
    }

    private static func rule(
        _ form: NameForm, _ name: PresentedName, _ bounds: Bounds, _ budget: inout PathBudget
    ) throws(PathStop) -> String? {
        if let excluded = bounds.excluded[form] {
            try budget.spend(.nameComparisons, excluded.count)
            for subtree in excluded {
                switch subtree.relation(of: name) {
                case .outside: continue
                case .inside, .across: return "RFC 5280 §6.1.3 (c): excluded \(form)"
                case .unreadable: return "RFC 5280 §4.2.1.10: \(form) that cannot be held against a constraint"
                }
            }
        }
        if let permitted = bounds.permitted[form] {
            try budget.spend(.nameComparisons, permitted.count)
            var isInside = false
            for subtree in permitted {
                switch subtree.relation(of: name) {
                case .outside, .across: continue
                case .inside: isInside = true
                case .unreadable: return "RFC 5280 §4.2.1.10: \(form) that cannot be held against a constraint"
                }
                if isInside { break }
            }
            guard isInside else { return "RFC 5280 §6.1.3 (b): \(form) not permitted" }
        }
        return nil
    }
}
