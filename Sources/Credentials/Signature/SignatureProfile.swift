package import Cryptography
package import Vocabulary

/// One of the values that a signature certificate states of its holder.
package enum CertifiedValue: String, Sendable, Hashable, CaseIterable {
    case name
    case nameSubstitution = "name-substitution"
    case birthDate = "birth-date"
    case sex
    case address
    case addressSubstitution = "address-substitution"
}

/// The days in which one era's digit can stand before a date of birth, both ends included; both eras have the day of a change.
package struct EraSpan: Hashable, Sendable {
    /// `YYYYMMDD` as a number.
    package let first: Int64
    package let last: Int64

    package init(first: Int64, last: Int64) {
        self.first = first
        self.last = last
    }
}

/// What a signature certificate looks like, who issues it, and how it writes the four attributes: data, from configuration.
package struct SignatureProfile: Sendable {
    /// The certificate policies that make a certificate a signature certificate, by what carries its key.
    package let policies: [Carrier: [ObjectIdentifier]]
    package let authorities: [DistinguishedName]
    /// Test and simulated authorities, believed only where the deployment says development.
    package let simulatedAuthorities: [DistinguishedName]
    package let algorithms: Set<CardAlgorithm>
    /// The otherName of subjectAltName that has each value.
    package let values: [CertifiedValue: ObjectIdentifier]
    package let sexes: [String: Sex]
    /// By the first digit of the date of birth; nil for the digit that says no era.
    package let eras: [Character: EraSpan?]
    package let gazetteer: Gazetteer

    package init(
        policies: [Carrier: [ObjectIdentifier]], authorities: [DistinguishedName], simulatedAuthorities: [DistinguishedName],
        algorithms: Set<CardAlgorithm> = Set(CardAlgorithm.allCases), values: [CertifiedValue: ObjectIdentifier], sexes: [String: Sex],
        eras: [Character: EraSpan?], gazetteer: Gazetteer = .none
    ) {
        self.policies = policies
        self.authorities = authorities
        self.simulatedAuthorities = simulatedAuthorities
        self.algorithms = algorithms
        self.values = values
        self.sexes = sexes
        self.eras = eras
        self.gazetteer = gazetteer
    }
}

/// The names of prefectures and, as far as the operator has listed them, of their municipalities, written as addresses write them.
package struct Gazetteer: Hashable, Sendable {
    /// By prefecture.
    package let municipalities: [String: [String]]

    package init(_ municipalities: [String: [String]]) { self.municipalities = municipalities }

    package static let none = Gazetteer([:])

    package var count: Int { municipalities.values.reduce(0) { $0 + $1.count } }

    /// The place at the head of an address. A part is told only when exactly one listed name fits and none of its letters stands for
    /// another: an address has no separators, and 市, 町 and 村 are letters of names too.
    package func place(of attributes: BasicAttributes) -> AddressPlace {
        let address = Array(attributes.address.unicodeScalars)
        guard let prefecture = Self.only(municipalities.keys, at: 0, in: address, attributes.addressSubstitutes) else {
            return AddressPlace()
        }
        let municipality = Self.only(
            municipalities[prefecture] ?? [], at: prefecture.unicodeScalars.count, in: address, attributes.addressSubstitutes)
        return AddressPlace(prefecture: prefecture, municipality: municipality)
    }

    private static func only(
        _ names: some Sequence<String>, at start: Int, in address: [Unicode.Scalar], _ substitutes: [Bool]
    ) -> String? {
        var found: String?
        for name in names where address.dropFirst(start).starts(with: name.unicodeScalars) {
            guard found == nil else { return nil }
            found = name
        }
        guard let found, !substitutes.dropFirst(start).prefix(found.unicodeScalars.count).contains(true) else { return nil }
        return found
    }
}

extension SignatureProfile {
    /// JPKI as far as its published or observed facts go (marks C1 and C2 of `jpki.md` §1.1–1.3). The policy of phone certificates is
    /// unknown, so no phone's signature certificate is believed by default.
    package static let jpki = SignatureProfile(
        policies: [.card: known("1.2.392.200149.8.5.1.1.20")],
        authorities: [CardProfile.authority(organisation: "JPKI", unit: CardProfile.signatureUnit)],
        simulatedAuthorities: ["JPKI-TEST", CardProfile.simulatedOrganisation].map {
            CardProfile.authority(organisation: $0, unit: CardProfile.signatureUnit)
        }, values: standardValues, sexes: standardSexes, eras: standardEras)

    package static let standardValues: [CertifiedValue: ObjectIdentifier] = [
        (CertifiedValue.name, "1.2.392.200149.8.5.5.1"), (.nameSubstitution, "1.2.392.200149.8.5.5.2"),
        (.sex, "1.2.392.200149.8.5.5.3"), (.birthDate, "1.2.392.200149.8.5.5.4"), (.address, "1.2.392.200149.8.5.5.5"),
        (.addressSubstitution, "1.2.392.200149.8.5.5.6"),
    ].reduce(into: [:]) { $0[$1.0] = ObjectIdentifier($1.1) }

    /// `3` and `9` are both seen for unknown or not applicable.
    package static let standardSexes: [String: Sex] = ["1": .male, "2": .female, "3": .notStated, "9": .notStated]

    /// 明治, 大正, 昭和, 平成, 令和; `0` is unknown.
    package static let standardEras: [Character: EraSpan?] = [
        "0": nil, "1": EraSpan(first: 1868_01_25, last: 1912_07_30), "2": EraSpan(first: 1912_07_30, last: 1926_12_25),
        "3": EraSpan(first: 1926_12_25, last: 1989_01_07), "4": EraSpan(first: 1989_01_08, last: 2019_04_30),
        "5": EraSpan(first: 2019_05_01, last: 9999_12_31),
    ]

    private static func known(_ dotted: String...) -> [ObjectIdentifier] { dotted.compactMap { ObjectIdentifier($0) } }
}
