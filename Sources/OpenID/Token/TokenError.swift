/// Error codes of the token endpoint and its neighbours, by the documents that define them.
package enum TokenError: String, Sendable, CaseIterable {
    // RFC 6749 §5.2
    case invalidRequest = "invalid_request"
    case invalidClient = "invalid_client"
    case invalidGrant = "invalid_grant"
    case unauthorizedClient = "unauthorized_client"
    case unsupportedGrantType = "unsupported_grant_type"
    case invalidScope = "invalid_scope"
    case serverError = "server_error"
    // RFC 6750 §3.1, RFC 9470 §3
    case invalidToken = "invalid_token"
    case insufficientScope = "insufficient_scope"
    case insufficientUserAuthentication = "insufficient_user_authentication"
    // RFC 7009 §2.2.1
    case unsupportedTokenType = "unsupported_token_type"
    // RFC 8628 §3.5, CIBA Core §11, §13
    case authorizationPending = "authorization_pending"
    case slowDown = "slow_down"
    case expiredToken = "expired_token"
    case accessDenied = "access_denied"
    case invalidBindingMessage = "invalid_binding_message"
    case unknownUserID = "unknown_user_id"
    case invalidUserCode = "invalid_user_code"
    case expiredLoginHintToken = "expired_login_hint_token"
    // RFC 8707 §2, RFC 9396 §5, RFC 9101 §6.2
    case invalidTarget = "invalid_target"
    case invalidAuthorizationDetails = "invalid_authorization_details"
    case invalidRequestObject = "invalid_request_object"
    case requestURINotSupported = "request_uri_not_supported"
    // RFC 9449 §5, §8
    case invalidDPoPProof = "invalid_dpop_proof"
    case useDPoPNonce = "use_dpop_nonce"
    // RFC 7591 §3.2.2
    case invalidRedirectURI = "invalid_redirect_uri"
    case invalidClientMetadata = "invalid_client_metadata"
    case invalidSoftwareStatement = "invalid_software_statement"
    case unapprovedSoftwareStatement = "unapproved_software_statement"
}
