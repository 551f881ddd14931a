package import Vocabulary

/// The life of one of our own keys, by dates: a key takes over and steps back when its moment comes, without a word from anybody.
///
/// One model for SAML and OpenID. A key is published before it is used (`next`), then signs (`current`), then is published for as long as
/// something that it signed may still be looked at (`retiring`), then is `gone`. A `revoked` key does nothing from the moment on.
package struct KeyLife: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// Published, not yet used.
        case next
        case current
        /// Signs no longer; still published.
        case retiring
        case gone
        case revoked
    }

    /// From when it signs; nil while nobody has said.
    package let from: Timestamp?
    /// From when a successor signs in its place.
    package let succeeded: Timestamp?
    /// Until when it is published after that; nil for as long as it is in the folder.
    package let until: Timestamp?
    package let revoked: Timestamp?

    package init(from: Timestamp?, succeeded: Timestamp? = nil, until: Timestamp? = nil, revoked: Timestamp? = nil) {
        self.from = from
        self.succeeded = succeeded
        self.until = until
        self.revoked = revoked
    }

    /// Has signed for as long as anybody knows, and nobody follows.
    package static let always = KeyLife(from: Timestamp(milliseconds: .min))
    package static let waiting = KeyLife(from: nil)

    package func state(at now: Timestamp) -> State {
        if let revoked, revoked <= now { return .revoked }
        guard let from, from <= now else { return .next }
        guard let succeeded, succeeded <= now else { return .current }
        if let until, until <= now { return .gone }
        return .retiring
    }

    package func isPublished(at now: Timestamp) -> Bool {
        switch state(at: now) {
        case .next, .current, .retiring: true
        case .gone, .revoked: false
        }
    }
}
