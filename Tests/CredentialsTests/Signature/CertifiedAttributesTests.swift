import Credentials
import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `The four attributes in a certificate (jpki.md §1.3)` {
    private static func value(_ number: Int, tag: UInt8 = DERTag.utf8String, _ content: [UInt8]) -> SignatureCard.Value {
        var value = SignatureCard.Value(number, "")
        value.tag = tag
        value.content = content
        return value
    }

    private static func replacing(_ number: Int, _ value: SignatureCard.Value) -> SignatureCard {
        var card = SignatureCard()
        card.values = card.values.map { $0.number == number ? value : $0 }
        return card
    }

    private static func adding(_ value: SignatureCard.Value) -> SignatureCard {
        var card = SignatureCard()
        card.values.append(value)
        return card
    }

    private static let card = SignatureCard()
    private static let kanji = String(repeating: "関", count: 200)

    static let hostile: [(what: String, SignatureCard, CertifiedFault)] = [
        ("no name", card.without(1), .missing(.name)), ("no marks of the name", card.without(2), .missing(.nameSubstitution)),
        ("no sex", card.without(3), .missing(.sex)), ("no birth date", card.without(4), .missing(.birthDate)),
        ("no address", card.without(5), .missing(.address)), ("no marks of the address", card.without(6), .missing(.addressSubstitution)),
        ("nothing at all", SignatureCard(values: []), .missing(.name)),
        ("two names", adding(.init(1, "悪人　一郎")), .twice(.name)), ("the same name twice", adding(.init(1, "関所　花子")), .twice(.name)),
        ("two birth dates", adding(.init(4, "319800217")), .twice(.birthDate)),
        ("two marks", adding(.init(6, "0")), .twice(.addressSubstitution)),
        ("a PrintableString", replacing(3, value(3, tag: DERTag.printableString, [0x32])), .type(.sex)),
        ("an OCTET STRING", replacing(1, value(1, tag: 0x04, Array("関所　花子".utf8))), .type(.name)),
        ("a BMPString", replacing(1, value(1, tag: 0x1e, [0x95, 0xa2])), .type(.name)),
        ("broken UTF-8", replacing(1, value(1, [0xe9, 0x96])), .type(.name)),
        ("an overlong encoding", replacing(1, value(1, [0xc0, 0xaf])), .type(.name)),
        ("a surrogate", replacing(1, value(1, [0xed, 0xa0, 0x80])), .type(.name)),
        ("an empty name", card.with(1, ""), .length(.name)), ("a name of 201", card.with(1, kanji + "　"), .length(.name)),
        ("a name of 60 kB", card.with(1, String(repeating: "A", count: 60_000)), .length(.name)),
        ("an empty address", card.with(5, ""), .length(.address)), ("an address of 201", card.with(5, kanji + "１"), .length(.address)),
        ("a line feed", card.with(1, "関所\n花子"), .characters(.name)), ("a NUL", card.with(1, "関所\u{0}花子"), .characters(.name)),
        ("a delete", card.with(1, "関所\u{7f}花子"), .characters(.name)), ("a C1 control", card.with(5, "東京都\u{85}x"), .characters(.address)),
        ("a direction mark", card.with(1, "関所\u{202e}花子"), .characters(.name)),
        ("a zero-width space", card.with(1, "関所\u{200b}花子"), .characters(.name)),
        ("a byte order mark", card.with(1, "\u{feff}関所花"), .characters(.name)),
        ("a line separator", card.with(1, "関所\u{2028}花子"), .characters(.name)),
        ("a private character", card.with(1, "関所\u{e000}花子"), .characters(.name)),
        ("a variation selector", card.with(1, "関所\u{e0100}花子"), .characters(.name)),
        ("marks that are too few", card.with(2, "0000"), .marks(.nameSubstitution)),
        ("marks that are too many", card.with(2, "000000"), .marks(.nameSubstitution)),
        ("no mark", card.with(2, ""), .marks(.nameSubstitution)), ("a mark of 2", card.with(2, "00020"), .marks(.nameSubstitution)),
        ("wide digits", card.with(2, "０００００"), .marks(.nameSubstitution)),
        ("marks of another text", card.with(6, "00000"), .marks(.addressSubstitution)),
        ("sex 0", card.with(3, "0"), .sex), ("sex 4", card.with(3, "4"), .sex), ("sex in letters", card.with(3, "F"), .sex),
        ("two digits of sex", card.with(3, "22"), .sex), ("a wide 2", card.with(3, "２"), .sex), ("no sex in it", card.with(3, ""), .sex),
        ("no era", card.with(4, "19900402"), .birthForm), ("ten digits", card.with(4, "4199004020"), .birthForm),
        ("era 6", card.with(4, "620300101"), .birthForm), ("letters", card.with(4, "H19900402"), .birthForm),
        ("hyphens", card.with(4, "41990-04-"), .birthForm), ("wide digits in it", card.with(4, "４１９９"), .birthForm),
        ("no date in it", card.with(4, ""), .birthForm), ("month 13", card.with(4, "419901302"), .birthDate),
        ("day 32", card.with(4, "419900132"), .birthDate), ("30 February", card.with(4, "419920230"), .birthDate),
        ("29 February 1991", card.with(4, "419910229"), .birthDate), ("a day without a month", card.with(4, "419900002"), .birthDate),
        ("Reiwa 1990", card.with(4, "519900402"), .birthEra), ("Showa 1990", card.with(4, "319900402"), .birthEra),
        ("Meiji 1950", card.with(4, "119500000"), .birthEra), ("the day after Showa", card.with(4, "319890108"), .birthEra),
        ("the last of Showa as Heisei", card.with(4, "419890107"), .birthEra), ("a year before any", card.with(4, "118000101"), .birthEra),
        ("born after the issue", card.with(4, "520260101"), .birthFuture), ("born in 2099", card.with(4, "520990101"), .birthFuture),
    ]

    @Test(arguments: hostile.indices) func `are refused by name when they are wrong`(index: Int) {
        let (what, card, fault) = Self.hostile[index]
        #expect(throws: IdentityRefusal.attributes(fault), "\(what)") { try card.recognised() }
    }

    static let good: [(what: String, SignatureCard, @Sendable (BasicAttributes) -> Bool)] = [
        ("the longest name", card.with(1, kanji).with(2, String(repeating: "0", count: 200)), { $0.name.count == 200 }),
        ("Latin letters", card.with(1, "SMITH　JOHN PAUL").with(2, String(repeating: "0", count: 15)), { $0.name == "SMITH　JOHN PAUL" }),
        (
            "a compatibility ideograph as it is", card.with(1, "神\u{fa11}　一").with(2, "0100"),
            { $0.name.unicodeScalars.contains("\u{fa11}") }
        ),
        ("a substitute", card.with(1, "髙橋　太郎").with(2, "10000"), { $0.nameSubstitutes == [true, false, false, false, false] }),
        ("sex 1", card.with(3, "1"), { $0.sex == .male }), ("sex 3", card.with(3, "3"), { $0.sex == .notStated }),
        ("sex 9", card.with(3, "9"), { $0.sex == .notStated }),
        ("nothing known of the birth date", card.with(4, "400000000"), { $0.birth == BirthDate(year: nil, month: nil, day: nil) }),
        ("no era, a date", card.with(4, "019500312"), { $0.birth == BirthDate(year: 1950, month: 3, day: 12) }),
        ("the year alone", card.with(4, "319500000"), { $0.birth == BirthDate(year: 1950, month: nil, day: nil) }),
        ("year and month", card.with(4, "319500300"), { $0.birth == BirthDate(year: 1950, month: 3, day: nil) }),
        ("a leap day", card.with(4, "319880229"), { $0.birth == BirthDate(year: 1988, month: 2, day: 29) }),
        ("the year of a change, in the older era", card.with(4, "319890000"), { $0.birth.year == 1989 }),
        ("the year of a change, in the newer era", card.with(4, "419890000"), { $0.birth.year == 1989 }),
        ("the day of the change from Meiji", card.with(4, "119120730"), { $0.birth.day == 30 }),
        ("the same day as Taisho", card.with(4, "219120730"), { $0.birth.day == 30 }),
        ("the first day of Reiwa", card.with(4, "520190501"), { $0.birth.year == 2019 }),
        (
            "an address abroad", card.with(5, "国外（アメリカ合衆国）令和７年３月１日転出").with(6, String(repeating: "0", count: 21)),
            { $0.address.hasPrefix("国外") }
        ),
        ("an otherName that nobody knows", adding(.init(7, "ふりがな\u{0}")), { $0.name == "関所　花子" }),
    ]

    @Test(arguments: good.indices) func `are read as they stand`(index: Int) throws {
        let (what, card, holds) = Self.good[index]
        var presentation = Presentation()
        presentation.card = card
        #expect(holds(try presentation.given().attributes), "\(what)")
    }

    @Test func `stand in any order`() throws {
        var presentation = Presentation()
        let expected = try presentation.given().attributes
        presentation.card.values.reverse()
        #expect(try presentation.given().attributes == expected)
    }

    @Test func `are read by the identifiers of the configuration alone`() throws {
        // One public file swaps the address and its kin (`jpki.md` §1.3): the deployment says which it is.
        let base = SignatureCard.profile
        var values = base.values
        values[.address] = ObjectIdentifier("1.2.392.200149.8.5.5.16")
        let profile = SignatureProfile(
            policies: base.policies, authorities: base.authorities, simulatedAuthorities: [], values: values, sexes: base.sexes,
            eras: base.eras)
        #expect(throws: IdentityRefusal.attributes(.missing(.address))) { try SignatureCard().recognised(by: profile) }
        var card = SignatureCard()
        card.values.append(.init(16, card.values.first { $0.number == 5 }.map { String(decoding: $0.content, as: UTF8.self) } ?? ""))
        #expect(throws: Never.self) { try card.recognised(by: profile) }
    }

    /// INVARIANT: no part of a person in a refusal, a log or a printed value.
    @Test func `are in no refusal and in nothing that is printed`() throws {
        for (_, card, _) in Self.hostile.prefix(60) {
            let refusal = #expect(throws: IdentityRefusal.self) { try card.recognised() }
            let shown = "\(String(describing: refusal)) \(String(describing: refusal?.explanation))"
            for secret in ["関所", "花子", "悪人", "19900402", "霞が関"] { #expect(!shown.contains(secret)) }
        }
        let presented = try Presentation().given()
        var dumped = ""
        dump(presented, to: &dumped)
        dump(presented.attributes, to: &dumped)
        let printed = "\(presented) \(presented.attributes) " + String(reflecting: presented.attributes) + dumped
        for secret in ["関所", "花子", "1990", "霞が関"] { #expect(!printed.contains(secret), "\(printed)") }
    }
}

@Suite struct `The place at the head of an address` {
    private static func attributes(_ address: String, marks: String? = nil) -> BasicAttributes? {
        let count = address.unicodeScalars.count
        guard let birth = BirthDate(year: 1990, month: 1, day: 1) else { return nil }
        let marked = marks.map { $0.map { $0 == "1" } } ?? []
        return BasicAttributes(
            name: "関", nameSubstitutes: [false], birth: birth, sex: .male, address: address,
            addressSubstitutes: marked + [Bool](repeating: false, count: count - marked.count))
    }

    @Test(
        arguments: [
            ("東京都千代田区霞が関", "東京都", "千代田区"), ("東京都大島町元町", "東京都", nil), ("東京都", "東京都", nil),
            ("見本県川端市東三丁目", "見本県", "川端市"),
            // Two listed names fit: 関町 and 関町市. Neither is told.
            ("見本県関町市本町", "見本県", nil), ("国外（アメリカ合衆国）", nil, nil), ("京都府京都市", nil, nil), ("千代田区霞が関", nil, nil),
            ("　東京都千代田区", nil, nil),
        ] as [(String, String?, String?)]) func `is told when exactly one listed name fits`(
            address: String, prefecture: String?, municipality: String?
        ) throws
    {
        let place = SignatureCard.profile.gazetteer.place(of: try #require(Self.attributes(address)))
        #expect(place == AddressPlace(prefecture: prefecture, municipality: municipality))
    }

    @Test(
        arguments: [
            ("0000010", "東京都", nil), ("1", nil, nil), ("00000001", "東京都", "千代田区"),
        ] as [(String, String?, String?)]) func `is not told where a letter stands for another`(
            marks: String, prefecture: String?, municipality: String?
        ) throws
    {
        let place = SignatureCard.profile.gazetteer.place(of: try #require(Self.attributes("東京都千代田区霞が関", marks: marks)))
        #expect(place == AddressPlace(prefecture: prefecture, municipality: municipality))
    }
}
