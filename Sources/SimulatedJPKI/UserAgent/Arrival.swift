package import Outbound
package import Vocabulary

/// The page at which a browser came to rest.
package struct Arrival: Sendable {
    package let status: Int
    package let address: WebAddress
    package let title: String
    /// What a person reads.
    package let text: String
    package let body: [UInt8]
    /// How the card was used on the way, in order.
    package let cardUses: [CardMode]
    /// How often the signature certificate was shown.
    package let identitiesShown: Int
    /// A page with status 200 that is not the platform's.
    package let isAtService: Bool
}

/// Why a browser did not come to rest.
package enum UserAgentRefusal: Error, Hashable, Sendable {
    case address(String)
    case network(OutboundRefusal, String)
    case tooManyHops(Int)
    /// The platform's challenge is not about the page we are on, so the card was not used.
    case challengeNotForHere
    case card(UseRefusal)
    case strongerLoginNeeded(minimum: String)
    case askedAgain(Int)
    case cardAPI(String)
    /// The platform refused the card's answer; `code` is its stable code.
    case refused(status: Int, code: String, summary: String, explanation: JSON)
}

extension UserAgentRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .address(let text): "not an address a browser goes to: `\(text.prefix(200))`"
        case .network(let refusal, let origin): "no answer from \(origin): \(refusal)"
        case .tooManyHops(let limit): "no page stayed within \(limit) steps"
        case .challengeNotForHere: "the challenge is not for this page of this platform; the card was not used"
        case .card(let refusal): refusal.words
        case .strongerLoginNeeded(let minimum): "the service needs a stronger login (\(minimum)) and no PIN was given"
        case .askedAgain(let count): "the platform asks for the card again after \(count) uses"
        case .cardAPI(let what): "the card API: \(what)"
        case .refused(let status, let code, let summary, _): "refused with \(status) `\(code)`: \(summary)"
        }
    }
}

extension UseRefusal {
    fileprivate var words: String {
        switch self {
        case .card(.wrong(let left)): "wrong PIN; \(left) \(left == 1 ? "try" : "tries") left"
        case .card(.blocked): "the PIN is blocked; only a municipal counter unblocks it"
        case .card(let refusal): "the card answers \(String(refusal.statusWord, radix: 16)) (\(refusal))"
        case .pinNotGiven: "a PIN is needed and was not given"
        case .passwordNotGiven: "the signature key's password is needed and was not given"
        case .password(.wrong(let left)): "wrong password; \(left) \(left == 1 ? "try" : "tries") left"
        case .password(.blocked): "the password is blocked; only a municipal counter unblocks it"
        case .password(let refusal): "the card answers \(String(refusal.statusWord, radix: 16)) to the password (\(refusal))"
        case .terminalMayNot(let mode): "the terminal may not be used in mode \(mode.rawValue)"
        case .terminalMissing(let mode): "mode \(mode.rawValue) needs a terminal"
        case .terminalKey: "the terminal's key failed"
        case .faceDoesNotMatch: "the face is not the card's"
        case .notGenuine: "the terminal does not find a genuine card"
        case .algorithmNotOffered(let name): "the platform does not take \(name) signatures"
        }
    }
}
