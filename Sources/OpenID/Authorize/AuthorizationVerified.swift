package import SignOn
import TrustFramework
package import Vocabulary

/// Proof that a registered client asks, in order, and that there is a registered address to answer to.
package struct VerifiedAuthorizationRequest: Sendable {
    package let ask: Ask
    package let client: Client
    /// Where the answer goes, and how.
    package let target: AnswerTarget
    let nonce: String?
    /// Nil only for a `core` client that is registered to do without.
    let codeChallenge: String?
    /// Asked, registered and supported, in the request's order.
    let scopes: [String]
    let claims: RequestedClaims
    /// Validated against the types of the deployment (RFC 9396): an array. Nil when none was asked for.
    package let authorizationDetails: JSON?
    package let resources: [String]
    /// The key that the code will be bound to (RFC 9449 §10).
    let dpopThumbprint: String?
    /// Languages that the client likes for our pages, the first most (OpenID Connect Core §3.1.2.1): a wish, at most 128 bytes of it.
    package let uiLocales: String?
    /// The pushed request to be used up when the login completes, by its digest.
    package let pushed: [UInt8]?

    fileprivate init(
        ask: Ask, client: Client, target: AnswerTarget, nonce: String?, codeChallenge: String?, scopes: [String], claims: RequestedClaims,
        authorizationDetails: JSON?, resources: [String], dpopThumbprint: String?, pushed: [UInt8]?, uiLocales: String?
    ) {
        self.ask = ask
        self.client = client
        self.target = target
        self.nonce = nonce
        self.codeChallenge = codeChallenge
        self.scopes = scopes
        self.claims = claims
        self.authorizationDetails = authorizationDetails
        self.resources = resources
        self.dpopThumbprint = dpopThumbprint
        self.pushed = pushed
        self.uiLocales = uiLocales
    }

    package var redirect: RegisteredRedirect { target.redirect }
    package var state: String? { target.state }
}

extension UnverifiedAuthorizationRequest {
    /// Proves a request that a browser brought whole. `client` is the registration found under `clientID`, nil when there is none; `now` is
    /// when the request came, also when a paused one is proven again.
    package func verified(
        for client: Client?, at provider: Provider, at now: Timestamp
    ) throws(AuthorizationRefusal) -> VerifiedAuthorizationRequest {
        try verified(for: known(client), through: .front, at: provider, at: now, objectAt: now)
    }

    /// The registration that the request claims, if it is that one.
    func known(_ client: Client?) throws(AuthorizationRefusal) -> Client {
        guard let client, client.id.text.hasSameBytes(as: clientID.text) else { throw .page(.clientUnknown(clientID.text)) }
        return client
    }

    /// `objectAt`: when a request object came, which may have run out since.
    func verified(
        for client: Client, through channel: Channel, at provider: Provider, at now: Timestamp, objectAt: Timestamp
    ) throws(AuthorizationRefusal) -> VerifiedAuthorizationRequest {
        try verified(
            for: client, through: channel, at: provider, at: now,
            asking: try settled(for: client, through: channel, at: provider, at: objectAt))
    }

    /// `parameters`: what is asked, once it is known where that stands.
    func verified(
        for client: Client, through channel: Channel, at provider: Provider, at now: Timestamp, asking parameters: AuthorizationParameters
    ) throws(AuthorizationRefusal) -> VerifiedAuthorizationRequest {
        guard parameters.repeated != "redirect_uri" else { throw .page(.repeated("redirect_uri")) }
        guard let asked = parameters["redirect_uri"] else { throw .page(.redirectMissing) }
        guard let redirect = client.redirect(asked) else {
            throw .page(.redirectUnregistered(asked, registered: client.redirectURIs.count))
        }
        // From here on every refusal travels to `redirect`.
        let (mode, modeFault) = ResponseMode.read(parameters["response_mode"], for: client, at: provider, at: now)
        let state = parameters["state"].flatMap { $0.utf8.count <= AuthorizationCheck.longestState ? $0 : nil }
        let target = AnswerTarget(redirect: redirect, mode: mode, client: client, state: state)
        do throws(AuthorizationFault) {
            for check in AuthorizationCheck.inOrder {
                if let fault = check.fault(parameters, client, channel) { throw fault }
            }
            if let modeFault { throw modeFault }
            let claims = try RequestedClaims.read(parameters, orElse: client.defaultContexts)
            let details = try parameters.details(for: client, at: provider)
            let scopes = provider.scopes(parameters["scope"]?.words ?? [], givenTo: client)
            return VerifiedAuthorizationRequest(
                ask: try ask(parameters, claims, scopes, showing: details != nil, of: client, at: provider, at: now), client: client,
                target: target, nonce: parameters["nonce"], codeChallenge: parameters["code_challenge"], scopes: scopes, claims: claims,
                authorizationDetails: details,
                resources: try parameters.resources(for: client, at: provider),
                dpopThumbprint: channel.provenThumbprint ?? parameters["dpop_jkt"], pushed: channel.digest,
                uiLocales: parameters["ui_locales"].flatMap { $0.utf8.count <= 128 ? $0 : nil })
        } catch {
            throw .redirect(to: target, error.error, error.explanation)
        }
    }

