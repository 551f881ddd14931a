/// Why the simulator did not do what it was told. For the person at the command line.
package enum SimulatorRefusal: Error, Hashable, Sendable {
    case notEmpty(String)
    case notASimulator(String)
    case damaged(String)
    case unknownCard(String)
    case cardExists(String)
    case unknownTerminal(String)
    case unknownReason(String)
    case unknownMunicipality(String)
    case wrongForm(String)
    case unknownSerial
    case alreadyRevoked
    case notHeld
    case noSignatureCertificate
    case userCertificateKeepsAttributes
    case noAuthority
    case keyKind
}

extension SimulatorRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notEmpty(let path): "`\(path)` is not empty; a new simulated JPKI needs a folder of its own"
        case .notASimulator(let path): "`\(path)` holds no simulated JPKI; make one with `jpki-simulator init \(path)`"
        case .damaged(let what): "the state is damaged: \(what)"
        case .unknownCard(let name): "there is no card `\(name)`; `jpki-simulator cards` lists them"
        case .cardExists(let name): "there is a card `\(name)` already"
        case .unknownTerminal(let name): "there is no terminal `\(name)`"
        case .unknownReason(let name): "`\(name)` is not a reason of RFC 5280 §5.3.1 that JPKI uses"
        case .unknownMunicipality(let code): "there is no municipality `\(code)`"
        case .wrongForm(let what): what
        case .unknownSerial: "no such certificate was issued"
        case .alreadyRevoked: "the certificate is revoked already"
        case .notHeld: "the certificate is not on hold"
        case .noSignatureCertificate: "the card has no signature certificate"
        case .userCertificateKeepsAttributes:
            "affiliationChanged is for the signature certificate only: the login certificate has no attributes (jpki.md §4.3)"
        case .noAuthority: "no generation issues such a certificate at that time"
        case .keyKind: "authorities sign with RSA or P-384"
        }
    }
}
