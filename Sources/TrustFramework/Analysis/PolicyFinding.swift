/// One thing that a reading of all rules together found, in words for whoever writes them.
package struct PolicyFinding: Hashable, Sendable {
    package enum Severity: String, Sendable {
        /// A rule does not say what it seems to.
        case error
        /// Worth a look; it may be meant.
        case warning
    }

    package let severity: Severity
    /// Stable and dotted: `policy.shadowed`.
    package let code: String
    /// The rule that it is about, by id.
    package let rule: String
    /// The key of the rule whose line shows it; nil for the rule as a whole.
    package let key: String?
    /// Other rules that have a part in it, sorted.
    package let others: [String]
    package let message: String
    package let remedy: String

    init(
        _ severity: Severity, _ code: String, _ rule: Rule, key: String? = nil, others: [String] = [], _ message: String, _ remedy: String
    ) {
        self.severity = severity
        self.code = code
        self.rule = rule.id
        self.key = key
        self.others = others
        self.message = message
        self.remedy = remedy
    }
}
