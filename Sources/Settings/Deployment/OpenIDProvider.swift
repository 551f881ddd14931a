import JOSE
import OpenID

/// The OpenID provider that a deployment makes us: its addresses and lifetimes, our keys, and what the registered clients can do here.
struct OpenIDProvider {
    let file: DeploymentFile
    let keys: [ProviderKey]
    let registrations: [Registration]
    /// The types of `Metadata/authorization-details/`.
    let details: AuthorizationDetailsTypes
    /// For clients that register themselves; nil: nobody does.
    var registration: RegistrationRules?

    func provider(secret: [UInt8]) -> Provider {
        let part = file.openID
        return Provider(
            issuer: file.base.text, keys: keys,
            lifetimes: Provider.Lifetimes(
                code: part.code, accessToken: part.accessToken, idToken: part.idToken, refreshGrace: part.refreshGrace),
            skew: part.skew, scopes: part.scopes, refreshTokens: part.refreshTokens
        ).with(
            mutualTLS: part.mutualTLS.map { MutualTLSAddresses(base: $0.base.text) }, offers: offers,
            nonces: DPoPNonces(part.dpopNonces, secret: secret),
            authorization: AuthorizationRules(pushedLifetime: part.pushedLifetime, details: details), registration: registration)
    }

    /// What somebody is registered for is true of the deployment; what nobody can use is not listed.
    private var offers: ProviderOffers {
        let clients = registrations.compactMap { registration -> Client? in
            guard case .openID(let client) = registration.speech else { return nil }
            return client
        }
        var methods: Set<ClientAuthentication.Method> = [.privateKeyJWT, .clientSecretBasic, .clientSecretPost]
        if let door = file.openID.mutualTLS {
            methods.insert(.selfSignedTLS)
            // It takes a profile that believes certificates: the deployment's, or one that a member's file names.
            let byName = ClientAuthentication.Method.tlsClientAuth
            if door.profile != nil || clients.contains(where: { $0.authentication.method == byName.rawValue }) { methods.insert(byName) }
        }
        // Those who come later may have them too.
        let later: Set<GrantType> = registration == nil || !file.openID.refreshTokens ? [] : [.refreshToken]
        return ProviderOffers(
            grants: Set(clients.flatMap(\.grants)).union(later),
            authentication: methods,
            registration: registration.map { !$0.ways.isEmpty } ?? false)
    }
}
