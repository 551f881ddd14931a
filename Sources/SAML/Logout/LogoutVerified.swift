package import SignOn
package import Vocabulary
import XML

/// Proof that a registered member wants its citizen logged out, just now. Never stored.
package struct VerifiedLogoutRequest: Sendable {
    package let sender: ServiceProvider
    package let id: String
    /// What it calls the citizen; nil when it names somebody we cannot know, whom we answer all the same.
    package let name: MemberName?
    package let sessionIndexes: [String]
    /// No answer is wanted (Asynchronous Single Logout 1.0).
    package let isAsynchronous: Bool
    package let reason: String?
    package let binding: MessageBinding
    package let relayState: String?
    package let replayKey: (scope: String, key: String, until: Timestamp)
    private let identityProviderID: MemberID

    fileprivate init(_ proven: ProvenMessage, _ message: LogoutRequestMessage, _ identityProvider: IdentityProvider) {
        sender = proven.sender
        id = proven.header.id
        name =
            switch message.principal {
            case .name(let name): name
            case .unknown: nil
            }
        sessionIndexes = message.sessionIndexes
        isAsynchronous = message.isAsynchronous
        reason = message.reason
        binding = proven.binding
        relayState = proven.relayState
        replayKey = proven.replayKey
        identityProviderID = identityProvider.entityID
    }

    /// Whether an answer goes by the citizen's browser.
    package var answersByBrowser: Bool { binding != .soap && !isAsynchronous && sender.logoutReturn(binding) != nil }

    /// Whether the request speaks of this participation of its sender. The identifier must be the one we gave; what the sender left out of
    /// its qualifiers and format matches, as stacks leave them out (Core §3.7.1, §8.3; checklist §1.4).
    package func names(_ participation: Participation) -> Bool {
        guard let name, mayMean(participation) else { return false }
        return name.means(participation.name, of: sender.entityID, from: identityProviderID)
    }

    /// Whether the request has the text that this participation of its sender goes by, in a session it does not leave out, whatever
    /// format and qualifiers it gives: some stacks send others than they were given (php-saml, node-saml).
    package func mayMean(_ participation: Participation) -> Bool {
        guard let name, participation.member == sender.entityID, participation.name.tongue == .saml,
            participation.name.text.hasSameBytes(as: name.text)
        else { return false }
        return mayMean(session: participation.sessionIndex)
    }

    /// Whether it names this session, or none.
    package func mayMean(session index: String) -> Bool {
        sessionIndexes.isEmpty || sessionIndexes.contains { $0.hasSameBytes(as: index) }
    }
}

/// Proof that its sender is who it says, but what it asks cannot be done: the sender is told (checklist §1.4: always an answer).
package struct RefusedLogoutRequest: Error, Sendable {
    package let sender: ServiceProvider
    package let id: String
    package let binding: MessageBinding
    package let relayState: String?
    package let reason: SAMLRefusal.Reason

    fileprivate init(_ proven: ProvenMessage, _ reason: SAMLRefusal.Reason) {
        sender = proven.sender
        id = proven.header.id
        binding = proven.binding
        relayState = proven.relayState
        self.reason = reason
    }
}

/// What a member answered to one of our requests.
package struct VerifiedLogoutResponse: Sendable {
    package let sender: ServiceProvider
    /// The request of ours that it answers.
    package let inResponseTo: String
    /// Success, or that it knows nobody of this name: in either case nothing of the citizen's is open there.
    package let hasEnded: Bool
    /// The status codes as sent, without their prefix; for the record.
    package let status: String

    fileprivate init(_ proven: ProvenMessage, _ message: LogoutResponseMessage) {
        sender = proven.sender
        inResponseTo = message.inResponseTo
        status = message.status
        hasEnded = message.hasEnded
    }
}

