/// A place that keeps a resident register. All are invented, with codes no real one has.
package struct Municipality: Hashable, Sendable {
    package let code: String
    package let prefecture: String
    package let locality: String

    static let all = [
        Municipality(code: "99101", prefecture: "Mihon-ken", locality: "Sekimachi-shi"),
        Municipality(code: "99102", prefecture: "Mihon-ken", locality: "Kawabata-shi"),
        Municipality(code: "99301", prefecture: "Mihon-ken", locality: "Yamabe-mura"),
    ]

    package static func named(_ code: String) -> Municipality? { all.first { $0.code == code } }
}

/// An invented person, as far as the certificates tell: the four attributes and nothing else. There is no Individual Number anywhere.
package struct Citizen: Hashable, Sendable {
    package enum Sex: String, Sendable, CaseIterable { case male = "1", female = "2", unspecified = "9" }

    /// Family and given name with U+3000 between.
    package let name: String
    /// One digit for each character of the name: `1` where the certificate has a substitute.
    package let nameSubstitutes: String
    package let sex: Sex
    package let birth: Birth
    package let address: String
    package let addressSubstitutes: String
    package let municipality: Municipality

    package init(
        name: String, nameSubstitutes: String? = nil, sex: Sex, birth: Birth, address: String, addressSubstitutes: String? = nil,
        municipality: Municipality
    ) {
        self.name = name
        self.nameSubstitutes = nameSubstitutes ?? String(repeating: "0", count: name.count)
        self.sex = sex
        self.birth = birth
        self.address = address
        self.addressSubstitutes = addressSubstitutes ?? String(repeating: "0", count: address.count)
        self.municipality = municipality
    }

    /// The otherNames of the signature certificate in the order in which real ones have them (`jpki.md` §1.3).
    package var attributes: [(number: Int, text: String)] {
        [
            (1, name), (4, birth.text), (3, sex.rawValue), (5, address), (2, nameSubstitutes), (6, addressSubstitutes),
        ]
    }
}

/// A birth date as certificates write it: `EYYYYMMDD`, an era's digit before a Gregorian date; unknown parts are zeros.
package struct Birth: Hashable, Sendable {
    package let text: String

    package init(_ date: JapaneseDate) {
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        text = String(Self.era(of: date)) + padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2)
    }

    /// One that is known in part, such as `400000000`.
    package init?(_ text: String) {
        guard text.utf8.count == 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let era = text.first, era <= "5" else {
            return nil
        }
        self.text = text
    }

    /// Nil when the day is not known.
    package var date: JapaneseDate? {
        guard let number = Int64(text.dropFirst()) else { return nil }
        let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100)
        return year > 0 && (1...12).contains(month) && (1...31).contains(day) ? JapaneseDate(year: year, month: month, day: day) : nil
    }

    /// 明治 1, 大正 2, 昭和 3, 平成 4, 令和 5, each from its first day.
    private static func era(of date: JapaneseDate) -> Int {
        let begins = [(5, 2019, 5, 1), (4, 1989, 1, 8), (3, 1926, 12, 25), (2, 1912, 7, 30)]
        return begins.first { date >= JapaneseDate(year: Int64($0.1), month: Int64($0.2), day: Int64($0.3)) }?.0 ?? 1
    }
}
