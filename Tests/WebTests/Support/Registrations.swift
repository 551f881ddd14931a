import Cryptography
import Foundation
import JOSE
import OpenID
import SQLiteStores
import Settings
import SignOn
import Synchronization
import TrustFramework
import Vocabulary

/// The registrar's side, and the network of clients that register themselves.
final class Registrations: Sendable {
    static let settings = "  registration: {by: [token], most: 6, most-of-sponsor: 5, per-hour: 9}\n"

    private let documents = Mutex<[String: [UInt8]]>([:])
    private let calls = Mutex<[String]>([])

    func publish(_ text: String, at address: String) { documents.withLock { $0[address] = Array(text.utf8) } }

    var fetched: [String] { calls.withLock { $0 } }

    func document(_ address: String, _ limit: Int) -> [UInt8]? {
        calls.withLock { $0.append(address) }
        return documents.withLock { $0[address] }.flatMap { $0.count <= limit ? $0 : nil }
    }

    /// As the night shift does, at once.
    func learnKeys(of id: MemberID, in store: SQLiteStore, at now: Timestamp) async {
        guard let record = try? store.registration(id), let address = record.keysAddress,
            let bytes = document(address, RegistrationDocuments.longestKeys), case .success(let set) = RegistrationDocuments.keys(in: bytes)
        else { return }
        try? await store.keep(
            keys: set.json, of: id, version: record.version, due: now.adding(seconds: 3_600),
            recording: Record("client.keys-changed", at: now),
            at: now)
    }
}

/// The book without memory: every look-up reads the store.
struct StoredClients: ClientBook {
    let store: SQLiteStore
    let settings: Configuration
    let clock: @Sendable () -> Timestamp

    func registration(_ id: MemberID) -> Registration? {
        guard RegistrationRecord.isDynamic(id), let rules = settings.openIDProvider.registration, let record = try? store.registration(id),
            let client = try? record.client(under: rules, at: settings.openIDProvider, at: clock()),
            let member = record.member(sponsor: settings.federation.member(record.terms.sponsor), at: clock())
        else { return nil }
        return Registration(member: member, speech: .openID(client), file: "registrations")
    }
}

extension House {
    /// An initial access token, as `sekisho client token` makes it.
    func initialAccess(uses: Int = 1, expires: Int64 = 3_600, _ change: (inout RegistrationTerms) -> Void = { _ in }) async throws -> String
    {
        var random = SystemRandomNumberGenerator()
        let ticket = Ticket.fresh(using: &random)
        guard let sponsor = MemberID(Parties.shop), let member = world.configuration.federation.member(sponsor) else { throw StoreDown() }
        var terms = RegistrationTerms(
            sponsor: sponsor, kind: member.kind, purposes: [member.defaultPurpose], defaultPurpose: member.defaultPurpose)
        change(&terms)
        try await store.keep(
            InitialAccess(digest: ticket.digest, terms: terms, uses: uses, madeAt: now, expiresAt: now.adding(seconds: expires)),
            recording: Record("client.token-made", at: now))
        return ticket.text
    }
}
