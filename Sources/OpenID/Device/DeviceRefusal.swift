package import Vocabulary

/// What a citizen is told who typed something else. The same for a code that never was, that has run out and that was used: whoever guesses
/// learns nothing (checklist H9).
extension Explanation {
    package static let userCodeUnknown = Explanation(
        "openid.device.code-unknown", "this code is not valid: it was typed differently, has run out, or was used",
        clause: "RFC 8628 §3.3", remedy: "compare it with the screen of the device, or have a new one shown there")

    package static func userCodeTooOften(wait seconds: Int64) -> Explanation {
        Explanation(
            "openid.device.too-many-tries", "too many wrong codes came from here", compared: [.init("wait-seconds", String(seconds))],
            clause: "RFC 8628 §5.1; checklist H8", remedy: "wait, then type the code exactly as the device shows it")
    }
}

extension TokenRefusal {
    package static let deviceTooMany = TokenRefusal(
        .slowDown,
        Explanation(
            "openid.device.too-many", "so many codes of this client already wait for somebody",
            compared: [.init("most", String(VerifiedDeviceRequest.mostWaiting))], clause: "RFC 8628 §5.1; checklist H8",
            remedy: "ask for a code when somebody stands before the device, and let the others run out"), status: 429)
}
