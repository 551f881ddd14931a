/// Settings of one piece of relying-party software, with this deployment's own values in them, ready to be copied.
struct ServiceGuide: Sendable {
    enum Speech: String, Sendable { case saml, openid }

    /// One word, in the address of its page.
    let id: String
    let title: String
    let speech: Speech
    /// Whether our own tests log in with this very software, set up so: `Tests/Interop/guides.py` takes the texts from the page where it can
    /// run them.
    let isTried: Bool
    /// Each with the name of the file or place it belongs to.
    let texts: [(place: String, text: String)]
    /// Whether the sandbox has the endpoints that it needs.
    var isInSandbox = true

    /// What differs from deployment to deployment.
    struct Values: Sendable {
        /// The origin, or the sandbox's below it.
        let base: String
        let entityID: String
        let issuer: String
        let acr: String
        let samlClass: String
        /// The sandbox ends no sessions.
        var hasLogout = true

        var metadata: String { base + "/saml/metadata" }
        var signOn: String { base + "/saml/sso" }
        var logout: String { base + "/saml/logout" }
        var discovery: String { issuer + "/.well-known/openid-configuration" }
    }

    static func all(_ values: Values) -> [ServiceGuide] { saml(values) + openID(values) + moreOpenID(values) }

    private static func saml(_ values: Values) -> [ServiceGuide] {
        [
            ServiceGuide(
                id: "mod-auth-mellon", title: "Apache with mod_auth_mellon", speech: .saml, isTried: true,
                texts: [
                    (
                        "shell",
                        """
                        mkdir -p /etc/apache2/mellon && cd /etc/apache2/mellon
                        # the service's key, certificate and metadata; register sp.xml
                        mellon_create_metadata https://service.example.jp/mellon/metadata https://service.example.jp/mellon
                        mv https_service.example.jp_mellon_metadata.key sp.key
                        mv https_service.example.jp_mellon_metadata.cert sp.crt
                        mv https_service.example.jp_mellon_metadata.xml sp.xml
                        curl -o idp.xml \(values.metadata)
                        """
                    ),
                    (
                        "/etc/apache2/conf-available/sekisho.conf",
                        """
                        <Location />
                            MellonEndpointPath /mellon
                            MellonSPPrivateKeyFile /etc/apache2/mellon/sp.key
                            MellonSPCertFile /etc/apache2/mellon/sp.crt
                            MellonSPMetadataFile /etc/apache2/mellon/sp.xml
                            MellonIdPMetadataFile /etc/apache2/mellon/idp.xml
                            MellonSignatureMethod rsa-sha256
                            MellonUser NAME_ID
                            MellonSetEnvNoPrefix "PIN_USED" "urn:x-sekisho:attribute:pin-used"
                            MellonEnable info
                        </Location>
                        <Location /private>
                            MellonEnable auth
                            AuthType Mellon
                            Require valid-user
                        </Location>
                        """
                    ),
                ]),
            ServiceGuide(
                id: "shibboleth-sp", title: "Shibboleth Service Provider 3", speech: .saml, isTried: true,
                texts: [
                    (
                        "shell",
                        """
                        cd /etc/shibboleth
                        curl -o sekisho-metadata.pem \(values.metadata)/signing.pem
                        # Compare with the fingerprint that the operator gave you by another way.
                        openssl x509 -in sekisho-metadata.pem -noout -fingerprint -sha256
                        """
                    ),
                    (
                        "shibboleth2.xml",
                        """
                        <ApplicationDefaults entityID="https://service.example.jp/saml" REMOTE_USER="persistent-id pairwise-id"
                                             signing="true" encryption="true">
                          <Sessions lifetime="28800" timeout="3600" relayState="ss:mem" checkAddress="false"
                                    handlerSSL="true" cookieProps="https">
                            <SSO entityID="\(values.entityID)">SAML2</SSO>
                            <Logout asynchronous="false">SAML2 Local</Logout>
                            <Handler type="MetadataGenerator" Location="/Metadata" signing="false"/>
                          </Sessions>
                          <MetadataProvider type="XML" validate="true" url="\(values.metadata)" maxRefreshDelay="21600"
                                            backingFilePath="sekisho.xml">
                            <MetadataFilter type="RequireValidUntil" maxValidityInterval="2419200"/>
                            <MetadataFilter type="Signature" certificate="sekisho-metadata.pem"/>
                          </MetadataProvider>
                        </ApplicationDefaults>
                        """
                    ),
                    (
                        "attribute-map.xml",
                        """
                        <Attribute name="urn:x-sekisho:attribute:pin-used" id="pin-used"/>
                        <Attribute name="urn:x-sekisho:attribute:card-mode" id="card-mode"/>
                        """
                    ),
                    ("shell", "curl -o sp.xml https://service.example.jp/Shibboleth.sso/Metadata"),
                ]),
            ServiceGuide(
                id: "pysaml2", title: "pysaml2 (Python)", speech: .saml, isTried: true,
                texts: [
                    (
                        "settings.py",
                        """
                        CONFIG = {
                            "entityid": "https://service.example.jp/saml",
                            "service": {"sp": {
                                "endpoints": {"assertion_consumer_service": [
                                    ("https://service.example.jp/saml/acs", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST")]},
                                "want_response_signed": True,
                                "want_assertions_signed": True,
                                "authn_requests_signed": True,
                                "signing_algorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                                "digest_algorithm": "http://www.w3.org/2001/04/xmlenc#sha256",
                                "allow_unsolicited": False,
                            }},
                            "metadata": {"remote": [{"url": "\(values.metadata)"}]},
                            "allow_unknown_attributes": True,
                            "key_file": "sp.key", "cert_file": "sp.crt",
                            "xmlsec_binary": "/usr/bin/xmlsec1",
                        }
                        # A step-up: requested_authn_context={"authn_context_class_ref": ["\(values.samlClass)"], "comparison": "minimum"}
                        """
                    )
                ]),
            ServiceGuide(
                id: "python3-saml", title: "python3-saml (OneLogin)", speech: .saml, isTried: true,
                texts: [
                    (
                        "settings.json",
                        """
                        {
                          "strict": true,
                          "sp": {
                            "entityId": "https://service.example.jp/saml",
                            "assertionConsumerService": {"url": "https://service.example.jp/saml/acs"},
                            "NameIDFormat": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
                            "x509cert": "the certificate of sp.crt",
                            "privateKey": "the key of sp.key"
                          },
                          "idp": {
                            "entityId": "\(values.entityID)",
                            "singleSignOnService": {"url": "\(values.signOn)"},\(logoutService(values))
                            "x509cert": "the certificate of \(values.metadata)"
                          },
                          "security": {"authnRequestsSigned": true, "wantAssertionsSigned": true, "wantMessagesSigned": true,
                                       "rejectUnsolicitedResponsesWithInResponseTo": true, "requestedAuthnContext": false}
                        }
                        """
                    )
                ]),
            ServiceGuide(
                id: "simplesamlphp", title: "SimpleSAMLphp", speech: .saml, isTried: true,
                texts: [
                    (
                        "config/authsources.php",
                        """
                        'sekisho' => ['saml:SP',
                            'entityID' => 'https://service.example.jp/saml',
                            'idp' => '\(values.entityID)',
                            'privatekey' => 'sp.key', 'certificate' => 'sp.crt',
                            'sign.authnrequest' => true, 'sign.logout' => true, 'redirect.validate' => true,
                            'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
                            'NameIDPolicy' => ['Format' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', 'AllowCreate' => true],
                            'WantAssertionsSigned' => true, 'assertion.encryption' => true,
                            // Version 1 cannot answer a logout over SOAP.
                            'SingleLogoutServiceBinding' => ['urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'],
                        ],
                        """
                    ),
                    ("config/module_metarefresh.php", "'sources' => [['src' => '\(values.metadata)']],"),
                    ("shell", "curl -o sp.xml https://service.example.jp/simplesaml/module.php/saml/sp/metadata.php/sekisho"),
                ]),
            ServiceGuide(
                id: "ruby-saml", title: "ruby-saml, omniauth-saml (Ruby)", speech: .saml, isTried: true,
                texts: [
                    (
                        "config/initializers/omniauth.rb",
                        """
                        idp = OneLogin::RubySaml::IdpMetadataParser.new.parse_remote_to_hash("\(values.metadata)")
                        provider :saml, idp.merge(
                          sp_entity_id: "https://service.example.jp/auth/saml/metadata",
                          name_identifier_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
                          certificate: File.read("sp.crt"), private_key: File.read("sp.key"),
                          request_attributes: [],   # else its metadata asks for an e-mail address, and nothing else is told
                          single_logout_service_url: "https://service.example.jp/auth/saml/slo",
                          security: {authn_requests_signed: true, logout_requests_signed: true, logout_responses_signed: true,
                                     want_assertions_signed: true, embed_sign: false, digest_method: XMLSecurity::Document::SHA256,
                                     signature_method: XMLSecurity::Document::RSA_SHA256})
                        """
                    )
                ]),
            ServiceGuide(
                id: "djangosaml2", title: "djangosaml2 (Django)", speech: .saml, isTried: false,
                texts: [
                    (
                        "settings.py",
                        """
                        SAML_USE_NAME_ID_AS_USERNAME = True
                        SAML_CREATE_UNKNOWN_USER = True
                        SAML_CONFIG = {
                            "entityid": "https://service.example.jp/saml2/metadata/", "allow_unknown_attributes": True,
                            "key_file": "sp.key", "cert_file": "sp.crt",
                            "encryption_keypairs": [{"key_file": "sp.key", "cert_file": "sp.crt"}],
                            "metadata": {"remote": [{"url": "\(values.metadata)"}]},
                            "service": {"sp": {
                                "name_id_format": ["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"],
                                "name_id_format_allow_create": True,
                                "endpoints": {
                                    "assertion_consumer_service": [("https://service.example.jp/saml2/acs/", saml2.BINDING_HTTP_POST)],
                                    "single_logout_service": [("https://service.example.jp/saml2/ls/", saml2.BINDING_HTTP_REDIRECT)]},
                                "signing_algorithm": saml2.xmldsig.SIG_RSA_SHA256, "digest_algorithm": saml2.xmldsig.DIGEST_SHA256,
                                "authn_requests_signed": True, "logout_requests_signed": True, "logout_responses_signed": True,
                                "want_response_signed": True, "want_assertions_signed": True, "allow_unsolicited": False}}}
                        """
                    )
                ]),
            ServiceGuide(
                id: "spring-saml", title: "Spring Security (SAML)", speech: .saml, isTried: false,
                texts: [
                    (
                        "application.yml",
                        """
                        spring.security.saml2.relyingparty.registration.sekisho:
                          entity-id: https://service.example.jp/saml
                          signing.credentials: [{private-key-location: classpath:sp.key, certificate-location: classpath:sp.crt}]
                          assertingparty.metadata-uri: \(values.metadata)
                        """
                    )
                ]),
        ]
    }

