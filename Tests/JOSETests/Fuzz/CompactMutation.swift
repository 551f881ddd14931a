import Vocabulary

/// Repeatable randomness (SplitMix64): one execution of the loop follows from its number alone.
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 ^ 0x5e15_0c0d_e5ee_d000 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    /// Below `bound`; 0 when there is nothing to choose among.
    mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }
}

/// Changes a compact text at one of its three levels: its characters, the bytes of a part, the members of its header.
struct CompactMutation {
    private static let names = [
        "alg", "enc", "kid", "typ", "cty", "crit", "zip", "b64", "epk", "apu", "apv", "jwk", "jku", "x5c", "x5u", "p2c", "p2s", "iv", "tag",
        "",
    ]
    private static let values: [JSON] = [
        .null, true, 0, -1, .integer(.max), .number(1e308), "", "none", "ES256", "RS256", "EdDSA", "HS256", "RSA-OAEP", "RSA-OAEP-256",
        "RSA1_5", "ECDH-ES", "ECDH-ES+A256KW", "dir", "A128GCM", "A256CBC-HS512", "DEF", "AA", "é\u{0}", [], ["b64"], .object([]),
        .string(String(repeating: "A", count: 700)), .string(String(repeating: ".", count: 300)),
        ["kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"], ["kty": "EC", "crv": "P-521"], ["kty": "oct", "k": "AA"],
        (0..<40).reduce(JSON.null) { nested, _ in .array([nested]) },
    ]

    static func made(of seed: String, beside other: String, _ chance: inout Chance) -> String {
        var text = seed
        for _ in 0...chance.below(2) {
            switch chance.below(3) {
            case 0: text = characters(text, other, &chance)
            case 1: text = bytes(text, other, &chance)
            default: text = header(text, &chance)
            }
        }
        return text
    }

    private static func characters(_ text: String, _ other: String, _ chance: inout Chance) -> String {
        var units = Array(text.utf8)
        let place = chance.below(units.count)
        switch chance.below(8) {
        case 0: units = Array(units.prefix(place))
        case 1: units.insert(UInt8(chance.below(128)), at: place)
        case 2 where !units.isEmpty: units.remove(at: place)
        case 3 where !units.isEmpty: units[place] = UInt8(chance.below(256))
        case 4: units.insert(contentsOf: [UInt8](repeating: 0x2e, count: 1 + chance.below(5000)), at: place)
        case 5: units += Array(other.utf8).suffix(chance.below(other.utf8.count))
        case 6: units = Array(units.prefix(place)) + Array(other.utf8).dropFirst(chance.below(other.utf8.count))
        default: units += [UInt8](repeating: 0x41, count: chance.below(40_000))
        }
        return String(decoding: units, as: UTF8.self)
    }

    private static func parts(_ text: String) -> [String] {
        text.utf8.split(separator: 0x2e, maxSplits: 8, omittingEmptySubsequences: false).map { String(Substring($0)) }
    }

    private static func bytes(_ text: String, _ other: String, _ chance: inout Chance) -> String {
        var parts = parts(text)
        let index = chance.below(parts.count)
        guard parts.indices.contains(index), var bytes = Base64url.decode(parts[index]) else { return text }
        let place = chance.below(bytes.count)
        switch chance.below(7) {
        case 0 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(chance.below(8))
        case 1: bytes = Array(bytes.prefix(place))
        case 2: bytes.append(UInt8(chance.below(256)))
        case 3: bytes = [UInt8](repeating: UInt8(chance.below(2)) &* 255, count: bytes.count)
        case 4: bytes = []
        case 5:
            let strange = self.parts(other)
            parts[index] = strange[chance.below(strange.count)]
            return parts.joined(separator: ".")
        default: parts.swapAt(index, chance.below(parts.count))
        }
        if parts.indices.contains(index) { parts[index] = Base64url.encode(bytes) }
        return parts.joined(separator: ".")
    }

    private static func header(_ text: String, _ chance: inout Chance) -> String {
        var parts = parts(text)
        guard let first = parts.first, let bytes = Base64url.decode(first), let json = try? JSON(reading: bytes),
            var members = json.members
        else { return text }
        let name = names[chance.below(names.count)]
        let value = values[chance.below(values.count)]
        switch chance.below(4) {
        case 0 where !members.isEmpty: members.remove(at: chance.below(members.count))
        case 1 where !members.isEmpty: members[chance.below(members.count)].1 = value
        case 2: members.append((name, value))
        default: members = members.filter { $0.0 != name } + [(name, value)]
        }
        parts[0] = Base64url.encode(JSON.object(members).bytes)
        return parts.joined(separator: ".")
    }
}
