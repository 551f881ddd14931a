import Cryptography
import Trust
package import Vocabulary

extension CredentialRefusal {
    /// What the developer of a client or the operator is told. Names of authorities, policies, times and terminals only: never the
    /// certificate's subject or serial.
    package var explanation: Explanation {
        switch self {
        case .certificateMalformed(let why):
            Explanation(
                "card.certificate.malformed", "the certificate is not one DER certificate that we accept",
                compared: [.init("found", "\(why)")], clause: "RFC 5280 §4.1",
                remedy: "send the bytes of the user-authentication certificate as the card gives them, without a chain")
        case .signatureCertificate:
            Explanation(
                "card.certificate.signature-use", "this is a signature certificate, which is never a login",
                compared: [.init("expected", "key usage digitalSignature alone"), .init("found", "nonRepudiation or a signature policy")],
                clause: "公的個人認証法 38条; jpki.md §1.2",
                remedy: "use the user-authentication certificate (利用者証明用電子証明書) and its 4-digit PIN")
        case .authorityCertificate:
            Explanation(
                "card.certificate.authority-use", "this is the certificate of an authority, not of a person",
                clause: "RFC 5280 §4.2.1.9", remedy: "send the certificate of EF 000A, not of EF 000B")
        case .keyUsage(let found):
            Explanation(
                "card.certificate.key-usage", "the key usage is not exactly digitalSignature",
                compared: [.init("expected", "digitalSignature"), .init("found", found.map { "bits \($0.rawValue)" } ?? "absent")],
                clause: "RFC 5280 §4.2.1.3; jpki.md §1.2", remedy: "use the user-authentication certificate of the card")
        case .policy(let found):
            Explanation(
                "card.certificate.policy", "the certificate policy is not one of the configured login policies",
                compared: [.init("found", found.isEmpty ? "none" : found.joined(separator: " "))],
                clause: "RFC 5280 §4.2.1.4; jpki.md §1.2",
                remedy: "use a user-authentication certificate, or let the operator configure the policy of the new kind")
        case .notYetValid(let notBefore, let now):
            Explanation(
                "card.certificate.not-yet-valid", "the certificate is not valid yet",
                compared: [.init("valid from", notBefore.text), .init("now", now.text)], clause: "RFC 5280 §4.1.2.5",
                remedy: "check the clock; a fresh certificate works from the moment of its issue")
        case .expired(let notAfter, let now):
            Explanation(
                "card.certificate.expired", "the certificate has expired",
                compared: [.init("valid until", notAfter.text), .init("now", now.text)], clause: "RFC 5280 §4.1.2.5",
                remedy: "renew the certificate at a municipal counter")
        case .keyAlgorithm(let kind):
            Explanation(
                "card.certificate.key-algorithm", "keys of this kind are not accepted from this authority",
                compared: [.init("found", "\(kind)")], clause: "jpki.md §1.6",
                remedy: "use an RSA or P-384 card certificate of a configured authority")
        case .untrusted(let why):
            Explanation(
                "card.certificate.untrusted", "no configured trust anchor issued this certificate",
                compared: [.init("found", "\(why)")], clause: "RFC 5280 §6.1; jpki.md §1.1",
                remedy: "let the operator check that the anchors hold the generation that issued this card")
        case .authority(let name):
            Explanation(
                "card.certificate.authority", "the issuing authority is trusted, but not for logins",
                compared: [.init("found", name)], clause: "jpki.md §1.1",
                remedy: "use the user-authentication certificate, or let the operator configure the authority's name")
        case .simulatedAuthority(let name):
            Explanation(
                "card.certificate.simulated", "certificates of test or simulated authorities are not accepted here",
                compared: [.init("found", name)], clause: "jpki.md §1.1",
                remedy: "use a real card; a test card works only in a deployment that says development")
        case .revoked(.certificateHold, let moment):
            Explanation(
                "card.status.held", "the certificate is on hold", compared: [.init("since", moment.text)],
                clause: "RFC 5280 §5.3.1; jpki.md §4.3", remedy: "have the certificate issued anew at a municipal counter")
        case .revoked(let reason, let moment):
            Explanation(
                "card.status.revoked", "the certificate was revoked",
                compared: [.init("reason", "\(reason)"), .init("since", moment.text)], clause: "公的個人認証法 38条2項; RFC 5280 §5.3",
                remedy: "have the certificate issued anew at a municipal counter")
        case .statusStale(let made, let now, let oldest):
            Explanation(
                "card.status.stale", "the newest word about revocation is too old",
                compared: [.init("made", made.text), .init("now", now.text), .init("oldest accepted, seconds", String(oldest))],
                clause: "RFC 5280 §5.1.2.5; jpki.md §1.4", remedy: "try again later; the operator sees why the refresh fails")
        case .statusUnknown:
            Explanation(
                "card.status.unknown", "nobody can say now whether the certificate was revoked",
                clause: "公的個人認証法 38条2項; RFC 6960 §2.2", remedy: "try again later; the operator sees why the status is missing")
        case .challengeElsewhere(let what):
            Explanation(
                "card.challenge.other-\(what.rawValue)", "the challenge was made for another \(what.rawValue)",
                clause: "jpki.md §3.3", remedy: "ask for a challenge at the page that is being answered, and answer that one")
        case .challengeFuture(let issued, let now):
            Explanation(
                "card.challenge.future", "the challenge was made in the future",
                compared: [.init("made", issued.text), .init("now", now.text)], clause: "jpki.md §3.3",
                remedy: "let the operator check the clocks of the platform's machines")
        case .challengeExpired(let expires, let now):
            Explanation(
                "card.challenge.expired", "the challenge has expired",
                compared: [.init("valid until", expires.text), .init("now", now.text)], clause: "jpki.md §3.3",
                remedy: "ask for a new challenge and let the card sign that one")
        case .signatureMissing:
            Explanation(
                "card.signature.missing", "a signature over the challenge is needed unless a registered terminal states presence",
                clause: "公的個人認証法 38条の4; jpki.md §2.1", remedy: "let the card sign the challenge's text")
        case .signatureWrong(let algorithm):
            Explanation(
                "card.signature.wrong", "the signature is not this key's over the challenge's text",
                compared: [.init("expected algorithm", algorithm.rawValue)], clause: "RFC 8017 §8.2.2; FIPS 186-5 §6.4.2; jpki.md §3.3",
                remedy: "sign the digest of exactly the bytes of `text`: PKCS#1 v1.5 with a full DigestInfo, or ECDSA in DER")
        case .statementMalformed(let why):
            Explanation(
                "card.statement.malformed", "the statement of the mode is not a compact JWS", compared: [.init("found", "\(why)")],
                clause: "RFC 7515 §7.1", remedy: "send one compact JWS, or none")
        case .statementType(let found):
            Explanation(
                "card.statement.type", "the statement has another type",
                compared: [.init("expected", ModeStatement.type), .init("found", found ?? "absent")], clause: "RFC 8725 §3.11",
                remedy: "set `typ` in the protected header")
        case .terminalUnknown(let name):
            Explanation(
                "card.statement.terminal-unknown", "no terminal of this name is registered", compared: [.init("iss", name ?? "absent")],
                clause: "jpki.md §2.3", remedy: "register the terminal and its key, and put its identifier in `iss`")
        case .statementForged(let id, let why):
            Explanation(
                "card.statement.signature", "the statement is not signed by a key of the terminal it names",
                compared: [.init("iss", id.text), .init("found", "\(why)")], clause: "RFC 7515 §5.2",
                remedy: "sign with the registered key, ES256, ES384 or EdDSA")
        case .terminalOutOfTime(let id, let now):
            Explanation(
                "card.statement.terminal-expired", "the terminal's registration is over or has not begun",
                compared: [.init("iss", id.text), .init("now", now.text)], clause: "jpki.md §2.3",
                remedy: "let the operator renew the registration")
        case .statementClaim(let name):
            Explanation(
                "card.statement.claim", "a claim of the statement is not about this challenge and this certificate",
                compared: [.init("claim", name)], clause: "jpki.md §2.3",
                remedy: "make a new statement for each challenge, from its own text and certificate")
        case .terminalMayNot(let id, let mode):
            Explanation(
                "card.statement.mode", "the terminal is not permitted to state this mode",
                compared: [.init("iss", id.text), .init("mode", mode.rawValue)], clause: "公的個人認証法 38条の2, 38条の4",
                remedy: "let the operator permit the mode; a face is compared at attended terminals only")
        }
    }
}
