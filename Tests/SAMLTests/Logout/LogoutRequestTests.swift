import Cryptography
import SAML
import SignOn
import Testing
import Vocabulary
import XML
import XMLSecurity

/// A member's LogoutRequest: S9–S11, checklist §1.4, A3, A33; IIP-IDP17…20, SDP-IDP21…31, eGov 2.0 §2.7.
@Suite struct `A LogoutRequest of a member` {
    @Test(arguments: [MessageBinding.redirect, .post, .soap])
    func `is read by every binding when it is signed`(binding: MessageBinding) throws {
        var request = Leaving.Request()
        if binding == .soap { request.destination = Leaving.soapAddress }
        let verified = try Leaving.verified(request, by: binding, relayState: "r 1")
        #expect(verified.id == "_logout-1")
        #expect(verified.sessionIndexes == [Leaving.index])
        #expect(verified.names(try Leaving.participation()))
        #expect(!verified.isAsynchronous)
        #expect(verified.relayState == (binding == .soap ? nil : "r 1"))
    }

    /// Checklist A33 (GHSA-pcgw, gosaml2); ADFS demands the same of us.
    @Test func `is refused unsigned on every channel`() throws {
        let provider = try Federation.ministry(signed: false, extra: Leaving.service(Leaving.redirect))
        let idp = try Leaving.identityProvider()
        var soap = Leaving.Request()
        soap.destination = Leaving.soapAddress
        let tag = try #require(Copy.tag(of: XMLDocument(parsing: Array(soap.xml.utf8)).root))
        let messages: [UnverifiedLogoutMessage] = [
            try .redirect(query: Wire.query(Leaving.Request().xml)), try .post(form: Wire.form(Leaving.Request().xml)),
            try .soap(SOAPEnvelope.wrap(tag)),
        ]
        for message in messages {
            #expect(throws: SAMLRefusal.Reason.signatureDue(declaredBy: "SAML Profiles §4.4.3.1, §4.4.4.1")) {
                _ = try message.request(from: provider, at: idp, at: Federation.now)
            }
        }
    }

    @Test func `is refused when another key signed it, when it is stale, sent elsewhere, or from nobody we know`() throws {
        let idp = try Leaving.identityProvider()
        let ministry = try Leaving.ministry()
        func reason(_ message: UnverifiedLogoutMessage, _ provider: ServiceProvider?) throws -> SAMLRefusal.Reason? {
            do throws(SAMLRefusal.Reason) {
                _ = try message.request(from: provider, at: idp, at: Federation.now)
                return nil
            } catch {
                return error
            }
        }
        let forged = try UnverifiedLogoutMessage.redirect(query: Wire.query(Leaving.Request().xml, signedBy: Federation.otherKey))
        #expect(try reason(forged, ministry) == .querySignature(algorithm: Wire.rsaSHA256))
        var stale = Leaving.Request()
        stale.issued = Federation.now.adding(seconds: -600).text
        guard case .stale = try reason(Leaving.message(stale), ministry) else { throw Unexpected("not stale") }
        var elsewhere = Leaving.Request()
        elsewhere.destination = Federation.base + "/saml/sso"
        guard case .destination = try reason(Leaving.message(elsewhere), ministry) else { throw Unexpected("destination") }
        guard case .unknownMember = try reason(Leaving.message(Leaving.Request()), nil) else { throw Unexpected("unknown") }
        #expect(try reason(Leaving.message(Leaving.Request()), ministry) == nil)
    }

    /// Checklist A3 (samlify #634): what is read is what was signed.
    @Test func `is not read where a signed message of somebody stands inside it`() throws {
        let inner = Leaving.text(try Leaving.signed(Leaving.Request().xml))
        var wrapping = Leaving.Request()
        wrapping.id = "_outer"
        wrapping.extensions = "<samlp:Extensions>\(inner)</samlp:Extensions>"
        #expect(throws: SAMLRefusal.Reason.misplacedSignature) { _ = try UnverifiedLogoutMessage.post(form: Wire.form(wrapping.xml)) }
    }

    /// keycloak #23528: a SessionIndex alone crashed there.
    @Test func `without NameID, BaseID or EncryptedID is refused, and its sender is told`() throws {
        var request = Leaving.Request()
        request.principal = nil
        let result = try Leaving.message(request).request(
            from: Leaving.ministry(), at: try Leaving.identityProvider(), at: Federation.now)
        guard case .failure(let refused) = result else { throw Unexpected("accepted") }
        #expect(refused.reason.explanation.code == "saml.logout.principal")
        var dice = Dice()
        let answer = try ReadLogout(
            #require(refused.response(from: Leaving.identityProvider(), at: Federation.now, using: &dice)))
        #expect(answer.status == ["Requester"])
        #expect(answer.root.attribute("InResponseTo") == "_logout-1")
        #expect(answer.isSigned)
    }

    @Test(arguments: [
        "<saml:NameID/>", "<saml:NameID>a</saml:NameID><saml:NameID>b</saml:NameID>", "<saml:NameID>a</saml:NameID><saml:BaseID/>",
        "<saml:NameID>a<x xmlns=\"urn:x\"/></saml:NameID>", "<saml:EncryptedID/>", "<saml:Subject/>",
    ])
    func `that names nobody clearly is refused, and its sender is told`(principal: String) throws {
        var request = Leaving.Request()
        request.principal = principal
        let result = try Leaving.message(request).request(
            from: Leaving.ministry(), at: try Leaving.identityProvider(), at: Federation.now)
        guard case .failure = result else { throw Unexpected("accepted") }
    }

    @Test func `with a BaseID names nobody we know, and is answered`() throws {
        var request = Leaving.Request()
        request.principal = "<saml:BaseID NameQualifier=\"q\"/>"
        let verified = try Leaving.verified(request)
        #expect(verified.name == nil)
        #expect(!verified.names(try Leaving.participation()))
    }

    /// IIP-IDP17…20: at least two keys during a roll-over. SDP-IDP: never encrypted by us on Redirect, but read.
    @Test(arguments: [0, 1])
    func `with an EncryptedID is read by each of our keys`(which: Int) throws {
        let keys = [try PrivateKey.generate(.rsa(bits: 2048)), try PrivateKey.generate(.rsa(bits: 2048))]
        let idp = try Leaving.identityProvider(keys)
        let name = XMLTag("saml", Asking.Name.assertion, "NameID", text: Federation.citizen)
        func encrypted(to key: PrivateKey) throws -> Leaving.Request {
            var dice = Dice(7)
            let data = try XMLEncryption.encrypt(
                name, to: key.publicKey, content: .aes128gcm, transport: .saml2int, using: &dice)
            var request = Leaving.Request()
            request.principal =
                "<saml:EncryptedID>" + Leaving.text(data) + "</saml:EncryptedID>"
            return request
        }
        let readable = try encrypted(to: keys[which])
        let message = try UnverifiedLogoutMessage.redirect(query: Wire.query(readable.xml, signedBy: Federation.ministryKey))
        let verified = try message.request(from: Leaving.ministry(), at: idp, at: Federation.now).get()
        #expect(verified.names(try Leaving.participation()))
        let stranger = try encrypted(to: Federation.otherKey)
        let other = try UnverifiedLogoutMessage.redirect(query: Wire.query(stranger.xml, signedBy: Federation.ministryKey))
        guard case .failure(let refused) = try other.request(from: Leaving.ministry(), at: idp, at: Federation.now) else {
            throw Unexpected("accepted")
        }
        #expect(refused.reason == .principal("EncryptedID cannot be read"), "one reason for whatever depends on a key (A20)")
    }

    /// SimpleSAMLphp 1.x knows nothing else. The ciphertext is inside of what was signed, so that nobody else can try changed ones (A20).
    @Test(arguments: [MemberOptions.Ciphers.cbc, .cbcNames])
    func `with an EncryptedID in AES-CBC is read where the operator allows CBC, and only there`(ciphers: MemberOptions.Ciphers) throws {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        let idp = try Leaving.identityProvider([key])
        let name = XMLTag("saml", Asking.Name.assertion, "NameID", text: Federation.citizen)
        var dice = Dice(7)
        let data = try XMLEncryption.encrypt(name, to: key.publicKey, content: .aes128cbc, transport: .saml2int, using: &dice)
        var request = Leaving.Request()
        request.principal = "<saml:EncryptedID>" + Leaving.text(data) + "</saml:EncryptedID>"
        var options = MemberOptions()
        options.ciphers = ciphers
        let allowed = try Leaving.ministry().with(options)
        #expect(try Leaving.verified(request, from: allowed, at: idp).names(Leaving.participation()))
        let message = try Leaving.message(request)
        guard case .failure(let refused) = try message.request(from: Leaving.ministry(), at: idp, at: Federation.now) else {
            throw Unexpected("accepted")
        }
        #expect(refused.reason == .nameCipher("http://www.w3.org/2001/04/xmlenc#aes128-cbc"))
        // Allowed, and to a key that is not ours: one reason for whatever depends on a key.
        let stranger = try Leaving.identityProvider([PrivateKey.generate(.rsa(bits: 2048))])
        guard case .failure(let unread) = try message.request(from: allowed, at: stranger, at: Federation.now) else {
            throw Unexpected("accepted")
        }
        #expect(unread.reason == .principal("EncryptedID cannot be read"))
    }

    /// What everybody can read in the message tells its sender what to change; no key of ours has a part in it (A20).
    @Test(arguments: ["aes128-cbc", "aes256-cbc", "tripledes-cbc"])
    func `with an EncryptedID in a cipher that we do not take is told which, whether we have a key or not`(name: String) throws {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        let uri = "http://www.w3.org/2001/04/xmlenc#" + name
        var dice = Dice(7)
        let data = try XMLEncryption.encrypt(
            XMLTag("saml", Asking.Name.assertion, "NameID", text: Federation.citizen), to: key.publicKey, content: .aes128gcm,
            transport: .saml2int, using: &dice)
        var request = Leaving.Request()
        request.principal =
            "<saml:EncryptedID>" + Leaving.text(data).replacing("http://www.w3.org/2009/xmlenc11#aes128-gcm", with: uri)
            + "</saml:EncryptedID>"
        for keys in [[], [key]] {
            let idp = try Leaving.identityProvider(keys)
            guard case .failure(let refused) = try Leaving.message(request).request(from: Leaving.ministry(), at: idp, at: Federation.now)
            else { throw Unexpected("accepted") }
            #expect(refused.reason == .nameCipher(uri))
            let explanation = refused.reason.explanation
            #expect(explanation.code == "saml.name.cipher" && explanation.compared.map(\.value) == [uri])
            #expect(explanation.remedy.contains("`ciphers: allow-cbc-names`"))
            var dice = Dice()
            let answer = try ReadLogout(#require(refused.response(from: idp, at: Federation.now, using: &dice)))
            #expect(answer.child("Status")?.children.last?.text.hasPrefix("saml.name.cipher: ") == true)
        }
    }

    @Test func `is too late at its NotOnOrAfter, our tolerance counted`() throws {
        var request = Leaving.Request()
        request.attributes = "NotOnOrAfter=\"\(Federation.now.adding(seconds: -170).text)\""
        _ = try Leaving.verified(request)
        request.attributes = "NotOnOrAfter=\"\(Federation.now.adding(seconds: -180).text)\""
        #expect(throws: RefusedLogoutRequest.self) { _ = try Leaving.verified(request) }
    }

    @Test func `carries its Reason and many indexes, within bounds`() throws {
        var request = Leaving.Request()
        request.attributes = "Reason=\"urn:oasis:names:tc:SAML:2.0:logout:user\""
        request.indexes = (0..<64).map { "_\($0)" }
        let verified = try Leaving.verified(request, by: .post)
        #expect(verified.reason == LogoutCause.user.rawValue)
        #expect(verified.sessionIndexes.count == 64)
        request.indexes.append("_64")
        #expect(throws: RefusedLogoutRequest.self) { _ = try Leaving.verified(request, by: .post) }
    }

    @Test func `that is asynchronous says so (S11)`() throws {
        var request = Leaving.Request()
        request.extensions =
            "<samlp:Extensions><a:Asynchronous xmlns:a=\"urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo\"/></samlp:Extensions>"
        let verified = try Leaving.verified(request)
        #expect(verified.isAsynchronous)
        #expect(!verified.answersByBrowser)
        var dice = Dice()
        #expect(try verified.response(.complete, from: Leaving.identityProvider(), at: Federation.now, using: &dice) == nil)
        #expect(try verified.replayed(from: Leaving.identityProvider(), at: Federation.now, using: &dice) == nil)
        #expect(try verified.unknownPrincipal(from: Leaving.identityProvider(), at: Federation.now, using: &dice) == nil)
        request.destination = Leaving.soapAddress
        let exchanged = try Leaving.verified(request, by: .soap)
        #expect(exchanged.isAsynchronous)
        #expect(try exchanged.replayed(from: Leaving.identityProvider(), at: Federation.now, using: &dice) != nil)
        #expect(try exchanged.unknownPrincipal(from: Leaving.identityProvider(), at: Federation.now, using: &dice) != nil)
        request.destination = Leaving.address
        request.extensions = "<samlp:Extensions><a:Other xmlns:a=\"urn:x\"/></samlp:Extensions>"
        let answered = try Leaving.verified(request)
        #expect(!answered.isAsynchronous)
        #expect(try answered.replayed(from: Leaving.identityProvider(), at: Federation.now, using: &dice) != nil)
    }
}

/// Which session a LogoutRequest means (SAML Core §3.7.1, §8.3; checklist §1.4).
@Suite struct `A LogoutRequest and the sessions it names` {
    @Test(arguments: [
        "", " Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified\"",
        " Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\"",
        " NameQualifier=\"https://idp.sekisho.example/saml/metadata\"", " SPNameQualifier=\"https://sp.ministry.example/metadata\"",
        " Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\" NameQualifier=\"https://idp.sekisho.example/saml/metadata\" SPNameQualifier=\"https://sp.ministry.example/metadata\"",
    ])
    func `what stacks leave out matches`(attributes: String) throws {
        var request = Leaving.Request()
        request.principal = "<saml:NameID\(attributes)>\(Federation.citizen)</saml:NameID>"
        #expect(try Leaving.verified(request).names(Leaving.participation()))
    }

    @Test(arguments: [
        " Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:transient\"", " NameQualifier=\"https://other.example\"",
        " SPNameQualifier=\"https://library.example/sp\"", " NameQualifier=\"\"",
    ])
    func `another format or qualifier is another identifier`(attributes: String) throws {
        var request = Leaving.Request()
        request.principal = "<saml:NameID\(attributes)>\(Federation.citizen)</saml:NameID>"
        let verified = try Leaving.verified(request)
        #expect(try !verified.names(Leaving.participation()))
        #expect(try verified.mayMean(Leaving.participation()), "but perhaps it was meant")
    }

    @Test func `what another citizen, session, member or protocol goes by is not even meant`() throws {
        let verified = try Leaving.verified()
        #expect(try verified.mayMean(Leaving.participation()))
        #expect(try !verified.mayMean(Leaving.participation(index: "_other")))
        #expect(try !verified.mayMean(Leaving.participation(member: Federation.libraryID)))
        #expect(try !verified.mayMean(Leaving.participation(.subject(Federation.citizen))))
        #expect(try !verified.mayMean(Leaving.participation(.nameID("x", format: nil))))
    }

    /// An entityID has up to 1024 octets (SAML Core §8.3.6), and is a qualifier of the NameID that we issued and get back.
    @Test func `qualifiers are as long as an entityID can be, and no longer`() throws {
        let longest = "https://sp.example/" + String(repeating: "x", count: 1005)
        let provider = try Federation.one(
            Federation.metadata(
                longest, attributes: "AuthnRequestsSigned=\"true\"",
                keys: Federation.keyDescriptor(try Federation.certificate(of: Federation.ministryKey), use: "signing"),
                consumers: "<md:AssertionConsumerService index=\"0\" Binding=\"\(Federation.post)\" Location=\"https://sp.example/acs\"/>"
                    + Leaving.service(Leaving.redirect)))
        var request = Leaving.Request()
        request.issuer = longest
        request.principal = "<saml:NameID NameQualifier=\"\(longest)\" SPNameQualifier=\"\(longest)\">\(Federation.citizen)</saml:NameID>"
        let name = MemberName.nameID(
            Federation.citizen, format: NameIDFormat.persistent, nameQualifier: longest, spNameQualifier: longest)
        #expect(try Leaving.verified(request, from: provider).names(Leaving.participation(name, member: longest)))
        for qualifier in ["NameQualifier", "SPNameQualifier"] {
            request.principal = "<saml:NameID \(qualifier)=\"\(longest)x\">\(Federation.citizen)</saml:NameID>"
            #expect(throws: RefusedLogoutRequest.self) { _ = try Leaving.verified(request, from: provider) }
        }
    }

    @Test func `another citizen, another case, another member's session match nothing`() throws {
        var request = Leaving.Request()
        request.principal = "<saml:NameID>\(Federation.citizen.uppercased())</saml:NameID>"
        #expect(try !Leaving.verified(request).names(Leaving.participation()))
        #expect(try !Leaving.verified().names(Leaving.participation(member: Federation.libraryID)))
        #expect(try !Leaving.verified().names(Leaving.participation(.subject(Federation.citizen))))
    }

    @Test func `without a SessionIndex all sessions of the principal at that member are meant`() throws {
        var request = Leaving.Request()
        request.indexes = []
        #expect(try Leaving.verified(request).names(Leaving.participation()))
        #expect(try Leaving.verified(request).names(Leaving.participation(index: "_other")))
        request.indexes = ["_third", "_other"]
        #expect(try !Leaving.verified(request).names(Leaving.participation()))
        #expect(try Leaving.verified(request).names(Leaving.participation(index: "_other")))
    }
}
