import Credentials
import Cryptography
import Foundation
import GRDB
import OpenID
import SAML
import SQLiteStores
import SignOn
import Signals
import TrustFramework
import Vocabulary

/// Every promise of the stores; what `Web` needs of one.
typealias Stores = RecordingIssuer & TransactionStore & SessionStore & SubjectStore & ChallengeStore & ReplayGuard & AuditTrail & CodeStore
    & AccessTokenStore & ParticipationStore & LogoutStore & ArtifactStore & ThreadedSessions
    & PushedRequestStore
    & AwaitedStore
    & ExchangeStore & RevocationStore
    & ConsentStore & LedgerStore
    & IdentityRecordStore & IdentityChallengeStore
    & CareStore
    & LinkStore
    & SignalStore & CertificateWatchStore & ServiceTokenStore
    & PassingStore

struct Missing: Error {
    let what: String
}

/// A folder of its own for each test, removed with it.
final class Room: Sendable {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "sekisho-stores-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var path: String { folder + "/store.sqlite" }

    func store() throws -> SQLiteStore { try SQLiteStore(path: path, durability: .normal) }

    /// A stranger's connection to the same file.
    func tamper(_ statements: String...) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            for statement in statements { try database.execute(sql: statement) }
        }
        try queue.close()
    }

    /// A stranger's connection that writes, and lets nobody else, until it is closed.
    func lock() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        return queue
    }

    /// A stranger's connection that has the file for itself, as the last one has that carries the log over, until it is closed.
    func seize() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 7") }
        return queue
    }

    func mode(_ suffix: String = "") throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path + suffix)[.posixPermissions] as? NSNumber)?.intValue
    }
}

enum Fixture {
    static let now = Timestamp(milliseconds: 1_795_233_600_000)  // 2026-11-21T04:00:00Z
    static var later: Timestamp { now.adding(seconds: 60) }
    static var afterwards: Timestamp { now.adding(seconds: 100_000) }

    static func some<Value>(_ value: Value?, _ what: String) throws(Missing) -> Value {
        guard let value else { throw Missing(what: what) }
        return value
    }

    static func bytes(_ number: Int, _ salt: String = "") -> [UInt8] { Digest.sha256(Array("\(salt) \(number)".utf8)) }

    static func transaction(_ number: Int = 1, expires: Timestamp = later) throws(Missing) -> Transaction {
        Transaction(
            id: try transactionID(number), browser: bytes(number, "browser"), origin: .samlPost, message: [0, 0xff, 0x0a, 0x27],
            member: try some(MemberID("https://ministry.example/関所"), "member"), receivedAt: now, expiresAt: expires)
    }

    static func transactionID(_ number: Int = 1) throws(Missing) -> TransactionID {
        try some(TransactionID("transaction-0000\(number)"), "transaction")
    }

    static func subject(_ number: Int = 1) throws(Missing) -> SubjectID { try some(SubjectID("citizen-00000000\(number)"), "subject") }
    static func pairwise(_ number: Int = 1) throws(Missing) -> PairwiseID { try some(PairwiseID("pairwise-0000000\(number)"), "pairwise") }

    static func certificate(_ serial: Int = 1, issuer: String = "a") -> CertificateIdentity {
        CertificateIdentity(issuer: String(repeating: issuer, count: 64), serial: "0\(serial)")
    }

    static func sessionID(_ number: Int = 1) throws(Missing) -> SessionID { try some(SessionID(bytes(number, "session")), "session") }

