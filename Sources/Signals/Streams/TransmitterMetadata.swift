package import Vocabulary

/// `/.well-known/ssf-configuration` (SSF 1.0 §7.1), and the addresses in it.
package struct TransmitterMetadata: Sendable {
    private let issuer: String

    package init(issuer: String) { self.issuer = issuer }

    package var streams: String { issuer + "/ssf/streams" }
    package var status: String { issuer + "/ssf/status" }
    package var addSubject: String { issuer + "/ssf/subjects/add" }
    package var removeSubject: String { issuer + "/ssf/subjects/remove" }
    package var verify: String { issuer + "/ssf/verify" }
    package func poll(_ stream: StreamID) -> String { issuer + "/ssf/poll/" + stream.text }

    /// `keys` is where our public keys are, those of the OpenID provider.
    package func json(keys: String) -> JSON {
        .object([
            ("spec_version", "1_0"), ("issuer", .string(issuer)), ("jwks_uri", .string(keys)),
            ("delivery_methods_supported", [.string(SignalDelivery.pushMethod), .string(SignalDelivery.pollMethod)]),
            ("configuration_endpoint", .string(streams)), ("status_endpoint", .string(status)),
            ("add_subject_endpoint", .string(addSubject)), ("remove_subject_endpoint", .string(removeSubject)),
            ("verification_endpoint", .string(verify)),
            // OAuth 2.0: a token of our own token endpoint, by client credentials (§7.1.1).
            ("authorization_schemes", [.object([("spec_urn", "urn:ietf:rfc:6749")])]),
            // Every customer of the member, as far as law, policy and consent let it hear of one.
            ("default_subjects", "ALL"), ("critical_subject_members", ["user", "session"]),
        ])
    }
}
