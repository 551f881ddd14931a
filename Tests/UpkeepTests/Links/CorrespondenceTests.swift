import Credentials
import Cryptography
import JOSE
import SignOn
import SimulatedJPKI
import Testing
import Upkeep
import Vocabulary

@Suite struct `J-LIS's word on old and new certificates` {
    private static let now = Timestamp("2026-11-21T04:00:00Z") ?? Timestamp(seconds: 0)
    private static let nonce = String(repeating: "n", count: 43)
    private static let asked = CertificateIdentity(issuer: String(repeating: "a", count: 64), serial: "0102")
    private static let old = CertificateIdentity(issuer: String(repeating: "b", count: 64), serial: "0103")
    private let key: PrivateKey

    init() throws { key = try PrivateKey.generate(.ec(.p256)) }

    private func claims(_ change: [String: JSON] = [:]) -> JSON {
        let own: [(String, JSON)] = [
            ("iat", .integer(Self.now.seconds)), ("nonce", .string(Self.nonce)), ("authority", .string(Self.asked.issuer)),
            ("serial", .string(Self.asked.serial)), ("known", true),
            ("earlier", .array([["authority": .string(Self.old.issuer), "serial": .string(Self.old.serial)]])), ("card", .null),
        ]
        return .object(own.map { ($0.0, change[$0.0] ?? $0.1) })
    }

    private func word(
        _ claims: JSON, type: String = "correspondence+jwt", by signer: PrivateKey? = nil
    ) throws -> CorrespondenceWord {
        let text = try? SigningKey(keyID: "1", algorithm: .es256, key: signer ?? key).signed(claims, type: type)
        return try CorrespondenceSource.word(
            in: Array((text ?? "").utf8), by: key.publicKey, on: Self.asked, nonce: Self.nonce, at: Self.now)
    }

    @Test func `names the certificates that came before`() throws {
        guard case .known(let found) = try word(claims()) else { throw CorrespondenceFault.malformed }
        #expect(found.earlier == [Self.old] && found.card == nil && found.at == Self.now)
        #expect(try word(claims(["known": false])) == .unknown)
    }

    @Test(arguments: [
        ("nonce", JSON.string("other"), CorrespondenceFault.otherQuestion), ("serial", "0103", .otherQuestion),
        ("authority", .string(String(repeating: "c", count: 64)), .otherQuestion),
        ("iat", .integer(1_700_000_000), .time), ("iat", "now", .time), ("known", "yes", .malformed), ("earlier", "none", .malformed),
        ("earlier", .array([.object([("authority", "short"), ("serial", "01")])]), .malformed),
        ("card", .object([("serial", "01")]), .malformed),
        ("earlier", .array((0..<33).map { _ in .object([("authority", .string(old.issuer)), ("serial", "01")]) }), .malformed),
    ]) func `is not believed when it is about something else`(name: String, value: JSON, fault: CorrespondenceFault) throws {
        #expect(throws: fault) { _ = try word(claims([name: value])) }
    }

    @Test func `is not believed from another hand, or of another kind`() throws {
        let stranger = try PrivateKey.generate(.ec(.p256))
        #expect(throws: CorrespondenceFault.signature) { _ = try word(claims(), by: stranger) }
        #expect(throws: CorrespondenceFault.type) { _ = try word(claims(), type: "JWT") }
        #expect(throws: CorrespondenceFault.signature) {
            _ = try CorrespondenceSource.word(in: [0xff], by: key.publicKey, on: Self.asked, nonce: Self.nonce, at: Self.now)
        }
    }
}
