package import Cryptography
package import Outbound
import Vocabulary

/// Where one revocation list comes from.
package enum ListSource: Hashable, Sendable {
    /// An absolute path; somebody else puts the list there.
    case file(String)
    case url(String)

    package var name: String {
        switch self {
        case .file(let path): path
        case .url(let url): url
        }
    }
}

/// What the keeper is to keep, as the settings have it now. Asked anew at every turn, so that a reload needs no restart.
package struct ListPlan: Sendable {
    /// Each once.
    package let sources: [ListSource]
    /// Authorities whose lists we take: the operator chose each of them.
    package let anchors: [Certificate]
    /// Authorities below an anchor, for bridges.
    package let intermediates: [Certificate]
    package let rules: ListRules
    /// Its size and time bound one list.
    package let outbound: Outbound

    package init(sources: [ListSource], anchors: [Certificate], intermediates: [Certificate] = [], rules: ListRules, outbound: Outbound) {
        var seen: Set<ListSource> = []
        self.sources = sources.filter { seen.insert($0).inserted }
        self.anchors = anchors
        self.intermediates = intermediates
        self.rules = rules
        self.outbound = outbound
    }

    var authorities: [Certificate] { anchors + intermediates }
}

/// The keeper's numbers. Lengths of time in seconds, shares of 1.
package struct ListRules: Hashable, Sendable {
    /// The most time between two looks at a source.
    package var interval: Int64
    /// The part of a wait that chance may take away: a thousand nodes do not ask in one second.
    package var jitter = 0.1
    /// When this part of a list's lifetime is over, the next one is looked for, whatever the interval says.
    package var lifetime = 0.8
    /// The wait after a first failure; it doubles with every further one.
    package var firstRetry: Int64 = 15
    package var longestRetry: Int64 = 900
    /// A list that lost more than this part of its entries is somebody's mistake or somebody's attack (`jpki.md` §1.4: lists are made
    /// daily; certificates live for years, so that few entries expire in a day).
    package var shrink = 0.2
    /// Shorter lists may lose any part: a village revokes three cards a year.
    package var shrinkFrom = 100
    /// Larger lists are read as a stream into a sealed index file, smaller ones are kept in memory. Bytes.
    package var inMemory = 8 << 20
    /// The largest list. Bytes: a hundred million entries.
    package var largest = 4 << 30
    /// Sources at work in one moment.
    package var parallel = 8
    /// How old a list may be, beside its own nextUpdate; what the login asks for. nil: its nextUpdate alone.
    package var maximumAge: Int64?
    /// How long the sources of published lists are kept for `trust explain --at`.
    package var evidenceDays: Int64 = 90
    /// The most bytes of them; the oldest go first.
    package var evidenceBytes = 20 << 30

    package init(interval: Int64) { self.interval = max(interval, 1) }
}
