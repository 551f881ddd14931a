package import Cryptography
import JOSE
package import SignOn
package import Vocabulary

/// The message to a relying party's `backchannel_logout_uri` (OpenID Connect Back-Channel Logout 1.0 §2.4, §2.5).
package struct LogoutToken: Sendable {
    /// Its `jti`.
    package let id: String
    /// `logout_token=…`, form-encoded.
    package let form: [UInt8]
    package let address: String

    package static let contentType = "application/x-www-form-urlencoded"
    /// `typ`, so that it is never taken for an ID token, nor one for it (checklist E24).
    static let type = "logout+jwt"
    static let event = "http://schemas.openid.net/event/backchannel-logout"
    /// Seconds it may be presented in: §4 recommends two minutes at most.
    static let lifetime: Int64 = 120

    /// A fresh token that tells `client` of the end of its part in a session; nil when the client has no address for it, or no key of ours
    /// signs as it registered. Both `sub` and `sid` are in it, and no `nonce` (§2.4). A client whose ID tokens are encrypted gets it encrypted
    /// in the same way (§2.6 has it refuse any other), or not at all. Throws where our key does not sign now: another try may do.
    package init?(
        telling client: Client, of participation: Participation, from provider: Provider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(KeyError) {
        guard let address = client.backchannelLogoutURI, let key = provider.signingKey(for: client.idTokenAlgorithm, at: now) else {
            return nil
        }
        let id = Base64url.encode(random.bytes(20))
        let claims: JSON = .object([
            ("iss", .string(provider.issuer)), ("aud", .string(client.id.text)), ("iat", .integer(now.seconds)),
            ("exp", .integer(now.adding(seconds: Self.lifetime).seconds)), ("jti", .string(id)),
            ("events", .object([(Self.event, .object([]))])), ("sub", .string(participation.name.text)),
            ("sid", .string(participation.sessionIndex)),
        ])
        let signed = try key.signed(claims, type: Self.type)
        var token = signed
        if let encryption = client.idTokenEncryption {
            guard let sealed = client.nested(signed, encryption, using: &random) else { return nil }
            token = sealed
        }
        self.id = id
        self.address = address
        form = Array([(name: "logout_token", value: token)].formEncoded.utf8)
    }

    /// What the relying party's answer means (§2.8): 200, and 204 which some frameworks send for it, is done; 400 is a no that another try
    /// does not change; everything else is trouble on the way.
    package static func verdict(status: Int) -> Verdict {
        switch status {
        case 200, 204: .ended
        case 400, 501: .refused
        default: .tryAgain
        }
    }

    package enum Verdict: Hashable, Sendable { case ended, refused, tryAgain }
}

extension Client {
    /// How the client is told that a session ended.
    package var logoutPlan: LogoutPlan {
        backchannelLogoutURI == nil ? LogoutPlan(.none, .noService) : LogoutPlan(.back)
    }
}
