package import Vocabulary

/// Where a logout stands: made from its legs, decided as a value. The shell performs the step.
package struct LogoutProgress: Sendable {
    /// What the citizen is told of one service.
    package enum Result: String, Sendable, CaseIterable { case ended, failed, open }

    package enum Step: Hashable, Sendable {
        /// This member's turn in the citizen's browser.
        case visit(LogoutLegID)
        /// Members that we tell ourselves have not answered, and there is still patience.
        case wait
        /// Nothing more will happen while the citizen waits.
        case done
    }

    /// What the one who asked is told.
    package enum Outcome: Sendable { case complete, partial }

    package let logout: Logout
    package let legs: [LogoutLeg]

    /// Seconds that a citizen is asked to wait for members that we tell ourselves.
    package static let patience: Int64 = 5

    package init(_ logout: Logout, _ legs: [LogoutLeg]) {
        self.logout = logout
        self.legs = legs
    }

    /// Visits come first, each member once: one that stays silent holds nobody up, since the page goes past it.
    package func step(at now: Timestamp) -> Step {
        if now >= logout.expiresAt { return .done }
        if let next = legs.first(where: { $0.channel == .front && $0.state == .open && $0.reason == nil }) { return .visit(next.id) }
        return isDelivering && now.seconds(since: logout.startedAt) < Self.patience ? .wait : .done
    }

    /// A member that we tell ourselves is being told, and has not failed to answer yet.
    package var isDelivering: Bool {
        legs.contains { $0.channel == .back && ($0.state == .open || $0.state == .asked) && $0.reason == nil }
    }

    package var outcome: Outcome { legs.allSatisfy { $0.state == .ended } ? .complete : .partial }

    package func result(of leg: LogoutLeg, at now: Timestamp) -> Result {
        switch leg.state {
        case .ended: .ended
        case .failed: .failed
        case .open, .asked: .open
        }
    }

    /// Facts for the audit record: how many ended, failed, stayed open.
    package func counts(at now: Timestamp) -> [Result: Int] {
        legs.reduce(into: [:]) { $0[result(of: $1, at: now), default: 0] += 1 }
    }
}

/// When a member that did not answer is tried again: soon at first, then seldom, until the logout runs out.
package enum LogoutRetry {
    /// Seconds to the next attempt after `attempts` have failed.
    package static func pause(after attempts: Int) -> Int64 {
        switch attempts {
        case ...1: 5
        case 2: 20
        case 3: 60
        case 4: 180
        default: 600
        }
    }
}
