import JOSE
import Vocabulary

extension JWSRefusal {
    /// What of a signed text did not fit a registration, for `compared`; nil where it was no signed text that could be compared.
    var found: Explanation.Compared? {
        switch self {
        case .algorithmNotAllowed(let algorithm): .init("alg", algorithm.rawValue)
        case .algorithm(let name): .init("alg", name)
        case .keyMissing(let keyID): .init("kid", keyID ?? "none")
        case .signature: .init("signature", "does not verify")
        default: nil
        }
    }
}
