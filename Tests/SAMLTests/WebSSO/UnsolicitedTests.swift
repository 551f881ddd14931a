import SAML
import SignOn
import Testing
import Vocabulary
import XML

@Suite struct `An answer that nobody asked for, SAML Profiles §4.1.5, checklist S8` {
    private static let now = Federation.now

    private func library(_ on: Bool = true, extra: String = "", relayState: Int? = nil) throws -> ServiceProvider {
        var options = MemberOptions()
        options.unsolicited = on
        options.relayState = relayState
        return try Federation.library(extra: extra).with(options)
    }

    private func verified(_ query: String, for provider: ServiceProvider?) throws -> VerifiedAuthnRequest {
        var dice = Dice()
        return try UnsolicitedRequest(Array(query.utf8)).verified(
            for: provider, at: Federation.identityProvider(), at: Self.now, using: &dice)
    }

    private func reason(_ query: String, for provider: ServiceProvider?) throws -> SAMLRefusal.Reason? {
        do {
            _ = try verified(query, for: provider)
            return nil
        } catch let refusal as SAMLRefusal {
            #expect(refusal.answer == nil, "nobody asked, so nobody is written to")
            return refusal.reason
        }
    }

    private static let provider = "providerId=" + Wire.escaped(Federation.libraryID)

    @Test func `goes to the member's default address, with the target as RelayState and no InResponseTo anywhere`() throws {
        let request = try verified(Self.provider + "&target=" + Wire.escaped("https://library.example/本?a=1&b"), for: library())
        #expect(request.relayState == "https://library.example/本?a=1&b")
        var dice = Dice()
        let answered = try Answered(
            request.response(for: Federation.grant(for: request.ask), from: Federation.identityProvider(), at: Self.now, using: &dice))
        #expect(answered.answer.destination == Federation.libraryConsumer)
        #expect(answered.signed == ["Response", "Assertion"])
        #expect(!answered.text.contains("InResponseTo"))
        let data = try answered.descend("Assertion", "Subject", "SubjectConfirmation", "SubjectConfirmationData")
        #expect(data.attribute("Recipient") == Federation.libraryConsumer)
        #expect(data.attribute("NotOnOrAfter") != nil)
    }

    @Test func `is off until an operator says otherwise`() throws {
        let member = try #require(MemberID(Federation.libraryID))
        #expect(try reason(Self.provider, for: Federation.library()) == .unsolicitedForbidden(member))
        #expect(try reason(Self.provider, for: library(false)) == .unsolicitedForbidden(member))
        #expect(try reason(Self.provider, for: library()) == nil)
    }

    @Test func `is for members only, by their own name`() throws {
        let member = try #require(MemberID(Federation.libraryID))
        #expect(try reason(Self.provider, for: nil) == .unknownMember(member))
        #expect(try reason(Self.provider, for: Federation.ministry()) == .unknownMember(member))
    }

    @Test(arguments: [
        ("https://library.example/second", true), ("https://evil.example/", false), ("https://library.example/Second", false),
    ])
    func `goes to an address of the member's metadata and to no other`(shire: String, passes: Bool) throws {
        let provider = try library(
            extra: "<md:AssertionConsumerService index=\"1\" Binding=\"\(Federation.post)\" Location=\"https://library.example/second\"/>")
        let query = Self.provider + "&shire=" + Wire.escaped(shire)
        #expect(try reason(query, for: provider) == (passes ? nil : .consumerURL(shire)))
        if passes { #expect(try verified(query, for: provider).acs.location == shire) }
    }

    @Test(arguments: ["", "target=x", "providerId=", "providerId=%", "providerid=https%3A%2F%2Flibrary.example%2Fsp"])
    func `is not for nobody`(query: String) throws {
        #expect(throws: SAMLRefusal.self) { try UnsolicitedRequest(Array(query.utf8)) }
    }

    @Test(arguments: ["providerId", "target", "shire"])
    func `has each parameter once`(name: String) throws {
        let query = Self.provider + "&target=a&shire=b&\(name)=c"
        #expect(try reason(query, for: library()) == .duplicate(name))
    }

    @Test func `has a target within the member's limit, and cuts none, checklist S32`() throws {
        let provider = try library(relayState: 10)
        #expect(try reason(Self.provider + "&target=0123456789", for: provider) == nil)
        #expect(try reason(Self.provider + "&target=0123456789a", for: provider) == .tooLarge("target", limit: 10))
    }

    @Test func `keeps to the time of the member's metadata`() throws {
        var options = MemberOptions()
        options.unsolicited = true
        let end = Self.now.adding(seconds: -1)
        let provider = try Federation.one(Federation.metadata(Federation.libraryID, outer: "validUntil=\"\(end.text)\"")).with(options)
        #expect(try reason(Self.provider, for: provider) == .metadataExpired(end))
    }

    @Test func `gives its parameters back for the page that asks the citizen`() throws {
        let request = try UnsolicitedRequest(Array((Self.provider + "&time=1&target=%3Cx%3E&other=1").utf8))
        #expect(request.fields.map(\.0) == ["providerId", "target"])
        #expect(request.fields.map(\.1) == [Federation.libraryID, "<x>"])
    }
}
