import Cryptography
import Foundation
import Testing
import Trust
import Vocabulary

/// BoringSSL's verify_certificate_chain_unittest, the entries about RFC 5280 itself.
@Suite struct `BoringSSL's chains` {
    private struct Suite: Decodable { let tests: [Case] }

    private struct Case: Decodable {
        let id: String
        let chain: String
        let last_cert_trust: String
        let key_purpose: String
        let validation_time: String
        let other: [String: String]
        let expected: String
        let core_rfc5280: Bool
        let purpose_only: Bool
    }

    private static let known: [String: Comment] = [
        "chromium-issuer-and-subject-not-byte-for-byte-equal-anchor": "SHA-1, and RSA of 1024 and 2047 bits; its names are compared below",
        "chromium-issuer-and-subject-not-byte-for-byte-equal-target": "SHA-1; its names are compared below",
        "chromium-many-names-ok-all-types":
            "hosts t171.test to t340.test, where t0.test to t170.test are permitted (RFC 5280 §6.1.3 (b)); URI bases with a scheme",
    ]

    @Test func `names that differ in their bytes and not as names`() throws {
        for file in ["anchor", "target"] {
            let path = "chains/chromium-verify/issuer-and-subject-not-byte-for-byte-equal/\(file).pem"
            guard try PathVectors.data(path, cases: 1) != nil else { return }
            let resigned = PEM.decode(try PathVectors.bytes(path), label: "CERTIFICATE")
            let certificates = try resigned.map { try Certificate(der: Resigned(certificates: [$0]).certificate($0)) }
            let pairs = zip(certificates, certificates.dropFirst())
            #expect(pairs.allSatisfy { $0.issuer == $1.subject } && pairs.contains { $0.issuer.der != $1.subject.der }, "\(file)")
        }
    }

    private static let anchors: [String: AnchorRules] = [
        "TRUSTED_ANCHOR": [], "TRUSTED_ANCHOR_WITH_CONSTRAINTS": .constraints, "TRUSTED_ANCHOR_WITH_EXPIRATION": .validity,
        "TRUSTED_ANCHOR_WITH_EXPIRATION_AND_CONSTRAINTS": [.validity, .constraints],
    ]
    private static let purposes: [String: [ObjectIdentifier]] = [
        "SERVER_AUTH": [.serverAuthentication, .anyExtendedKeyUsage], "CLIENT_AUTH": [.clientAuthentication, .anyExtendedKeyUsage],
        "ANY_EKU": [],
    ]

    @Test func `the core of RFC 5280, and key purposes`() throws {
        guard let data = try PathVectors.data("chains/chromium-verify/manifest.json", cases: 197) else { return }
        let suite = try JSONDecoder().decode(Suite.self, from: data)
        var core = Tally("chromium-verify core_rfc5280", known: Self.known)
        var purpose = Tally("chromium-verify purpose_only", known: Self.known)
        for test in suite.tests where test.core_rfc5280 || test.purpose_only {
            guard let rules = Self.anchors[test.last_cert_trust], let purposes = Self.purposes[test.key_purpose] else {
                if test.core_rfc5280 { core.skip(test.last_cert_trust) } else { purpose.skip(test.key_purpose) }
                continue
            }
            let verdict = try Self.verdict(on: test, rules, purposes)
            let text = String(describing: verdict?.refusal)
            if test.core_rfc5280 {
                core.judge(test.id, expected: test.expected == "valid", found: verdict?.chain != nil, text)
            } else {
                purpose.judge(test.id, expected: test.expected == "valid", found: verdict?.chain != nil, text)
            }
            if let chain = verdict?.chain, let policies = test.other["expected_user_constrained_policy_set"] {
                #expect(chain.policies.map(\.dotted).sorted() == policies.split(separator: ", ").map(String.init).sorted(), "\(test.id)")
            }
        }
        core.report()
        purpose.report()
    }

    private static func verdict(on test: Case, _ rules: AnchorRules, _ purposes: [ObjectIdentifier]) throws -> TrustVerdict? {
        let blocks = PEM.decode(try PathVectors.bytes("chains/chromium-verify/" + test.chain), label: "CERTIFICATE")
        let certificates = blocks.map { try? Certificate(der: $0) }
        guard let leaf = certificates.first ?? nil, let last = certificates.last ?? nil else { return nil }
        let store = TrustStore(anchors: [TrustAnchor(certificate: last, isSimulated: false)])
        let profile = PathProfile(name: "chromium", purposes: purposes, anchors: rules)
        let others = certificates.dropFirst().dropLast().compactMap { $0 }
        return PathSearch(store: store, profile: profile).verdict(on: leaf, with: others, at: try PathVectors.moment(test.validation_time))
    }
}
