import Cryptography
import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary
import XML
import XMLSecurity

@Suite struct `A Response, SAML Profiles §4.1.4.2` {
    static func answered(
        _ asking: Asking = .library(), for provider: ServiceProvider? = nil, mode: CardMode = .pin,
        release: Set<AttributeSource> = [.pinUsed, .cardMode],
        seed: UInt64 = 1
    ) throws -> Answered {
        let request = try `An AuthnRequest, SAML Core §3.4.1`.verified(asking, for: provider)
        var dice = Dice(seed)
        return try Answered(
            request.response(
                for: Federation.grant(for: request.ask, mode: mode, release: release), from: Federation.identityProvider(),
                at: Federation.now, using: &dice))
    }

    @Test func `goes to the proven address, in answer to the request`() throws {
        let answered = try Self.answered()
        #expect(answered.answer.destination == Federation.libraryConsumer)
        #expect(answered.answer.relayState == "r")
        #expect(answered.root.name.local == "Response")
        #expect(answered.root.attribute("Destination") == Federation.libraryConsumer)
        #expect(answered.root.attribute("InResponseTo") == "_request-1")
        #expect(answered.root.attribute("Version") == "2.0")
        #expect(answered.root.attribute("IssueInstant") == Federation.now.text)
        #expect(answered.status == ["Success"])
        #expect(try answered.descend("Issuer").text == Federation.base + "/saml/metadata")
    }

    /// Readers that know one form of a time alone would fail once in a thousand answers.
    @Test(arguments: [0, 1, 437, 999] as [Int64])
    func `says every time in whole seconds, whatever the clock says`(fraction: Int64) throws {
        let request = try `An AuthnRequest, SAML Core §3.4.1`.verified(.library())
        let grant = try Federation.grant(
            for: request.ask, authenticatedAt: Federation.now.adding(seconds: -30).adding(milliseconds: fraction))
        var dice = Dice()
        let answered = try Answered(
            request.response(
                for: grant, from: Federation.identityProvider(), at: Federation.now.adding(milliseconds: fraction), using: &dice))
        var times: [String] = []
        answered.root.forEachInSubtree { element in
            for name in ["IssueInstant", "NotBefore", "NotOnOrAfter", "AuthnInstant", "SessionNotOnOrAfter"] {
                if let text = element.attribute(name) { times.append(text) }
            }
        }
        let told = [0, 0, 300, -60, 300, -30, 28_800 - 30].map { Federation.now.adding(seconds: $0).text }
        #expect(times == told)
    }

