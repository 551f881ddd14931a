package import Vocabulary

/// What is remembered of a list beyond its own life, to judge the next one from the same source.
package struct ListFacts: Hashable, Sendable {
    /// SHA-256 of the list's bytes, lower-case hexadecimal.
    package let digest: String
    package let bytes: Int
    /// RFC 4514.
    package let issuer: String
    /// Lower-case hexadecimal of cRLNumber without leading zeros.
    package let number: String?
    package let thisUpdate: Timestamp
    package let nextUpdate: Timestamp?
    package let entries: Int
    /// Changes since another list (RFC 5280 §5.2.4), which may be many or none.
    package let isDelta: Bool
    /// What it covers, in words: `everything`, or what issuingDistributionPoint says.
    package let scope: String

    package init(
        digest: String, bytes: Int, issuer: String, number: String?, thisUpdate: Timestamp, nextUpdate: Timestamp?, entries: Int,
        isDelta: Bool = false, scope: String
    ) {
        self.digest = digest
        self.bytes = bytes
        self.issuer = issuer
        self.number = number
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.entries = entries
        self.isDelta = isDelta
        self.scope = scope
    }
}

extension ListFacts {
    /// The scope, and whether it is of changes alone.
    fileprivate var reach: String { (isDelta ? "changes of " : "") + scope }
}

/// Whether one list may follow another. Both are truly signed; the question is whether somebody shows us an old one, a broken one, or
/// another's (a replay needs no key).
package enum ListSuccession {
    package typealias Rule = @Sendable (_ old: ListFacts, _ new: ListFacts, _ rules: ListRules) -> ListRefusal?

    /// In this order; the first that refuses is named. RFC 5280 §5.2.3: numbers of one issuer and scope grow.
    package static let rules: [(name: String, check: Rule)] = [
        ("the authority stays", { old, new, _ in old.issuer == new.issuer ? nil : .otherAuthority(was: old.issuer, is: new.issuer) }),
        ("the scope stays", { old, new, _ in old.reach == new.reach ? nil : .otherScope(was: old.reach, is: new.reach) }),
        (
            "the number does not go back",
            { old, new, _ in
                guard let before = old.number else { return nil }
                guard let number = new.number else { return .numberWentBack(from: before, to: "none") }
                return precedes(number, before) ? .numberWentBack(from: before, to: number) : nil
            }
        ),
        (
            "the moment does not go back",
            { old, new, _ in new.thisUpdate < old.thisUpdate ? .timeWentBack(from: old.thisUpdate, to: new.thisUpdate) : nil }
        ),
        (
            "one number and moment is one list",
            { old, new, _ in
                guard let number = new.number, number == old.number, new.thisUpdate == old.thisUpdate else { return nil }
                return .twin(number: number)
            }
        ),
        (
            "entries do not vanish",
            { old, new, rules in
                guard old.entries >= rules.shrinkFrom, !old.isDelta else { return nil }
                let least = Double(old.entries) * (1 - min(max(rules.shrink, 0), 1))
                return Double(new.entries) < least ? .shrunk(from: old.entries, to: new.entries) : nil
            }
        ),
    ]

    /// nil: it may. The same list again always may.
    package static func refusal(of new: ListFacts, after old: ListFacts, rules: ListRules) -> ListRefusal? {
        guard new.digest != old.digest else { return nil }
        for rule in Self.rules {
            if let refusal = rule.check(old, new, rules) { return refusal }
        }
        return nil
    }

    /// Hexadecimal digits of two whole numbers.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        let left = left.drop { $0 == "0" }, right = right.drop { $0 == "0" }
        return left.utf8.count == right.utf8.count ? left < right : left.utf8.count < right.utf8.count
    }
}
