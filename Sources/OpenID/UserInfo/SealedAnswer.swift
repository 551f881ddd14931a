import JOSE
package import Vocabulary

/// An answer in the form that its reader registered.
package enum SealedAnswer: Hashable, Sendable {
    case json(JSON)
    /// A compact JWS, JWE, or JWS within a JWE.
    case compact(String)
}

/// Why an answer cannot be put into the form its reader registered. It is then not given in a weaker one.
enum SealingFault: Error, Hashable {
    case noSigningKey(JWSAlgorithm)
    case noRecipientKey(JWEAlgorithm)
}

extension Provider {
    /// Signs `payload` as `type`, if it has one, then encrypts it to the first of the client's keys that serves (RFC 7519 §5.2, §11.2);
    /// what is not asked for is left out, and with neither it stays JSON.
    func sealed(
        _ payload: JSON, type: String?, signing: JWSAlgorithm?, encryption: Encryption?, for client: Client, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(SealingFault) -> SealedAnswer {
        var signed: String?
        if let signing {
            guard let key = signingKey(for: signing, at: now), let text = try? key.signed(payload, type: type) else {
                throw .noSigningKey(signing)
            }
            signed = text
        }
        guard let encryption else { return signed.map { .compact($0) } ?? .json(payload) }
        guard let recipient = client.keys?.encryptionKey(for: encryption.algorithm),
            let text = try? JWE.encrypt(
                signed.map { Array($0.utf8) } ?? payload.bytes, to: recipient, algorithm: encryption.algorithm,
                content: encryption.content, contentType: signed == nil ? nil : "JWT", type: type, using: &random)
        else { throw .noRecipientKey(encryption.algorithm) }
        return .compact(text)
    }
}

extension SealingFault {
    var explanation: Explanation {
        switch self {
        case .noSigningKey(let algorithm):
            Explanation(
                "openid.answer.signing-key", "the provider has no key for the algorithm that signs answers to this client",
                compared: [.init("algorithm", algorithm.rawValue)], clause: "OpenID Connect Core §5.3.2; RFC 9701 §5",
                remedy: "tell the operator; `sekisho check` shows the keys")
        case .noRecipientKey(let algorithm):
            Explanation(
                "openid.answer.recipient-key", "the client has no key that its answers could be encrypted to",
                compared: [.init("algorithm", algorithm.rawValue)], clause: "OpenID Connect Core §5.3.2; RFC 9701 §5",
                remedy: "register a key of the right kind with use `enc`")
        }
    }
}
