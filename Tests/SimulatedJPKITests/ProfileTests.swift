import Cryptography
import SimulatedJPKI
import Testing
import Vocabulary

@Suite struct `Certificates of citizens, jpki.md §1.2` {
    @Test(arguments: Purpose.allCases) func `have the profile of their purpose`(purpose: Purpose) async throws {
        let world = try await World.shared()
        let certificate = try world.simulator.identity("hanako", purpose).certificate
        let issuer = try world.issuer("hanako", purpose)
        #expect(certificate.version == 3)
        #expect(certificate.publicKey.kind == .rsa(bits: 2048))
        #expect(certificate.publicKey.rsaComponents?.exponent == [0x01, 0x00, 0x01])
        #expect(certificate.issuer.der == issuer.subject.der)
        #expect(certificate.isSigned(by: issuer.publicKey))
        #expect(certificate.keyUsage == (purpose == .user ? [.digitalSignature] : [.digitalSignature, .nonRepudiation]))
        #expect(certificate.extendedKeyUsage == nil)
        #expect(certificate.policies.map(\.dotted) == [purpose == .user ? "1.2.392.200149.8.5.1.3.30" : "1.2.392.200149.8.5.1.1.20"])
        #expect(!certificate.isAuthority)
        #expect(certificate.authorityKeyIdentifier == issuer.subjectKeyIdentifier)
        #expect(certificate.subjectKeyIdentifier == certificate.publicKey.keyIdentifier)
        #expect(certificate.ocspURIs == ["http://127.0.0.1:8700/ocsp/\(purpose.rawValue)"])
        #expect(try Raw.criticals(certificate) == ["2.5.29.15", "2.5.29.32"])
        #expect((900...1700).contains(certificate.der.count))
        #expect((1...4).contains(certificate.serial.count))
        #expect(certificate.unknownCriticalExtensions.isEmpty)
    }

