import Vocabulary

/// Whether one responder is asked now. After failures in a row it rests, each time longer; when the rest is over one login tries it for all.
struct Breaker: Sendable {
    private let rules: StatusRules.Rest
    private var failures = 0
    private var lastRest: Int64 = 0
    private var isProbing = false
    private var restsUntil: Timestamp?
    private(set) var underWay = 0

    init(_ rules: StatusRules.Rest) { self.rules = rules }

    /// When the rest ends that it takes at `now`; nil when it is asked. A clock that was set back does not lengthen a rest beyond the longest.
    func rests(at now: Timestamp) -> Timestamp? {
        guard let restsUntil, now < restsUntil, restsUntil.seconds(since: now) <= rules.longest else { return nil }
        return restsUntil
    }

    /// Takes a seat for one request, which must be given back by `finished`; false when there is none.
    mutating func admits(at now: Timestamp) -> Bool {
        guard rests(at: now) == nil, underWay < rules.mostAtOnce else { return false }
        if restsUntil != nil {
            guard !isProbing else { return false }
            isProbing = true
        }
        underWay += 1
        return true
    }

    enum End { case served, failed, withdrawn }

    /// `served`: something came back, whether or not it was believed. `withdrawn`: the caller left, and nothing is known.
    mutating func finished(_ end: End, at now: Timestamp) {
        underWay = max(underWay - 1, 0)
        switch end {
        case .served:
            failures = 0
            lastRest = 0
            restsUntil = nil
            isProbing = false
        case .failed:
            failures = min(failures + 1, rules.failures)
            // Logins that were under way together fail together; they are one reason to rest.
            guard isProbing || (failures >= rules.failures && rests(at: now) == nil) else { return }
            lastRest = min(max(lastRest * 2, rules.first), rules.longest)
            restsUntil = now.adding(seconds: lastRest)
            isProbing = false
        case .withdrawn: isProbing = false
        }
    }
}
