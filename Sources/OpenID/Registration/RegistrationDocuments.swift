package import JOSE
import Vocabulary

/// What a registration points to, and what stood there. Others fetch it; what came is judged here.
package struct RegistrationDocuments: Sendable {
    /// Nil when it could not be fetched.
    package var keys: [UInt8]?
    package var sector: [UInt8]?

    package init(keys: [UInt8]? = nil, sector: [UInt8]? = nil) {
        self.keys = keys
        self.sector = sector
    }

    /// Bytes of a document. A sector may name some hundreds of addresses.
    package static let longestKeys = 65_536
    package static let longestSector = 262_144

    /// A key set as it was published.
    package static func keys(in bytes: [UInt8]) -> Result<JWKSet, RegistrationFault> {
        do {
            let set = try JWKSet(reading: JSON(reading: bytes, limit: longestKeys, depth: 8))
            return set.keys.isEmpty ? .failure(RegistrationFault("there is no key in it that we can use")) : .success(set)
        } catch let refusal as JWKSetRefusal {
            return .failure(RegistrationFault(refusal.inWords))
        } catch {
            return .failure(RegistrationFault("it is no JSON"))
        }
    }

    /// The addresses of a sector (OpenID Connect Core §8.1).
    static func addresses(in bytes: [UInt8]) -> [String]? {
        guard let json = try? JSON(reading: bytes, limit: longestSector, depth: 4), let texts = json.strings, texts.count <= 4_096 else {
            return nil
        }
        return texts
    }
}

/// Why something that stood elsewhere is of no use, in words.
package struct RegistrationFault: Error, Hashable, Sendable {
    package let words: String

    package init(_ words: String) { self.words = words }
}
