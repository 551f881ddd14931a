import Vocabulary

/// The entries of one list, immutable and exact: no false positive, no false negative. About two bits per entry above what a set of such
/// serials must take, plus the date and the reason, packed. The bytes lie in memory, or in a file that is mapped.
struct RevocationIndex: Sendable {
    /// The entries of one authority.
    struct Group: Sendable {
        /// nil: the authority that made the list.
        let issuer: DistinguishedName?
        let classes: [RevocationClass]
    }

    let body: FixedBytes
    /// The list's own authority first.
    let groups: [Group]
    let count: Int
    private let numbers: [DistinguishedName: Int]

    init(body: FixedBytes, groups: [Group]) {
        self.body = body
        self.groups = groups
        count = groups.reduce(0) { $0 + $1.classes.reduce(0) { $0 + $1.count } }
        var numbers: [DistinguishedName: Int] = [:]
        for (number, group) in groups.enumerated() { if let issuer = group.issuer { numbers[issuer] = number } }
        self.numbers = numbers
    }

    /// Bytes that dates and reasons take, without the tables that say how they are packed.
    var sizeOfFacts: Int {
        groups.reduce(0) { $0 + $1.classes.reduce(0) { $0 + ($1.count * ($1.dates.bits + $1.reasonBits) + 7) / 8 } }
    }

    /// The entry of a serial of the list's own authority.
    func entry(_ serial: [UInt8]) -> RevocationEntry? { entry(serial, 0) }

    /// The entry of a serial of another authority.
    func entry(_ serial: [UInt8], of issuer: DistinguishedName) -> RevocationEntry? {
        guard let number = numbers[issuer] else { return nil }
        return entry(serial, number)
    }

    private func entry(_ serial: [UInt8], _ number: Int) -> RevocationEntry? {
        guard number < groups.count else { return nil }
        let width = serial.count <= 8 ? 0 : serial.count
        guard let place = groups[number].classes.firstIndex(where: { $0.width == width }) else { return nil }
        return groups[number].classes[place].find(serial, in: body).map { RevocationEntry(serial: serial, reason: $0.reason, at: $0.date) }
    }
}
