package import Vocabulary

extension AttributeSource {
    /// The value at this moment; nil where nothing can be said for certain, or where it takes a record and there is none in its time.
    package func value(
        from facts: AssuranceFacts, in context: AssuranceContext, record: IdentityRecord?, customers: [String] = [], at now: Timestamp
    ) -> JSON? {
        if self == .customerID { return customers.isEmpty ? nil : .array(customers.map { .string($0) }) }
        if isPersonal {
            guard let record, record.isAlive(at: now) else { return nil }
            return personal(record, now)
        }
        return fact(facts, context)
    }

    /// A fact of the login. What is personal has no value here.
    package func value(from facts: AssuranceFacts, in context: AssuranceContext) -> JSON { fact(facts, context) ?? .null }

    private func fact(_ facts: AssuranceFacts, _ context: AssuranceContext) -> JSON? {
        switch self {
        case .pinUsed: .bool(facts.pinUsed)
        case .cardMode: .string(facts.mode.rawValue)
        case .carrier: .string(facts.carrier.rawValue)
        case .proofingLevel: .integer(Int64(context.proofingLevel))
        case .authenticationLevel: .integer(Int64(context.authenticationLevel))
        case .revocationSource: .string(facts.statusSource.rawValue)
        case .revocationTime: .string(facts.statusAt.text)
        default: nil
        }
    }

    private func personal(_ record: IdentityRecord, _ now: Timestamp) -> JSON? {
        let attributes = record.attributes
        return switch self {
        case .name: .string(attributes.name)
        case .nameSubstitution: .string(Self.digits(attributes.nameSubstitutes))
        case .birthDate: Self.text(attributes.birth).map { .string($0) }
        case .sex: attributes.sex == .notStated ? nil : .string(attributes.sex.rawValue)
        case .address: .string(attributes.address)
        case .addressSubstitution: .string(Self.digits(attributes.addressSubstitutes))
        case .over18: attributes.birth.isAtLeast(18, at: now).map { .bool($0) }
        case .over20: attributes.birth.isAtLeast(20, at: now).map { .bool($0) }
        case .over65: attributes.birth.isAtLeast(65, at: now).map { .bool($0) }
        case .birthYear: attributes.birth.year.map { .integer($0) }
        case .prefecture: record.place.prefecture.map { .string($0) }
        case .municipality: record.place.municipality.map { .string($0) }
        case .comparison: .bool(true)
        default: nil
        }
    }

    /// One digit for each character, as the certificate has them: `1` where it stands for another.
    private static func digits(_ marks: [Bool]) -> String { String(marks.map { $0 ? "1" : "0" }) }

    /// `YYYY-MM-DD`, `YYYY` where only the year is certain, `0000-MM-DD` where the year is not known (OpenID Connect Core §5.1). That
    /// form has no month without a day: a date known to the month is told as its year.
    private static func text(_ birth: BirthDate) -> String? {
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        guard let month = birth.month, let day = birth.day else { return birth.year.map { padded($0, 4) } }
        return padded(birth.year ?? 0, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
    }
}
