import Credentials
import Settings
import SignOn
import Vocabulary

/// What stands in the address that a login page shows to an app on another device: which visit, what for, and in which browser the page is.
/// Sealed, so that any node reads it and no page that is only looked at has to be written down.
struct AppTicket: Hashable, Sendable {
    let transaction: TransactionID
    let purpose: ChallengePurpose
    let mode: CardMode
    let browser: DeviceWord?

    /// Letters of the longest one that is read: a visit's name may have 64.
    static let longest = 96

    func text(_ seal: PairingSeal) -> String {
        let words = transaction.text + "." + letters
        return words + "." + seal.mark(words)
    }

    /// Nil for what this deployment did not write.
    init?(_ text: String, _ seal: PairingSeal) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.longest, parts.count == 3, seal.marks(parts[0] + "." + parts[1], with: String(parts[2])),
            let transaction = TransactionID(String(parts[0]))
        else { return nil }
        let letters = Array(String(parts[1]).utf8)
        guard letters.count == 4, let purpose = Self.value(letters[0], ChallengePurpose.self),
            let mode = Self.value(letters[1], CardMode.self)
        else { return nil }
        self.transaction = transaction
        self.purpose = purpose
        self.mode = mode
        if let browser = Self.value(letters[2], DeviceWord.Browser.self), let machine = Self.value(letters[3], DeviceWord.Machine.self) {
            self.browser = DeviceWord(browser: browser, machine: machine)
        } else {
            self.browser = nil
        }
    }

    init(transaction: TransactionID, purpose: ChallengePurpose, mode: CardMode, browser: DeviceWord?) {
        self.transaction = transaction
        self.purpose = purpose
        self.mode = mode
        self.browser = browser
    }

    /// One letter each: the code that is scanned stays small.
    private var letters: String {
        let bytes = [
            Self.letter(purpose), Self.letter(mode), browser.map { Self.letter($0.browser) } ?? Self.nobody,
            browser.map { Self.letter($0.machine) } ?? Self.nobody,
        ]
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let nobody: UInt8 = 0x2d

    private static func letter<Value: CaseIterable & Equatable>(_ value: Value) -> UInt8 {
        let place = Array(Value.allCases).firstIndex(of: value) ?? 0
        return UInt8(truncatingIfNeeded: 0x61 + place)
    }

    private static func value<Value: CaseIterable>(_ letter: UInt8, _: Value.Type) -> Value? {
        let all = Array(Value.allCases), place = Int(letter) - 0x61
        return all.indices.contains(place) ? all[place] : nil
    }
}
