import Cryptography
import Testing
import Vocabulary

@Suite struct `DER that comes in` {
    @Test(
        arguments: [
            ([], DERError.truncated), ([0x30], .truncated), ([0x30, 0x01], .truncated), ([0x30, 0x80, 0, 0], .length),
            ([0x30, 0x81, 0x05, 1, 2, 3, 4, 5], .length), ([0x30, 0x82, 0x00, 0x81], .length), ([0x30, 0x85, 1, 1, 1, 1, 1], .length),
            ([0x30, 0x84, 0xff, 0xff, 0xff, 0xff], .truncated), ([0x1f, 0x81, 0x01, 0], .tag(0x1f)), ([0xbf, 0x22, 0], .tag(0xbf)),
        ] as [([UInt8], DERError)])
    func `has short definite lengths and low tags, inside its parent`(bytes: [UInt8], refusal: DERError) {
        var reader = DERReader(bytes)
        #expect(throws: refusal) { try reader.next() }
    }

    @Test(
        arguments: [
            ([2, 0], DERError.value), ([2, 2, 0, 0x7f], .value), ([2, 2, 0xff, 0x80], .value), ([2, 5, 1, 0, 0, 0, 0], .value),
            ([2, 1, 0xff], .value),
        ] as [([UInt8], DERError)])
    func `has small integers in one spelling`(bytes: [UInt8], refusal: DERError) throws {
        var reader = DERReader(bytes)
        let element = try reader.next()
        #expect(throws: refusal) { try element.smallInteger() }
    }

    @Test(arguments: [[1, 0], [1, 1, 1], [1, 2, 0xff, 0xff]] as [[UInt8]])
    func `has two booleans`(bytes: [UInt8]) throws {
        var reader = DERReader(bytes)
        let element = try reader.next()
        #expect(throws: DERError.value) { try element.boolean() }
    }

    @Test(arguments: [[3, 1, 1], [3, 2, 8, 0], [3, 2, 0, 0], [3, 2, 1, 0x01], [3, 4, 0, 1, 1, 1], [3, 0]] as [[UInt8]])
    func `has named bits in one spelling`(bytes: [UInt8]) throws {
        var reader = DERReader(bytes)
        let element = try reader.next()
        #expect(throws: DERError.value) { try element.namedBits() }
    }

    @Test(arguments: [
        (DERTag.utcTime, "500101000000Z", "1950-01-01T00:00:00Z"), (DERTag.utcTime, "491231235959Z", "2049-12-31T23:59:59Z"),
        (DERTag.generalizedTime, "20500101000000Z", "2050-01-01T00:00:00Z"),
        (DERTag.generalizedTime, "00010101000000Z", "0001-01-01T00:00:00Z"),
        (DERTag.generalizedTime, "20240229120000Z", "2024-02-29T12:00:00Z"),
    ]) func `has times in whole seconds of UTC`(tag: UInt8, text: String, moment: String) throws {
        var reader = DERReader(DERWriter.build { $0.element(tag, Array(text.utf8)) })
        #expect(try reader.next().time() == Timestamp(moment))
    }

    @Test(arguments: [
        (DERTag.utcTime, "5001010000Z"), (DERTag.utcTime, "500101000000+0900"), (DERTag.utcTime, "500101000000"),
        (DERTag.utcTime, "501301000000Z"),
        (DERTag.utcTime, "230229000000Z"), (DERTag.utcTime, "230101240000Z"), (DERTag.utcTime, "23010100006ÀZ"),
        (DERTag.generalizedTime, "20230101000000.5Z"), (DERTag.generalizedTime, "00000101000000Z"), (DERTag.generalizedTime, ""),
    ]) func `has no other times`(tag: UInt8, text: String) throws {
        var reader = DERReader(DERWriter.build { $0.element(tag, Array(text.utf8)) })
        let element = try reader.next()
        #expect(throws: DERError.value) { try element.time() }
    }

    @Test func `is as long as it says`() {
        #expect(throws: DERError.trailing) { try DERReader.whole([0x30, 0, 0]) }
        #expect(throws: DERError.tag(0x31)) { try DERReader.whole([0x31, 0]) }
    }
}

