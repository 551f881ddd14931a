import Credentials
import Cryptography
import Vocabulary

/// The `card: identity:` part of sekisho.yaml: what a signature certificate looks like, what ties it to the citizen who is here, and how long
/// what it said is kept. Every fact of the certificate is here, so that a new profile needs no new program.
struct IdentityPart {
    /// Names the signature authority of every generation (`jpki.md` §1.1).
    static let authority = "OU=Japan Agency for Local Authority Information Systems,OU=JPKI for digital signature,O=JPKI,C=JP"
    /// The card's own (`jpki.md` §1.2). The phone's is not confirmed, so a deployment that takes phones names it.
    static let cardPolicy = "1.2.392.200149.8.5.1.1.20"

    let policies: [Carrier: [ObjectIdentifier]]
    let authorities: [String]
    let algorithms: Set<CardAlgorithm>?
    let values: [CertifiedValue: ObjectIdentifier]
    let sexes: [String: Sex]
    let eras: [Character: EraSpan?]
    /// The operator's list of municipalities, relative to the folder.
    let places: String?
    let rules: (loginAge: Int64, tie: IdentityTie)
    /// Seconds.
    let lifetime: Int64

    static func read(_ section: Section?) -> IdentityPart {
        let policies = section?.section("policies")
        var named: [Carrier: [ObjectIdentifier]] = [:]
        for carrier in Carrier.allCases {
            let standard = carrier == .card ? [cardPolicy] : []
            named[carrier] = (policies?.texts(carrier.rawValue, limit: 128) ?? standard.map { ($0, 0) }).compactMap {
                identifier($0.text, at: $0.line, policies)
            }
        }
        policies?.finish()
        for policy in named[.card, default: []] where named[.phone, default: []].contains(policy) {
            section?.report(
                "card.identity.policy.shared", at: policies?.line(of: "phone"), "`\(policy.dotted)` is named for card and phone",
                "let one policy name one carrier")
        }
        let authorities = section?.texts("authorities")?.map(\.text) ?? [authority]
        let algorithms = section?.choices("algorithms", CardAlgorithm.self)
        let values = self.values(section?.section("attributes"))
        let sexes = self.sexes(section?.section("sexes"))
        let eras = self.eras(section?.section("eras"))
        let places = section?.text("places", limit: 512)
        let age = section?.duration("login-age", in: 30...3600) ?? 600
        let tie = section?.choice("tie", IdentityTie.self) ?? .journey
        let lifetime = section?.duration("keep", in: 60...31 * 86_400) ?? 3600
        section?.finish()
        return IdentityPart(
            policies: named, authorities: authorities, algorithms: algorithms, values: values, sexes: sexes, eras: eras, places: places,
            rules: (age, tie), lifetime: lifetime)
    }

    private static func identifier(_ text: String, at line: Int, _ section: Section?) -> ObjectIdentifier? {
        if let identifier = ObjectIdentifier(text) { return identifier }
        section?.report(
            "card.policy", at: line, "`" + Explanation.redacted(text) + "` is no object identifier", "write it with dots: 1.2.392.…")
        return nil
    }

    private static func values(_ section: Section?) -> [CertifiedValue: ObjectIdentifier] {
        var values = SignatureProfile.standardValues
        for value in CertifiedValue.allCases {
            guard let text = section?.text(value.rawValue, limit: 128) else { continue }
            values[value] = identifier(text, at: section?.line(of: value.rawValue) ?? 0, section)
        }
        if let section, Set(values.values).count != values.count {
            section.report(
                "card.identity.attributes", at: section.line, "two attributes have one object identifier", "let each have its own")
        }
        section?.finish()
        return values
    }

    /// `male: 1`, `not-stated: [3, 9]`.
    private static func sexes(_ section: Section?) -> [String: Sex] {
        guard let section else { return SignatureProfile.standardSexes }
        var sexes: [String: Sex] = [:]
        for sex in Sex.allCases {
            for (text, line) in section.texts(sex.rawValue, limit: 8) ?? [] {
                if sexes[text] != nil {
                    section.report(
                        "card.identity.sexes", at: line, "`\(Explanation.redacted(text))` stands for two", "let each stand for one")
                }
                sexes[text] = sex
            }
        }
        section.finish()
        return sexes
    }

    /// `3: 1926-12-25..1989-01-07`, `5: 2019-05-01..`, `0: none`.
    private static func eras(_ section: Section?) -> [Character: EraSpan?] {
        guard let section else { return SignatureProfile.standardEras }
        var eras: [Character: EraSpan?] = [:]
        for digit in "0123456789" where section.has(String(digit)) {
            guard let text = section.text(String(digit), limit: 32) else { continue }
            if text == "none" {
                eras.updateValue(nil, forKey: digit)
                continue
            }
            let parts = text.ends(at: "..")
            guard parts.count == 2, let first = day(parts[0]), let last = parts[1].isEmpty ? 9999_12_31 : day(parts[1]), first <= last
            else {
                section.report(
                    "card.identity.eras", at: section.line(of: String(digit)), "`" + Explanation.redacted(text) + "` is no span of days",
                    "write 1926-12-25..1989-01-07, 2019-05-01.. or none")
                continue
            }
            eras.updateValue(EraSpan(first: first, last: last), forKey: digit)
        }
        section.finish()
        return eras
    }

    /// `YYYY-MM-DD` as the number YYYYMMDD.
    private static func day(_ text: String) -> Int64? {
        guard text.utf8.count == 10, Timestamp(text + "T00:00:00Z") != nil else { return nil }
        return Int64(String(text.filter { $0 != "-" }))
    }
}

extension String {
    /// What stands before and behind the only `mark`; empty when there is none, or more than one.
    fileprivate func ends(at mark: String) -> [String] {
        let marks = Array(mark.unicodeScalars)
        var parts: [String] = [""]
        var rest = Array(unicodeScalars)[...]
        while let scalar = rest.first {
            if rest.starts(with: marks) {
                parts.append("")
                rest = rest.dropFirst(marks.count)
            } else {
                parts[parts.count - 1].unicodeScalars.append(scalar)
                rest = rest.dropFirst()
            }
        }
        return parts.count == 2 ? parts : []
    }
}
