package import Cryptography
package import Vocabulary

/// Everything one authority has issued, and what became of it.
package struct Register: Sendable {
    package private(set) var entries: [RegisterEntry]
    private var next: UInt64

    init(firstSerial: UInt64) {
        entries = []
        next = firstSerial
    }

    /// Serials are counted up across the whole authority (`jpki.md` §1.2).
    mutating func enter(card: String, partition: String, notBefore: Timestamp, notAfter: Timestamp) -> UInt64 {
        let serial = next
        next += 1
        entries.append(
            RegisterEntry(serial: serial, card: card, partition: partition, notBefore: notBefore, notAfter: notAfter, revocation: nil))
        return serial
    }

    func entry(serial: [UInt8]) -> RegisterEntry? {
        let digits = serial.drop { $0 == 0 }
        guard digits.count <= 8 else { return nil }
        let number = digits.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return entries.first { $0.serial == number }
    }

    /// A certificate is revoked once. A hold may still become final; nothing else changes (`jpki.md` §4.3: a hold is not released).
    mutating func revoke(_ serial: UInt64, _ reason: RevocationReason, at now: Timestamp) throws(SimulatorRefusal) {
        guard let index = entries.firstIndex(where: { $0.serial == serial }) else { throw .unknownSerial }
        if let earlier = entries[index].revocation {
            guard earlier.isHold, reason != .certificateHold else { throw .alreadyRevoked }
        }
        entries[index].revocation = RegisterEntry.Revocation(reason: reason, at: now)
    }

    /// JPKI does not do this; relying parties must cope with it all the same (RFC 5280 §5.3.1).
    mutating func release(_ serial: UInt64) throws(SimulatorRefusal) {
        guard let index = entries.firstIndex(where: { $0.serial == serial }) else { throw .unknownSerial }
        guard entries[index].revocation?.isHold == true else { throw .notHeld }
        entries[index].revocation = nil
    }
}

package struct RegisterEntry: Hashable, Sendable {
    package struct Revocation: Hashable, Sendable {
        package let reason: RevocationReason
        package let at: Timestamp

        var isHold: Bool { reason == .certificateHold }
    }

    package let serial: UInt64
    package let card: String
    /// The municipality's code.
    package let partition: String
    package let notBefore: Timestamp
    package let notAfter: Timestamp
    package fileprivate(set) var revocation: Revocation?
}

extension RevocationReason {
    /// The reasons of `jpki.md` §4.3 by their names in RFC 5280 §5.3.1.
    package static let usedByJPKI: [RevocationReason] = [
        .unspecified, .keyCompromise, .cACompromise, .affiliationChanged, .superseded, .cessationOfOperation, .certificateHold,
    ]

    package var name: String { String(describing: self) }
}

extension Register {
    var json: JSON {
        .object([
            ("next", .string(String(next, radix: 16))),
            ("issued", .array(entries.map(\.json))),
        ])
    }

    init(reading json: JSON) throws(SimulatorRefusal) {
        guard let next = json["next"]?.string.flatMap({ UInt64($0, radix: 16) }), let issued = json["issued"]?.array else {
            throw .damaged("register")
        }
        self.next = next
        entries = []
        for item in issued {
            guard let entry = RegisterEntry(reading: item) else { throw .damaged("register") }
            entries.append(entry)
        }
    }
}

extension RegisterEntry {
    fileprivate var json: JSON {
        var members: [(String, JSON)] = [
            ("serial", .string(String(serial, radix: 16))), ("card", .string(card)), ("partition", .string(partition)),
            ("notBefore", .string(notBefore.text)), ("notAfter", .string(notAfter.text)),
        ]
        if let revocation {
            members.append(("revoked", .string(revocation.at.text)))
            members.append(("reason", .integer(Int64(revocation.reason.rawValue))))
        }
        return .object(members)
    }

    fileprivate init?(reading json: JSON) {
        guard let serial = json["serial"]?.string.flatMap({ UInt64($0, radix: 16) }), let card = json["card"]?.string,
            let partition = json["partition"]?.string, let notBefore = json["notBefore"]?.string.flatMap({ Timestamp($0) }),
            let notAfter = json["notAfter"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(serial: serial, card: card, partition: partition, notBefore: notBefore, notAfter: notAfter, revocation: nil)
        guard let at = json["revoked"]?.string.flatMap({ Timestamp($0) }) else { return }
        guard let reason = json["reason"]?.integer.flatMap({ RevocationReason(rawValue: Int($0)) }) else { return nil }
        revocation = Revocation(reason: reason, at: at)
    }
}