@Suite struct `DER that goes out` {
    @Test(arguments: [0, 1, 127, 128, 255, 256, 65_535, 65_536, 70_000]) func `is read back whatever its length`(count: Int) throws {
        let content = [UInt8](repeating: 7, count: count)
        var reader = try DERReader.whole(DERWriter.build { $0.sequence { $0.octetString(content) } })
        #expect(try reader.expect(DERTag.octetString).content == content)
        #expect(reader.isAtEnd)
    }

    @Test(arguments: [0, 1, 127, 128, 255, 256, 32_767, 32_768, Int(Int32.max)]) func `has integers in one spelling`(value: Int) throws {
        var reader = DERReader(DERWriter.build { $0.integer(value) })
        #expect(try reader.next().smallInteger() == value)
        var negative = DERReader(DERWriter.build { $0.integer(-value - 1) })
        #expect(try negative.next().integer().first.map { $0 >= 0x80 } == true)
    }

    @Test(arguments: [[], [0], [0, 0, 1], [0x7f], [0x80], [0xff, 0xff]] as [[UInt8]])
    func `has unsigned numbers that are not negative`(magnitude: [UInt8]) throws {
        var reader = DERReader(DERWriter.build { $0.unsigned(magnitude) })
        let content = try reader.next().integer()
        #expect(content.drop { $0 == 0 } == magnitude.drop { $0 == 0 })
        #expect(content.first.map { $0 < 0x80 } == true)
    }

    @Test(arguments: [0, 1, 0x20, 0x60, 0x80, 0x100, 0x1ff, 0x8000] as [UInt16]) func `has named bits that are read back`(flags: UInt16)
        throws
    {
        var reader = DERReader(DERWriter.build { $0.namedBits(flags) })
        #expect(try reader.next().namedBits() == flags)
    }

    @Test(arguments: ["1949-12-31T23:59:59Z", "1950-01-01T00:00:00Z", "2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z"])
    func `has times that are read back`(text: String) throws {
        let moment = try #require(Timestamp(text))
        var reader = DERReader(DERWriter.build { $0.time(moment) })
        let element = try reader.next()
        #expect(try element.time() == moment)
        #expect((element.tag == DERTag.utcTime) == (1950...2049).contains(Int(text.prefix(4)) ?? 0))
    }
}

@Suite struct `An object identifier` {
    @Test(arguments: [
        ("1.2.392.200149.8.5.1.3.30", "2a83088c9b55080501031e"), ("2.5.29.15", "551d0f"), ("0.0", "00"), ("1.39", "4f"),
        ("2.999.3", "883703"),
        ("2.48", "8100"),
    ]) func `is dotted numbers and DER`(dotted: String, hexadecimal: String) throws {
        let identifier = try #require(ObjectIdentifier(dotted))
        #expect(identifier.dotted == dotted)
        #expect(Hexadecimal.encode(identifier.content) == hexadecimal)
        #expect(ObjectIdentifier(content: identifier.content) == identifier)
    }

    @Test(arguments: [
        "", "1", "3.1", "1.40", "1.2.", ".1.2", "1..2", "1.02", "1.2.-3", "1.2.a", "2.18446744073709551615", "1.2.18446744073709551616",
    ])
    func `is nothing else`(dotted: String) {
        #expect(ObjectIdentifier(dotted) == nil)
    }

    @Test(arguments: [[], [0x80], [0x2a, 0x80, 0x01], [0x2a, 0x86], [UInt8](repeating: 1, count: 129)] as [[UInt8]])
    func `is refused when its DER is not minimal, cut or too long`(content: [UInt8]) {
        #expect(ObjectIdentifier(content: content) == nil)
    }

    @Test func `may hold numbers of any size`() throws {
        // 2.25 and a UUID of ones.
        let content: [UInt8] = [0x69, 0x83] + [UInt8](repeating: 0xff, count: 17) + [0x7f]
        #expect(ObjectIdentifier(content: content)?.dotted == "2.25.340282366920938463463374607431768211455")
        // 2.x with x = 2^70 - 80.
        let first: [UInt8] = [UInt8](repeating: 0xff, count: 9) + [0x7f]
        #expect(ObjectIdentifier(content: first)?.dotted == "2.1180591620717411303343")
    }
}
