package import Vocabulary

/// Why a JSON value is no set of keys for us.
package enum JWKSetRefusal: Error, Hashable, Sendable {
    case malformed
    case tooManyKeys(limit: Int)
    /// Two keys of one use answer to one name, so a signature would not say which one made it.
    case duplicateKeyID(String)
    /// A key that nobody may publish: symmetric or private.
    case secret(keyID: String?, member: String)
}

/// The keys a peer publishes or registers (RFC 7517 §5).
package struct JWKSet: Sendable {
    package let keys: [JWK]
    /// Keys that were passed over because we cannot use them, as RFC 7517 §5 asks: other types, curves, algorithms, weak or broken
    /// ones. For the operator's report; they never verify anything.
    package let ignored: [(keyID: String?, why: JWKRefusal)]

    // The largest published sets (key rotation at big providers) have fewer than ten.
    private static let most = 64

    package init(_ keys: [JWK]) {
        self.keys = keys
        ignored = []
    }

    package init(reading json: JSON) throws(JWKSetRefusal) {
        guard let items = json["keys"]?.array else { throw .malformed }
        guard items.count <= Self.most else { throw .tooManyKeys(limit: Self.most) }
        var keys: [JWK] = []
        var ignored: [(keyID: String?, why: JWKRefusal)] = []
        var named: [Named] = []
        for item in items {
            let name = item["kid"]?.string
            var key: JWK?
            do {
                let read = try JWK(reading: item)
                key = read
                keys.append(read)
            } catch .secret(let member) {
                throw .secret(keyID: name, member: member)
            } catch {
                ignored.append((name, error))
            }
            if let name {
                let one = Named(name: name, use: item["use"]?.string, key: key)
                if named.contains(where: { one.isMistakable(for: $0) }) { throw .duplicateKeyID(name) }
                named.append(one)
            }
        }
        self.keys = keys
        self.ignored = ignored
    }

    /// What a key of the set is told by, one that we cannot use too.
    private struct Named {
        let name: String
        let use: String?
        /// Nil of a key that we cannot use.
        let key: JWK?

        /// One name does for a key that signs and one to encrypt to, and for one key that is there twice, as some publish them. A key that
        /// says no use may have either (RFC 7517 §4.2, §4.5).
        func isMistakable(for other: Named) -> Bool {
            guard name.hasSameBytes(as: other.name) else { return false }
            if let key, let otherKey = other.key, key.thumbprint == otherKey.thumbprint { return false }
            guard let use, let otherUse = other.use else { return true }
            return use.hasSameBytes(as: otherUse)
        }
    }

    /// The key to encrypt to: one that serves `algorithm`, those that say `enc` before those that say nothing (OpenID Connect Core §10.2).
    package func encryptionKey(for algorithm: JWEAlgorithm) -> JWK? {
        let fitting = keys.filter { $0.serves(algorithm) }
        return fitting.first { $0.use == "enc" } ?? fitting.first
    }

    package var json: JSON { .object([("keys", .array(keys.map(\.json)))]) }
}
