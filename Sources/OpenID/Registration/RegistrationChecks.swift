import JOSE
import Vocabulary

/// A registration as somebody wants it, with its terms and what is known beside it.
struct RegistrationDraft {
    let id: MemberID
    let metadata: ClientMetadata
    let terms: RegistrationTerms
    let keys: JWKSet?
    let secretDigest: [UInt8]?
    let secretExpiresAt: Timestamp?
    let rules: RegistrationRules
    let provider: Provider
    let now: Timestamp

    struct Check: Sendable {
        let name: String
        let faults: @Sendable (RegistrationDraft) -> [Explanation]
    }
}

/// What the terms and the deployment ask of a registration; the rules for clients of every origin (`ClientRule`) come behind them.
extension RegistrationDraft.Check {
    static let inOrder = [
        Self(name: "the terms give the grants") { draft in
            draft.metadata.grants.subtracting(draft.terms.grants).map(\.rawValue).sorted().map {
                .registrationTerms("grant_types", $0, accepted: draft.terms.grants.map(\.rawValue).sorted())
            }
        },
        Self(name: "the deployment gives refresh tokens") { draft in
            draft.metadata.grants.contains(.refreshToken) && !draft.provider.refreshTokens
                ? [.registrationTerms("grant_types", GrantType.refreshToken.rawValue, accepted: [])] : []
        },
        Self(name: "the terms and the deployment have the scopes") { draft in
            (draft.metadata.scopes ?? []).subtracting(draft.scopesToGive).sorted().map {
                .registrationTerms("scope", $0, accepted: draft.scopesToGive.sorted())
            }
        },
        Self(name: "the terms give the types of authorization details") { draft in
            let known = draft.terms.detailsTypes.intersection(draft.provider.authorization.details.names)
            return draft.metadata.options.authorizationDetailsTypes.subtracting(known).sorted().map {
                .registrationTerms("authorization_details_types", $0, accepted: known.sorted())
            }
        },
        Self(name: "certificates are asked for somewhere") { draft in
            guard draft.provider.mutualTLS == nil else { return [] }
            if draft.metadata.method.isTLS {
                return [draft.methodUnfit { !$0.isTLS }]
            }
            return draft.metadata.options.senderConstraint == .mtls
                ? [.metadataValue("tls_client_certificate_bound_access_tokens", "true", accepted: ["false"])] : []
        },
        Self(name: "somebody believes the certificates that are known by a name") { draft in
            let isKnown = draft.provider.mutualTLS == nil || draft.rules.certificateProfile != nil
            return isKnown || draft.metadata.method != .tlsClientAuth ? [] : [draft.methodUnfit { $0 != .tlsClientAuth }]
        },
        Self(name: "keys where the method or the answers need them") { draft in
            guard draft.keys == nil else { return [] }
            if draft.metadata.method == .privateKeyJWT || draft.metadata.method == .selfSignedTLS {
                return [.registrationKeys(draft.metadata.method.rawValue + " needs jwks or jwks_uri")]
            }
            return []
        },
        Self(name: "somebody signs for it") { draft in
            let wishes: [(String, JWSAlgorithm?)] = [
                ("id_token_signed_response_alg", draft.idTokenAlgorithm),
                ("userinfo_signed_response_alg", draft.metadata.options.userInfoSigning),
                ("authorization_signed_response_alg", draft.metadata.options.authorizationSigning),
                ("introspection_signed_response_alg", draft.metadata.options.introspectionSigning),
            ]
            return wishes.compactMap { member, algorithm in
                guard let algorithm, draft.provider.signingKey(for: algorithm, at: draft.now) == nil else { return nil }
                return .metadataValue(
                    member, algorithm.rawValue, accepted: draft.provider.algorithms(at: draft.now).map(\.rawValue).sorted())
            }
        },
        // One sector, one number for a citizen: without a document the addresses themselves are the sector (OpenID Connect Core §8.1).
        Self(name: "one host, or a sector identifier") { draft in
            let hosts = Set(draft.metadata.redirectURIs.compactMap(RedirectURI.host))
            guard hosts.count > 1, draft.metadata.sectorAddress == nil, draft.terms.sector == nil else { return [] }
            return [
                .registrationSector(
                    "the redirect addresses have several hosts, and there is no sector_identifier_uri",
                    hosts.sorted().joined(separator: " "))
            ]
        },
        Self(name: "the sector identifier is an address we fetch") { draft in
            guard let address = draft.metadata.sectorAddress,
                let fault = RedirectURI.fault(in: address, development: draft.rules.isDevelopment)
            else { return [] }
            return [.addressUnfit("sector_identifier_uri", address, fault)]
        },
        // Nobody vouched for it: what it shows of itself has to be its own (RFC 7591 §5).
        Self(name: "pages of a stranger are on its own hosts") { draft in
            guard draft.rules.open?.sponsor == draft.terms.sponsor, draft.rules.open == draft.terms else { return [] }
            let hosts = Set(draft.metadata.redirectURIs.compactMap(RedirectURI.host))
            let pages = draft.metadata.options.otherPages.filter { page in
                RedirectURI.host(of: page.address).map { !hosts.contains($0) } ?? false
            }
            return pages.map { .registrationPage($0.member, $0.address) }
        },
    ]
}

