package import Vocabulary

/// What the members of headers and claims mean, for a reader who has a token in hand.
package enum TokenGuide {
    /// Of a header.
    package static func header(_ name: String, in form: TokenVerdict.Form) -> String? {
        switch (name, form) {
        case ("alg", .signed): "how it is signed"
        case ("alg", .encrypted): "how the content key reaches its reader"
        default: headers[name]
        }
    }

    /// Of a payload.
    package static func claim(_ name: String) -> String? { claims[name] }

    /// What kind of token a `typ` says this is.
    package static func type(_ type: String) -> String? {
        switch type {
        case "jwt": "a JSON Web Token: an ID token or a client assertion, as a rule"
        case "at+jwt": "an access token (RFC 9068)"
        case "dpop+jwt": "a proof of possession (DPoP, RFC 9449)"
        case "logout+jwt": "a logout token (OpenID Connect Back-Channel Logout)"
        case "oauth-authz-req+jwt": "a request object (RFC 9101)"
        case "token-introspection+jwt": "an answer of token introspection (RFC 9701)"
        case "secevent+jwt": "a security event token (RFC 8417)"
        default: nil
        }
    }

    /// Whether a claim's value belongs to the protocol. All others may be about a person, and are shown on demand only.
    package static func isShown(_ name: String) -> Bool { shown.contains(name) }

    /// What a reader has to know about a header, whatever the signature says.
    package static func warnings(_ header: JSON, in form: TokenVerdict.Form) -> [String] {
        var found: [String] = []
        for name in ["jwk", "jku", "x5u", "x5c"] where header[name] != nil {
            found.append("`\(name)` brings or names a key: it is not used to find out who speaks, for anybody can put one there")
        }
        let name = header["alg"]?.string ?? ""
        if form == .signed, name == "RS256" { found.append("RS256 pads by PKCS#1 v1.5, which the FAPI 2.0 profiles do not allow") }
        if form == .encrypted, name == "RSA-OAEP" { found.append("RSA-OAEP hashes with SHA-1; RSA-OAEP-256 is the same with SHA-256") }
        if form == .signed, header["typ"] == nil {
            found.append("without `typ` a token of one kind may be taken for another (RFC 8725 §3.11)")
        }
        return found
    }

    private static let headers: [String: String] = [
        "enc": "how the content is encrypted", "kid": "which key, by the name its owner gave it", "typ": "what kind of token this is",
        "cty": "what the content is; JWT: a token itself", "jwk": "a key that came with the token", "jku": "an address of keys",
        "x5u": "an address of a certificate", "x5c": "certificates that came with the token",
        "x5t": "SHA-1 of a certificate", "x5t#S256": "SHA-256 of a certificate", "epk": "the sender's key for this one agreement",
        "apu": "what the sender says about itself", "apv": "what the sender says about the reader",
        "crit": "extensions that must be understood; none is", "zip": "compression; never undone", "b64": "whether the payload is encoded",
        "p2c": "rounds of a password's derivation; never done", "p2s": "the salt of a password's derivation",
        "iss": "who issued it, repeated outside the encryption", "sub": "about whom, repeated outside the encryption",
        "aud": "for whom, repeated outside the encryption", "trust_chain": "statements of a federation",
        "nonce": "a value the reader chose",
    ]

    private static let claims: [String: String] = [
        "iss": "who issued it", "sub": "about whom: at one client the same person has one value", "aud": "for whom",
        "exp": "not to be accepted from then on", "nbf": "not to be accepted before", "iat": "when it was made",
        "jti": "its own name, so that it is accepted once", "nonce": "the value of the request that this answers",
        "azp": "the client it was issued to", "auth_time": "when the person logged in", "acr": "how strongly the person was authenticated",
        "amr": "by which means", "at_hash": "ties it to the access token beside it", "c_hash": "ties it to the code beside it",
        "s_hash": "ties it to the request's state", "sid": "the session, for logout", "scope": "what may be done with it",
        "client_id": "the client", "cnf": "the key whose holder alone may use it", "jkt": "thumbprint of that key",
        "act": "who acts for the subject", "may_act": "who may act for the subject", "htm": "the method of the request it is a proof for",
        "htu": "the address of that request", "ath": "digest of the access token it goes with", "events": "what happened",
        "response_type": "what the client asks for", "redirect_uri": "where the answer goes", "state": "the client's own note",
        "code_challenge": "digest of the secret that redeems the code", "code_challenge_method": "how that digest is made",
        "authorization_details": "what is asked for or granted, in detail (RFC 9396)", "code": "the code, for the client alone",
        "token_introspection": "what the server knows about a token", "active": "whether the token is good now",
        "sub_id": "about whom, in another form", "resource": "the server the token is asked for",
        "urn:openid:params:jwt:claim:auth_req_id": "the backchannel request that this answers",
        "software_id": "the software a statement is about", "software_statement": "a statement about software, by a registrar",
    ]

    private static let shown: Set<String> = [
        "iss", "aud", "exp", "nbf", "iat", "azp", "auth_time", "acr", "amr", "at_hash", "c_hash", "s_hash", "scope", "client_id", "cnf",
        "htm",
        "htu", "ath", "events", "response_type", "redirect_uri", "code_challenge_method", "resource", "active", "response_mode", "max_age",
        "prompt", "acr_values", "ui_locales", "display", "request_uri", "grant_types", "software_id",
    ]
}