    static func session(_ number: Int = 1, logins: [CardMode] = [.face, .pin]) throws(Missing) -> Session {
        var authentications: [SessionAuthentication] = []
        for (index, mode) in logins.enumerated() {
            authentications.append(
                SessionAuthentication(
                    restored: AssuranceFacts(
                        mode: mode, modeIsStated: index > 0, carrier: index > 0 ? .phone : .card, door: index > 0 ? .challenge : .tls,
                        statusSource: .crl, statusAt: now.adding(seconds: -600), authenticatedAt: now.adding(milliseconds: Int64(index))),
                    certificate: certificate(index), terminal: index > 0 ? TerminalID("kiosk-7") : nil,
                    journey: index > 0 ? TransactionID("journey-0123456789") : nil))
        }
        return Session(
            id: try sessionID(number), subject: try subject(), authentications: authentications, createdAt: now, lastSeenAt: now,
            indexSeed: bytes(number, "seed"))
    }

    static func challenge(expires lifetime: Int64 = 60) throws(Missing) -> CardChallenge {
        var random = SystemRandomNumberGenerator()
        return CardChallenge.issue(
            origin: "https://sekisho.example", transaction: try transactionID(), purpose: .stepUp, at: now, lifetime: lifetime,
            using: &random)
    }

    static func handover(_ number: Int = 1, expires: Timestamp = later) throws(Missing) -> Handover {
        Handover(
            code: bytes(number, "handover"), transaction: try transactionID(), certificate: [0x30, 0x00, 0xff], presentedAt: now,
            expiresAt: expires)
    }

    static func record(_ number: Int) -> Vocabulary.Record {
        Vocabulary.Record("signon.granted", at: now, [("number", .integer(Int64(number))), ("名", "関所")])
    }

    static func code(_ number: Int = 1, nonce: String? = "n", expires: Timestamp = later) throws(Missing) -> CodeRecord {
        let json = JSON.object([
            ("digest", .string(Base64url.encode(bytes(number, "code")))), ("client", "RP00000001"),
            ("redirect", "https://rp.example/cb?a='\""), ("challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("nonce", nonce.map { .string($0) } ?? .null), ("scopes", ["openid"]), ("pairwise", .string(try pairwise().text)),
            ("acr", "urn:x-sekisho:ac:card-pin"), ("amr", ["sc", "pin"]), ("auth", .integer(now.milliseconds)),
            ("claims", .object([("pin_used", true)])), ("sid", .null), ("session", .integer(afterwards.milliseconds)),
            ("issued", .integer(now.milliseconds)), ("expires", .integer(expires.milliseconds)),
        ])
        return try some(CodeRecord(json: json), "code")
    }

    static func access(_ number: Int = 1, of code: Int? = 1, expires: Timestamp = later) throws(Missing) -> AccessTokenRecord {
        let json = JSON.object(
            tokenFields("access", number, expires) + [("code", code.map { .string(Base64url.encode(bytes($0, "code"))) } ?? .null)])
        return try some(AccessTokenRecord(json: json), "access token")
    }

    static func refresh(_ number: Int = 1, of code: Int = 1, expires: Timestamp = later) throws(Missing) -> RefreshTokenRecord {
        let json = JSON.object(tokenFields("refresh", number, expires) + [("family", .string(Base64url.encode(bytes(code, "code"))))])
        return try some(RefreshTokenRecord(json: json), "refresh token")
    }

    private static func tokenFields(_ kind: String, _ number: Int, _ expires: Timestamp) -> [(String, JSON)] {
        [
            ("digest", .string(Base64url.encode(bytes(number, kind)))), ("client", "RP00000001"), ("pairwise", "pairwise-00000001"),
            ("scopes", ["openid"]), ("claims", .object([("pin_used", true)])), ("sid", .null), ("issued", .integer(now.milliseconds)),
            ("expires", .integer(expires.milliseconds)),
        ]
    }
}

/// Runs `body` for 0..<count at the same time; all results.
func atOnce<Value: Sendable>(_ count: Int = 100, _ body: @escaping @Sendable (Int) async throws -> Value) async throws -> [Value] {
    try await withThrowingTaskGroup(of: Value.self) { group in
        for number in 0..<count { group.addTask { try await body(number) } }
        var values: [Value] = []
        for try await value in group { values.append(value) }
        return values
    }
}
