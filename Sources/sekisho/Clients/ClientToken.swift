import ArgumentParser
import Cryptography
import OpenID
import SQLiteStores
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// `sekisho client token`: an initial access token (RFC 7591 §3), printed once.
struct ClientToken: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make an initial access token, with which somebody may register clients under these terms.",
        discussion: """
            The token is printed once, alone on the standard output; the store keeps only its SHA-256. What a client that registers with it \
            is (whose, for which purposes, under which profile) is said here and never by the request.
            """)

    @Argument(help: "The deployment folder.") var folder: String
    @Option(help: "The member that answers for the clients: its id.") var sponsor: String
    @Option(help: "What the clients are in law; left out: what the sponsor is.") var kind: String?
    @Option(help: "A purpose of the sponsor's accreditation; may be repeated. Left out: the sponsor's own default.") var purpose: [String] =
        []
    @Option(help: "The purpose of requests that name none; left out: the first.") var defaultPurpose: String?
    @Option(help: "Rules the clients keep: core, fapi2, fapi2-message-signing, digital-auth-app.") var profile = ClientProfile.core.rawValue
    @Option(help: "Whether requests need a code_challenge: required, or optional (profile core only).") var pkce = PKCE.required.rawValue
    @Option(help: "A grant the clients may register for; may be repeated. Left out: authorization_code and refresh_token.")
    var grant: [String] = []
    @Option(help: "A scope the clients may have; may be repeated. Left out: all of the deployment.") var scope: [String] = []
    @Option(help: "A type of authorization details the clients may send; may be repeated.") var details: [String] = []
    @Option(help: "The sector under which citizens are known to the clients; left out: the hosts of their addresses.") var sector: String?
    @Option(help: "The last day of the clients themselves: 2027-03-31.") var until: String?
    @Option(help: "Registrations it is good for, 1 to 1000.") var uses = 1
    @Option(help: "How long it may be used: 90s, 15m, 36h, 14d; at most 90d.") var expires = "7d"
    @Option(help: "For the list: who asked for it, why.") var note = ""

    func validate() throws {
        guard (1...InitialAccess.mostUses).contains(uses) else { throw ValidationError("--uses is 1 to \(InitialAccess.mostUses)") }
        guard note.utf8.count <= 200 else { throw ValidationError("--note has at most 200 bytes") }
        _ = try (lifetime(), words())
    }

    func run() async throws {
        let deployment = try ClientStore(folder)
        guard try deployment.rules().ways.contains(.token) else {
            throw ClientStore.refused("initial access tokens are not taken here: add `token` to `openid.registration.by` in sekisho.yaml")
        }
        let now = SystemClock.now()
        let terms = try terms(deployment)
        if let fault = terms.fault(under: deployment.settings.federation.member(terms.sponsor), at: now) {
            throw ClientStore.refused(fault.summary)
        }
        let seconds = try lifetime()
        var random = SystemRandomNumberGenerator()
        let ticket = Ticket.fresh(using: &random)
        let token = InitialAccess(
            digest: ticket.digest, terms: terms, uses: uses, madeAt: now, expiresAt: now.adding(seconds: seconds),
            note: Explanation.redacted(note))
        try await deployment.store.keep(
            token,
            recording: Record(
                "client.token-made", at: now,
                [
                    ("token", .string(token.name)), ("terms", terms.json), ("uses", .integer(Int64(uses))),
                    ("expires", .string(token.expiresAt.text)), ("note", .string(token.note)),
                ]))
        print(ticket.text)
        Console.error("token \(token.name): \(uses) registrations until \(token.expiresAt.text), for \(terms.sponsor)")
    }

    private func lifetime() throws -> Int64 {
        guard let seconds = Self.seconds(expires), (60...InitialAccess.longest).contains(seconds) else {
            throw ValidationError("--expires is a number and a unit, such as 36h; 60s to 90d")
        }
        return seconds
    }

    /// What the command line says, before any deployment is asked.
    private struct Words {
        var kind: MemberKind?
        var purposes: [Purpose] = []
        var profile = ClientProfile.core
        var pkce = PKCE.required
        var grants: Set<GrantType> = []
        var until: Timestamp?
    }

    private func words() throws -> Words {
        var words = Words()
        words.kind = try kind.map { try Self.word($0, MemberKind.self, "--kind") }
        words.purposes = try purpose.map { text in
            guard let purpose = Purpose(text) else { throw ValidationError("`\(Explanation.redacted(text))` is no purpose") }
            return purpose
        }
        words.profile = try Self.word(profile, ClientProfile.self, "--profile")
        words.pkce = try Self.word(pkce, PKCE.self, "--pkce")
        guard words.pkce == .required || words.profile == .core else {
            throw ValidationError("--pkce optional is for the profile core only")
        }
        words.grants = try Set(grant.map { try Self.word($0, GrantType.self, "--grant") })
        guard words.grants.isSubset(of: RegistrationTerms.grantsToGive) else {
            throw ValidationError("who may exchange tokens for citizens is registered by hand, in Metadata/members")
        }
        if let sector, !(1...255).contains(sector.utf8.count) { throw ValidationError("--sector has 1 to 255 bytes") }
        if let until {
            words.until = Timestamp(until + "T23:59:59+09:00")
            guard words.until != nil else { throw ValidationError("--until is a day in Japan: 2027-03-31") }
        }
        return words
    }

    private func terms(_ deployment: ClientStore) throws -> RegistrationTerms {
        let words = try words()
        guard let id = MemberID(sponsor), let member = deployment.settings.federation.member(id) else {
            throw ClientStore.refused("there is no member `\(Explanation.redacted(sponsor))`")
        }
        let all = words.purposes.isEmpty ? [member.defaultPurpose] : words.purposes
        let standard = try defaultPurpose.map { text in
            guard let purpose = all.first(where: { $0.text == text }) else {
                throw ClientStore.refused("--default-purpose is not among --purpose")
            }
            return purpose
        }
        var terms = RegistrationTerms(
            sponsor: id, kind: words.kind ?? member.kind, purposes: Set(all), defaultPurpose: standard ?? all[0])
        terms.profile = words.profile
        terms.pkce = words.pkce
        if !words.grants.isEmpty { terms.grants = words.grants }
        let known = deployment.settings.openIDProvider.scopes
        for text in scope where !known.contains(text) {
            throw ClientStore.refused("this deployment has no scope `\(Explanation.redacted(text))`")
        }
        if !scope.isEmpty { terms.scopes = Set(scope) }
        for text in details where !deployment.settings.openIDProvider.authorization.details.names.contains(text) {
            throw ClientStore.refused("this deployment has no type of authorization details `\(Explanation.redacted(text))`")
        }
        terms.detailsTypes = Set(details)
        if let sector { terms.sector = sector }
        if let until = words.until { terms.until = until }
        return terms
    }

    private static func word<Word: CaseIterable & RawRepresentable>(_ text: String, _ type: Word.Type, _ option: String) throws -> Word
    where Word.RawValue == String {
        guard let word = Word(rawValue: text) else {
            throw ValidationError("\(option) is one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    private static func seconds(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), text.utf8.count <= 8, let number = Int64(text.dropLast()), number > 0 else {
            return nil
        }
        return number * unit
    }
}

/// `sekisho client tokens`: those that are still good; `--withdraw` ends one.
struct ClientTokens: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "Print the initial access tokens that have not run out: name, uses left, end, sponsor, note.")

    @Argument(help: "The deployment folder.") var folder: String
    @Option(help: "End the token of this name instead.") var withdraw: String?

    func run() async throws {
        let store = try ClientStore(folder).store
        let now = SystemClock.now()
        let tokens = try await store.initialAccesses(at: now)
        guard let withdraw else {
            for token in tokens {
                print(token.name, token.uses, token.expiresAt.text, token.terms.sponsor.text, token.note, separator: "\t")
            }
            return
        }
        guard let token = tokens.first(where: { $0.name == withdraw }),
            try await store.withdraw(
                initialAccess: token.digest,
                recording: Record("client.token-withdrawn", at: now, [("token", .string(token.name))]))
        else {
            Console.error("there is no token of this name")
            throw ExitCode(1)
        }
        print("token \(token.name) is worth nothing any more")
    }
}
