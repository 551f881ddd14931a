import Cryptography
import JOSE
import OpenID
import SAML
import Vocabulary

/// Members whose wishes our keys cannot fulfil.
enum MemberKeyChecks {
    /// A pin to a key that we do not have, or no longer show, is a member that refuses every answer: better told at `check` than by citizens.
    static func run(
        _ registrations: [Registration], _ keys: SigningKeys, _ tokenKeys: [ProviderKey], at now: Timestamp, _ findings: Findings
    ) {
        for registration in registrations {
            guard case .saml(let provider) = registration.speech else {
                if case .openID(let client) = registration.speech { tokens(client, registration.file, tokenKeys, at: now, findings) }
                continue
            }
            let wish = provider.signingWish
            if let pin = wish.pin {
                let key = keys.key(fingerprint: pin)
                if key == nil || key?.life.isPublished(at: now) == false {
                    findings.notice(
                        Problem(
                            file: registration.file, code: "member.signing-key",
                            message: "the member is pinned to "
                                + (key.map { "`\($0.name)`, which is \($0.life.state(at: now).rawValue)" } ?? "a key that is not ours")
                                + ", and gets answers signed with the current one",
                            remedy: "`sekisho keys list` shows the fingerprints of our certificates"))
                }
            } else if !keys.suits(wish, at: now) {
                findings.notice(
                    Problem(
                        file: registration.file, code: "member.algorithm",
                        message: "none of our current keys signs in a way that the member says it verifies (IIP-MD10)",
                        remedy: "`sekisho keys generate saml-signing` makes a key of another kind, or set the member's `algorithm`"))
            }
        }
    }

    /// A client without a key for what is signed to it gets an error each time; so the last key of its algorithm may not go either.
    private static func tokens(_ client: Client, _ file: String, _ keys: [ProviderKey], at now: Timestamp, _ findings: Findings) {
        let wishes: [(what: String, algorithm: JWSAlgorithm?)] = [
            ("ID tokens", client.idTokenAlgorithm), ("authorization answers", client.authorizationSigning),
            ("userinfo", client.userInfoSigning), ("introspection", client.introspectionSigning),
        ]
        for (what, algorithm) in wishes {
            // That ES256 or RS256 is missing was said of the keys already.
            guard let algorithm, !TokenKeyAlgorithm.required.map(\.algorithm).contains(algorithm),
                !keys.contains(where: { $0.signing?.algorithm.isSame(as: algorithm) == true && $0.life.state(at: now) == .current })
            else { continue }
            let known = TokenKeyAlgorithm.allCases.first { $0.algorithm.isSame(as: algorithm) }?.rawValue ?? algorithm.rawValue
            findings.report(
                Problem(
                    file: file, code: "member.algorithm",
                    message: "the client wants \(what) signed with \(algorithm.rawValue), and no key is current for that",
                    remedy: "`sekisho keys generate openid-signing --algorithm \(known)`, and promote it"))
        }
    }
}
