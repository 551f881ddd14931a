import ArgumentParser
import Cryptography
import SimulatedJPKI
import Vocabulary

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make a new simulated JPKI in an empty folder.")

    @Argument(help: "The folder to make.") var directory: String
    @Option(help: "Where `serve` will answer; certificates name it.") var base = Simulator.standardBase

    func run() async throws {
        guard base.hasPrefix("http://"), !base.hasSuffix("/") else {
            throw ValidationError("--base is an http address without a slash at its end")
        }
        var random = SystemRandom()
        let simulator = try await Simulator.make(at: directory, base: base, at: Clock.now, using: &random)
        print(
            "made \(simulator.authorities.count) authorities, \(simulator.handles.count) cards and \(try simulator.terminals().count) terminals in \(directory)"
        )
        print("each card's PIN is 1234, the password of its signature key SAMPLE2026")
        print("next: jpki-simulator serve --state \(directory)")
    }
}

struct Cards: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the cards, or show one.")

    @OptionGroup var state: StateOption
    @Argument(help: "One card.") var card: String?

    func run() throws {
        let simulator = try state.open()
        if let card { return try show(simulator.record(card), simulator) }
        for handle in simulator.handles {
            let record = try simulator.record(handle)
            let entry = try simulator.entry(record.user)
            let isOver = entry.map { $0.notAfter < Clock.now } ?? false
            let status = entry?.revocation.map { "revoked (\($0.reason.name))" } ?? (isOver ? "expired" : "good")
            print(
                Self.padded(handle, 14) + Self.padded(record.carrier.rawValue, 7) + Self.padded(record.user.authority, 8)
                    + Self.padded(status, 32) + record.note)
        }
    }

    private func show(_ record: CardRecord, _ simulator: Simulator) throws {
        print("\(record.handle): \(record.note)")
        print("  \(record.citizen.name), \(record.citizen.birth.text), \(record.citizen.address)")
        print(
            "  PIN tries left \(record.secrets.pin == nil ? "(no PIN)" : String(record.secrets.pinTriesLeft)), password tries left \(record.secrets.passwordTriesLeft)"
        )
        for (name, issued) in [("user", record.user), ("sign", record.sign)] {
            guard let issued, let entry = try simulator.entry(issued) else { continue }
            try print(
                "  \(name): \(issued.authority) serial \(String(issued.serial, radix: 16)), until \(entry.notAfter.text), \(simulator.status(of: entry))"
            )
        }
        for issued in record.earlier {
            guard let entry = try simulator.entry(issued) else { continue }
            try print("  earlier: \(issued.authority) serial \(String(issued.serial, radix: 16)), \(simulator.status(of: entry))")
        }
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}

extension Simulator {
    func status(of entry: RegisterEntry) throws -> String {
        if let revocation = entry.revocation { return "revoked \(revocation.at.text) (\(revocation.reason.name))" }
        return entry.notAfter < Clock.now ? "expired" : "good"
    }
}

struct Issue: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Issue a card to an invented citizen.")

    @OptionGroup var state: StateOption
    @Option(help: "A name for the card.") var card: String
    @Option(help: "Family and given name, with a space between.") var name = "見本　一郎"
    @Option(help: "YYYY-MM-DD.") var birth = "1990-01-01"
    @Option(help: "1 male, 2 female, 9 not told.") var sex = "9"
    @Option var address = "見本県関町市本町一丁目１番"
    @Option(help: "99101, 99102 or 99301.") var municipality = "99101"
    @Option(help: "card or phone.") var carrier = "card"
    @Option(help: "The card that a phone belongs to: it ends with that.") var of: String?
    @Option(help: "The card in whose place this one is issued, such as a lost one.") var replaces: String?
    @Option(help: "rsa, or p384 for the next generation of cards.") var key = "rsa"
    @Option(help: "Four digits; `none` for a card without.") var pin = "1234"
    @Option(help: "6 to 16 capitals and digits.") var password = "SAMPLE2026"

    func run() throws {
        let simulator = try state.open()
        let parts = birth.split(separator: "-").compactMap { Int64($0) }
        guard parts.count == 3 else { throw ValidationError("--birth is YYYY-MM-DD") }
        guard let sex = Citizen.Sex(rawValue: sex) else { throw ValidationError("--sex is 1, 2 or 9") }
        guard let carrier = Carrier(rawValue: carrier) else { throw ValidationError("--carrier is card or phone") }
        guard key == "rsa" || key == "p384" else { throw ValidationError("--key is rsa or p384") }
        guard let place = Municipality.named(municipality) else { throw SimulatorRefusal.unknownMunicipality(municipality) }
        guard let secrets = CardSecrets(pin: pin == "none" ? nil : pin, password: password) else {
            throw ValidationError("--pin has 4 digits, --password 6 to 16 capitals and digits")
        }
        let citizen = Citizen(
            name: String(name.map { $0 == " " ? "\u{3000}" : $0 }), sex: sex,
            birth: Birth(JapaneseDate(year: parts[0], month: parts[1], day: parts[2])), address: address, municipality: place)
        var random = SystemRandom()
        try simulator.issue(
            NewCard(
                handle: card, note: "issued by hand", citizen: citizen, carrier: carrier, generation: key == "rsa" ? 2 : 3,
                secrets: secrets,
                tiedTo: of, replaces: replaces),
            at: Clock.now, using: &random)
        print("issued \(card)")
    }
}

struct Renew: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Put new keys and certificates on a card; the old ones are superseded.")

    @OptionGroup var state: StateOption
    @Option var card: String

    func run() throws {
        var random = SystemRandom()
        try state.open().renew(card, at: Clock.now, using: &random)
        print("renewed \(card)")
    }
}

struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Revoke a card's certificates.",
        discussion: "Reasons: " + RevocationNames.all.joined(separator: ", ") + ". affiliationChanged is for `--certificate sign` only.")

    @OptionGroup var state: StateOption
    @Option var card: String
    @Option(help: "A reason of RFC 5280 §5.3.1.") var reason = "keyCompromise"
    @Option(help: "user, sign or both.") var certificate: RevocationSelection = .both

    func run() throws {
        try state.open().revoke(card, certificate, reason: reason, at: Clock.now)
        print("revoked \(card) (\(certificate.rawValue)): \(reason)")
    }
}

struct Hold: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a card's certificates on hold. JPKI never lifts a hold; --release does, for tests.")

    @OptionGroup var state: StateOption
    @Option var card: String
    @Option(help: "user, sign or both.") var certificate: RevocationSelection = .both
    @Flag(help: "Lift the hold.") var release = false

    func run() throws {
        let simulator = try state.open()
        if release {
            try simulator.release(card, certificate)
        } else {
            try simulator.revoke(card, certificate, reason: "certificateHold", at: Clock.now)
        }
        print("\(release ? "released" : "held") \(card) (\(certificate.rawValue))")
    }
}

enum RevocationNames {
    static let all = RevocationReason.usedByJPKI.map(\.name)
}

extension RevocationSelection: ExpressibleByArgument {}
