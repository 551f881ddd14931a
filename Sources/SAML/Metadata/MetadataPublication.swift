import Cryptography
package import TrustFramework
package import Vocabulary

/// Our metadata as it is handed out for a while: one signature, however often it is fetched.
package struct MetadataPublication: Sendable {
    package let bytes: [UInt8]
    /// An entity tag (RFC 9110 §8.8.3), quotes and all. Strong: equal tags mean equal bytes.
    package let tag: String
    package let made: Timestamp
    /// From when it has to be made anew: the next full hour, or sooner when a key begins or ends.
    package let until: Timestamp
}

extension IdentityProvider {
    /// Signed now. Dated by the hour, so that several servers say the same; the keys are those of this very moment.
    package func publication(
        at now: Timestamp, ladder: AssuranceLadder, first: String? = nil
    ) throws(AnswerFailure) -> MetadataPublication {
        let hour = Timestamp(seconds: now.seconds - now.seconds % 3600)
        let bytes = try metadata(at: hour, keysAt: now, ladder: ladder, first: first)
        let end = hour.adding(seconds: 3600)
        return MetadataPublication(
            bytes: bytes, tag: "\"" + Hexadecimal.encode(Digest.sha256(bytes).prefix(16)) + "\"", made: now,
            until: nextKeyEvent(after: now).map { min($0, end) } ?? end)
    }

    /// Certificates of the keys that sign our metadata, the next one among them, as PEM with a comment to each: for readers that are given
    /// the key out of band (IIP-MD03).
    package func metadataCertificates(at now: Timestamp) -> String {
        let own = metadataKeys?.published(at: now) ?? []
        let others = metadataKeys?.hasCurrent(at: now) == true ? [] : signingKeys.published(at: now)
        return (others + own).map {
            "# \($0.life.state(at: now).rawValue), SHA-256 \($0.fingerprint)\n" + PEM.encode($0.certificate, label: "CERTIFICATE")
        }.joined()
    }

    /// What stands in our KeyDescriptors for signing at this moment, as fingerprints of certificates.
    package func publishedFingerprints(at now: Timestamp) -> [String] { signingKeys.published(at: now).map(\.fingerprint) }
}
