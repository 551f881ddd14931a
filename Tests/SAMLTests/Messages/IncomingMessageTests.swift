import Cryptography
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

/// Any message of the protocol, decoded and proven in one way.
@Suite struct `A message, SAML Core §3.2` {
    private static let logout: Set<String> = ["LogoutRequest", "LogoutResponse"]
    private static let address = Federation.base + "/saml/logout"

    private func xml(
        _ name: String = "LogoutRequest", destination: String? = address, issued: Timestamp = Federation.now, extra: String = "",
        inside: String = ""
    ) -> String {
        let destination = destination.map { " Destination=\"\($0)\"" } ?? ""
        return """
            <samlp:\(name) xmlns:saml="\(Asking.Name.assertion)" xmlns:samlp="\(Asking.Name.protocol)"\(destination) ID="_m1" \
            IssueInstant="\(issued.text)" Version="2.0"\(extra)><saml:Issuer>\(Federation.ministryID)</saml:Issuer>\(inside)</samlp:\(name)>
            """
    }

    private func signed(_ text: String, by key: PrivateKey = Federation.ministryKey) throws -> String {
        let tag = try #require(Copy.tag(of: XMLDocument(parsing: Array(text.utf8)).root))
        let signed = try XMLSigner(key: key, algorithm: .rsaPKCS1(.sha256)).sign(tag)
        return String(decoding: signed.canonicalBytes(), as: UTF8.self)
    }

    private func reason(
        for provider: ServiceProvider? = nil, address: String = address, _ read: () throws -> IncomingMessage
    ) throws -> SAMLRefusal.Reason? {
        do {
            _ = try proven(for: provider, address: address, read)
            return nil
        } catch let reason as SAMLRefusal.Reason {
            return reason
        }
    }

    private func proven(
        for provider: ServiceProvider? = nil, address: String = address, _ read: () throws -> IncomingMessage
    ) throws -> ProvenMessage {
        try read().proven(
            by: try provider ?? Federation.ministry(), at: Federation.identityProvider(), address: address, signature: .always("§4.4"),
            at: Federation.now)
    }

    private func query(_ text: String, field: String = "SAMLRequest", signedBy key: PrivateKey? = Federation.ministryKey) throws -> String {
        try Wire.query(text, relayState: "r").replacing("SAMLRequest=", with: field + "=").signed(by: key)
    }

    @Test(arguments: [("LogoutRequest", "SAMLRequest"), ("LogoutResponse", "SAMLResponse")])
    func `comes in the field of its kind, S1`(name: String, field: String) throws {
        let proof = try proven {
            try .redirect(
                query: query(xml(name, extra: " InResponseTo=\"_q\""), field: field), in: [.request, .response], named: Self.logout)
        }
        #expect(proof.element.name.local == name)
        #expect(proof.header.id == "_m1")
        #expect(proof.header.inResponseTo == "_q")
        #expect(proof.relayState == "r")
        #expect(proof.isSigned)
        #expect(proof.replayKey.scope == "saml-request " + Federation.ministryID)
        let wrong: () throws -> IncomingMessage = {
            try .redirect(query: query(xml(name), field: field), in: field == "SAMLRequest" ? [.response] : [.request], named: Self.logout)
        }
        #expect(try reason(wrong) == .unexpected(field))
    }

    @Test func `has one field, never both, checklist A23`() throws {
        let twice = try query(xml()) + "&SAMLResponse=x"
        #expect(try reason { try .redirect(query: twice, in: [.request, .response], named: Self.logout) } == .unexpected("SAMLResponse"))
        #expect(try reason { try .redirect(query: "RelayState=r", named: Self.logout) } == .missing("SAMLRequest"))
        #expect(try reason { try .redirect(query: query(xml()) + "&SAMLart=x", named: Self.logout) } == .unexpected("SAMLart"))
    }

    @Test(arguments: ["AuthnRequest", "Response", "ManageNameIDRequest"])
    func `is of a kind that the door takes`(name: String) throws {
        let refused = try reason { try .redirect(query: query(xml(name)), named: Self.logout) }
        #expect(refused == .wrongKind(name, expected: "LogoutRequest, LogoutResponse"))
    }

