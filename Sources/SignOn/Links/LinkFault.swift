package import Vocabulary

/// Why two certificates are not brought together, or one is not taken.
package enum LinkFault: Sendable, Hashable, CaseIterable {
    /// Its card ended, and it with it.
    case ended
    /// The one that was to be the old one is not known either.
    case neverSeen
    /// It takes the PIN, for both.
    case needsPIN
    /// Too much time lies between the two, or the first is gone.
    case stale
    /// The signature certificate is of somebody of whom nothing is kept, or says something else than what is.
    case noRecord
    /// More than one citizen goes by these four attributes.
    case ambiguous
    /// The two are two people.
    case otherPerson
    /// The signature certificate was not shown to be on the card that logs in.
    case notOneCard

    package var explanation: Explanation {
        switch self {
        case .ended:
            Explanation(
                "link.certificate.ended", "this certificate ended with the card that it belonged to",
                clause: "Public Personal Authentication Act art. 18-4; R17",
                remedy: "use the new card, or have the phone's certificate issued anew")
        case .neverSeen:
            Explanation(
                "link.old.unknown", "this card or phone has not been used here either", clause: "decision 0056",
                remedy: "use the one that was used here before, or choose another way")
        case .needsPIN:
            Explanation(
                "link.pin", "both cards have to be used with their PIN", clause: "Public Personal Authentication Act art. 38 (mode A)",
                remedy: "use both at a place that asks for the PIN")
        case .stale:
            Explanation(
                "link.stale", "too much time has passed between the two cards, or this was done before",
                clause: "checklist H7; decision 0056",
                remedy: "start again")
        case .noRecord:
            Explanation(
                "link.record.none", "nothing is kept here that says what this signature certificate says", clause: "decision 0056",
                remedy: "if name or address has changed, use the old card beside the new one, or ask the service to send a link code")
        case .ambiguous:
            Explanation(
                "link.record.several", "two records here say what this signature certificate says", clause: "decision 0056",
                remedy: "log in with a card that is known here, and put the two together on the page of links")
        case .notOneCard:
            Explanation(
                "link.not-one-card", "nobody vouches that signature certificate and login certificate are on one card",
                clause: "decision 0063",
                remedy: "use an app or a terminal that reads both from the card and says so, or go to a municipal counter")
        case .otherPerson:
            Explanation(
                "link.merge.other-person",
                "the two cards belong to two people: their dates of birth differ, or J-LIS knows both and names neither beside the other",
                clause: "decision 0056",
                remedy: "use two cards of the same person")
        }
    }
}
