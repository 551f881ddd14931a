package import JOSE

/// The set of rules that a registration and everything said under it keep. A profile is chosen per client; whatever contradicts it is
/// refused at registration, so that an endpoint may rely on it.
package enum ClientProfile: String, Hashable, Sendable, CaseIterable {
    /// OpenID Connect Core 1.0 with RFC 9700: what a certified Basic relying party needs.
    case core
    /// FAPI 2.0 Security Profile, Final.
    case fapi2 = "fapi2"
    /// The same, with signed requests and signed answers (FAPI 2.0 Message Signing, Final).
    case fapi2MessageSigning = "fapi2-message-signing"
    /// What デジタル認証アプリ asks of its relying parties (`docs/protocols/openid.md`).
    case digitalAuthApp = "digital-auth-app"
}

extension ClientProfile {
    package var isFAPI: Bool { self == .fapi2 || self == .fapi2MessageSigning }

    /// What may sign anything between the client and us (FAPI 2.0 Security Profile §5.4.1: no RSASSA-PKCS1-v1_5, nothing unsigned).
    package var algorithms: Set<JWSAlgorithm> {
        isFAPI ? [.ps256, .es256, .eddsa, .ed25519] : [.rs256, .ps256, .es256, .es384, .eddsa, .ed25519]
    }

    /// What a client that says nothing about it is held to.
    var assertionAudiences: AssertionAudiences { isFAPI ? .issuerOnly : .issuerOrTokenEndpoint }
    var senderConstraint: SenderConstraint { isFAPI ? .either : .none }
}
