import Cryptography
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

/// A genuine Response of ours to the library, as text to be bent, and the service provider that judges it.
struct JudgedResponse {
    let xml: String

    init(_ signing: ResponseSigning = .both, seed: UInt64 = 1) throws {
        let answered = try Answered.answer(for: Federation.library().signing(signing), seed: seed)
        xml = String(decoding: answered.answer.xml, as: UTF8.self)
    }

    /// What the library compares.
    static func rules() throws -> JudgeRules {
        var rules = JudgeRules()
        rules.keys = [Federation.ownKey.publicKey]
        rules.issuer = Federation.base + "/saml/metadata"
        rules.audience = Federation.libraryID
        rules.address = Federation.libraryConsumer
        rules.inResponseTo = "_request-1"
        return rules
    }

    static func verdict(
        _ xml: String, _ rules: JudgeRules? = nil, as role: MessageJudge.Role = .serviceProvider, by binding: MessageJudge.Binding = .xml,
        at now: Timestamp = Federation.now
    ) throws -> MessageVerdict {
        let identity = try Federation.identityProvider().signingKeys
        return MessageJudge(try rules ?? self.rules(), as: role, identity: identity).verdict(on: Array(xml.utf8), by: binding, at: now)
    }

    /// The code of a refusal; nil when the message was accepted.
    static func code(_ xml: String, _ rules: JudgeRules? = nil, at now: Timestamp = Federation.now) throws -> String? {
        try verdict(xml, rules, at: now).refusal?.explanation.code
    }

    // MARK: Parts

    func part(_ start: String, _ end: String) throws -> String {
        let from = try #require(xml.firstRange(of: start)).lowerBound
        let to = try #require(xml[from...].ranges(of: end).last).upperBound
        return String(xml[from..<to])
    }

    /// The first signature in the text: the Response's when it has one.
    var signature: String {
        get throws {
            let from = try #require(xml.firstRange(of: "<ds:Signature ")).lowerBound
            let to = try #require(xml[from...].firstRange(of: "</ds:Signature>")).upperBound
            return String(xml[from..<to])
        }
    }

    var assertion: String { get throws { try part("<saml:Assertion ", "</saml:Assertion>") } }

    /// The assertion as an attacker wants it: about somebody else, under an identifier of its own.
    func evil(_ assertion: String, keepingID: Bool = false) throws -> String {
        let name = try #require(assertion.firstRange(of: "</saml:NameID>")).lowerBound
        let bent = String(assertion[..<name]) + "x" + String(assertion[name...])
        guard !keepingID else { return bent }
        let start = try #require(bent.firstRange(of: " ID=\"")).upperBound
        return String(bent[..<start]) + "_evil" + String(bent[start...])
    }
}
