/// A numeric address of IP version 4 or 6, read strictly.
package enum NetworkAddress: Hashable, Sendable {
    case four([UInt8])
    case six([UInt8])

    /// `a.b.c.d` in decimal without leading zeros, or RFC 4291 §2.2 text without a zone.
    package init?(_ text: String) {
        if let bytes = Self.dottedQuad(text[...]) {
            self = .four(bytes)
        } else if let bytes = Self.groups(text) {
            self = .six(bytes)
        } else {
            return nil
        }
    }

    private static func dottedQuad(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.utf8.count), part == "0" || part.first != "0",
                part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func groups(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 45, text.contains(":") else { return nil }
        let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2, let first = halves.first, let head = sequence(first, mayEndInQuad: halves.count == 1) else { return nil }
        guard halves.count == 2, let second = halves.last else { return head.count == 16 ? head : nil }
        guard let tail = sequence(second, mayEndInQuad: true), head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func sequence(_ text: Substring, mayEndInQuad: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInQuad, index == parts.count - 1, let quad = dottedQuad(part) {
                bytes += quad
            } else {
                guard (1...4).contains(part.utf8.count), let group = UInt16(part, radix: 16), part.first != "+" else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 255)]
            }
        }
        return bytes.count <= 16 ? bytes : nil
    }

    /// Reachable over the public Internet as far as the number tells (IANA special-purpose registries). Everything else is ours, the
    /// machine's own, or means something other than it says.
    package var isPublic: Bool {
        switch self {
        case .four(let bytes): !Self.special.contains { Self.holds($0.prefix, $0.bits, bytes) }
        case .six(let bytes): Self.holds([0x20], 3, bytes) && !Self.specialSix.contains { Self.holds($0.prefix, $0.bits, bytes) }
        }
    }

    private static let special: [(prefix: [UInt8], bits: Int)] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0], 24), ([192, 0, 2], 24),
        ([192, 88, 99], 24), ([192, 168], 16), ([198, 18], 15), ([198, 51, 100], 24), ([203, 0, 113], 24), ([224], 4), ([240], 4),
    ]

    /// Within 2000::/3: Teredo, documentation, and 6to4, which hides a version 4 address.
    private static let specialSix: [(prefix: [UInt8], bits: Int)] = [
        ([0x20, 0x01, 0, 0], 32), ([0x20, 0x01, 0x0d, 0xb8], 32), ([0x20, 0x02], 16), ([0x3f, 0xff], 20),
    ]

    private static func holds(_ prefix: [UInt8], _ bits: Int, _ bytes: [UInt8]) -> Bool {
        var left = bits
        for (index, expected) in prefix.enumerated() where index < bytes.count {
            let mask: UInt8 = left >= 8 ? 0xff : ~(0xff >> UInt8(max(left, 0)))
            guard bytes[index] & mask == expected & mask else { return false }
            left -= 8
        }
        return true
    }
}
