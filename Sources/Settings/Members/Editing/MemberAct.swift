package import TrustFramework
package import Vocabulary

/// What an officer does with a member's accreditation.
package struct MemberAct: Sendable {
    package enum Step: String, Sendable, CaseIterable {
        case apply, examine, accredit, suspend, reinstate, withdraw
        /// An examination that found something missing: the application goes back.
        case sendBack = "send-back"

        package var state: Accreditation.State {
            switch self {
            case .apply, .sendBack: .applied
            case .examine: .examined
            case .accredit, .reinstate: .accredited
            case .suspend: .suspended
            case .withdraw: .withdrawn
            }
        }

        /// Whether it may be done with a member in this state.
        package func isPossible(from state: Accreditation.State) -> Bool { mayFollow(state) }

        /// The states it starts from: `accredit` renews too, but lets nobody back in who was suspended.
        func mayFollow(_ state: Accreditation.State) -> Bool {
            switch self {
            case .reinstate: state == .suspended
            case .accredit: state == .examined || state == .accredited
            case .apply: state == .withdrawn
            case .sendBack: state == .examined
            default: self.state.mayFollow(state)
            }
        }
    }

    package let step: Step
    /// When it takes effect; not before the last event, and not in the future.
    package let at: Timestamp
    package let by: String
    package let reason: String
    package var scope: MemberScope

    package init(_ step: Step, at: Timestamp, by: String, reason: String, scope: MemberScope = MemberScope()) {
        self.step = step
        self.at = at
        self.by = by
        self.reason = reason
        self.scope = scope
    }
}

/// What an examination or an accreditation changes beside the state; nil leaves what is there.
package struct MemberScope: Sendable {
    /// Dates as they are written: a day in Japan, or a moment.
    package var notBefore: String?
    package var notAfter: String?
    package var purposes: [String]?
    package var attributes: [String]?
    package var modes: [String]?
    package var permissions: [String]?
    package var operatedBy: String?
    /// Added to those that are there.
    package var documents: [AccreditationDocument] = []

    package init() {}
}
