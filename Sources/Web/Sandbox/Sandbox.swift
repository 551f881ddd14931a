package import OpenID
package import SAML

/// An identity provider for developers, beside the platform and with a name and keys of its own: it asks for no card, speaks of invented
/// people, and answers wrongly when it is told to, so that a service can prove that it looks. Nobody who trusts the platform believes it.
package struct Sandbox: Sendable {
    package let identityProvider: IdentityProvider
    package let provider: Provider
    /// Keys that no metadata and no key set has.
    package let samlStranger: SAMLSigningKey
    package let strangers: Provider

    package init(identityProvider: IdentityProvider, provider: Provider, samlStranger: SAMLSigningKey, strangers: Provider) {
        self.identityProvider = identityProvider
        self.provider = provider
        self.samlStranger = samlStranger
        self.strangers = strangers
    }
}
