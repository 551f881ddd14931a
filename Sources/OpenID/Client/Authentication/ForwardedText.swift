import Cryptography
import Vocabulary

/// A client certificate in a header, as a proxy writes it that ended the client's TLS.
package enum ForwardedText {
    /// Bytes of one header; a chain over a bridge needs about ten thousand.
    private static let longest = 65_536

    /// The certificate first, then what came with it; nil when the text is not exactly what the proxy should write.
    package static func chain(_ text: String, more: String?, isPEM: Bool) -> [[UInt8]]? {
        guard text.utf8.count <= longest, (more?.utf8.count ?? 0) <= longest else { return nil }
        var found: [[UInt8]]
        if isPEM {
            guard let bytes = percentDecoded(text) else { return nil }
            found = PEM.decode(bytes, label: "CERTIFICATE")
        } else {
            guard let one = binary(text[...]) else { return nil }
            found = [one]
        }
        guard !found.isEmpty else { return nil }
        if let more {
            // RFC 9440 §2.3: a list of the same.
            for piece in more.split(separator: ",", omittingEmptySubsequences: false) {
                guard let one = binary(piece) else { return nil }
                found.append(one)
            }
        }
        return found.count <= 16 ? found : nil
    }

    /// `:Base64:` (RFC 8941 §3.3.5), with spaces around as lists have them.
    private static func binary(_ text: Substring) -> [UInt8]? {
        var bytes = Array(text.utf8)[...]
        while bytes.first == 0x20 || bytes.first == 0x09 { bytes.removeFirst() }
        while bytes.last == 0x20 || bytes.last == 0x09 { bytes.removeLast() }
        guard bytes.count > 2, bytes.first == 0x3a, bytes.last == 0x3a,
            let der = Base64.decode(String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)), !der.isEmpty
        else { return nil }
        return der
    }

    /// As `encodeURIComponent` writes; a `+` is itself, not a space.
    private static func percentDecoded(_ text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                out.append(byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(),
                let decoded = Hexadecimal.decode(String(decoding: [high, low], as: UTF8.self))?.first
            else { return nil }
            out.append(decoded)
        }
        return out
    }
}

extension TokenRefusal {
    /// Somebody who is not the proxy speaks of certificates (checklist H14).
    package static let forwardedByStranger = TokenRefusal(
        .invalidRequest,
        Explanation(
            "openid.client.forwarded-by-stranger", "a client certificate was passed on by somebody who is not our proxy",
            clause: "RFC 9440 §4", remedy: "use the addresses under `mtls_endpoint_aliases`, without that header"))

    package static let forwardedMalformed = TokenRefusal(
        .invalidRequest,
        Explanation(
            "openid.client.forwarded-malformed", "the proxy passed on something that is no client certificate", clause: "RFC 9440 §2",
            remedy: "tell the operator: `form` of `openid.mutual-tls.forwarded-certificate` has to be what the proxy writes"))
}
