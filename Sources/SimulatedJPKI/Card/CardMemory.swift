/// Where the secrets and counters of a card last, and how programs that hold the same card take turns at it.
package struct CardMemory: Sendable {
    /// Nil: what the card was made with still stands.
    let read: @Sendable () throws -> CardSecrets?
    let write: @Sendable (CardSecrets) throws -> Void
    /// Runs its work while nobody else does.
    let alone: @Sendable (() throws -> Void) throws -> Void

    package init(
        read: @escaping @Sendable () throws -> CardSecrets?, write: @escaping @Sendable (CardSecrets) throws -> Void,
        alone: @escaping @Sendable (() throws -> Void) throws -> Void = { try $0() }
    ) {
        self.read = read
        self.write = write
        self.alone = alone
    }

    /// Lasts as long as the card's value.
    package static let none = CardMemory(read: { nil }, write: { _ in })
}
