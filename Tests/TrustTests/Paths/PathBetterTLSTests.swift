import Cryptography
import Foundation
import Testing
import Trust
import Vocabulary

/// Netflix's BetterTLS: name constraints in every combination.
@Suite struct `BetterTLS` {
    private struct Root: Decodable {
        let trustRoot: Data
        let suites: [String: Suite]
    }

    private struct Suite: Decodable { let testCases: [Case] }

    private struct Case: Decodable {
        let id: Int
        let certificates: [Data]
        let hostname: String
        let expected: String
        let failureIsWarning: Bool
    }

    @Test func `name constraints, 4,746 cases`() async throws {
        guard let data = try PathVectors.data("limbo/bettertls-nameconstraints.json.gz", cases: 4_746) else { return }
        let root = try JSONDecoder().decode(Root.self, from: data)
        let cases = try #require(root.suites["nameconstraints"]).testCases
        #expect(cases.count == 4_746)
        let anchor = try Certificate(der: Array(root.trustRoot))
        let store = TrustStore(anchors: [TrustAnchor(certificate: anchor, isSimulated: false)])
        let found = await withTaskGroup(of: [(Int, String)].self) { group in
            for start in stride(from: 0, to: cases.count, by: 600) {
                let slice = cases[start..<min(start + 600, cases.count)]
                group.addTask { slice.enumerated().map { (start + $0, Self.answer(to: $1, store, anchor)) } }
            }
            return await group.reduce(into: [Int: String]()) { all, some in for (index, answer) in some { all[index] = answer } }
        }
        var tally = Tally("bettertls name constraints")
        var defensible = 0
        for (index, test) in cases.enumerated() {
            let answer = found[index] ?? "nothing"
            let isAccepted = answer == "ACCEPT"
            if test.failureIsWarning, isAccepted != (test.expected == "ACCEPT") {
                defensible += 1
            } else {
                tally.judge("\(test.id)", expected: test.expected == "ACCEPT", found: isAccepted, answer)
            }
        }
        tally.report()
        print("bettertls: of these, \(defensible) answered the other way where both answers are defensible")
    }

    /// 2026-11-21: the suite makes its certificates for two days around its own.
    private static let made = Timestamp(seconds: 1_795_219_200)

    private static func answer(to test: Case, _ store: TrustStore, _ anchor: Certificate) -> String {
        let certificates = test.certificates.map { Array($0) }.filter { $0 != anchor.der }.map { try? Certificate(der: $0) }
        guard let leaf = certificates.first ?? nil else { return "leaf not read" }
        let name = `x509-limbo`.address(test.hostname).map { GeneralName.address($0) } ?? .dns(test.hostname)
        let profile = PathProfile(name: "bettertls", purposes: [.serverAuthentication], names: NameRule(anyOf: [name]))
        let verdict = PathSearch(store: store, profile: profile).verdict(
            on: leaf, with: certificates.dropFirst().compactMap { $0 }, at: Self.made)
        return verdict.refusal.map { "\($0)" } ?? "ACCEPT"
    }
}
