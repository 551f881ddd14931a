import Cryptography
import Foundation
import Testing
import Trust
import Vocabulary

/// C2SP's x509-limbo, the cases about RFC 5280 itself. They hold issuers to §4 too, and anchors to their own certificates, so they run
/// under a profile that looks at all of it.
@Suite struct `x509-limbo` {
    private struct Suite: Decodable { let testcases: [Case] }

    private struct Case: Decodable {
        struct Name: Decodable {
            let kind: String
            let value: String
        }

        let id: String
        let validation_kind: String
        let trusted_certs: [String]
        let untrusted_intermediates: [String]
        let peer_certificate: String
        let validation_time: String?
        let key_usage: [String]
        let extended_key_usage: [String]
        let expected_result: String
        let expected_peer_name: Name?
        let expected_peer_names: [Name]
        let max_chain_depth: Int?
    }

    private static let known: [String: Comment] = [:]

    @Test func `rfc5280, 102 cases`() throws {
        guard let data = try PathVectors.data("limbo/limbo.json.gz", cases: 102) else { return }
        let suite = try JSONDecoder().decode(Suite.self, from: data)
        #expect(suite.testcases.count == 102)
        var tally = Tally("limbo rfc5280", known: Self.known)
        for test in suite.testcases {
            let (isTrusted, why) = try Self.verdict(on: test)
            tally.judge(test.id, expected: test.expected_result == "SUCCESS", found: isTrusted, why)
        }
        tally.report()
    }

    private static func verdict(on test: Case) throws -> (Bool, String) {
        let now = try test.validation_time.map(PathVectors.moment) ?? Timestamp(seconds: 1_795_000_000)
        guard let leaf = PathVectors.certificate(pem: test.peer_certificate) else { return (false, "leaf not read") }
        let anchors = test.trusted_certs.compactMap(PathVectors.certificate).map { TrustAnchor(certificate: $0, isSimulated: false) }
        let others = test.untrusted_intermediates.compactMap(PathVectors.certificate)
        let wanted = ([test.expected_peer_name].compactMap { $0 } + test.expected_peer_names).compactMap(name)
        let profile = PathProfile(
            name: "limbo", longestPath: test.max_chain_depth ?? 8,
            purposes: [test.validation_kind == "SERVER" ? .serverAuthentication : .clientAuthentication],
            names: wanted.isEmpty ? nil : NameRule(anyOf: wanted), anchors: [.validity, .constraints], issuers: .all)
        let verdict = PathSearch(store: TrustStore(anchors: anchors), profile: profile).verdict(on: leaf, with: others, at: now)
        return (verdict.chain != nil, verdict.refusal.map { "\($0)" } ?? "trusted")
    }

    private static func name(_ name: Case.Name) -> GeneralName? {
        switch name.kind {
        case "DNS": .dns(name.value)
        case "RFC822": .email(name.value)
        case "IP": address(name.value).map { .address($0) }
        default: nil
        }
    }

    /// Dotted IPv4, or IPv6 with at most one `::` and no dotted part.
    static func address(_ text: String) -> [UInt8]? {
        let four = text.split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
        if four.count == 4 { return four }
        guard text.contains(":") else { return nil }
        func groups(_ text: Substring) -> [UInt8]? {
            let numbers = text.split(separator: ":").map { UInt16($0, radix: 16) }
            return numbers.contains(nil) ? nil : numbers.flatMap { [UInt8(($0 ?? 0) >> 8), UInt8(($0 ?? 0) & 0xff)] }
        }
        let halves = text.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false).map(groups)
        guard let head = halves.first ?? nil else { return nil }
        guard halves.count == 2, let tail = halves[1], head.count + tail.count < 16 else { return head.count == 16 ? head : nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }
}
