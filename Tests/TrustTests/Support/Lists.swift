import Cryptography
import Trust
import Vocabulary

/// A revocation list in the making.
struct ListDraft {
    var issuer = Authority.name
    var thisUpdate = Moment.days(-1)
    var nextUpdate: Timestamp? = Moment.days(1)
    /// INTEGER 1; empty for version 1.
    var version: [UInt8] = [2, 1, 1]
    var number = 7
    var writesNumber = true
    var keyIdentifier: [UInt8]?
    var entries: [Entry] = []
    var extensions: [[UInt8]] = []
    /// The key that signs, when it is not the authority's.
    var signer: PrivateKey?

    struct Entry {
        var serial: [UInt8]
        var reason: UInt8?
        var at = Moment.days(-10)
        var extensions: [[UInt8]] = []
    }

    /// The partition of a town.
    mutating func partition(_ town: String) {
        extensions.append(Extension.issuingPoint { Extension.pointName(Authority.partition(town), to: &$0) })
    }

    func body(_ algorithm: SignatureAlgorithm) -> [UInt8] {
        DERWriter.build { writer in
            writer.sequence { writer in
                writer.raw(version)
                writer.raw(algorithm.identifier)
                writer.raw(issuer.der)
                writer.time(thisUpdate)
                if let nextUpdate { writer.time(nextUpdate) }
                if !entries.isEmpty {
                    writer.sequence { writer in for entry in entries { writer.sequence { Self.write(entry, to: &$0) } } }
                }
                guard !version.isEmpty else { return }
                writer.context(0) { writer in
                    writer.sequence { writer in
                        if writesNumber { writer.raw(Extension.raw(.crlNumber) { $0.integer(number) }) }
                        if let keyIdentifier { writer.raw(Extension.authorityKey(keyIdentifier)) }
                        writer.raw(extensions.flatMap { $0 })
                    }
                }
            }
        }
    }

    private static func write(_ entry: Entry, to writer: inout DERWriter) {
        writer.integer(content: entry.serial)
        writer.time(entry.at)
        var extensions = entry.extensions
        if let reason = entry.reason { extensions.append(Extension.raw(.reasonCode) { $0.enumerated(reason) }) }
        if !extensions.isEmpty { writer.sequence { $0.raw(extensions.flatMap { $0 }) } }
    }
}

extension Authority {
    func list(change: (inout ListDraft) throws -> Void = { _ in }) throws -> [UInt8] {
        var draft = ListDraft(keyIdentifier: key.publicKey.keyIdentifier)
        draft.issuer = certificate.subject
        try change(&draft)
        let signer = draft.signer ?? key
        return try SignedStructure.make(draft.body(signer.usual), key: signer, signer.usual)
    }

    func verifiedList(at now: Timestamp = Moment.now, change: (inout ListDraft) throws -> Void = { _ in }) throws -> VerifiedRevocationList
    {
        try UnverifiedRevocationList(der: list(change: change)).verified(issuer: certificate, at: now)
    }
}
