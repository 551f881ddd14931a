import SAML
package import Vocabulary

/// Members that are not in the members folder: what the metadata sources have published by now.
///
/// Look-ups are synchronous and cheap; they may read a few kilobytes of disk the first time a member is asked for.
package protocol MemberBook: Sendable {
    func registration(_ id: MemberID) -> Registration?
    /// Whose artifacts have this SourceID (SAML Bindings §3.6.4.2); of members known by query only those that were asked for lately.
    func issuer(ofArtifactsFrom source: [UInt8]) -> MemberID?
    /// For an issuer that nobody here knows, or only by metadata past its end: asks the metadata query services, for at most the time the
    /// settings give one answer. Returns at once when there are none, or when none of them knew it a moment ago.
    func learn(_ id: MemberID) async
    /// The same for an artifact, which names its issuer by a digest only; nil when nobody knows it.
    func learn(artifactsFrom source: [UInt8]) async -> MemberID?
}

extension Federation {
    /// The same members, and behind them those of the sources: the members folder comes first.
    package func following(_ book: any MemberBook) -> Federation {
        var copy = self
        copy.book = book
        return copy
    }

    /// The SAML member whose artifacts have this SourceID.
    package func issuer(ofArtifactsFrom source: [UInt8]) -> MemberID? {
        registered.first { Artifact.source(of: $0) == source } ?? book?.issuer(ofArtifactsFrom: source)
    }

    /// The same, and where nobody here is known by it: asks the metadata query services, as `learn` does.
    package func learn(artifactsFrom source: [UInt8]) async -> MemberID? {
        if let known = issuer(ofArtifactsFrom: source) {
            await learn(known)
            return known
        }
        return await book?.learn(artifactsFrom: source)
    }

    /// To be called with the issuer of a message before it is looked up: the one place where a request waits for metadata.
    package func learn(_ issuer: MemberID) async {
        guard let book, !isOurs(issuer) else { return }
        await book.learn(issuer)
    }
}
