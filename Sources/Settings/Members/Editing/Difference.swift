import Cryptography
import Vocabulary

/// What a change would alter, line by line, for the officer who is to sign it.
extension MemberEdit {
    /// Lines of the old file that go begin with `-`, new ones with `+`, the others with a space. Longest common subsequence over the middle
    /// part that differs; where that is too large everything old goes and everything new comes.
    package var difference: [String] {
        var result = Self.difference(from: before ?? [], to: after)
        if let companion {
            result.append(
                "  with \(companion.name), \(companion.bytes.count) bytes, SHA-256 \(Hexadecimal.encode(Digest.sha256(companion.bytes)))")
        }
        return result
    }

    /// The same between any two files.
    package static func difference(from before: [UInt8], to after: [UInt8]) -> [String] {
        let old = lines(before)
        let new = lines(after)
        let head = zip(old, new).prefix { $0 == $1 }.count
        let most = min(old.count, new.count) - head
        let tail = min(most, zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count)
        var result = old.prefix(head).map { "  " + $0 }
        result += middle(Array(old[head..<old.count - tail]), Array(new[head..<new.count - tail]))
        return result + old.suffix(tail).map { "  " + $0 }
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        // What an officer reads before signing must not steer the terminal it is read on, nor turn its own letters round or hide them.
        return lines.map { line in String(String.UnicodeScalarView(line.unicodeScalars.map { $0.isSeen ? $0 : "\u{fffd}" })) }
    }

    private static func middle(_ old: [String], _ new: [String]) -> [String] {
        guard old.count * new.count <= 4_000_000 else { return old.map { "- " + $0 } + new.map { "+ " + $0 } }
        var lengths = Array(repeating: Array(repeating: 0, count: new.count + 1), count: old.count + 1)
        for i in old.indices.reversed() {
            for j in new.indices.reversed() {
                lengths[i][j] = old[i] == new[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
            }
        }
        var result: [String] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, j < new.count, old[i] == new[j] {
                result.append("  " + old[i])
                (i, j) = (i + 1, j + 1)
            } else if i < old.count, j == new.count || lengths[i + 1][j] >= lengths[i][j + 1] {
                result.append("- " + old[i])
                i += 1
            } else {
                result.append("+ " + new[j])
                j += 1
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Whether people see it: it neither hides nor makes a page or a terminal read otherwise (checklist H12).
    var isSeen: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
