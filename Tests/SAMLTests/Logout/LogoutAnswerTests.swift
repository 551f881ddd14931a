import Cryptography
import SAML
import SignOn
import Testing
import Vocabulary
import XML
import XMLSecurity

/// Our answer to a member, and the address it goes to (SAML Core §3.7.2, Profiles §4.4.3.5, Metadata §2.2.2; eGov 2.0 §2.7.1).
@Suite struct `Our LogoutResponse` {
    private func answer(
        _ provider: ServiceProvider, by binding: MessageBinding = .redirect, _ outcome: LogoutProgress.Outcome = .complete
    ) throws -> ReadLogout? {
        var dice = Dice()
        var request = Leaving.Request()
        if binding == .soap { request.destination = Leaving.soapAddress }
        let verified = try Leaving.verified(request, by: binding, from: provider, relayState: "r&1")
        return try verified.response(outcome, from: Leaving.identityProvider(), at: Federation.now, using: &dice).map(ReadLogout.init)
    }

    @Test(arguments: [Leaving.redirect, Leaving.post])
    func `is signed, goes where the metadata says and carries RelayState back`(binding: String) throws {
        let answer = try #require(
            try answer(Leaving.ministry(Leaving.service(binding)), by: binding == Leaving.post ? .post : .redirect))
        #expect(answer.isSigned)
        #expect(answer.address == Leaving.back)
        #expect(answer.root.attribute("Destination") == Leaving.back)
        #expect(answer.root.attribute("InResponseTo") == "_logout-1")
        #expect(answer.relayState == "r&1")
        #expect(answer.status == ["Success"])
        #expect(answer.child("Issuer")?.text == Federation.base + "/saml/metadata")
    }

    @Test func `goes to ResponseLocation where there is one`() throws {
        let provider = try Leaving.ministry(Leaving.service(Leaving.redirect, answers: Leaving.back + "/answers?x=1"))
        let answer = try #require(try answer(provider))
        #expect(answer.root.attribute("Destination") == Leaving.back + "/answers?x=1")
    }

    @Test func `goes back the way the request came, else by the other binding the member has`() throws {
        let both = try Leaving.ministry(
            Leaving.service(Leaving.redirect, Leaving.back + "/r"), Leaving.service(Leaving.post, Leaving.back + "/p"))
        #expect(try answer(both)?.address == Leaving.back + "/r")
        #expect(try answer(both, by: .post)?.address == Leaving.back + "/p")
        #expect(try answer(Leaving.ministry(Leaving.service(Leaving.post, Leaving.back + "/p")))?.address == Leaving.back + "/p")
    }

    @Test func `goes nowhere when the member has no address for it, and always back over SOAP`() throws {
        let provider = try Leaving.ministry(Leaving.service(Leaving.soap))
        #expect(try answer(provider) == nil)
        let over = try #require(try answer(provider, by: .soap))
        #expect(over.isSigned)
        #expect(over.root.name.local == "LogoutResponse")
    }

    @Test(arguments: [(MemberOptions.KeyInfo.certificate, ["X509Data"]), (.named, ["KeyName", "X509Data"]), (.none, [])])
    func `has the KeyInfo that the operator chose, by POST and by SOAP, checklist S56`(keyInfo: MemberOptions.KeyInfo, parts: [String])
        throws
    {
        var options = MemberOptions()
        options.keyInfo = keyInfo
        for (service, binding) in [(Leaving.post, MessageBinding.post), (Leaving.soap, .soap)] {
            let answer = try #require(try answer(Leaving.ministry(Leaving.service(service)).with(options), by: binding))
            #expect(answer.isSigned)
            #expect(answer.keyInfo == parts)
        }
    }

    @Test func `says UnknownPrincipal where the request names one by another name`() throws {
        var dice = Dice()
        let verified = try Leaving.verified()
        let read = try ReadLogout(
            #require(verified.unknownPrincipal(from: Leaving.identityProvider(), at: Federation.now, using: &dice)))
        #expect(read.status == ["Requester", "UnknownPrincipal"])
        #expect(read.isSigned)
        #expect(read.root.attribute("InResponseTo") == "_logout-1")
    }

    @Test func `says PartialLogout below Success when some member is still open`() throws {
        #expect(try answer(Leaving.ministry(), .partial)?.status == ["Success", "PartialLogout"])
    }

    private func answer(_ provider: ServiceProvider, _ outcome: LogoutProgress.Outcome) throws -> ReadLogout? {
        try answer(provider, by: .redirect, outcome)
    }
}

