import Cryptography
package import SignOn
package import Vocabulary
import XML
import XMLSecurity

/// A signed logout message of ours on its way to a registered address.
package struct OutgoingLogout: Sendable {
    package enum Carrier: Sendable {
        /// The whole address for the browser.
        case redirect(String)
        /// A form: the message goes in Base64 into the field `name`.
        case post(destination: String, name: String, message: [UInt8], relayState: String?)
        /// An envelope; for a request `address` is where it goes, for an answer it is empty.
        case soap(address: String, envelope: [UInt8])
    }

    /// The message's ID: what an answer to it names.
    package let id: String
    package let carrier: Carrier
}

extension ServiceProvider {
    /// Asks this member to end its part in a session (SAML Core §3.7.1): the NameID exactly as it was issued, in clear (SDP-IDP24), with its
    /// SessionIndex. By SOAP for `.back`, else by the browser with `relayState`. Nil when the member has no address for that.
    package func logoutRequest(
        ending participation: Participation, by channel: LogoutChannel, because cause: LogoutCause, relayState: String?,
        from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> OutgoingLogout? {
        let service = channel == .back ? logoutServices.first { $0.binding == LogoutName.soap } : frontLogoutService
        guard let service else { return nil }
        let id = MessageID.fresh(using: &random)
        let issuedAt = now.wholeSeconds
        let name = participation.name
        let qualifiers = [("Format", name.format), ("NameQualifier", name.nameQualifier), ("SPNameQualifier", name.spNameQualifier)]
        let request = XMLTag(
            "samlp", Namespace.protocol, LogoutName.request,
            attributes: [
                ("ID", id), ("Version", "2.0"), ("IssueInstant", issuedAt.text), ("Destination", service.location),
                ("NotOnOrAfter", issuedAt.adding(seconds: identityProvider.lifetimes.assertion).text), ("Reason", cause.rawValue),
            ],
            children: [
                .element(.issuer(identityProvider)),
                .element(
                    XMLTag(
                        "saml", Namespace.assertion, "NameID",
                        attributes: qualifiers.compactMap { name, value in value.map { (name, $0) } }, text: name.text)),
                .element(XMLTag("samlp", Namespace.protocol, "SessionIndex", text: participation.sessionIndex)),
            ])
        return OutgoingLogout(
            id: id,
            carrier: try carrier(
                request, "SAMLRequest", by: service.binding, to: service.location, relayState, from: identityProvider, at: now))
    }

    /// Our answer to its request `id` (Core §3.7.2). Nil where a browser would have to carry it and the member has no address for that.
    private func logoutResponse(
        to id: String, by binding: MessageBinding, _ status: XMLTag, relayState: String?, from identityProvider: IdentityProvider,
        at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> OutgoingLogout? {
        let service = binding == .soap ? nil : logoutReturn(binding)
        guard service != nil || binding == .soap else { return nil }
        let own = MessageID.fresh(using: &random)
        let destination = service.map { [("Destination", $0.answers)] } ?? []
        let response = XMLTag(
            "samlp", Namespace.protocol, LogoutName.response,
            attributes: [("ID", own), ("Version", "2.0"), ("IssueInstant", now.wholeSeconds.text), ("InResponseTo", id)] + destination,
            children: [.element(.issuer(identityProvider)), .element(status)])
        return OutgoingLogout(
            id: own,
            carrier: try carrier(
                response, "SAMLResponse", by: service?.binding ?? LogoutName.soap, to: service?.answers ?? "", relayState,
                from: identityProvider, at: now))
    }

    private func carrier(
        _ message: XMLTag, _ field: String, by binding: String, to address: String, _ relayState: String?,
        from identityProvider: IdentityProvider, at now: Timestamp
    ) throws(AnswerFailure) -> OutgoingLogout.Carrier {
        let key = identityProvider.signingKey(for: self, at: now)
        if binding != LogoutName.soap, !WebAddress.isAllowed(address, development: development) { throw .address(address) }
        switch binding {
        case Binding.redirect:
            return .redirect(try SignedQuery(message.canonicalBytes(), field, relayState, key).address(address))
        case Binding.post:
            return .post(
                destination: address, name: field, message: try key.signed(message, as: options).canonicalBytes(), relayState: relayState)
        default:
            return .soap(address: address, envelope: SOAPEnvelope.wrap(try key.signed(message, as: options)))
        }
    }

    fileprivate func answer(
        to id: String, by binding: MessageBinding, top: String, second: String?, message: String?, relayState: String?,
        from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> OutgoingLogout? {
        func code(_ value: String, _ inner: [XMLNode]) -> XMLNode {
            .element(
                XMLTag("samlp", Namespace.protocol, "StatusCode", attributes: [("Value", SAMLStatus.prefix + value)], children: inner))
        }
        let text = message.map { [XMLNode.element(XMLTag("samlp", Namespace.protocol, "StatusMessage", text: $0))] } ?? []
        let status = XMLTag(
            "samlp", Namespace.protocol, "Status", children: [code(top, second.map { [code($0, [])] } ?? [])] + text)
        return try logoutResponse(to: id, by: binding, status, relayState: relayState, from: identityProvider, at: now, using: &random)
    }
}

extension VerifiedLogoutRequest {
    /// The answer that every sender gets: Success, with `PartialLogout` below it when some member's session is still open (Core §3.7.3.2).
    /// Nil when none is wanted, or the sender has no address for one.
    package func response(
        _ outcome: LogoutProgress.Outcome, from identityProvider: IdentityProvider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> OutgoingLogout? {
        try answer("Success", outcome == .partial ? "PartialLogout" : nil, nil, from: identityProvider, at: now, using: &random)
    }

    /// The answer to a message that came a second time: nothing was done because of it. Nil as above.
    package func replayed(
        from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> OutgoingLogout? {
        try answer(
            "Requester", "RequestDenied", "saml.request.replayed: a request with this ID came before", from: identityProvider, at: now,
            using: &random)
    }

    /// The answer where a session of the sender is open and the request names it by another identifier: nothing has ended (Core §3.2.2.2,
    /// Profiles §4.4.4.1). Nil as above.
    package func unknownPrincipal(
        from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> OutgoingLogout? {
        try answer(
            "Requester", "UnknownPrincipal", Self.otherName.code + ": " + Self.otherName.summary, from: identityProvider, at: now,
            using: &random)
    }

    private func answer(
        _ top: String, _ second: String?, _ message: String?, from identityProvider: IdentityProvider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> OutgoingLogout? {
        // Over SOAP the exchange itself is an answer; the extension speaks of bindings that have none.
        guard !isAsynchronous || binding == .soap else { return nil }
        return try sender.answer(
            to: id, by: binding, top: top, second: second, message: message, relayState: relayState, from: identityProvider, at: now,
            using: &random)
    }

    package static let otherName = Explanation(
        "saml.logout.other-name", "the LogoutRequest names the citizen otherwise than the assertion did: nothing has ended",
        clause: "SAML Core §3.2.2.2, §3.7.1; SAML Profiles §4.4.4.1",
        remedy: "send the NameID of the assertion with its Format and qualifiers as they were, and its SessionIndex")
}

extension RefusedLogoutRequest {
    package func response(
        from identityProvider: IdentityProvider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> OutgoingLogout? {
        let explanation = reason.explanation
        return try sender.answer(
            to: id, by: binding, top: "Requester", second: nil, message: explanation.code + ": " + explanation.summary,
            relayState: relayState, from: identityProvider, at: now, using: &random)
    }
}
