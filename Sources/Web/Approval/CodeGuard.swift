import Hummingbird
import NIOCore
import OpenID
import SignOn
import Synchronization
import Vocabulary

/// Counts the tries at codes, for this process. What a restart forgets, nobody can bring about from outside.
final class CodeGuard: Sendable {
    private let attempts = Mutex(CodeAttempts())

    func taken(by guesser: CodeAttempts.Guesser, at now: Timestamp) -> CodeAttempts.Verdict {
        attempts.withLock { $0.taken(by: guesser, at: now) }
    }

    func carry(between one: SubjectID, _ other: SubjectID) { attempts.withLock { $0.carry(between: one, other) } }

    func returned(by guesser: CodeAttempts.Guesser) { attempts.withLock { $0.returned(by: guesser) } }
}

extension DoorContext {
    /// The network address at the other end, where it says something about who is there: behind a proxy, or in a network of its own, everybody
    /// has the same, and none is told.
    var publicAddress: String? {
        channel.remoteAddress?.ipAddress.flatMap(Self.publicNetwork)
    }

    /// The network of an address as the system writes it, nil where it has a meaning only among its neighbours (IANA special-purpose
    /// registries; RFC 6598 for 100.64.0.0/10). A version 4 address in the clothes of version 6 is that address.
    package static func publicNetwork(_ text: String) -> String? {
        var address = text.lowercased()
        if address.hasPrefix("::ffff:"), address.utf8.contains(0x2e) { address.removeFirst(7) }
        guard !address.utf8.contains(0x3a) else {
            let own = ["fe8", "fe9", "fea", "feb", "fc", "fd"]
            return address == "::1" || address == "::" || own.contains(where: address.hasPrefix) ? nil : network(address)
        }
        let bytes = address.split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
        guard bytes.count == 4 else { return nil }
        switch (bytes[0], bytes[1]) {
        case (0, _), (10, _), (100, 64...127), (127, _), (169, 254), (172, 16...31), (192, 168): return nil
        default: return network(address)
        }
    }

    /// Of an IPv6 address the first 64 bits: the rest is its holder's to choose.
    package static func network(_ text: String) -> String {
        guard text.utf8.contains(0x3a) else { return text }
        let groups = text.prefix { $0 != "%" }.split(separator: ":", omittingEmptySubsequences: false)
        // The two colons of "::" leave one empty group in the middle, which stands for as many zeros as are missing.
        let gap = groups.dropFirst().firstIndex(of: "") ?? groups.endIndex
        let known = groups[..<gap] + Array(repeating: "0", count: 4)
        return known.prefix(4).map { $0.isEmpty ? "0" : String($0) }.joined(separator: ":") + "::/64"
    }
}
