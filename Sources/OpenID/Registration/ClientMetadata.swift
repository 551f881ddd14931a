import Cryptography
import JOSE
import Vocabulary

/// The metadata of a client as a registration has them (RFC 7591 §2, OpenID Connect Dynamic Registration §2, and what RFC 8705, 9101, 9126,
/// 9396, 9449, 9701, JARM, CIBA and the logout specifications add), read and each found of its kind. What they come to together is for
/// `ClientRule` to judge, as it judges a member's file.
struct ClientMetadata: Sendable {
    var redirectURIs: [String] = []
    var method = ClientAuthentication.Method.clientSecretBasic
    var names: [String: String] = [:]
    var keys: JWKSet?
    var keysAddress: String?
    var sectorAddress: String?
    var postLogoutRedirectURIs: [String] = []
    var backchannelLogoutURI: String?
    var idTokenAlgorithm: JWSAlgorithm?
    var scopes: Set<String>?
    var subject: TLSSubject?
    /// Absent members as the specifications fill them in.
    var responseTypes: [String] = []
    var grants: Set<GrantType> = []
    var requestObjectAlgorithm: JWSAlgorithm?
    /// Nil leaves it to the profile.
    var requiresRequestObject: Bool?
    var options = ClientOptions()
}

extension ClientMetadata {
    static let longestName = 120
    /// Implicit and hybrid (OAuth 2.0 Multiple Response Types §3–§5).
    static let otherFlows: Set<String> = [
        "token", "id_token", "id_token token", "code token", "code id_token", "code id_token token", "none",
    ]

    init(_ reading: inout MetadataReading, under rules: RegistrationRules) {
        redirectURIs = reading.texts("redirect_uris") ?? []
        names = reading.localized("client_name", longest: Self.longestName * 4)
        for name in names.values.sorted() where !Self.isName(name) { reading.report(.registrationName(name)) }
        method = reading.choice("token_endpoint_auth_method", ClientAuthentication.Method.self) ?? .clientSecretBasic
        readGrants(&reading)
        readKeys(&reading)
        readSubject(&reading, under: rules)
        readSigning(&reading)
        readBinding(&reading)
        readLogin(&reading)
        readPages(&reading)
        readBackchannel(&reading)
        refuseUnsupported(&reading)
    }

