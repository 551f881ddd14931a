import JOSE
package import Vocabulary

/// What a client is told of its registration (RFC 7591 §3.2.1, RFC 7592 §3): what counts, not what it sent.
struct RegistrationAnswer {
    let record: RegistrationRecord
    let client: Client
    let provider: Provider

    /// Members that only the provider says, or that are no metadata: never kept, never taken from a request.
    static let ownMembers: Set<String> = [
        "client_id", "client_secret", "client_id_issued_at", "client_secret_expires_at", "registration_access_token",
        "registration_client_uri", "software_statement",
    ]

    /// `access` and `secret` are there where they are new, or were just shown; the statement goes back to whoever brought it, as it came, and is
    /// not kept.
    func body(access: String?, secret: String?, statement: String? = nil) -> JSON {
        var members: [(String, JSON)] = [
            ("client_id", .string(record.id.text)), ("client_id_issued_at", .integer(record.registeredAt.seconds)),
        ]
        if let secret { members.append(("client_secret", .string(secret))) }
        if let end = record.secretExpiresAt { members.append(("client_secret_expires_at", .integer(end.seconds))) }
        if let access {
            members.append(("registration_access_token", .string(access)))
        }
        members.append(("registration_client_uri", .string(provider.registrationEndpoint + "/" + record.id.text)))
        if let statement { members.append(("software_statement", .string(statement))) }
        let sent = (record.metadata.members ?? []).filter { Self.isKnown($0.0) }.map { ($0.0, holding($0.0, $0.1)) }
        members += sent
        for (name, value) in counting where !sent.contains(where: { $0.0 == name }) { members.append((name, value)) }
        return .object(members)
    }

    /// Flows that the client asked for and was not registered for are not among what it is told (`ClientMetadata.otherFlows`); `openid`,
    /// which it has unasked, is.
    private func holding(_ name: String, _ value: JSON) -> JSON {
        switch name {
        case "grant_types": .texts((value.strings ?? []).filter { text in client.grants.contains { $0.rawValue == text } })
        case "response_types": .texts((value.strings ?? []).filter { client.responseTypes.contains($0) })
        case "scope": .string(scope(value.string?.words ?? []))
        default: value
        }
    }

    /// What was asked in its order, behind what comes without asking.
    private func scope(_ asked: [String]) -> String {
        (client.scopes.subtracting(asked).sorted() + asked.filter(client.scopes.contains)).joined(separator: " ")
    }

    /// What holds without having been said.
    private var counting: [(String, JSON)] {
        var members: [(String, JSON)] = [
            ("token_endpoint_auth_method", .string(client.authentication.method)),
            ("grant_types", .texts(client.grants.map(\.rawValue).sorted())), ("response_types", .texts(client.responseTypes.sorted())),
            ("scope", .string(scope([]))), ("subject_type", "pairwise"), ("application_type", "web"),
            ("id_token_signed_response_alg", .string(client.idTokenAlgorithm.rawValue)),
            ("require_pushed_authorization_requests", .bool(client.requiresPushedRequests)),
            ("require_signed_request_object", .bool(client.requestObjects.isRequired)), ("require_auth_time", true),
        ]
        switch client.senderConstraint {
        case .dpop: members.append(("dpop_bound_access_tokens", true))
        case .mtls: members.append(("tls_client_certificate_bound_access_tokens", true))
        case .none, .either: break
        }
        if client.backchannelLogoutURI != nil { members.append(("backchannel_logout_session_required", true)) }
        if let ciba = client.ciba { members.append(("backchannel_token_delivery_mode", .string(ciba.delivery.rawValue))) }
        if let signing = client.authorizationSigning { members.append(("authorization_signed_response_alg", .string(signing.rawValue))) }
        let encryptions: [(String, Encryption?)] = [
            ("id_token", client.idTokenEncryption), ("userinfo", client.userInfoEncryption),
            ("authorization", client.authorizationEncryption), ("introspection", client.introspectionEncryption),
        ]
        for (answer, encryption) in encryptions {
            if let encryption { members.append((answer + "_encrypted_response_enc", .string(encryption.content.rawValue))) }
        }
        return members
    }

    /// Members that we read. What we ignore is not echoed: a client shall see that it does not hold (RFC 7591 §2).
    private static func isKnown(_ name: String) -> Bool { known.contains(String(name.prefix { $0 != "#" })) }

    private static let known: Set<String> = [
        "redirect_uris", "token_endpoint_auth_method", "token_endpoint_auth_signing_alg", "grant_types", "response_types", "client_name",
        "client_uri", "logo_uri", "policy_uri", "tos_uri", "scope", "contacts", "jwks", "jwks_uri", "software_id", "software_version",
        "application_type", "sector_identifier_uri", "subject_type", "id_token_signed_response_alg", "id_token_encrypted_response_alg",
        "id_token_encrypted_response_enc", "userinfo_signed_response_alg", "userinfo_encrypted_response_alg",
        "userinfo_encrypted_response_enc", "request_object_signing_alg", "request_object_encryption_alg", "request_object_encryption_enc",
        "default_max_age", "require_auth_time", "default_acr_values", "initiate_login_uri", "request_uris", "post_logout_redirect_uris",
        "backchannel_logout_uri", "backchannel_logout_session_required", "require_pushed_authorization_requests",
        "require_signed_request_object", "authorization_signed_response_alg", "authorization_encrypted_response_alg",
        "authorization_encrypted_response_enc", "introspection_signed_response_alg", "introspection_encrypted_response_alg",
        "introspection_encrypted_response_enc", "authorization_details_types", "dpop_bound_access_tokens",
        "tls_client_certificate_bound_access_tokens", "tls_client_auth_subject_dn", "tls_client_auth_san_dns", "tls_client_auth_san_uri",
        "tls_client_auth_san_ip", "tls_client_auth_san_email", "backchannel_token_delivery_mode",
        "backchannel_client_notification_endpoint", "backchannel_authentication_request_signing_alg", "backchannel_user_code_parameter",
    ]
}

extension RegistrationRecord {
    /// For `GET` (RFC 7592 §2.1): everything but what was said once. The token is the one that was just shown.
    package func body(of client: Client, at provider: Provider, showing authorization: String?) -> JSON {
        RegistrationAnswer(record: self, client: client, provider: provider)
            .body(access: RegistrationBearer.token(in: authorization), secret: nil)
    }
}