    @Test func `has exactly one Assertion, of what the schema orders, checklist S41`() throws {
        let answered = try Self.answered()
        #expect(answered.root.children.map(\.name.local) == ["Issuer", "Signature", "Status", "Assertion"])
        let assertion = try answered.descend("Assertion")
        #expect(
            assertion.children.map(\.name.local) == [
                "Issuer", "Signature", "Subject", "Conditions", "AuthnStatement", "AttributeStatement",
            ])
        #expect(assertion.attribute("ID") != answered.root.attribute("ID"))
    }

    @Test(arguments: [
        (ResponseSigning.both, ["Response", "Assertion"]), (.assertion, ["Assertion"]), (.response, ["Response"]),
    ])
    func `is signed as the member needs it, checklist S40`(signing: ResponseSigning, signed: [String]) throws {
        #expect(try Self.answered(for: Federation.library().signing(signing)).signed == signed)
    }

    @Test func `has signatures that break with one changed character`() throws {
        let answered = try Self.answered()
        let changed = answered.text.replacing(Federation.citizen, with: "bbcdefghijklmnopqrstuvwxyz234567")
        let root = try XMLDocument(parsing: Array(changed.utf8)).root
        let assertion = try #require(root.children.last)
        for element in [root, assertion] {
            #expect(throws: XMLSignatureRefusal.digest) { try EnvelopedSignature.verify(element, keys: [Federation.ownKey.publicKey]) }
        }
    }

    @Test func `confirms its bearer, checklist S42`() throws {
        let answered = try Self.answered()
        let confirmation = try answered.descend("Assertion", "Subject", "SubjectConfirmation")
        #expect(confirmation.attribute("Method") == "urn:oasis:names:tc:SAML:2.0:cm:bearer")
        let data = try answered.descend("Assertion", "Subject", "SubjectConfirmation", "SubjectConfirmationData")
        #expect(data.attribute("Recipient") == Federation.libraryConsumer)
        #expect(data.attribute("InResponseTo") == "_request-1")
        #expect(data.attribute("NotOnOrAfter") == Federation.now.adding(seconds: 300).text)
        #expect(data.attribute("NotBefore") == nil)
        #expect(data.attribute("Address") == nil)
    }

    @Test func `is for its audience and its minutes only, checklist S43`() throws {
        let answered = try Self.answered()
        let conditions = try answered.descend("Assertion", "Conditions")
        #expect(conditions.attribute("NotBefore") == Federation.now.adding(seconds: -60).text)
        #expect(conditions.attribute("NotOnOrAfter") == Federation.now.adding(seconds: 300).text)
        #expect(try answered.descend("Assertion", "Conditions", "AudienceRestriction", "Audience").text == Federation.libraryID)
    }

    @Test func `tells when and how the citizen authenticated, and the session, checklist S44`() throws {
        let answered = try Self.answered()
        let statement = try answered.descend("Assertion", "AuthnStatement")
        #expect(statement.attribute("AuthnInstant") == Federation.now.adding(seconds: -30).text)
        #expect(statement.attribute("SessionNotOnOrAfter") == Federation.now.adding(seconds: 28_800 - 30).text)
        let index = try #require(statement.attribute("SessionIndex"))
        #expect(index.count >= 33)
        #expect(try answered.descend("Assertion", "AuthnStatement", "AuthnContext", "AuthnContextClassRef").text == "urn:x-sekisho:ac:pin")
    }

    @Suite struct `its NameID, checklist S45` {
        @Test func `persistent: the pairwise identifier with both qualifiers`() throws {
            let nameID = try `A Response, SAML Profiles §4.1.4.2`.answered().descend("Assertion", "Subject", "NameID")
            #expect(nameID.text == Federation.citizen)
            #expect(nameID.attribute("Format") == NameIDFormat.persistent)
            #expect(nameID.attribute("NameQualifier") == Federation.base + "/saml/metadata")
            #expect(nameID.attribute("SPNameQualifier") == Federation.libraryID)
            let told = try `A Response, SAML Profiles §4.1.4.2`.answered().answer.name
            #expect(
                told
                    == .nameID(
                        Federation.citizen, format: NameIDFormat.persistent, nameQualifier: Federation.base + "/saml/metadata",
                        spNameQualifier: Federation.libraryID))
        }

        @Test func `transient: the same in one session, another for each member, and nothing of the pairwise identifier anywhere`() throws {
            let asking = Asking.library(children: "<samlp:NameIDPolicy Format=\"\(NameIDFormat.transient)\"/>")
            let first = try `A Response, SAML Profiles §4.1.4.2`.answered(asking, seed: 1)
            let second = try `A Response, SAML Profiles §4.1.4.2`.answered(asking, seed: 2)
            let nameID = try first.descend("Assertion", "Subject", "NameID")
            #expect(nameID.attribute("Format") == NameIDFormat.transient)
            #expect(nameID.attribute("NameQualifier") == nil)
            #expect(nameID.text.count >= 41)
            #expect(nameID.text == (try second.descend("Assertion", "Subject", "NameID").text))
            let policy = "<samlp:NameIDPolicy Format=\"\(NameIDFormat.transient)\"/>"
            let ministry = try Answered.answer(to: .ministry(children: policy), for: Federation.ministry(signed: false))
            #expect(nameID.text != (try ministry.descend("Assertion", "Subject", "NameID").text))
            #expect(first.answer.name == .nameID(nameID.text, format: NameIDFormat.transient))
            #expect(!first.text.contains(Federation.citizen))
        }
    }

    @Suite struct `its attributes, checklist S49` {
        @Test func `are what policy released, and the PIN fact is readable`() throws {
            let answered = try `A Response, SAML Profiles §4.1.4.2`.answered()
            let attributes = try answered.descend("Assertion", "AttributeStatement").children
            #expect(attributes.map { $0.attribute("Name") } == ["urn:x-sekisho:attribute:pin-used", "urn:x-sekisho:attribute:card-mode"])
            #expect(attributes.allSatisfy { $0.attribute("NameFormat") == "urn:oasis:names:tc:SAML:2.0:attrname-format:uri" })
            #expect(attributes.map { $0.children.map(\.text) } == [["true"], ["pin"]])
        }

        @Test func `tell a login without the PIN from one with it`() throws {
            let answered = try `A Response, SAML Profiles §4.1.4.2`.answered(mode: .face)
            let attributes = try answered.descend("Assertion", "AttributeStatement").children
            #expect(attributes.map { $0.children.map(\.text) } == [["false"], ["face"]])
        }

        @Test func `are absent, statement and all, when nothing was released, checklist S41`() throws {
            let answered = try `A Response, SAML Profiles §4.1.4.2`.answered(release: [])
            #expect(!answered.text.contains("Attribute"))
        }

        @Test func `never hold the certificate's serial or our own name of the citizen`() throws {
            let answered = try `A Response, SAML Profiles §4.1.4.2`.answered(release: Set(AttributeSource.allCases))
            #expect(!answered.text.contains("424242"))
            #expect(!answered.text.contains("0123456789abcdef"))
            let facts = AttributeSource.allCases.filter { !$0.isPersonal }
            #expect(answered.answer.released == facts.map(\.rawValue), "the record names attributes, not values")
        }
    }

    @Test func `has fresh identifiers of 160 bits`() throws {
        var seen: Set<String> = []
        for seed in 1...50 {
            let answered = try Self.answered(seed: UInt64(seed))
            for id in [answered.root.attribute("ID"), try answered.descend("Assertion").attribute("ID")] {
                let id = try #require(id)
                #expect(id.count == 41 && id.first == "_")
                seen.insert(id)
            }
        }
        #expect(seen.count == 100)
    }

    @Test func `is canonical as it is sent, so that no reader sees another text, checklist A11`() throws {
        let answered = try Self.answered()
        #expect(try Canonical.exclusive(answered.root) == answered.answer.xml)
    }

    @Test func `is not made for a grant that speaks of another member`() throws {
        let request = try `An AuthnRequest, SAML Core §3.4.1`.verified(.library())
        let other = try `An AuthnRequest, SAML Core §3.4.1`.redirect(.ministry(), signedBy: Federation.ministryKey)
            .verified(for: Federation.ministry(), at: Federation.identityProvider(), at: Federation.now)
        let grant = try Federation.grant(for: other.ask)
        var dice = Dice()
        let idp = try Federation.identityProvider()
        #expect(throws: AnswerFailure.otherMember) { try request.response(for: grant, from: idp, at: Federation.now, using: &dice) }
    }
}