    /// One line that reads one way: a name must not turn the page around it, or look like two.
    static func isName(_ text: String) -> Bool {
        guard (1...longestName).contains(text.unicodeScalars.count), text.utf8.first != 0x20, text.utf8.last != 0x20 else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
            case .spaceSeparator: scalar == " " || scalar == "\u{3000}"
            default: true
            }
        }
    }

    private mutating func readGrants(_ reading: inout MetadataReading) {
        var texts = reading.texts("grant_types")
        var types = reading.texts("response_types")
        // Much software asks for every flow it knows, and uses one. A client of the code flow is registered without the others, and told so
        // (RFC 7591 §2: metadata may be replaced); one that wants the others only is refused.
        if texts?.contains(GrantType.authorizationCode.rawValue) ?? true { texts?.removeAll { $0 == "implicit" } }
        if types?.contains("code") == true { types?.removeAll(where: Self.otherFlows.contains) }
        grants = texts.map { texts in Set(texts.compactMap { GrantType(rawValue: $0) }) } ?? [.authorizationCode]
        for text in texts ?? [] where GrantType(rawValue: text) == nil {
            reading.report(.metadataValue("grant_types", text, accepted: RegistrationTerms.grantsToGive.map(\.rawValue).sorted()))
        }
        let usesCode = grants.contains(.authorizationCode)
        responseTypes = types ?? (usesCode ? ["code"] : [])
        // RFC 7591 §2.1: the two say the same, or nothing was understood.
        if responseTypes.contains("code") != usesCode {
            reading.report(
                .metadataMissing(
                    usesCode ? "response_types: code" : "grant_types: authorization_code", because: "the other of the two is there"))
        }
        options.responseTypes = Set(responseTypes)
        scopes = reading.text("scope").map { Set($0.words).union(["openid"]) }
        options.authorizationDetailsTypes = Set(reading.texts("authorization_details_types", longest: 128) ?? [])
    }

    private mutating func readKeys(_ reading: inout MetadataReading) {
        keysAddress = reading.text("jwks_uri")
        options.keysAddress = keysAddress
        guard let json = reading.value("jwks") else { return }
        if keysAddress != nil { reading.report(.registrationKeys("jwks and jwks_uri are both there (RFC 7591 §2)")) }
        do throws(JWKSetRefusal) {
            keys = try JWKSet(reading: json)
        } catch {
            reading.report(.registrationKeys(error.inWords))
        }
    }

    private mutating func readSubject(_ reading: inout MetadataReading, under rules: RegistrationRules) {
        let names: [(member: String, name: @Sendable (String) -> TLSSubject.Name?)] = [
            ("tls_client_auth_subject_dn", { TLSSubject.Name(distinguishedName: $0) }), ("tls_client_auth_san_dns", { .dns($0) }),
            ("tls_client_auth_san_uri", { .uri($0) }), ("tls_client_auth_san_ip", { TLSSubject.Name(address: $0) }),
            ("tls_client_auth_san_email", { .email($0) }),
        ]
        var given: [(member: String, name: TLSSubject.Name?)] = []
        for (member, name) in names {
            if let text = reading.text(member, longest: 1_024) { given.append((member, name(text))) }
        }
        guard method == .tlsClientAuth else {
            if let (member, _) = given.first {
                reading.report(.metadataMissing("token_endpoint_auth_method: tls_client_auth", because: member + " is there"))
            }
            return
        }
        guard let (member, name) = given.first, given.count == 1 else {
            return reading.report(
                .metadataMissing("one of the members tls_client_auth_…, and only one", because: "tls_client_auth knows a client by it"))
        }
        guard let name else { return reading.report(.metadataType(member, "one name as it stands in a certificate")) }
        subject = rules.certificateProfile.map { TLSSubject(name, profile: $0) }
    }

    private mutating func readSigning(_ reading: inout MetadataReading) {
        idTokenAlgorithm = reading.signing("id_token_signed_response_alg")
        options.idTokenEncryption = reading.encryption("id_token_encrypted_response")
        options.userInfoSigning = reading.signing("userinfo_signed_response_alg")
        options.userInfoEncryption = reading.encryption("userinfo_encrypted_response")
        options.authorizationSigning = reading.signing("authorization_signed_response_alg")
        options.authorizationEncryption = reading.encryption("authorization_encrypted_response")
        // What is encrypted is signed inside, by RS256 where nothing else was said (JARM §3).
        if options.authorizationEncryption != nil, options.authorizationSigning == nil { options.authorizationSigning = .rs256 }
        options.introspectionSigning = reading.signing("introspection_signed_response_alg")
        options.introspectionEncryption = reading.encryption("introspection_encrypted_response")
        options.assertionAlgorithm = reading.signing("token_endpoint_auth_signing_alg")
        requestObjectAlgorithm = reading.signing("request_object_signing_alg")
        requiresRequestObject = reading.flag("require_signed_request_object")
        if let encryption = reading.encryption("request_object_encryption") {
            if !JWEForm.algorithms.contains(encryption.algorithm) {
                reading.report(
                    .metadataValue(
                        "request_object_encryption_alg", encryption.algorithm.rawValue,
                        accepted: JWEForm.algorithms.map(\.rawValue).sorted()))
            }
            if !JWEForm.contents.contains(encryption.content) {
                reading.report(
                    .metadataValue(
                        "request_object_encryption_enc", encryption.content.rawValue, accepted: JWEForm.contents.map(\.rawValue).sorted()))
            }
        }
    }

    /// What its tokens are bound to. Nil leaves it to the profile.
    private mutating func readBinding(_ reading: inout MetadataReading) {
        switch (reading.flag("dpop_bound_access_tokens"), reading.flag("tls_client_certificate_bound_access_tokens")) {
        case (true, true): options.senderConstraint = .either
        case (true, _): options.senderConstraint = .dpop
        case (_, true): options.senderConstraint = .mtls
        // In so many words: a profile that binds tokens does not take it. One of the two alone says nothing of the other.
        case (false, false): options.senderConstraint = SenderConstraint.none
        default: break
        }
        options.requiresPushedRequests = reading.flag("require_pushed_authorization_requests")
    }

    private mutating func readLogin(_ reading: inout MetadataReading) {
        options.defaultMaximumAge = reading.integer("default_max_age", in: 0...31_536_000)
        // Every ID token of ours has an auth_time.
        _ = reading.flag("require_auth_time")
        options.defaultContexts = reading.texts("default_acr_values", longest: 255) ?? []
        options.initiateLoginURI = reading.text("initiate_login_uri")
        sectorAddress = reading.text("sector_identifier_uri")
        postLogoutRedirectURIs = reading.texts("post_logout_redirect_uris") ?? []
        backchannelLogoutURI = reading.text("backchannel_logout_uri")
        // Every logout token of ours has a sid.
        _ = reading.flag("backchannel_logout_session_required")
        if let type = reading.text("subject_type"), type != "pairwise" {
            reading.report(.metadataValue("subject_type", type, accepted: ["pairwise"]))
        }
        if let type = reading.text("application_type"), type != "web" {
            reading.report(.metadataValue("application_type", type, accepted: ["web"]))
        }
    }

    private mutating func readPages(_ reading: inout MetadataReading) {
        var pages: [String: String] = [:]
        for member in ["client_uri", "policy_uri", "tos_uri", "logo_uri"] {
            let found = reading.localized(member, longest: MetadataReading.longestText)
            pages[member] = found["ja"] ?? found["und"] ?? found["en"] ?? found.sorted { $0.key < $1.key }.first?.value
            // Each of them may be shown one day.
            options.otherPages += found.sorted { $0.key < $1.key }.map { ClientOptions.Page(member: member, address: $0.value) }
        }
        options.presentation = ClientPresentation(
            home: pages["client_uri"], policy: pages["policy_uri"], terms: pages["tos_uri"], logo: pages["logo_uri"])
        _ = reading.texts("contacts", longest: 254)
        _ = reading.text("software_id", longest: 255)
        _ = reading.text("software_version", longest: 255)
    }

    private mutating func readBackchannel(_ reading: inout MetadataReading) {
        let delivery = reading.choice("backchannel_token_delivery_mode", BackchannelRegistration.Delivery.self)
        let endpoint = reading.text("backchannel_client_notification_endpoint")
        let algorithm = reading.signing("backchannel_authentication_request_signing_alg")
        let userCode = reading.flag("backchannel_user_code_parameter") ?? false
        guard grants.contains(.ciba) else {
            if delivery != nil || endpoint != nil {
                reading.report(.metadataMissing("grant_types: " + GrantType.ciba.rawValue, because: "members of CIBA are there"))
            }
            return
        }
        options.ciba = BackchannelRegistration(
            delivery: delivery ?? .poll, notificationEndpoint: endpoint, requestAlgorithm: algorithm, userCode: userCode)
    }

    private mutating func refuseUnsupported(_ reading: inout MetadataReading) {
        if let uris = reading.texts("request_uris"), !uris.isEmpty { reading.report(.registrationRequestURIs) }
    }
}

extension JWKSetRefusal {
    /// Never what stood in the key.
    var inWords: String {
        switch self {
        case .malformed: "it has no list of keys"
        case .tooManyKeys(let limit): "it has more than \(limit) keys"
        case .duplicateKeyID: "two keys of one use have one kid"
        case .secret: "it has a private or symmetric key, which is nobody's secret any more: make a new one"
        }
    }
}
