import Cryptography
import SignOn
import Vocabulary
import XML
import XMLSecurity

/// Requests and logout messages, judged by the code that answers them: `IncomingMessage.proven`, `UnverifiedAuthnRequest.verified`, and the
/// readers of logout messages, artifacts and queries.
struct RequestJudge {
    static let toIdentityProvider: Set<String> = ["AuthnRequest", "LogoutRequest", "LogoutResponse", "ArtifactResolve", "AttributeQuery"]
    static let toServiceProvider: Set<String> = ["LogoutRequest", "LogoutResponse"]

    private let judge: MessageJudge
    private let now: Timestamp
    private var rules: JudgeRules { judge.rules }

    init(_ judge: MessageJudge, now: Timestamp) {
        self.judge = judge
        self.now = now
    }

    func judge(_ sent: JudgedMessage, _ root: XMLElement, _ verdict: inout MessageVerdict) throws(JudgeRefusal) {
        let message = try message(sent, root)
        try report(message, root, &verdict)
        if !rules.algorithms.isSubset(of: Set<SignatureAlgorithm>.modernXMLSignatures) {
            verdict.notes.append("SHA-1 stays refused here: requests and logout messages are judged by the code that answers them")
        }
        let own = judge.identityProvider.map { published(for: message, by: sent.binding, of: $0.endpoints) }
        let address = rules.address ?? own ?? root.attribute("Destination") ?? "https://idp.invalid/"
        if rules.address == nil, own == nil { verdict.unchecked.append("destination") }
        // Where only the signature is judged, the message is judged at the moment it says it was made.
        let moment = rules.depth == .full ? now : Lexical.moment(root.attribute("IssueInstant") ?? "") ?? now
        let sender = try sender(message, root, &verdict)
        let identityProvider = judge.identityProvider ?? identityProvider(address, of: message)
        guard message.name == "AuthnRequest" else {
            let clause = message.name.hasPrefix("Logout") ? "SAML Profiles §4.4.3.1, §4.4.3.4" : "SAML Bindings §3.2.2, §3.6.5"
            let proven: ProvenMessage
            do {
                proven = try message.proven(by: sender, at: identityProvider, address: address, signature: .always(clause), at: moment)
            } catch { throw .reason(error) }
            try read(proven, at: identityProvider, moment, &verdict)
            return
        }
        do throws(SAMLRefusal) {
            let request = try UnverifiedAuthnRequest(message).verified(for: sender, at: identityProvider, at: moment)
            verdict.facts = [
                ("answer-to", request.acs.location), ("answer-binding", request.acs.binding), ("name-id", request.nameIDKind.rawValue),
                ("force-authn", String(request.ask.forceAuthentication)), ("is-passive", String(request.ask.passive)),
                ("signed", String(request.isSigned)),
            ]
        } catch {
            if let answer = error.answer {
                verdict.notes.append(
                    "the member is told, at \(answer.back.consumer.location): \(answer.status.top.rawValue), \(answer.status.second?.rawValue ?? "no second level")"
                )
            } else {
                verdict.notes.append("nothing is sent to the member; the person sees a page with the code")
            }
            throw .reason(error.reason)
        }
    }

    private func message(_ sent: JudgedMessage, _ root: XMLElement) throws(JudgeRefusal) -> IncomingMessage {
        let names = judge.role == .identityProvider ? Self.toIdentityProvider : Self.toServiceProvider
        do throws(SAMLRefusal.Reason) {
            let field: IncomingMessage.Field = root.name.local.hasSuffix("Response") ? .response : .request
            switch sent.binding {
            case .redirect: return try .redirect(query: sent.parameters(in: field), in: [field], named: names, limits: rules.limits)
            case .soap: return try .soap(root, named: names)
            default: return try .post(form: Array(sent.parameters(in: field).utf8), in: [field], named: names, limits: rules.limits)
            }
        } catch { throw .reason(error) }
    }

    /// The address of ours that takes this message by this binding.
    private func published(for message: IncomingMessage, by binding: MessageJudge.Binding, of endpoints: Endpoints) -> String {
        switch (message.name, binding) {
        case ("AuthnRequest", .redirect): endpoints.singleSignOnRedirect
        case ("AuthnRequest", _): endpoints.singleSignOnPost
        case ("ArtifactResolve", _): endpoints.artifactResolution
        case ("AttributeQuery", _): endpoints.attributeQuery
        case (_, .soap): endpoints.singleLogoutSOAP
        case (_, .redirect): endpoints.singleLogoutRedirect
        default: endpoints.singleLogoutPost
        }
    }

    /// Signatures are verified once more for the record, so that a verdict that refuses for another reason still names what was signed.
    private func report(_ message: IncomingMessage, _ root: XMLElement, _ verdict: inout MessageVerdict) throws(JudgeRefusal) {
        let keys = judge.member?.signingKeys ?? rules.keys
        if let query = message.querySignature, let key = query.key(among: keys) {
            verdict.verified = [
                VerifiedPart(
                    element: root.name.local, id: root.attribute("ID") ?? "", digestMethod: "SHA-256 of the octets signed",
                    digest: Base64.encode(Digest.sha256(query.octets)), algorithm: query.algorithm, key: key, wasEncrypted: false,
                    isQuery: true)
            ]
        } else if let signature = root.child(.signature("Signature")), let proven = try? EnvelopedSignature.verify(root, keys: keys) {
            verdict.verified = [VerifiedPart(proven, signature: signature, wasEncrypted: false)]
        }
    }

