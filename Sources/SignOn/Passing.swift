package import Vocabulary

/// Something small that one request leaves for a later one, at whatever node of the deployment that arrives: it lasts for minutes, and there
/// is a bound to how many of a kind wait. Credentials are in it as digests only.
package struct PassingNote: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// What an app on another device has proven for a visit; under the visit's name.
        case appAnswer = "app-answer"
        /// What is known of the card at a visit, for its page; under the visit's name.
        case cardNews = "card-news"
        case sandboxCode = "sandbox-code"
        case sandboxToken = "sandbox-token"
        /// A request that was pushed to the sandbox.
        case sandboxRequest = "sandbox-request"

        /// So many of one kind wait at a time.
        package var most: Int {
            switch self {
            case .appAnswer, .cardNews: 10_000
            case .sandboxCode, .sandboxToken, .sandboxRequest: 1_000
            }
        }
    }

    package let kind: Kind
    /// SHA-256 of what names it: a ticket, or a visit.
    package let key: [UInt8]
    /// SHA-256 of what has to be said for it; nil where its name is enough.
    package let proof: [UInt8]?
    /// Wrong proofs until it is thrown away.
    package let tries: Int
    package let login: SessionAuthentication?
    package let body: [UInt8]
    package let expiresAt: Timestamp

    package init(
        _ kind: Kind, key: [UInt8], proof: [UInt8]? = nil, tries: Int = 1, login: SessionAuthentication? = nil, body: [UInt8] = [],
        expiresAt: Timestamp
    ) {
        self.kind = kind
        self.key = key
        self.proof = proof
        self.tries = tries
        self.login = login
        self.body = body
        self.expiresAt = expiresAt
    }
}

/// What somebody's proof came to.
package enum PassingGuess: Hashable, Sendable {
    case right(PassingNote)
    case wrong(left: Int)
    /// Nothing waits under this name, or its time is over.
    case nothing
}

/// Every verb is one atomic gate; see `Stores.swift`.
package protocol PassingStore: Sendable {
    /// Leaves it in place of an earlier one of this kind and key. False when so many wait that there is no room; nothing is left then.
    func leave(_ note: PassingNote, at now: Timestamp) async throws -> Bool
    func passing(_ kind: PassingNote.Kind, _ key: [UInt8], at now: Timestamp) async throws -> PassingNote?
    /// Takes it out; of two callers one gets it. What asks for a proof is not given so.
    func takePassing(_ kind: PassingNote.Kind, _ key: [UInt8], at now: Timestamp) async throws -> PassingNote?
    /// Takes it out by the right proof. A wrong one uses up a try; the last one throws it away.
    func guessPassing(_ kind: PassingNote.Kind, _ key: [UInt8], proof: [UInt8], at now: Timestamp) async throws -> PassingGuess
}
