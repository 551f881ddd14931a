import Cryptography
import JOSE
import Vocabulary

/// A registration as somebody wants it, with what the profile adds; not yet found right.
struct ClientDraft: Sendable {
    let redirectURIs: Set<String>
    let authentication: ClientAuthentication
    let grants: Set<GrantType>
    let keys: JWKSet?
    let idTokenAlgorithm: JWSAlgorithm
    let scopes: Set<String>
    let requiresNonce: Bool
    let assertionAudiences: AssertionAudiences
    let assertionAlgorithms: Set<JWSAlgorithm>
    let assertionLifetime: Int64
    let senderConstraint: SenderConstraint
    let requiresPushedRequests: Bool
    let pkce: PKCE
    let requestObjects: RequestObjects
    let postLogoutRedirectURIs: Set<String>
    let backchannelLogoutURI: String?
    let options: ClientOptions
    let development: Bool

    var profile: ClientProfile { options.profile }
}

/// A rule for registrations. All of them are asked, in this order; what they find is told at once.
struct ClientRule: Sendable {
    let name: String
    let faults: @Sendable (ClientDraft) -> [Explanation]
}

extension ClientRule {
    static let inOrder = addresses + credentials + algorithms + grants + profiles

    private static let addresses = [
        Self(name: "redirect addresses are fit (E1, E2)") { draft in
            draft.faults(in: draft.redirectURIs, answering: RedirectURI.loginAnswer, Explanation.redirectUnfit)
        },
        Self(name: "addresses for after a logout are fit (E4)") { draft in
            draft.faults(in: draft.postLogoutRedirectURIs, answering: RedirectURI.logoutAnswer, Explanation.logoutRedirectUnfit)
        },
        Self(name: "the addresses we send to are fit") { draft in
            draft.faults(in: draft.backchannelLogoutURI, Explanation.backchannelUnfit)
                + draft.faults(in: draft.options.ciba?.notificationEndpoint) {
                    .addressUnfit("backchannel_client_notification_endpoint", $0, $1)
                }
        },
        Self(name: "events are pushed to addresses that are fit") { draft in
            draft.faults(in: draft.options.signals?.endpoints ?? []) { .addressUnfit("signals.push", $0, $1) }
        },
        // Https (OpenID Connect Core §4), but for this machine in development: software that registers itself sends its redirect address here.
        Self(name: "a login is started at an address that is fit") { draft in
            draft.faults(in: draft.options.initiateLoginURI) { .addressUnfit("initiate_login_uri", $0, $1) }
        },
        Self(name: "pages of the client are https") { draft in
            let shown = draft.options.presentation
            let pages = [("client_uri", shown.home), ("policy_uri", shown.policy), ("tos_uri", shown.terms), ("logo_uri", shown.logo)]
            let others = draft.options.otherPages.filter { page in !pages.contains { $0.1 == page.address } }
            return (pages + others.map { ($0.member, $0.address) })
                .flatMap { name, address in draft.faults(in: address) { .addressUnfit(name, $0, $1) } }
        },
        Self(name: "keys are published at https") { draft in
            draft.faults(in: draft.options.keysAddress) { .addressUnfit("jwks_uri", $0, $1) }
        },
        Self(name: "a redirect address where one is used") { draft in
            draft.usesRedirects && draft.redirectURIs.isEmpty ? [.noRedirect] : []
        },
        // The front channel shows the id token to whoever the address belongs to; hosts of one sector only (OpenID Connect Core §8.1).
        Self(name: "sector identifier is a host") { draft in
            guard let sector = draft.options.sectorIdentifier, !RedirectURI.isHostName(sector) else { return [] }
            return [.sectorUnfit(sector)]
        },
    ]

    private static let credentials = [
        Self(name: "the credential can be checked") { draft in
            switch draft.authentication {
            case .privateKeyJWT(let set):
                let fits = set.keys.contains { key in draft.assertionAlgorithms.contains { key.serves($0) } }
                return fits ? [] : [.keysUnfit(draft.assertionAlgorithms)]
            case .clientSecretBasic(let digest), .clientSecretPost(let digest): return digest.count == 32 ? [] : [.secretUnfit]
            case .tlsClientAuth(let subject): return subject.isFit ? [] : [.tlsSubjectUnfit]
            case .selfSignedTLS(let thumbprints):
                let fit = !thumbprints.isEmpty && thumbprints.allSatisfy { Base64url.decode($0)?.count == 32 }
                return fit ? [] : [.certificatesUnfit]
            }
        },
        Self(name: "assertions live long enough, and not longer") { draft in
            (1...3_600).contains(draft.assertionLifetime) ? [] : [.assertionLifetimeUnfit(draft.assertionLifetime)]
        },
    ]

