import Cryptography
import Testing
import Vocabulary
import XML
import XMLSecurity

@Suite struct `A signed aggregate, read as a stream` {
    private let names = ["a", "b", "c", "d", "e"].map { "https://\($0).example/sp" }

    @Test(arguments: [1, 3, 64, 65_536])
    func `M6 M8 is proven, and hands over each entity in order, at any depth`(size: Int) throws {
        let result = try read(try Aggregate.signed(), pieces: size)
        #expect(result.refusal == nil)
        let proof = try #require(result.proof)
        #expect(result.names == names && result.slices.map(\.number) == [0, 1, 2, 3, 4])
        #expect(proof.key == (try Keys.of().publicKey) && proof.algorithm == .rsaPKCS1(.sha256))
        #expect(proof.facts.entities == 5 && proof.facts.isGroup && proof.facts.identifier == "_aggregate")
        #expect(proof.facts.bytes == (try Aggregate.signed()).utf8.count)
    }

    @Test(arguments: [
        (KeyKind.rsa(bits: 2048), SignatureAlgorithm.rsaPKCS1(.sha256)), (.rsa(bits: 2048), .rsaPKCS1(.sha384)),
        (.rsa(bits: 2048), .rsaPKCS1(.sha512)), (.rsa(bits: 2048), .rsaPSS(.sha256)), (.ec(.p256), .ecdsa(.sha256)),
        (.ec(.p384), .ecdsa(.sha384)), (.ec(.p521), .ecdsa(.sha512)),
    ])
    func `is proven by each algorithm of today, and not by a stranger's key`(kind: KeyKind, algorithm: SignatureAlgorithm) throws {
        let text = try Aggregate.signed(Aggregate.standard(), kind: kind, algorithm: algorithm)
        let stranger = try Keys.ofStranger().publicKey
        #expect(try read(text, keys: [stranger, try Keys.of(kind).publicKey]).proof?.key == Keys.of(kind).publicKey)
        let refused = try read(text, keys: [stranger])
        #expect(refused.refusal == .signature(kind == .rsa(bits: 2048) ? .signature : .keyMissing))
        #expect(refused.slices.isEmpty, "a wrong key is seen before the first entity")
        #expect(try read(text, keys: []).refusal == .signature(.keyMissing))
    }

    @Test func `gives slices that stand alone and are what was signed`() throws {
        let text = try Aggregate.signed()
        let tree = try XMLDocument(parsing: Array(text.utf8)).root
        let elements = all("EntityDescriptor", in: tree)
        let slices = try read(text).slices
        #expect(slices.count == elements.count)
        for (slice, element) in zip(slices, elements) {
            let alone = try XMLDocument(parsing: slice.bytes).root
            #expect(alone.name == XMLName(md, "EntityDescriptor") && alone.attribute("entityID") == slice.entityID)
            #expect(try Canonical.exclusive(alone) == Canonical.exclusive(element))
            #expect(slice.bytes == (try Canonical.exclusive(element)), "the prefix md is all that is needed here")
        }
    }

    @Test func `M9 says what each member inherits from the groups around it`() throws {
        let slices = try read(try Aggregate.signed()).slices
        let (first, third, fourth, last) = (slices[0], slices[2], slices[3], slices[4])
        #expect(first.groups.map(\.name) == ["https://fed.example"])
        #expect(first.groups.first?.cacheSeconds == 21_600)
        #expect(first.inheritedValidUntil == Timestamp("2026-12-01T00:00:00Z"))
        #expect(first.inheritedRegistrationAuthority == "https://fed.example")
        #expect(first.inheritedAttributes.map(\.values) == [["http://refeds.org/category/research-and-scholarship"]])
        #expect(first.inheritedAttributes.first?.nameFormat == "urn:uri")
        #expect(third.groups.map(\.name) == ["https://fed.example", "https://fed.example/inner"])
        #expect(third.inheritedValidUntil == Timestamp("2026-11-25T00:00:00Z"))
        #expect(third.inheritedRegistrationAuthority == "https://inner.example")
        #expect(third.inheritedAttributes.count == 2)
        #expect(fourth.groups.map(\.name) == ["https://fed.example", "https://fed.example/inner", nil])
        #expect(fourth.inheritedRegistrationAuthority == "https://inner.example")
        #expect(last.groups == first.groups)
        let extensions = try #require(first.groups.first?.extensions)
        #expect(try XMLDocument(parsing: extensions).root.name == XMLName(md, "Extensions"))
    }