    private func ask(
        _ parameters: AuthorizationParameters, _ claims: RequestedClaims, _ scopes: [String], showing details: Bool, of client: Client,
        at provider: Provider, at now: Timestamp
    ) throws(AuthorizationFault) -> Ask {
        let prompts = try Prompt.read(parameters["prompt"])
        let maximumAge = try MaximumAge.read(parameters["max_age"]) ?? client.defaultMaximumAge
        let hinted = try Hint.read(parameters["id_token_hint"], for: client, at: provider)
        if let hinted, let subject = claims.subject, !hinted.hasSameBytes(as: subject) { throw .nobody }
        let expected = try (hinted ?? claims.subject).map { text throws(AuthorizationFault) in
            guard let id = PairwiseID(text) else { throw .nobody }
            return id
        }
        // `max_age=0` means `prompt=login` (OpenID Connect Core §3.1.2.1). Authorization details are shown on the login page, and the use
        // of the card behind it is the citizen's word on them: no session may stand for it (RFC 9396 §12).
        let isFresh = maximumAge == 0 || details || !prompts.isDisjoint(with: [.login, .consent, .selectAccount])
        return Ask(
            member: client.id, forceAuthentication: isFresh, passive: prompts.contains(.none), maximumAge: maximumAge,
            requirement: claims.requirement, expected: expected, askedAt: now, wish: claims.wish(with: scopes), by: .openid,
            actingFor: claims.actingFor)
    }
}

extension UnverifiedAuthorizationRequest {
    /// Where the parameters stand: here, or in a request object that the client signed.
    private func settled(
        for client: Client, through channel: Channel, at provider: Provider, at moment: Timestamp
    ) throws(AuthorizationRefusal) -> AuthorizationParameters {
        let outside = AuthorizationParameters(parameters)
        do throws(AuthorizationFault) {
            if let uri = parameters["request_uri"] { throw .requestURI(uri, isPushed: PushedRequest.isReference(uri), channel) }
            guard let object = parameters["request"] else { return outside }
            guard !parameters.repeated.contains("request") else { throw AuthorizationFault(.invalidRequest, .repeated("request")) }
            let claims = try RequestObject.proven(object, for: client, at: provider, at: moment).claims
            // What stands outside counts for OpenID Connect's clients only (Core §6.1), not in a push (RFC 9126 §3), and not where the client is
            // registered to sign what it asks (RFC 9101 §6.3, §10.5).
            guard client.profile == .core, channel.isFront, !client.requestObjects.isRequired else {
                return AuthorizationParameters(object: claims, beside: nil)
            }
            if let outer = parameters["response_type"], let inner = claims["response_type"]?.string, !outer.hasSameBytes(as: inner) {
                throw .requestContradicted("response_type", outer, inner)
            }
            return AuthorizationParameters(object: claims, beside: parameters)
        } catch {
            // What was signed could not be read; an address outside that the client registered is as proven as any.
            guard channel.isFront, let redirect = parameters["redirect_uri"].flatMap(client.redirect) else {
                throw .page(error.explanation, error.error)
            }
            let (mode, _) = ResponseMode.read(parameters["response_mode"], for: client, at: provider, at: moment)
            let state = parameters["state"].flatMap { $0.utf8.count <= AuthorizationCheck.longestState ? $0 : nil }
            throw .redirect(
                to: AnswerTarget(redirect: redirect, mode: mode, client: client, state: state), error.error, error.explanation)
        }
    }
}

extension AuthorizationParameters {
    fileprivate func details(for client: Client, at provider: Provider) throws(AuthorizationFault) -> JSON? {
        guard let text = self["authorization_details"] else { return nil }
        do throws(AuthorizationDetailsFault) {
            return try provider.authorization.details.validated(text, for: client)
        } catch {
            throw AuthorizationFault(.invalidAuthorizationDetails, error.explanation)
        }
    }

    fileprivate func resources(for client: Client, at provider: Provider) throws(AuthorizationFault) -> [String] {
        let asked = resources
        guard !asked.isEmpty else { return [] }
        do throws(ResourceFault) {
            return try ResourceIndicators.read(asked, for: client, at: provider)
        } catch {
            throw AuthorizationFault(.invalidTarget, error.explanation)
        }
    }
}

extension AuthorizationFault {
    fileprivate static let nobody = AuthorizationFault(
        .loginRequired,
        Explanation(
            "openid.request.subject", "the request names a citizen who cannot be here", clause: "OpenID Connect Core §3.1.2.2, §5.5.1",
            remedy: "leave the hint out and let the citizen log in"))

    /// Nothing is ever fetched from a `request_uri` (checklist E21), and one of ours has no place in a push.
    fileprivate static func requestURI(_ uri: String, isPushed: Bool, _ channel: Channel) -> AuthorizationFault {
        guard channel.isFront else {
            return AuthorizationFault(
                .invalidRequest,
                Explanation(
                    "openid.pushed.nested", "a pushed request has a request_uri of its own", clause: "RFC 9126 §2.1",
                    remedy: "push the parameters themselves, or a request object in `request`"))
        }
        guard isPushed else {
            return AuthorizationFault(
                .requestURINotSupported, .unsupported("request_uri", "OpenID Connect Core §6.2; checklist C10, E21"))
        }
        return AuthorizationFault(.invalidRequestURI, .pushedUnknown)
    }

    fileprivate static func requestContradicted(_ name: String, _ outside: String, _ inside: String) -> AuthorizationFault {
        AuthorizationFault(
            .invalidRequest,
            Explanation(
                "openid.request-object.contradicted", "the parameter differs inside and outside of the request object",
                compared: [.init("parameter", name), .init("outside", outside), .init("inside", inside)],
                clause: "OpenID Connect Core §6.1", remedy: "send the same value in both places"))
    }
}
