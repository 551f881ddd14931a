import Credentials
import SignOn
import Synchronization
import TrustFramework
import Vocabulary

/// A login by an app on another device (a phone that reads the card, for a browser that has no reader). The browser's page shows an address;
/// the app answers there, and the platform gives *it* a number, which the citizen types into the page. Nothing is logged in by the app
/// alone: without the number and the browser's own cookie the answer is worth nothing, so that an address that somebody sends around logs
/// nobody in at the sender's (checklist H1, H3; RFC 8628 §5.4). For minutes, in this process.
final class AppPairing: Sendable {
    /// The name of the field for the number.
    static let field = "app_code"
    /// Visits that are kept; beyond it the ones that end first are let go.
    static let most = 10_000
    /// Seconds that an answer waits for its number to be typed.
    static let patience: Int64 = 180
    /// Wrong numbers until the answer is thrown away: one in 200,000 is guessed.
    static let tries = 5

    /// What the app has to know of a visit.
    struct Offer: Sendable {
        let address: String
        let transaction: TransactionID
        let purpose: ChallengePurpose
        let mode: CardMode
        let service: Words
        let use: Purpose
        let until: Timestamp
    }

    /// What an app has proven at one visit.
    struct Answer: Sendable {
        let authentication: Authentication
        let certificate: [UInt8]
    }

    enum Taken: Sendable {
        case answer(Answer)
        case wrong(left: Int)
        /// No app has answered, or its time is over.
        case nothing
    }

    private struct Waiting {
        let answer: Answer
        let code: [UInt8]
        let until: Timestamp
        var left = AppPairing.tries
    }

    private struct State {
        /// By the digest of the ticket in their address.
        var offers: [[UInt8]: Offer] = [:]
        var waiting: [TransactionID: Waiting] = [:]
    }

    private let state = Mutex(State())

    /// The ticket follows from the cookie of the visit, which nobody else has: opening the page again shows the same code.
    static func ticket(_ cookie: String) -> String { Base64url.encode(Ticket.digest(of: "app " + cookie)) }

    func offer(_ offer: Offer, behind ticket: String, at now: Timestamp) {
        state.withLock { state in
            let digest = Ticket.digest(of: ticket)
            if state.offers.count >= Self.most, state.offers[digest] == nil {
                state.offers = state.offers.filter { now < $0.value.until }
                if state.offers.count >= Self.most, let first = state.offers.min(by: { $0.value.until < $1.value.until }) {
                    state.offers[first.key] = nil
                }
            }
            state.offers[digest] = offer
        }
    }

    func offer(behind ticket: String, at now: Timestamp) -> Offer? {
        state.withLock { state in state.offers[Ticket.digest(of: ticket)].flatMap { now < $0.until ? $0 : nil } }
    }

    /// Keeps what the app proved, in place of an earlier one; the number that the app shows, six digits.
    func keep(_ answer: Answer, for visit: TransactionID, at now: Timestamp, using random: inout some RandomNumberGenerator) -> String {
        let code = String(String(1_000_000 + Int.random(in: 0..<1_000_000, using: &random)).dropFirst())
        let waiting = Waiting(answer: answer, code: Self.digest(code, visit), until: now.adding(seconds: Self.patience))
        state.withLock { state in
            if state.waiting.count >= Self.most { state.waiting = state.waiting.filter { now < $0.value.until } }
            if state.waiting.count < Self.most || state.waiting[visit] != nil { state.waiting[visit] = waiting }
        }
        return code
    }

    /// Taken once: the right number uses the answer up, and so does the last wrong one.
    func take(_ typed: String, for visit: TransactionID, at now: Timestamp) -> Taken {
        let digits = typed.unicodeScalars.compactMap(Self.digit).prefix(12)
        let code = String(String.UnicodeScalarView(digits))
        return state.withLock { state in
            guard var waiting = state.waiting[visit], now < waiting.until else {
                state.waiting[visit] = nil
                return .nothing
            }
            if Ticket.matches(visit.text + " " + code, waiting.code) {
                state.waiting[visit] = nil
                return .answer(waiting.answer)
            }
            waiting.left -= 1
            state.waiting[visit] = waiting.left > 0 ? waiting : nil
            return .wrong(left: waiting.left)
        }
    }

    private static func digest(_ code: String, _ visit: TransactionID) -> [UInt8] { Ticket.digest(of: visit.text + " " + code) }

    /// Digits as people type them here: narrow or wide.
    private static func digit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x30...0x39: scalar
        case 0xff10...0xff19: Unicode.Scalar(scalar.value - 0xff10 + 0x30)
        default: nil
        }
    }
}
