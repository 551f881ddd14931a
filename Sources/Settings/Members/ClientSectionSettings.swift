import JOSE
import OpenID
import Vocabulary

/// The settings of a client beyond who it is and where its browsers go: what is signed, encrypted, bound and allowed.
struct ClientSettings {
    let terms: MemberFile.Terms
    let section: Section

    func read(into options: inout ClientOptions) {
        options.assertionAlgorithm = algorithm("assertion-signing-alg", section)
        options.senderConstraint = section.choice("sender-constraint", SenderConstraint.self)
        options.requiresPushedRequests = flag("require-pushed-requests")
        options.pkce = section.choice("pkce", PKCE.self)
        options.requestObjects = requestObjects(options.profile)
        options.authorizationSigning = algorithm("authorization-signed-response-alg", section)
        options.authorizationEncryption = encryption("authorization-encryption")
        options.idTokenEncryption = encryption("id-token-encryption")
        options.userInfoSigning = algorithm("userinfo-signed-response-alg", section)
        options.userInfoEncryption = encryption("userinfo-encryption")
        options.introspectionSigning = algorithm("introspection-signed-response-alg", section)
        options.introspectionEncryption = encryption("introspection-encryption")
        options.authorizationDetailsTypes = texts("authorization-details-types", section)
        options.accessTokenFormat = section.choice("access-token-format", AccessTokenFormat.self) ?? .opaque
        options.resources = texts("resources", section)
        options.audiences = texts("audiences", section)
        options.ciba = ciba(in: options.grants ?? [])
        if let form = section.choice("user-code", UserCodeForm.self) { options.deviceUserCode = form }
        options.exchange = exchange()
        options.acceptsExchangesFrom = texts("accepts-exchanges-from", section)
        options.signals = section.section("signals").flatMap(SignalTermsSection.read)
        options.sectorIdentifier = section.text("sector-identifier", limit: 253)
        options.initiateLoginURI = section.text("initiate-login-uri", limit: 2048)
        options.presentation = ClientPresentation(
            home: section.text("client-uri", limit: 2048), policy: section.text("policy-uri", limit: 2048),
            terms: section.text("tos-uri", limit: 2048))
        needsMutualTLS(options)
    }

    private func requestObjects(_ profile: ClientProfile) -> RequestObjects {
        let isSigned = profile == .fapi2MessageSigning
        let standard: Set<JWSAlgorithm> = isSigned ? profile.algorithms : []
        guard let part = section.section("request-objects") else { return RequestObjects(algorithms: standard, isRequired: isSigned) }
        defer { part.finish() }
        let algorithms = part.choices("algorithms", TokenAlgorithm.self).map { Set($0.map(\.algorithm)) } ?? profile.algorithms
        return RequestObjects(
            algorithms: algorithms, isRequired: part.flag("required", default: isSigned),
            isEncryptionRequired: part.flag("encryption-required", default: false))
    }

    private func encryption(_ key: String) -> Encryption? { section.encryption(key) }

    private func ciba(in grants: Set<GrantType>) -> BackchannelRegistration? {
        guard let part = section.section("ciba") else { return grants.contains(.ciba) ? BackchannelRegistration() : nil }
        defer { part.finish() }
        return BackchannelRegistration(
            delivery: part.choice("delivery", BackchannelRegistration.Delivery.self) ?? .poll,
            notificationEndpoint: part.text("notification-endpoint", limit: 2048),
            requestAlgorithm: algorithm("request-signing-alg", part))
    }

    private func exchange() -> ExchangeRegistration? {
        guard let part = section.section("exchange") else { return nil }
        defer { part.finish() }
        return ExchangeRegistration(
            audiences: texts("audiences", part), depth: part.integer("depth", in: 1...8, default: 3))
    }

    /// A token that has to be bound to a certificate nobody can show would never be issued.
    private func needsMutualTLS(_ options: ClientOptions) {
        guard options.senderConstraint == .mtls, !terms.clients.mutualTLS else { return }
        section.report(
            "member.mutual-tls", at: section.line(of: "sender-constraint"), "clients cannot show a certificate to this deployment",
            "write `openid.mutual-tls` in sekisho.yaml, or bind the tokens with `dpop`")
    }

    private func algorithm(_ key: String, _ section: Section) -> JWSAlgorithm? { section.choice(key, TokenAlgorithm.self)?.algorithm }

    private func texts(_ key: String, _ section: Section) -> Set<String> { Set((section.texts(key, limit: 2048) ?? []).map(\.text)) }

    /// Nil when the file leaves it to the profile.
    private func flag(_ key: String) -> Bool? {
        _ = section.value(key)
        return section.has(key) ? section.flag(key, default: false) : nil
    }
}

extension Section {
    /// `{alg: …, enc: …}`: how something is encrypted to a member.
    func encryption(_ key: String) -> Encryption? {
        guard let part = section(key) else { return nil }
        defer { part.finish() }
        guard let algorithm = part.choice("alg", JWEAlgorithm.self, required: true) else { return nil }
        // The default of OpenID Connect Dynamic Registration §2.
        return Encryption(algorithm: algorithm, content: part.choice("enc", JWEContent.self) ?? .a128CBCHS256)
    }
}
