import Credentials
import Vocabulary

/// One use of a service in a situation: who does what with which evidence, and what has to come of it.
struct SituationAct {
    /// Who holds the card how, and where.
    struct Evidence {
        let card: String
        var mode = CardMode.pin
        var terminal = "sekisho-app"
        /// Where the PIN is typed when more is asked for.
        var stepUp: String?
        /// Types the password of the signature key when asked who this is.
        var showsSignature = false
        /// What is pressed on a page of consent.
        var consents = true
        /// Stops when the card is asked for once more.
        var givesUp = false
    }

    enum Outcome {
        /// The service lets the citizen in, by these rules.
        case served([String])
        /// The service is told no.
        case refused(code: String)
        /// The card is not taken, so no question is put to the rules.
        case cardRefused(code: String)
    }

    let says: String
    /// Where the citizen goes.
    let start: String
    /// Nil: the login of before has to do.
    var evidence: Evidence?
    let expect: Outcome
    /// How the card was used in the end; nil: whatever was done.
    var uses: [CardMode]?
    /// Rules whose own sentence the citizen has to read on a page on the way.
    var reads: [String] = []
    /// What has to stand on the service's page.
    var shows: [String] = []
}
