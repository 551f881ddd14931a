package import Vocabulary

/// A Response on its way by HTTP-Artifact (SAML Bindings §3.6): the browser carries the reference, the store keeps the message.
package struct ArtifactDelivery: Sendable {
    /// Goes into the store, in the commit that lets the answer out.
    package let sealed: SealedAnswer
    /// The member's consumer service.
    package let destination: String
    /// The fields of a form: `SAMLart`, and `RelayState` when one came.
    package let fields: [(name: String, value: String)]
    /// Facts for the audit record: by which the record of its resolving is found, and not what resolves it.
    package let record: [(name: String, value: JSON)]

    /// Where the browser is sent with the fields in the query (§3.6.4.1); nil when that would be longer than browsers and servers are sure
    /// to take, and a form must carry them.
    package var location: String? {
        var text = destination
        var separator = destination.utf8.contains(0x3f) ? "&" : "?"
        for field in fields {
            text += separator + field.name + "=" + PercentEncoding.encode(field.value)
            separator = "&"
        }
        return text.utf8.count <= Self.longestAddress ? text : nil
    }

    private static let longestAddress = 2_000
}

extension SAMLAnswer {
    /// The same answer by reference, to be resolved by its recipient alone.
    package func byArtifact(
        from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> ArtifactDelivery {
        guard let artifact = Artifact.fresh(from: identityProvider.entityID, using: &random),
            let sealed = SealedAnswer(xml, for: member, under: artifact, at: now)
        else { throw .sealing }
        let relayState = relayState.map { [(name: "RelayState", value: $0)] } ?? []
        return ArtifactDelivery(
            sealed: sealed, destination: destination, fields: [(name: "SAMLart", value: artifact.text)] + relayState,
            record: [("artifact", .string(sealed.name))])
    }
}

extension SealedAnswer {
    /// How the trail names it: enough to tell two apart, too little to find one in the store.
    package var name: String { Hexadecimal.encode(digest.prefix(8)) }
}
