import ArgumentParser
import Cryptography
import JOSE
import OpenID
import SAML
import Settings
import TrustFramework
import Upkeep
import Vocabulary
import Web

struct MemberTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "A test login: the answer that a member would receive about an invented person under today's rules, taken apart.",
        discussion: """
            Makes the SAML Response, or the code, tokens and userinfo, by the code that answers everybody, and prints every part with its meaning
            and what the service has to check. The answer bears a name and a key of its own, made for it and forgotten: nobody trusts it. Nothing
            is stored or sent. With --file the member is one that is not registered yet, or would be registered so. Exit status 1: no login.
            """)

    @Argument(help: "The member's id; none with --file or --proposal.") var id: String?
    @Option(help: "A member's YAML file; the files it names lie beside it.") var file: String?
    @Option(help: "A change that waits for a second officer, by its name.") var proposal: String?
    @Option(name: .customLong("as"), help: "The invented person: \(MemberTest.people.joined(separator: ", ")).") var person: String =
        "hanako"
    @Option(help: "The level of the login; without it the lowest that the rules accept.") var level: String?
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "ja or en.") var language: String = "en"
    @Flag(help: "Print JSON instead.") var json = false

    func validate() throws {
        guard [id, file, proposal].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("name a member, or --file, or --proposal")
        }
        guard ["ja", "en"].contains(language) else { throw ValidationError("--language is ja or en") }
        guard MemberTest.people.contains(person) else {
            throw ValidationError("--as is one of " + MemberTest.people.joined(separator: ", "))
        }
    }

    func run() async throws {
        let now = SystemClock.now()
        let (member, settings) = try subject(at: now)
        guard let party = try await Rehearsals.party(for: member, in: settings, at: now),
            let test = MemberTest.run(member, as: person, level: level, in: settings, by: party, at: now)
        else { throw ValidationError("`\(member)` is registered for no protocol yet") }
        if json {
            print(test.json.text)
        } else {
            for line in test.lines(in: language) { print(line) }
        }
        if test.refusal != nil { throw ExitCode(1) }
    }

    /// Whom to test, in the folder as it is or as it would be.
    private func subject(at now: Timestamp) throws -> (MemberID, Configuration) {
        let desk = try MemberDesk(deployment)
        if let id { return (try desk.member(id).id, desk.configuration) }
        let edit: MemberEdit
        if let proposal {
            edit = try MemberProposalList.find(proposal, in: MemberProposals.all(in: deployment).proposals).edit
        } else {
            edit = try MemberDesk.telling { () throws(SettingsProblems) in
                try Settings.edit(
                    adding: file ?? "", to: deployment, replacing: true, environment: MemberDesk.environment, at: now)
            }
        }
        let settings = try MemberDesk.telling { () throws(SettingsProblems) in
            try Settings.outlook(on: edit, in: deployment, environment: MemberDesk.environment, at: now)
        }
        return (edit.member, settings)
    }
}

/// Names and keys of test logins, made for one answer each. They sign in the algorithms of the real ones and are trusted by nobody.
enum Rehearsals {
    /// Nil where the member speaks no protocol. Making an RSA key takes a moment, on a thread of its own.
    static func party(for member: MemberID, in settings: Configuration, at now: Timestamp) async throws -> RehearsalParty? {
        try await offPool { Result { try made(for: member, in: settings, at: now) } }.get()
    }

    private static func made(for member: MemberID, in settings: Configuration, at now: Timestamp) throws -> RehearsalParty? {
        let base = settings.baseURL + RehearsalParty.path
        if let provider = settings.federation.serviceProvider(member) {
            guard let entityID = MemberID(base + "/saml/metadata") else { return nil }
            let real = settings.identityProvider.signingKey(for: provider, at: now)
            let key = try PrivateKey.generate(real.key.publicKey.kind)
            let certificate = try SelfSigned.certificate(
                for: key, commonName: "Sekisho test login, proves nothing", notBefore: now.adding(seconds: -300),
                notAfter: now.adding(seconds: 3_600))
            let signer = try SAMLSigningKey(key: key, certificate: certificate, algorithm: real.algorithm)
            return RehearsalParty(saml: RehearsalIdentity(like: settings.identityProvider, named: entityID, key: signer))
        }
        guard let client = settings.federation.client(member) else { return nil }
        var keys: [SigningKey] = []
        let needed = [client.idTokenAlgorithm, client.userInfoSigning, client.authorizationSigning].compactMap(\.self)
        for algorithm in needed where !keys.contains(where: { $0.algorithm == algorithm }) {
            guard let real = settings.openIDProvider.signingKey(for: algorithm, at: now) else { continue }
            let key = try PrivateKey.generate(real.key.publicKey.kind)
            keys.append(SigningKey(keyID: "rehearsal-\(keys.count + 1)", algorithm: algorithm, key: key))
        }
        return RehearsalParty(openID: RehearsalProvider(like: settings.openIDProvider, issuer: base, keys: keys))
    }
}
