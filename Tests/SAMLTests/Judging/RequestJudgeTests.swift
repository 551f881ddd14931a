import Cryptography
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

/// Messages other than an AuthnRequest, with a good signature of their sender in each case: what is refused is refused for its content.
@Suite struct `A judged logout message, artifact or query` {
    static let success = code("Success")
    static let name = "<saml:NameID>\(Federation.citizen)</saml:NameID>"

    static func code(_ top: String, _ inner: String = "") -> String {
        "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:\(top)\">\(inner)</samlp:StatusCode>"
    }

    static func status(_ code: String) -> String { "<samlp:Status>\(code)</samlp:Status>" }

    static func xml(_ kind: String, _ children: String, _ attributes: String = "InResponseTo=\"_asked\"") throws -> String {
        let text = """
            <samlp:\(kind) xmlns:saml="\(Asking.Name.assertion)" xmlns:samlp="\(Asking.Name.protocol)" ID="_one" Version="2.0" \
            IssueInstant="\(Federation.now.text)" Destination="\(Leaving.address)" \(attributes)>\
            <saml:Issuer>\(Federation.ministryID)</saml:Issuer>\(children)</samlp:\(kind)>
            """
        return Leaving.text(try Leaving.signed(text))
    }

    static func rules() -> JudgeRules {
        var rules = JudgeRules()
        rules.keys = [Federation.ministryKey.publicKey]
        rules.issuer = Federation.ministryID
        rules.address = Leaving.address
        rules.consumers = [Federation.ministryConsumer]
        return rules
    }

    static func verdict(
        _ xml: String, _ rules: JudgeRules? = nil, by binding: MessageJudge.Binding = .xml
    ) throws -> MessageVerdict {
        try JudgedResponse.verdict(xml, rules ?? Self.rules(), as: .identityProvider, by: binding)
    }

    static func fact(_ name: String, _ verdict: MessageVerdict) -> String? { verdict.facts.first { $0.name == name }?.value }

    @Test(
        arguments: [
            ("Success", nil, "Success", "true"), ("Responder", nil, "Responder", "false"),
            ("Requester", "UnknownPrincipal", "Requester/UnknownPrincipal", "true"),
            ("Success", "PartialLogout", "Success/PartialLogout", "false"),
        ] as [(String, String?, String, String)])
    func `says what became of the session`(top: String, second: String?, status: String, ended: String) throws {
        let code = Self.code(top, second.map { Self.code($0) } ?? "")
        let verdict = try Self.verdict(Self.xml("LogoutResponse", Self.status(code)))
        #expect(verdict.isAccepted)
        #expect(Self.fact("status", verdict) == status && Self.fact("ended", verdict) == ended)
    }

    static let junk = "<x:junk xmlns:x=\"urn:x\"/>"
    static let subject = "<saml:Subject>\(name)</saml:Subject>"
    static let artifact = Base64.encode([0, 4, 0, 1] + [UInt8](repeating: 7, count: 40))

    static let bad: [(kind: String, children: String)] = [
        ("LogoutResponse", ""), ("LogoutResponse", status("")), ("LogoutResponse", status(success) + status(success)),
        ("LogoutResponse", status(success) + junk), ("LogoutRequest", ""), ("LogoutRequest", name + name), ("LogoutRequest", name + junk),
        ("LogoutRequest", "<samlp:SessionIndex>_1</samlp:SessionIndex>"), ("ArtifactResolve", ""),
        ("ArtifactResolve", "<samlp:Artifact>AAQAAA==</samlp:Artifact>"), ("AttributeQuery", ""),
        ("AttributeQuery", "<saml:Attribute Name=\"a\"/>" + subject), ("AttributeQuery", subject + subject),
        ("AttributeQuery", "<saml:Subject>\(name)\(name)</saml:Subject>"), ("AttributeQuery", subject + junk),
    ]

    @Test(arguments: bad)
    func `is refused for what its own door refuses, well signed or not`(kind: String, children: String) throws {
        let verdict = try Self.verdict(Self.xml(kind, children))
        #expect(verdict.verified.count == 1)
        #expect(verdict.content == nil)
        let layer = try #require(verdict.refusal?.layer)
        #expect([.schema, .subject, .request].contains(layer))
    }

    static let good: [(kind: String, children: String, fact: String)] = [
        ("LogoutRequest", name, "_asked"), ("ArtifactResolve", "<samlp:Artifact>\(artifact)</samlp:Artifact>", "1"),
        ("AttributeQuery", subject, "all"), ("AttributeQuery", subject + "<saml:Attribute Name=\"a\"/>", "a"),
    ]

    @Test(arguments: good)
    func `is accepted where its own door takes it, and says what it asks`(kind: String, children: String, fact: String) throws {
        let verdict = try Self.verdict(Self.xml(kind, children))
        #expect(verdict.isAccepted)
        #expect(verdict.facts.contains { $0.value == fact })
        #expect(verdict.content?.name?.value == (kind == "ArtifactResolve" ? nil : Federation.citizen))
    }

