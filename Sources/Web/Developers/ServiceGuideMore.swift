/// Further relying-party software for OpenID Connect: registered with a secret, because that is what it knows, and those that send no
/// `code_challenge` with `pkce: optional`.
extension ServiceGuide {
    static func moreOpenID(_ values: Values) -> [ServiceGuide] {
        django(values) + ruby(values) + perl(values) + resources(values) + go(values)
    }

    private static func django(_ values: Values) -> [ServiceGuide] {
        [
            ServiceGuide(
                id: "mozilla-django-oidc", title: "Django with mozilla-django-oidc", speech: .openid, isTried: true,
                texts: [
                    (
                        "settings.py",
                        """
                        import os

                        OIDC_RP_CLIENT_ID = "YOUR-CLIENT-ID"
                        OIDC_RP_CLIENT_SECRET = os.environ["SEKISHO_SECRET"]
                        OIDC_RP_SIGN_ALGO = "ES256"
                        OIDC_RP_SCOPES = "openid"
                        OIDC_USE_PKCE = True
                        OIDC_TOKEN_USE_BASIC_AUTH = True
                        OIDC_AUTH_REQUEST_EXTRA_PARAMS = {"acr_values": "\(values.acr)"}
                        OIDC_OP_AUTHORIZATION_ENDPOINT = "\(values.issuer)/openid/authorize"
                        OIDC_OP_TOKEN_ENDPOINT = "\(values.issuer)/openid/token"
                        OIDC_OP_USER_ENDPOINT = "\(values.issuer)/openid/userinfo"
                        OIDC_OP_JWKS_ENDPOINT = "\(values.issuer)/openid/jwks"
                        """
                    ),
                    (
                        "backend.py",
                        """
                        from mozilla_django_oidc.auth import OIDCAuthenticationBackend

                        class Citizens(OIDCAuthenticationBackend):  # no mail address is told: a citizen is known by sub
                            def verify_claims(self, claims): return "sub" in claims
                            def filter_users_by_claims(self, claims): return self.UserModel.objects.filter(username=claims["sub"])
                            def create_user(self, claims): return self.UserModel.objects.create_user(claims["sub"])
                        """
                    ),
                ]),
            ServiceGuide(
                id: "django-allauth", title: "Django with django-allauth", speech: .openid, isTried: true,
                texts: [
                    (
                        "settings.py",
                        """
                        import os

                        SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [{
                            "provider_id": "sekisho", "name": "Sekisho", "client_id": "YOUR-CLIENT-ID",
                            "secret": os.environ["SEKISHO_SECRET"],
                            "settings": {"server_url": "\(values.discovery)", "token_auth_method": "client_secret_basic"}}]}}
                        SOCIALACCOUNT_EMAIL_REQUIRED = False
                        """
                    )
                ]),
        ]
    }

    private static func ruby(_ values: Values) -> [ServiceGuide] {
        [
            ServiceGuide(
                id: "omniauth", title: "OmniAuth OpenID Connect (Ruby)", speech: .openid, isTried: true,
                texts: [
                    (
                        "config/initializers/omniauth.rb",
                        """
                        # It sends no code_challenge: register the service with `pkce: optional`.
                        Rails.application.config.middleware.use OmniAuth::Builder do
                          provider :openid_connect, name: "sekisho", issuer: "\(values.issuer)", discovery: true,
                            scope: [:openid], acr_values: "\(values.acr)",
                            client_options: { identifier: "YOUR-CLIENT-ID", secret: ENV["SEKISHO_SECRET"],
                                              redirect_uri: "https://service.example.jp/auth/sekisho/callback" }
                        end
                        """
                    )
                ])
        ]
    }

    private static func perl(_ values: Values) -> [ServiceGuide] {
        [
            ServiceGuide(
                id: "mojolicious", title: "Mojolicious::Plugin::OAuth2 (Perl)", speech: .openid, isTried: true,
                texts: [
                    (
                        "app.pl",
                        """
                        # It sends no code_challenge, and its secret in the form: `pkce: optional`, `authentication: client_secret_post`.
                        plugin OAuth2 => {providers => {sekisho => {key => 'YOUR-CLIENT-ID', secret => $ENV{SEKISHO_SECRET},
                          well_known_url => '\(values.discovery)'}}};
                        $c->oauth2->get_token_p('sekisho', {scope => 'openid',
                          authorize_query => {response_type => 'code', nonce => $nonce}});
                        """
                    )
                ])
        ]
    }

    private static func resources(_ values: Values) -> [ServiceGuide] {
        [
            ServiceGuide(
                id: "mod-oauth2", title: "Apache with mod_oauth2 (protected API)", speech: .openid, isTried: true,
                texts: [
                    (
                        "/etc/apache2/conf-available/sekisho-api.conf",
                        """
                        <Location /api>
                            AuthType oauth2
                            Require valid-user
                            # opaque tokens; the session's end is seen at once
                            OAuth2TokenVerify introspect \(values.issuer)/openid/introspect introspect.auth=client_secret_basic&client_id=YOUR-API-ID&client_secret=YOUR-SECRET&expiry=0
                            # or JWT access tokens (access-token-format: jwt), as long as they last
                            # OAuth2TokenVerify jwks_uri \(values.issuer)/openid/jwks verify.iat.slack_before=600
                        </Location>
                        """
                    )
                ], isInSandbox: false)
        ]
    }

    private static func go(_ values: Values) -> [ServiceGuide] {
        [
            ServiceGuide(
                id: "go-oidc", title: "go-oidc (Go)", speech: .openid, isTried: false,
                texts: [
                    (
                        "main.go",
                        """
                        provider, err := oidc.NewProvider(ctx, "\(values.issuer)")
                        config := oauth2.Config{ClientID: "YOUR-CLIENT-ID", ClientSecret: secret, Endpoint: provider.Endpoint(),
                            RedirectURL: "https://service.example.jp/callback", Scopes: []string{oidc.ScopeOpenID}}
                        idTokens := provider.Verifier(&oidc.Config{ClientID: "YOUR-CLIENT-ID", SupportedSigningAlgs: []string{"ES256"}})
                        // One verifier for each login, kept in the browser's session with state and nonce.
                        verifier := oauth2.GenerateVerifier()
                        address := config.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier))
                        // At the redirect address:
                        token, err := config.Exchange(ctx, code, oauth2.VerifierOption(verifier))
                        """
                    )
                ])
        ]
    }
}