/// What we ask of members (SAML Core §3.7.1; checklist §1.4).
@Suite struct `Our LogoutRequest` {
    private func request(
        _ provider: ServiceProvider, _ channel: LogoutChannel, _ name: MemberName = Leaving.persistent, at now: Timestamp = Federation.now
    ) throws -> (OutgoingLogout, ReadLogout)? {
        var dice = Dice()
        let message = try provider.logoutRequest(
            ending: Leaving.participation(name), by: channel, because: .user, relayState: "logout-id", from: Leaving.identityProvider(),
            at: now, using: &dice)
        return try message.map { ($0, try ReadLogout($0)) }
    }

    @Test(arguments: [
        Leaving.persistent, .nameID("_t", format: NameIDFormat.transient),
        .nameID("x", format: nil, nameQualifier: nil, spNameQualifier: "q"),
        .nameID("y&<", format: "f", nameQualifier: "", spNameQualifier: nil),
    ])
    func `repeats the NameID exactly as it was issued: absent stays absent`(name: MemberName) throws {
        let (_, read) = try #require(try request(Leaving.ministry(), .front, name))
        let told = try #require(read.child("NameID"))
        #expect(told.text == name.text)
        #expect(told.attribute("Format") == name.format)
        #expect(told.attribute("NameQualifier") == name.nameQualifier)
        #expect(told.attribute("SPNameQualifier") == name.spNameQualifier)
        #expect(read.child("SessionIndex")?.text == Leaving.index)
    }

    @Test func `is signed, in time, and says why`() throws {
        for (service, channel) in [(Leaving.redirect, LogoutChannel.front), (Leaving.post, .front), (Leaving.soap, .back)] {
            let (message, read) = try #require(try request(Leaving.ministry(Leaving.service(service)), channel))
            #expect(read.isSigned)
            #expect(read.root.attribute("ID") == message.id)
            #expect(read.root.attribute("Destination") == Leaving.back)
            #expect(read.root.attribute("Reason") == "urn:oasis:names:tc:SAML:2.0:logout:user")
            #expect(read.root.attribute("NotOnOrAfter").flatMap { Timestamp($0) } == Federation.now.adding(seconds: 300))
            #expect(read.relayState == (channel == .front ? "logout-id" : nil))
            #expect(read.address == Leaving.back)
        }
    }

    @Test(arguments: [0, 437] as [Int64])
    func `says its times in whole seconds, whatever the clock says`(fraction: Int64) throws {
        let (_, read) = try #require(try request(Leaving.ministry(), .front, at: Federation.now.adding(milliseconds: fraction)))
        #expect(read.root.attribute("IssueInstant") == Federation.now.text)
        #expect(read.root.attribute("NotOnOrAfter") == Federation.now.adding(seconds: 300).text)
    }

    @Test(arguments: [(MemberOptions.KeyInfo.certificate, ["X509Data"]), (.named, ["KeyName", "X509Data"]), (.none, [])])
    func `has the KeyInfo that the operator chose, checklist S56`(keyInfo: MemberOptions.KeyInfo, parts: [String]) throws {
        var options = MemberOptions()
        options.keyInfo = keyInfo
        for (service, channel) in [(Leaving.post, LogoutChannel.front), (Leaving.soap, .back)] {
            let (_, read) = try #require(try request(Leaving.ministry(Leaving.service(service)).with(options), channel))
            #expect(read.isSigned)
            #expect(read.keyInfo == parts)
        }
    }

    @Test func `goes by SOAP where the member declares it, else by the browser, else not at all`() throws {
        let both = try Leaving.ministry(Leaving.service(Leaving.redirect), Leaving.service(Leaving.soap))
        #expect(both.logoutPlan == LogoutPlan(.back))
        #expect(try Leaving.ministry().logoutPlan == LogoutPlan(.front))
        #expect(try Federation.ministry().logoutPlan == LogoutPlan(.none, .noService))
        #expect(try request(Federation.ministry(), .front) == nil)
        #expect(try request(Leaving.ministry(), .back) == nil)
    }

    @Test func `goes by the browser where the operator says so, if the member has an address for it`() throws {
        var options = MemberOptions()
        options.logout = .browser
        let both = try Leaving.ministry(Leaving.service(Leaving.redirect), Leaving.service(Leaving.soap)).with(options)
        #expect(both.logoutPlan == LogoutPlan(.front))
        let server = try Leaving.ministry(Leaving.service(Leaving.soap)).with(options)
        #expect(server.logoutPlan == LogoutPlan(.back))
    }

