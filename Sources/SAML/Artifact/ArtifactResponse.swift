package import Vocabulary
import XML

extension ArtifactResolve {
    /// The signed answer in its envelope. `sealed` is what the store gave out for this artifact and this member; without it the answer is
    /// a success that carries nothing, whatever the reason (SAML Core §3.5.3): who guesses learns nothing.
    package func response(
        with sealed: SealedAnswer?, from identityProvider: IdentityProvider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> [UInt8] {
        var carried: EmbeddedMessage?
        if let sealed, sealed.member == message.sender.entityID {
            guard let xml = sealed.message(under: artifact) else { throw .sealing }
            carried = try EmbeddedMessage(xml)
        }
        return try ArtifactResponse.signed(
            to: message, .success, carrying: carried, from: identityProvider, at: now, using: &random)
    }
}

/// The signed `ArtifactResponse` that a member gets (SAML Core §3.5.2).
package enum ArtifactResponse {
    package static let name = "ArtifactResponse"

    /// The answer to a message that was proven to be the member's, but that we cannot act on.
    package static func refusing(
        _ reason: SAMLRefusal.Reason, to message: ProvenMessage, from identityProvider: IdentityProvider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> [UInt8] {
        try signed(to: message, reason.status, carrying: nil, from: identityProvider, at: now, using: &random)
    }

    /// The prefixes are others than those of the message inside, so that its bytes stand in ours as they are.
    fileprivate static func signed(
        to message: ProvenMessage, _ status: SAMLStatus, carrying carried: EmbeddedMessage?, from identityProvider: IdentityProvider,
        at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> [UInt8] {
        var children: [XMLNode] = [
            .element(XMLTag("saml2", Namespace.assertion, "Issuer", text: identityProvider.entityID.text)),
            .element(status.tag(prefix: "saml2p")),
        ]
        if let carried { children.append(.element(carried.tag)) }
        let tag = XMLTag(
            "saml2p", Namespace.protocol, name,
            attributes: [
                ("ID", MessageID.fresh(using: &random)), ("Version", "2.0"), ("IssueInstant", now.wholeSeconds.text),
                ("InResponseTo", message.header.id),
            ],
            children: children)
        let signed = try identityProvider.signed(tag, for: message.sender, at: now)
        let envelope = SOAPEnvelope.wrap(signed)
        return carried?.restored(in: envelope) ?? envelope
    }
}

extension SAMLStatus {
    func tag(prefix: String) -> XMLTag {
        let inner = second.map {
            [XMLNode.element(XMLTag(prefix, Namespace.protocol, "StatusCode", attributes: [("Value", Self.prefix + $0.rawValue)]))]
        }
        let code = XMLTag(
            prefix, Namespace.protocol, "StatusCode", attributes: [("Value", Self.prefix + top.rawValue)], children: inner ?? [])
        let text = message.map { [XMLNode.element(XMLTag(prefix, Namespace.protocol, "StatusMessage", text: $0))] }
        return XMLTag(prefix, Namespace.protocol, "Status", children: [.element(code)] + (text ?? []))
    }
}
