import Cryptography
import Testing
import Vocabulary

@Suite struct `Certificates that others made` {
    /// What BoringSSL reads and we refuse, on purpose.
    static let narrower: [String: Comment] = [
        "chromium-parse-certificate/cert_skeleton.pem": "only the outermost SEQUENCE is one of a certificate; upstream reads no further",
        "chromium-parse-certificate/failed_signature_algorithm.pem":
            "the two algorithms differ (RFC 5280 §4.1.1.2); upstream's parser does not look",
        "chromium-parse-certificate/subject_printable_string_containing_utf8_client_cert.pem":
            "UTF-8 in a PrintableString: upstream has a switch for one client's certificates",
        "chromium-name-constraints/dnsname-with_max.pem": minimax,
        "chromium-name-constraints/dnsname-with_min_0.pem": minimax,
        "chromium-name-constraints/dnsname-with_min_0_and_max.pem": minimax,
        "chromium-name-constraints/dnsname-with_min_1.pem": minimax,
        "chromium-name-constraints/dnsname-with_min_1_and_max.pem": minimax,
        "chromium-name-constraints/othername-excluded.pem": otherName,
        "chromium-name-constraints/othername-permitted.pem": otherName,
        "chromium-name-constraints/san-othername.pem": otherName,
        "chromium-name-constraints/ipaddress-invalid_addr.pem": "an address of five bytes, as the file's name says",
        "chromium-name-constraints/san-invalid-ipaddress.pem": "an address of five bytes, as the file's name says",
        "chromium-name-constraints/san-invalid-empty.pem": "no name at all, as the file's name says",
        "chromium-name-constraints/san-rfc822name-empty.pem": "a name without text (zlint e_ext_san_empty_name)",
        "chromium-name-constraints/name-empty.pem": "a certificate around it has neither subject nor subjectAltName (§4.1.2.6)",
    ]
    private static let minimax: Comment = "minimum is 0 and so unwritten, maximum is absent (RFC 5280 §4.2.1.10)"
    private static let otherName: Comment = "the value of an otherName has an explicit tag (RFC 5280 §4.2.1.6)"

    @Test func `are refused where BoringSSL's manifest says so, and read where it reads`() throws {
        var ran = 0
        var passedOver = 0
        for test in try X509Vectors.manifest("asn1/chromium-manifest.json", cases: 224) {
            let file = try #require(test["file"]?.string)
            let expected = try #require(test["expected"]?.string)
            let blocks = X509Vectors.blocks(try #require(X509Vectors.read("asn1/" + file)))
            guard let (label, der) = try Self.whole(in: blocks, expected: expected) else {
                passedOver += 1
                continue
            }
            ran += 1
            let isRead = Self.isRead(der)
            if let why = Self.narrower[file] {
                withKnownIssue(why) { #expect(isRead == (expected == "parses"), "\(file)") }
            } else {
                #expect(isRead == (expected == "parses"), "\(file) (\(label))")
            }
        }
        print("asn1/chromium: \(ran) ran, \(passedOver) hold no structure that fits into a certificate")
        #expect(ran == 0 || ran == 224 - 13 - 13)
    }

    /// A whole certificate: the file's own, or ours around its structure. Thirteen files are empty, and thirteen good
    /// TBSCertificates have a number where a name belongs.
    private static func whole(
        in blocks: [(label: String, der: [UInt8])], expected: String
    ) throws -> (String, [UInt8])? {
        if let certificate = blocks.first(where: { $0.label == "CERTIFICATE" }) { return certificate }
        guard let (label, der) = blocks.first else { return nil }
        var draft = X509Draft()
        switch label {
        case "TBS CERTIFICATE":
            guard expected == "parse-error" else { return nil }
            return (
                label,
                DERWriter.build { writer in
                    writer.sequence {
                        $0.raw(der)
                        $0.raw(SignatureAlgorithm.rsaPKCS1(.sha256).identifier)
                        $0.bitString([0])
                    }
                }
            )
        case "CERTIFICATE POLICIES": draft.extensions = [X509Draft.extension(.certificatePolicies, der)]
        case "SUBJECT ALTERNATIVE NAME": draft.extensions = [X509Draft.extension(.subjectAlternativeName, der)]
        case "NAME CONSTRAINTS": draft.extensions = [X509Draft.extension(.nameConstraints, critical: true, der)]
        case "NAME": draft.subject = try DistinguishedName(der: der)
        default: return nil
        }
        return (label, try draft.der())
    }

    /// Refused for its key means read to the end: keys come last, and the vectors' are weak.
    private static func isRead(_ der: [UInt8]) -> Bool {
        do {
            _ = try Certificate(der: der)
            return true
        } catch .key { return true } catch { return false }
    }

    /// Rules for those who issue certificates, or that a path is held to and not a certificate; by zlint's names.
    static let elsewhere: Set<String> = [
        "e_basic_constraints_not_critical", "e_cert_contains_unique_identifier", "e_ecdsa_allowed_ku", "e_empty_sct_list",
        "e_ext_authority_key_identifier_critical", "e_ext_authority_key_identifier_no_key_identifier", "e_ext_ian_uri_host_not_fqdn_or_ip",
        "e_ext_key_usage_cert_sign_without_ca", "e_ext_name_constraints_not_critical", "e_ext_san_dns_name_too_long",
        "e_ext_san_uri_host_not_fqdn_or_ip", "e_ext_subject_key_identifier_critical", "e_ext_subject_key_identifier_missing_ca",
        "e_international_dns_name_not_unicode", "e_international_dns_name_not_nfc", "e_name_constraint_not_fqdn", "e_rsa_allowed_ku_ca",
        "e_rsa_allowed_ku_ee", "e_rsa_allowed_ku_no_encipherment_ca", "e_serial_number_longer_than_20_octets",
        "e_serial_number_not_positive", "e_subj_email_not_in_san", "e_subject_email_max_length",
    ]

    @Test func `that break a rule we read by are refused: zlint's errors`() throws {
        var refused = 0
        var passedOver = 0
        var good = (read: 0, refused: 0)
        for test in try X509Vectors.manifest("asn1/zlint-manifest.json", cases: 325) {
            let file = try #require(test["file"]?.string)
            let lint = try #require(test["lint"]?.string)
            let blocks = X509Vectors.blocks(try #require(X509Vectors.read("asn1/" + file)))
            let certificate = try #require(blocks.first { $0.label == "CERTIFICATE" }, "\(file)")
            var isAccepted = false
            var isRead = true
            do {
                _ = try Certificate(der: certificate.der)
                isAccepted = true
            } catch .key {} catch { isRead = false }
            if test["expected"]?.string == "Error" {
                if Self.elsewhere.contains(lint) {
                    passedOver += 1
                } else {
                    refused += 1
                    #expect(!isAccepted, "\(file) (\(lint))")
                }
            } else if isRead {
                good.read += 1
            } else {
                good.refused += 1
            }
        }
        print(
            "asn1/zlint: \(refused) errors refused, \(passedOver) rules for issuers passed over;",
            "of the others \(good.read) read, \(good.refused) refused for another fault (empty RDNs, padded key usage)")
    }
}