    @Test(arguments: [(Purpose.user, "JPKI for user authentication"), (.sign, "JPKI for digital signature")])
    func `name the municipality's own list`(purpose: Purpose, unit: String) async throws {
        let world = try await World.shared()
        let points = try world.simulator.identity("taro", purpose).certificate.crlDistributionPoints
        #expect(points.count == 1)
        #expect(points.first?.uris == [])
        #expect(
            points.first?.directoryNames.map(\.text) == [
                "CN=Kawabata-shi CRLDP,OU=Mihon-ken,OU=CRL Distribution Points,OU=\(unit),O=JPKI-SIMULATED,C=JP"
            ])
    }

    @Test func `show an opaque subject, with the place in the signature certificate only`() async throws {
        let world = try await World.shared()
        let user = try world.user("hanako").subject.text
        let sign = try world.simulator.identity("hanako", .sign).certificate.subject.text
        #expect(try #require(try Regex("^CN=[0-9A-Z]{14}99101[0-9]{3}A,C=JP$").wholeMatch(in: user)).isEmpty == false)
        #expect(try #require(try Regex("^CN=[0-9A-Z]{14}99101[0-9]{3}A,L=Sekimachi-shi,C=JP$").wholeMatch(in: sign)).isEmpty == false)
        #expect(user.prefix(26) != sign.prefix(26))
    }

    @Test func `keep the four attributes out of the login certificate`() async throws {
        let world = try await World.shared()
        for handle in world.simulator.handles {
            let certificate = try world.user(handle)
            let citizen = try world.simulator.record(handle).citizen
            #expect(certificate.alternativeNames.isEmpty)
            for text in [citizen.name, citizen.address, String(citizen.birth.text.dropFirst())] {
                #expect(!contains(certificate.der, Array(text.utf8)), "\(handle)")
            }
        }
    }

    @Test func `have the six attributes in the order of real signature certificates, §1.3`() async throws {
        let world = try await World.shared()
        let names = try world.simulator.identity("taro", .sign).certificate.otherNames
        #expect(names.map(\.0.dotted) == ["1", "4", "3", "5", "2", "6"].map { "1.2.392.200149.8.5.5." + $0 })
        #expect(names.map(\.1) == ["髙橋　太郎", "319751224", "1", "見本県川端市東三丁目４番地", "10000", "0000000000000"])
        #expect(try Raw.extensions(world.simulator.identity("taro", .sign).certificate).contains { $0.name == "2.5.29.18" })
    }

    @Test(arguments: [
        ("hanako", "2030-04-02T14:59:59Z"), ("hanako-phone", "2031-04-02T14:59:59Z"), ("misaki", "2036-01-31T14:59:59Z"),
        ("minoru", "2030-02-28T14:59:59Z"), ("saburo", "2025-01-01T14:59:59Z"),
    ])
    func `end at midnight in Japan on the fifth birthday, the tenth for the next card`(handle: String, end: String) async throws {
        let world = try await World.shared()
        #expect(try world.user(handle).notAfter.text == end)
    }

    @Test func `of the next card are P-384 signed with SHA-384, §1.6`() async throws {
        let world = try await World.shared()
        let certificate = try world.user("misaki")
        #expect(certificate.publicKey.kind == .ec(.p384))
        var whole = try DERReader.whole(certificate.der)
        _ = try whole.next()
        var algorithm = try whole.next().reader
        #expect(try algorithm.next().objectIdentifier().dotted == "1.2.840.10045.4.3.3")
        #expect(algorithm.isAtEnd)
    }

    @Test func `of phones have policies of their own`() async throws {
        let world = try await World.shared()
        let phone = try world.user("hanako-phone").policies
        #expect(phone == [OID.phoneUserPolicy])
        #expect(phone != (try world.user("hanako")).policies)
    }

    @Test func `are not both issued under 15`() async throws {
        let world = try await World.shared()
        #expect(try world.simulator.record("shota").sign == nil)
        #expect(try world.simulator.record("hanako").sign != nil)
        #expect(throws: SimulatorRefusal.noSignatureCertificate) { try world.simulator.identity("shota", .sign) }
    }

    @Test func `have serials that count up and never meet`() async throws {
        let world = try await World.shared()
        for authority in world.simulator.authorities {
            let serials = try world.simulator.register(of: authority.name).entries.map(\.serial)
            #expect(serials == serials.sorted())
            #expect(Set(serials).count == serials.count)
        }
    }

    @Test func `hold no Individual Number`() async throws {
        // Twelve digits in a row occur nowhere in what is kept of a citizen.
        let world = try await World.shared()
        let digits = try Regex("[0-9]{12}")
        for handle in world.simulator.handles {
            let citizen = try world.simulator.record(handle).citizen
            let attributes = citizen.attributes.filter { $0.number != 2 && $0.number != 6 }.map(\.text).joined(separator: "|")
            #expect(try digits.firstMatch(in: attributes) == nil)
        }
    }

    private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count <= bytes.count else { return false }
        return (0...(bytes.count - part.count)).contains { bytes[$0...].starts(with: part) }
    }
}

@Suite struct `Birth dates, jpki.md §1.3` {
    @Test(arguments: [
        (1868, 10, 23, "118681023"), (1912, 7, 29, "119120729"), (1912, 7, 30, "219120730"), (1926, 12, 24, "219261224"),
        (1926, 12, 25, "319261225"), (1989, 1, 7, "319890107"), (1989, 1, 8, "419890108"), (2019, 4, 30, "420190430"),
        (2019, 5, 1, "520190501"), (1980, 2, 17, "319800217"),
    ])
    func `carry the era's digit before the Gregorian date`(year: Int64, month: Int64, day: Int64, text: String) {
        let date = JapaneseDate(year: year, month: month, day: day)
        #expect(Birth(date).text == text)
        #expect(Birth(text)?.date == date)
    }

    @Test func `may be known in part`() {
        #expect(Birth("400000000")?.date == nil)
        #expect(Birth("400000000") != nil)
    }

    @Test(arguments: ["", "40000000", "4000000000", "9199001010", "919900101", "4x0000000"])
    func `are refused in another form`(text: String) {
        #expect(Birth(text) == nil)
    }
}