    /// A line of python3-saml's settings, where there is a logout.
    private static func logoutService(_ values: Values) -> String {
        values.hasLogout ? "\n    \"singleLogoutService\": {\"url\": \"\(values.logout)\"}," : ""
    }

    private static func openID(_ values: Values) -> [ServiceGuide] {
        [
            ServiceGuide(
                id: "authlib", title: "Authlib (Python)", speech: .openid, isTried: true,
                texts: [
                    (
                        "app.py",
                        """
                        from authlib.oauth2.rfc7523 import PrivateKeyJWT
                        from joserfc.jwk import ECKey

                        # Its assertions live an hour: register the service with `assertion-lifetime: 1h`.
                        oauth.register("sekisho", client_id="YOUR-CLIENT-ID", client_secret=ECKey.import_key(open("key.pem").read()),
                            server_metadata_url="\(values.discovery)",
                            client_auth_methods=[PrivateKeyJWT("\(values.issuer)/openid/token", alg="ES256")],
                            client_kwargs={"scope": "openid", "code_challenge_method": "S256",
                                           "token_endpoint_auth_method": "private_key_jwt"})
                        # A step-up: oauth.sekisho.authorize_redirect(redirect_uri, acr_values="\(values.acr)")
                        """
                    )
                ]),
            ServiceGuide(
                id: "requests-oauth2client", title: "requests-oauth2client (Python)", speech: .openid, isTried: true,
                texts: [
                    (
                        "app.py",
                        """
                        import json
                        from requests_oauth2client import OAuth2Client, PrivateKeyJwt

                        private_jwk = json.load(open("key.jwk"))
                        client = OAuth2Client.from_discovery_endpoint("\(values.discovery)",
                            auth=PrivateKeyJwt("YOUR-CLIENT-ID", private_jwk, alg="ES256"),
                            redirect_uri="https://service.example.jp/callback", id_token_signed_response_alg="ES256")
                        request = client.authorization_request(scope="openid", acr_values="\(values.acr)")
                        """
                    )
                ]),
            ServiceGuide(
                id: "mod-auth-openidc", title: "Apache with mod_auth_openidc", speech: .openid, isTried: true,
                texts: [
                    (
                        "/etc/apache2/conf-available/sekisho.conf",
                        """
                        OIDCProviderMetadataURL \(values.discovery)
                        OIDCClientID YOUR-CLIENT-ID
                        OIDCPublicKeyFiles kid#/etc/apache2/oidc/client.crt
                        OIDCPrivateKeyFiles kid#/etc/apache2/oidc/client.key
                        OIDCProviderTokenEndpointAuth private_key_jwt
                        OIDCRedirectURI https://service.example.jp/callback
                        OIDCPKCEMethod S256
                        OIDCScope "openid"
                        OIDCCryptoPassphrase exec:/etc/apache2/oidc/passphrase
                        OIDCAuthRequestParams acr_values=\(values.acr)
                        <Location /callback>
                            AuthType openid-connect
                            Require valid-user
                        </Location>
                        <Location /private>
                            AuthType openid-connect
                            Require valid-user
                        </Location>
                        """
                    )
                ]),
            ServiceGuide(
                id: "spring-openid", title: "Spring Security (OpenID Connect)", speech: .openid, isTried: false,
                texts: [
                    (
                        "application.yml",
                        """
                        # It takes ID tokens with RS256 and, with a secret, sends no code_challenge unless it is told to:
                        # register the service with `id-token-algorithm: RS256` and `pkce: optional`.
                        spring.security.oauth2.client:
                          registration.sekisho: {client-id: YOUR-CLIENT-ID, scope: openid, client-authentication-method: client_secret_basic}
                          provider.sekisho.issuer-uri: \(values.issuer)
                        """
                    )
                ]),
            ServiceGuide(
                id: "oauth2-proxy", title: "oauth2-proxy", speech: .openid, isTried: false,
                texts: [
                    (
                        "oauth2-proxy.cfg",
                        """
                        provider = "oidc"
                        oidc_issuer_url = "\(values.issuer)"
                        client_id = "YOUR-CLIENT-ID"
                        redirect_url = "https://service.example.jp/oauth2/callback"
                        code_challenge_method = "S256"
                        scope = "openid"
                        user_id_claim = "sub"
                        oidc_email_claim = "sub"
                        """
                    )
                ]),
        ]
    }
}
