package import Cryptography
package import JOSE
package import Vocabulary

/// One event as it goes out (RFC 8417 §2.2, profiled by the Shared Signals Framework 1.0 §4, §10). Made anew at every sending by the key of the
/// day; `jti`, `iat` and everything that is said stay the same.
package struct SecurityEventToken: Sendable {
    package let text: String

    /// `typ`, so that it is never taken for a login, nor a login for it (RFC 8417 §2.3; checklist E24).
    package static let type = "secevent+jwt"
    package static let contentType = "application/secevent+jwt"

    /// `audience` is the member's own id; `naming` by which names it knows citizens, those of `issuer` where nothing is said. Throws when the
    /// key cannot sign.
    package init(
        _ signal: QueuedSignal, from issuer: String, to audience: String, naming: SubjectNaming? = nil, by key: SigningKey
    ) throws(KeyError) {
        text = try key.signed(Self.claims(signal, from: issuer, to: audience, naming: naming), type: Self.type)
    }

    /// Neither `sub` nor `exp` nor `nonce`, which would make it look like another token (SSF 1.0 §4.1.2, §4.1.6; RFC 8417 §4).
    package static func claims(
        _ signal: QueuedSignal, from issuer: String, to audience: String, naming: SubjectNaming? = nil
    ) -> JSON {
        .object([
            ("iss", .string(issuer)), ("jti", .string(signal.id)), ("iat", .integer(signal.at.seconds)), ("aud", .string(audience)),
            ("sub_id", subject(signal, naming ?? SubjectNaming(issuer: issuer))),
            ("events", .object([(signal.type.rawValue, signal.body)])),
        ])
    }

    /// RFC 9493 §3.2.4: `iss_sub`, with the identifier of this member and of no other. A session is named beside its user (SSF 1.0 §3.3).
    /// An event of the stream itself is about the stream (§8.1.4.1).
    static func subject(_ signal: QueuedSignal, _ naming: SubjectNaming) -> JSON {
        guard let user = naming.subject(of: signal) else {
            return .object([("format", "opaque"), ("id", .string(signal.stream.text))])
        }
        guard let session = signal.session else { return user }
        return .object([
            ("format", "complex"), ("user", user), ("session", .object([("format", "opaque"), ("id", .string(session))])),
        ])
    }
}
