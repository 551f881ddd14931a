import Cryptography
package import Vocabulary

/// One ending of sessions, named in the address of its page: the citizen's browser holds the ticket that opens it.
package struct LogoutID: Identifier {
    package let text: String

    package init?(_ text: String) {
        guard (16...64).contains(text.utf8.count), text.utf8.allSatisfy(\.isBase64url) else { return nil }
        self.text = text
    }

    package static func fresh(using random: inout some RandomNumberGenerator) -> LogoutID? {
        LogoutID(random.word(24))
    }
}

/// One ending of one citizen's sessions: who wanted it, who has to be answered when it is done. The sessions have ended when it begins;
/// what follows is telling the members.
package struct Logout: Hashable, Sendable {
    /// Which tongue reads the message again when the answer is due. The message is proven once more, at the moment it came.
    package enum Origin: String, Sendable, CaseIterable {
        case samlRedirect = "saml-redirect"
        case samlPost = "saml-post"
        case samlSOAP = "saml-soap"
        case openID = "openid"
        /// The button on our own page; nobody waits for an answer.
        case ownPage = "own-page"
        /// An administrator; there is no browser.
        case administrator
    }

    package let id: LogoutID
    /// SHA-256 of the cookie that opens the page of results; nil where no browser is there to show them.
    package let browser: [UInt8]?
    package let origin: Origin
    /// As it came; empty for our own page and for administrators.
    package let message: [UInt8]
    /// The member that asked.
    package let initiator: MemberID?
    /// False: the citizen chose to leave the other services open, and is shown which they are (eGov 2.0 §2.7.2).
    package let propagates: Bool
    package let startedAt: Timestamp
    /// Until when the page can be seen and members are still told.
    package let expiresAt: Timestamp

    package init(
        id: LogoutID, browser: [UInt8]?, origin: Origin, message: [UInt8], initiator: MemberID?, propagates: Bool, startedAt: Timestamp,
        expiresAt: Timestamp
    ) {
        self.id = id
        self.browser = browser
        self.origin = origin
        self.message = message
        self.initiator = initiator
        self.propagates = propagates
        self.startedAt = startedAt
        self.expiresAt = expiresAt
    }

    /// Results stay to be seen, and members are tried again, for an hour.
    package static let lifetime: Int64 = 3600
}

/// How a member is told.
package enum LogoutChannel: String, Sendable, CaseIterable {
    /// We tell it ourselves: SOAP, or an OpenID logout token.
    case back
    /// The citizen's browser carries the message there and back.
    case front
    /// It declares no address for logout.
    case none
}

/// One of the members of a logout.
package struct LogoutLegID: Hashable, Sendable {
    package let logout: LogoutID
    /// From 1, in the order the members joined.
    package let number: Int

    package init(logout: LogoutID, number: Int) {
        self.logout = logout
        self.number = number
    }
}

/// A member on its way out of a session.
package struct LogoutLeg: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// Not told yet, or not told at all.
        case open
        /// Told, and its answer is not here.
        case asked
        /// It said that its session has ended.
        case ended
        /// It said no, or nobody could be reached until the time was up.
        case failed
    }

    package let id: LogoutLegID
    package let participation: Participation
    package let channel: LogoutChannel
    package let state: State
    /// Why it is failed or still open: a stable code, no text of the member's.
    package let reason: LogoutReason?
    /// The `ID` or `jti` of the last message to it.
    package let request: String?
    /// Messages sent so far.
    package let attempts: Int
    package let changedAt: Timestamp

    package init(
        id: LogoutLegID, participation: Participation, channel: LogoutChannel, state: State, reason: LogoutReason?, request: String?,
        attempts: Int, changedAt: Timestamp
    ) {
        self.id = id
        self.participation = participation
        self.channel = channel
        self.state = state
        self.reason = reason
        self.request = request
        self.attempts = attempts
        self.changedAt = changedAt
    }

    package var member: MemberID { participation.member }
}

/// Why a member's session has not ended, as far as we know.
package enum LogoutReason: String, Sendable, CaseIterable {
    /// It declares no address for logout.
    case noService = "no-service"
    /// It was told no name of the citizen that a message could repeat.
    case unnamed
    /// Only the citizen's browser could tell it, and none is here.
    case browserOnly = "browser-only"
    /// The citizen chose to leave it open.
    case leftOpen = "left-open"
    /// The citizen went past it.
    case skipped
    /// It is no longer registered.
    case notRegistered = "not-registered"
    /// Its accreditation is not in force: it is told nothing more of any citizen.
    case notInForce = "not-in-force"
    /// No answer in time; tried again.
    case unreachable
    /// An answer of another kind than its protocol allows.
    case badAnswer = "bad-answer"
    /// An answer that nobody proved to be its own.
    case unproven
    /// It said that it could not, or only in part.
    case refused
    /// The time was up.
    case expired
    /// A message to it could not be made.
    case unspeakable
}

/// What the planning of a leg comes to: the channel, and at once a reason where it stays open.
package struct LogoutPlan: Hashable, Sendable {
    package let channel: LogoutChannel
    package let reason: LogoutReason?

    package init(_ channel: LogoutChannel, _ reason: LogoutReason? = nil) {
        self.channel = channel
        self.reason = reason
    }

    /// The plan as this logout allows it: nobody is told when the citizen left the others open, no browser where there is none.
    package func under(_ logout: Logout) -> LogoutPlan {
        guard logout.propagates else { return LogoutPlan(.none, .leftOpen) }
        if channel == .front, logout.browser == nil { return LogoutPlan(.none, .browserOnly) }
        return channel == .none ? LogoutPlan(.none, reason ?? .noService) : self
    }
}
