package import Vocabulary

/// What the simulator keeps of one card, beside its keys and certificates.
package struct CardRecord: Hashable, Sendable {
    /// Where a certificate was issued, and as what.
    package struct Issued: Hashable, Sendable {
        /// The authority's name, such as `user-2`.
        package let authority: String
        package let serial: UInt64

        /// Where key and certificate lie. The serial is in the name, so a renewal takes effect with the record, all at once.
        func stem(on handle: String) -> String { "cards/\(handle)/\(authority)-" + String(serial, radix: 16) }
    }

    package let handle: String
    package let note: String
    package let carrier: Carrier
    package let citizen: Citizen
    package var user: Issued
    package var sign: Issued?
    /// Certificates that were on this card before, newest last: the old serials that J-LIS can name for a new one (`jpki.md` §4.2).
    package var earlier: [Issued]
    package var secrets: CardSecrets
    /// A phone's card (`jpki.md` §4.2, law art. 18-4): it ends with that.
    package var tiedTo: String?
    /// The lost or worn-out card in whose place it was issued.
    package var replaces: String?

    package func issued(_ purpose: Purpose) -> Issued? { purpose == .user ? user : sign }
}

extension CardRecord {
    var json: JSON {
        func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
        return [
            "handle": .string(handle), "note": .string(note), "carrier": .string(carrier.rawValue),
            "citizen": [
                "name": .string(citizen.name), "nameSubstitutes": .string(citizen.nameSubstitutes), "sex": .string(citizen.sex.rawValue),
                "birth": .string(citizen.birth.text), "address": .string(citizen.address),
                "addressSubstitutes": .string(citizen.addressSubstitutes), "municipality": .string(citizen.municipality.code),
            ],
            "user": user.json, "sign": sign?.json ?? .null, "earlier": .array(earlier.map(\.json)), "pin": optional(secrets.pin),
            "pinTriesLeft": .integer(Int64(secrets.pinTriesLeft)), "password": optional(secrets.password),
            "passwordTriesLeft": .integer(Int64(secrets.passwordTriesLeft)), "tiedTo": optional(tiedTo), "replaces": optional(replaces),
        ]
    }

    init(reading json: JSON) throws(SimulatorRefusal) {
        guard let handle = json["handle"]?.string, let note = json["note"]?.string,
            let carrier = json["carrier"]?.string.flatMap({ Carrier(rawValue: $0) }), let citizen = json["citizen"].flatMap(Citizen.init),
            let user = json["user"].flatMap(Issued.init), let pinTries = json["pinTriesLeft"]?.integer,
            let passwordTries = json["passwordTriesLeft"]?.integer, let earlier = json["earlier"]?.array,
            let secrets = CardSecrets(
                pin: json["pin"]?.string, password: json["password"]?.string, pinTriesLeft: Int(clamping: pinTries),
                passwordTriesLeft: Int(clamping: passwordTries))
        else { throw .damaged("card") }
        self.handle = handle
        self.note = note
        self.carrier = carrier
        self.citizen = citizen
        self.user = user
        sign = json["sign"].flatMap(Issued.init)
        self.earlier = earlier.compactMap(Issued.init)
        self.secrets = secrets
        tiedTo = json["tiedTo"]?.string
        replaces = json["replaces"]?.string
    }
}

extension CardRecord.Issued {
    fileprivate var json: JSON { ["authority": .string(authority), "serial": .string(String(serial, radix: 16))] }

    fileprivate init?(_ json: JSON) {
        guard let authority = json["authority"]?.string, let serial = json["serial"]?.string.flatMap({ UInt64($0, radix: 16) }) else {
            return nil
        }
        self.init(authority: authority, serial: serial)
    }
}

extension Citizen {
    fileprivate init?(_ json: JSON) {
        guard let name = json["name"]?.string, let nameSubstitutes = json["nameSubstitutes"]?.string,
            let sex = json["sex"]?.string.flatMap({ Sex(rawValue: $0) }), let birth = json["birth"]?.string.flatMap({ Birth($0) }),
            let address = json["address"]?.string, let addressSubstitutes = json["addressSubstitutes"]?.string,
            let municipality = json["municipality"]?.string.flatMap({ Municipality.named($0) })
        else { return nil }
        self.init(
            name: name, nameSubstitutes: nameSubstitutes, sex: sex, birth: birth, address: address, addressSubstitutes: addressSubstitutes,
            municipality: municipality)
    }
}
