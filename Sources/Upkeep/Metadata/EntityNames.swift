import Cryptography
import Vocabulary

/// Where an entity is asked for, and what its files are called.
extension EntityQuery {
    /// `{base}/entities/{entityID}` with everything but unreserved characters encoded, so that an entityID cannot name another path.
    static func address(_ base: String, _ id: MemberID) -> String? {
        guard id.text != ".", id.text != ".." else { return nil }
        return (base.hasSuffix("/") ? base : base + "/") + "entities/" + PercentEncoding.encode(id.text)
    }

    /// The same by SHA-1 of the entityID, for services that take nothing else. A name, not a proof: what comes is looked at.
    static func hashedAddress(_ base: String, _ id: MemberID) -> String {
        hashedAddress(base, Digest.compute(.sha1, Array(id.text.utf8)))
    }

    static func hashedAddress(_ base: String, _ digest: [UInt8]) -> String {
        (base.hasSuffix("/") ? base : base + "/") + "entities/%7Bsha1%7D" + Hexadecimal.encode(digest)
    }

    static func name(_ id: MemberID) -> String { Hexadecimal.encode(Digest.sha256(Array(id.text.utf8)).prefix(20)) }
    static func document(_ id: MemberID) -> String { name(id) + ".xml" }
    static func waiting(_ id: MemberID) -> String { name(id) + ".waiting.xml" }
    static func record(_ id: MemberID) -> String { name(id) + ".json" }
}