    private static let algorithms = [
        Self(name: "scopes are scopes") { draft in
            draft.scopes.sorted().filter { !Scope.isToken($0) }.map(Explanation.scopeUnfit)
        },
        Self(name: "ID tokens are signed by what we sign with") { draft in
            Client.idTokenAlgorithms.contains(draft.idTokenAlgorithm) ? [] : [.idTokenAlgorithmUnfit(draft.idTokenAlgorithm.rawValue)]
        },
        Self(name: "everything is signed by what the profile allows") { draft in
            let allowed = draft.profile.algorithms
            return draft.signing.filter { !allowed.contains($0.algorithm) }.map {
                .algorithmUnfit($0.member, $0.algorithm, allowed: allowed, draft.profile)
            }
        },
        Self(name: "keys for what the client signs") { draft in
            guard !draft.requestObjects.algorithms.isEmpty || draft.options.ciba?.requestAlgorithm != nil else { return [] }
            let algorithms = draft.requestObjects.algorithms.union(draft.options.ciba?.requestAlgorithm.map { [$0] } ?? [])
            let fits = draft.keys?.keys.contains { key in algorithms.contains { key.serves($0) } } ?? false
            return fits ? [] : [.requestKeysMissing(algorithms)]
        },
        Self(name: "keys for what is encrypted to the client") { draft in
            draft.encryptions.filter { encryption in
                !(draft.keys?.keys.contains { $0.serves(encryption.encryption.algorithm) } ?? false)
            }.map { .encryptionKeyMissing($0.member, $0.encryption) }
        },
        Self(name: "authorization answers that are encrypted are signed (JARM §2.2)") { draft in
            guard let encryption = draft.options.authorizationEncryption, draft.options.authorizationSigning == nil else { return [] }
            return [.answersUnsigned(encryption)]
        },
        Self(name: "signed request objects when they are required") { draft in
            draft.requestObjects.isRequired && draft.requestObjects.algorithms.isEmpty ? [.requestObjectsContradict] : []
        },
    ]

    private static let grants = [
        Self(name: "refresh tokens follow another grant") { draft in
            draft.grants == [.refreshToken] ? [.refreshAlone] : []
        },
        Self(name: "the code and nothing else goes through the browser (C2)") { draft in
            draft.options.responseTypes.filter { $0 != "code" }.sorted().map {
                .responseTypeUnfit($0, "tokens are given by the token endpoint only")
            }
        },
        Self(name: "back-channel requests have their registration, and only they") { draft in
            guard draft.grants.contains(.ciba) == (draft.options.ciba != nil) else { return [.grantHalf(.ciba)] }
            guard let ciba = draft.options.ciba else { return [] }
            // There is no place where a citizen could set a user code.
            if ciba.userCode { return [.userCodeUnfit] }
            return (ciba.delivery == .ping) == (ciba.notificationEndpoint != nil) ? [] : [.pingUnfit]
        },
        Self(name: "token exchange has its audiences, and only it") { draft in
            let audiences = draft.options.exchange?.audiences ?? []
            guard draft.grants.contains(.tokenExchange) else { return audiences.isEmpty ? [] : [.grantHalf(.tokenExchange)] }
            return audiences.isEmpty ? [.exchangeUnfit] : []
        },
        Self(name: "exchanged tokens are taken by resources") { draft in
            draft.options.acceptsExchangesFrom.isEmpty || !draft.options.audiences.isEmpty ? [] : [.exchangesForNobody]
        },
        Self(name: "resources are absolute, without fragment (RFC 8707 §2)") { draft in
            draft.options.resources.union(draft.options.audiences).sorted()
                .filter { !Resource.isFit($0) }.map(Explanation.resourceUnfit)
        },
    ]

