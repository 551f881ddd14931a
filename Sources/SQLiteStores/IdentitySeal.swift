import Cryptography
import TrustFramework
import Vocabulary

/// Closes what a citizen's certificate said, so that the file alone tells nobody: AES-256-GCM under a key from the deployment's secret,
/// which lies beside the file and is not in it. Whoever has both reads; whoever throws the secret away has deleted every record.
final class IdentitySeal: Sendable {
    private let key: Secret
    private let slotKey: [UInt8]

    /// 32 bytes that nobody else knows.
    init(_ material: [UInt8]) {
        var sealing = HMAC.sha256(key: material, Array("sekisho identity record: seal 1".utf8))
        key = Secret(taking: &sealing)
        slotKey = HMAC.sha256(key: material, Array("sekisho identity record: slot 1".utf8))
    }

    /// Names the place of a record without naming the member or the purpose.
    func slot(_ subject: SubjectID, _ member: MemberID, _ purpose: Purpose) -> [UInt8] {
        HMAC.sha256(key: slotKey, [subject.text, member.text, purpose.text].flatMap { Array($0.utf8) + [0] })
    }

    /// A keyed digest of its own for one use, named by `label`.
    func keyed(_ label: String, _ bytes: [UInt8]) -> [UInt8] {
        HMAC.sha256(key: HMAC.sha256(key: slotKey, Array(label.utf8)), bytes)
    }

    /// Bytes of another kind, tied to what they are for: `label` and the row that they stand in.
    func closed(_ plain: [UInt8], _ label: String, row: [UInt8]) throws(CipherError) -> [UInt8] {
        var random = SystemRandom()
        let nonce = random.bytes(AES.nonce)
        return nonce + (try AES.sealGCM(plain, key: key, nonce: nonce, additional: Array(label.utf8) + [0] + row))
    }

    /// Nil for what was closed by another key, for something else, or changed since.
    func opened(_ sealed: [UInt8], _ label: String, row: [UInt8]) -> [UInt8]? {
        guard sealed.count >= AES.nonce + AES.block else { return nil }
        let opened = try? AES.openGCM(
            Array(sealed.dropFirst(AES.nonce)), key: key, nonce: Array(sealed.prefix(AES.nonce)),
            additional: Array(label.utf8) + [0] + row)
        return opened ?? nil
    }

    /// The record under a fresh nonce, tied to its citizen and its place: a row moved elsewhere does not open.
    func close(_ record: IdentityRecord, of subject: SubjectID, slot: [UInt8]) throws(CipherError) -> [UInt8] {
        var random = SystemRandom()
        let nonce = random.bytes(AES.nonce)
        var plain = record.json.bytes
        defer { for index in plain.indices { plain[index] = 0 } }
        return nonce + (try AES.sealGCM(plain, key: key, nonce: nonce, additional: slot + Array(subject.text.utf8)))
    }

    /// Nil for what this key did not close, or what was changed: then there is no record, and the citizen presents the certificate anew.
    func open(_ sealed: [UInt8], of subject: SubjectID, slot: [UInt8]) -> IdentityRecord? {
        guard sealed.count > AES.nonce + AES.block else { return nil }
        let opened = try? AES.openGCM(
            Array(sealed.dropFirst(AES.nonce)), key: key, nonce: Array(sealed.prefix(AES.nonce)),
            additional: slot + Array(subject.text.utf8))
        guard var plain = opened ?? nil else { return nil }
        defer { for index in plain.indices { plain[index] = 0 } }
        return (try? JSON(reading: plain)).flatMap { IdentityRecord(json: $0) }
    }
}

extension IdentityRecord {
    fileprivate var json: JSON {
        func marks(_ marks: [Bool]) -> JSON { .string(String(marks.map { $0 ? "1" : "0" })) }
        func number(_ value: Int64?) -> JSON { value.map { .integer($0) } ?? .null }
        return [
            "name": .string(attributes.name), "name-marks": marks(attributes.nameSubstitutes), "year": number(attributes.birth.year),
            "month": number(attributes.birth.month), "day": number(attributes.birth.day), "sex": .string(attributes.sex.rawValue),
            "address": .string(attributes.address), "address-marks": marks(attributes.addressSubstitutes),
            "prefecture": place.prefecture.map { .string($0) } ?? .null, "municipality": place.municipality.map { .string($0) } ?? .null,
            "certificate": .string(Hexadecimal.encode(certificate)), "carrier": .string(carrier.rawValue), "tie": .string(tie.rawValue),
            "purpose": .string(presentedFor.text), "member": .string(member.text), "at": .integer(at.milliseconds),
            "status-at": .integer(statusAt.milliseconds), "expires": .integer(expiresAt.milliseconds),
        ]
    }

    fileprivate init?(json: JSON) {
        func marks(_ name: String) -> [Bool]? {
            json[name]?.string.map { $0.utf8.map { $0 == 0x31 } }
        }
        func moment(_ name: String) -> Timestamp? { json[name]?.integer.map(Timestamp.init(milliseconds:)) }
        guard let name = json["name"]?.string, let nameMarks = marks("name-marks"), let address = json["address"]?.string,
            let addressMarks = marks("address-marks"), let sex = json["sex"]?.string.flatMap({ Sex(rawValue: $0) }),
            let birth = BirthDate(year: json["year"]?.integer, month: json["month"]?.integer, day: json["day"]?.integer),
            let attributes = BasicAttributes(
                name: name, nameSubstitutes: nameMarks, birth: birth, sex: sex, address: address, addressSubstitutes: addressMarks),
            let certificate = json["certificate"]?.string.flatMap({ Hexadecimal.decode($0) }),
            let carrier = json["carrier"]?.string.flatMap({ Carrier(rawValue: $0) }),
            let tie = json["tie"]?.string.flatMap({ IdentityTie(rawValue: $0) }),
            let purpose = json["purpose"]?.string.flatMap({ Purpose($0) }), let member = json["member"]?.string.flatMap({ MemberID($0) }),
            let at = moment("at"), let statusAt = moment("status-at"), let expires = moment("expires")
        else { return nil }
        self.init(
            restored: attributes, place: AddressPlace(prefecture: json["prefecture"]?.string, municipality: json["municipality"]?.string),
            certificate: certificate, carrier: carrier, tie: tie, presentedFor: purpose, member: member, at: at, statusAt: statusAt,
            expiresAt: expires)
    }
}
