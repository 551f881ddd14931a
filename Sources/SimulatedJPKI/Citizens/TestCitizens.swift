package import Vocabulary

/// One of the test cards that `init` makes: who holds it, what it is, and what happened to it.
package struct TestCard: Sendable {
    package enum Fate: Sendable {
        case inUse
        case revoked(RevocationSelection, String)
        case pinBlocked
        /// Renewed a month ago.
        case renewed
    }

    /// The card's name on the command line.
    package let handle: String
    package let note: String
    package let citizen: Citizen
    package let carrier: Carrier
    package let generation: Int
    package let issuedDaysAgo: Int64
    package let pin: String?
    package let password: String?
    package let fate: Fate

    init(
        _ handle: String, _ note: String, _ citizen: Citizen, carrier: Carrier = .card, generation: Int = 2, issuedDaysAgo: Int64 = 400,
        pin: String? = "1234", password: String? = "SAMPLE2026", fate: Fate = .inUse
    ) {
        self.handle = handle
        self.note = note
        self.citizen = citizen
        self.carrier = carrier
        self.generation = generation
        self.issuedDaysAgo = issuedDaysAgo
        self.pin = pin
        self.password = password
        self.fate = fate
    }
}

extension TestCard {
    /// The whole cast. Names, dates and places are invented; one PIN for all, so that nobody has to look it up.
    package static func all(at now: Timestamp) -> [TestCard] {
        let sekimachi = Municipality.all[0]
        let kawabata = Municipality.all[1]
        let yamabe = Municipality.all[2]
        let hanako = Citizen(
            name: "関所　花子", sex: .female, birth: born(1990, 4, 2), address: "見本県関町市本町一丁目２番３号", municipality: sekimachi)
        let today = JapaneseDate(now)
        return [
            TestCard("hanako", "the ordinary case", hanako),
            TestCard(
                "hanako-phone", "hanako's phone: a certificate of its own, readable only after the PIN", hanako, carrier: .phone,
                issuedDaysAgo: 90),
            TestCard(
                "taro", "issued by the older generation; a character of the name is a substitute",
                Citizen(
                    name: "髙橋　太郎", nameSubstitutes: "10000", sex: .male, birth: born(1975, 12, 24), address: "見本県川端市東三丁目４番地",
                    municipality: kawabata), generation: 1, issuedDaysAgo: 1150),
            TestCard(
                "jiro", "lost and revoked: keyCompromise",
                Citizen(
                    name: "山辺　次郎", sex: .male, birth: born(1968, 7, 15), address: "見本県山辺村大字峠５６番地", municipality: yamabe),
                fate: .revoked(.both, "keyCompromise")),
            TestCard(
                "misaki", "the next generation of cards: ECDSA P-384, ten years",
                Citizen(
                    name: "川端　美咲", sex: .female, birth: born(2001, 1, 31), address: "見本県川端市西七丁目８番９号", municipality: kawabata),
                generation: 3, issuedDaysAgo: 60),
            TestCard(
                "shota", "under 15: no signature certificate",
                Citizen(
                    name: "関所　翔太", sex: .male, birth: Birth(JapaneseDate(year: today.year - 11, month: 4, day: 10)),
                    address: "見本県関町市本町一丁目２番３号", municipality: sekimachi), password: nil),
            TestCard(
                "emi", "lives abroad (国外転出者)",
                Citizen(
                    name: "峠　恵美", sex: .female, birth: born(1983, 9, 9), address: "国外（アメリカ合衆国）令和７年３月１日転出",
                    municipality: sekimachi), issuedDaysAgo: 200),
            TestCard(
                "sakura", "issued without a PIN (暗証番号設定なし): works at attended terminals only",
                Citizen(
                    name: "大野　さくら", sex: .female, birth: born(1941, 3, 3), address: "見本県山辺村大字峠１番地", municipality: yamabe),
                pin: nil, password: nil),
            TestCard(
                "goro", "the PIN is blocked",
                Citizen(
                    name: "川端　五郎", sex: .male, birth: born(1999, 11, 11), address: "見本県川端市南一丁目１番１号", municipality: kawabata),
                fate: .pinBlocked),
            TestCard(
                "rin", "on hold since the card was reported missing: certificateHold",
                Citizen(
                    name: "本町　凛", sex: .unspecified, birth: born(1995, 5, 5), address: "見本県関町市本町二丁目２番", municipality: sekimachi),
                fate: .revoked(.both, "certificateHold")),
            TestCard(
                "minoru", "moved house: the signature certificate is revoked (affiliationChanged), the login one is not",
                Citizen(
                    name: "東　実", sex: .male, birth: born(1988, 2, 29), address: "見本県川端市東九丁目９番", municipality: kawabata),
                fate: .revoked(.sign, "affiliationChanged")),
            TestCard(
                "fumiko", "left the resident register: cessationOfOperation",
                Citizen(
                    name: "峠　文子", sex: .female, birth: born(1931, 10, 1), address: "見本県山辺村大字峠２番地", municipality: yamabe),
                fate: .revoked(.both, "cessationOfOperation")),
            TestCard(
                "yuki", "renewed last month: the old certificates are superseded",
                Citizen(
                    name: "西　勇気", sex: .male, birth: born(2004, 8, 20), address: "見本県川端市西五丁目５番５号", municipality: kawabata),
                fate: .renewed),
            TestCard(
                "saburo", "expired",
                Citizen(
                    name: "南　三郎", sex: .male, birth: born(1970, 1, 1), address: "見本県関町市南一丁目１番地", municipality: sekimachi),
                generation: 1, issuedDaysAgo: 6 * 366),
            TestCard(
                "kenji", "the birth date is known in part, the address has a substitute",
                Citizen(
                    name: "大野　健二", sex: .male, birth: unknownDay("319500000"), address: "見本県関町市栁町三丁目", addressSubstitutes: "00000010000",
                    municipality: sekimachi)),
        ]
    }

    private static func born(_ year: Int64, _ month: Int64, _ day: Int64) -> Birth {
        Birth(JapaneseDate(year: year, month: month, day: day))
    }

    private static func unknownDay(_ text: String) -> Birth {
        Birth(text) ?? Birth(JapaneseDate(year: 1950, month: 1, day: 1))
    }
}

/// Which of a card's two certificates.
package enum RevocationSelection: String, Sendable, CaseIterable {
    case user, sign, both

    func covers(_ purpose: Purpose) -> Bool { self == .both || rawValue == purpose.rawValue }
}