    @Test func `is signed where its profile says so`() throws {
        let unsigned: () throws -> IncomingMessage = { try .redirect(query: query(xml(), signedBy: nil), named: Self.logout) }
        #expect(try reason(unsigned) == .signatureDue(declaredBy: "§4.4"))
        #expect(try reason { try .redirect(query: query(xml(), signedBy: Federation.otherKey), named: Self.logout) } != nil)
        #expect(try reason { try .post(form: Wire.form(signed(xml())), named: Self.logout) } == nil)
        #expect(
            try reason { try .post(form: Wire.form(signed(xml(), by: Federation.otherKey)), named: Self.logout) }
                == .messageSignature(.signature))
    }

    @Test func `gives only what was signed to read, checklist A1`() throws {
        let proof = try proven { try .post(form: Wire.form(signed(xml(inside: "<saml:NameID>n</saml:NameID>"))), named: Self.logout) }
        #expect(proof.element.children.map(\.name.local) == ["Issuer", "NameID"], "the signature is no part of the view")
        #expect(proof.element.parent == nil)
        let bent = try signed(xml(inside: "<saml:NameID>n</saml:NameID>")).replacing(">n<", with: ">m<")
        #expect(try reason { try .post(form: Wire.form(bent), named: Self.logout) } == .messageSignature(.digest))
    }

    @Test func `by SOAP may leave out where it was sent to, but not be sent elsewhere, S21`() throws {
        func soap(_ destination: String?) throws -> IncomingMessage {
            try .soap(XMLDocument(parsing: Array(signed(xml(destination: destination)).utf8)).root, named: Self.logout)
        }
        #expect(try reason { try soap(nil) } == nil)
        #expect(try reason { try soap(Self.address) } == nil)
        #expect(try reason { try soap("https://other.example/") } == .destination("https://other.example/", expected: Self.address))
        let post: () throws -> IncomingMessage = { try .post(form: Wire.form(signed(xml(destination: nil))), named: Self.logout) }
        #expect(try reason(post) == .destination(nil, expected: Self.address))
    }

    @Test func `is from a member whose metadata holds, and fresh`() throws {
        let message: () throws -> IncomingMessage = { try .redirect(query: query(xml()), named: Self.logout) }
        #expect(try reason(for: Federation.library(), message) == .unknownMember(try #require(MemberID(Federation.ministryID))))
        let old = Federation.now.adding(seconds: -361)
        #expect(
            try reason { try .redirect(query: query(xml(issued: old)), named: Self.logout) }
                == .stale(old, now: Federation.now, lifetime: 180))
    }

    @Test(arguments: [
        "<saml:Issuer>https://sp.ministry.example/metadata</saml:Issuer>",
        "<saml:EncryptedID><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/></saml:EncryptedID>",
    ])
    func `has one Issuer and no signature of something else, checklist A4`(inside: String) throws {
        #expect(try reason { try .redirect(query: query(xml(inside: inside)), named: Self.logout) } != nil)
        #expect(try reason { try .redirect(query: query(xml()), named: Self.logout) } == nil)
    }

    @Suite struct `inside an ArtifactResponse, SAML Bindings §3.6` {
        private let outer = `A message, SAML Core §3.2`()

        private func inner(_ response: String, named names: Set<String> = ["AuthnRequest"]) throws -> IncomingMessage {
            let envelope = try IncomingMessage.soap(
                XMLDocument(parsing: Array(response.utf8)).root, named: ["ArtifactResponse"]
            ).proven(
                by: Federation.ministry(), at: Federation.identityProvider(), address: "x", signature: .asDeclared, at: Federation.now)
            let element = try #require(envelope.element.children.first { $0.name.local == "AuthnRequest" })
            return try .artifact(element, inside: envelope, named: names, relayState: nil)
        }

        private func wrapped(_ message: String) -> String { outer.xml("ArtifactResponse", destination: nil, inside: message) }

        private func verified(_ message: IncomingMessage) throws -> VerifiedAuthnRequest {
            try UnverifiedAuthnRequest(message).verified(
                for: Federation.ministry(), at: Federation.identityProvider(), at: Federation.now)
        }

        @Test func `is vouched for by the signature around it`() throws {
            let request = try verified(inner(outer.signed(wrapped(Asking.ministry(nil).xml))))
            #expect(request.isSigned)
            #expect(request.binding == .artifact)
        }

        @Test func `is not vouched for by an envelope that nobody signed`() throws {
            let unsigned: () throws -> Void = { _ = try verified(inner(wrapped(Asking.ministry(nil).xml))) }
            #expect(throws: SAMLRefusal.Reason.self) { try unsigned() }
        }

        @Test func `has to be of the member that the envelope is of`() throws {
            let foreign = try inner(outer.signed(wrapped(Asking.library(nil).xml)))
            let refusal = #expect(throws: SAMLRefusal.self) {
                try UnverifiedAuthnRequest(foreign).verified(
                    for: Federation.library(), at: Federation.identityProvider(wantSigned: true), at: Federation.now)
            }
            guard case .signatureDue = refusal?.reason else {
                Issue.record("\(String(describing: refusal))")
                return
            }
        }
    }
}

extension String {
    /// A query with the signature of HTTP-Redirect behind it.
    fileprivate func signed(by key: PrivateKey?) throws -> String {
        guard let key else { return self }
        let query = self + "&SigAlg=" + Wire.escaped(Wire.rsaSHA256)
        return query + "&Signature=" + Wire.escaped(Base64.encode(try key.sign(Array(query.utf8), .rsaPKCS1(.sha256), encoding: .der)))
    }
}
