import Cryptography
import SignOn
import Vocabulary
import XML
import XMLSecurity

/// Requests and logout messages, judged by the code that answers them: `IncomingMessage.proven` and `UnverifiedAuthnRequest.verified`.
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
        let own = judge.identityProvider.map { published(for: message, by: sent.binding, of: $0.endpoints) }
        let address = rules.address ?? own ?? root.attribute("Destination") ?? "https://idp.invalid/"
        if rules.address == nil, own == nil { verdict.unchecked.append("destination") }
        // Where only the signature is judged, the message is judged at the moment it says it was made.
        let moment = rules.depth == .full ? now : Timestamp(root.attribute("IssueInstant") ?? "") ?? now
        let sender = try sender(message, root, &verdict)
        let identityProvider = judge.identityProvider ?? identityProvider(address, of: message)
        guard message.name == "AuthnRequest" else {
            let clause = message.name.hasPrefix("Logout") ? "SAML Profiles §4.4.3.1, §4.4.3.4" : "SAML Bindings §3.2.2, §3.6.5"
            let proven: ProvenMessage
            do {
                proven = try message.proven(by: sender, at: identityProvider, address: address, signature: .always(clause), at: moment)
            } catch { throw .reason(error) }
            try read(proven, &verdict)
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
            case .redirect: return try .redirect(query: sent.query, in: [field], named: names, limits: rules.limits)
            case .soap: return try .soap(root, named: names)
            default: return try .post(form: sent.form, in: [field], named: names, limits: rules.limits)
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
        if judge.member != nil || judge.identityProvider != nil {
            return judge.member.flatMap { $0.entityID == message.issuer ? $0 : nil }
        }
        if let expected = rules.issuer {
            guard message.issuer.text.hasSameBytes(as: expected) else { return nil }
        } else {
            verdict.unchecked.append("issuer")
        }
        var locations = rules.consumers
        if locations.isEmpty {
            verdict.unchecked.append("acs")
            locations = [root.attribute("AssertionConsumerServiceURL") ?? "https://sp.invalid/"]
        }
        let index = root.attribute("AssertionConsumerServiceIndex").flatMap { Int($0) } ?? 0
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
            signingKeys: judge.identity, skew: rules.skew, lifetimes: lifetimes, limits: rules.limits)
    }

    /// What a logout message or a query says, for the verdict.
    private func read(_ message: ProvenMessage, _ verdict: inout MessageVerdict) throws(JudgeRefusal) {
        verdict.facts.append(("signed", String(message.isSigned)))
        if let answered = message.header.inResponseTo { verdict.facts.append(("in-response-to", answered)) }
        guard message.element.name.local == "LogoutRequest" else { return }
        if let end = message.element.attribute("NotOnOrAfter"), rules.depth == .full {
            guard let moment = Timestamp(end) else { throw .malformed("NotOnOrAfter", end) }
            guard now < moment.adding(seconds: rules.skew) else { throw .expired("LogoutRequest NotOnOrAfter", end, now: now) }
        }
        var names = message.element.children(.assertion("NameID"))
        if let hidden = message.element.child(.assertion("EncryptedID")) {
            let opened: XMLElement
            do {
                opened = try XMLEncryption.decrypt(
                    hidden, with: rules.decryptionKeys, allowing: rules.ciphers, limits: rules.limits.xml
                ).root
            } catch { throw .encryption(error) }
            guard opened.isNamed(.assertion("NameID")) else { throw .malformed("EncryptedID", opened.name.local) }
            names.append(opened)
        }
        guard let name = names.first, names.count == 1 else { throw .subject("not one NameID") }
        var content = JudgedContent()
        content.issuer = message.header.issuer.text
        content.name = JudgedName(
            value: try JudgeReader.text(name), format: name.attribute("Format"), nameQualifier: name.attribute("NameQualifier"),
            spNameQualifier: name.attribute("SPNameQualifier"))
        content.sessionIndex = message.element.child(.protocol("SessionIndex")).map { Lexical.trimmed($0.text) }
        verdict.content = content
    }
}
