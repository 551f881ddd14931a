package import Cryptography
package import Hummingbird
import Synchronization
package import Vocabulary
import XML
import XMLSecurity

/// A service of a ministry or a municipality: a SAML 2.0 service provider that signs its requests and wants response and assertion signed.
package final class SAMLService: Sendable {
    package let title: ServiceTitle
    private let identityProvider: String
    private let singleSignOn: String
    private let identityProviderKey: PublicKey
    private let key: PrivateKey
    private let clock: @Sendable () -> Timestamp
    private let waiting = Mutex<[String: Timestamp]>([:])

    package init(
        _ title: ServiceTitle, identityProvider: String, singleSignOn: String, identityProviderKey: PublicKey, key: PrivateKey,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.title = title
        self.identityProvider = identityProvider
        self.singleSignOn = singleSignOn
        self.identityProviderKey = identityProviderKey
        self.key = key
        self.clock = clock
    }

    package var entityID: String { title.address + "/metadata" }
    private var consumer: String { title.address + "/acs" }

    package func add(to router: Router<BasicRequestContext>) {
        router.get(RouterPath(title.path + "/")) { [title] _, _ in
            Shown.page(title.japanese + " " + title.english, [("login", title.path + "/start")], link: title.path + "/start")
        }
        router.get(RouterPath(title.path + "/start")) { [self] _, _ in Response(status: .seeOther, headers: [.location: try request()]) }
        router.get(RouterPath(title.path + "/metadata")) { [self] _, _ in Shown.bytes(metadata, "application/samlmetadata+xml") }
        router.post(RouterPath(title.path + "/acs")) { [self] request, _ in
            let body = try await request.body.collect(upTo: 262_144)
            do {
                return Shown.page(title.japanese + ": ようこそ Welcome", try consume(form: String(buffer: body)))
            } catch let refusal as PartyRefusal {
                return Shown.page(title.japanese + ": 受け付けられません", refusal.facts, status: .forbidden)
            }
        }
    }

    package var metadata: [UInt8] {
        let md = "urn:oasis:names:tc:SAML:2.0:metadata"
        let ds = "http://www.w3.org/2000/09/xmldsig#"
        let now = clock()
        let certificate =
            (try? SelfSigned.certificate(
                for: key, commonName: "sample service", notBefore: now, notAfter: now.adding(seconds: 365 * 86_400), dnsNames: [],
                ipAddresses: [])) ?? []
        let keyInfo = XMLTag(
            "ds", ds, "KeyInfo",
            children: [
                .element(
                    XMLTag(
                        "ds", ds, "X509Data",
                        children: [.element(XMLTag("ds", ds, "X509Certificate", text: Base64.encode(certificate)))]))
            ])
        let acs = XMLTag(
            "md", md, "AssertionConsumerService",
            attributes: [
                ("Binding", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"), ("Location", consumer), ("index", "0"),
                ("isDefault", "true"),
            ])
        let role = XMLTag(
            "md", md, "SPSSODescriptor",
            attributes: [
                ("AuthnRequestsSigned", "true"), ("WantAssertionsSigned", "true"),
                ("protocolSupportEnumeration", "urn:oasis:names:tc:SAML:2.0:protocol"),
            ],
            children: [
                .element(XMLTag("md", md, "KeyDescriptor", attributes: [("use", "signing")], children: [.element(keyInfo)])),
                .element(XMLTag("md", md, "NameIDFormat", text: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")),
                .element(acs),
            ])
        return XMLTag("md", md, "EntityDescriptor", attributes: [("entityID", entityID)], children: [.element(role)]).canonicalBytes()
    }

    /// The address of a signed AuthnRequest by HTTP-Redirect (Bindings §3.4).
    private func request() throws -> String {
        var random = SystemRandom()
        let id = "_" + Hexadecimal.encode(random.bytes(16))
        let now = clock()
        waiting.withLock { waiting in
            waiting = waiting.filter { now.seconds(since: $0.value) < 900 }
            waiting[id] = now
        }
        let samlp = "urn:oasis:names:tc:SAML:2.0:protocol"
        let saml = "urn:oasis:names:tc:SAML:2.0:assertion"
        let message = XMLTag(
            "samlp", samlp, "AuthnRequest",
            attributes: [
                ("AssertionConsumerServiceURL", consumer), ("Destination", singleSignOn), ("ID", id), ("IssueInstant", now.text),
                ("ProtocolBinding", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"), ("Version", "2.0"),
            ],
            children: [.element(XMLTag("saml", saml, "Issuer", text: entityID))])
        var query = "SAMLRequest=" + Shown.escaped(Base64.encode(Shown.stored(message.canonicalBytes())))
        query += "&RelayState=" + Shown.escaped("/procedures/7")
        query += "&SigAlg=" + Shown.escaped("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")
        let signature = try key.sign(Array(query.utf8), .rsaPKCS1(.sha256))
        return singleSignOn + "?" + query + "&Signature=" + Shown.escaped(Base64.encode(signature))
    }

    /// Verifies a Response as SAML Profiles §4.1.4.3 asks, and tells what it learnt.
    private func consume(form: String) throws -> [(String, String)] {
        guard let encoded = Shown.field("SAMLResponse", of: form), let bytes = Base64.decodeLenient(encoded) else {
            throw PartyRefusal(why: "no SAMLResponse")
        }
        let samlp = "urn:oasis:names:tc:SAML:2.0:protocol"
        let saml = "urn:oasis:names:tc:SAML:2.0:assertion"
        let document = try XMLDocument(parsing: bytes)
        guard document.root.name == XMLName(samlp, "Response") else { throw PartyRefusal(why: "not a Response") }
        let response = try EnvelopedSignature.verify(document.root, keys: [identityProviderKey]).element
        guard response.attribute("Destination") == consumer else { throw PartyRefusal(why: "Destination") }
        try refuseUnlessSuccess(response, samlp)
        guard let id = response.attribute("InResponseTo"), waiting.withLock({ $0.removeValue(forKey: id) }) != nil else {
            throw PartyRefusal(why: "InResponseTo is not a request of ours")
        }
        let assertions = response.children(XMLName(saml, "Assertion"))
        guard assertions.count == 1, let unverified = assertions.first else { throw PartyRefusal(why: "not exactly one Assertion") }
        let assertion = try EnvelopedSignature.verify(unverified, keys: [identityProviderKey]).element
        return try facts(of: assertion, request: id)
    }

    /// What the provider says went wrong is for the developer of this service: the codes, the message, and the ID to ask the operator about.
    private func refuseUnlessSuccess(_ response: XMLElement, _ samlp: String) throws {
        let status = response.child(XMLName(samlp, "Status"))
        let code = status?.child(XMLName(samlp, "StatusCode"))
        let top = code?.attribute("Value") ?? "none"
        guard top != "urn:oasis:names:tc:SAML:2.0:status:Success" else { return }
        var more = [("status", code?.child(XMLName(samlp, "StatusCode"))?.attribute("Value") ?? "none")]
        if let message = status?.child(XMLName(samlp, "StatusMessage"))?.text { more.append(("message", message)) }
        if let id = response.attribute("InResponseTo") {
            _ = waiting.withLock { $0.removeValue(forKey: id) }
            more.append(("request", id))
        }
        throw PartyRefusal(why: "status " + top, more: more)
    }

    private func facts(of assertion: XMLElement, request: String) throws -> [(String, String)] {
        let saml = "urn:oasis:names:tc:SAML:2.0:assertion"
        let now = clock()
        func within(_ element: XMLElement?) -> Bool {
            guard let end = element?.attribute("NotOnOrAfter").flatMap({ Timestamp($0) }) else { return false }
            return now < end
        }
        let subject = assertion.child(XMLName(saml, "Subject"))
        let data = subject?.child(XMLName(saml, "SubjectConfirmation"))?.child(XMLName(saml, "SubjectConfirmationData"))
        let conditions = assertion.child(XMLName(saml, "Conditions"))
        let audience = conditions?.child(XMLName(saml, "AudienceRestriction"))?.child(XMLName(saml, "Audience"))
        guard assertion.child(XMLName(saml, "Issuer"))?.text == identityProvider, audience?.text == entityID, within(conditions),
            within(data), data?.attribute("Recipient") == consumer, data?.attribute("InResponseTo") == request
        else { throw PartyRefusal(why: "issuer, audience, recipient or time") }
        let statement = assertion.child(XMLName(saml, "AuthnStatement"))
        let context = statement?.child(XMLName(saml, "AuthnContext"))?.child(XMLName(saml, "AuthnContextClassRef"))
        var facts = [
            ("identifier", subject?.child(XMLName(saml, "NameID"))?.text ?? ""), ("context", context?.text ?? ""),
            ("authenticated at", statement?.attribute("AuthnInstant") ?? ""), ("request", request),
        ]
        for attribute in assertion.child(XMLName(saml, "AttributeStatement"))?.children(XMLName(saml, "Attribute")) ?? [] {
            facts.append((attribute.attribute("Name") ?? "", attribute.child(XMLName(saml, "AttributeValue"))?.text ?? ""))
        }
        return facts
    }
}
