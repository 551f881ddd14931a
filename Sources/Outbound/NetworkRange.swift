/// A block of numeric addresses: `10.20.0.0/16`, `fd12:3456::/32`.
package struct NetworkRange: Hashable, Sendable {
    private let prefix: NetworkAddress
    private let bits: Int

    /// The bits behind the prefix must be zero: `10.20.1.0/16` is a slip, and whoever made it meant something smaller.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let prefix = NetworkAddress(String(parts[0])), (1...3).contains(parts[1].utf8.count),
            parts[1] == "0" || parts[1].first != "0", parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(parts[1]),
            bits <= prefix.bytes.count * 8
        else { return nil }
        self.prefix = prefix
        self.bits = bits
        for (index, byte) in prefix.bytes.enumerated() where byte & ~Self.mask(index, bits) != 0 { return nil }
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == prefix.bytes.count else { return false }
        return zip(address.bytes, prefix.bytes).enumerated().allSatisfy { index, pair in
            pair.0 & Self.mask(index, bits) == pair.1
        }
    }

    /// The part of byte `index` that `bits` bits from the front cover.
    private static func mask(_ index: Int, _ bits: Int) -> UInt8 {
        let own = min(max(bits - index * 8, 0), 8)
        return own == 0 ? 0 : 0xff << UInt8(8 - own)
    }
}

extension NetworkAddress {
    var bytes: [UInt8] {
        switch self {
        case .four(let bytes), .six(let bytes): bytes
        }
    }
}
