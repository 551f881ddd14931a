import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `Revocation as others test it` {
    private static let week: Int64 = 7 * 86_400

    private static func word(_ verdict: StatusVerdict) -> String {
        switch verdict {
        case .good: "GOOD"
        case .revoked: "REVOKED"
        case .unknown: "UNKNOWN"
        }
    }

    @Test func `lists: BoringSSL's crl_unittest`() throws {
        guard let (now, cases) = try Vectors.cases("revocation/chromium-crl", count: 66) else { return }
        for test in cases {
            let leaf = try #require(test.blocks("CERTIFICATE").first)
            let authorities = test.blocks("CA CERTIFICATE") + test.blocks("CA CERTIFICATE 2")
            let resigned = try Resigned(certificates: authorities + [leaf])
            let list = try resigned.list(try #require(test.blocks("CRL").first))
            let found =
                (try? Self.status(
                    list: list, leaf: resigned.certificate(leaf), authorities: authorities.map(resigned.certificate), at: now)) ?? "UNKNOWN"
            Self.compare(found, test)
        }
    }

    /// Where we say less than others: never more.
    private static let narrower: [String: Comment] = [
        "good_key_rollover.pem": rollover, "revoked_key_rollover.pem": rollover,
        "good_response_invalid_serial.pem": "a serial that is no DER INTEGER (asn1/serial_not_minimal asks for an error)",
    ]
    private static let rollover: Comment = "the list is signed by another key of the same name: generations share a name, never their lists"

    private static func compare(_ found: String, _ test: Vectors.Case) {
        #expect(found != "GOOD" || test.expected == "GOOD", "\(test.file): unknown or revoked became good")
        if let why = narrower[test.file] {
            withKnownIssue(why) { #expect(found == test.expected, "\(test.file)") }
        } else {
            #expect(found == test.expected, "\(test.file)")
        }
    }

    private static func status(list: [UInt8], leaf: [UInt8], authorities: [[UInt8]], at now: Timestamp) throws -> String {
        let leaf = try Certificate(der: leaf)
        let authorities = try authorities.map { try Certificate(der: $0) }
        let issuer = try #require(authorities.first { leaf.isSigned(by: $0.publicKey) }, "no issuer")
        let unverified = try UnverifiedRevocationList(der: list)
        let lists = authorities.compactMap { try? unverified.verified(issuer: $0, at: now) }
        return word(RevocationLists(lists).status(of: leaf, issuedBy: issuer, at: now, maximumAge: week).verdict)
    }

    @Test func `answers: BoringSSL's ocsp_unittest`() throws {
        guard let (now, cases) = try Vectors.cases("revocation/chromium-ocsp", count: 36) else { return }
        for test in cases {
            let leaf = try #require(test.blocks("CERTIFICATE").first)
            let authority = try #require(test.blocks("CA CERTIFICATE").first)
            let response = try #require(test.blocks("OCSP RESPONSE").first)
            var found = "UNKNOWN"
            // An answer that is refused says nothing: unknown.
            do {
                let bundle = (try? Resigned.bundle(response)) ?? []
                let resigned = try Resigned(certificates: [authority, leaf] + bundle)
                let issuer = try Certificate(der: resigned.certificate(authority))
                let request = OCSPRequest(certificate: try Certificate(der: resigned.certificate(leaf)), issuer: issuer)
                let status = try UnverifiedOCSPResponse(der: resigned.response(response)).verified(
                    for: request, issuer: issuer, at: now, maximumAge: Self.week, skew: 0)
                found = Self.word(status.verdict)
            } catch {}
            Self.compare(found, test)
        }
    }
}