    @Test func `is an answer to the request that was asked, or none`() throws {
        var rules = Self.rules()
        let answer = try Self.xml("LogoutResponse", Self.status(Self.success))
        #expect(try Self.verdict(answer, rules).unchecked == ["in_response_to"])
        rules.inResponseTo = "_asked"
        #expect(try Self.verdict(answer, rules).isAccepted)
        rules.inResponseTo = "_other"
        #expect(try Self.verdict(answer, rules).refusal?.explanation.code == "saml.response.in-response-to")
        #expect(try Self.verdict(Self.xml("LogoutResponse", Self.status(Self.success), "")).refusal?.layer == .schema)
    }

    @Test func `is too late behind its NotOnOrAfter, unless only the signature is asked for`() throws {
        var rules = Self.rules()
        let late = try Self.xml("LogoutRequest", Self.name, "NotOnOrAfter=\"\(Federation.now.adding(seconds: -600).text)\"")
        #expect(try Self.verdict(late, rules).refusal?.explanation.code == "saml.logout.expired")
        #expect(try Self.verdict(late, rules).refusal?.layer == .conditions)
        rules.depth = .signature
        #expect(try Self.verdict(late, rules).isAccepted)
    }

    @Test func `may have white space around its times, and nothing else`() throws {
        let soon = Federation.now.adding(seconds: 600).text
        #expect(try Self.verdict(Self.xml("LogoutRequest", Self.name, "NotOnOrAfter=\" \(soon) \"")).isAccepted)
        #expect(try Self.verdict(Self.xml("LogoutRequest", Self.name, "NotOnOrAfter=\"\(soon) x\"")).refusal?.layer == .schema)
    }

    @Test func `with an EncryptedID is read by a key that was given, and by no other`() throws {
        var dice = Dice(7)
        let data = try XMLEncryption.encrypt(
            XMLTag("saml", Asking.Name.assertion, "NameID", text: Federation.citizen), to: Federation.ownKey.publicKey,
            content: .aes128gcm, transport: .saml2int, using: &dice)
        var request = Leaving.Request()
        request.principal = "<saml:EncryptedID>" + Leaving.text(data) + "</saml:EncryptedID>"
        let query = try Wire.query(request.xml, signedBy: Federation.ministryKey)
        var rules = Self.rules()
        rules.decryptionKeys = [Federation.ownKey]
        #expect(try Self.verdict(query, rules, by: .redirect).content?.name?.value == Federation.citizen)
        rules.decryptionKeys = [Federation.otherKey]
        #expect(try Self.verdict(query, rules, by: .redirect).refusal?.explanation.code == "saml.logout.principal")
    }

    /// The words decided before the root did.
    @Test(arguments: [MessageJudge.Binding.auto, .post]) func `comes as a bare value too`(binding: MessageJudge.Binding) throws {
        let answer = try Self.xml("LogoutResponse", Self.status(Self.success))
        #expect(try Self.verdict(Base64.encode(Array(answer.utf8)), by: binding).isAccepted)
        let field = "SAMLRequest=" + Wire.escaped(Base64.encode(Array(answer.utf8)))
        #expect(try Self.verdict(field, by: binding).refusal?.layer == .decode)
    }
}

@Suite struct `A judged AuthnRequest` {
    static let consumer = "https://sp.example/saml/SAMLResponse"

    static func rules() -> JudgeRules {
        var rules = JudgeRules()
        rules.keys = [Federation.ministryKey.publicKey]
        rules.address = Federation.postAddress
        rules.consumers = [consumer]
        return rules
    }

    static func verdict(_ xml: String, by binding: MessageJudge.Binding) throws -> MessageVerdict {
        try JudgedResponse.verdict(xml, rules(), as: .identityProvider, by: binding)
    }

    @Test(arguments: [MessageJudge.Binding.auto, .xml])
    func `may have an address with the word Response in it`(binding: MessageJudge.Binding) throws {
        func signed(_ consumer: String) throws -> String {
            try Asking.ministry(Federation.postAddress, attributes: "AssertionConsumerServiceURL=\"\(consumer)\"")
                .signedXML(by: Federation.ministryKey)
        }
        let verdict = try Self.verdict(signed(Self.consumer), by: binding)
        #expect(verdict.refusal?.explanation.code == nil)
        #expect(verdict.facts.first?.value == Self.consumer)
        #expect(try Self.verdict(signed(Self.consumer + "/other"), by: binding).refusal?.layer == .request)
    }

    @Test(arguments: [MessageJudge.Binding.auto, .xml])
    func `may come from an EntityDescriptor by name, and only metadata is judged as metadata`(binding: MessageJudge.Binding) throws {
        var asking = Asking.ministry(Federation.postAddress, attributes: "AssertionConsumerServiceURL=\"\(Self.consumer)\"")
        asking.issuer = "https://sp.example/EntityDescriptor.xml"
        let verdict = try Self.verdict(asking.signedXML(by: Federation.ministryKey), by: binding)
        #expect(verdict.refusal?.explanation.code == nil)
        #expect(verdict.binding == "xml")
        let metadata = try Self.verdict("<!-- <samlp:AuthnRequest> -->" + Federation.metadata(Federation.ministryID), by: binding)
        #expect(metadata.binding == "metadata" && !metadata.isAccepted)
    }
}