    @Test func `entity attributes of a group are read as a pretty-printer wrote them, and never with markup in them`() throws {
        let category = "http://refeds.org/category/research-and-scholarship"
        let group = Aggregate.group(
            [], [Aggregate.extensions(authority: nil, category: "\n    \(category)\n  "), Aggregate.entity("https://a.example/sp")])
        let pretty = try text(group).with("Name=\"http://macedir.org/entity-category\"", "Name=\" http://macedir.org/entity-category\"")
        let found = try #require(try readTrusted(pretty).slices.first).inheritedAttributes
        #expect(found.map(\.name) == ["http://macedir.org/entity-category"] && found.map(\.values) == [[category]])
        let marked = try #require(try readTrusted(try pretty.with(category, "<md:x/>" + category)).slices.first).inheritedAttributes
        #expect(marked.map(\.values.count) == [0])
    }

    @Test func `its facts are the root's`() throws {
        let facts = try #require(try read(try Aggregate.signed()).facts)
        #expect(facts.root.name == "https://fed.example" && facts.root.validUntil == Timestamp("2026-12-01T00:00:00Z"))
        #expect(facts.root.registrationAuthority == "https://fed.example")
    }

    @Test func `may be one entity, signed as the document`() throws {
        let tag = Aggregate.entity("https://one.example/sp", [("ID", "_1"), ("validUntil", "2026-11-30T00:00:00Z")])
        let text = try Aggregate.signed(tag)
        let result = try read(text, pieces: 10)
        #expect(result.refusal == nil && result.names == ["https://one.example/sp"])
        let slice = try #require(result.slices.first)
        #expect(slice.groups.isEmpty)
        #expect(slice.bytes == tag.canonicalBytes(), "its own signature is no part of it")
        #expect(result.facts?.isGroup == false && result.facts?.root.validUntil == Timestamp("2026-11-30T00:00:00Z"))
        #expect(try read(try text.with("one.example", "two.example")).refusal == .signature(.digest))
    }

    @Test func `an entity's own signature inside is content like any other`() throws {
        let inner = try EnvelopedSignature.sign(
            Aggregate.entity("https://s.example/sp", [("ID", "_inner")]), key: try Keys.ofStranger(), algorithm: .rsaPKCS1(.sha256))
        let text = try Aggregate.signed(Aggregate.group([("ID", "_1")], [inner]))
        let slice = try #require(try read(text).slices.first)
        let element = try XMLDocument(parsing: slice.bytes).root
        #expect(try EnvelopedSignature.verify(element, keys: [Keys.ofStranger().publicKey]).element.attribute("ID") == "_inner")
    }

    @Test func `reports repeated, nameless and oversized entities, and goes on`() throws {
        let long = Aggregate.entity("https://long.example/sp", padding: 5_000)
        let text = try Aggregate.signed(
            Aggregate.group(
                [("ID", "_1")],
                [
                    Aggregate.entity("https://a.example/sp"), Aggregate.entity(""), Aggregate.entity("https://a.example/sp"), long,
                    Aggregate.entity(String(repeating: "x", count: 1_025)), Aggregate.entity("https://b.example/sp"),
                    Aggregate.entity("https://a.example/sp"),
                ]))
        let limits = AggregateLimits(
            document: XMLStreamLimits(document: .metadata, nameBytes: 256, names: 1_000, partBytes: 4_000), groups: 8, entities: 100)
        let result = try read(text, limits: limits)
        #expect(result.names == ["a", "a", "b", "a"].map { "https://\($0).example/sp" })
        #expect(result.slices.map(\.isRepeated) == [false, true, false, true])
        let facts = try #require(result.facts)
        #expect(facts.repeated == ["https://a.example/sp"] && facts.nameless == 2 && facts.oversized == ["https://long.example/sp"])
    }

