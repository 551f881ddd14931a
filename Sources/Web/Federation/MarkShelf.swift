import OpenID
import Settings
import Synchronization
import TrustFramework
import Vocabulary

/// Trust marks and what goes with them, signed once for many who ask: strangers shall not make our keys work at will.
///
/// INVARIANT: a mark on the shelf is handed out only after its member was found in force at that moment; a suspension needs no clearing.
final class MarkShelf: Sendable {
    private struct Kept {
        let text: String
        /// Handed out before this moment.
        let until: Timestamp
        /// Which settings it was made under: keys and members may have changed since.
        let settings: ObjectIdentifier
    }

    /// One of each kind for each member that anybody asks about; beyond that the shelf is cleared and begins anew.
    private static let most = 20_000
    private let kept = Mutex<[String: Kept]>([:])

    /// What stands under `name`, or what `make` gives and may be handed out until then.
    func text(
        _ name: String, _ settings: Configuration, at now: Timestamp, make: () throws(TrustMarkRefusal) -> (text: String, until: Timestamp)
    ) throws(TrustMarkRefusal) -> String {
        let id = ObjectIdentifier(settings)
        if let old = kept.withLock({ $0[name] }), old.settings == id, now < old.until { return old.text }
        let made = try make()
        kept.withLock { kept in
            if kept.count >= Self.most { kept.removeAll() }
            kept[name] = Kept(text: made.text, until: made.until, settings: id)
        }
        return made.text
    }
}