    @Test func `a long address with a query of its own keeps it`() throws {
        let provider = try Leaving.ministry(Leaving.service(Leaving.redirect, Leaving.back + "?tenant=1"))
        var dice = Dice()
        let message = try #require(
            try provider.logoutRequest(
                ending: Leaving.participation(), by: .front, because: .user, relayState: nil, from: Leaving.identityProvider(),
                at: Federation.now, using: &dice))
        guard case .redirect(let address) = message.carrier else { throw Unexpected("no redirect") }
        #expect(address.hasPrefix(Leaving.back + "?tenant=1&SAMLRequest="))
    }
}

/// A member's answer to us: proven and matched to what was asked (Profiles §4.4.3.5, §4.4.4.2).
@Suite struct `A LogoutResponse of a member` {
    private func xml(
        _ status: String = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>", inResponseTo: String? = "_asked",
        destination: String = Leaving.address
    ) -> String {
        let asked = inResponseTo.map { " InResponseTo=\"\($0)\"" } ?? ""
        return """
            <samlp:LogoutResponse xmlns:saml="\(Asking.Name.assertion)" xmlns:samlp="\(Asking.Name.protocol)" Destination="\(destination)" \
            ID="_r" IssueInstant="\(Federation.now.text)" Version="2.0"\(asked)><saml:Issuer>\(Federation.ministryID)</saml:Issuer>\
            <samlp:Status>\(status)</samlp:Status></samlp:LogoutResponse>
            """
    }

    private func query(_ xml: String, signedBy key: PrivateKey? = Federation.ministryKey) throws -> String {
        // The signature covers the parameter's own name.
        var query = "SAMLResponse=" + Wire.escaped(Base64.encode(Wire.stored(Array(xml.utf8))))
        guard let key else { return query }
        query += "&SigAlg=" + Wire.escaped(Wire.rsaSHA256)
        return query + "&Signature="
            + Wire.escaped(Base64.encode(try key.sign(Array(query.utf8), .rsaPKCS1(.sha256))))
    }

    private func read(_ query: String) throws -> VerifiedLogoutResponse {
        let message = try UnverifiedLogoutMessage.redirect(query: query)
        #expect(message.isResponse)
        return try message.response(from: Leaving.ministry(), at: Leaving.identityProvider(), at: Federation.now)
    }

    private static let prefix = "urn:oasis:names:tc:SAML:2.0:status:"

    @Test(
        arguments: [
            ("Success", nil, true), ("Requester", "UnknownPrincipal", true), ("Responder", nil, false), ("Success", "PartialLogout", false),
            ("Requester", nil, false), ("Responder", "AuthnFailed", false),
        ] as [(String, String?, Bool)])
    func `is ended by Success, and by "I know nobody of that name"`(top: String, second: String?, hasEnded: Bool) throws {
        let inner = second.map { "<samlp:StatusCode Value=\"\(Self.prefix + $0)\"/>" } ?? ""
        let response = try read(query(xml("<samlp:StatusCode Value=\"\(Self.prefix + top)\">\(inner)</samlp:StatusCode>")))
        #expect(response.hasEnded == hasEnded)
        #expect(response.inResponseTo == "_asked")
    }

    @Test func `counts only when the member signed it`() throws {
        #expect(throws: SAMLRefusal.Reason.signatureDue(declaredBy: "SAML Profiles §4.4.4.2")) { _ = try read(query(xml(), signedBy: nil)) }
        #expect(throws: SAMLRefusal.Reason.self) { _ = try read(query(xml(), signedBy: Federation.otherKey)) }
        _ = try read(query(xml()))
    }

    @Test(arguments: ["<samlp:StatusMessage>x</samlp:StatusMessage>", ""])
    func `without a status or without InResponseTo is no answer`(status: String) throws {
        #expect(throws: SAMLRefusal.Reason.self) { _ = try read(query(xml(status))) }
        #expect(throws: SAMLRefusal.Reason.self) { _ = try read(query(xml(inResponseTo: nil))) }
        #expect(throws: SAMLRefusal.Reason.self) { _ = try read(query(xml(destination: Leaving.soapAddress))) }
    }

    @Test func `is no request, and a request no answer`() throws {
        let response = try UnverifiedLogoutMessage.redirect(query: query(xml()))
        #expect(throws: SAMLRefusal.Reason.self) {
            _ = try response.request(from: Leaving.ministry(), at: Leaving.identityProvider(), at: Federation.now)
        }
        let request = try Leaving.message(Leaving.Request())
        #expect(throws: SAMLRefusal.Reason.self) {
            _ = try request.response(from: Leaving.ministry(), at: Leaving.identityProvider(), at: Federation.now)
        }
    }
}
