package import Cryptography
package import Vocabulary

/// What a citizen brings to the municipal counter to get a card.
package struct NewCard: Sendable {
    package let handle: String
    package let note: String
    package let citizen: Citizen
    package let carrier: Carrier
    package let generation: Int
    package let secrets: CardSecrets
    /// The card that a phone belongs to.
    package var tiedTo: String?
    /// The card in whose place this one is issued.
    package var replaces: String?

    package init(
        handle: String, note: String, citizen: Citizen, carrier: Carrier, generation: Int, secrets: CardSecrets, tiedTo: String? = nil,
        replaces: String? = nil
    ) {
        self.handle = handle
        self.note = note
        self.citizen = citizen
        self.carrier = carrier
        self.generation = generation
        self.secrets = secrets
        self.tiedTo = tiedTo
        self.replaces = replaces
    }
}

/// The municipal counter: issue, renew, revoke, hold.
extension Simulator {
    /// Issues a card with both certificates, or without the signature certificate for a citizen under 15 (`jpki.md` §1.2). `keys` are
    /// made by the caller or here.
    package func issue(
        _ new: NewCard, keys: [PrivateKey] = [], at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws {
        guard CardRecord.isHandle(new.handle) else { throw SimulatorRefusal.wrongForm("a card's name has letters, digits, - and _") }
        guard !folder.has("cards/\(new.handle)/card.json") else { throw SimulatorRefusal.cardExists(new.handle) }
        for other in [new.tiedTo, new.replaces].compactMap({ $0 }) { _ = try record(other) }
        if let card = new.tiedTo, try new.carrier != .phone || record(card).carrier != .card {
            throw SimulatorRefusal.wrongForm("only a phone belongs to a card")
        }
        let today = JapaneseDate(now)
        let isChild = new.citizen.birth.date.map { today.age(bornOn: $0) < 15 } ?? false
        try folder.alone {
            let stem = "cards/\(new.handle)/"
            let user = try issue(.user, new, key: keys.first, at: now, using: &random)
            let sign = isChild ? nil : try issue(.sign, new, key: keys.dropFirst().first, at: now, using: &random)
            try folder.write(stem + "chip-key.pem", PrivateKey.generate(.ec(.p256)).exportPEM())
            try write(
                CardRecord(
                    handle: new.handle, note: new.note, carrier: new.carrier, citizen: new.citizen, user: user, sign: sign, earlier: [],
                    secrets: new.secrets, tiedTo: new.tiedTo, replaces: new.replaces))
        }
    }

    /// The phones that belong to a card.
    package func phones(of handle: String) throws -> [CardRecord] {
        try handles.map { try record($0) }.filter { $0.tiedTo == handle }
    }

    /// New keys and certificates on the card; the old certificates are superseded. The PIN stays.
    package func renew(
        _ handle: String, keys: [PrivateKey] = [], at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws {
        var record = try record(handle)
        let generation = try authority(record.user.authority).generation
        // Whoever is renewed gets the newest generation of the same kind of key.
        let newest = generation == 3 ? 3 : 2
        let new = NewCard(
            handle: handle, note: record.note, citizen: record.citizen, carrier: record.carrier, generation: newest, secrets: record.secrets
        )
        try folder.alone {
            for issued in [record.user, record.sign].compactMap({ $0 }) {
                try supersede(issued, at: now)
                record.earlier.append(issued)
            }
            let isAdult = record.citizen.birth.date.map { JapaneseDate(now).age(bornOn: $0) >= 15 } ?? true
            record.user = try issue(.user, new, key: keys.first, at: now, using: &random)
            record.sign = isAdult ? try issue(.sign, new, key: keys.dropFirst().first, at: now, using: &random) : nil
            try write(record)
        }
    }

    /// Revokes for one of the reasons of `jpki.md` §4.3, by its name in RFC 5280 §5.3.1. `certificateHold` is the hold.
    package func revoke(_ handle: String, _ selection: RevocationSelection, reason: String, at now: Timestamp) throws {
        guard let reason = RevocationReason.usedByJPKI.first(where: { $0.name == reason }) else {
            throw SimulatorRefusal.unknownReason(reason)
        }
        guard reason != .affiliationChanged || selection == .sign else { throw SimulatorRefusal.userCertificateKeepsAttributes }
        try change(handle, selection) { (register, serial) throws(SimulatorRefusal) in try register.revoke(serial, reason, at: now) }
        // What is on a phone ends with the card it was made from; a hold passes by.
        guard reason != .certificateHold, try record(handle).carrier == .card else { return }
        for phone in try phones(of: handle) where selection != .sign || phone.sign != nil {
            try? change(phone.handle, selection) { (register, serial) throws(SimulatorRefusal) in
                try register.revoke(serial, .cessationOfOperation, at: now)
            }
        }
    }

    /// Lifts a hold, which JPKI never does: for relying parties' tests.
    package func release(_ handle: String, _ selection: RevocationSelection) throws {
        try change(handle, selection) { (register, serial) throws(SimulatorRefusal) in try register.release(serial) }
    }

    private func change(
        _ handle: String, _ selection: RevocationSelection, _ body: (inout Register, UInt64) throws(SimulatorRefusal) -> Void
    ) throws {
        let record = try record(handle)
        if selection == .sign, record.sign == nil { throw SimulatorRefusal.noSignatureCertificate }
        try folder.alone {
            for purpose in Purpose.allCases where selection.covers(purpose) {
                guard let issued = record.issued(purpose) else { continue }
                var register = try register(of: issued.authority)
                try body(&register, issued.serial)
                try write(register, of: issued.authority)
            }
        }
    }

    private func supersede(_ issued: CardRecord.Issued, at now: Timestamp) throws {
        var register = try register(of: issued.authority)
        guard register.entry(serial: issued.serial.bigEndianBytes)?.revocation == nil else { return }
        try register.revoke(issued.serial, .superseded, at: now)
        try write(register, of: issued.authority)
    }

    private func issue(
        _ purpose: Purpose, _ new: NewCard, key: PrivateKey?, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws -> CardRecord.Issued {
        guard let authority = authorities.first(where: { $0.purpose == purpose && $0.generation == new.generation }),
            authority.certificate.notBefore <= now, now <= authority.certificate.notAfter
        else { throw SimulatorRefusal.noAuthority }
        let kind: KeyKind = new.generation == 3 ? .ec(.p384) : .rsa(bits: 2048)
        let key = try key ?? PrivateKey.generate(kind)
        let moment = Timestamp(seconds: now.seconds)
        let notAfter = min(Self.lastDay(of: new, issuedAt: now).endOfDay, authority.certificate.notAfter)
        var register = try register(of: authority.name)
        let serial = register.enter(
            card: new.handle, partition: new.citizen.municipality.code, notBefore: moment, notAfter: notAfter)
        let order = CertificateOrder(
            key: key.publicKey, carrier: new.carrier, commonName: Self.commonName(new.citizen.municipality, using: &random),
            municipality: new.citizen.municipality, notBefore: moment, notAfter: notAfter, attributes: new.citizen.attributes)
        let certificate = try authority.issue(order, serial: serial, profile: profile, ocsp: ocspAddress(purpose))
        // Entered first: a serial that nobody holds harms nobody, a certificate that nobody can revoke does.
        try write(register, of: authority.name)
        let issued = CardRecord.Issued(authority: authority.name, serial: serial)
        try folder.write(issued.stem(on: new.handle) + "-key.pem", key.exportPEM())
        try folder.write(issued.stem(on: new.handle) + ".pem", PEM.encode(certificate.der, label: "CERTIFICATE").utf8)
        return issued
    }

    /// The fifth birthday after issuance (`jpki.md` §1.2), the tenth for the next generation (§1.6); the day of issuance stands for a
    /// birthday that is not known.
    private static func lastDay(of new: NewCard, issuedAt: Timestamp) -> JapaneseDate {
        let today = JapaneseDate(issuedAt)
        return today.birthday(new.generation == 3 ? 10 : 5, of: new.citizen.birth.date ?? today)
    }

    /// Of the form of the one that is known, `997794E9AGCIEG13221003A`: opaque, then the municipality's code and a tail.
    private static func commonName(_ municipality: Municipality, using random: inout some RandomNumberGenerator) -> String {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        func drawn(_ count: Int, _ alphabet: some Collection<Character>) -> String {
            String((0..<count).compactMap { _ in alphabet.randomElement(using: &random) })
        }
        return drawn(14, alphabet) + municipality.code + drawn(3, alphabet.prefix(10)) + "A"
    }
}
