package import Vocabulary

/// The life of one accreditation as it was: in the order of time, by legal steps only. That is what lets anybody ask for the standing at
/// any moment of the past.
package struct AccreditationHistory: Hashable, Sendable {
    /// Oldest first.
    package let events: [AccreditationEvent]

    /// Steps of one member; more are a mistake or somebody's attempt to fill a disk.
    package static let mostEvents = 1000

    package static let none = AccreditationHistory()

    private init() { events = [] }

    package init(_ events: [AccreditationEvent]) throws(HistoryFault) {
        guard events.count <= Self.mostEvents else { throw HistoryFault(index: Self.mostEvents, kind: .tooMany) }
        var before: AccreditationEvent?
        for (index, event) in events.enumerated() {
            if let before, event.at < before.at { throw HistoryFault(index: index, kind: .outOfOrder(after: before.at)) }
            guard event.state.mayFollow(before?.state) else {
                throw HistoryFault(index: index, kind: .illegalStep(from: before?.state, to: event.state))
            }
            if event.term != nil, event.state != .accredited { throw HistoryFault(index: index, kind: .termWithoutAccreditation) }
            before = event
        }
        self.events = events
    }

    package var isEmpty: Bool { events.isEmpty }

    /// The last step that was taken at the moment or before it.
    package func last(at moment: Timestamp) -> AccreditationEvent? { index(at: moment).map { events[$0] } }

    /// The term that held at the moment, by the last event before it that names one.
    package func term(at moment: Timestamp) -> AccreditationTerm? {
        guard let index = index(at: moment) else { return nil }
        return events[...index].last { $0.term != nil }?.term
    }

    /// Nearly always the last one, which is looked at first.
    func index(at moment: Timestamp) -> Int? {
        if let last = events.last, last.at <= moment { return events.count - 1 }
        var low = 0
        var high = events.count
        while low < high {
            let middle = low + (high - low) / 2
            if events[middle].at <= moment { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : low - 1
    }
}

/// Where a history cannot be what happened, and why.
package struct HistoryFault: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case outOfOrder(after: Timestamp)
        /// `from` nil: a life cannot begin so.
        case illegalStep(from: Accreditation.State?, to: Accreditation.State)
        case termWithoutAccreditation
        case tooMany
    }

    /// Of the event at fault, from 0.
    package let index: Int
    package let kind: Kind

    package init(index: Int, kind: Kind) {
        self.index = index
        self.kind = kind
    }
}

extension Accreditation.State {
    /// The legal steps. A life begins with an application, or with an accreditation that was given before this deployment kept histories.
    /// `accredited` after itself is a renewal or a changed scope; `applied` after `examined` sends an application back;
    /// `expired` is no step: the dates say it.
    package func mayFollow(_ before: Accreditation.State?) -> Bool {
        switch (before, self) {
        case (nil, .applied), (nil, .accredited): true
        case (.applied, .examined), (.applied, .withdrawn): true
        case (.examined, .accredited), (.examined, .applied), (.examined, .withdrawn): true
        case (.accredited, .accredited), (.accredited, .suspended), (.accredited, .withdrawn): true
        case (.suspended, .accredited), (.suspended, .withdrawn): true
        case (.withdrawn, .applied): true
        default: false
        }
    }
}
