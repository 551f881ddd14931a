import Cryptography
import SAML
import Testing
import Vocabulary

/// The product's own judge, as the careful service provider of SAML Profiles §4.1.4.3, on every answer of the sandbox.
@Suite struct `A Response of the sandbox` {
    private static let person = SandboxCitizen(id: "hanako", attributes: [("urn:x-sekisho:attribute:name", "模擬 <花子> & 'co'")])
    private static let contextClass = "urn:x-sekisho:ac:pin"

    private static func answer(_ fault: WrongResponse, _ signing: ResponseSigning) throws -> SAMLAnswer {
        let request = try `An AuthnRequest, SAML Core §3.4.1`.verified(.library(), for: Federation.library().signing(signing))
        var dice = Dice(7)
        return try request.response(
            fault, about: person, contextClass: contextClass, from: Federation.identityProvider(),
            stranger: SAMLSigningKey(
                key: Federation.otherKey, certificate: Federation.certificate(of: Federation.otherKey), algorithm: .rsaPKCS1(.sha256)),
            at: Federation.now, using: &dice)
    }

    private static func verdict(on answer: SAMLAnswer) throws -> MessageVerdict {
        var rules = JudgeRules()
        rules.keys = [Federation.ownKey.publicKey]
        rules.issuer = Federation.base + "/saml/metadata"
        rules.audience = Federation.libraryID
        rules.address = Federation.libraryConsumer
        rules.inResponseTo = "_request-1"
        let judge = MessageJudge(rules, as: .serviceProvider, identity: try Federation.identityProvider().signingKeys)
        return judge.verdict(on: answer.xml, by: .xml, at: Federation.now)
    }

    @Test(arguments: ResponseSigning.allCases)
    func `is taken when it is right, however the member has it signed`(signing: ResponseSigning) throws {
        let answer = try Self.answer(.right, signing)
        #expect(answer.destination == Federation.libraryConsumer)
        #expect(answer.relayState == "r")
        let verdict = try Self.verdict(on: answer)
        #expect(verdict.refusal == nil)
        #expect(String(decoding: answer.xml, as: UTF8.self).contains(Self.contextClass))
    }

    /// `low-context` is in order for whoever asked for no level.
    @Test(arguments: WrongResponse.allCases.filter { ![.right, .lowContext].contains($0) }, ResponseSigning.allCases)
    func `is refused when it is wrong, in each way and however it is signed`(fault: WrongResponse, signing: ResponseSigning) throws {
        let refusal = try #require(try Self.verdict(on: Self.answer(fault, signing)).refusal, "\(fault)")
        let layers: Set<JudgeLayer> =
            switch fault {
            case .unsigned, .altered, .otherKey: [.signature]
            case .wrappedBefore, .wrappedAfter: [.signature, .schema]
            case .wrongIssuer: [.issuer]
            case .wrongDestination: [.destination]
            // SAML Core §3.2.2.2: no assertion beside a failure.
            case .failed: [.status, .schema]
            case .doctype: [.xml]
            case .wrongAudience, .noAudience: [.conditions]
            case .expired, .early: [.conditions, .subject]
            case .wrongRecipient, .otherMethod: [.subject]
            case .wrongRequest: [.subject, .schema, .destination]
            case .right, .lowContext: []
            }
        #expect(layers.contains(refusal.layer), "\(fault): \(refusal.layer) \(refusal.explanation.code)")
    }

    @Test func `says another context when it is to be weak, and keeps to the proven address`() throws {
        let answer = try Self.answer(.lowContext, .both)
        #expect(String(decoding: answer.xml, as: UTF8.self).contains("classes:PreviousSession"))
        for fault in WrongResponse.allCases {
            #expect(try Self.answer(fault, .both).destination == Federation.libraryConsumer)
        }
    }

    @Test func `speaks of the invented citizen by one pairwise name each time`() throws {
        let texts = try [Self.answer(.right, .both), Self.answer(.lowContext, .both)].map { String(decoding: $0.xml, as: UTF8.self) }
        let names = texts.compactMap { text in text.split(separator: "sandbox-").dropFirst().first?.prefix(32) }
        #expect(names.count == 2 && names.first == names.last)
    }
}
