import Cryptography
package import Vocabulary
import XML
import XMLSecurity

/// Judges one message the way the product would: requests through the very code that answers them, Responses as a careful service provider.
/// Pure: it believes the rules it is given and nothing in the message.
package struct MessageJudge: Sendable {
    package enum Role: String, Sendable, CaseIterable {
        /// Ours: requests of service providers, and their logout messages.
        case identityProvider = "idp"
        /// A service provider's: Responses, assertions, an identity provider's logout messages.
        case serviceProvider = "sp"
    }

    package enum Binding: String, Sendable, CaseIterable {
        case auto, redirect, post, soap, xml, metadata
    }

    let rules: JudgeRules
    let role: Role
    /// The member a request should come from; nil: one is made up from `rules`.
    let member: ServiceProvider?
    /// Somebody has to be the identity provider that is asked; it signs nothing here.
    let identity: SigningKeys
    /// The real one, with its addresses and limits, where there is a deployment.
    let identityProvider: IdentityProvider?

    package init(
        _ rules: JudgeRules, as role: Role, member: ServiceProvider? = nil, identity: SigningKeys,
        identityProvider: IdentityProvider? = nil
    ) {
        self.identityProvider = identityProvider
        self.rules = rules
        self.role = role
        self.member = member
        self.identity = identity
    }

    package func verdict(on message: [UInt8], by binding: Binding, at now: Timestamp) -> MessageVerdict {
        var verdict = MessageVerdict(binding: binding.rawValue)
        do throws(JudgeRefusal) {
            try judge(message, binding, now, &verdict)
        } catch {
            verdict.content = nil
            verdict.refusal = MessageVerdict.Refusal(error.layer, error.explanation)
        }
        return verdict
    }

    private func judge(
        _ message: [UInt8], _ binding: Binding, _ now: Timestamp, _ verdict: inout MessageVerdict
    ) throws(JudgeRefusal) {
        let sent = try JudgedMessage(message, binding, rules.limits)
        verdict.binding = sent.binding.rawValue
        if sent.binding == .metadata { return try MetadataJudge(rules: rules, now: now).judge(sent.xml, &verdict) }
        let root = try sent.root(rules.limits)
        verdict.claims = MessageClaims(root)
        let isAnswer = root.isNamed(.protocol("Response")) || root.isNamed(.protocol("ArtifactResponse"))
        guard isAnswer else {
            let names = role == .identityProvider ? RequestJudge.toIdentityProvider : RequestJudge.toServiceProvider
            guard root.name.namespace == Namespace.protocol, names.contains(root.name.local) else { throw .kind(root.name.local) }
            return try RequestJudge(self, now: now).judge(sent, root, &verdict)
        }
        guard role == .serviceProvider || root.name.local == "ArtifactResponse" else { throw .kind(root.name.local) }
        // SAML Profiles §4.1.2: a Response never comes by HTTP-Redirect.
        guard sent.binding != .redirect else { throw .kind("Response by HTTP-Redirect") }
        // SAML Bindings §3.5.4: an answer stands in SAMLResponse and nowhere else.
        if sent.binding == .post {
            let form = Array(sent.parameters(in: .response).utf8)
            do { _ = try PostMessage(form: form, fields: [.response], limits: rules.limits) } catch { throw .reason(error) }
        }
        var judge = ResponseJudge(rules, at: now)
        defer {
            verdict.verified = judge.verified
            verdict.unchecked = judge.unchecked
            verdict.notes = judge.notes
        }
        if root.isNamed(.protocol("Response")) {
            try judge.judge(root)
        } else {
            try ArtifactResponseJudge.judge(root, &judge)
        }
        verdict.content = judge.content
    }
}

/// The message a job gives, in the form that its binding has. Strict: what the product would not take, is not taken.
struct JudgedMessage {
    private enum Sent {
        /// A query or a form as it came.
        case parameters(String)
        /// A value, percent-encoded, whose field nobody said.
        case value(String)
    }

    let binding: MessageJudge.Binding
    private let sent: Sent
    let xml: [UInt8]
    /// The one child of a SOAP body.
    let body: XMLElement?

