import Cryptography
import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary
import XML

/// A Subject may be confirmed without being named (SAML Core §2.4.1).
@Suite struct `Assertions without NameID, IIP-IDP11` {
    private static let pairwise = "urn:oasis:names:tc:SAML:attribute:pairwise-id"

    private static func library(
        _ identifier: MemberOptions.SubjectIdentifier = .pairwise, formats: [String] = []
    ) throws -> ServiceProvider {
        var options = MemberOptions()
        options.nameID = .untold
        options.subjectIdentifier = identifier
        return try Federation.library(formats: formats).with(options)
    }

    private static func answered(
        _ asking: Asking = .library(), _ provider: ServiceProvider? = nil, seed: UInt64 = 1
    ) throws -> Answered {
        try Answered.answer(to: asking, for: provider ?? library(), at: Federation.scoped("sekisho.example"), seed: seed)
    }

    @Test func `confirm their bearer and name nobody; the identifier is an attribute`() throws {
        let answered = try Self.answered()
        #expect(!answered.text.contains("NameID"))
        let subject = try answered.descend("Assertion", "Subject")
        #expect(subject.children.map(\.name.local) == ["SubjectConfirmation"])
        let data = try answered.descend("Assertion", "Subject", "SubjectConfirmation", "SubjectConfirmationData")
        #expect(data.attribute("InResponseTo") == "_request-1")
        let attributes = try answered.descend("Assertion", "AttributeStatement").children
        let identifier = try #require(attributes.first { $0.attribute("Name") == Self.pairwise })
        #expect(identifier.children.map(\.text) == [Federation.citizen + "@sekisho.example"])
        #expect(answered.signed == ["Response", "Assertion"])
    }

    @Test func `have the same identifier at the next login, and hold no name of the session`() throws {
        let (first, second) = (try Self.answered(seed: 1), try Self.answered(seed: 2))
        #expect(first.answer.name == second.answer.name)
        #expect(first.answer.name == .nameID(Federation.citizen + "@sekisho.example", format: Self.pairwise))
        let silent = try Self.answered(.library(), Self.library(.none))
        let name = try #require(silent.answer.name)
        #expect(name.isUntold)
        #expect(!silent.text.contains(name.text) && !silent.text.contains(Federation.citizen), "told nothing, by nothing")
    }

    @Test(arguments: [NameIDFormat.persistent, NameIDFormat.transient])
    func `are not made where the request chooses a format`(format: String) throws {
        let answered = try Self.answered(.library(children: "<samlp:NameIDPolicy Format=\"\(format)\"/>"))
        #expect(try answered.descend("Assertion", "Subject", "NameID").attribute("Format") == format)
        #expect(answered.answer.name?.isUntold == false)
    }

    @Test func `are made whatever formats the metadata lists, and by nobody's word but the operator's`() throws {
        #expect(!(try Self.answered(.library(), Self.library(formats: [NameIDFormat.persistent])).text.contains("NameID")))
        let unknown = try Federation.library(formats: [NameIDFormat.unspecified])
        #expect(try Self.answered(.library(), unknown).answer.name?.isUntold == false)
    }

    @Test func `are judged good by whoever says that it needs no name, and by nobody else`() throws {
        let answer = try Self.answered().answer
        var rules = JudgeRules()
        rules.keys = [Federation.ownKey.publicKey]
        rules.issuer = Federation.base + "/saml/metadata"
        rules.audience = Federation.libraryID
        rules.address = Federation.libraryConsumer
        rules.inResponseTo = "_request-1"
        let identity = try Federation.scoped(nil).signingKeys
        func verdict() -> MessageVerdict {
            MessageJudge(rules, as: .serviceProvider, identity: identity).verdict(on: answer.xml, by: .xml, at: Federation.now)
        }
        #expect(verdict().refusal?.layer == .subject)
        rules.mayBeUnnamed = true
        #expect(verdict().refusal == nil, "\(verdict().refusal.map { "\($0)" } ?? "")")
        rules.audience = Federation.ministryID
        #expect(verdict().refusal?.layer == .conditions)
    }

    @Test func `make a lasting identifier all the same, which AllowCreate false forbids`() throws {
        let children = "<samlp:NameIDPolicy AllowCreate=\"false\"/>"
        let request = try `An AuthnRequest, SAML Core §3.4.1`.verified(.library(children: children), for: Self.library())
        #expect(request.nameIDKind == .untold)
        #expect(request.ask.forbidsNewIdentifier)
    }

    /// SAML Core §3.7.1: the NameID "as currently recognized by" both.
    @Suite struct `and logout` {
        private func ministry(_ services: String...) throws -> ServiceProvider {
            try Federation.ministry(extra: services.joined())
        }

        private static let told = MemberName.nameID(
            Federation.citizen + "@sekisho.example", format: `Assertions without NameID, IIP-IDP11`.pairwise)

        @Test(arguments: [Leaving.redirect, Leaving.soap])
        func `the member is not asked by a guessed name: its session stays open, and says why`(binding: String) throws {
            let provider = try ministry(Leaving.service(binding))
            #expect(provider.logoutPlan(for: Self.told) == LogoutPlan(.none, .unnamed))
            #expect(provider.logoutPlan(for: .nameID("_x", format: NameIDFormat.untold)) == LogoutPlan(.none, .unnamed))
            #expect(provider.logoutPlan(for: Leaving.persistent) == provider.logoutPlan)
            #expect(provider.logoutPlan(for: Leaving.persistent).channel != .none)
        }

        @Test func `the member itself may name the citizen by the identifier it was told`() throws {
            let told = try Leaving.participation(Self.told)
            var request = Leaving.Request()
            request.principal = "<saml:NameID>\(Self.told.text)</saml:NameID>"
            #expect(try Leaving.verified(request).names(told))
            request.principal = "<saml:NameID Format=\"\(Self.told.format ?? "")\">\(Self.told.text)</saml:NameID>"
            #expect(try Leaving.verified(request).names(told))
        }

        @Test(arguments: [
            "<saml:NameID>\(Federation.citizen)</saml:NameID>",
            "<saml:NameID Format=\"\(NameIDFormat.persistent)\">\(Federation.citizen)@sekisho.example</saml:NameID>",
        ])
        func `another text or format names nobody`(principal: String) throws {
            var request = Leaving.Request()
            request.principal = principal
            #expect(try !Leaving.verified(request).names(Leaving.participation(Self.told)))
        }
    }
}
