import Cryptography
import Testing
import Vocabulary

/// `asn1/chromium-*`: BoringSSL's own structures, each inside a certificate of ours where it is none by itself.
@Suite struct `Structures that BoringSSL reads or refuses` {
    /// What BoringSSL reads and we refuse, on purpose.
    static let narrower: [String: Comment] = {
        let minimax: Comment = "minimum is 0 and so unwritten, maximum is absent (RFC 5280 §4.2.1.10)"
        let other: Comment = "the value of an otherName has an explicit tag (RFC 5280 §4.2.1.6)"
        let address: Comment = "an address of five bytes, as the file's name says"
        var all: [String: Comment] = [
            "chromium-parse-certificate/cert_skeleton.pem":
                "only the outermost SEQUENCE is one of a certificate; upstream reads no further",
            "chromium-parse-certificate/failed_signature_algorithm.pem":
                "the two algorithms differ (RFC 5280 §4.1.1.2); upstream's parser does not look",
            "chromium-parse-certificate/subject_printable_string_containing_utf8_client_cert.pem":
                "UTF-8 in a PrintableString: upstream has a switch for one client's certificates",
            "chromium-name-constraints/ipaddress-invalid_addr.pem": address,
            "chromium-name-constraints/san-invalid-ipaddress.pem": address,
            "chromium-name-constraints/san-invalid-empty.pem": "no name at all, as the file's name says",
            "chromium-name-constraints/san-rfc822name-empty.pem": "a name without text (zlint e_ext_san_empty_name)",
            "chromium-parse-certificate/tbs_v3_extensions_not_sequence.pem":
                "as the file's name says; upstream leaves them to the next step",
            "chromium-name-constraints/name-empty.pem": "neither subject nor subjectAltName (§4.1.2.6)",
        ]
        for name in ["max", "min_0", "min_0_and_max", "min_1", "min_1_and_max"] {
            all["chromium-name-constraints/dnsname-with_\(name).pem"] = minimax
        }
        for name in ["othername-excluded", "othername-permitted", "san-othername"] { all["chromium-name-constraints/\(name).pem"] = other }
        return all
    }()

    /// Thirteen files came without their content. What they hold upstream is written here, from their names; `false`: to be refused.
    static let identifiers: [String: (der: [UInt8], isRead: Bool)] = {
        let key: [UInt8] = [0x80, 0x02, 0xde, 0xad]
        let name = DERWriter.build { $0.context(1) { $0.context(4) { $0.raw(DistinguishedName([(.commonName, "Root")]).der) } } }
        let address = DERWriter.build { $0.context(1) { $0.context(6, content: Array("http://a.example".utf8)) } }
        let serial: [UInt8] = [0x82, 0x02, 0x27, 0x4f]
        func sequence(_ parts: [UInt8]) -> [UInt8] { DERWriter.build { $0.element(DERTag.sequence, parts) } }
        return [
            "empty_sequence": (sequence([]), true), "key_identifier": (sequence(key), true),
            "issuer_and_serial": (sequence(name + serial), true),
            "key_identifier_and_issuer_and_serial": (sequence(key + name + serial), true),
            "url_issuer_and_serial": (sequence(address + serial), true), "issuer_only": (sequence(name), false),
            "serial_only": (sequence(serial), false), "invalid_contents": ([0x30, 0x02, 0xde, 0xad], false),
            "invalid_issuer": (sequence([0xa1, 0x02, 0xde, 0xad] + serial), false),
            "invalid_key_identifier": ([0x30, 0x03, 0x80, 0x05, 0xde], false), "invalid_serial": (sequence(name + [0x82, 0x00]), false),
            "extra_contents_after_extension_sequence": (sequence(key) + [0x05, 0x00], false),
            "extra_contents_after_issuer_and_serial": (sequence(name + serial + [0x05, 0x00]), false),
        ]
    }()

