/// What there is for clients beyond the code flow, as the registrations and the deployment have it: the metadata lists it, and nothing else.
package struct ProviderOffers: Hashable, Sendable {
    package var grants: Set<GrantType>
    package var authentication: Set<ClientAuthentication.Method>
    /// Clients may register themselves.
    package var registration: Bool

    package init(
        grants: Set<GrantType> = [.authorizationCode],
        authentication: Set<ClientAuthentication.Method> = [.privateKeyJWT, .clientSecretBasic], registration: Bool = false
    ) {
        self.grants = grants.union([.authorizationCode])
        self.authentication = authentication
        self.registration = registration
    }
}
