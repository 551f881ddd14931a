import Cryptography
import Testing
import Trust
import Vocabulary

/// `asn1/zlint`: certificates that break, or keep, a rule of RFC 5280 §4. Those we read by the parser refuses; those for issuers the
/// profile that asks for them does, shown on the same certificate, signed by an authority of ours under the name it says.
@Suite struct `Certificates that zlint finds fault with` {
    /// Rules that neither is about, and why.
    static let nobodys: [String: String] = [
        "e_cert_contains_unique_identifier": "unique identifiers are read and mean nothing (§4.1.2.8 binds issuers)",
        "e_ecdsa_allowed_ku": "usages beside the one asked for do no harm (RFC 8813 §3 binds issuers)",
        "e_rsa_allowed_ku_ca": "usages beside the one asked for do no harm (RFC 4055 §1.2 binds issuers)",
        "e_rsa_allowed_ku_ee": "usages beside the one asked for do no harm (RFC 4055 §1.2 binds issuers)",
        "e_rsa_allowed_ku_no_encipherment_ca": "usages beside the one asked for do no harm (RFC 4055 §1.2 binds issuers)",
        "e_empty_sct_list": "Certificate Transparency is not ours",
        "e_ext_ian_uri_host_not_fqdn_or_ip": "issuerAltName is read and never used",
        "e_ext_san_uri_host_not_fqdn_or_ip": "a URI is compared as it is, and refused under a constraint it cannot be held against",
        "e_international_dns_name_not_unicode": "A-labels are compared as they are; no name is shown from them",
        "e_international_dns_name_not_nfc": "A-labels are compared as they are; no name is shown from them",
        "e_subj_email_not_in_san": "an address in the subject counts under name constraints anyway",
        "e_subject_email_max_length": "lengths of names bind issuers; the certificate as a whole is bounded",
    ]

    @Test func `are refused, by the parser or by the rules for issuers`() throws {
        var tally = VectorTally()
        var byParser = 0, byProfile = 0
        for test in try ASN1Case.all("zlint-manifest.json", count: 325) {
            let der = try #require(test.certificate, "\(test.file)")
            let isRead = `Structures that BoringSSL reads or refuses`.isRead(der)
            guard test.expected == "Error" else {
                // Good for the rule in question. Many have another fault beside it, their makers' tools being what they are.
                if isRead {
                    tally.agree += 1
                } else if let fault = Self.fault(der) {
                    tally.skipped["good for its rule, refused for another fault: " + fault, default: 0] += 1
                }
                continue
            }
            if !isRead || Self.isWeak(der, test.lint) {
                byParser += 1
                tally.agree += 1
            } else if try Self.breaksIssuerRule(der) {
                byProfile += 1
                tally.agree += 1
            } else if let why = Self.nobodys[test.lint] {
                tally.skipped[test.lint + ": " + why, default: 0] += 1
            } else {
                tally.differ += 1
                Issue.record("\(test.file) (\(test.lint))")
            }
        }
        tally.tell("asn1/zlint")
        print("    errors: \(byParser) refused by the parser, \(byProfile) by the rules for issuers")
    }

    private static func fault(_ der: [UInt8]) -> String? {
        let emptyPart: [UInt8] = [0x31, 0x00]
        if let parts = ASN1Body(certificate: der), [parts.issuer, parts.subject].contains(where: { $0.suffix(2) == emptyPart[...] }) {
            return "a part of a name without an attribute (RFC 5280 §4.1.2.4)"
        }
        do { _ = try Certificate(der: der) } catch { return "\(error)" }
        return nil
    }

    /// A rule about keys: the key itself is refused.
    private static func isWeak(_ der: [UInt8], _ lint: String) -> Bool {
        guard lint.contains("rsa") || lint.contains("dsa") || lint.contains("curve") else { return false }
        do {
            _ = try Certificate(der: der)
            return false
        } catch .key { return true } catch { return false }
    }

    private static func breaksIssuerRule(_ der: [UInt8]) throws -> Bool {
        let key = try Authority.first.get().key
        guard var parts = ASN1Body(certificate: der), let issuer = try? DistinguishedName(der: parts.issuer) else { return false }
        parts.key = try Authority.cardKey.get().publicKey.spki
        let leaf = try Certificate(der: parts.signed(by: key))
        let long = leaf.notBefore.adding(seconds: -1)
        let anchor = try CertificateDraft(
            serial: [9], issuer: issuer, subject: issuer, notBefore: long, notAfter: leaf.notAfter, key: key.publicKey,
            extensions: [Extension.keyUsage([.keyCertSign]), Extension.authority(), Extension.subjectKey(key.publicKey)]
        ).signed(by: key)
        let profile = PathProfile(name: "issuers", anchors: [], issuers: .all)
        let search = PathSearch(store: TrustStore(anchors: [TrustAnchor(certificate: anchor, isSimulated: true)]), profile: profile)
        guard case .refused(.path(let fault), _) = search.verdict(on: leaf, with: [], at: leaf.notBefore) else { return false }
        return fault.reason == .conformance || fault.reason == .criticalExtension || fault.reason == .authority
    }
}
