import Cryptography
import Foundation
import Testing
import Trust
import Vocabulary

/// NIST's Public Key Interoperability Test Suite: paths and policies here; what its sections say about revocation is asked of the lists.
@Suite struct `PKITS` {
    private struct Suite: Decodable {
        let trust_anchor: String
        let validation_time: String
        let tests: [Case]
    }

    private struct Case: Decodable {
        let id: String
        let name: String
        let section: String
        let path: [String]
        let other_certs: [String]
        let crls: [String]
        let initial_policy_set: [String]
        let initial_explicit_policy: Bool
        let initial_policy_mapping_inhibit: Bool
        let initial_any_policy_inhibit: Bool
        let expected_valid: Bool
        let expected_user_constrained_policy_set: [String]?
    }

    /// What a certificate's revocation decides: these paths are right in every other way.
    private static let revoked: Set<String> = [
        "4.4.1", "4.4.2", "4.4.3", "4.4.4", "4.4.5", "4.4.6", "4.4.8", "4.4.9", "4.4.10", "4.4.11", "4.4.12", "4.4.15", "4.4.18", "4.4.20",
        "4.4.21", "4.5.2", "4.5.5", "4.5.7", "4.7.4", "4.7.5",
    ]

    private static let known: [String: Comment] = [
        "4.1.4": "DSA: no key of that kind is read", "4.1.5": "DSA: no key of that kind is read",
    ]

    @Test func `sections 4.1 to 4.8: paths, and the user-constrained policy set`() throws {
        guard let data = try PathVectors.data("pkits/expected.json", cases: 111) else { return }
        let suite = try JSONDecoder().decode(Suite.self, from: data)
        #expect(suite.tests.count == 111)
        let now = try PathVectors.moment(suite.validation_time)
        let anchor = try Self.certificate(suite.trust_anchor).get()
        let store = TrustStore(anchors: [TrustAnchor(certificate: anchor, isSimulated: false)])
        var tally = Tally("pkits paths", known: Self.known)
        for test in suite.tests {
            let found = try Self.verdict(on: test, store, at: now)
            let expected = test.expected_valid || Self.revoked.contains(test.id)
            tally.judge(test.id, expected: expected, found: found?.chain != nil, "\(test.name): \(String(describing: found?.refusal))")
            if let chain = found?.chain, let policies = test.expected_user_constrained_policy_set, test.expected_valid {
                #expect(Set(chain.policies.map(\.dotted)) == Set(policies), "\(test.id) \(test.name)")
            }
        }
        tally.report()
    }

    /// The same with a word about every certificate of the path, from the lists that each test brings.
    @Test func `sections 4.1 to 4.8: with revocation, all 111 but two of DSA keys`() throws {
        guard let data = try PathVectors.data("pkits/expected.json", cases: 111) else { return }
        let suite = try JSONDecoder().decode(Suite.self, from: data)
        let now = try PathVectors.moment(suite.validation_time)
        let store = TrustStore(anchors: [TrustAnchor(certificate: try Self.certificate(suite.trust_anchor).get(), isSimulated: false)])
        var tally = Tally("pkits with revocation", known: Self.known)
        for test in suite.tests {
            let lists = test.crls.compactMap { try? UnverifiedRevocationList(der: PathVectors.bytes("pkits/" + $0)) }
            let certificates = (test.path + test.other_certs).compactMap { try? Self.certificate($0).get() }
            let evidence = RevocationEvidence(lists: lists, certificates: certificates, store: store)
            let found = try Self.verdict(on: test, store, at: now, status: .evidence(evidence, unknownRefuses: true))
            tally.judge(
                test.id, expected: test.expected_valid, found: found?.chain != nil, "\(test.name): \(String(describing: found?.refusal))")
        }
        tally.report()
    }

    private static func verdict(
        on test: Case, _ store: TrustStore, at now: Timestamp, status: StatusDemand = .none
    ) throws -> TrustVerdict? {
        let certificates = (test.path.dropFirst() + test.other_certs).map(certificate)
        guard let target = test.path.last, let leaf = try? certificate(target).get() else { return nil }
        let others = certificates.compactMap { try? $0.get() }.filter { $0 != leaf }
        let policies = PolicyInputs(
            acceptable: Set(test.initial_policy_set.compactMap { ObjectIdentifier($0) }), requireExplicit: test.initial_explicit_policy,
            inhibitMapping: test.initial_policy_mapping_inhibit, inhibitAnyPolicy: test.initial_any_policy_inhibit)
        return PathSearch(store: store, profile: PathProfile(name: "pkits", policies: policies, anchors: []))
            .verdict(on: leaf, with: others, at: now, status: status)
    }

    private static func certificate(_ file: String) -> Result<Certificate, any Error> {
        Result { try Certificate(der: PathVectors.bytes("pkits/" + file)) }
    }
}
