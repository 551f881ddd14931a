/// What changes in a card's life: its PIN and password, and how many tries are left.
package struct CardSecrets: Hashable, Sendable {
    /// EF 0018. Nil for a card issued without one (暗証番号設定なし), which only an attended terminal opens.
    package var pin: String?
    package var pinTriesLeft: Int
    /// EF 001B.
    package var password: String?
    package var passwordTriesLeft: Int

    package static let pinTries = 3
    package static let passwordTries = 5

    /// Nil when either does not have its form (`jpki.md` §3.2).
    package init?(pin: String?, password: String?, pinTriesLeft: Int = pinTries, passwordTriesLeft: Int = passwordTries) {
        guard pin.map(Self.isPIN) ?? true, password.map(Self.isPassword) ?? true, (0...Self.pinTries).contains(pinTriesLeft),
            (0...Self.passwordTries).contains(passwordTriesLeft)
        else { return nil }
        self.pin = pin
        self.password = password
        self.pinTriesLeft = pinTriesLeft
        self.passwordTriesLeft = passwordTriesLeft
    }

    static func isPIN(_ text: String) -> Bool {
        text.utf8.count == 4 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    static func isPassword(_ text: String) -> Bool {
        (6...16).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) }
    }
}
