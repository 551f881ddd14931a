/// Where clients with a certificate find us: the same endpoints under another origin, whose listener asks for it (RFC 8705 §5).
package struct MutualTLSAddresses: Hashable, Sendable {
    /// Origin, without a slash at its end; may be the issuer's own when a proxy asks everybody.
    package let base: String

    package init(base: String) { self.base = base }

    /// An endpoint of ours as it is reached there.
    package func alias(of endpoint: String, issuer: String) -> String {
        endpoint.utf8.starts(with: issuer.utf8)
            ? base + String(decoding: endpoint.utf8.dropFirst(issuer.utf8.count), as: UTF8.self) : endpoint
    }
}
