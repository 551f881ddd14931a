import Cryptography
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

@Suite struct `What an operator sets for one member` {
    private func answered(_ asking: Asking = .library(), _ change: (inout MemberOptions) -> Void) throws -> Answered {
        var options = MemberOptions()
        change(&options)
        return try Answered.answer(to: asking, for: Federation.library().with(options))
    }

    @Test(arguments: [(MemberOptions.Consent.obtained, "obtained"), (.explicit, "current-explicit"), (.implicit, "current-implicit")])
    func `the Consent of its answers, checklist S58`(consent: MemberOptions.Consent, name: String) throws {
        #expect(try answered { $0.consent = consent }.root.attribute("Consent") == "urn:oasis:names:tc:SAML:2.0:consent:" + name)
        #expect(try answered { _ in }.root.attribute("Consent") == nil)
    }

    @Test func `whether it is told when the session ends, checklist S44`() throws {
        let without = try answered { $0.sessionExpiry = false }.descend("Assertion", "AuthnStatement")
        #expect(without.attribute("SessionNotOnOrAfter") == nil)
        #expect(without.attribute("SessionIndex") != nil)
        #expect(try answered { _ in }.descend("Assertion", "AuthnStatement").attribute("SessionNotOnOrAfter") != nil)
    }

    @Test(arguments: [(80, nil), (79, 79), (0, 0)] as [(Int, Int?)])
    func `how long its RelayState may be, checklist S32`(limit: Int, refused: Int?) throws {
        var options = MemberOptions()
        options.relayState = limit
        let provider = try Federation.library().with(options)
        let state = String(repeating: "r", count: 80)
        let query = try Wire.query(Asking.library().xml, relayState: state)
        let reason = try UnverifiedAuthnRequest.reason({ try .redirect(query: query) }, for: provider)
        #expect(reason == refused.map { .tooLarge("RelayState", limit: $0) })
    }

    @Test func `a longer RelayState than the deployment's limit, echoed byte for byte`() throws {
        var options = MemberOptions()
        options.relayState = 4096
        let state = String(repeating: "é+%&\"<", count: 500)
        let query = try Wire.query(Asking.library().xml, relayState: state)
        let request = try UnverifiedAuthnRequest.redirect(query: query)
            .verified(for: Federation.library().with(options), at: Federation.identityProvider(), at: Federation.now)
        #expect(request.relayState.map { Array($0.utf8) } == Array(state.utf8))
        #expect(
            try UnverifiedAuthnRequest.reason({ try .redirect(query: query) }, for: Federation.library())
                == .tooLarge("RelayState", limit: 1024))
    }

    @Test(arguments: [(MemberOptions.KeyInfo.certificate, ["X509Data"]), (.named, ["KeyName", "X509Data"]), (.none, [])])
    func `what of our key stands in its KeyInfo, and never what we trust, checklist S56`(keyInfo: MemberOptions.KeyInfo, parts: [String])
        throws
    {
        let answered = try answered { $0.keyInfo = keyInfo }
        #expect(answered.signed == ["Response", "Assertion"])
        let signature = try answered.descend("Signature")
        let information = signature.children.filter { $0.name.local == "KeyInfo" }
        #expect(information.count == (parts.isEmpty ? 0 : 1))
        #expect(information.flatMap(\.children).map(\.name.local).sorted() == parts)
    }

    @Test func `the wish for signed assertions in its metadata goes before a choice against them, checklist S40`() throws {
        var options = MemberOptions()
        options.signing = .response
        let answered = try Answered.answer(to: .ministry(), for: Federation.ministry(signed: false).with(options))
        #expect(answered.signed == ["Response", "Assertion"])
        #expect(try self.answered { $0.signing = .response }.signed == ["Response"])
    }

    @Test func `the algorithm of its signatures, checklist S54`() throws {
        let answered = try Answered.answer(for: Federation.library(), at: Federation.curved())
        #expect(answered.text.contains("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"))
        _ = try EnvelopedSignature.verify(answered.root, keys: [Federation.curveKey.publicKey])
        #expect(throws: XMLSignatureRefusal.self) { try EnvelopedSignature.verify(answered.root, keys: [Federation.ownKey.publicKey]) }
    }
}
