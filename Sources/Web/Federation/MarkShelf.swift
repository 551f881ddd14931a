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
    }

    /// What was made under the settings that were asked about last: with others, keys and members may be others too.
    private struct Content {
        /// Held itself: the address of one that is gone may be another's next.
        var settings: Configuration?
        var kept: [String: Kept] = [:]
    }

    /// One of each kind for each member that anybody asks about; beyond that the shelf is cleared and begins anew.
    private static let most = 20_000
    private let content = Mutex(Content())

    /// What stands under `name`, or what `make` gives and may be handed out until then.
    func text(
        _ name: String, _ settings: Configuration, at now: Timestamp, make: () throws(TrustMarkRefusal) -> (text: String, until: Timestamp)
    ) throws(TrustMarkRefusal) -> String {
        let old = content.withLock { $0.settings === settings ? $0.kept[name] : nil }
        if let old, now < old.until { return old.text }
        let made = try make()
        content.withLock { content in
            if content.settings !== settings || content.kept.count >= Self.most { content = Content(settings: settings) }
            content.kept[name] = Kept(text: made.text, until: made.until)
        }
        return made.text
    }
}
