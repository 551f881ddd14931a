import SAML
import Settings
import Synchronization
import TrustFramework
import Vocabulary

/// Our metadata as it goes out: signed once an hour, at a reload, and when a key begins or ends; never because somebody asks.
final class MetadataShelf: Sendable {
    private struct Copy {
        let publication: MetadataPublication
        /// Held itself: the address of one that is gone may be another's next.
        let settings: Configuration
    }

    /// Documents for members that are pinned to one key; every other reader shares one.
    private static let most = 64
    private let copies = Mutex<[String: Copy]>([:])

    /// The document at this moment; `first` is the certificate that a pinned member shall find before all others.
    func publication(for settings: Configuration, first: String?, at now: Timestamp) throws -> MetadataPublication {
        // Held while one signature is made: those who come meanwhile wait for it instead of making their own.
        try copies.withLock { copies in
            let name = first ?? ""
            if let copy = copies[name], copy.settings === settings, copy.publication.made <= now,
                now < copy.publication.until
            {
                return copy.publication
            }
            let publication = try settings.identityProvider.publication(at: now, ladder: settings.policy.ladder, first: first)
            if copies.count >= Self.most { copies.removeAll() }
            copies[name] = Copy(publication: publication, settings: settings)
            return publication
        }
    }
}
