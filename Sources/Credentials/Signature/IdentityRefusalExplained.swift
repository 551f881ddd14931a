import Cryptography
import Trust
package import Vocabulary

extension IdentityRefusal {
    /// For the developer of a client or the operator: names of authorities, policies, times and terminals, and which value of a certificate
    /// is wrong; never the value, the subject or the serial.
    package var explanation: Explanation {
        switch self {
        case .certificateMalformed(let why):
            Explanation(
                "identity.certificate.malformed", "the signature certificate is not one DER certificate that we accept",
                compared: [.init("found", "\(why)")], clause: "RFC 5280 §4.1",
                remedy: "send the bytes of EF 0001 as the card gives them after its password, without a chain")
        case .loginCertificate:
            Explanation(
                "identity.certificate.login-use", "this is a user-authentication certificate, which has no attributes",
                compared: [.init("expected", "key usage nonRepudiation"), .init("found", "digitalSignature alone")],
                clause: "公的個人認証法 3条; jpki.md §1.2",
                remedy: "use the signature certificate (署名用電子証明書) and its password of 6 to 16 letters and digits")
        case .authorityCertificate:
            Explanation(
                "identity.certificate.authority-use", "this is the certificate of an authority, not of a citizen",
                clause: "RFC 5280 §4.2.1.9", remedy: "send the certificate of EF 0001, not of EF 0002")
        case .keyUsage(let found):
            Explanation(
                "identity.certificate.key-usage", "the key usage is not that of a signature certificate",
                compared: [
                    .init("expected", "nonRepudiation, and digitalSignature at most beside it"),
                    .init("found", found.map { "bits \($0.rawValue)" } ?? "absent"),
                ], clause: "RFC 5280 §4.2.1.3; jpki.md §1.2", remedy: "use the signature certificate of the card")
        case .policy(let found):
            Explanation(
                "identity.certificate.policy", "the certificate policy is not one of the configured signature policies",
                compared: [.init("found", found.isEmpty ? "none" : found.joined(separator: " "))],
                clause: "RFC 5280 §4.2.1.4; jpki.md §1.2",
                remedy: "use a signature certificate, or let the operator configure the policy of the new kind (card: identity: policies)")
        case .keyAlgorithm(let kind):
            Explanation(
                "identity.certificate.key-algorithm", "signature keys of this kind are not accepted", compared: [.init("found", "\(kind)")],
                clause: "jpki.md §1.6", remedy: "use an RSA or P-384 card certificate")
        case .untrusted(let why):
            Explanation(
                "identity.certificate.untrusted", "no configured trust anchor issued this signature certificate",
                compared: [.init("found", "\(why)")], clause: "RFC 5280 §6.1; jpki.md §1.1",
                remedy: "let the operator check that the anchors hold the signature authority's generation that issued this card")
        case .authority(let name):
            Explanation(
                "identity.certificate.authority", "the issuing authority is trusted, but not for signature certificates",
                compared: [.init("found", name)], clause: "jpki.md §1.1",
                remedy: "use the signature certificate, or let the operator configure the authority's name (card: identity: authorities)")
        case .simulatedAuthority(let name):
            Explanation(
                "identity.certificate.simulated", "signature certificates of test or simulated authorities are not accepted here",
                compared: [.init("found", name)], clause: "jpki.md §1.1",
                remedy: "use a real card; a test card works only in a deployment that says development")
        case .attributes(let fault): fault.explanation
        // Their own words fit either certificate.
        case .time(let refusal), .status(let refusal), .statement(let refusal), .besideIt(let refusal): refusal.explanation
        case .elsewhere(let what):
            Explanation(
                "identity.challenge.elsewhere", "the declaration was made for another visit, service or session",
                compared: [.init("differs", what.rawValue)], clause: "jpki.md §3.3",
                remedy: "ask for a challenge at the page that is being answered, and answer that one")
        case .challengeTime(let issued, let expires, let now):
            Explanation(
                "identity.challenge.time", "the declaration's time is over or has not come",
                compared: [.init("from", issued.text), .init("until", expires.text), .init("now", now.text)], clause: "jpki.md §3.3",
                remedy: "ask for a new challenge and let the card sign that one")
        case .signatureWrong(let algorithm):
            Explanation(
                "identity.signature.wrong", "the signature is not the signature key's over the declaration",
                compared: [.init("expected algorithm", algorithm.rawValue)], clause: "RFC 8017 §8.2.2; FIPS 186-5 §6.4.2; jpki.md §3.3",
                remedy: "sign the digest of exactly the bytes of `text` with key 001A: PKCS#1 v1.5 with a full DigestInfo, or ECDSA in DER")
        case .loginMissing:
            Explanation(
                "identity.login.missing", "nobody has logged in with a PIN in this session",
                clause: "decision 0054",
                remedy: "send `login` with the user-authentication certificate and its signature over the same text")
        case .loginTooOld(let at, let now, let oldest):
            Explanation(
                "identity.login.old", "the login is too long ago to say who is at the card now",
                compared: [.init("login", at.text), .init("now", now.text), .init("oldest accepted, seconds", String(oldest))],
                clause: "decision 0054",
                remedy: "send `login` with the user-authentication certificate and its signature over the same text")
        case .loginCertificateMissing:
            Explanation(
                "identity.login.certificate-missing", "a statement about one card needs the login certificate it speaks of",
                clause: "decision 0054", remedy: "send `login` with the certificate of EF 000A beside the statement")
        case .loginSignatureMissing:
            Explanation(
                "identity.login.signature-missing", "a login certificate alone proves nothing: anyone can have a copy",
                clause: "jpki.md §7.2; decision 0054",
                remedy: "send the login key's signature over the same text, or the statement of a registered terminal")
        case .loginSignatureWrong(let algorithm):
            Explanation(
                "identity.login.signature-wrong", "the signature beside it is not the login key's over the declaration",
                compared: [.init("expected algorithm", algorithm.rawValue)], clause: "RFC 8017 §8.2.2; FIPS 186-5 §6.4.2",
                remedy: "sign the digest of exactly the bytes of `text` with key 0017 after its PIN")
        case .otherCitizen:
            Explanation(
                "identity.other-citizen", "the login certificate beside it was not used in this session", clause: "decision 0054",
                remedy: "use the card with which you logged in, or log out and start again")
        case .tieTooWeak(let found, let needed):
            Explanation(
                "identity.tie", "this deployment asks for stronger evidence that both certificates are one citizen's",
                compared: [.init("found", found.rawValue), .init("needed", needed.rawValue)], clause: "decision 0054",
                remedy: "sign the declaration with both keys (`keys`), or use a registered terminal that says so (`card`)")
        case .otherPerson:
            Explanation(
                "identity.other-person", "this certificate is of another person than the one you presented before",
                clause: "decision 0054", remedy: "use your own card; at the ledger you can delete what was presented before")
        }
    }
}

