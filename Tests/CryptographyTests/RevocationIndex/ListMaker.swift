import Cryptography
import Vocabulary

/// Numbers that are random enough and the same in every run.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }

    /// Content bytes of an INTEGER of exactly this width, of any sign, in its one form.
    mutating func serial(_ width: Int) -> [UInt8] {
        var bytes = bytes(width)
        while width > 1, bytes[0] == 0 && bytes[1] < 0x80 || bytes[0] == 0xff && bytes[1] >= 0x80 { bytes[1] = self.bytes(1)[0] }
        return bytes
    }
}

/// A revocation list in the making, signed by the key of `X509Draft`.
struct ListMaker {
    struct Entry {
        var serial: [UInt8]
        var date = Timestamp(seconds: 1_790_000_000)
        var reason: RevocationReason?
        /// A certificateIssuer extension in this entry.
        var issuer: DistinguishedName?
        var extensions: [[UInt8]] = []

        var der: [UInt8] {
            DERWriter.build { writer in
                writer.sequence { writer in
                    writer.integer(content: serial)
                    writer.time(date)
                    var all: [[UInt8]] = []
                    if let reason {
                        all.append(X509Draft.extension(.reasonCode, DERWriter.build { $0.enumerated(UInt8(reason.rawValue)) }))
                    }
                    all += extensions
                    if let issuer { all.append(X509Draft.extension(.certificateIssuer, critical: true, ListMaker.names([issuer]))) }
                    if !all.isEmpty { writer.sequence { $0.raw(all.flatMap { $0 }) } }
                }
            }
        }
    }

    static let issuer = DistinguishedName([(.country, "JP"), (.commonName, "Test CA")])
    var version: [UInt8] = [2, 1, 1]
    var entries: [Entry] = []
    /// In place of what `entries` give.
    var rawEntries: [UInt8]?
    var isIndirect = false
    /// Behind the entries, where only extensions may stand.
    var behindEntries: [UInt8] = []
    var key = X509Draft.key
    var algorithm = SignatureAlgorithm.ecdsa(.sha256)

    static func names(_ names: [DistinguishedName]) -> [UInt8] {
        DERWriter.build { writer in writer.sequence { writer in for name in names { writer.context(4) { $0.raw(name.der) } } } }
    }

    func der() throws -> [UInt8] {
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.raw(version)
                writer.raw(algorithm.identifier)
                writer.raw(Self.issuer.der)
                writer.time(Timestamp(seconds: 1_795_000_000))
                writer.time(Timestamp(seconds: 1_795_086_400))
                let revoked = rawEntries ?? entries.flatMap(\.der)
                if !revoked.isEmpty { writer.sequence { $0.raw(revoked) } }
                writer.raw(behindEntries)
                guard !version.isEmpty else { return }
                writer.context(0) { writer in
                    writer.sequence { writer in
                        writer.raw(X509Draft.extension(.crlNumber, DERWriter.build { $0.integer(7) }))
                        if isIndirect {
                            let point = DERWriter.build { writer in writer.sequence { $0.context(4, content: [0xff]) } }
                            writer.raw(X509Draft.extension(.issuingDistributionPoint, critical: true, point))
                        }
                    }
                }
            }
        }
        return try SignedStructure.make(body, key: key.get(), algorithm)
    }
}
