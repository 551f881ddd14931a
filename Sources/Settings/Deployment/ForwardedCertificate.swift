import OpenID
import Vocabulary

/// How a proxy that ends TLS passes a client's certificate on, and which peers are that proxy (checklist H14).
package struct ForwardedCertificate: Hashable, Sendable {
    /// The two ways proxies write a certificate into a header.
    package enum Form: String, Hashable, Sendable, CaseIterable {
        /// RFC 9440: DER as a structured field, `:Base64:`.
        case rfc9440 = "rfc9440"
        /// nginx's `$ssl_client_escaped_cert`: PEM in percent-encoding.
        case escapedPEM = "escaped-pem"
    }

    /// In small letters.
    package let header: String
    /// What else came with the certificate, for building a chain (RFC 9440 §2.3); in small letters.
    package let chainHeader: String?
    package let form: Form
    private let from: [AddressRange]

    package init(header: String, chainHeader: String? = nil, form: Form, from: [AddressRange]) {
        self.header = header.lowercased()
        self.chainHeader = chainHeader?.lowercased()
        self.form = form
        self.from = from
    }

    /// Whether a peer at this address speaks for clients.
    package func trusts(peer address: String?) -> Bool {
        guard let address, let bytes = IPAddressText.bytes(address) else { return false }
        return from.contains { $0.contains(bytes) }
    }

    static func read(_ section: Section) -> ForwardedCertificate? {
        let header = section.text("header", limit: 64) ?? "Client-Cert"
        let chain = section.text("chain-header", limit: 64)
        let form = section.choice("form", Form.self) ?? (header.lowercased() == "client-cert" ? .rfc9440 : .escapedPEM)
        let ranges = section.texts("from", required: true, limit: 64) ?? []
        section.finish()
        for (key, name) in [("header", header), ("chain-header", chain ?? "Client-Cert-Chain")]
        where !name.utf8.allSatisfy({ $0.isBase64url }) {
            section.report(
                "openid.forwarded-certificate", at: section.line(of: key), "this is no name of a header", "use letters, digits and -")
        }
        var from: [AddressRange] = []
        for (text, line) in ranges {
            guard let range = AddressRange(text) else {
                section.report(
                    "openid.forwarded-certificate", at: line,
                    "`" + Explanation.redacted(text) + "` is no address and no range of addresses",
                    "write the proxy's own address, 192.0.2.7 or 2001:db8::7, or a range, 192.0.2.0/28")
                continue
            }
            from.append(range)
        }
        guard !from.isEmpty else { return nil }
        return ForwardedCertificate(header: header, chainHeader: chain, form: form, from: from)
    }
}

/// Addresses that share their first bits: `192.0.2.0/28`, or one address.
package struct AddressRange: Hashable, Sendable {
    private let bytes: [UInt8]
    private let bits: Int

    /// Nil also for a range that nobody means: bits behind the mask, or all of a family.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = IPAddressText.bytes(String(parts[0])) else { return nil }
        var bits = bytes.count * 8
        if parts.count == 2 {
            guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), (1...bits).contains(number)
            else { return nil }
            bits = number
        }
        self.bytes = bytes
        self.bits = bits
        guard bytes.indices.allSatisfy({ bytes[$0] & ~Self.mask($0, bits) == 0 }) else { return nil }
    }

    package func contains(_ address: [UInt8]) -> Bool {
        address.count == bytes.count && bytes.indices.allSatisfy { (address[$0] ^ bytes[$0]) & Self.mask($0, bits) == 0 }
    }

    private static func mask(_ index: Int, _ bits: Int) -> UInt8 {
        let kept = min(max(bits - index * 8, 0), 8)
        return kept == 0 ? 0 : UInt8(truncatingIfNeeded: 0xff00 >> kept)
    }
}
