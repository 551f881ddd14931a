import JOSE
import Vocabulary

extension Client {
    /// Whether the client publishes its keys elsewhere, and none that was there when they were fetched last verifies this: it may have a new
    /// one.
    func mayHaveNewKey(for signed: UnverifiedJWS) -> Bool {
        keysAddress != nil && lacksKey(named: signed.keyID, for: signed.algorithm)
    }

    /// The same of a request object, or a hint. One that is encrypted does not show who signed it.
    func mayHaveNewKey(for object: String?) -> Bool {
        guard keysAddress != nil, let object, let signed = try? UnverifiedJWS(compact: object, limit: RequestObject.largest) else {
            return false
        }
        return mayHaveNewKey(for: signed)
    }

    /// Whether none of the keys that are known answers to this name and serves this algorithm.
    private func lacksKey(named name: String?, for algorithm: JWSAlgorithm) -> Bool {
        guard let keys else { return true }
        return !keys.keys.contains { key in
            key.serves(algorithm) && (name == nil || key.keyID.map { $0.hasSameBytes(as: name ?? "") } ?? true)
        }
    }
}
