package import JOSE
package import Vocabulary

/// A reader, kiosk or app whose key the platform knows: what it signs about the use of a card is believed, within its permission.
package struct Terminal: Sendable {
    package let id: TerminalID
    package let name: String
    /// Several while keys are being changed over.
    package let keys: [JWK]
    /// What it may state. Modes B and C need separate permission by law (`jpki.md` §2.1), so no mode implies another.
    package let modes: Set<CardMode>
    /// Someone stands by. Only there may a face be compared (法38条の2).
    package let attended: Bool
    /// What kind of terminal it is, in the words of `Policies/ladder.yaml`, where classes have ceilings and rules may name them.
    package let terminalClass: String
    /// Others use it too: a citizen who decides there about what waits elsewhere is logged out by it.
    package let isShared: Bool
    package let notBefore: Timestamp
    package let notAfter: Timestamp

    /// `shared`: nil where its file does not say; then whoever stands by stands there for others too.
    package init(
        id: TerminalID, name: String, keys: [JWK], modes: Set<CardMode>, attended: Bool, terminalClass: String = "unclassified",
        shared: Bool? = nil, notBefore: Timestamp, notAfter: Timestamp
    ) {
        self.id = id
        self.name = name
        self.keys = keys
        self.modes = modes
        self.attended = attended
        self.terminalClass = terminalClass
        isShared = shared ?? attended
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    /// The first moment counts, the last does not.
    package func isRegistered(at now: Timestamp) -> Bool { notBefore <= now && now < notAfter }

    package func may(state mode: CardMode) -> Bool { modes.contains(mode) && (mode != .face || attended) }
}

/// All terminals of a deployment, by name; of two with one name the first counts.
package struct TerminalRegistry: Sendable {
    private let terminals: [TerminalID: Terminal]

    package init(_ terminals: [Terminal]) {
        self.terminals = Dictionary(terminals.map { ($0.id, $0) }) { first, _ in first }
    }

    package func find(_ id: TerminalID) -> Terminal? { terminals[id] }

    package var count: Int { terminals.count }
}
