package import Vocabulary
import XML

/// An artifact that a browser brought to us in place of a message (SAML Bindings §3.6.3), believed in nothing: it only says whom to ask.
package struct ArtifactMessage: Sendable {
    package let artifact: Artifact
    /// Exactly as it came, unescaped; nil when none came.
    package let relayState: String?

    /// Whether a raw query or form brings an artifact rather than a message; how it is spelt is looked at when it is read.
    package static func isPresent(in text: [UInt8]) -> Bool {
        // The common case first: a message stands at the beginning. Should an artifact follow, the message's own reader refuses it.
        guard !text.starts(with: "SAMLRequest=".utf8) else { return false }
        return text.split(separator: 0x26).contains { $0.prefix { $0 != 0x3d }.elementsEqual("SAMLart".utf8) }
    }

    /// `text` is a raw query or form. Nothing of another binding may stand beside it (checklist A23).
    package init(reading text: [UInt8], limits: MessageLimits = .standard) throws(SAMLRefusal.Reason) {
        guard text.count <= limits.query else { throw .tooLarge("query", limit: limits.query) }
        let parameters = try Parameters(text, limits: limits)
        for name in Parameters.Name.allCases where name != .artifact && name != .relayState && parameters[name] != nil {
            throw .unexpected(name.rawValue)
        }
        guard let sent = parameters[.artifact] else { throw .missing(Parameters.Name.artifact.rawValue) }
        guard let artifact = Artifact(sent.value) else { throw .artifact("not of type 4") }
        self.artifact = artifact
        relayState = parameters[.relayState]?.value
    }

    /// The question to ask the member that the artifact names. `provider` is the one whose source ID it carries, nil when there is none.
    package func question(
        to provider: ServiceProvider?, at identityProvider: IdentityProvider, on now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(SAMLRefusal.Reason) -> ArtifactQuestion {
        guard let provider, artifact.isFrom(provider.entityID) else { throw .artifact("of nobody who is registered here") }
        if let end = provider.validUntil, end <= now { throw .metadataExpired(end) }
        guard provider.artifactService(for: artifact) != nil else { throw .artifactService(artifact.endpoint) }
        do {
            return try ArtifactResolve.request(for: artifact, from: provider, at: identityProvider, on: now, using: &random)
        } catch {
            throw .artifactUnresolved("\(error)")
        }
    }
}

/// What a member's ArtifactResolutionService answered, as octets, with what is needed to prove it again: a journey keeps this in place of the
/// message, because an artifact can be resolved only once.
package struct ResolvedArtifact: Sendable {
    /// The ID of our question.
    package let question: String
    package let member: MemberID
    package let relayState: String?
    package let envelope: [UInt8]

    package init(question: ArtifactQuestion, relayState: String?, envelope: [UInt8]) {
        self.question = question.id
        member = question.member
        self.relayState = relayState
        self.envelope = envelope
    }

    /// The message that the member sent by reference, named `names`. The ArtifactResponse must be signed by a key of the member: the TLS
    /// connection that it came over proves nothing (checklist A31). A message in it without a signature of its own is vouched for by it
    /// (SAML Bindings §3.6.5.2).
    package func message(
        by provider: ServiceProvider?, at identityProvider: IdentityProvider, named names: Set<String>, on now: Timestamp
    ) throws(SAMLRefusal.Reason) -> IncomingMessage {
        let limits = identityProvider.limits
        let body: XMLElement
        do {
            body = try SOAPEnvelope.body(of: envelope, limits: limits)
        } catch {
            throw .artifactUnresolved(error.explanation.code)
        }
        let incoming = try IncomingMessage.soap(body, named: [ArtifactResponse.name])
        guard incoming.issuer == member else { throw .issuer(incoming.issuer.text) }
        let proven = try incoming.proven(
            by: provider, at: identityProvider, address: identityProvider.endpoints.singleSignOnRedirect,
            signature: .always("SAML Profiles §5.5.2; eGov 2.0 §2.5.2"), at: now)
        guard let answered = proven.header.inResponseTo, answered.hasSameBytes(as: question) else {
            throw .inResponseTo(proven.header.inResponseTo, expected: question)
        }
        let message = try IncomingMessage.artifact(
            try Self.carried(in: proven.element, limits), inside: proven, named: names, relayState: relayState)
        // A member hands over messages of its own only.
        guard message.issuer == member else { throw .issuer(message.issuer.text) }
        return message
    }

    /// The one message in a successful ArtifactResponse (SAML Core §3.5.2).
    private static func carried(in response: XMLElement, _ limits: MessageLimits) throws(SAMLRefusal.Reason) -> XMLElement {
        guard !response.hasStrayText else { throw .malformed(ArtifactResponse.name, "text between elements") }
        var status: XMLElement?
        var carried: XMLElement?
        for child in response.children {
            if child.isNamed(.assertion("Issuer")) || child.isNamed(.signature("Signature")) || child.isNamed(.protocol("Extensions")) {
                guard status == nil else { throw .malformed(ArtifactResponse.name, child.name.local) }
            } else if child.isNamed(.protocol("Status")) {
                guard status == nil else { throw .malformed(ArtifactResponse.name, "Status twice") }
                status = child
            } else {
                guard status != nil, carried == nil else { throw .malformed(ArtifactResponse.name, child.name.local) }
                carried = child
            }
        }
        let code = status?.child(.protocol("StatusCode"))?.attribute("Value") ?? ""
        guard code == SAMLStatus.prefix + SAMLStatus.Top.success.rawValue else { throw .artifactUnresolved(code) }
        guard let carried else { throw .artifactUnresolved("no message") }
        return carried
    }
}

extension ResolvedArtifact {
    /// For the store of paused journeys.
    package var bytes: [UInt8] {
        let facts: [(String, JSON)] = [("question", .string(question)), ("member", .string(member.text))]
        let head = JSON.object(facts + (relayState.map { [("relay-state", .string($0))] } ?? [])).text
        return Array(head.utf8) + [0x0a] + envelope
    }

    /// Nil when it is none of ours.
    package init?(bytes: [UInt8]) {
        // JSON has no raw line feed of its own, being compact.
        guard let end = bytes.firstIndex(of: 0x0a), let head = try? JSON(reading: Array(bytes[..<end])),
            let question = head["question"]?.string, let member = head["member"]?.string.flatMap({ MemberID($0) })
        else { return nil }
        self.question = question
        self.member = member
        relayState = head["relay-state"]?.string
        envelope = Array(bytes[(end + 1)...])
    }
}

extension UnverifiedAuthnRequest {
    /// By HTTP-Artifact (SAML Bindings §3.6): `provider` is the member that `resolved` names. The ArtifactResponse is proven here, at `now`;
    /// the request inside it by `verified`.
    package static func artifact(
        _ resolved: ResolvedArtifact, by provider: ServiceProvider?, at identityProvider: IdentityProvider, on now: Timestamp
    ) throws(SAMLRefusal) -> UnverifiedAuthnRequest {
        let message: IncomingMessage
        do {
            message = try resolved.message(by: provider, at: identityProvider, named: names, on: now)
        } catch {
            throw SAMLRefusal(error)
        }
        return try UnverifiedAuthnRequest(message)
    }
}