    @Test func `of a trusted file needs no signature, and one that is there is no part of any entity`() throws {
        let unsigned = try readTrusted(text(Aggregate.standard()))
        #expect(unsigned.names == names && unsigned.facts?.entities == 5)
        #expect(try read(text(Aggregate.standard())).refusal == .signature(.noSignature))
        let signed = try readTrusted(try Aggregate.signed())
        #expect(signed.slices.map(\.bytes) == unsigned.slices.map(\.bytes))
        let one = try readTrusted(try Aggregate.signed(Aggregate.entity("https://one.example/sp", [("ID", "_1")])))
        #expect(one.slices.first.map { String(decoding: $0.bytes, as: UTF8.self).contains("Signature") } == false)
    }

    @Test func `what the caller's closures throw comes back as it was`() throws {
        let bytes = Array(try Aggregate.signed().utf8)
        let key = try Keys.of().publicKey
        #expect(throws: XMLRefusal.tooDeep) {
            try StreamedSignature.verify(inPieces(bytes, 99), keys: [key]) { _ in throw XMLRefusal.tooDeep }
        }
        var calls = 0
        #expect(throws: XMLSignatureRefusal.signing) {
            try StreamedSignature.verify(
                {
                    calls += 1
                    if calls > 1 { throw XMLSignatureRefusal.signing }
                    return Array(bytes.prefix(3_000))
                }, keys: [key]
            ) { _ in }
        }
    }

    @Test(
        arguments: [
            ("PT6H", 21_600), ("P1D", 86_400), ("P1Y2M3DT4H5M6S", 31_536_000 + 5_184_000 + 259_200 + 14_706), ("PT0S", 0), ("PT1.9S", 1),
            ("P7D", 604_800), ("PT3600S", 3_600),
        ] as [(String, Int64)])
    func `cacheDuration is read as seconds`(text: String, seconds: Int64) throws {
        let tag = Aggregate.group([("ID", "_1"), ("cacheDuration", text)], [Aggregate.entity("https://a.example/sp")])
        #expect(try read(try Aggregate.signed(tag)).facts?.root.cacheSeconds == seconds)
    }

    @Test(arguments: ["P", "-PT6H", "PT", "6H", "PT6", "P1H", "PT1S1H", "PT1.5H", "P99999999999999999999Y", "PTT1S", "P T6H", ""])
    func `a cacheDuration that cannot be read says nothing, and refuses nobody`(value: String) throws {
        let tag = Aggregate.group([("ID", "_1"), ("cacheDuration", value)], [Aggregate.entity("https://a.example/sp")])
        let result = try read(try Aggregate.signed(tag))
        let root = try #require(result.facts).root
        #expect(result.refusal == nil && result.names == ["https://a.example/sp"] && root.cacheSeconds == nil)
    }

    @Test(arguments: ["tomorrow", "2026-11-30", "", " ", "2026-12-01T00:00:00 Z"])
    func `a validUntil of a group that cannot be read is refused`(value: String) throws {
        let tag = Aggregate.group([("ID", "_1"), ("validUntil", value)], [Aggregate.entity("https://a.example/sp")])
        #expect(try read(try Aggregate.signed(tag)).refusal == .time(value))
    }

    @Test func `white space around a group's times means nothing`() throws {
        let times = [("ID", "_1"), ("validUntil", "\n  2026-12-01T00:00:00Z "), ("cacheDuration", " PT6H\t")]
        let tag = Aggregate.group(times, [Aggregate.entity("https://a.example/sp")])
        let root = try #require(try read(try Aggregate.signed(tag)).facts).root
        #expect(root.validUntil == Timestamp("2026-12-01T00:00:00Z") && root.cacheSeconds == 21_600)
    }
}