    private static let profiles = [
        Self(name: "PKCE is optional for core only") { draft in
            draft.pkce == .required || draft.profile == .core
                ? [] : [.profileWants(draft.profile, "pkce", "required", "FAPI 2.0 Security Profile §5.3.2.2-5")]
        },
        Self(name: "FAPI 2.0: strong client authentication (§5.3.2.1-6)") { draft in
            guard draft.profile.isFAPI else { return [] }
            switch draft.authentication {
            case .privateKeyJWT, .tlsClientAuth, .selfSignedTLS: return []
            case .clientSecretBasic, .clientSecretPost:
                return [
                    .profileWants(
                        draft.profile, "authentication", "private_key_jwt or mutual TLS", "FAPI 2.0 Security Profile §5.3.2.1-6")
                ]
            }
        },
        Self(name: "FAPI 2.0: assertions for the issuer only (§5.3.2.1-8)") { draft in
            guard draft.profile.isFAPI, draft.assertionAudiences != .issuerOnly else { return [] }
            return [.profileWants(draft.profile, "assertion-audience", "issuer-only", "FAPI 2.0 Security Profile §5.3.2.1-8")]
        },
        Self(name: "FAPI 2.0: tokens bound to their sender (§5.3.2.1-4)") { draft in
            guard draft.profile.isFAPI, draft.senderConstraint == .none else { return [] }
            return [.profileWants(draft.profile, "sender-constraint", "dpop, mtls or either", "FAPI 2.0 Security Profile §5.3.2.1-4")]
        },
        Self(name: "FAPI 2.0: pushed requests (§5.3.2.2-2)") { draft in
            guard draft.profile.isFAPI, draft.usesRedirects, !draft.requiresPushedRequests else { return [] }
            return [.profileWants(draft.profile, "require-pushed-requests", "true", "FAPI 2.0 Security Profile §5.3.2.2-2")]
        },
        Self(name: "Message Signing: signed requests and answers (§5.3, §5.4)") { draft in
            guard draft.profile == .fapi2MessageSigning, draft.usesRedirects else { return [] }
            var faults: [Explanation] = []
            if !draft.requestObjects.isRequired {
                faults.append(
                    .profileWants(draft.profile, "request-objects.required", "true", "FAPI 2.0 Message Signing §5.3.1"))
            }
            if draft.options.authorizationSigning == nil {
                faults.append(
                    .profileWants(
                        draft.profile, "authorization-signed-response-alg", "PS256, ES256 or EdDSA", "FAPI 2.0 Message Signing §5.4.1"))
            }
            return faults
        },
        Self(name: "デジタル認証アプリ: private_key_jwt, nonce, ES256") { draft in
            guard draft.profile == .digitalAuthApp else { return [] }
            let clause = "デジタル認証アプリ; docs/protocols/openid.md"
            var faults: [Explanation] = []
            if case .privateKeyJWT = draft.authentication {
            } else {
                faults.append(.profileWants(draft.profile, "authentication", "private_key_jwt", clause))
            }
            if !draft.requiresNonce { faults.append(.profileWants(draft.profile, "require-nonce", "true", clause)) }
            if draft.idTokenAlgorithm != .es256 { faults.append(.profileWants(draft.profile, "id-token-algorithm", "ES256", clause)) }
            if draft.assertionLifetime > 300 { faults.append(.profileWants(draft.profile, "assertion-lifetime", "at most 300s", clause)) }
            return faults
        },
    ]
}

extension ClientDraft {
    fileprivate var usesRedirects: Bool { grants.contains(.authorizationCode) }

    fileprivate func faults(
        in addresses: Set<String>, answering parameters: Set<String> = [], _ explanation: (String, String) -> Explanation
    ) -> [Explanation] {
        addresses.sorted().flatMap { faults(in: $0, answering: parameters, explanation) }
    }

    fileprivate func faults(
        in address: String?, answering parameters: Set<String> = [], _ explanation: (String, String) -> Explanation
    ) -> [Explanation] {
        guard let address, let fault = RedirectURI.fault(in: address, answering: parameters, development: development) else { return [] }
        return [explanation(address, fault)]
    }

    /// What is signed with what, in either direction.
    fileprivate var signing: [(member: String, algorithm: JWSAlgorithm)] {
        // An ID token's own rule says it first.
        var found: [(String, JWSAlgorithm)] =
            Client.idTokenAlgorithms.contains(idTokenAlgorithm) ? [("id_token_signed_response_alg", idTokenAlgorithm)] : []
        for (member, algorithm) in [
            ("token_endpoint_auth_signing_alg", options.assertionAlgorithm),
            ("authorization_signed_response_alg", options.authorizationSigning),
            ("userinfo_signed_response_alg", options.userInfoSigning),
            ("introspection_signed_response_alg", options.introspectionSigning),
            ("backchannel_authentication_request_signing_alg", options.ciba?.requestAlgorithm),
        ] { if let algorithm { found.append((member, algorithm)) } }
        for algorithm in requestObjects.algorithms.sorted(by: { $0.rawValue < $1.rawValue }) {
            found.append(("request_object_signing_alg", algorithm))
        }
        return found
    }

    fileprivate var encryptions: [(member: String, encryption: Encryption)] {
        [
            ("authorization_encrypted_response_alg", options.authorizationEncryption),
            ("id_token_encrypted_response_alg", options.idTokenEncryption),
            ("userinfo_encrypted_response_alg", options.userInfoEncryption),
            ("introspection_encrypted_response_alg", options.introspectionEncryption),
            ("signals.encryption", options.signals?.encryption),
        ].compactMap { member, encryption in encryption.map { (member, $0) } }
    }
}

/// `resource` of RFC 8707 §2: an absolute URI without a fragment. It names, nobody fetches it.
package enum Resource {
    package static func isFit(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (3...2_048).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7e).contains($0) }), !bytes.contains(0x23),
            let colon = bytes.firstIndex(of: 0x3a), colon > 0, colon + 1 < bytes.count, let first = bytes.first
        else { return false }
        let isLetter = (0x41...0x5a).contains(first) || (0x61...0x7a).contains(first)
        return isLetter
            && bytes[..<colon].allSatisfy { $0.isBase64url && $0 != 0x5f || $0 == 0x2b || $0 == 0x2e }
    }
}