extension CertifiedFault {
    fileprivate var explanation: Explanation {
        switch self {
        case .missing(let value): certified("missing", "the certificate lacks one of the four attributes or their marks", value)
        case .twice(let value): certified("twice", "the certificate states one of the four attributes twice", value)
        case .type(let value): certified("type", "an attribute in the certificate is not one UTF8String", value)
        case .length(let value): certified("length", "an attribute in the certificate is empty or too long", value)
        case .characters(let value): certified("characters", "an attribute in the certificate has characters that no register has", value)
        case .marks(let value): certified("marks", "the marks of substituted characters do not go with the text", value)
        case .sex: certified("sex", "the certificate states a sex that is not configured", .sex)
        case .birthForm: certified("birth-form", "the date of birth has another form than era, year, month and day", .birthDate)
        case .birthDate: certified("birth-date", "the date of birth is a day that no calendar has", .birthDate)
        case .birthEra: certified("birth-era", "the date of birth does not lie in the era it names", .birthDate)
        case .birthFuture: certified("birth-future", "the date of birth comes after the certificate was made", .birthDate)
        }
    }

    private func certified(_ code: String, _ summary: String, _ value: CertifiedValue) -> Explanation {
        Explanation(
            "identity.attributes." + code, summary, compared: [.init("value", value.rawValue)], clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile")
    }
}