extension RegistrationDraft {
    var scopesToGive: Set<String> { (terms.scopes.map(provider.scopes.intersection) ?? provider.scopes).union(["openid"]) }

    /// For a client that names none: all that it can use.
    private var usualScopes: Set<String> {
        metadata.grants.contains(.refreshToken) ? scopesToGive : scopesToGive.subtracting([Scope.offline])
    }

    fileprivate func methodUnfit(_ isAccepted: (ClientAuthentication.Method) -> Bool) -> Explanation {
        .metadataValue(
            "token_endpoint_auth_method", metadata.method.rawValue,
            accepted: ClientAuthentication.Method.allCases.filter(isAccepted).map(\.rawValue))
    }

    /// RS256 is what a client gets that says nothing (OpenID Connect Dynamic Registration §2), where its profile takes it.
    var idTokenAlgorithm: JWSAlgorithm {
        metadata.idTokenAlgorithm ?? (terms.profile == .core && provider.signingKey(for: .rs256, at: now) != nil ? .rs256 : .es256)
    }

    private var requestObjects: RequestObjects {
        let isSigned = metadata.requiresRequestObject ?? (terms.profile == .fapi2MessageSigning)
        if let algorithm = metadata.requestObjectAlgorithm { return RequestObjects(algorithms: [algorithm], isRequired: isSigned) }
        let possible = terms.profile.algorithms.filter { algorithm in keys?.keys.contains { $0.serves(algorithm) } ?? false }
        return RequestObjects(algorithms: possible, isRequired: isSigned)
    }

    private var authentication: ClientAuthentication? {
        switch metadata.method {
        case .privateKeyJWT: keys.map { .privateKeyJWT($0) }
        case .clientSecretBasic: secretDigest.map { .clientSecretBasic(digest: $0) }
        case .clientSecretPost: secretDigest.map { .clientSecretPost(digest: $0) }
        case .tlsClientAuth: metadata.subject.map { .tlsClientAuth($0) }
        case .selfSignedTLS: keys.map { .selfSignedTLS(thumbprints: ClientAuthentication.thumbprints(in: $0)) }
        }
    }

    /// The client, or everything that is wrong with it.
    func client(_ faults: [Explanation]) throws(RegistrationRefusal) -> Client {
        let faults = faults + Check.inOrder.flatMap { $0.faults(self) }
        var options = metadata.options
        options.profile = terms.profile
        options.grants = metadata.grants
        options.keys = keys
        options.pkce = terms.pkce
        options.requestObjects = requestObjects
        options.secretExpiresAt = secretExpiresAt
        guard let authentication else {
            throw RegistrationRefusal(metadata: faults.isEmpty ? [.registrationKeys("the credential is not there")] : faults)
        }
        do throws(ClientRefusal) {
            let client = try Client(
                id: id, redirectURIs: Set(metadata.redirectURIs), authentication: authentication, idTokenAlgorithm: idTokenAlgorithm,
                scopes: metadata.scopes ?? usualScopes, requiresNonce: terms.profile == .digitalAuthApp || terms.pkce == .optional,
                postLogoutRedirectURIs: Set(metadata.postLogoutRedirectURIs), backchannelLogoutURI: metadata.backchannelLogoutURI,
                options: options, development: rules.isDevelopment)
            guard faults.isEmpty else { throw ClientRefusal(faults) }
            return client
        } catch {
            throw RegistrationRefusal(metadata: faults + error.explanations.filter { !faults.contains($0) })
        }
    }
}
