import JOSE
import Vocabulary

extension Client {
    /// Whether none of the keys that are known answers to this name and serves this algorithm.
    func lacksKey(named name: String?, for algorithm: JWSAlgorithm) -> Bool {
        guard let keys else { return true }
        return !keys.keys.contains { key in
            key.serves(algorithm) && (name == nil || key.keyID.map { $0.hasSameBytes(as: name ?? "") } ?? true)
        }
    }
}
