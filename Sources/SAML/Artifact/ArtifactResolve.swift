package import Vocabulary
import XML

/// What a member asks for: the message behind one artifact (SAML Core §3.5.1). Made from a message that was proven to be the member's own.
package struct ArtifactResolve: Sendable {
    package let message: ProvenMessage
    package let artifact: Artifact

    package static let name = "ArtifactResolve"
    /// Why its signature is not a matter of choice.
    package static let signature = SignatureRule.always("SAML Profiles §5.5.1; eGov 2.0 §2.5.2")

    /// Refuses what the schema does not have, and an artifact that is none.
    package init(reading message: ProvenMessage, limits: MessageLimits = .standard) throws(SAMLRefusal.Reason) {
        let reader = MessageReader(limits: limits)
        let parts = try reader.children(
            message.element, allowed: [.assertion("Issuer"), .signature("Signature"), .protocol("Extensions"), .protocol("Artifact")])
        guard let element = parts["Artifact"] else { throw .malformed(Self.name, "no Artifact") }
        guard let artifact = Artifact(try reader.content(element)) else { throw .artifact("not of type 4") }
        self.message = message
        self.artifact = artifact
    }

    /// The message with which we ask a member for what its artifact stands for, signed, in its envelope.
    package static func request(
        for artifact: Artifact, from provider: ServiceProvider, at identityProvider: IdentityProvider, on now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> ArtifactQuestion {
        guard artifact.isFrom(provider.entityID), let service = provider.artifactService(for: artifact) else { throw .address("") }
        guard WebAddress.isAllowed(service.location, development: provider.development) else { throw .address(service.location) }
        let id = MessageID.fresh(using: &random)
        let tag = XMLTag(
            "samlp", Namespace.protocol, name,
            attributes: [("ID", id), ("Version", "2.0"), ("IssueInstant", now.wholeSeconds.text), ("Destination", service.location)],
            children: [
                .element(.issuer(identityProvider)), .element(XMLTag("samlp", Namespace.protocol, "Artifact", text: artifact.text)),
            ])
        let signed = try identityProvider.signed(tag, for: provider, at: now)
        return ArtifactQuestion(id: id, member: provider.entityID, address: service.location, envelope: SOAPEnvelope.wrap(signed))
    }
}

/// A question to a member's ArtifactResolutionService, ready to be sent.
package struct ArtifactQuestion: Sendable {
    /// The ID that the answer must name.
    package let id: String
    package let member: MemberID
    /// Of the member's metadata, and nothing else (checklist A26, A31).
    package let address: String
    package let envelope: [UInt8]
}

extension ServiceProvider {
    /// The service that the artifact's index names. Where the member declares only one, that one whatever the index: pysaml2 writes the
    /// digits of the number in place of the number.
    func artifactService(for artifact: Artifact) -> ArtifactService? {
        artifactServices.first { $0.index == artifact.endpoint } ?? (artifactServices.count == 1 ? artifactServices.first : nil)
    }
}
