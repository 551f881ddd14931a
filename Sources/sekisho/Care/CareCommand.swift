import ArgumentParser
import OpenID
import SQLiteStores
import Settings
import SignOn
import Vocabulary

/// For the counter: somebody stands there who has lost card and phone, and cannot log in to say so; or has found it again and has no second
/// one to prove it with.
struct CareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "care", abstract: "See loss reports and disavowals, block a citizen's card or phone here, lift a block.",
        subcommands: [List.self, Show.self, Block.self, Lift.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print blocks (citizen, certificate, since, reason, by, attempts since) and what citizens disavowed, latest first.")

        @Argument(help: "The deployment folder.") var folder: String
        @Option(parsing: .unconditional, help: "One citizen, by our own identifier.") var subject: String?
        @Option(help: "The most lines of each kind.") var limit: Int = 100

        func run() async throws {
            let store = try SQLiteStore(path: try Deployment.load(folder).store.path, durability: .normal)
            let citizen = try subject.map { text in
                guard let subject = SubjectID(text) else { throw ValidationError("`--subject` takes an identifier as the trail has it") }
                return subject
            }
            guard (1...10_000).contains(limit) else { throw ValidationError("--limit is between 1 and 10000") }
            for block in try await store.blocks(of: citizen, limit: limit) {
                print(
                    "block", block.subject.text, CertificateHandle(block.certificate, of: block.subject).text, block.at.text,
                    block.reason.rawValue, block.by, block.uses, block.lastUse?.text ?? "-", separator: "\t")
            }
            for said in try await store.disavowals(of: citizen, limit: limit) {
                print(
                    "not-me", said.subject.text, said.what.kind, said.what.name, said.happenedAt.text, said.at.text, separator: "\t")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a citizen's cards and phones: citizen, certificate (our own name for it), kind, first and last use, block.")

        @Argument(help: "The deployment folder.") var folder: String
        @OptionGroup var citizen: CareCitizen

        func run() async throws {
            let store = try SQLiteStore(path: try Deployment.load(folder).store.path, durability: .normal)
            let subject = try await citizen.subject(in: store)
            for card in try await store.certificates(of: subject) {
                print(
                    subject.text, card.handle.text, card.carrier?.rawValue ?? "-", card.linkedAt.text,
                    card.lastUsed.map { String($0.text.prefix(10)) } ?? "-",
                    card.block.map { "blocked " + $0.reason.rawValue + " " + $0.at.text + " " + $0.by } ?? "open", separator: "\t")
            }
        }
    }
}

/// Which citizen, by what the counter can know: never a name, never the Individual Number.
struct CareCitizen: ParsableArguments {
    @Option(parsing: .unconditional, help: "Our own identifier of the citizen, as `session list` and the trail have it.")
    var subject: String?
    @Option(help: "The serial number of the certificate in hexadecimal, as the town office reads it from its own terminal.")
    var serial: String?
    @Option(help: "The identifier by which a member knows the citizen, as the member reports it.") var identifier: String?

    func subject(in store: SQLiteStore) async throws -> SubjectID {
        switch (subject, serial, identifier) {
        case (let text?, nil, nil):
            guard let subject = SubjectID(text) else { throw ValidationError("`--subject` is no identifier of ours") }
            guard try await !store.certificates(of: subject).isEmpty else { return try Self.none() }
            return subject
        case (nil, let text?, nil):
            let owners = Set(try await store.owners(ofSerial: Self.serial(text)).map(\.subject))
            guard let owner = owners.first else { return try Self.none() }
            guard owners.count == 1 else {
                throw ValidationError("more than one citizen has a certificate with this number, from different authorities: say --subject")
            }
            return owner
        case (nil, nil, let text?):
            guard let pairwise = PairwiseID(text), let owner = try await store.owner(of: pairwise) else { return try Self.none() }
            return owner.subject
        default: throw ValidationError("say which citizen: one of --subject, --serial, --identifier")
        }
    }

    /// As our store has it: lower case, two digits a byte, without colons and without the zero byte that only says "positive".
    private static func serial(_ text: String) throws -> String {
        let digits = text.lowercased().filter { $0 != ":" && $0 != " " }
        let even = digits.utf8.count.isMultiple(of: 2) ? digits : "0" + digits
        guard (2...80).contains(even.utf8.count), var bytes = Hexadecimal.decode(even) else {
            throw ValidationError("`--serial` takes hexadecimal digits")
        }
        while bytes.count > 1, bytes.first == 0, (bytes.dropFirst().first ?? 0) < 0x80 { bytes.removeFirst() }
        if let first = bytes.first, first >= 0x80 { bytes.insert(0, at: 0) }
        return Hexadecimal.encode(bytes)
    }

    private static func none() throws -> SubjectID {
        Console.error("nobody here is known by that; somebody who never logged in here has nothing to block")
        throw ExitCode(1)
    }
}
