import Cryptography
import Deflate
import Vocabulary

/// A message by HTTP-Redirect (SAML Bindings §3.4.4.1): deflated, in Base64, percent-encoded, and signed over exactly those octets.
struct SignedQuery {
    private var text: [UInt8]

    init(_ message: [UInt8], _ field: String, _ relayState: String?, _ key: SAMLSigningKey) throws(AnswerFailure) {
        guard let deflated = Deflation.bytes(message) else { throw .deflation }
        text = Array((field + "=").utf8)
        Self.encode(Array(Base64.encode(deflated).utf8), to: &text)
        if let relayState {
            text += "&RelayState=".utf8
            Self.encode(Array(relayState.utf8), to: &text)
        }
        text += "&SigAlg=".utf8
        Self.encode(Array(key.identifier.utf8), to: &text)
        // The value of an ECDSA signature is the one XML Signature defines under this name (§6.4.3): raw.
        guard let signature = try? key.key.sign(text, key.algorithm, encoding: .raw) else { throw .signature }
        text += "&Signature=".utf8
        Self.encode(Array(Base64.encode(signature).utf8), to: &text)
    }

    func address(_ location: String) -> String {
        location + (location.utf8.contains(0x3f) ? "&" : "?") + String(decoding: text, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func encode(_ bytes: [UInt8], to out: inout [UInt8]) {
        for byte in bytes {
            if byte.isBase64url || byte == 0x2e || byte == 0x7e {
                out.append(byte)
            } else {
                out += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