    init(_ message: [UInt8], _ asked: MessageJudge.Binding, _ limits: MessageLimits) throws(JudgeRefusal) {
        var binding = asked
        var text = String(decoding: message, as: UTF8.self)
        if binding == .auto {
            let pasted: PastedMessage
            do { pasted = try PastedMessage(message, limits: limits) } catch { throw .reason(.encoding(error.explanation.summary)) }
            switch pasted.form {
            case .query, .deflated: binding = .redirect
            case .form, .base64, .page: binding = .post
            case .envelope: binding = .soap
            case .metadata: binding = .metadata
            case .xml: binding = .xml
            case .artifact: throw .reason(.unexpected("SAMLart"))
            }
            if binding == .redirect || binding == .post { text = pasted.parameters }
        }
        if binding == .xml, ["EntityDescriptor", "EntitiesDescriptor"].contains(PasteReader.rootName(message[...])) { binding = .metadata }
        var sent = Sent.value("")
        var xml: [UInt8] = []
        var body: XMLElement?
        switch binding {
        case .redirect:
            sent = Self.taken(from: text)
            let query = Self.text(sent, in: .request)
            do { xml = try RedirectMessage(query: query, fields: Self.fields(query), limits: limits).xml } catch { throw .reason(error) }
        case .post:
            sent = Self.taken(from: text)
            let form = Self.text(sent, in: .request)
            let fields = Self.fields(form)
            do { xml = try PostMessage(form: Array(form.utf8), fields: fields, limits: limits).xml } catch { throw .reason(error) }
        case .soap:
            do throws(SOAPRefusal) { body = try SOAPEnvelope.body(of: message, limits: limits) } catch { throw .envelope(error) }
        case .metadata: xml = message
        case .xml, .auto:
            // A bare document is judged as the HTTP-POST that would carry it.
            guard message.count <= limits.message else { throw .reason(.tooLarge("message", limit: limits.message)) }
            sent = .value(Base64.encode(message).replacing("+", with: "%2B").replacing("=", with: "%3D"))
            xml = message
        }
        (self.binding, self.sent, self.xml, self.body) = (binding, sent, xml, body)
    }

    /// The raw query or form, for the doors that split them again. What came as a value alone stands in `field`, which is known when the
    /// root is.
    func parameters(in field: IncomingMessage.Field) -> String { Self.text(sent, in: field) }

    func root(_ limits: MessageLimits) throws(JudgeRefusal) -> XMLElement {
        if let body { return body }
        do { return try XMLDocument(parsing: xml, limits: limits.xml).root } catch { throw .reason(.xml(error)) }
    }

    private static func text(_ sent: Sent, in field: IncomingMessage.Field) -> String {
        switch sent {
        case .parameters(let text): text
        case .value(let value): field.rawValue + "=" + value
        }
    }

    /// What stands behind the `?` of an address, or a bare value.
    private static func taken(from text: String) -> Sent {
        var rest = text[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        if rest.hasPrefix("http://") || rest.hasPrefix("https://") || rest.hasPrefix("/"), let mark = rest.firstIndex(of: "?") {
            rest = rest[rest.index(after: mark)...]
            if let hash = rest.firstIndex(of: "#") { rest = rest[..<hash] }
        }
        if rest.contains("=SAML") || rest.contains("&") || rest.contains("SAMLRequest") || rest.contains("SAMLResponse") {
            return .parameters(String(rest))
        }
        // Base64 may end in `=`, and begins with no name of ours.
        return .value(PercentEncoding.encode(String(rest)))
    }

    /// The one field whose presence the text shows; both beside each other are refused further down.
    private static func fields(_ text: String) -> Set<IncomingMessage.Field> {
        let names = text.split(separator: "&").map { pair in pair.prefix { $0 != "=" } }
        return names.contains("SAMLResponse") && !names.contains("SAMLRequest") ? [.response] : [.request]
    }
}

extension MessageJudge {
    /// Who takes a message of this kind: requests come to an identity provider, everything else to a service provider.
    package static func role(for message: [UInt8]) -> Role {
        guard let pasted = try? PastedMessage(message), pasted.form != .metadata, let root = try? XMLDocument(parsing: pasted.xml).root
        else {
            return .serviceProvider
        }
        let inner = root.name.local == "Envelope" ? root.children.last?.children.first ?? root : root
        return ["AuthnRequest", "ArtifactResolve", "AttributeQuery"].contains(inner.name.local) ? .identityProvider : .serviceProvider
    }

    /// The Issuer a document claims, for looking its sender up; nil when it cannot be read.
    package static func issuer(of xml: [UInt8]) -> String? {
        guard let root = try? XMLDocument(parsing: xml).root else { return nil }
        return MessageClaims(root.name.local == "Envelope" ? root.children.last?.children.first ?? root : root).issuer
    }
}
