extension Provider {
    /// Where userinfo describes itself (RFC 9728 §3.1): the well-known part stands before the resource's own path.
    package var userInfoMetadata: String { issuer + "/.well-known/oauth-protected-resource/openid/userinfo" }
}
