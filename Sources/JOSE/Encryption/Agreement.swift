import Cryptography
import Vocabulary

/// ECDH-ES (RFC 7518 §4.6): what the header brings for the derivation, beside the common point.
struct Agreement: Sendable {
    /// `apu` and `apv`, decoded; empty when absent.
    let producer: [UInt8]
    let consumer: [UInt8]

    // Names or nonces; NIST's examples have 16 to 32 bytes, and the derivation hashes them for each 32 bytes of key.
    private static let longest = 512

    static let anonymous = Agreement(producer: [], consumer: [])

    init(producer: [UInt8], consumer: [UInt8]) {
        self.producer = producer
        self.consumer = consumer
    }

    init(_ header: JSON) throws(JWERefusal) {
        producer = try Self.party(header, "apu")
        consumer = try Self.party(header, "apv")
    }

    private static func party(_ header: JSON, _ member: String) throws(JWERefusal) -> [UInt8] {
        guard let value = header[member] else { return [] }
        guard let text = value.string, text.utf8.count <= 2 * longest, let bytes = Base64url.decode(text), bytes.count <= longest else {
            throw .headerMember(member)
        }
        return bytes
    }

    /// The agreed key: for wrapping when the algorithm wraps, else the content key itself.
    func key(_ shared: borrowing Secret, for algorithm: JWEAlgorithm, _ content: JWEContent) throws(CipherError) -> Secret {
        let (name, length) =
            switch algorithm.management {
            case .agreedWrap(let length): (algorithm.rawValue, length)
            case .agreement, .transport: (content.rawValue, content.keyLength)
            }
        let information =
            Self.counted(Array(name.utf8)) + Self.counted(producer) + Self.counted(consumer) + Self.bigEndian(length * 8)
        return try ConcatKDF.derive(shared, .sha256, knowing: information, length: length)
    }

    private static func counted(_ bytes: [UInt8]) -> [UInt8] { bigEndian(bytes.count) + bytes }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