@Suite struct `An error Response, SAML Core §3.2.2.2, checklist S57` {
    private func answered(_ refusal: SignOnRefusal) throws -> Answered {
        let request = try `An AuthnRequest, SAML Core §3.4.1`.verified(.library())
        var dice = Dice()
        return try Answered(
            request.response(refusing: refusal, from: Federation.identityProvider(), at: Federation.now, using: &dice))
    }

    @Test(arguments: [
        (SignOnRefusal.passive(sessionExists: false), ["Responder", "NoPassive"]), (.cancelled, ["Responder", "AuthnFailed"]),
        (.presenceNeverLinks, ["Responder", "AuthnFailed"]), (.otherCitizenAtStepUp, ["Responder", "AuthnFailed"]),
        (.otherCitizen, ["Responder", "UnknownPrincipal"]),
    ])
    func `has two levels`(refusal: SignOnRefusal, status: [String]) throws {
        #expect(try answered(refusal).status == status)
    }

    @Test(arguments: [
        (Decision.Denial.contextOutOfReach, "NoAuthnContext"), (.noPermit, "RequestDenied"), (.forbidden, "RequestDenied"),
        (.purposeNotAccredited, "RequestDenied"), (.standing(.suspended), "RequestDenied"),
    ])
    func `tells a denial from a context out of reach`(denial: Decision.Denial, second: String) throws {
        let member = try #require(MemberID(Federation.libraryID))
        let purpose = try #require(Purpose("procedure"))
        let refusal = SignOnRefusal.denied(denial, member: member, purpose: purpose, policyVersion: "1")
        #expect(try answered(refusal).status == ["Responder", second])
    }

    @Test func `is signed, goes to the proven address, and carries no Assertion`() throws {
        let answered = try answered(.cancelled)
        #expect(answered.signed == ["Response"])
        #expect(answered.root.children.map(\.name.local) == ["Issuer", "Signature", "Status"])
        #expect(answered.answer.destination == Federation.libraryConsumer)
        #expect(answered.answer.relayState == "r")
        #expect(answered.root.attribute("InResponseTo") == "_request-1")
        #expect(try answered.descend("Status", "StatusMessage").text == "signon.cancelled: the citizen stopped the login")
    }

    @Test func `is signed even where only assertions are signed, for there is none`() throws {
        let request = try `An AuthnRequest, SAML Core §3.4.1`.verified(.library(), for: Federation.library().signing(.assertion))
        var dice = Dice()
        let answered = try Answered(
            request.response(refusing: .cancelled, from: Federation.identityProvider(), at: Federation.now, using: &dice))
        #expect(answered.signed == ["Response"])
    }

    @Test func `answers a request that cannot be fulfilled`() throws {
        let asking = Asking.library(children: "<samlp:NameIDPolicy Format=\"urn:x\"/>")
        let refusal = try #require(
            try UnverifiedAuthnRequest.refusal({ try `An AuthnRequest, SAML Core §3.4.1`.redirect(asking) }, for: Federation.library()))
        var dice = Dice()
        let answer = try #require(try refusal.response(from: Federation.identityProvider(), at: Federation.now, using: &dice))
        let answered = try Answered(answer)
        #expect(answered.status == ["Requester", "InvalidNameIDPolicy"])
        #expect(answered.signed == ["Response"])
        #expect(answer.destination == Federation.libraryConsumer)
    }
}