/// What the job knows beside the member's metadata, which holds its keys and addresses.
@Suite struct `A judged AuthnRequest of a member whose metadata is given` {
    static func verdict(_ asking: Asking, signed: Bool = false, _ change: (inout JudgeRules) -> Void = { _ in }) throws -> MessageVerdict {
        var rules = JudgeRules()
        rules.address = Federation.postAddress
        change(&rules)
        let judge = MessageJudge(
            rules, as: .identityProvider, member: try Federation.ministry(signed: false),
            identity: try Federation.identityProvider().signingKeys)
        let xml = signed ? try asking.signedXML(by: Federation.ministryKey) : asking.xml
        return judge.verdict(on: Array(xml.utf8), by: .xml, at: Federation.now)
    }

    static let asking = Asking.ministry(Federation.postAddress)

    @Test func `is signed where a signature is due, whatever the metadata says`() throws {
        #expect(try Self.verdict(Self.asking).isAccepted)
        #expect(try Self.verdict(Self.asking) { $0.isSignatureDue = true }.refusal?.explanation.code == "saml.signature.due")
        #expect(try Self.verdict(Self.asking, signed: true) { $0.isSignatureDue = true }.isAccepted)
    }

    @Test func `comes from the issuer that was expected`() throws {
        #expect(try Self.verdict(Self.asking) { $0.issuer = Federation.ministryID }.isAccepted)
        #expect(try Self.verdict(Self.asking) { $0.issuer = Federation.libraryID }.refusal?.explanation.code == "saml.member.unknown")
    }

    @Test func `is judged by the metadata's keys and addresses, and the verdict says so`() throws {
        let verdict = try Self.verdict(Self.asking) { $0.consumers = ["https://other.example/acs"] }
        #expect(verdict.isByMetadata && verdict.isAccepted)
        #expect(verdict.facts.first?.value == Federation.ministryConsumer)
        #expect(try !`A judged AuthnRequest`.verdict(Self.asking.xml, by: .xml).isByMetadata)
    }

    @Test func `may have white space around its time, and nothing else`() throws {
        var asking = Self.asking
        asking.issued = " \(Federation.now.text) "
        #expect(try Self.verdict(asking).isAccepted)
        asking.issued = "\(Federation.now.text) x"
        #expect(try Self.verdict(asking).refusal?.layer == .schema)
    }

    @Test func `is told that SHA-1 stays refused, and only where somebody allowed it`() throws {
        func mentions(_ verdict: MessageVerdict) -> Bool { verdict.notes.contains { $0.contains("SHA-1") } }
        #expect(try mentions(Self.verdict(Self.asking) { $0.algorithms.insert(.rsaPKCS1(.sha1)) }))
        #expect(try !mentions(Self.verdict(Self.asking)))
        var rules = try JudgedResponse.rules()
        rules.algorithms.insert(.rsaPKCS1(.sha1))
        #expect(try !mentions(JudgedResponse.verdict(JudgedResponse().xml, rules)))
    }
}

/// The status and the time of what stands around a Response are the sender's word too (SAML Core §3.5.2).
@Suite struct `A judged ArtifactResponse` {
    static func xml(_ status: String? = "Success", _ issued: Timestamp? = Federation.now) throws -> String {
        let moment = issued.map { "IssueInstant=\"\($0.text)\" " } ?? ""
        let code = status.map {
            "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:\($0)\"/></samlp:Status>"
        }
        let response = try JudgedResponse().xml
        return """
            <samlp:ArtifactResponse xmlns:saml="\(Asking.Name.assertion)" xmlns:samlp="\(Asking.Name.protocol)" ID="_answer" Version="2.0" \
            \(moment)InResponseTo="_resolve"><saml:Issuer>\(Federation.base)/saml/metadata</saml:Issuer>\
            \(code ?? "")\(response)</samlp:ArtifactResponse>
            """
    }

    @Test(
        arguments: [
            ("Success", 0, nil), ("Responder", 0, "saml.response.status"), ("Success", 600, "saml.response.future"),
            ("Success", -600, "saml.request.stale"),
        ] as [(String, Int64, String?)])
    func `succeeded, and just now`(status: String, seconds: Int64, code: String?) throws {
        #expect(try JudgedResponse.code(Self.xml(status, Federation.now.adding(seconds: seconds))) == code)
    }

    @Test func `says when it was made and what became of the question`() throws {
        #expect(try JudgedResponse.code(Self.xml("Success", nil)) == "saml.response.malformed")
        #expect(try JudgedResponse.code(Self.xml(nil)) == "saml.response.malformed")
        var rules = try JudgedResponse.rules()
        rules.depth = .signature
        #expect(try JudgedResponse.code(Self.xml("Success", Federation.now.adding(seconds: -600)), rules) == nil)
    }
}
