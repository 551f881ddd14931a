package import Vocabulary

/// A member's customer and our citizen, one line for each customer of a member (R10). Only a confirmed one is told, and to that member alone.
package struct CustomerLink: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// The member says so; the citizen has not.
        case proposed
        case confirmed
        /// Taken back or refused by the citizen, or ended by the member. It comes back only when the member proposes it anew, expressly.
        case ended
    }

    /// How the citizen said yes.
    package enum Confirmation: String, Sendable, CaseIterable {
        /// On his own page, to a proposal that names him.
        case page
        /// By the code of a letter.
        case code
    }

    package enum Ender: String, Sendable, CaseIterable {
        case citizen, member
    }

    package let member: MemberID
    package let customer: CustomerID
    /// Nil: whoever enters the code.
    package let subject: SubjectID?
    package let state: State
    package let confirmation: Confirmation?
    package let endedBy: Ender?
    package let proposedAt: Timestamp
    /// When it came into its state.
    package let at: Timestamp
    /// Until when the code can be entered; nil: there is none.
    package let codeUntil: Timestamp?

    package init(
        member: MemberID, customer: CustomerID, subject: SubjectID?, state: State, confirmation: Confirmation? = nil,
        endedBy: Ender? = nil, proposedAt: Timestamp, at: Timestamp, codeUntil: Timestamp? = nil
    ) {
        self.member = member
        self.customer = customer
        self.subject = subject
        self.state = state
        self.confirmation = confirmation
        self.endedBy = endedBy
        self.proposedAt = proposedAt
        self.at = at
        self.codeUntil = codeUntil
    }
}

/// One line of a member's list.
package struct LinkProposal: Hashable, Sendable {
    package enum Wish: Hashable, Sendable {
        /// Of the citizen whom the member knows by this identifier; he is asked on his page.
        case citizen(PairwiseID)
        /// Of whoever enters a code, which we make and the member sends.
        case code
        /// No longer.
        case end
    }

    package let customer: CustomerID
    package let wish: Wish
    /// A link that was ended may be proposed once more.
    package let isAnew: Bool

    package init(customer: CustomerID, wish: Wish, isAnew: Bool = false) {
        self.customer = customer
        self.wish = wish
        self.isAnew = isAnew
    }
}

/// What came of one line. Saying the same again changes nothing and says what is so.
package struct ProposalOutcome: Hashable, Sendable {
    package enum Word: String, Sendable, CaseIterable {
        /// New.
        case proposed
        /// Proposed before, in the same way.
        case waiting
        case confirmed
        case ended
        /// The customer is another citizen's already, or proposed for another.
        case conflict
        /// Nobody goes by this identifier in this member's sector.
        case unknownCitizen = "unknown-citizen"
        /// There is no link to end.
        case nothing
    }

    package let word: Word
    /// To be printed into the letter.
    package let code: LinkCode?
    package let codeUntil: Timestamp?

    package init(_ word: Word, code: LinkCode? = nil, codeUntil: Timestamp? = nil) {
        self.word = word
        self.code = code
        self.codeUntil = codeUntil
    }
}

/// How a list is taken: the sector of the member, and how long a code is good for.
package struct ProposalTerms: Sendable {
    package let member: MemberID
    package let sector: String
    /// Seconds.
    package let codeLifetime: Int64

    package init(member: MemberID, sector: String, codeLifetime: Int64) {
        self.member = member
        self.sector = sector
        self.codeLifetime = codeLifetime
    }

    /// Lines in one commit.
    package static let most = 500
}

/// What came of a code.
package enum CodeOutcome: Hashable, Sendable {
    case confirmed(CustomerLink)
    /// It was this citizen's already.
    case again(CustomerLink)
    /// No such code, or it was used by somebody else, or its time is over: one word for all, so that trying tells nothing.
    case unknown
}
