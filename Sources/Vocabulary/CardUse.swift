/// The three legal modes of using the card (`jpki.md` §2.1). A signature is the same in modes A and B: the mode is a statement of the
/// channel, never a property of the signature.
package enum CardMode: String, Sendable, Codable, CaseIterable {
    /// Mode A: the key signed after the PIN, or after a phone's biometrics.
    case pin
    /// Mode B: the key signed without a PIN at an attended terminal that compared the face.
    case face
    /// Mode C (かざし利用): the card was present; its key signed nothing.
    case presence
}

/// What carries the certificate's key.
package enum Carrier: String, Sendable, Codable, CaseIterable {
    case card
    case phone
}

/// The way the evidence came in.
package enum Door: String, Sendable, Codable, CaseIterable {
    /// A TLS handshake with the card's client certificate.
    case tls
    /// The signed-challenge API.
    case challenge
    /// The signed-challenge API, by an app on another device than the browser that is logged in by it: whoever shows somebody else's code to
    /// a citizen can relay it, so no context is reached through it unless the ladder names it.
    case otherDevice = "other-device"

    /// The doors that count where a ladder names none: those of the browser's own device.
    package static let ownDevice: Set<Door> = [.tls, .challenge]
}
