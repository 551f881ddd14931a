/// What a sealed index says of itself, in DER:
///
///     SEQUENCE { fields OCTET STRING, signatureAlgorithm SEQUENCE, signature OCTET STRING, digest OCTET STRING, tags OCTET STRING,
///       groups SEQUENCE OF SEQUENCE { issuer OCTET STRING { Name } OPTIONAL, classes SEQUENCE OF class } }
///     class ::= SEQUENCE { width, count, cells, uppers, lowers, directory, earliest, unit, dateBits, reasonBits INTEGER,
///       prefix OCTET STRING }
struct SealedHeader {
    let fields: [UInt8]
    let algorithmIdentifier: [UInt8]
    let signature: [UInt8]
    let digest: [UInt8]
    let groups: [RevocationIndex.Group]
    let tags: [UInt8]
}

extension SealedHeader {
    var der: [UInt8] {
        DERWriter.build { writer in
            writer.sequence { writer in
                writer.octetString(fields)
                writer.raw(algorithmIdentifier)
                writer.octetString(signature)
                writer.octetString(digest)
                writer.octetString(tags)
                writer.sequence { writer in for group in groups { writer.sequence { Self.write(group, to: &$0) } } }
            }
        }
    }

    private static func write(_ group: RevocationIndex.Group, to writer: inout DERWriter) {
        // A name is a sequence, as the classes are: an octet string around it keeps them apart.
        if let issuer = group.issuer { writer.octetString(issuer.der) }
        writer.sequence { writer in
            for layout in group.classes {
                writer.sequence { writer in
                    let parts = layout.parts
                    for number in [layout.width, layout.count, parts.cells, parts.uppers, parts.lowers, parts.directory] {
                        writer.integer(number)
                    }
                    for number in [layout.dates.earliest, layout.dates.unit] { writer.integer(Int(number)) }
                    for number in [layout.dates.bits, layout.reasonBits] { writer.integer(number) }
                    writer.octetString(layout.prefix)
                }
            }
        }
    }

    init(der: [UInt8]) throws(DERError) {
        var reader = try DERReader.whole(der)
        fields = try reader.expect(DERTag.octetString).content
        algorithmIdentifier = try reader.expect(DERTag.sequence).encoded
        signature = try reader.expect(DERTag.octetString).content
        digest = try reader.expect(DERTag.octetString).content
        tags = try reader.expect(DERTag.octetString).content
        var list = try reader.expect(DERTag.sequence).reader
        try reader.finish()
        var groups: [RevocationIndex.Group] = []
        while !list.isAtEnd { groups.append(try Self.group(list.expect(DERTag.sequence).reader)) }
        self.groups = groups
    }

    private static func group(_ reader: DERReader) throws(DERError) -> RevocationIndex.Group {
        var reader = reader
        let issuer = try reader.take(DERTag.octetString).map { name throws(DERError) in try DistinguishedName(der: name.content) }
        var list = try reader.expect(DERTag.sequence).reader
        try reader.finish()
        var classes: [RevocationClass] = []
        while !list.isAtEnd { classes.append(try layout(list.expect(DERTag.sequence).reader)) }
        return RevocationIndex.Group(issuer: issuer, classes: classes)
    }

    private static func layout(_ reader: DERReader) throws(DERError) -> RevocationClass {
        var reader = reader
        var numbers: [Int64] = []
        for _ in 0..<10 { numbers.append(try number(reader.expect(DERTag.integer))) }
        let prefix = try reader.expect(DERTag.octetString).content
        try reader.finish()
        let parts = numbers[2...5].map { Int($0) }
        return RevocationClass(
            width: Int(numbers[0]), prefix: prefix, count: Int(numbers[1]),
            parts: RevocationClass.Parts(cells: parts[0], uppers: parts[1], lowers: parts[2], directory: parts[3]),
            dates: RevocationClass.DateCoding(earliest: numbers[6], unit: numbers[7], bits: Int(numbers[8])), reasonBits: Int(numbers[9]))
    }

    private static func number(_ element: DERElement) throws(DERError) -> Int64 {
        let bytes = try element.integer()
        guard let first = bytes.first, bytes.count <= 8 else { throw .value }
        return bytes.reduce(first < 0x80 ? 0 : -1) { $0 << 8 | Int64($1) }
    }

    /// The groups, when they describe an index that `body` has room for; nil otherwise.
    func groups(in body: FixedBytes) -> [RevocationIndex.Group]? {
        guard let own = groups.first, own.issuer == nil, groups.dropFirst().allSatisfy({ $0.issuer != nil }) else { return nil }
        return groups.allSatisfy { group in
            Set(group.classes.map(\.width)).count == group.classes.count && group.classes.allSatisfy { Self.fits($0, body.count) }
        } ? groups : nil
    }

    private static func fits(_ layout: RevocationClass, _ size: Int) -> Bool {
        let isSerial = layout.width == 0 ? layout.prefix.isEmpty : (9...CertificateFields.longestSerial).contains(layout.width)
        guard isSerial, layout.prefix.count < max(layout.width, 1), layout.dates.unit >= 1, (0...40).contains(layout.dates.bits),
            (0...4).contains(layout.reasonBits), layout.count >= 1, layout.count <= size * 64
        else { return false }
        let parts = layout.parts
        return [parts.cells, parts.uppers, parts.lowers, parts.directory].allSatisfy { (0...size).contains($0) }
            && parts.directory + layout.blockCount * RevocationClass.directoryStride <= size
            && parts.cells + (layout.count * layout.cellBits + 7) / 8 <= size
    }
}
