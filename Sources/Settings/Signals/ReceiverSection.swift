import JOSE
import OpenID
import SAML
import Signals
import Vocabulary

/// `saml: signals:` in a member's file: the events of a SAML service, and the credential by which it asks for them. It is a client at our token
/// endpoint for this and nothing else: no grant but client credentials, no redirect address, no scope of a citizen.
struct ReceiverSection {
    let terms: MemberFile.Terms
    let certificates: MemberCertificates?
    let section: Section

    func read(_ id: MemberID?, _ provider: ServiceProvider?) -> Client? {
        let registration = SignalTermsSection.terms(section)
        let method = section.choice("authentication", ClientAuthentication.Method.self, required: true)
        let keys = keys(isRequired: method == .privateKeyJWT)
        let authentication = ClientCredentials(terms: terms, certificates: certificates, section: section).read(method, keys: keys)
        if method == .clientSecretBasic || method == .clientSecretPost {
            section.report(
                "member.signals.authentication", at: section.line(of: "authentication"),
                "a SAML service shows a key for its events, and no secret",
                "write private_key_jwt, tls_client_auth or self_signed_tls_client_auth")
        }
        let algorithm = section.choice("token-algorithm", TokenAlgorithm.self)?.algorithm ?? .es256
        var options = ClientOptions()
        options.grants = []
        options.keys = keys
        options.signals = registration
        options.senderConstraint = section.choice("sender-constraint", SenderConstraint.self)
        section.finish()
        if let provider, let registration { names(registration, provider) }
        // Each fault was told.
        guard let id, let authentication, registration != nil, keys != nil || !section.has("jwks") else { return nil }
        do {
            return try Client(
                id: id, redirectURIs: [], authentication: authentication, idTokenAlgorithm: algorithm, options: options,
                development: terms.isDevelopment)
        } catch {
            for explanation in error.explanations {
                section.findings.report(Problem(file: section.file, line: section.line, explanation))
            }
            return nil
        }
    }

    /// In the file itself: the one file beside it is the metadata.
    private func keys(isRequired: Bool) -> JWKSet? {
        guard section.has("jwks") || isRequired else { return nil }
        return ClientKeys(certificates: certificates, section: section, companion: { _, _ in nil }).read(isRequired: isRequired)?.set
    }

    /// Whoever knows a citizen for one session only can be told of nothing but that session.
    private func names(_ registration: SignalRegistration, _ provider: ServiceProvider) {
        guard provider.lastingNameSuffix(scope: terms.hasScope ? "scope" : nil) == nil else { return }
        let others = registration.events.compactMap { EventType.named($0) }.filter { $0 != .sessionRevoked }
        guard !others.isEmpty else { return }
        section.report(
            "member.signals.name", at: section.line(of: "events"),
            "this service knows a citizen for one session only, and could not tell whom "
                + others.map(\.word).sorted().joined(separator: ", ")
                + " is about",
            "keep session-revoked only, or write `name-id: persistent` or `subject-identifier: pairwise`")
    }
}
