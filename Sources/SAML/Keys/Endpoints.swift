/// Where we are reached, as published and as compared byte for byte with `Destination`: never made from a Host header (S21, checklist H11).
package struct Endpoints: Hashable, Sendable {
    package let singleSignOnRedirect: String
    package let singleSignOnPost: String
    /// SOAP; index 0 of our artifacts.
    package let artifactResolution: String
    package let singleLogoutRedirect: String
    package let singleLogoutPost: String
    package let singleLogoutSOAP: String
    /// SOAP.
    package let attributeQuery: String

    /// The routes below the platform's origin, which ends without a slash.
    package init(base: String) {
        self.init(
            base: base, singleSignOnRedirect: base + "/saml/sso", singleSignOnPost: base + "/saml/sso")
    }

    /// Other addresses for sign-on, as behind a proxy that has its own.
    package init(base: String, singleSignOnRedirect: String, singleSignOnPost: String) {
        self.singleSignOnRedirect = singleSignOnRedirect
        self.singleSignOnPost = singleSignOnPost
        artifactResolution = base + "/saml/artifact"
        singleLogoutRedirect = base + "/saml/logout"
        singleLogoutPost = base + "/saml/logout"
        singleLogoutSOAP = base + "/saml/logout/soap"
        attributeQuery = base + "/saml/attributes"
    }
}
