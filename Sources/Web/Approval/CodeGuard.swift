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
        guard let text = channel.remoteAddress?.ipAddress, Self.isPublic(text) else { return nil }
        return Self.network(text)
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

    private static func isPublic(_ text: String) -> Bool {
        let address = text.lowercased()
        let own = ["127.", "10.", "192.168.", "169.254.", "100.64.", "0.", "fe8", "fe9", "fea", "feb", "fc", "fd", "::ffff:"]
        if address == "::1" || address == "::" || own.contains(where: address.hasPrefix) { return false }
        let parts = address.split(separator: ".")
        if parts.count == 4, parts[0] == "172", let second = Int(parts[1]), (16...31).contains(second) { return false }
        return true
    }
}
