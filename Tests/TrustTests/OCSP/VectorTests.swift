import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `OCSP as others test it` {
    /// Where we say less than others, never more.
    private static let narrower: [String: Comment] = [
        "good_response_invalid_serial.pem": "a serial that is no DER INTEGER (asn1/serial_not_minimal asks for an error)"
    ]

    /// Each case once fetched (a question was asked and its answer came) and once stapled.
    @Test(arguments: [false, true]) func `BoringSSL's ocsp_unittest, 36 cases`(isStapled: Bool) throws {
        guard let (now, cases) = try Vectors.cases("revocation/chromium-ocsp", count: 36) else { return }
        var agreed = 0
        var differing: [String] = []
        for test in cases {
            let found = try Self.found(test, isStapled: isStapled, at: now)
            #expect(found != "GOOD" || test.expected == "GOOD", "\(test.file): unknown or revoked became good")
            if found == test.expected { agreed += 1 } else { differing.append(test.file) }
            if let why = Self.narrower[test.file] {
                withKnownIssue(why) { #expect(found == test.expected, "\(test.file)") }
            } else {
                #expect(found == test.expected, "\(test.file)")
            }
        }
        print(
            "chromium-ocsp\(isStapled ? " stapled" : ""): \(cases.count) cases, agree \(agreed), skipped 0, differ \(differing.count)",
            differing)
    }

    private static func found(_ test: Vectors.Case, isStapled: Bool, at now: Timestamp) throws -> String {
        let leaf = try #require(test.blocks("CERTIFICATE").first)
        let authority = try #require(test.blocks("CA CERTIFICATE").first)
        let response = try #require(test.blocks("OCSP RESPONSE").first)
        let bundle = (try? Resigned.bundle(response)) ?? []
        let resigned = try Resigned(certificates: [authority, leaf] + bundle)
        // An answer that is refused says nothing: unknown. So does one about a certificate that cannot be read.
        do {
            let issuer = try Certificate(der: resigned.certificate(authority))
            let certificate = try Certificate(der: resigned.certificate(leaf))
            let answer = try UnverifiedOCSPResponse(der: resigned.response(response))
            let rules = OCSPRules(maximumAge: 7 * 86_400, skew: 0)
            let status =
                try isStapled
                ? answer.verified(about: certificate, issuer: issuer, at: now, under: rules)
                : answer.verified(for: OCSPRequest(certificate: certificate, issuer: issuer), issuer: issuer, at: now, under: rules)
            return switch status.verdict {
            case .good: "GOOD"
            case .revoked: "REVOKED"
            case .unknown: "UNKNOWN"
            }
        } catch {
            return "UNKNOWN"
        }
    }

    /// Our question is byte for byte the one that others ask: SHA-1, no nonce. Their keys are too short for us, so theirs is given the hash of
    /// the key that stands in for them.
    @Test func `the question is the one BoringSSL asks`() throws {
        guard let (_, cases) = try Vectors.cases("revocation/chromium-ocsp", count: 36) else { return }
        var compared = 0
        for test in cases {
            guard let theirs = test.blocks("OCSP REQUEST").first, let leaf = test.blocks("CERTIFICATE").first,
                let authority = test.blocks("CA CERTIFICATE").first
            else { continue }
            let resigned = try Resigned(certificates: [authority, leaf])
            guard let issuer = try? Certificate(der: resigned.certificate(authority)),
                let certificate = try? Certificate(der: resigned.certificate(leaf))
            else { continue }
            let ours = OCSPRequest(certificate: certificate, issuer: issuer, digest: .sha1).der
            let hash = issuer.publicKey.keyIdentifier
            let place = try #require(ours.indices.first { ours[$0...].starts(with: hash) }, "\(test.file)")
            try #require(theirs.count == ours.count, "\(test.file)")
            #expect(Array(theirs[..<place]) == Array(ours[..<place]), "\(test.file)")
            #expect(Array(theirs[(place + hash.count)...]) == Array(ours[(place + hash.count)...]), "\(test.file)")
            compared += 1
        }
        print("chromium-ocsp requests: \(compared) compared byte for byte")
        #expect(compared >= 30)
    }
}