    private func sender(
        _ message: IncomingMessage, _ root: XMLElement, _ verdict: inout MessageVerdict
    ) throws(JudgeRefusal) -> ServiceProvider? {
        verdict.isByMetadata = judge.member != nil
        if let expected = rules.issuer, !message.issuer.text.hasSameBytes(as: expected) { return nil }
        if judge.member != nil || judge.identityProvider != nil {
            guard let member = judge.member, member.entityID == message.issuer else { return nil }
            return rules.isSignatureDue ? member.signing(onlyWith: member.signingKeys) : member
        }
        if rules.issuer == nil { verdict.unchecked.append("issuer") }
        var locations = rules.consumers
        if locations.isEmpty {
            verdict.unchecked.append("acs")
            locations = [root.attribute("AssertionConsumerServiceURL") ?? "https://sp.invalid/"]
        }
        let index = root.attribute("AssertionConsumerServiceIndex").flatMap { UInt16(Lexical.trimmed($0)) }.map(Int.init) ?? 0
        return ServiceProvider(
            entityID: message.issuer,
            consumers: locations.enumerated().map {
                AssertionConsumer(index: $0.offset + index, binding: Binding.post, location: $0.element, isDefault: nil)
            },
            signingKeys: rules.keys, encryptionKeys: [], authnRequestsSigned: rules.isSignatureDue, wantAssertionsSigned: false,
            nameIDFormats: [], validUntil: nil, facts: MemberFacts(), development: true)
    }

    private func identityProvider(_ address: String, of message: IncomingMessage) -> IdentityProvider {
        var lifetimes = SAMLLifetimes()
        lifetimes.request = rules.lifetime
        return IdentityProvider(
            entityID: rules.audience.flatMap { MemberID($0) } ?? message.issuer,
            endpoints: Endpoints(base: "https://idp.invalid", singleSignOnRedirect: address, singleSignOnPost: address),
            signingKeys: judge.identity,
            // Published to nobody, and so without certificates.
            encryption: rules.decryptionKeys.enumerated().map { number, key in
                DecryptionKey(name: "given-\(number)", key: key, certificate: [])
            },
            skew: rules.skew, lifetimes: lifetimes, limits: rules.limits)
    }

    /// What a message other than an AuthnRequest says, for the verdict; what its own door refuses is refused.
    private func read(
        _ message: ProvenMessage, at identityProvider: IdentityProvider, _ moment: Timestamp, _ verdict: inout MessageVerdict
    ) throws(JudgeRefusal) {
        verdict.facts.append(("signed", String(message.isSigned)))
        if let answered = message.header.inResponseTo { verdict.facts.append(("in-response-to", answered)) }
        do throws(SAMLRefusal.Reason) {
            switch message.element.name.local {
            case LogoutName.request: try read(logout: message, at: identityProvider, moment, &verdict)
            case LogoutName.response:
                // A member that could not end the session says so in a message that is taken.
                let response = try LogoutResponseMessage(reading: message, limits: identityProvider.limits)
                verdict.facts.append(("status", response.status))
                verdict.facts.append(("ended", String(response.hasEnded)))
            case ArtifactResolve.name:
                let resolve = try ArtifactResolve(reading: message, limits: identityProvider.limits)
                verdict.facts.append(("artifact-endpoint", String(resolve.artifact.endpoint)))
            case AttributeQuery.name:
                let query = try AttributeQueryMessage(
                    reading: message.element, at: identityProvider, at: moment,
                    ciphers: rules.ciphers.union(message.sender.options.ciphers.ofNames))
                verdict.facts.append(("attributes", query.wishes.isEmpty ? "all" : query.wishes.map(\.name).joined(separator: " ")))
                verdict.content = content(of: message, naming: query.name)
            default: throw .wrongKind(message.element.name.local, expected: "a logout message, ArtifactResolve or AttributeQuery")
            }
        } catch { throw .reason(error) }
        guard rules.depth == .full, message.element.name.local == LogoutName.response else { return }
        guard let expected = rules.inResponseTo else { return verdict.unchecked.append("in_response_to") }
        let answered = message.header.inResponseTo
        guard answered.map({ $0.hasSameBytes(as: expected) }) == true else { throw .inResponseTo(answered, expected: expected) }
    }

    private func read(
        logout message: ProvenMessage, at identityProvider: IdentityProvider, _ moment: Timestamp, _ verdict: inout MessageVerdict
    ) throws(SAMLRefusal.Reason) {
        let request = try LogoutRequestMessage(
            reading: message.element, at: identityProvider, at: moment,
            ciphers: rules.ciphers.union(message.sender.options.ciphers.ofNames))
        if rules.depth == .full, let end = request.notOnOrAfter, end.adding(seconds: identityProvider.skew) <= now {
            throw .logoutExpired(end, now: now)
        }
        var content: JudgedContent
        switch request.principal {
        case .name(let name): content = self.content(of: message, naming: name)
        case .unknown(let what):
            content = self.content(of: message, naming: nil)
            verdict.notes.append("the request names nobody whom we could know: \(what)")
        }
        content.sessionIndex = request.sessionIndexes.first
        verdict.content = content
    }

    private func content(of message: ProvenMessage, naming name: MemberName?) -> JudgedContent {
        var content = JudgedContent()
        content.issuer = message.header.issuer.text
        content.name = name.map {
            JudgedName(value: $0.text, format: $0.format, nameQualifier: $0.nameQualifier, spNameQualifier: $0.spNameQualifier)
        }
        return content
    }
}
