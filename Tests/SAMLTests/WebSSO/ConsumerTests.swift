import SAML
import Testing
import Vocabulary

@Suite struct `The address of the answer, checklist S20` {
    private func chosen(_ attributes: String, for provider: ServiceProvider? = nil) throws -> (location: String?, refusal: SAMLRefusal?) {
        let query = try Wire.query(Asking.library(attributes: attributes).xml)
        do {
            let request = try UnverifiedAuthnRequest.redirect(query: query)
                .verified(for: try provider ?? several(), at: Federation.identityProvider(), at: Federation.now)
            return (request.acs.location, nil)
        } catch let refusal as SAMLRefusal {
            return (nil, refusal)
        }
    }

    private func several(_ defaults: [String] = ["", "", ""]) throws -> ServiceProvider {
        try Federation.one(
            Federation.metadata(
                Federation.libraryID,
                consumers: zip(defaults, [(3, Federation.post, "a"), (1, Federation.post, "b"), (2, Federation.artifact, "c")]).map {
                    "<md:AssertionConsumerService index=\"\($1.0)\" Binding=\"\($1.1)\" Location=\"https://library.example/\($1.2)\" \($0)/>"
                }.joined()))
    }

    @Test(arguments: [
        ("AssertionConsumerServiceURL=\"https://library.example/b\"", "b"), ("AssertionConsumerServiceIndex=\"1\"", "b"),
        ("AssertionConsumerServiceURL=\"https://library.example/a\" ProtocolBinding=\"\(Federation.post)\"", "a"),
        ("ProtocolBinding=\"\(Federation.post)\"", "a"), ("", "a"), ("ProtocolBinding=\"\(Federation.artifact)\"", "c"),
        ("AssertionConsumerServiceURL=\"https://library.example/c\"", "c"), ("AssertionConsumerServiceIndex=\"2\"", "c"),
        ("AssertionConsumerServiceURL=\"https://library.example/c\" ProtocolBinding=\"\(Federation.artifact)\"", "c"),
    ])
    func `is chosen from the member's metadata`(attributes: String, path: String) throws {
        #expect(try chosen(attributes).location == "https://library.example/" + path)
    }

    @Test(arguments: [
        (["", "isDefault=\"true\"", ""], "b"), (["isDefault=\"false\"", "", ""], "b"),
        (["isDefault=\"false\"", "isDefault=\"false\"", ""], "c"),
        (["isDefault=\"false\"", "isDefault=\"false\"", "isDefault=\"false\""], "a"),
        (["", "", "isDefault=\"true\""], "c"),
    ])
    func `is the default without a wish: true, else unsaid, else the first`(defaults: [String], path: String) throws {
        #expect(try chosen("", for: several(defaults)).location == "https://library.example/" + path)
    }

    @Test(arguments: [
        "https://evil.example/", "https://library.example/A", "https://library.example/a/", "https://library.example/a?x",
        "https://library.example",
        "https://LIBRARY.example/a", "https://library.example/%61", "javascript:alert(1)", "", "https://library.example/d",
        "https://library.example/a ",
    ])
    func `is never another, byte for byte, and nothing is sent there`(url: String) throws {
        let refusal = try #require(try chosen("AssertionConsumerServiceURL=\"\(url)\"").refusal)
        #expect(refusal.reason == .consumerURL(url))
        #expect(refusal.answer == nil)
        var dice = Dice()
        #expect(try refusal.response(from: Federation.identityProvider(), at: Federation.now, using: &dice) == nil)
    }

    @Test func `is not excused by a signature`() throws {
        let asking = Asking.ministry(attributes: "AssertionConsumerServiceURL=\"https://evil.example/\"")
        let refusal = try UnverifiedAuthnRequest.refusal(
            { try .redirect(query: Wire.query(asking.xml, signedBy: Federation.ministryKey)) }, for: Federation.ministry())
        #expect(refusal?.reason == .consumerURL("https://evil.example/"))
        #expect(refusal?.answer == nil)
    }

    @Test(arguments: [(MemberOptions.ResponseBinding.artifact, "c"), (.post, "b")])
    func `is by the operator's binding where the request leaves it open, S4`(binding: MemberOptions.ResponseBinding, path: String) throws {
        var options = MemberOptions()
        options.responseBinding = binding
        let provider = try several(["", "isDefault=\"true\"", ""]).with(options)
        #expect(try chosen("", for: provider).location == "https://library.example/" + path)
        let asked = "ProtocolBinding=\"\(binding == .post ? Federation.artifact : Federation.post)\""
        #expect(try chosen(asked, for: provider).location == "https://library.example/" + (binding == .post ? "c" : "b"))
    }

    @Test(arguments: [("c", Federation.post), ("a", Federation.artifact)])
    func `is never an address with another binding than the one asked for`(path: String, binding: String) throws {
        let url = "https://library.example/" + path
        let refusal = try #require(
            try chosen("AssertionConsumerServiceURL=\"\(url)\" ProtocolBinding=\"\(binding)\"").refusal)
        #expect(refusal.reason == .consumerURL(url))
        #expect(refusal.answer == nil)
    }

    @Test func `tells how the answer travels`() throws {
        for (attributes, binding) in [("", MessageBinding.post), ("ProtocolBinding=\"\(Federation.artifact)\"", .artifact)] {
            let answer = try Answered.answer(to: .library(attributes: attributes), for: several()).answer
            #expect(answer.binding == binding)
            #expect(answer.member.text == Federation.libraryID)
        }
    }

    @Test(arguments: [0, 4, 65_535])
    func `is no index without an address`(index: Int) throws {
        let refusal = try #require(try chosen("AssertionConsumerServiceIndex=\"\(index)\"").refusal)
        #expect(refusal.reason == .consumerIndex(index))
        #expect(refusal.answer == nil)
    }

    @Test(arguments: [
        "AssertionConsumerServiceIndex=\"1\" AssertionConsumerServiceURL=\"https://library.example/b\"",
        "AssertionConsumerServiceIndex=\"1\" ProtocolBinding=\"\(Federation.post)\"",
    ])
    func `is not asked for twice`(attributes: String) throws {
        #expect(try chosen(attributes).refusal?.reason == .consumerAskedTwice)
    }

    @Test(arguments: [
        "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", "urn:oasis:names:tc:SAML:2.0:bindings:PAOS", "",
    ])
    func `takes a response binding that we speak`(binding: String) throws {
        #expect(try chosen("ProtocolBinding=\"\(binding)\"").refusal?.reason == .responseBinding(binding))
    }

    @Test func `takes only a binding that the member's metadata has`() throws {
        let refusal = try chosen("ProtocolBinding=\"\(Federation.artifact)\"", for: Federation.library()).refusal
        #expect(refusal?.reason == .responseBinding(Federation.artifact))
    }
}
