import Cryptography
import Foundation
import Testing
import Trust
import Vocabulary

@Suite struct `Lists as others test them` {
    private static let week: Int64 = 7 * 86_400

    // MARK: BoringSSL's crl_unittest

    private static let differing: [String: Comment] = [
        "bad_idp_indirectcrl.pem":
            "an indirect list may hold its own issuer's certificates too (PKITS 4.14.22); the suite's own note says so"
    ]

    @Test func `BoringSSL's crl_unittest, 66 cases`() throws {
        guard let (now, cases) = try Vectors.cases("revocation/chromium-crl", count: 66) else { return }
        var differ: [String] = []
        for test in cases {
            let leaf = try #require(test.blocks("CERTIFICATE").first)
            let authorities = test.blocks("CA CERTIFICATE") + test.blocks("CA CERTIFICATE 2")
            let resigned = try Resigned(certificates: authorities + [leaf])
            let list = try resigned.list(try #require(test.blocks("CRL").first))
            let found =
                (try? Self.status(list, resigned.certificate(leaf), authorities.map(resigned.certificate), at: now)) ?? "UNKNOWN"
            if Self.differing[test.file] == nil {
                #expect(found != "GOOD" || test.expected == "GOOD", "\(test.file): unknown or revoked became good")
            }
            Self.judge(test.file, found == test.expected, Self.differing, &differ)
        }
        Self.report("chromium-crl", cases.count, differ)
    }

    /// The files hold the path from the leaf upwards, without its anchor.
    private static func status(_ list: [UInt8], _ leaf: [UInt8], _ authorities: [[UInt8]], at now: Timestamp) throws -> String {
        let path = try ([leaf] + authorities).map { try Certificate(der: $0) }
        let evidence = RevocationEvidence(
            lists: [try UnverifiedRevocationList(der: list)], certificates: path, store: TrustStore(anchors: [path[path.count - 1].anchor]),
            rules: EvidenceRules(maximumListAge: week, skew: 0))
        return switch evidence.status(of: path[0], issuer: path[1], path: path, at: now).verdict {
        case .good: "GOOD"
        case .revoked: "REVOKED"
        case .unknown: "UNKNOWN"
        }
    }

    // MARK: PKITS

    private struct Suite: Decodable {
        let trust_anchor: String
        let validation_time: String
        let tests: [Case]
    }

    private struct Case: Decodable {
        let id: String
        let name: String
        let path: [String]
        let other_certs: [String]
        let crls: [String]
        let initial_policy_set: [String]
        let initial_explicit_policy: Bool
        let initial_policy_mapping_inhibit: Bool
        let initial_any_policy_inhibit: Bool
        let expected_valid: Bool
    }

    private static let unread: [String: Comment] = [
        "4.1.4 Valid DSA Signatures Test4": dsa, "4.1.5 Valid DSA Parameter Inheritance Test5": dsa,
    ]

    private static let dsa: Comment = "DSA: no key of that kind is read"

    /// What each refused case of §4.4 is refused for.
    private static let reasons: [String: Word] = [
        "4.4.1": .unknown, "4.4.2": .revoked, "4.4.3": .revoked, "4.4.4": .unknown, "4.4.5": .unknown, "4.4.6": .unknown,
        "4.4.8": .unknown, "4.4.9": .unknown, "4.4.10": .unknown, "4.4.11": .unknown, "4.4.12": .unknown, "4.4.15": .revoked,
        "4.4.18": .revoked, "4.4.20": .revoked, "4.4.21": .unknown, "4.5.2": .revoked, "4.5.5": .revoked, "4.5.7": .revoked,
        "4.7.4": .unknown, "4.7.5": .unknown,
    ]

    @Test func `PKITS sections 4.1 to 4.8, every certificate's status by its lists`() throws {
        guard let data = try PathVectors.data("pkits/expected.json", cases: 111) else { return }
        let suite = try JSONDecoder().decode(Suite.self, from: data)
        #expect(suite.tests.count == 111)
        let now = try PathVectors.moment(suite.validation_time)
        let anchor = try Certificate(der: PathVectors.bytes("pkits/" + suite.trust_anchor))
        var differ: [String] = []
        for test in suite.tests {
            let found = try Self.verdict(on: test, anchor, at: now)
            Self.judge(test.id + " " + test.name, (found?.chain != nil) == test.expected_valid, Self.unread, &differ)
            if let reason = Self.reasons[test.id] { #expect(found.map { Word($0) } == reason, "\(test.id) \(test.name)") }
        }
        Self.report("pkits with lists", suite.tests.count, differ)
    }

    private static func verdict(on test: Case, _ anchor: Certificate, at now: Timestamp) throws -> TrustVerdict? {
        func certificate(_ file: String) -> Certificate? { try? Certificate(der: PathVectors.bytes("pkits/" + file)) }
        guard let leaf = test.path.last.flatMap(certificate) else { return nil }
        let others = (test.path.dropFirst() + test.other_certs).compactMap(certificate).filter { $0 != leaf }
        let policies = PolicyInputs(
            acceptable: Set(test.initial_policy_set.compactMap { ObjectIdentifier($0) }), requireExplicit: test.initial_explicit_policy,
            inhibitMapping: test.initial_policy_mapping_inhibit, inhibitAnyPolicy: test.initial_any_policy_inhibit)
        // A list that cannot be read is a list that is not there.
        let lists = test.crls.compactMap { file in try? UnverifiedRevocationList(der: PathVectors.bytes("pkits/" + file)) }
        let store = TrustStore(anchors: [TrustAnchor(certificate: anchor, isSimulated: false)])
        let evidence = RevocationEvidence(lists: lists, certificates: others, store: store)
        return PathSearch(store: store, profile: PathProfile(name: "pkits", policies: policies, anchors: []))
            .verdict(on: leaf, with: others, at: now, status: .evidence(evidence, unknownRefuses: true))
    }

    // MARK: Counting

    private static func judge(_ name: String, _ agrees: Bool, _ known: [String: Comment], _ differ: inout [String]) {
        if !agrees { differ.append(name) }
        if let why = known[name] {
            withKnownIssue(why) { #expect(agrees, "\(name)") }
        } else {
            #expect(agrees, "\(name)")
        }
    }

    private static func report(_ suite: String, _ count: Int, _ differ: [String]) {
        print("\(suite): \(count) cases, agree \(count - differ.count), skipped 0, differ \(differ.count) \(differ)")
    }
}
