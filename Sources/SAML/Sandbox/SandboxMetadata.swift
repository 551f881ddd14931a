package import Vocabulary
import XML

extension IdentityProvider {
    /// The metadata of a sandbox, signed with its own key: a name, a key, two addresses. What the platform's own has besides (logout,
    /// artifacts, queries) a sandbox does not do.
    package func sandboxMetadata(at now: Timestamp) throws(AnswerFailure) -> [UInt8] {
        let key = signingKey(at: now)
        let role = XMLTag(
            "md", Namespace.metadata, "IDPSSODescriptor",
            attributes: [("protocolSupportEnumeration", Namespace.protocol), ("WantAuthnRequestsSigned", "false")],
            children: [
                .keyDescriptor("signing", Base64.encode(key.certificate)),
                .element(XMLTag("md", Namespace.metadata, "NameIDFormat", text: NameIDFormat.persistent)),
                .service("SingleSignOnService", Binding.redirect, singleSignOnRedirect),
                .service("SingleSignOnService", Binding.post, singleSignOnPost),
            ])
        let entity = XMLTag(
            "md", Namespace.metadata, "EntityDescriptor",
            attributes: [
                ("ID", "_sandbox-" + String(now.seconds)), ("entityID", entityID.text),
                ("validUntil", now.adding(seconds: lifetimes.metadata).text), ("cacheDuration", "PT3600S"),
            ], children: [.element(role)])
        return try key.signed(entity).canonicalBytes()
    }
}
