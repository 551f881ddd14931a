import Cryptography
import Signals
import Testing
import Vocabulary

/// RFC 9493 §3.2.4: a receiver finds its user by the names that it was told, of whichever protocol.
@Suite struct `The names by which a receiver knows citizens` {
    static let entity = "https://login.example.jp/saml"
    static let identifier = "pairwise-0123456789"

    static func subject(_ naming: SubjectNaming?, session: String? = nil, of name: String? = identifier) throws -> JSON? {
        SecurityEventToken.claims(
            try Sample.signal(session == nil ? .customerChanged : .sessionRevoked, subject: name, session: session), from: Sample.issuer,
            to: "RP00000001", naming: naming)["sub_id"]
    }

    @Test(
        arguments: [
            (nil, Sample.issuer, identifier), (SubjectNaming(issuer: entity), entity, identifier),
            (SubjectNaming(issuer: entity, suffix: "@example.jp"), entity, identifier + "@example.jp"),
        ] as [(SubjectNaming?, String, String)])
    func `are those of its own protocol`(naming: SubjectNaming?, issuer: String, name: String) throws {
        let subject = try Self.subject(naming)
        #expect(subject?["format"]?.string == "iss_sub" && subject?["iss"]?.string == issuer && subject?["sub"]?.string == name)
    }

    @Test func `in a session are to the letter what was told in it`() throws {
        let naming = SubjectNaming(issuer: Self.entity, suffix: "@example.jp")
        let subject = try Self.subject(naming, session: "_index", of: "_of-one-session")
        #expect(subject?["format"]?.string == "complex" && subject?["session"]?["id"]?.string == "_index")
        #expect(subject?["user"]?["sub"]?.string == "_of-one-session" && subject?["user"]?["iss"]?.string == Self.entity)
    }

    @Test func `of a stream is the stream, whoever receives it`() throws {
        let subject = try Self.subject(SubjectNaming(issuer: Self.entity, suffix: nil), of: nil)
        #expect(subject?["format"]?.string == "opaque")
    }

    private static func request(_ issuer: String, _ name: String) -> [UInt8] {
        let stream = "stream-0123456789"
        return JSON.object([
            ("stream_id", .string(stream)),
            ("subject", .object([("format", "iss_sub"), ("iss", .string(issuer)), ("sub", .string(name))])),
        ]).bytes
    }

    @Test(arguments: [
        (SubjectNaming(issuer: entity), identifier), (SubjectNaming(issuer: entity, suffix: "@example.jp"), identifier + "@example.jp"),
    ])
    func `lead back to our identifier when the receiver says them`(naming: SubjectNaming, name: String) throws {
        #expect(try SubjectRequest(body: Self.request(Self.entity, name), naming: naming).subject.text == Self.identifier)
    }

    @Test(arguments: [
        (SubjectNaming(issuer: entity), Sample.issuer, identifier), (SubjectNaming(issuer: entity, suffix: nil), entity, identifier),
        (SubjectNaming(issuer: entity, suffix: "@example.jp"), entity, identifier),
        (SubjectNaming(issuer: entity, suffix: "@example.jp"), entity, identifier + "@other.example"),
        (SubjectNaming(issuer: entity, suffix: "@example.jp"), entity, "@example.jp"),
    ])
    func `of somebody else lead nowhere`(naming: SubjectNaming, issuer: String, name: String) throws {
        #expect(
            try `A request for a stream (Shared Signals Framework §8.1.1)`.code {
                try SubjectRequest(body: Self.request(issuer, name), naming: naming)
            } == "signals.subject.unknown")
    }
}
