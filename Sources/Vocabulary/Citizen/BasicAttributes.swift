/// 性別, as a signature certificate states it.
package enum Sex: String, Sendable, Hashable, CaseIterable {
    case male, female
    /// Unknown, or not applicable.
    case notStated = "not-stated"
}

/// What ties the person of a signature certificate to the citizen of a session. The two certificates of one card have nothing in common
/// that a verifier could compare, so the tie is evidence of its own, and never says more than it is. From the weakest to the strongest.
package enum IdentityTie: String, Sendable, Hashable, CaseIterable, Comparable {
    /// The signature was made in a session in which the citizen had used the login key and its PIN just before: one browser, at one
    /// time. It does not show that the two keys are on one card, nor that one hand held them.
    case journey
    /// The login key of this session's citizen signed the same declaration: whoever answered could use both keys at once.
    case keys
    /// A registered terminal signed that both certificates were read from one card in one use.
    case card

    private var rank: Int {
        switch self {
        case .journey: 0
        case .keys: 1
        case .card: 2
        }
    }

    package static func < (left: IdentityTie, right: IdentityTie) -> Bool { left.rank < right.rank }
}

/// 基本4情報: what a signature certificate says of its holder, with the marks of characters that stand for others.
///
/// INVARIANT: never in a log, a trail, an error or a URL. Printing one shows nothing of it.
package struct BasicAttributes: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// Family and given name with U+3000 between, as the certificate has it.
    package let name: String
    /// One for each Unicode scalar of the name: true where the register's character is another one (代替文字).
    package let nameSubstitutes: [Bool]
    package let birth: BirthDate
    package let sex: Sex
    /// From the prefecture on, without a postal code; another form for residents abroad.
    package let address: String
    package let addressSubstitutes: [Bool]

    /// Characters of a name and of an address at most (`jpki.md` §1.3 for the address; names are far shorter).
    package static let longest = 200

    /// Nil when a text is empty, longer than `longest`, has control characters or marks that do not go with it.
    package init?(
        name: String, nameSubstitutes: [Bool], birth: BirthDate, sex: Sex, address: String, addressSubstitutes: [Bool]
    ) {
        guard Self.isText(name), Self.isText(address), nameSubstitutes.count == name.unicodeScalars.count,
            addressSubstitutes.count == address.unicodeScalars.count
        else { return nil }
        self.name = name
        self.nameSubstitutes = nameSubstitutes
        self.birth = birth
        self.sex = sex
        self.address = address
        self.addressSubstitutes = addressSubstitutes
    }

    /// 1 to `longest` scalars, every one of them visible or a space: no controls, no line or paragraph ends, no marks that turn the
    /// direction of writing or that cannot be seen, nothing outside Unicode's assigned characters.
    package static func isText(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard (1...longest).contains(scalars.count) else { return false }
        return scalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
            default: !scalar.properties.isVariationSelector
            }
        }
    }

    package var description: String { "BasicAttributes" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Prefecture and municipality at the head of an address, as far as they can be told for certain: an address has no separators, so a part
/// that more than one reading fits is nil.
package struct AddressPlace: Hashable, Sendable {
    package let prefecture: String?
    package let municipality: String?

    package init(prefecture: String? = nil, municipality: String? = nil) {
        self.prefecture = prefecture
        self.municipality = municipality
    }
}
