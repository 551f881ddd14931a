import Cryptography
import SignOn
package import Vocabulary
import XML
import XMLSecurity

/// Somebody invented, whom the sandbox speaks of.
package struct SandboxCitizen: Hashable, Sendable {
    /// One word in ASCII.
    package let id: String
    /// By SAML names, format `uri`.
    package let attributes: [(name: String, value: String)]

    package init(id: String, attributes: [(name: String, value: String)]) {
        self.id = id
        self.attributes = attributes
    }

    package static func == (left: SandboxCitizen, right: SandboxCitizen) -> Bool { left.id == right.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension VerifiedAuthnRequest {
    /// A Response of the sandbox: right, or wrong in the one way that `fault` says. `sandbox` is an identity provider with a name and keys of
    /// its own: what it signs proves nothing to anybody who trusts the platform. `stranger` is in nobody's metadata. Goes, like every
    /// answer, to a proven address of the member alone.
    package func response(
        _ fault: WrongResponse, about citizen: SandboxCitizen, contextClass: String, from sandbox: IdentityProvider,
        stranger: SAMLSigningKey, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> SAMLAnswer {
        let key = fault == .otherKey ? stranger : sandbox.signingKey(for: serviceProvider, at: now)
        let draft = ResponseDraft(
            request: self, fault: fault, citizen: citizen, contextClass: contextClass, issuer: sandbox.entityID.text,
            now: now.wholeSeconds,
            assertionID: MessageID.fresh(using: &random), responseID: MessageID.fresh(using: &random))
        let xml: [UInt8]
        switch fault {
        case .wrappedBefore, .wrappedAfter:
            xml = try draft.wrapped(by: key, secondID: MessageID.fresh(using: &random), thirdID: MessageID.fresh(using: &random))
        case .altered: xml = draft.altering(try draft.whole(signedBy: key, using: &random))
        case .doctype: xml = Array("<!DOCTYPE Response>".utf8) + (try draft.whole(signedBy: key, using: &random))
        case .unsigned: xml = try draft.whole(signedBy: nil, using: &random)
        default: xml = try draft.whole(signedBy: key, using: &random)
        }
        guard WebAddress.isAllowed(acs.location, development: serviceProvider.development) else { throw .address(acs.location) }
        return SAMLAnswer(
            id: draft.responseID, binding: .post, destination: acs.location, member: serviceProvider.entityID, relayState: relayState,
            xml: xml, name: nil, released: citizen.attributes.map(\.name))
    }
}

/// One answer of the sandbox before it is signed.
private struct ResponseDraft {
    let request: VerifiedAuthnRequest
    let fault: WrongResponse
    let citizen: SandboxCitizen
    let contextClass: String
    let issuer: String
    let now: Timestamp
    let assertionID: String
    let responseID: String

    /// Nobody has this name, and a name of its length for every citizen: what a forger would put in.
    private static let stranger = "https://stranger.example"

    private var provider: ServiceProvider { request.serviceProvider }

    /// Pairwise, as the platform's are, and the same at every login.
    private func name(_ id: String) -> String {
        "sandbox-" + Hexadecimal.encode(Digest.sha256(Array((id + " " + provider.entityID.text).utf8)).prefix(16))
    }

    /// Signed as the member is registered, and encrypted where it is registered so.
    func whole(signedBy key: SAMLSigningKey?, using random: inout some RandomNumberGenerator) throws(AnswerFailure) -> [UInt8] {
        let assertion = assertion(assertionID, about: citizen.id)
        let signed: XMLTag
        if let key, provider.signing != .response {
            signed = try key.signed(assertion, as: provider.options)
        } else {
            signed = assertion
        }
        var bytes = signed.canonicalBytes()
        switch request.encryption {
        // What was changed on the way could be read on the way.
        case .encrypted(let encryptor, _, _) where fault != .altered: bytes = try encryptor.sealedAssertion(bytes, using: &random)
        case .encrypted, .clear: break
        case .impossible(let gap): throw .encryption(gap.explanation.code)
        }
        let template = XMLTemplate(response(responseID, [.text(XMLTemplate.place)], [.text(XMLTemplate.inner)]))
        guard let key, provider.signing != .assertion else { return template.filled([], around: bytes).bytes }
        return try key.signed(template, [], around: bytes, identifier: responseID, as: provider.options)
    }

    /// The name of another citizen, of the same length, in what was signed.
    func altering(_ bytes: [UInt8]) -> [UInt8] {
        let honest = Array(name(citizen.id).utf8)
        let forged = Array(name("somebody else").utf8)
        var bytes = bytes
        var place = bytes.startIndex
        while place + honest.count <= bytes.endIndex {
            if bytes[place..<place + honest.count].elementsEqual(honest) {
                bytes.replaceSubrange(place..<place + honest.count, with: forged)
            }
            place += 1
        }
        return bytes
    }

    /// What was signed, as good as ever, inside a message that speaks of somebody else.
    func wrapped(by key: SAMLSigningKey, secondID: String, thirdID: String) throws(AnswerFailure) -> [UInt8] {
        let forged = XMLNode.element(assertion(secondID, about: "somebody else"))
        guard provider.signing != .response else {
            // The whole honest Response lies in the extensions of the forged one.
            let honest = try key.signed(
                response(thirdID, [], [.element(assertion(assertionID, about: citizen.id))]), as: provider.options)
            return response(responseID, [.element(extensions([.element(honest)]))], [forged]).canonicalBytes()
        }
        let honest = XMLNode.element(try key.signed(assertion(assertionID, about: citizen.id), as: provider.options))
        return fault == .wrappedBefore
            ? response(responseID, [.element(extensions([honest]))], [forged]).canonicalBytes()
            : response(responseID, [], [forged, honest]).canonicalBytes()
    }

    private func extensions(_ children: [XMLNode]) -> XMLTag {
        XMLTag("samlp", Namespace.protocol, "Extensions", children: children)
    }

    private func response(_ id: String, _ head: [XMLNode], _ body: [XMLNode]) -> XMLTag {
        var attributes = [
            ("ID", id), ("Version", "2.0"), ("IssueInstant", now.text),
            ("Destination", fault == .wrongDestination ? Self.stranger + "/acs" : request.acs.location),
        ]
        if let asked { attributes.append(("InResponseTo", asked)) }
        let status = fault == .failed ? SAMLStatus(.responder, .authnFailed, Self.noSuccess) : .success
        return XMLTag(
            "samlp", Namespace.protocol, "Response", attributes: attributes,
            children: [.element(.issuer(namedIssuer))] + head + [.element(status.tag)] + body)
    }

    private static let noSuccess = Explanation(
        "sandbox.failed", "the sandbox says no on purpose", clause: "SAML Core §3.2.2.2", remedy: "refuse the assertion beside this status")

    private var namedIssuer: String { fault == .wrongIssuer ? Self.stranger : issuer }
    private var asked: String? { fault == .wrongRequest ? "_0000000000000000" : request.back.inResponseTo }

    /// As `AssertionForm` writes one, with the one thing wrong.
    private func assertion(_ id: String, about citizen: String) -> XMLTag {
        XMLTag(
            "saml", Namespace.assertion, "Assertion", attributes: [("ID", id), ("Version", "2.0"), ("IssueInstant", now.text)],
            declaring: provider.options.valueType == .string ? [(XMLSchema.prefix, XMLSchema.namespace)] : [],
            children: [
                .element(.issuer(namedIssuer)), .element(subject(name(citizen))), .element(conditions), .element(authnStatement),
            ] + (attributes.isEmpty ? [] : [.element(.attributeStatement(attributes, provider.options.valueType))]))
    }

    private var attributes: [AttributeRelease.Item] {
        citizen.attributes.map {
            AttributeRelease.Item(name: $0.name, format: AttributeNameFormat.uri, friendlyName: nil, values: [$0.value], label: $0.name)
        }
    }

    private var end: Timestamp { now.adding(seconds: fault == .expired ? -3_600 : 300) }
    private var beginning: Timestamp { now.adding(seconds: fault == .expired ? -7_200 : fault == .early ? 3_600 : -60) }

    private func subject(_ name: String) -> XMLTag {
        var data = asked.map { [("InResponseTo", $0)] } ?? []
        data += [
            ("NotOnOrAfter", (fault == .early ? now.adding(seconds: 7_200) : end).text),
            ("Recipient", fault == .wrongRecipient ? Self.stranger + "/acs" : request.acs.location),
        ]
        let method = fault == .otherMethod ? "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches" : Confirmation.bearer
        return saml(
            "Subject", [],
            [
                .element(
                    MemberName.nameID(name, format: NameIDFormat.persistent, nameQualifier: issuer, spNameQualifier: provider.entityID.text)
                        .tag),
                .element(saml("SubjectConfirmation", [("Method", method)], [.element(saml("SubjectConfirmationData", data))])),
            ])
    }

    private var conditions: XMLTag {
        let audience = saml("Audience", [], [.text(fault == .wrongAudience ? Self.stranger : provider.entityID.text)])
        return saml(
            "Conditions",
            [("NotBefore", beginning.text), ("NotOnOrAfter", (fault == .early ? now.adding(seconds: 7_200) : end).text)],
            fault == .noAudience ? [] : [.element(saml("AudienceRestriction", [], [.element(audience)]))])
    }

    private var authnStatement: XMLTag {
        let reached = fault == .lowContext ? "urn:oasis:names:tc:SAML:2.0:ac:classes:PreviousSession" : contextClass
        return saml(
            "AuthnStatement", [("AuthnInstant", now.text), ("SessionIndex", assertionID)],
            [.element(saml("AuthnContext", [], [.element(saml("AuthnContextClassRef", [], [.text(reached)]))]))])
    }

    private func saml(_ local: String, _ attributes: [(String, String)], _ children: [XMLNode] = []) -> XMLTag {
        XMLTag("saml", Namespace.assertion, local, attributes: attributes, children: children)
    }
}
