package import Vocabulary

/// Proof that a registered client asks, in order, and names one citizen.
package struct VerifiedBackchannelRequest: Sendable {
    package let client: Client
    /// The `jti` of a signed request, to be claimed with what it begins.
    package let replay: AssertionClaim?
    let wish: AwaitedWish
    let subject: PairwiseID
    let message: String?
    /// Seconds.
    let lifetime: Int64
    let notificationToken: String?

    fileprivate init(
        client: Client, replay: AssertionClaim?, wish: AwaitedWish, subject: PairwiseID, message: String?, lifetime: Int64,
        notificationToken: String?
    ) {
        self.client = client
        self.replay = replay
        self.wish = wish
        self.subject = subject
        self.message = message
        self.lifetime = lifetime
        self.notificationToken = notificationToken
    }
}

extension UnverifiedBackchannelRequest {
    package func verified(
        for client: AuthenticatedClient, at provider: Provider, at now: Timestamp
    ) throws(TokenRefusal) -> VerifiedBackchannelRequest {
        let client = client.client
        if let name = form.repeated.first(where: { $0 != "resource" }) { throw TokenRefusal(.invalidRequest, .repeated(name)) }
        guard client.grants.contains(.ciba), let registration = client.ciba else { throw TokenRefusal.awaitedOff(.ciba) }
        if form["request_uri"] != nil { throw TokenRefusal(.invalidRequest, .unsupported("request_uri", "CIBA Core §7.1.1")) }
        let (parameters, replay) = try read(for: client, at: provider, at: now)
        for check in BackchannelCheck.inOrder {
            if let fault = check.fault(parameters, client) { throw fault }
        }
        let wish = try AwaitedWish.read(parameters, client, provider)
        let subject = try BackchannelHint.read(parameters, for: client, at: provider, at: now)
        let lifetime = parameters["requested_expiry"].flatMap(BackchannelCheck.seconds) ?? VerifiedBackchannelRequest.usualLifetime
        return VerifiedBackchannelRequest(
            client: client, replay: replay, wish: wish, subject: subject, message: parameters["binding_message"],
            lifetime: min(lifetime, VerifiedBackchannelRequest.longestLifetime),
            notificationToken: registration.delivery == .ping ? parameters["client_notification_token"] : nil)
    }

    private func read(
        for client: Client, at provider: Provider, at now: Timestamp
    ) throws(TokenRefusal) -> (AwaitedParameters, AssertionClaim?) {
        guard let request = form["request"] else {
            guard !client.signsBackchannelRequests else { throw TokenRefusal(.invalidRequest, .backchannelUnsigned) }
            return (AwaitedParameters(form), nil)
        }
        if let outside = Self.parameters.first(where: { !form.all($0).isEmpty }) {
            throw TokenRefusal(.invalidRequest, .backchannelOutside(outside))
        }
        let (claims, replay) = try BackchannelObject.proven(request, for: client, at: provider, at: now)
        return (AwaitedParameters(claims), replay)
    }
}
