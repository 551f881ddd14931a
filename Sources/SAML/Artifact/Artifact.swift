import Cryptography
package import Vocabulary

/// A reference to a message that is fetched behind the browser's back: type 4, the only one SAML 2.0 defines (Bindings §3.6.4.2).
package struct Artifact: Hashable, Sendable {
    /// SHA-1 of the issuer's entityID: a name, not a proof of anything.
    package let source: [UInt8]
    /// Which of the issuer's ArtifactResolutionServices has the message.
    package let endpoint: Int
    /// 20 bytes that nobody can guess.
    let handle: [UInt8]

    /// The 44 bytes, in Base64.
    package let text: String

    /// Nil for anything but 44 bytes of type 4. White space around it is dropped: OpenSAML for C++, and so Shibboleth's service provider, ends
    /// its Base64 with a line break.
    package init?(_ sent: String) {
        let text = Lexical.trimmed(sent)
        guard text.utf8.count == Self.textLength, let bytes = Base64.decode(text), bytes.count == Self.length, bytes.starts(with: Self.type)
        else { return nil }
        endpoint = Int(bytes[2]) << 8 | Int(bytes[3])
        source = Array(bytes[4..<24])
        handle = Array(bytes[24...])
        self.text = text
    }

    /// A new one of ours. `endpoint` 0 is the one we publish: every node that shares our store resolves it.
    static func fresh(from issuer: MemberID, endpoint: UInt16 = 0, using random: inout some RandomNumberGenerator) -> Artifact? {
        let bytes = type + [UInt8(endpoint >> 8), UInt8(endpoint & 255)] + source(of: issuer) + random.bytes(20)
        return Artifact(Base64.encode(bytes))
    }

    /// The source ID of an entity (Bindings §3.6.4.2).
    package static func source(of entity: MemberID) -> [UInt8] { Digest.compute(.sha1, Array(entity.text.utf8)) }

    package func isFrom(_ entity: MemberID) -> Bool { source == Self.source(of: entity) }

    private static let type: [UInt8] = [0, 4]
    private static let length = 44
    private static let textLength = 60
}
