import Cryptography
import Vocabulary

/// Why a certificate's values are not four attributes. Names the value and what is wrong with it, never what it says.
package enum CertifiedFault: Error, Hashable, Sendable {
    case missing(CertifiedValue)
    case twice(CertifiedValue)
    /// Not exactly one DER UTF8String.
    case type(CertifiedValue)
    /// Empty, or longer than any name or address.
    case length(CertifiedValue)
    /// Control characters, characters that cannot be seen, unassigned ones.
    case characters(CertifiedValue)
    /// Marks that are not one `0` or `1` for each character.
    case marks(CertifiedValue)
    case sex
    /// Not nine digits, or an era's digit that nobody configured.
    case birthForm
    /// A day that no calendar has.
    case birthDate
    /// The day is not in the era that its digit says.
    case birthEra
    /// The day comes after the certificate was made.
    case birthFuture
}

extension SignatureProfile {
    /// The values of a certificate. Says nothing of who issued it: `recognise` does. Names that the profile does not know are passed over,
    /// one that it knows and that comes twice is refused, since two readers could see two persons.
    func attributes(of certificate: Certificate) throws(CertifiedFault) -> BasicAttributes {
        var texts: [CertifiedValue: String] = [:]
        for case .otherName(let kind, let element) in certificate.alternativeNames {
            guard let value = CertifiedValue.allCases.first(where: { values[$0] == kind }) else { continue }
            guard texts[value] == nil else { throw .twice(value) }
            texts[value] = try Self.text(element, value)
        }
        func needed(_ value: CertifiedValue) throws(CertifiedFault) -> String {
            guard let text = texts[value] else { throw .missing(value) }
            return text
        }
        let name = try Self.visible(try needed(.name), .name)
        let address = try Self.visible(try needed(.address), .address)
        guard let sex = sexes[try needed(.sex)] else { throw .sex }
        let birth = try birth(try needed(.birthDate), madeAt: certificate.notBefore)
        let nameMarks = try Self.marks(try needed(.nameSubstitution), of: name, .nameSubstitution)
        let addressMarks = try Self.marks(try needed(.addressSubstitution), of: address, .addressSubstitution)
        guard
            let attributes = BasicAttributes(
                name: name, nameSubstitutes: nameMarks, birth: birth, sex: sex, address: address, addressSubstitutes: addressMarks)
        else { throw .characters(.name) }
        return attributes
    }

    private static func text(_ element: [UInt8], _ value: CertifiedValue) throws(CertifiedFault) -> String {
        // Four bytes are the longest character; anything beyond is refused before it is looked at.
        guard element.count <= 4 * BasicAttributes.longest + 8 else { throw .length(value) }
        do {
            var reader = DERReader(element)
            let text = try reader.expect(DERTag.utf8String).utf8String()
            try reader.finish()
            return text
        } catch {
            throw .type(value)
        }
    }

    private static func visible(_ text: String, _ value: CertifiedValue) throws(CertifiedFault) -> String {
        guard (1...BasicAttributes.longest).contains(text.unicodeScalars.count) else { throw .length(value) }
        guard BasicAttributes.isText(text) else { throw .characters(value) }
        return text
    }

    private static func marks(_ digits: String, of text: String, _ value: CertifiedValue) throws(CertifiedFault) -> [Bool] {
        guard digits.utf8.count == text.unicodeScalars.count, digits.utf8.allSatisfy({ $0 == 0x30 || $0 == 0x31 }) else {
            throw .marks(value)
        }
        return digits.utf8.map { $0 == 0x31 }
    }

    /// `EYYYYMMDD` with zeros for what is not known.
    private func birth(_ text: String, madeAt made: Timestamp) throws(CertifiedFault) -> BirthDate {
        let digits = Array(text.utf8)
        guard digits.count == 9, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let span = eras[Character(Unicode.Scalar(digits[0]))]
        else { throw .birthForm }
        func number(_ range: Range<Int>) -> Int64? {
            let value = digits[range].reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
            return value == 0 ? nil : value
        }
        guard let birth = BirthDate(year: number(1..<5), month: number(5..<7), day: number(7..<9)) else { throw .birthDate }
        guard let year = birth.year else { return birth }
        let earliest = year * 10_000 + (birth.month ?? 1) * 100 + (birth.day ?? 1)
        let latest = year * 10_000 + (birth.month ?? 12) * 100 + (birth.day ?? 31)
        if let span { guard latest >= span.first, earliest <= span.last else { throw .birthEra } }
        let issue = JapaneseDay(made)
        guard earliest <= issue.year * 10_000 + issue.month * 100 + issue.day else { throw .birthFuture }
        return birth
    }
}
