import Foundation
import Testing

/// Every file of primitives is run or named here: a new one in the folder is noticed.
@Suite struct `Wycheproof: the count of primitives` {
    /// What is not claimed, and why.
    static let skipped: [(name: String, cases: Int, why: String)] = [
        ("ed448", 87, "a curve that is not claimed: its keys are refused"),
        ("pbkdf2_hmacsha256", 60, "nothing is derived from passwords, and PBES2 is refused by name"),
        ("rsa_pkcs1_2048", 67, "RSA1_5 is refused by name: padding that tells about itself"),
    ]
    static let encryption: [(name: String, cases: Int)] = [
        ("aes_gcm", 316), ("aes_wrap", 165), ("aes_cbc_pkcs5", 216), ("a128cbc_hs256", 94), ("a192cbc_hs384", 94), ("a256cbc_hs512", 94),
        ("rsa_oaep_2048_sha1_mgf1sha1", 36), ("rsa_oaep_2048_sha256_mgf1sha256", 37), ("ecdh_secp256r1_webcrypto", 353),
        ("ecdh_secp384r1_webcrypto", 794), ("ecdh_secp521r1_webcrypto", 655), ("hmac_sha256", 174), ("hmac_sha384", 174),
        ("hmac_sha512", 174),
    ]

    @Test func `is the 7,419 of the folder, of which 214 are skipped by name`() throws {
        let signatures = `Wycheproof: signature and MAC primitives`.files.map { ($0.name, $0.cases) }
        let all = signatures + Self.encryption.map { ($0.name, $0.cases) } + Self.skipped.map { ($0.name, $0.cases) }
        #expect(all.reduce(0) { $0 + $1.1 } == 7_419)
        #expect(Self.skipped.reduce(0) { $0 + $1.cases } == 214)
        #expect(Set(all.map(\.0)).count == all.count)
        let folder = KeysVectors.root + "/jose/wycheproof"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            withKnownIssue("vectors absent") { Issue.record("the files of \(folder) were not counted") }
            return
        }
        let suffix = "_test.json.gz"
        let found = Set(names.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) })
        #expect(found == Set(all.map(\.0)))
        for skip in Self.skipped { print("wycheproof \(skip.name): \(skip.cases) skipped (\(skip.why))") }
        print("wycheproof primitives: 7419 cases in \(all.count) files, 214 of them in 3 files skipped by name")
    }
}