/// A message at the logout address as it came: a member's request, or its answer to ours.
package struct UnverifiedLogoutMessage: Sendable {
    private let message: IncomingMessage

    private static let names: Set<String> = [LogoutName.request, LogoutName.response]

    /// By HTTP-Redirect: `query` exactly as received.
    package static func redirect(query: String, limits: MessageLimits = .standard) throws(SAMLRefusal.Reason) -> UnverifiedLogoutMessage {
        UnverifiedLogoutMessage(
            message: try IncomingMessage.redirect(query: query, in: [.request, .response], named: names, limits: limits))
    }

    /// By HTTP-POST: `form` is the body exactly as received.
    package static func post(form: [UInt8], limits: MessageLimits = .standard) throws(SAMLRefusal.Reason) -> UnverifiedLogoutMessage {
        UnverifiedLogoutMessage(message: try IncomingMessage.post(form: form, in: [.request, .response], named: names, limits: limits))
    }

    /// A request by SOAP: `bytes` is the envelope.
    package static func soap(_ bytes: [UInt8], limits: MessageLimits = .standard) throws(SOAPRefusal) -> UnverifiedLogoutMessage {
        let body = try SOAPEnvelope.body(of: bytes, limits: limits)
        do {
            return UnverifiedLogoutMessage(message: try IncomingMessage.soap(body, named: [LogoutName.request]))
        } catch {
            throw .message(error)
        }
    }

    /// The answer of a member to our request by SOAP.
    package static func soapResponse(_ bytes: [UInt8], limits: MessageLimits = .standard) throws(SOAPRefusal) -> UnverifiedLogoutMessage {
        let body = try SOAPEnvelope.body(of: bytes, limits: limits)
        do {
            return UnverifiedLogoutMessage(message: try IncomingMessage.soap(body, named: [LogoutName.response]))
        } catch {
            throw .message(error)
        }
    }

    package var isResponse: Bool { message.name == LogoutName.response }
    /// For the look-up and nothing more.
    package var issuer: MemberID { message.issuer }
    /// Unproven; where our page carried the logout's id to the member and back.
    package var relayState: String? { message.relayState }

    /// Proves a request. What is wrong before the sender is proven is thrown as a `Reason` and shown to nobody but the person at the browser;
    /// what is wrong behind it comes back as a refusal that the sender is told.
    package func request(
        from provider: ServiceProvider?, at identityProvider: IdentityProvider, at now: Timestamp
    ) throws(SAMLRefusal.Reason) -> Result<VerifiedLogoutRequest, RefusedLogoutRequest> {
        guard !isResponse else { throw .wrongKind(message.name, expected: LogoutName.request) }
        let proven = try message.proven(
            by: provider, at: identityProvider, address: address(identityProvider), signature: .always(LogoutName.signed), at: now)
        do throws(SAMLRefusal.Reason) {
            // Only now, when all of it is the sender's: nobody else can ask about a plaintext with changed ciphertexts (checklist A20).
            let read = try LogoutRequestMessage(
                reading: proven.element, at: identityProvider, at: now,
                ciphers: proven.sender.options.ciphers.ofNames)
            if let end = read.notOnOrAfter, end.adding(seconds: identityProvider.skew) <= now { throw .logoutExpired(end, now: now) }
            return .success(VerifiedLogoutRequest(proven, read, identityProvider))
        } catch {
            return .failure(RefusedLogoutRequest(proven, error))
        }
    }

    /// Proves an answer: signed by the member where a browser carried it; over SOAP the member may leave that to the TLS connection that we
    /// opened to its registered address (Profiles §4.4.4.2).
    package func response(
        from provider: ServiceProvider?, at identityProvider: IdentityProvider, at now: Timestamp
    ) throws(SAMLRefusal.Reason) -> VerifiedLogoutResponse {
        guard isResponse else { throw .wrongKind(message.name, expected: LogoutName.response) }
        let proven = try message.proven(
            by: provider, at: identityProvider, address: address(identityProvider),
            signature: message.binding == .soap ? .asDeclared : .always("SAML Profiles §4.4.4.2"), at: now)
        return VerifiedLogoutResponse(proven, try LogoutResponseMessage(reading: proven, limits: identityProvider.limits))
    }

    private func address(_ identityProvider: IdentityProvider) -> String {
        switch message.binding {
        case .redirect: identityProvider.endpoints.singleLogoutRedirect
        case .post: identityProvider.endpoints.singleLogoutPost
        case .soap, .artifact: identityProvider.endpoints.singleLogoutSOAP
        }
    }
}
