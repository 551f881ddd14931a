import Testing
import TrustFramework
import Vocabulary

@Suite struct `A form beside the certificate (R7)` {
    private static func record(
        name: String = "髙橋　太郎", marks: String = "10000", birth: (Int64?, Int64?, Int64?) = (1975, 12, 24), sex: Sex = .male,
        address: String = "見本県川端市東三丁目４番地",
        place: AddressPlace = AddressPlace(prefecture: "見本県", municipality: "川端市")
    ) throws -> IdentityRecord {
        let born = try #require(BirthDate(year: birth.0, month: birth.1, day: birth.2))
        let attributes = try #require(
            BasicAttributes(
                name: name, nameSubstitutes: marks.map { $0 == "1" }, birth: born, sex: sex, address: address,
                addressSubstitutes: address.unicodeScalars.map { _ in false }))
        let purpose = try #require(Purpose("identity-check"))
        let member = try #require(MemberID("bank"))
        return IdentityRecord(
            restored: attributes, place: place, certificate: [], carrier: .card, tie: .card, presentedFor: purpose, member: member,
            at: Fixture.now, statusAt: Fixture.now, expiresAt: Fixture.now)
    }

    private static let places: [String: [String]] = [
        "見本県": ["川端市", "関町市", "山辺郡山辺村"], "神奈川県": ["横浜市西区", "横浜市中区"], "東京都": ["千代田区", "府中市"], "京都府": [],
    ]

    private func word(_ source: AttributeSource, _ text: String, _ record: IdentityRecord) -> IdentityComparison.Word? {
        IdentityComparison(of: [(source, text)], with: record, places: Self.places).words.first?.word
    }

    @Test(
        arguments: [
            // The certificate has 髙 for a character that it cannot write.
            ("髙橋　太郎", .match), ("高橋　太郎", .open), ("髙橋 太郎", .match), ("髙橋太郎", .match), ("高橋太郎", .open), ("髙橋　次郎", .different),
            ("高橋　次郎", .different), ("髙橋　太", .different), ("", .different), ("髙橋　太郎郎", .different),
        ] as [(String, IdentityComparison.Word)]) func `agrees in its name, character by character`(
            name: String, word: IdentityComparison.Word
        ) throws
    {
        #expect(self.word(.name, name, try Self.record()) == word)
    }

    @Test(arguments: [("高橋　太郎", IdentityComparison.Word.different), ("髙橋　太郎", .match)])
    func `differs where nothing stands for another`(name: String, word: IdentityComparison.Word) throws {
        #expect(self.word(.name, name, try Self.record(marks: "00000")) == word)
    }

    @Test func `takes wide and narrow letters for the same`() throws {
        let record = try Self.record(name: "ＳＭＩＴＨ　JOHN", marks: "0000000000")
        #expect(word(.name, "Smith John", record) == .match)
        #expect(word(.name, "Smyth John", record) == .different)
    }

    @Test(
        arguments: [
            ((1975, 12, 24), "1975-12-24", .match), ((1975, 12, 24), "1975-12-25", .different), ((1975, nil, nil), "1975-12-24", .open),
            ((1975, nil, nil), "1976-12-24", .different), ((nil, nil, nil), "1975-12-24", .open), ((1975, 12, 24), "1975-12", .different),
            ((1975, 12, 24), "24.12.1975", .different), ((1975, nil, nil), "1975-02-30", .different),
            ((1975, 12, 24), "+975-12-24", .different),
        ] as [((Int64?, Int64?, Int64?), String, IdentityComparison.Word)])
    func `agrees in its birth date as far as it is known`(birth: (Int64?, Int64?, Int64?), typed: String, word: IdentityComparison.Word)
        throws
    {
        #expect(self.word(.birthDate, typed, try Self.record(birth: birth)) == word)
    }

    @Test(
        arguments: [
            ("見本県川端市東三丁目４番地", .match), ("見本県川端市東三丁目4番地", .match), ("見本県川端市東3-4", .open), ("見本県", .open), ("", .open),
            ("見本県関町市東三丁目４番地", .different), ("東京都千代田区", .different),
        ] as [(String, IdentityComparison.Word)]) func `differs in its address only where the place is another`(
            address: String, word: IdentityComparison.Word
        ) throws
    {
        #expect(self.word(.address, address, try Self.record()) == word)
    }

    /// 「横浜市西区…」 is what most people write for 「神奈川県横浜市西区…」.
    @Test(
        arguments: [
            ("神奈川県横浜市西区みなと一丁目", .match), ("神奈川県　横浜市西区　みなと一丁目", .match), ("横浜市西区みなと一丁目", .open),
            ("横浜市西区みなと1-2", .open), ("西区みなと一丁目", .open), ("みなと一丁目", .open), ("横浜市中区みなと一丁目", .open),
            ("千代田区霞が関一丁目", .open), ("神奈川横浜市西区みなと一丁目", .open), ("大阪府大阪市北区", .open), ("神奈川県横浜市", .open),
            ("神奈川県みなと一丁目", .open), ("神奈川県川崎市川崎区", .open), ("東京", .open),
            ("神奈川県横浜市中区みなと一丁目", .different), ("神奈川県 横浜市中区", .different), ("東京都横浜市西区みなと一丁目", .different),
            ("東京都", .different), ("京都府京都市", .different), ("見本県川端市", .different),
        ] as [(String, IdentityComparison.Word)])
    func `is open in its address where a part is left out or nobody has listed the place`(address: String, word: IdentityComparison.Word)
        throws
    {
        let record = try Self.record(
            address: "神奈川県横浜市西区みなと一丁目", place: AddressPlace(prefecture: "神奈川県", municipality: "横浜市西区"))
        #expect(self.word(.address, address, record) == word)
    }

    @Test(
        arguments: [
            ("見本県山辺村字下1", "山辺郡山辺村", .open), ("見本県山辺郡山辺村字下1", "山辺郡山辺村", .open),
            ("見本県川端市字下1", "山辺郡山辺村", .different),
            // Which municipality it is could not be told of the certificate: only the prefecture is certain.
            ("見本県川端市字下1", nil, .open), ("東京都府中市", nil, .different),
        ] as [(String, String?, IdentityComparison.Word)])
    func `differs from a place with a district only where it names another`(
        address: String, municipality: String?, word: IdentityComparison.Word
    ) throws {
        let record = try Self.record(
            address: "見本県山辺郡山辺村字下１番地", place: AddressPlace(prefecture: "見本県", municipality: municipality))
        #expect(self.word(.address, address, record) == word)
    }

    @Test(arguments: ["東京都千代田区", "見本県川端市東3-4", "横浜市"])
    func `is open beside a certificate whose prefecture nobody can tell`(address: String) throws {
        let record = try Self.record(address: "国外（アメリカ合衆国）", place: AddressPlace())
        #expect(word(.address, address, record) == .open)
    }

    @Test func `agrees in a sex that is stated`() throws {
        #expect(word(.sex, "male", try Self.record()) == .match)
        #expect(word(.sex, "female", try Self.record()) == .different)
        #expect(word(.sex, "male", try Self.record(sex: .notStated)) == .open)
    }

    @Test func `says nothing of what is no part of a form`() throws {
        let comparison = IdentityComparison(
            of: [(.over18, "true"), (.pinUsed, "true"), (.sex, "male")], with: try Self.record(), places: Self.places)
        #expect(comparison.words.map(\.source) == [.sex])
    }
}