    @Test func `are read and refused likewise`() throws {
        var tally = VectorTally()
        for test in try ASN1Case.all("chromium-manifest.json", count: 224) {
            let (der, isExpected) = try Self.whole(test)
            let isRead = Self.isRead(der)
            if let why = Self.narrower[test.file] {
                tally.differ += 1
                withKnownIssue(why) { #expect(isRead == isExpected, "\(test.file)") }
            } else {
                if isRead == isExpected { tally.agree += 1 } else { tally.differ += 1 }
                #expect(isRead == isExpected, "\(test.file)")
            }
        }
        tally.tell("asn1/chromium")
    }

    /// The certificate that shows it, and whether it is to be read.
    private static func whole(_ test: ASN1Case) throws -> ([UInt8], Bool) {
        let isExpected = test.expected == "parses"
        if let certificate = test.certificate { return (certificate, isExpected) }
        guard let (label, der) = test.blocks.first else {
            let stem = String(test.file.split(separator: "/").last?.dropLast(4) ?? "")
            let known = try #require(identifiers[stem], "\(test.file)")
            return (try carrying(.authorityKeyIdentifier, known.der), known.isRead)
        }
        switch label {
        case "TBS CERTIFICATE": return (try filled(der), isExpected)
        case "CERTIFICATE POLICIES": return (try carrying(.certificatePolicies, der), isExpected)
        case "SUBJECT ALTERNATIVE NAME": return (try carrying(.subjectAlternativeName, der), isExpected)
        case "NAME CONSTRAINTS": return (try carrying(.nameConstraints, der), isExpected)
        default:
            #expect(label == "NAME", "\(test.file)")
            var parts = try plain()
            parts.subject = der
            return (try parts.signed(by: key()), isExpected)
        }
    }

    private static func key() throws -> PrivateKey { try Authority.first.get().key }

    private static func plain() throws -> ASN1Body {
        var parts = try #require(ASN1Body(certificate: Authority.first.get().card(town: nil).der))
        parts.rest = []
        return parts
    }

    private static func carrying(_ identifier: ObjectIdentifier, _ value: [UInt8]) throws -> [UInt8] {
        var parts = try plain()
        parts.rest = [extensions([Extension.raw(identifier, critical: identifier == .nameConstraints) { $0.raw(value) }])]
        return try parts.signed(by: key())
    }

    private static func extensions(_ list: [[UInt8]]) -> [UInt8] {
        DERWriter.build { $0.context(3) { $0.sequence { $0.raw(list.flatMap { $0 }) } } }
    }

    /// Upstream's bodies hold one byte where a name, a key or extensions belong: they get real ones, so that only what the file is about
    /// can be wrong.
    private static func filled(_ body: [UInt8]) throws -> [UInt8] {
        let plain = try plain()
        guard var parts = ASN1Body(body) else {
            return DERWriter.build {
                $0.sequence { whole in
                    whole.raw(body)
                    whole.raw(plain.algorithm)
                    whole.bitString([0])
                }
            }
        }
        func isEmpty(_ part: [UInt8]) -> Bool { part.count == 5 && part.starts(with: [0x30, 0x03, 0x04, 0x01]) }
        if isEmpty(parts.issuer) { parts.issuer = plain.issuer }
        if isEmpty(parts.subject) { parts.subject = plain.subject }
        if isEmpty(parts.key) { parts.key = plain.key }
        parts.rest = parts.rest.map { part in
            part.starts(with: [0xa3, 0x05, 0x30, 0x03, 0x04, 0x01]) ? extensions([Extension.keyUsage([.digitalSignature])]) : part
        }
        return try parts.signed(by: key())
    }

    /// Refused for its key means read to the end: keys come last, and the vectors' are weak.
    static func isRead(_ der: [UInt8]) -> Bool {
        do {
            _ = try Certificate(der: der)
            return true
        } catch .key { return true } catch { return false }
    }
}
