import Testing
import TrustFramework
import Vocabulary

@Suite struct `Attributes of the person (R7)` {
    static let now = Timestamp(seconds: 1_795_233_600)  // 2026-11-21T13:00 in Japan

    static func record(
        birth: (Int64?, Int64?, Int64?) = (1990, 4, 2), sex: Sex = .female,
        place: AddressPlace = AddressPlace(prefecture: "見本県", municipality: "関町市"),
        nameMarks: [Bool] = [true, false, false, false, false], until: Timestamp = now.adding(seconds: 60)
    ) throws -> IdentityRecord {
        let born = try #require(BirthDate(year: birth.0, month: birth.1, day: birth.2))
        let attributes = try #require(
            BasicAttributes(
                name: "髙橋　太郎", nameSubstitutes: nameMarks,
                birth: born, sex: sex, address: "見本県関町市本町",
                addressSubstitutes: [Bool](repeating: false, count: 8)))
        return IdentityRecord(
            restored: attributes, place: place, certificate: [UInt8](repeating: 1, count: 32), carrier: .card, tie: .journey,
            presentedFor: try #require(Purpose("bank-account")), member: try #require(MemberID("https://bank.example.co.jp")), at: now,
            statusAt: now, expiresAt: until)
    }

    private func value(_ source: AttributeSource, _ record: IdentityRecord?) -> JSON? {
        source.value(from: Fixture.facts(.pin), in: Fixture.pin, record: record, at: Self.now)
    }

    static let personal = AttributeSource.allCases.filter(\.takesRecord)

    @Test func `are those that a rule, a record and a consent have to release`() {
        #expect(Self.personal.count == 13)
        #expect(
            Set(AttributeSource.allCases.filter(\.isPersonal)).subtracting(Self.personal) == [.customerID], "which is the service's own")
        #expect(!AttributeSource.pinUsed.isPersonal && !AttributeSource.revocationTime.isPersonal)
    }

    @Test(
        arguments: [
            (.name, "髙橋　太郎"), (.nameSubstitution, "10000"), (.birthDate, "1990-04-02"), (.sex, "female"), (.address, "見本県関町市本町"),
            (.addressSubstitution, "00000000"), (.over18, true), (.over20, true), (.over65, false), (.birthYear, 1990),
            (.prefecture, "見本県"),
            (.municipality, "関町市"), (.comparison, true),
        ] as [(AttributeSource, JSON)]) func `have the value that the certificate had, or what follows from it`(
            source: AttributeSource, expected: JSON
        ) throws
    {
        #expect(value(source, try Self.record()) == expected)
    }

    @Test(arguments: personal) func `have no value without a record, or with one whose time is over`(source: AttributeSource) throws {
        #expect(value(source, nil) == nil)
        #expect(value(source, try Self.record(until: Self.now)) == nil)
        #expect(value(source, try Self.record()) != nil)
    }

    @Test(
        arguments: [
            ((1990, 4, 2), "1990-04-02"), ((1990, nil, nil), "1990"), ((1990, 4, nil), "1990"), ((nil, 4, 2), "0000-04-02"),
            ((nil, 4, nil), nil),
            ((nil, nil, nil), nil), ((33, 1, 9), "0033-01-09"),
        ] as [((Int64?, Int64?, Int64?), JSON?)]) func `say of the birth date what is known (OpenID Connect Core §5.1)`(
            birth: (Int64?, Int64?, Int64?), expected: JSON?
        ) throws
    {
        #expect(value(.birthDate, try Self.record(birth: birth)) == expected)
    }

    @Test(arguments: [AttributeSource.over18, .over20, .over65]) func `make no statement about an age that the date leaves open`(
        source: AttributeSource
    ) throws {
        let edge: [AttributeSource: Int64] = [.over18: 2008, .over20: 2006, .over65: 1961]
        let year = try #require(edge[source])
        #expect(value(source, try Self.record(birth: (year, nil, nil))) == nil)
        #expect(value(source, try Self.record(birth: (nil, 4, 2))) == nil)
        #expect(value(source, try Self.record(birth: (year - 1, nil, nil))) == true)
        #expect(value(source, try Self.record(birth: (year + 1, nil, nil))) == false)
        #expect(value(source, try Self.record(birth: (year, 11, 21))) == true, "the day itself, in Japan")
        #expect(value(source, try Self.record(birth: (year, 11, 22))) == false)
    }

    @Test func `say nothing of a sex that is not stated, and of places that are not certain`() throws {
        #expect(value(.sex, try Self.record(sex: .notStated)) == nil)
        let record = try Self.record(place: AddressPlace(prefecture: "見本県"))
        #expect(value(.prefecture, record) == "見本県")
        #expect(value(.municipality, record) == nil)
    }

    @Test func `are told with the marks of substituted characters, always`() throws {
        let record = try Self.record()
        func told(_ release: Set<AttributeSource>) -> [AttributeSource] {
            ReleasedAttribute.told(release, from: Fixture.facts(.pin), in: Fixture.pin, record: record, at: Self.now).map(\.source)
        }
        #expect(told([.name]) == [.name, .nameSubstitution])
        #expect(told([.address, .over18]) == [.address, .addressSubstitution, .over18])
        #expect(told([.municipality]) == [.municipality], "a derived form carries no more than itself")
        #expect(told([]) == [])
    }

    @Test func `are told of nobody without a record, beside the facts of the login`() {
        let told = ReleasedAttribute.told(
            [.name, .over18, .pinUsed], from: Fixture.facts(.pin), in: Fixture.pin, record: nil, at: Self.now)
        #expect(told == [ReleasedAttribute(source: .pinUsed, value: true)])
    }

    @Test func `are smaller parts of what they are derived from`() {
        for source in AttributeSource.allCases {
            if let whole = source.derivedFrom { #expect(whole.isPersonal && source.isPersonal && whole.derivedFrom == nil) }
        }
        #expect(AttributeSource.over18.derivedFrom == .birthDate && AttributeSource.municipality.derivedFrom == .address)
        #expect(AttributeSource.name.derivedFrom == nil)
    }

    @Test(
        arguments: [(.name, "name"), (.birthDate, "birthdate"), (.sex, "gender"), (.address, "address"), (.over18, "over_18")]
            as [(AttributeSource, String)])
    func `have OpenID's own claim names where they fit (Core §5.1)`(source: AttributeSource, claim: String) {
        #expect(source.claim == claim)
    }

    @Test func `have an address as an object in OpenID and as a text in SAML`() throws {
        let address = ReleasedAttribute(source: .address, value: "見本県")
        #expect(address.claimValue == ["formatted": "見本県"])
        #expect(address.text == "見本県")
        #expect(ReleasedAttribute(source: .prefecture, value: "見本県").claimValue == "見本県")
    }

    /// INVARIANT: nothing of the person in a log.
    @Test func `show nothing when they are printed`() throws {
        let record = try Self.record()
        let told = ReleasedAttribute.told(Set(Self.personal), from: Fixture.facts(.pin), in: Fixture.pin, record: record, at: Self.now)
        var text = "\(record) \(told) " + String(reflecting: record)
        dump(record, to: &text)
        dump(told, to: &text)
        for secret in ["髙橋", "1990", "見本県", "female", "10000"] { #expect(!text.contains(secret), "\(text)") }
        #expect("\(ReleasedAttribute(source: .pinUsed, value: true))" == "pin-used=true")
    }
}
