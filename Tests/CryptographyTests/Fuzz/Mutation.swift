/// Makes a hostile message of a good one.
struct Mutation {
    private static let telling: [UInt8] = [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x17, 0x18, 0x1f, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xa0,
        0xa1,
        0xa3, 0xa4, 0xbf, 0xfe, 0xff,
    ]
    private static let lengths: [[UInt8]] = [
        [0x00], [0x01], [0x7f], [0x80], [0x81, 0x00], [0x81, 0x7f], [0x81, 0x80], [0x82, 0x00, 0x01], [0x82, 0xff, 0xff],
        [0x83, 0xff, 0xff, 0xff],
        [0x84, 0x7f, 0xff, 0xff, 0xff], [0x84, 0xff, 0xff, 0xff, 0xff], [0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0x88, 0x80, 0, 0, 0, 0, 0, 0, 0], [0xff],
    ]

    let seed: [UInt8]
    let map: ElementMap

    init(_ seed: [UInt8]) {
        self.seed = seed
        map = ElementMap(seed)
    }

    /// `other` lends its elements.
    func made(_ chance: inout Chance, beside other: Mutation) -> [UInt8] {
        var bytes = seed
        switch chance.below(10) {
        case 0: bytes = Array(seed.prefix(chance.below(seed.count)))
        case 1: flip(&bytes, &chance)
        case 2: for _ in 0...chance.below(3) { write(&bytes, &chance) }
        case 3: bytes = relength(&chance)
        case 4: bytes = retag(&chance)
        case 5, 6: bytes = splice(other, &chance)
        case 7: bytes = twice(&chance)
        case 8: bytes = refill(&chance)
        default: bytes = Array(seed.prefix(chance.below(seed.count))) + other.seed.suffix(chance.below(other.seed.count))
        }
        // Some are changed once more.
        if chance.below(4) == 0 { flip(&bytes, &chance) }
        return bytes
    }

    private func flip(_ bytes: inout [UInt8], _ chance: inout Chance) {
        guard !bytes.isEmpty else { return }
        for _ in 0...chance.below(8) { bytes[chance.below(bytes.count)] ^= 1 << UInt8(chance.below(8)) }
    }

    private func write(_ bytes: inout [UInt8], _ chance: inout Chance) {
        guard !bytes.isEmpty, let value = chance.pick(Self.telling) else { return }
        bytes[chance.below(bytes.count)] = value
    }

    /// A length that is not the content's.
    private func relength(_ chance: inout Chance) -> [UInt8] {
        guard let element = chance.pick(map.elements) else { return seed }
        let actual = element.end - element.content
        let near = ElementMap.length(max(0, actual + [-2, -1, 1, 2][chance.below(4)]))
        let length = chance.below(2) == 0 ? near : chance.pick(Self.lengths) ?? near
        return Array(seed[...element.start]) + length + seed[element.content...]
    }

    private func retag(_ chance: inout Chance) -> [UInt8] {
        guard let element = chance.pick(map.elements), let tag = chance.pick(Self.telling) else { return seed }
        var bytes = seed
        bytes[element.start] = chance.below(3) == 0 ? chance.byte() : tag
        return bytes
    }

    /// Another message's element in the place of one of ours; lengths are right.
    private func splice(_ other: Mutation, _ chance: inout Chance) -> [UInt8] {
        guard !map.elements.isEmpty, let element = chance.pick(other.map.elements) else { return seed }
        return map.replacing(chance.below(map.elements.count), with: Array(other.seed[element.start..<element.end]), in: seed)
    }

    /// An element more often than once, or not at all.
    private func twice(_ chance: inout Chance) -> [UInt8] {
        guard !map.elements.isEmpty else { return seed }
        let index = chance.below(map.elements.count)
        let element = map.elements[index]
        let own = Array(seed[element.start..<element.end])
        let count = [0, 2, 3, 40][chance.below(4)]
        // Bounded: forty times a whole list would be slow, and tell nothing.
        return map.replacing(index, with: Array(repeatElement(own, count: own.count > 256 ? min(count, 2) : count).joined()), in: seed)
    }

    /// An element's content made anew, with a right length: numbers too large, strings too long, bits unused, nests too deep.
    private func refill(_ chance: inout Chance) -> [UInt8] {
        guard !map.elements.isEmpty else { return seed }
        let index = chance.below(map.elements.count)
        let tag = seed[map.elements[index].start]
        var content: [UInt8] = []
        switch chance.below(4) {
        case 0: content = (0..<chance.below(40)).map { _ in chance.byte() }
        case 1: content = [UInt8](repeating: chance.pick(Self.telling) ?? 0, count: chance.below(300))
        case 2: content = []
        default: for _ in 0..<chance.below(90) { content = [tag] + ElementMap.length(content.count) + content }
        }
        return map.replacing(index, with: [tag] + ElementMap.length(content.count) + content, in: seed)
    }
}
