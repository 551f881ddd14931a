import Credentials
import SignOn
import TrustFramework
import Vocabulary

/// A login by an app on another device (a phone that reads the card, for a browser that has no reader). The browser's page shows an address;
/// the app answers there, and the platform gives *it* a number, which the citizen types into the page. Nothing is logged in by the app
/// alone: without the number and the browser's own cookie the answer is worth nothing, so that an address that somebody sends around logs
/// nobody in at the sender's (checklist H1, H3; RFC 8628 §5.4). What waits is in the store: any node goes on with it (decision 0063).
///
/// A page that shows somebody else's code can relay all of it. So such a login has a door of its own, `other-device`, and reaches only the
/// contexts whose ladder entry names that door: none, unless the operator writes one.
enum AppPairing {
    /// The name of the field for the number.
    static let field = "app_code"
    /// Seconds that an answer waits for its number to be typed.
    static let patience: Int64 = 180
    /// Wrong numbers until the answer is thrown away: one in 200,000 is guessed.
    static let tries = 5

    /// What the app has to know of a visit.
    struct Offer: Sendable {
        let ticket: AppTicket
        let member: MemberID
        let service: Words
        let use: Purpose
        /// When the visit began.
        let begun: Timestamp
        let until: Timestamp

        var transaction: TransactionID { ticket.transaction }
    }

    /// What an app has proven at one visit.
    struct Answer: Sendable {
        let login: SessionAuthentication
        let certificate: [UInt8]
    }

    enum Taken: Sendable {
        case answer(Answer)
        case wrong(left: Int)
        /// No app has answered, or its time is over.
        case nothing
    }

    /// An answer to a step-up is found by no login, and the other way round: the session may have ended while the number was being read.
    static func key(_ visit: TransactionID, _ purpose: ChallengePurpose) -> [UInt8] {
        Ticket.digest(of: "app " + purpose.rawValue + " " + visit.text)
    }

    static func proof(_ code: String, _ visit: TransactionID) -> [UInt8] { Ticket.digest(of: visit.text + " " + code) }

    /// Digits as people type them here: narrow or wide.
    static func digits(_ typed: String) -> String {
        let digits = typed.unicodeScalars.compactMap { scalar -> Unicode.Scalar? in
            switch scalar.value {
            case 0x30...0x39: scalar
            case 0xff10...0xff19: Unicode.Scalar(scalar.value - 0xff10 + 0x30)
            default: nil
            }
        }
        return String(String.UnicodeScalarView(digits.prefix(12)))
    }
}

extension Platform {
    /// Keeps what the app proved, in place of an earlier one; the number that the app shows, six digits. Nil when there is no room.
    func keepAppAnswer(
        _ answer: AppPairing.Answer, for visit: TransactionID, _ purpose: ChallengePurpose, at now: Timestamp
    ) async throws -> String? {
        var random = SystemRandomNumberGenerator()
        let code = String(String(1_000_000 + Int.random(in: 0..<1_000_000, using: &random)).dropFirst())
        let isKept = try await stores.leave(
            PassingNote(
                .appAnswer, key: AppPairing.key(visit, purpose), proof: AppPairing.proof(code, visit), tries: AppPairing.tries,
                login: answer.login, body: answer.certificate, expiresAt: now.adding(seconds: AppPairing.patience)), at: now)
        return isKept ? code : nil
    }

    /// Taken once: the right number uses the answer up, and so does the last wrong one.
    func takeAppAnswer(
        _ typed: String, for visit: TransactionID, _ purpose: ChallengePurpose, at now: Timestamp
    ) async throws -> AppPairing.Taken {
        let proof = AppPairing.proof(AppPairing.digits(typed), visit)
        switch try await stores.guessPassing(.appAnswer, AppPairing.key(visit, purpose), proof: proof, at: now) {
        case .right(let note):
            guard let login = note.login else { return .nothing }
            return .answer(AppPairing.Answer(login: login, certificate: note.body))
        case .wrong(let left): return .wrong(left: left)
        case .nothing: return .nothing
        }
    }
}
