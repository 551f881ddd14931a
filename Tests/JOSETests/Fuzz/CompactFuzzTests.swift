import Cryptography
import Foundation
import JOSE
import Testing
import Vocabulary

/// Tokens that verify or open, and everything that is needed for it.
struct CompactSeeds {
    let signers: [SigningKey]
    let readers: [DecryptionKey]
    let texts: [String]

    init() throws {
        signers = [
            SigningKey(keyID: "es", algorithm: .es256, key: try .generate(.ec(.p256))),
            SigningKey(keyID: "ed", algorithm: .eddsa, key: try .generate(.ed25519)),
            SigningKey(keyID: "rs", algorithm: .ps256, key: try .generate(.rsa(bits: 2048))),
        ]
        readers = [
            DecryptionKey(keyID: "rsa", key: try .generate(.rsa(bits: 2048))), DecryptionKey(keyID: "ec", key: try .generate(.ec(.p256))),
        ]
        let payload: JSON = ["iss": "a", "aud": ["b", "c"], "exp": 1_790_000_000, "jti": "x"]
        var random = SystemRandom()
        var texts = try signers.map { try $0.signed(payload) }
        for reader in readers {
            for algorithm in JWEAlgorithm.allCases where reader.jwk.serves(algorithm) {
                for content in [JWEContent.a128GCM, .a256CBCHS512] {
                    texts.append(
                        try JWE.encrypt(payload.bytes, to: reader.jwk, algorithm: algorithm, content: content, using: &random))
                }
            }
        }
        self.texts = texts
    }

    /// Whether somebody took it, and whether its header at least was read.
    func judged(_ text: String) -> (isTaken: Bool, isRead: Bool) {
        let everySignature = Set(JWSAlgorithm.allCases)
        if let signed = try? UnverifiedJWS(compact: text) {
            let taken = try? signed.verified(by: signers.map(\.jwk), allowed: everySignature)
            // A token with a key inside may be its own; nothing of ours carries one.
            let own = try? signed.verifiedByOwnKey(allowed: everySignature)
            if let taken { _ = try? JWTClaims(taken) }
            return (taken != nil || own != nil, true)
        }
        guard let sealed = try? UnverifiedJWE(compact: text) else { return (false, false) }
        return ((try? sealed.decrypted(by: readers, allowed: Set(JWEAlgorithm.allCases))) != nil, true)
    }
}

@Suite struct `Hostile compact texts (checklist E9 to E13)` {
    static let usual = 12_000

    static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

    /// In a process of its own: a trap ends that one only.
    @Test func `end in a refusal: no crash, no hang, no growth, and no mutation is ever taken`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let count =
                `Hostile compact texts (checklist E9 to E13)`.number("SEKISHO_FUZZ") ?? `Hostile compact texts (checklist E9 to E13)`.usual
            let from = `Hostile compact texts (checklist E9 to E13)`.number("SEKISHO_FUZZ_FROM") ?? 0
            let seeds = try CompactSeeds()
            let genuine = Set(seeds.texts)
            for text in seeds.texts { #expect(seeds.judged(text).isTaken) }
            let clock = ContinuousClock()
            var (read, same, early, slowest) = (0, 0, 0, Duration.zero)
            for number in from..<from + count {
                if number % 500 == 0 { FileHandle.standardOutput.write(Data("at \(number)\n".utf8)) }
                var chance = Chance(UInt64(number))
                let text = CompactMutation.made(
                    of: seeds.texts[number % seeds.texts.count], beside: seeds.texts[chance.below(seeds.texts.count)], &chance)
                let start = clock.now
                let judged = seeds.judged(text)
                slowest = max(slowest, clock.now - start)
                if judged.isRead { read += 1 }
                if genuine.contains(text) { same += 1 }
                #expect(judged.isTaken == genuine.contains(text), "execution \(number): \(text)")
                if number - from == count / 10 { early = resident() }
            }
            let growth = resident() - early
            FileHandle.standardOutput.write(
                Data(
                    "fuzz: \(count) texts, \(read) with a header that is read, \(same) unchanged; slowest \(slowest); grew \(growth) KiB\n"
                        .utf8))
            #expect(slowest < .seconds(2))
            #expect(growth < 48 * 1024)
            // Texts that all end at the front door would test that door only.
            #expect(read > count / 10)
        }
        let lines = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self).split(separator: "\n")
        for line in lines where line.hasPrefix("fuzz:") { print(line) }
        if result?.exitStatus != .exitCode(EXIT_SUCCESS), let last = lines.last(where: { $0.hasPrefix("at ") }) {
            Issue.record("the loop ended \(last); SEKISHO_FUZZ_FROM and SEKISHO_FUZZ=500 find which execution")
        }
    }
}

/// Kibibytes resident, by Linux's own count.
private func resident() -> Int {
    let status = String(decoding: FileManager.default.contents(atPath: "/proc/self/status") ?? Data(), as: UTF8.self)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
}
