import Cryptography
import JOSE
package import Vocabulary

/// An answer for the browser to carry to the client.
package enum AuthorizationAnswer: Hashable, Sendable {
    /// By 303, never 307 (checklist E8).
    case redirect(String)
    /// By a form that the browser posts (Form Post Response Mode 1.0).
    case form(action: String, fields: [Field])

    package struct Field: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    /// Where it goes: the address alone for a form, with all parameters for a redirect.
    package var location: String {
        switch self {
        case .redirect(let address): address
        case .form(let action, _): action
        }
    }
}

/// A proven place to answer to, and the way there that was asked for and may be gone.
package struct AnswerTarget: Sendable {
    package let redirect: RegisteredRedirect
    package let mode: ResponseMode
    let client: Client
    let state: String?
}

extension AnswerTarget: Hashable {
    package static func == (left: AnswerTarget, right: AnswerTarget) -> Bool {
        left.redirect == right.redirect && left.mode == right.mode && left.client.id == right.client.id && left.state == right.state
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(redirect)
        hasher.combine(mode)
    }
}

extension AnswerTarget {
    /// Seconds that a signed answer may be under way; JARM §2.1 advises ten minutes at most, and the code in it lives for one.
    static let lifetime: Int64 = 300

    /// The answer with `state` and `iss` behind `parameters`, in every mode and for errors too (RFC 9207 §2; checklist E7). Throws when the
    /// key of a signed answer is gone, or the client's for an encrypted one.
    func answer(
        _ parameters: [(name: String, value: String)], at provider: Provider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerRefusal) -> AuthorizationAnswer {
        var parameters = parameters
        if let state { parameters.append(("state", state)) }
        if mode.isSigned {
            parameters = [("response", try signed(parameters, at: provider, at: now, using: &random))]
        } else {
            parameters.append(("iss", provider.issuer))
        }
        guard mode.isForm else { return .redirect(redirect.location(parameters)) }
        return .form(action: redirect.text, fields: parameters.map { .init(name: $0.name, value: $0.value) })
    }

    private func signed(
        _ parameters: [(name: String, value: String)], at provider: Provider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerRefusal) -> String {
        guard let algorithm = client.authorizationSigning, let key = provider.signingKey(for: algorithm, at: now) else {
            throw AnswerRefusal(explanation: .noAnswerKey(client.authorizationSigning?.rawValue ?? ""))
        }
        let payload = JSON.object(
            [
                ("iss", .string(provider.issuer)), ("aud", .string(client.id.text)),
                ("exp", .integer(now.adding(seconds: Self.lifetime).seconds)),
            ] + parameters.map { ($0.name, .string($0.value)) })
        let token: String
        do throws(KeyError) {
            // JARM names no `typ`, and clients' libraries refuse one that they do not know. Our ID tokens say `JWT`, and what says nothing
            // never passes for one of them, in a hint for example (checklist E24).
            token = try key.signed(payload, type: nil)
        } catch {
            throw AnswerRefusal(explanation: .noAnswerKey(algorithm.rawValue))
        }
        guard let encryption = client.authorizationEncryption else { return token }
        return try encrypted(token, encryption, using: &random)
    }
}

/// An answer cannot be made: a key is missing on our side, or on the client's.
package struct AnswerRefusal: Error, Hashable, Sendable {
    package let explanation: Explanation
}

extension AnswerTarget {
    /// Signed first, then encrypted to the client's own key (JARM §2.2).
    private func encrypted(
        _ token: String, _ encryption: Encryption, using random: inout some RandomNumberGenerator
    ) throws(AnswerRefusal) -> String {
        guard let key = client.keys?.encryptionKey(for: encryption.algorithm) else {
            throw AnswerRefusal(explanation: .noClientKey(encryption.algorithm.rawValue))
        }
        do throws(JWEFailure) {
            return try JWE.encrypt(
                Array(token.utf8), to: key, algorithm: encryption.algorithm, content: encryption.content, contentType: "JWT",
                using: &random)
        } catch {
            throw AnswerRefusal(explanation: .noClientKey(encryption.algorithm.rawValue))
        }
    }
}

extension Explanation {
    static func noClientKey(_ algorithm: String) -> Explanation {
        Explanation(
            "openid.provider.client-key", "the client has no key to encrypt its answers to", compared: [.init("algorithm", algorithm)],
            clause: "JARM §3", remedy: "register a key for use `enc` that serves the algorithm")
    }
}
